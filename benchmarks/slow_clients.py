"""Slow clients of eleven kinds, and a flood: when each is let go, and whether others notice.

    python benchmarks/slow_clients.py

Forty clients of each kind meet a server with its default limits, which takes them half a minute.
Meanwhile a probe on a kept connection asks twenty times a second. Then 1,200 silent connections
meet the cap of 1,000. Fails if a client is held for longer than 1.2 times its limit, if the probe's
99th percentile is 50 ms or more, or if an honest client gets no answer during or after the flood.
"""

import argparse
import selectors
import socket
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles

from serving import allow_descriptors, served

ALLOWED = 1.2
PROBE = 0.05
FLOOD = 1200
MANIFEST = """\
[routes]
"/" = "app.Home"
"/large" = "app.Large"
"/open" = "app.Open"
"""
APP = """\
from webzeug import Response, View

OPEN = set()


class Home(View):
    def GET(self):
        return Response("hello")

    def POST(self):
        return Response(str(len(self.request.get_data())))


class Large(View):
    def GET(self):
        return Response(self.blocks())

    def POST(self):
        return Response("unread")

    def blocks(self):
        OPEN.add(self)
        try:
            for _ in range(20):
                yield b"x" * 1_000_000
        finally:
            OPEN.remove(self)


class Open(View):
    def GET(self):
        return Response(str(len(OPEN)))
"""
_LINE = b"GET / HTTP/1.1\r\nHost: test\r\n"
_POST = b"POST / HTTP/1.1\r\nHost: test\r\n"
_CHUNKED = _POST + b"Transfer-Encoding: chunked\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Kind:
    """What a client sends at first, and then each second; ``limit`` is in seconds."""

    name: str
    limit: float
    first: bytes = b""
    drip: bytes = b""
    reads: bool = True


KINDS = (
    Kind("says nothing", 10),
    Kind("half a request line", 10, b"GET /"),
    Kind("no end of the header section", 10, _LINE),
    Kind("drips a header field", 10, _LINE + b"X: ", b"y"),
    Kind("drips header fields", 10, _LINE, b"X: y\r\n"),
    Kind("idle after an answer", 20, _LINE + b"\r\n"),
    Kind("sends no body", 20, _POST + b"Content-Length: 9\r\n\r\n"),
    # It is answered at once; then it gets a second to read the answer.
    Kind(
        "nine megabytes nobody reads",
        1,
        b"POST /large HTTP/1.1\r\nHost: test\r\nContent-Length: 9000000\r\n\r\n",
        b"x",
    ),
    Kind("drips a body", 20, _POST + b"Content-Length: 9000\r\n\r\n", b"x"),
    Kind("drips chunks", 20, _CHUNKED, b"1\r\nx\r\n"),
    Kind("never reads", 30, b"GET /large HTTP/1.1\r\nHost: test\r\n\r\n", reads=False),
)


@dataclass(slots=True)
class Client:
    """A slow client, and when it was let go, in seconds after it came."""

    kind: Kind
    sock: socket.socket
    since: float
    held: float | None = None

    def receive(self, now: float) -> None:
        try:
            data = self.sock.recv(65_536)
        except ConnectionError:
            data = b""
        if not data:
            self.held = now - self.since

    def send(self) -> None:
        with suppress(OSError):
            self.sock.send(self.kind.drip)


def ask(sock: socket.socket, path: str = "/") -> bytes:
    sock.sendall(f"GET {path} HTTP/1.1\r\nHost: test\r\n\r\n".encode())
    return sock.recv(4096)


@dataclass(slots=True)
class Probe:
    """An honest client, which asks all the time; it also sees when the never-reading are gone."""

    port: int
    times: list[float] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)
    unread_until: float = 0.0

    def run(self) -> None:
        with socket.create_connection(("127.0.0.1", self.port), 60) as sock:
            while not self.ended.wait(PROBE):
                began = time.monotonic()
                answer = ask(sock, "/open")
                self.times.append(time.monotonic() - began)
                if not answer.endswith(b"\r\n\r\n0"):
                    self.unread_until = time.monotonic()

    def percentile(self) -> float:
        return quantiles(self.times, n=100)[98]


def meet(port: int, each: int) -> list[Client]:
    """Be slow in all ways at once, until the server has had enough of all that can tell."""
    selector, clients = selectors.DefaultSelector(), []
    for number in range(each * len(KINDS)):
        kind = KINDS[number % len(KINDS)]
        sock = socket.create_connection(("127.0.0.1", port), 30)
        client = Client(kind, sock, time.monotonic())
        sock.sendall(kind.first)
        clients.append(client)
        if kind.reads:
            selector.register(sock, selectors.EVENT_READ, client)
    waiting = {id(client): client for client in clients if client.kind.reads}
    deadline, drip = time.monotonic() + 60, time.monotonic() + 1
    while waiting and time.monotonic() < deadline:
        for key, _ in selector.select(0.05):
            key.data.receive(time.monotonic())
            if key.data.held is not None:
                selector.unregister(key.fileobj)
                waiting.pop(id(key.data), None)
        if time.monotonic() >= drip:
            drip += 1
            for client in waiting.values():
                client.send()
    return clients


def flood(port: int) -> tuple[float, int]:
    """Silent connections; returns how long an honest client waits, and how many got 503."""
    socks = [socket.create_connection(("127.0.0.1", port), 30) for _ in range(FLOOD)]
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), 60) as sock:
        answer = ask(sock)
    waited = time.monotonic() - began
    turned_away = 0
    for sock in socks:
        with sock, suppress(ConnectionError):
            turned_away += sock.recv(4096).startswith(b"HTTP/1.1 503")
    if not answer.startswith(b"HTTP/1.1 200"):
        raise SystemExit(f"during the flood, an honest client got {answer[:40]!r}")
    with socket.create_connection(("127.0.0.1", port), 60) as sock:
        if not ask(sock).startswith(b"HTTP/1.1 200"):
            raise SystemExit("after the flood, an honest client got no answer")
    return waited, turned_away


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--each", type=int, default=40, help="clients of each kind")
    options = parser.parse_args()
    allow_descriptors()
    problems = 0
    with tempfile.TemporaryDirectory() as folder:
        with served(MANIFEST, APP, Path(folder, "log")) as (_, port):
            probe = Probe(port)
            thread = threading.Thread(target=probe.run)
            began = time.monotonic()
            thread.start()
            clients = meet(port, options.each)
            while time.monotonic() < began + ALLOWED * max(kind.limit for kind in KINDS):
                time.sleep(0.1)
            probe.ended.set()
            thread.join()
            for client in clients:
                if not client.kind.reads:
                    client.held = probe.unread_until - client.since
                client.sock.close()
            waited, turned_away = flood(port)
        problems += Path(folder, "log").read_bytes().count(b"Traceback")
    print(f"{'KIND':30} CLIENTS  LIMIT  LONGEST")
    for kind in KINDS:
        held = [client.held or 999.0 for client in clients if client.kind is kind]
        problems += max(held) > kind.limit * ALLOWED
        print(f"{kind.name:30} {len(held):7} {kind.limit:6.1f} {max(held):8.2f}")
    problems += probe.percentile() >= PROBE
    print(f"probe: {len(probe.times)} requests, 99th percentile {probe.percentile() * 1000:.1f} ms")
    print(f"flood of {FLOOD}: an honest client waits {waited:.1f} s; {turned_away} turned away")
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
