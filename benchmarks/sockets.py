"""WebSockets: thousands of them in one process, for echoes and for broadcasts."""

import selectors
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import quantiles

from benchmarks.children import resident
from benchmarks.effort import Effort
from benchmarks.figures import Collection, Figures
from benchmarks.peer_servers import SOCKETS, allow_descriptors, pin, serving
from benchmarks.running import Run

PLAIN, DEFLATE, SLOW = "plain", "compressed", "plain, and one that reads nothing"
NAMES = (PLAIN, DEFLATE, SLOW)
SPARE_DESCRIPTORS = 200
PATIENCE = 20.0

METRICS = {
    "memory": ("resident memory per WebSocket", "KiB"),
    "echo": ("an echo, 50th percentile", "ms"),
    "echo99": ("an echo, 99th percentile", "ms"),
    "all": ("a broadcast, to half of them", "ms"),
    "last": ("a broadcast, to the last of them", "ms"),
    "missing": ("messages that did not come", "number"),
}

_HANDSHAKE = (
    "GET /live HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)
_OFFER = "Sec-WebSocket-Extensions: permessage-deflate\r\n"


def run(run: Run) -> Iterator[Figures]:
    """Memory of each, and how late messages come, by number of WebSockets."""
    found = {metric: Collection() for metric in METRICS}
    notes = found["memory"]
    if sys.platform != "linux":
        notes.note("this part needs Linux")
    for count in run.effort.sockets if sys.platform == "linux" else ():
        if not allow_descriptors(count + SPARE_DESCRIPTORS):
            notes.note(f"{count:,} WebSockets: the system allows no process so many open files")
            continue
        for _ in range(run.effort.stream_rounds):
            for name in run.dice.sample(NAMES, len(NAMES)):
                run.say(f"sockets: {count:,}, {name}")
                for metric, value in _measured(name, count, run.effort).items():
                    found[metric].add(f"{count:,}", name, value)
    for metric, (title, unit) in METRICS.items():
        yield found[metric].figures("sockets", f"WebSockets: {title}", unit, NAMES)


@dataclass(slots=True)
class Crowd:
    """Many clients. ``came`` are the moments at which one of them has read something."""

    port: int
    sockets: list[socket.socket] = field(default_factory=list)
    selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)

    def open(self, *, compresses: bool, reads: bool = True) -> None:
        """One more client. What it has not read, it does not count."""
        sock = socket.socket()
        if not reads:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.connect(("127.0.0.1", self.port))
        sock.sendall(f"{_HANDSHAKE}{_OFFER if compresses else ''}\r\n".encode())
        answer = b""
        while not answer.endswith(b"\r\n\r\n"):
            answer += sock.recv(1)
        assert answer.startswith(b"HTTP/1.1 101"), answer
        if reads:
            sock.setblocking(False)
            self.selector.register(sock, selectors.EVENT_READ)
        self.sockets.append(sock)

    def hear(self, number: int, timeout: float) -> list[float]:
        """The seconds from now until so many clients have got something, one message each."""
        start, came = time.perf_counter(), list[float]()
        while len(came) < number and (left := start + timeout - time.perf_counter()) > 0:
            for key, _ in self.selector.select(left):
                assert isinstance(key.fileobj, socket.socket)
                if key.fileobj.recv(65536):
                    came.append(time.perf_counter() - start)
        return came

    def close(self) -> None:
        for sock in self.sockets:
            sock.close()
        self.selector.close()


def frame(payload: bytes) -> bytes:
    """A short text of a client (RFC 6455 5.2); with a mask of zeros, it stays as it is."""
    head = bytes([0x81]) + (
        bytes([0x80 | len(payload)])
        if len(payload) < 126
        else bytes([0xFE]) + len(payload).to_bytes(2, "big")
    )
    return head + bytes(4) + payload


def _measured(name: str, count: int, effort: Effort) -> dict[str, float]:
    with ExitStack() as stack:
        server = stack.enter_context(serving(SOCKETS))
        pin(server.pid, 0)
        crowd = Crowd(server.port)
        stack.callback(crowd.close)
        crowd.open(compresses=name == DEFLATE)
        crowd.hear(1, effort.stream_settles)
        before = resident(server.pid)
        for _ in range(count):
            crowd.open(compresses=name == DEFLATE)
        memory = resident(server.pid) - before
        if name == SLOW:
            crowd.open(compresses=False, reads=False)
        echoes, half, last, missing = list[float](), list[float](), list[float](), 0
        for index in range(effort.echoes):
            crowd.sockets[index * 7919 % count].sendall(frame(b"echo %06d" % index * 4))
            came = crowd.hear(1, PATIENCE)
            echoes += came
            missing += 1 - len(came)
        for index in range(effort.broadcasts):
            crowd.sockets[index % count].sendall(frame(b"all %06d " % index + b"x" * 1000))
            came = crowd.hear(count + 1, PATIENCE)
            missing += count + 1 - len(came)
            half.append(came[len(came) // 2])
            last.append(came[-1])
    marks = quantiles(echoes, n=100)
    return {
        "memory": memory / count / 1024,
        "echo": marks[49] * 1000,
        "echo99": marks[98] * 1000,
        "all": sum(half) / len(half) * 1000,
        "last": max(last) * 1000,
        "missing": missing,
    }
