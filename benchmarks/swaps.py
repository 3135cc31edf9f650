"""Reload in production mode under load: tables are swapped, and nobody notices.

    python benchmarks/swaps.py [--swaps 200] [--workers 2]

Half of the manifests are broken. One half of them is announced by SIGHUP, the other is followed by
``serve --follow``; with workers, all are announced. Meanwhile 8 connections ask without a pause,
and 200 streams are open. Fails if a request fails, an answer or a stream mixes tables, a stream or
a kept connection is cut, a broken manifest gets in, or a sound one takes longer than 0.25 s at the
95th percentile.
"""

import argparse
import signal
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from clients import at_work
from reload import Client
from serving import TIMEOUT, allow_descriptors, started
from site_of_versions import BROKEN, WAYS, Site

LIMIT = 0.25
"""Seconds within which a change is live, at the 95th percentile."""


@dataclass(slots=True)
class Result:
    """What was measured: seconds until sound manifests were live, and what went wrong."""

    live: list[float] = field(default_factory=list)
    kept: int = 0
    wrong: list[str] = field(default_factory=list)
    counted: dict[str, Any] = field(default_factory=dict)
    exit_code: int | None = None

    @property
    def p95(self) -> float:
        if len(self.live) < 2:
            return max(self.live, default=0.0)
        return quantiles(self.live, n=20, method="inclusive")[18]

    @property
    def is_good(self) -> bool:
        counted = self.counted
        names = ("failed", "mixed", "closed", "streams cut", "streams ended")
        bad = [counted.get(name, 0) for name in names]
        return not any((*bad, self.wrong, self.exit_code)) and counted.get("requests", 0) > 0


class Driver:
    """Rewrites the manifest of a running server, and waits for what becomes of it."""

    def __init__(
        self, site: Site, process: Any, port: int, log: Path, *, workers: int, hangs_up: bool
    ) -> None:
        self.result = Result()
        self._site = site
        self._process = process
        self._address = ("127.0.0.1", port)
        self._log = log
        self._workers = workers
        self._hangs_up = hangs_up

    def run(self, swaps: int) -> None:
        """So many manifests, sound and broken in turn."""
        # Other config is nothing that keeps workers from being replaced.
        kinds = [kind for kind in BROKEN if self._workers == 1 or kind != "other config"]
        ways, broken = cycle(WAYS), cycle([*kinds, "gone"])
        for number in range(swaps):
            if number % 2:
                self.break_it(next(broken))
            else:
                self.swap(next(ways))
        self.swap("renamed over")

    def swap(self, way: str) -> None:
        """Write a sound manifest, and wait until each process answers with it."""
        site = self._site
        site.version += 1
        site.link()
        began = time.perf_counter()
        WAYS[way](site, site.text(site.version))
        self._announce()
        if self._wait_for(site.version):
            self.result.live.append(time.perf_counter() - began)
        else:
            self.result.wrong.append(f"version {site.version} ({way}) was never live")

    def break_it(self, kind: str) -> None:
        """Write a broken manifest, and wait until the log says so."""
        before = self._kept()
        self._site.break_it(kind)
        self._announce()
        end = time.monotonic() + TIMEOUT
        while self._kept() < before + self._workers:
            if time.monotonic() > end:
                self.result.wrong.append(f"nothing was said of `{kind}`")
                return
            time.sleep(0.005)
        _, version = self._ask()
        if version == self._site.version:
            self.result.kept += 1
        else:
            self.result.wrong.append(f"version {version} answers after `{kind}`")

    def _announce(self) -> None:
        if self._hangs_up:
            self._process.send_signal(signal.SIGHUP)

    def _kept(self) -> int:
        said = self._log.read_bytes()
        # Of what keeps all workers as they are, the arbiter tells once.
        return said.count(b"\nkept table") + self._workers * said.count(b"not reloaded:")

    def _ask(self) -> tuple[int, int]:
        """The process that answers, and the version that it answers with."""
        client = Client(self._address)
        _, _, body = client.get("/site/which", keep=False)
        pid, version, _ = body.split(" ")
        return int(pid), int(version)

    def _wait_for(self, version: int) -> bool:
        end, pids = time.monotonic() + TIMEOUT, set()
        while time.monotonic() < end:
            pid, found = self._ask()
            if found == version:
                pids.add(pid)
            if len(pids) >= self._workers:
                return True
            time.sleep(0.002)
        return False


def run(swaps: int, workers: int, streams: int, *, hangs_up: bool) -> Result:
    """Swap so many tables of a server, announced by SIGHUP or followed."""
    options = ["--set", "server.access_log=off", "--set", "server.grace=10"]
    options += [] if hangs_up else ["--follow"]
    options += ["--workers", str(workers)] if workers > 1 else []
    with tempfile.TemporaryDirectory() as where, tempfile.TemporaryDirectory() as aside:
        site, log = Site(Path(where)), Path(aside, "log")
        with started(Path(where), log, *options) as (process, port):
            driver = Driver(site, process, port, log, workers=workers, hangs_up=hangs_up)
            with at_work(port, kept=8, streams=streams) as counted:
                driver.run(swaps)
            process.terminate()
            driver.result.exit_code = process.wait(TIMEOUT)
        if b"Traceback" in log.read_bytes():
            driver.result.wrong.append(log.read_text("utf-8", "replace")[-2000:])
    driver.result.counted = counted
    return driver.result


def show(name: str, result: Result) -> None:
    counted, live = result.counted, result.live
    print(
        f"{name:9} {len(live)} live: median {median(live) * 1000:.0f} ms, "
        f"p95 {result.p95 * 1000:.0f}, worst {max(live) * 1000:.0f}; {result.kept} kept out"
    )
    print(
        f"{'':9} {counted.get('requests', 0)} requests, {counted.get('failed')} failed, "
        f"{counted.get('mixed', 0)} mixed, {counted.get('closed', 0)} kept connections closed; "
        f"p99 {counted['p99'] * 1000:.0f} ms, worst {counted['worst'] * 1000:.0f}"
    )
    print(
        f"{'':9} {counted.get('streams open')} streams open at the end, "
        f"{counted.get('streams cut', 0) + counted.get('streams ended', 0)} cut, "
        f"{counted.get('ticks', 0)} ticks; exit code {result.exit_code}"
    )
    for line in (*result.wrong, *counted.get("failures", ())):
        print(f"{'':9} {line}")


def main(args: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--swaps", type=int, default=200)
    parser.add_argument("--streams", type=int, default=200)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--untimed", action="store_true", help="do not fail because of time")
    given = parser.parse_args(args)
    allow_descriptors()
    results = []
    modes = (True, False) if given.workers == 1 else (True,)
    for hangs_up in modes:
        swaps = given.swaps // len(modes)
        result = run(swaps, given.workers, given.streams, hangs_up=hangs_up)
        show("SIGHUP" if hangs_up else "--follow", result)
        results.append(result)
    in_time = given.untimed or all(result.p95 <= LIMIT for result in results)
    return 0 if in_time and all(result.is_good for result in results) else 1


if __name__ == "__main__":
    raise SystemExit(main())
