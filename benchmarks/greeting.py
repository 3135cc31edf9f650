"""HTTP: a greeting, asked for by wrk over 64 connections, kept or not."""

import http.client
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

from benchmarks.figures import Collection, Figures
from benchmarks.peer_servers import (
    AIOHTTP,
    BARE,
    SAME_SERVER,
    STARLETTE,
    WEBZEUG,
    WITH_LOG,
    Serving,
    pin,
    serving,
)
from benchmarks.running import Run
from benchmarks.workers import Peer

PEERS = (BARE, WEBZEUG, WITH_LOG, *SAME_SERVER, STARLETTE, AIOHTTP)
NAMES = [peer.name for peer in PEERS]
MODES = {"kept": (), "not kept": ("-H", "Connection: close")}
"""Whether connections are kept between requests, and wrk's options for it."""

REPORT = """\
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format(
    '\\nRESULT {"requests": %d, "seconds": %f, "errors": %d, "p50": %f, "p99": %f}\\n',
    summary.requests, summary.duration / 1e6, e.connect + e.read + e.write + e.status + e.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
"""
"""For wrk, in Lua: the result as JSON; latencies in milliseconds."""

METRICS = {
    "requests": ("requests per second", "number"),
    "cpu": ("the server's CPU per request", "us"),
    "p50": ("latency, 50th percentile", "ms"),
    "p99": ("latency, 99th percentile", "ms"),
}


def run(run: Run) -> Iterator[Figures]:
    """Requests per second, CPU per request and latency. Of these, CPU is disturbed the least."""
    found = {metric: Collection() for metric in METRICS}
    first = found["requests"]
    first.notes += run.missing(PEERS)
    if shutil.which("wrk") is None or sys.platform != "linux":
        first.note("wrk is not installed" if sys.platform == "linux" else "this part needs Linux")
    else:
        _rounds(run, found)
    for metric, (what, unit) in METRICS.items():
        is_rate = metric == "requests"
        title = f"http: {what}, hello over {run.effort.connections} connections"
        yield found[metric].figures("http", title, unit, NAMES, BARE.name, is_rate=is_rate)


def _rounds(run: Run, found: Mapping[str, Collection]) -> None:
    with ExitStack() as stack:
        script = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "report.lua"
        script.write_text(REPORT, "utf-8")
        servers = {peer: stack.enter_context(serving(peer)) for peer in run.peers(PEERS)}
        for peer, server in servers.items():
            pin(server.pid, 0)
            _check(peer, server)
            if run.effort.http_warm_up:
                _wrk(server, script, "kept", run, run.effort.http_warm_up)
        for number in range(run.effort.http_rounds):
            run.say(f"http: round {number + 1}")
            for mode in MODES:
                for peer in run.dice.sample(list(servers), len(servers)):
                    for metric, value in _measured(servers[peer], script, mode, run).items():
                        found[metric].add(mode, peer.name, value)


def _check(peer: Peer, server: Serving) -> None:
    """Raise ValueError if the answer is not the greeting."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    for _ in range(2):
        connection.request("GET", "/")
        response = connection.getresponse()
        answer = (response.status, response.getheader("Content-Type", ""), response.read())
        if (answer[0], answer[1][:10], answer[2]) != (200, "text/plain", b"Hello, World!"):
            raise ValueError(f"{peer.name} answered {answer}")
    connection.close()


def _measured(server: Serving, script: Path, mode: str, run: Run) -> dict[str, float]:
    before = server.cpu
    result = _wrk(server, script, mode, run, run.effort.http_seconds)
    cpu = server.cpu - before
    if result["errors"]:
        raise RuntimeError(f"wrk has counted {result['errors']:g} errors")
    return {
        "requests": result["requests"] / result["seconds"],
        "cpu": cpu / result["requests"] * 1e6,
        "p50": result["p50"],
        "p99": result["p99"],
    }


def _wrk(server: Serving, script: Path, mode: str, run: Run, seconds: int) -> dict[str, float]:
    command = [
        "wrk",
        "--threads=1",
        f"--connections={run.effort.connections}",
        f"--duration={seconds}s",
        f"--script={script}",
        *MODES[mode],
        f"http://127.0.0.1:{server.port}/",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        pin(process.pid, 1)
        out, _ = process.communicate()
    result: dict[str, float] = json.loads(out.rpartition("RESULT")[2])
    return result
