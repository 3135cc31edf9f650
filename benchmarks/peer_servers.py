"""The servers that are measured from outside, each in a process of its own."""

import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from benchmarks.children import cpu_of
from benchmarks.workers import ROOT, Peer, child_environ

PATIENCE = 30.0

WEBZEUG = Peer("webzeug serve", "webzeug")
SOCKETS = Peer("webzeug serve, WebSockets", "webzeug, sockets", "websockets")
WITH_LOG = Peer("webzeug serve, with access log", "webzeug, logged")
BARE = Peer("same server, bare function", "bare")
SAME_SERVER = (
    Peer("same server, Falcon", "benchmarks.peers.falcon:application", "falcon"),
    Peer("same server, raw Werkzeug", "benchmarks.peers.werkzeug:application"),
)
STARLETTE = Peer("uvicorn, Starlette", "benchmarks.peers.starlette", "uvicorn")
AIOHTTP = Peer("aiohttp", "benchmarks.peers.aiohttp", "aiohttp")

MANIFEST = """\
[routes]
"/" = "benchmarks.peers.webzeug_views.Hello"
{more}
[server]
max_connections = 20000
backlog = 4096
"""
LIVE = '"/live" = "benchmarks.peers.webzeug_sockets.Live"'
TICKS = '"/ticks" = "benchmarks.peers.webzeug_site.Ticks"'
"""Its module turns the access log off."""


@dataclass(frozen=True, slots=True)
class Serving:
    """A server that answers on a port of 127.0.0.1."""

    pid: int
    port: int

    @property
    def cpu(self) -> float:
        """CPU seconds that it has used so far."""
        return cpu_of(self.pid)


@contextmanager
def serving(peer: Peer) -> Iterator[Serving]:
    """A peer's server, until the end of the block. Raises RuntimeError if it does not start."""
    port = _free_port()
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "log").open("w+") as log:
        process = subprocess.Popen(
            _command(peer, port, Path(folder)),
            cwd=ROOT,
            env=child_environ(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            _wait(process, peer, port, log)
            yield Serving(process.pid, port)
        finally:
            process.kill()
            process.wait()


def _command(peer: Peer, port: int, folder: Path) -> list[str]:
    if peer in (WEBZEUG, WITH_LOG, SOCKETS):
        manifest = folder / "routes.toml"
        more = {WEBZEUG: TICKS, SOCKETS: LIVE}.get(peer, "")
        manifest.write_text(MANIFEST.format(more=more), "utf-8")
        options = ["--bind", f"127.0.0.1:{port}", "--app-dir", str(ROOT)]
        return [sys.executable, "-m", "webzeug", "serve", str(manifest), *options]
    if peer in (STARLETTE, AIOHTTP):
        return [sys.executable, "-c", f"from {peer.make} import serve; serve({port})"]
    return [sys.executable, "-m", "benchmarks.peers.same_server", peer.make, str(port)]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(process: "subprocess.Popen[bytes]", peer: Peer, port: int, log: IO[str]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return
    log.seek(0)
    raise RuntimeError(f"{peer.name} does not serve:\n{log.read()[-2000:]}")


def pin(pid: int, processor: int) -> None:
    """Keep a process on one of the processors that we may use, counted from the last."""
    usable = sorted(os.sched_getaffinity(0), reverse=True)
    os.sched_setaffinity(pid, {usable[processor % len(usable)]})


def allow_descriptors(count: int) -> bool:
    """Let this process and its children open so many files. False if the system does not."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < count:
        return False
    if soft < count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (count, hard))
    return True
