"""A peer's process: makes its cases, checks them, and measures them when asked.

    python -m benchmarks.worker '{"make": "module:function", "args": {...}}'

The function returns ``Made``. On stdin comes the name of a case as JSON, line by line; on stdout
goes what one operation of it took, in seconds of CPU time.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from itertools import repeat
from typing import Any, TextIO


@dataclass(slots=True)
class Case:
    """Something to measure: ``run`` does so many operations. ``times`` is how often in a batch."""

    run: Callable[[], object]
    operations: int = 1
    times: int = 0


@dataclass(frozen=True, slots=True)
class Made:
    """The cases of a peer, and why others are not measured."""

    cases: Mapping[str, Case]
    refused: Mapping[str, str] = field(default_factory=dict)


def resolve(reference: str) -> Any:
    """The object behind ``module:name``."""
    module, _, name = reference.partition(":")
    return getattr(import_module(module), name)


def measure(case: Case, batch: float, batches: int) -> float:
    """CPU seconds of one operation: the best of some batches of at least ``batch`` seconds each.

    A run that takes much longer than a batch is measured once.
    """
    if not case.times:
        case.times, took = 1, _timed(case.run, 1)
        while took < batch:
            case.times *= 2
            took = _timed(case.run, case.times)
        if case.times == 1 and took > 5 * batch:
            batches = 1
    best = min(_timed(case.run, case.times) for _ in range(batches))
    return best / case.times / case.operations


def _timed(run: Callable[[], object], times: int) -> float:
    start = time.process_time()
    for _ in repeat(None, times):
        run()
    return time.process_time() - start


def pin() -> None:
    """Stay on the last of the processors that we may use, as all workers do."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def _own_stdout() -> TextIO:
    """What was stdout; whatever a peer prints goes to stderr instead."""
    own = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return own


def main() -> None:
    order, out = json.loads(sys.argv[1]), _own_stdout()

    def say(message: Mapping[str, Any]) -> None:
        print(json.dumps(message), file=out, flush=True)

    pin()
    made: Made = resolve(order["make"])(**order["args"])
    say({"cases": list(made.cases), "refused": made.refused})
    for line in sys.stdin:
        wanted = json.loads(line)
        case = made.cases[wanted["case"]]
        say({"seconds": measure(case, wanted["batch"], wanted["batches"])})


if __name__ == "__main__":
    main()
