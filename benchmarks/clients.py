"""Clients that ask without a pause, and streams that stay open, in a process of their own.

Run by swaps.py and drain.py: ``clients.py PORT``. One line on stdout says that they are at work.
They end with stdin, or when the server takes no connections any more; then comes what was counted.
"""

import argparse
import json
import selectors
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from reload import Client

TIMEOUT = 30.0
WARM = 200
"""Requests after which the clients count as being at work."""

PAUSE = 0.1
"""Seconds between two requests of a connection that is idle mostly."""


class Load:
    """What is counted while the clients are at work. A request that got no answer is dropped."""

    def __init__(self, port: int) -> None:
        self.address = ("127.0.0.1", port)
        self.counts: Counter[str] = Counter()
        self.failures: list[str] = []
        self.took: list[float] = []
        self.is_over = threading.Event()
        self.is_warm = threading.Event()

    def ask(self, client: Client, path: str, *, keep: bool = True) -> bool:
        """Ask once; returns whether to go on."""
        began = time.perf_counter()
        try:
            status, fields, body = client.get(path, keep=keep)
        except ConnectionRefusedError:
            return False  # the listening socket is closed: nothing was sent
        except (OSError, EOFError, ValueError) as error:
            self.failures.append(f"{path} {'kept' if keep else 'fresh'}: {error!r}")
            client.close()
            return True
        self.took.append(time.perf_counter() - began)
        self.counts["requests"] += 1
        if self.counts["requests"] == WARM:
            self.is_warm.set()
        if status != 200:
            self.failures.append(f"{path}: status {status}: {body[:200]}")
            return True
        self.counts["closed"] += keep and fields.get("connection") == "close"
        if not is_of_one_table(body, fields):
            self.counts["mixed"] += 1
        return True

    def work(self, path: str, *, keep: bool = True, pause: float = 0.0) -> None:
        """Ask again and again, on a connection that is kept or on a new one each time."""
        client = Client(self.address)
        while not self.is_over.is_set() and self.ask(client, path, keep=keep):
            if pause:
                time.sleep(pause)
        client.close()


def is_of_one_table(body: str, fields: dict[str, str]) -> bool:
    """Whether the match, a URL that was built, and the middleware are of one table."""
    _, version, mark = body.split(" ")
    return version == mark.rpartition("/")[2] == fields["x-version"]


class Streams:
    """Open streams; each has to go on with the table that it began with."""

    def __init__(self, load: Load, number: int) -> None:
        self._load = load
        self._selector = selectors.DefaultSelector()
        self._received: dict[socket.socket, bytes] = {}
        for _ in range(number):
            sock = socket.create_connection(load.address, TIMEOUT)
            sock.sendall(b"GET /site/ticks HTTP/1.1\r\nHost: test\r\n\r\n")
            self._selector.register(sock, selectors.EVENT_READ)
            self._received[sock] = b""

    def follow(self, seconds: float) -> None:
        """Read what comes within a time; returns earlier if there are none left."""
        end = time.monotonic() + seconds
        while self._received and (left := end - time.monotonic()) > 0:
            for key, _ in self._selector.select(left):
                self._read(key.fileobj)

    def _read(self, sock: Any) -> None:
        with suppress(OSError):
            if block := sock.recv(65536):
                self._received[sock] += block
                self._load.counts["ticks"] += block.count(b"\n")
                return
        self._selector.unregister(sock)
        sock.close()
        self._end(self._received.pop(sock))

    def _end(self, received: bytes) -> None:
        whole = received.endswith(b"\r\n0\r\n\r\n")
        self._load.counts["streams ended" if whole else "streams cut"] += 1
        self._check(received)

    def _check(self, received: bytes) -> None:
        head, _, body = received.partition(b"\r\n\r\n")
        version = head.lower().partition(b"x-version: ")[2].split(b"\r\n")[0].decode()
        expected = f"{version} /site/mark/{version}"
        lines = [line.strip().decode() for line in body.split(b"\r\n")[1::2] if line]
        if not lines or set(lines) != {expected}:
            self._load.counts["mixed"] += 1

    def close(self) -> None:
        """Look at those that are still open."""
        self._load.counts["streams open"] = len(self._received)
        for sock, received in self._received.items():
            self._check(received)
            sock.close()


def run(port: int, args: argparse.Namespace) -> dict[str, Any]:
    load = Load(port)
    streams = Streams(load, args.streams)
    work: list[dict[str, Any]] = [
        *[{"path": "/site/which"}] * args.kept,
        *[{"path": "/site/which", "keep": False}] * args.fresh,
        *[{"path": "/site/slow"}] * args.slow,
        *[{"path": "/site/which", "pause": PAUSE}] * args.idle,
    ]
    threads = [threading.Thread(target=load.work, kwargs=kwargs) for kwargs in work]
    threads.append(threading.Thread(target=_until_the_end, args=(load,), daemon=True))
    for thread in threads:
        thread.start()
    load.is_warm.wait(TIMEOUT)
    print("at work", flush=True)
    while not load.is_over.is_set() and any(thread.is_alive() for thread in threads[:-1]):
        streams.follow(0.1) if args.streams else time.sleep(0.1)
    for thread in threads[:-1]:
        thread.join()
    streams.follow(1.0)
    streams.close()
    took = sorted(load.took) or [0.0]
    return {
        **load.counts,
        "failed": len(load.failures),
        "failures": load.failures[:20],
        "p99": took[int(len(took) * 0.99)],
        "worst": took[-1],
    }


def _until_the_end(load: Load) -> None:
    sys.stdin.read()
    load.is_over.set()


@contextmanager
def at_work(port: int, **numbers: int) -> Iterator[dict[str, Any]]:
    """Clients in a process of their own, at work; what they counted is filled in at the end."""
    command = [sys.executable, str(Path(__file__)), str(port)]
    command += [f"--{name}={number}" for name, number in numbers.items()]
    result: dict[str, Any] = {}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            yield result
        finally:
            out, _ = process.communicate()
            result.update(json.loads(out or b"{}"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("port", type=int)
    for name in ("kept", "fresh", "slow", "idle", "streams"):
        parser.add_argument(f"--{name}", type=int, default=0)
    args = parser.parse_args()
    print(json.dumps(run(args.port, args)))


if __name__ == "__main__":
    main()
