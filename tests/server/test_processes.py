"""Child processes are started, heard, and seen to their end."""

import os
import sys
import time
from collections.abc import Iterator

import pytest

from tests.support.http import TIMEOUT
from tests.support.project import Project
from webzeug.server import process as process_module
from webzeug.server.channel import Message
from webzeug.server.generation import Order
from webzeug.server.process import ChildProcess
from webzeug.server.processes import Processes
from webzeug.server.waiting import Waiting

CHILD = "webzeug.cli.child"


class Family:
    """Processes, what they have said, and how they have ended."""

    def __init__(self, waiting: Waiting) -> None:
        self.said: list[Message] = []
        self.ended: list[int] = []
        self.processes = Processes(CHILD, waiting, self._hear, self._end)

    def _hear(self, process: ChildProcess, message: Message, descriptor: int | None) -> None:
        self.said.append(message)

    def _end(self, process: ChildProcess, exit_code: int) -> None:
        self.ended.append(exit_code)

    def wait_for_end(self) -> int:
        end = time.monotonic() + TIMEOUT
        while not self.ended:
            assert time.monotonic() < end
            self.processes.wait((end,))
        return self.ended.pop()


@pytest.fixture
def family() -> Iterator[Family]:
    with Waiting.open() as waiting:
        family = Family(waiting)
        yield family
        family.processes.kill()


@pytest.fixture
def order(project: Project) -> Message:
    """An order for an application whose import does not end."""
    project.write("shop.py", "print('imported', flush=True)\nwhile True: pass\n")
    project.write("routes.toml", '[routes]\n"/" = "shop.Index"\n')
    return Order(str(project.manifest)).message(must_be_sound=True, explains=False)


def test_a_process_ends_when_it_is_told_to(family: Family) -> None:
    """Also while it waits for an order."""
    family.processes.take()
    family.processes.stop(TIMEOUT)
    assert (family.wait_for_end(), len(family.processes)) == (0, 0)


def test_one_that_imports_is_killed(family: Family, order: Message) -> None:
    """It would not hear that it is to end, and has nothing to lose."""
    process = family.processes.take()
    process.start(order)
    family.processes.stop(60)
    assert family.wait_for_end() == -9


def test_one_that_takes_too_long_is_killed(
    family: Family, order: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It had the time that was agreed, and a little more."""
    monkeypatch.setattr(process_module, "PATIENCE", 0.2)
    process = family.processes.take()
    process.start(order)
    process.is_busy = False
    process.stop(0.1)
    assert family.wait_for_end() == -9


def test_a_warm_process_waits_for_an_order(family: Family, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is started a little later, and taken first; that it ends is no loss."""
    monkeypatch.setattr("webzeug.server.processes.WARM_UP_DELAY", 0)
    family.processes.warm_up()
    assert len(family.processes) == 0
    family.processes.wait((time.monotonic(),))
    assert len(family.processes) == 1
    family.processes.warm_up()
    process = family.processes.take()
    assert len(family.processes) == 1
    process.stop(0)
    assert family.wait_for_end() == 0
    family.processes.warm_up()
    family.processes.wait((time.monotonic(),))
    family.processes.stop(0)
    while len(family.processes):
        family.processes.wait(())
    assert family.ended == []


def test_what_a_process_has_started_does_not_hide_its_end(family: Family, project: Project) -> None:
    """It may keep the channel open."""
    project.write(
        "shop.py", "import os\nif os.fork() == 0:\n    import time; time.sleep(1)\nos._exit(3)\n"
    )
    project.write("routes.toml", '[routes]\n"/" = "shop.Index"\n')
    order = Order(str(project.manifest)).message(must_be_sound=True, explains=False)
    family.processes.take().start(order)
    assert family.wait_for_end() == 3


@pytest.mark.parametrize(
    ("first", "is_safe"), [("", False), (os.getcwd(), False), ("/somewhere", True)]
)
def test_the_current_folder_is_on_the_path_as_here(
    monkeypatch: pytest.MonkeyPatch, first: str, is_safe: bool
) -> None:
    """A file in it could hide a module of the standard library."""
    monkeypatch.setattr(sys, "path", [first, *sys.path])
    monkeypatch.setattr(sys, "warnoptions", ["error"])
    flags = process_module.interpreter_flags()
    assert flags == (["-Werror", "-P"] if is_safe else ["-Werror"])
