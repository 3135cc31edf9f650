"""Child processes that are measured from their start to their end, and servers."""

import os
import resource
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.workers import ROOT, child_environ


@dataclass(frozen=True, slots=True)
class Spent:
    """What a process has used, in seconds, and its output."""

    cpu: float
    wall: float
    out: str


def spend(command: Sequence[str], cwd: Path = ROOT, timeout: float | None = None) -> Spent:
    """Run a command to its end. Raises RuntimeError if it fails, TimeoutExpired."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        command,
        cwd=cwd,
        env=child_environ(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Spent(cpu, wall, done.stdout)


def cpu_of(pid: int) -> float:
    """CPU seconds that a process has used so far. Linux only."""
    tasks = Path(f"/proc/{pid}/task")
    return (
        sum(int((tasks / task / "schedstat").read_text().split()[0]) for task in os.listdir(tasks))
        / 1e9
    )


def resident(pid: int | str = "self") -> int:
    """Octets of memory that a process has resident. Linux only."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()
