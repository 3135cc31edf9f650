"""Drain under load: a server that is told to stop answers all that was sent to it.

    python benchmarks/drain.py [--times 20] [--workers 2]

Each time, a server gets SIGTERM while 8 connections ask without a pause, 4 clients open a
connection for each request, 4 wait for slow Views, 4 connections are idle mostly, and 20 streams
are open. Fails if a request that was sent gets no answer, a stream is cut rather than ended, the
exit code is not 0, or the end takes longer than ``grace`` and a second.
"""

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from clients import at_work
from serving import TIMEOUT, allow_descriptors, started
from site_of_versions import Site

GRACE = 5.0
MOST = GRACE + 1.0
NUMBERS = {"kept": 8, "fresh": 4, "slow": 4, "idle": 4, "streams": 20}


def run(number: int, workers: int, total: Counter[str]) -> list[str]:
    """Stop one server under load; returns what went wrong, and adds to what was counted."""
    options = ["--set", "server.access_log=off", "--set", f"server.grace={GRACE}"]
    options += ["--workers", str(workers)] if workers > 1 else []
    with tempfile.TemporaryDirectory() as where, tempfile.TemporaryDirectory() as aside:
        Site(Path(where))
        log = Path(aside, "log")
        with (
            started(Path(where), log, *options) as (process, port),
            at_work(port, **NUMBERS) as counted,
        ):
            time.sleep(0.05 * (number % 5))
            began = time.monotonic()
            process.terminate()
            code = process.wait(TIMEOUT)
            took = time.monotonic() - began
        said = log.read_text("utf-8", "replace")
    wrong = [f"run {number}: {failure}" for failure in counted["failures"]]
    total.update({name: counted.get(name, 0) for name in ("requests", "failed", "mixed")})
    total.update({name: counted.get(name, 0) for name in ("streams ended", "streams cut")})
    total["streams cut"] += counted.get("streams open", 0)
    total["milliseconds"] = max(total["milliseconds"], int(took * 1000))
    if code != 0 or took > MOST:
        wrong.append(f"run {number}: exit code {code} after {took:.1f} s")
    if "Traceback" in said:
        wrong.append(said[-2000:])
    return wrong


def main(args: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--workers", type=int, default=1)
    given = parser.parse_args(args)
    allow_descriptors()
    total: Counter[str] = Counter()
    wrong: list[str] = []
    for number in range(given.times):
        wrong += run(number, given.workers, total)
    print(
        f"{given.times} times SIGTERM: {total['requests']} requests answered, "
        f"{total['failed']} dropped, {total['mixed']} mixed"
    )
    print(
        f"{total['streams ended']} streams ended, {total['streams cut']} cut; "
        f"the longest end took {total['milliseconds']} ms, {MOST * 1000:.0f} allowed"
    )
    for line in wrong:
        print(line)
    return 0 if not (wrong or total["failed"] or total["mixed"] or total["streams cut"]) else 1


if __name__ == "__main__":
    raise SystemExit(main())
