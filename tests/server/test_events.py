"""What the system tells of folders, through watchdog."""

import logging
import os
import shutil
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.support.http import TIMEOUT
from webzeug.server.events import FolderEvents


class Listener:
    """Folder events, gathered until something has been told."""

    def __init__(self) -> None:
        self._woken = threading.Event()
        self.events = FolderEvents(self._matters, self._woken.set)
        self.seen: list[tuple[str, tuple[str, ...]]] = []

    def _matters(self, names: Sequence[str], is_folder: bool) -> bool:
        return not any("noise" in name for name in names)

    def wait_for(self, kind: str, name: str) -> None:
        """Wait until something of a kind is told of a name."""
        while not any(kind == k and name == os.path.basename(n[-1]) for k, n in self.seen):
            assert self._woken.wait(TIMEOUT), self.seen
            self._woken.clear()
            self.seen += self.events.take()


@pytest.fixture
def listener() -> Iterator[Listener]:
    listening = Listener()
    yield listening
    listening.events.close()


def test_what_is_told(listener: Listener, tmp_path: Path) -> None:
    """Writing, closing, renaming and deleting a file, in the folders that are watched."""
    assert listener.events.watch([str(tmp_path)])
    assert not listener.events.watch([str(tmp_path)])
    path = tmp_path / "a"
    path.write_text("x")
    listener.wait_for("closed", "a")
    os.replace(path, tmp_path / "b")
    listener.wait_for("moved", "b")
    (tmp_path / "b").unlink()
    listener.wait_for("deleted", "b")
    (tmp_path / "c").mkdir()
    listener.wait_for("created", "c")
    kinds = [kind for kind, names in listener.seen if names == (str(path),)]
    assert kinds.index("created") < kinds.index("modified") < kinds.index("closed")


def test_reading_is_not_told(listener: Listener, tmp_path: Path) -> None:
    """Or our own looks would lead to more of them; what does not matter does not wake us."""
    path = tmp_path / "a"
    path.write_text("x")
    (tmp_path / "noise").write_text("x")
    listener.events.watch([str(tmp_path)])
    path.read_text()
    (tmp_path / "noise").write_text("y")
    os.listdir(tmp_path)
    (tmp_path / "b").write_text("x")
    listener.wait_for("closed", "b")
    assert {os.path.basename(names[0]) for _, names in listener.seen} == {"b"}


def test_a_folder_that_is_replaced_is_new(listener: Listener, tmp_path: Path) -> None:
    """The system watches the folder itself, not its name."""
    folder = tmp_path / "folder"
    folder.mkdir()
    assert listener.events.watch([str(folder)])
    os.rename(folder, tmp_path / "former")
    folder.mkdir()
    assert listener.events.watch([str(folder)])
    (folder / "a").write_text("x")
    listener.wait_for("closed", "a")


def test_folders_that_are_not_wanted_any_more(listener: Listener, tmp_path: Path) -> None:
    """They are let go; one that has gone by itself is no trouble."""
    folders = [tmp_path / name for name in "abc"]
    for folder in folders:
        folder.mkdir()
    listener.events.watch(map(str, folders))
    shutil.rmtree(folders[0])
    listener.events.watch([str(folders[0]), str(folders[2])])
    (folders[1] / "x").write_text("x")
    (folders[2] / "y").write_text("y")
    listener.wait_for("closed", "y")
    assert not any(os.path.basename(names[0]) == "x" for _, names in listener.seen)


def test_watchdogs_complaints_are_news(
    listener: Listener, capfd: pytest.CaptureFixture[str]
) -> None:
    """It logs that events were lost; that is not printed, but a reason to look."""
    events = listener.events
    before = events.has_news
    logging.getLogger("watchdog.observers.inotify_c").warning("events were lost")
    after = events.has_news
    assert list(events.take()) == []
    assert (before, after, events.has_news) == (False, True, False)
    assert capfd.readouterr().err == ""
