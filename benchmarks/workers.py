"""The workers of all peers, visited back to back, in shuffled order, round by round."""

import json
import os
import random
import select
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.effort import Effort
from benchmarks.figures import Collection

ROOT = Path(__file__).parents[1]
"""The project's folder, from which ``benchmarks`` can be imported."""


@dataclass(frozen=True, slots=True)
class Peer:
    """Somebody to be measured: ``make`` is ``module:function``; ``needs`` is a module, or ""."""

    name: str
    make: str
    needs: str = ""

    @property
    def is_installed(self) -> bool:
        """Whether what it needs is there."""
        return not self.needs or find_spec(self.needs) is not None


class WorkerError(Exception):
    """A worker has not become ready; the message says why."""


def child_environ(seed: str = "random") -> dict[str, str]:
    """The environment of child processes, whose strings hash differently each time by default.

    They keep what they have compiled, as installed programs do, and nothing traces them: coverage
    starts itself in the children of a process that it watches, unless its variables are gone.
    """
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE_")}
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    own = {"PYTHONPATH": path, "PYTHONHASHSEED": seed, "PYTHONDONTWRITEBYTECODE": ""}
    return {**inherited, **own}


class Worker:
    """A peer's process."""

    def __init__(self, process: "subprocess.Popen[str]", patience: float) -> None:
        self._process = process
        ready = self._hear(patience)
        self.cases: list[str] = ready["cases"]
        self.refused: dict[str, str] = ready["refused"]

    def _hear(self, patience: float | None = None) -> dict[str, Any]:
        assert self._process.stdout is not None
        if not select.select([self._process.stdout], [], [], patience)[0]:
            raise WorkerError(f"not ready within {patience:g} s")
        line = self._process.stdout.readline()
        if not line:
            raise WorkerError(f"failed with exit code {self._process.wait()}")
        message: dict[str, Any] = json.loads(line)
        return message

    def measure(self, case: str, effort: Effort) -> float:
        """CPU seconds of one operation."""
        assert self._process.stdin is not None
        order = {"case": case, "batch": effort.batch, "batches": effort.batches}
        print(json.dumps(order), file=self._process.stdin, flush=True)
        return float(self._hear()["seconds"])


@contextmanager
def working(make: str, args: Mapping[str, Any], patience: float) -> Iterator[Worker]:
    """A worker, until the end of the block. Raises WorkerError."""
    command = [sys.executable, "-m", "benchmarks.worker", json.dumps({"make": make, "args": args})]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=child_environ(),
    ) as process:
        try:
            yield Worker(process, patience)
        finally:
            process.kill()


def sit(
    peers: Sequence[Peer], make: str, args: Mapping[str, Any], effort: Effort, dice: random.Random
) -> Collection:
    """Measure all cases of all peers; ``make`` gets each peer's ``make`` as ``peer`` in the args.

    The unit of the samples is the microsecond.
    """
    found = Collection()
    for _ in range(effort.sittings):
        with ExitStack() as stack:
            workers: dict[str, Worker] = {}
            for peer in peers:
                try:
                    asked = working(make, {**args, "peer": peer.make}, effort.patience)
                    workers[peer.name] = worker = stack.enter_context(asked)
                except WorkerError as error:
                    found.note(f"{peer.name}: {error}")
                    continue
                for case, reason in worker.refused.items():
                    found.note(f"{peer.name}, {case}: {reason}")
            for _ in range(effort.rounds):
                _visit(workers, effort, dice, found)
    return found


def _visit(
    workers: Mapping[str, Worker], effort: Effort, dice: random.Random, found: Collection
) -> None:
    """One round: each case in turn, and for each case all peers one after another."""
    for case in dict.fromkeys(case for worker in workers.values() for case in worker.cases):
        names = [name for name, worker in workers.items() if case in worker.cases]
        for name in dice.sample(names, len(names)):
            found.add(case, name, workers[name].measure(case, effort) * 1e6)
