"""Streams whose clients leave: how soon each iterator is closed, also while it is silent.

    python benchmarks/leaving.py

Streams are opened by the thousand, 10,000 in all. Half of them say nothing after their first
block, and half say something ten times a second; half of the clients close their connections, and
half reset them. Fails if any stream is still open a second after its client has left.
"""

import argparse
import socket
import struct
import tempfile
import time
from pathlib import Path

from serving import allow_descriptors, resident, served

ALLOWED = 1.0
MANIFEST = """\
[server]
max_connections = 2000

[routes]
"/<kind>" = "app.Stream"
"/open" = "app.Open"
"""
APP = """\
import gevent
from webzeug import Response, View

OPEN = set()


class Open(View):
    def GET(self):
        return Response(str(len(OPEN)))


class Stream(View):
    def GET(self, kind):
        return Response(self.blocks(kind))

    def blocks(self, kind):
        OPEN.add(self)
        try:
            yield "first"
            while True:
                gevent.sleep(0.1 if kind == "talks" else 3600)
                yield "more"
        finally:
            OPEN.remove(self)
"""


def open_stream(port: int, number: int) -> socket.socket:
    """A stream that has begun."""
    kind = "talks" if number % 2 else "silent"
    sock = socket.create_connection(("127.0.0.1", port), 30)
    sock.sendall(f"GET /{kind} HTTP/1.1\r\nHost: test\r\n\r\n".encode())
    answer = b""
    while b"first" not in answer:
        answer += sock.recv(4096)
    return sock


def leave(sock: socket.socket, number: int) -> None:
    if number // 2 % 2:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def count_open(sock: socket.socket) -> int:
    sock.sendall(b"GET /open HTTP/1.1\r\nHost: test\r\n\r\n")
    return int(sock.recv(4096).rpartition(b"\r\n\r\n")[2])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--streams", type=int, default=10_000, help="in all")
    parser.add_argument("--at-once", type=int, default=1000)
    options = parser.parse_args()
    allow_descriptors()
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log")
        with served(MANIFEST, APP, log) as (process, port):
            probe = socket.create_connection(("127.0.0.1", port), 30)
            assert count_open(probe) == 0
            memory = resident(process.pid)
            for _ in range(0, options.streams, options.at_once):
                streams = [open_stream(port, number) for number in range(options.at_once)]
                assert count_open(probe) == options.at_once
                for number, sock in enumerate(streams):
                    leave(sock, number)
                left = time.monotonic()
                while count_open(probe) and time.monotonic() < left + 10 * ALLOWED:
                    time.sleep(0.005)
                worst = max(worst, time.monotonic() - left)
            memory = resident(process.pid) - memory
        problems = log.read_bytes().count(b"Traceback")
    print(f"{options.streams} streams, {options.at_once} at once: all closed within {worst:.3f} s")
    print(f"{problems} tracebacks; memory grew by {memory} kB")
    return 0 if worst <= ALLOWED and not problems else 1


if __name__ == "__main__":
    raise SystemExit(main())
