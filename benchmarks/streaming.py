"""Streams: thousands of answers that stay open, each with a line every second."""

import re
import selectors
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from statistics import quantiles

from benchmarks.children import resident
from benchmarks.effort import Effort
from benchmarks.figures import Collection, Figures
from benchmarks.peer_servers import (
    AIOHTTP,
    BARE,
    STARLETTE,
    WEBZEUG,
    allow_descriptors,
    pin,
    serving,
)
from benchmarks.running import Run
from benchmarks.workers import Peer

PEERS = (BARE, WEBZEUG, STARLETTE, AIOHTTP)
NAMES = [peer.name for peer in PEERS]
SPARE_DESCRIPTORS = 200
AT_ONCE = 200
"""Streams that are opened before the client looks at those that are open."""

GRACE = 1.0
"""Seconds after which a line that was due counts as missing."""

METRICS = {
    "memory": ("resident memory per stream", "KiB"),
    "cpu": ("the server's CPU per line", "us"),
    "p50": ("delay of a line, 50th percentile", "ms"),
    "p99": ("delay of a line, 99th percentile", "ms"),
    "missing": ("lines that had not come a second after they were due", "number"),
    "closed": ("streams that did not stay open", "number"),
}

_LINE = re.compile(rb"due (\d+\.\d{6})\n")


def run(run: Run) -> Iterator[Figures]:
    """Memory, CPU, and how late the lines come, by number of streams."""
    found = {metric: Collection() for metric in METRICS}
    notes = found["memory"]
    notes.notes += run.missing(PEERS)
    if sys.platform != "linux":
        notes.note("this part needs Linux")
        return
    peers = run.peers(PEERS)
    for count in run.effort.streams:
        if not allow_descriptors(count + SPARE_DESCRIPTORS):
            notes.note(f"{count:,} streams: the system allows no process so many open files")
            continue
        for number in range(run.effort.stream_rounds):
            run.say(f"streams: {count:,}, round {number + 1}")
            for peer in run.dice.sample(peers, len(peers)):
                measured = _measured(peer, count, run.effort)
                for metric, value in measured.items():
                    found[metric].add(f"{count:,}", peer.name, value)
    for metric, (title, unit) in METRICS.items():
        baseline = None if unit == "number" else BARE.name
        yield found[metric].figures("streams", f"streams: {title}", unit, NAMES, baseline)


@dataclass(slots=True)
class Listener:
    """A client of many streams. ``lines`` are those that came: when each was due, and how late."""

    port: int
    selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    lines: list[tuple[float, float]] = field(default_factory=list)
    closed: int = 0

    def open(self, number: int) -> None:
        """Ask for one more stream; its lines come at a moment of its own within the second."""
        sock = socket.create_connection(("127.0.0.1", self.port))
        phase = number * 0.618034 % 1
        sock.sendall(f"GET /ticks?phase={phase:.3f} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        sock.setblocking(False)
        self.selector.register(sock, selectors.EVENT_READ)

    def listen(self, seconds: float) -> None:
        """Read what comes."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            for key, _ in self.selector.select(left):
                assert isinstance(key.fileobj, socket.socket)
                self._read(key.fileobj)

    def _read(self, sock: socket.socket) -> None:
        try:
            data = sock.recv(65536)
        except ConnectionResetError:
            data = b""
        now = time.monotonic()
        if not data:
            self.selector.unregister(sock)
            sock.close()
            self.closed += 1
        else:
            self.lines += [(due, now - due) for due in map(float, _LINE.findall(data))]

    def delays(self, start: float, end: float) -> list[float]:
        """How late the lines came that were due in that time."""
        return [delay for due, delay in self.lines if start <= due < end]

    def close(self) -> None:
        """Close all streams."""
        for key in list(self.selector.get_map().values()):
            assert isinstance(key.fileobj, socket.socket)
            key.fileobj.close()
        self.selector.close()


@contextmanager
def _listening(port: int) -> Iterator[Listener]:
    listener = Listener(port)
    try:
        yield listener
    finally:
        listener.close()


def _measured(peer: Peer, count: int, effort: Effort) -> dict[str, float]:
    with ExitStack() as stack:
        server = stack.enter_context(serving(peer))
        pin(server.pid, 0)
        listener = stack.enter_context(_listening(server.port))
        listener.open(0)
        listener.listen(effort.stream_settles)
        before = resident(server.pid)
        for number in range(1, count + 1):
            listener.open(number)
            if number % AT_ONCE == 0:
                listener.listen(0.05)
        listener.listen(effort.stream_settles)
        memory = resident(server.pid) - before
        cpu, start = server.cpu, time.monotonic()
        listener.listen(effort.stream_seconds)
        cpu = server.cpu - cpu
        listener.listen(GRACE)
    due = (count + 1) * effort.stream_seconds
    delays = listener.delays(start, start + effort.stream_seconds)
    marks = quantiles(delays, n=100)
    return {
        "memory": memory / count / 1024,
        "cpu": cpu / due * 1e6,
        "p50": marks[49] * 1000,
        "p99": marks[98] * 1000,
        "missing": due - len(delays),
        "closed": listener.closed,
    }
