"""Instructions per call, counted by cachegrind: a figure without noise, as a ratio to Werkzeug's.

    python -m benchmarks.instructions PEER CASE CALLS

is one counted run: it makes a peer's cases, and calls one of them so many times. The difference
of two runs is what the calls took.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from benchmarks.dispatching import PEERS, make
from benchmarks.figures import Collection, Figures
from benchmarks.running import Run
from benchmarks.worker import Case
from benchmarks.workers import ROOT, Peer, child_environ

BASELINE = "raw Werkzeug"
WARM_UP = 100
"""Calls of each case before the counting: CPython specializes code that is called often."""

VALGRIND = ("valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null")


def run(run: Run) -> Iterator[Figures]:
    """Instructions per call, of all peers; the hash seed is fixed, so one run is enough."""
    found = Collection(notes=run.missing(PEERS))
    if shutil.which(VALGRIND[0]) is None:
        found.note("valgrind is not installed")
    else:
        peers = run.peers(PEERS)
        for case, counts in count(peers, run.effort.counted, run.effort.calls).items():
            for name, instructions in counts.items():
                found.add(case, name, instructions / 1000)
    names = [peer.name for peer in PEERS]
    title = "instructions per call in-process"
    yield found.figures("instructions", title, "thousand", names, BASELINE)


def count(peers: Sequence[Peer], cases: Sequence[str], calls: int) -> dict[str, dict[str, float]]:
    """Instructions of one call, by case and peer. Raises RuntimeError."""
    runs = [
        (peer, case, n)
        for peer in peers
        for case, n in ((cases[0], 0), *((c, calls) for c in cases))
    ]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        # What is compiled in the first run only must not be counted in one of two.
        list(pool.map(lambda peer: _run((), peer, cases[0], 0), peers))
        totals = dict(zip(runs, pool.map(lambda run: _total(*run), runs), strict=True))
    return {
        case: {
            peer.name: (totals[peer, case, calls] - totals[peer, cases[0], 0]) / calls
            for peer in peers
        }
        for case in cases
    }


def _total(peer: Peer, case: str, calls: int) -> int:
    """All instructions of a process that makes so many calls besides those of the warm-up."""
    told = _run(VALGRIND, peer, case, calls)
    found = re.search(r"I\s+refs:\s+([\d,]+)", told)
    if found is None:
        raise RuntimeError(f"valgrind has counted nothing:\n{told[-2000:]}")
    return int(found[1].replace(",", ""))


def _run(counter: Sequence[str], peer: Peer, case: str, calls: int) -> str:
    """What one run, under a program that counts, writes to stderr. Raises RuntimeError."""
    program = (sys.executable, "-m", "benchmarks.instructions", peer.make, case, str(calls))
    command = [*counter, *program]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=ROOT, env=child_environ("0"), check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    return done.stderr


def main() -> None:
    peer, case, calls = sys.argv[1:]
    cases: Mapping[str, Case] = make(peer).cases
    for each in cases.values():
        for _ in range(WARM_UP):
            each.run()
    run = cases[case].run
    for _ in range(int(calls)):
        run()


if __name__ == "__main__":
    main()
