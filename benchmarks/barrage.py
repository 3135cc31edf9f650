"""A barrage: random and mutated requests, which must not shake the server.

    python benchmarks/barrage.py

Sound requests of many kinds are cut, doubled, spliced and sprinkled with octets, and sent to
``serve`` each on a connection of its own. Fails at a crash, at a 5xx but 501 and 505, at a
traceback or a raw control octet in the log, and if an honest request is not answered at the end.
"""

import argparse
import random
import re
import signal
import socket
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from serving import resident, served

TIMEOUT = 30.0
CLIENTS = 8
MANIFEST = """\
[server]
header_timeout = 2
body_timeout = 2
max_body = 20_000

[routes]
"/" = "app.Home"
"/items/<int:id>/" = "app.Item"
"/files/<path:name>" = "app.Home"
"/stream" = "app.Stream"
"""
APP = """\
from webzeug import Response, View


class Home(View):
    def GET(self, name=""):
        return Response(f"{len(self.request.args)} {len(self.request.cookies)} {len(name)}")

    def POST(self, name=""):
        form = self.request.form, self.request.files
        return Response(f"{len(form[0])} {len(form[1])} {len(self.request.get_data())}")


class Item(View):
    def GET(self, id):
        return Response(self.url_for("item", id=id))

    def PUT(self, id):
        return Response(str(self.request.get_json()))


class Stream(View):
    def GET(self):
        return Response(iter(["one", "two", "three"]))
"""
_HOST = b"Host: test\r\n"
SEEDS = (
    b"GET / HTTP/1.1\r\n" + _HOST + b"\r\n",
    b"GET /?a=b&c=%C3%A9 HTTP/1.1\r\n" + _HOST + b"Cookie: a=b; c=d\r\n\r\n",
    b"GET /items/5 HTTP/1.1\r\n" + _HOST + b"Connection: keep-alive, close\r\n\r\n",
    b"GET http://test/files/a/b HTTP/1.1\r\n" + _HOST + b"\r\n",
    b"HEAD /stream HTTP/1.1\r\n" + _HOST + b"\r\nGET /stream HTTP/1.0\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\n" + _HOST + b"\r\n",
    b"POST / HTTP/1.1\r\n" + _HOST + b"Content-Length: 3\r\n\r\na=b",
    b"POST / HTTP/1.1\r\n"
    + _HOST
    + b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n\r\na=b&c=d",
    b"POST / HTTP/1.1\r\n" + _HOST + b"Content-Type: multipart/form-data; boundary=x\r\n"
    b"Content-Length: 72\r\n\r\n"
    b'--x\r\nContent-Disposition: form-data; name="a"; filename="b"\r\n\r\nc\r\n--x--\r\n',
    b"PUT /items/5/ HTTP/1.1\r\n"
    + _HOST
    + b'Content-Type: application/json\r\nContent-Length: 9\r\n\r\n{"a": [1]',
    b"POST / HTTP/1.1\r\n" + _HOST + b"Transfer-Encoding: chunked\r\n\r\n"
    b"3;x=y\r\na=b\r\n0\r\nX: y\r\n\r\nGET / HTTP/1.1\r\n" + _HOST + b"\r\n",
    b"POST / HTTP/1.1\r\n" + _HOST + b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\na=b",
    b"GET / HTTP/1.1\r\n" + _HOST + b"Connection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw==\r\n\r\n",
    b"GET /files/x HTTP/1.1\r\n" + _HOST + b"If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
    b'If-None-Match: "x"\r\nRange: bytes=0-1\r\nAuthorization: Basic YTpi\r\nAccept: */*\r\n\r\n',
)
PIECES = (
    b"\r\n", b"\n", b"\r", b"\x00", b" ", b"\t", b":", b",", b";", b"%", b"%00", b"%ff", b"\xff",
    b"\x85", b"\x0b", b"\x1b[2J", b"//", b"..", b"?", b"#", b"0", b"-1", b"99999999999999999999",
    b"chunked", b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n", _HOST, b"HTTP/1.1",
    b"A" * 9000, b"X: y\r\n" * 120, b"\\", b'"', b"[", b"\xc3\xa9", b"0\r\n\r\n",
)  # fmt: skip
_STATUS = re.compile(rb"(?:^|\n|\})HTTP/1\.1 ([0-9]{3}) ")
_CONTROL = re.compile(rb"[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]")


def mutated(chance: random.Random) -> bytes:
    """A request, more or less."""
    data = bytearray(chance.choice(SEEDS))
    for _ in range(chance.choice((0, 1, 1, 1, 2, 3, 6))):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(7):
            case 0:
                data[at:at] = chance.choice(PIECES)
            case 1:
                del data[at : at + chance.choice((1, 1, 2, 8))]
            case 2:
                data[at : at + 1] = bytes([chance.randrange(256)])
            case 3:
                data[at:at] = data[at : at + chance.randrange(40)]
            case 4:
                data[at:] = chance.choice(SEEDS)[at:]
            case 5:
                data[at : at + 2] = chance.choice(PIECES)
            case _:
                data[at:at] = chance.randbytes(chance.randrange(12))
    return bytes(data)


@dataclass(slots=True)
class Result:
    """What came back; ``bad`` holds requests whose answer must not be."""

    statuses: Counter[int] = field(default_factory=Counter)
    bad: list[tuple[int, bytes]] = field(default_factory=list)
    silent: int = 0


def send(port: int, request: bytes) -> bytes:
    """Send a request, finish, and return all that comes."""
    with socket.create_connection(("127.0.0.1", port), TIMEOUT) as sock:
        with suppress(OSError):  # it may be refused before all is sent
            sock.sendall(request)
            sock.shutdown(socket.SHUT_WR)
        answer = b""
        with suppress(ConnectionError):
            while block := sock.recv(65_536):
                answer += block
        return answer


def fire(port: int, seed: int, count: int, result: Result) -> None:
    chance = random.Random(seed)
    for _ in range(count):
        request = mutated(chance)
        statuses = [int(status) for status in _STATUS.findall(send(port, request))]
        result.statuses.update(statuses)
        result.silent += not statuses
        if any(status >= 500 and status not in (501, 505) for status in statuses):
            result.bad.append((max(statuses), request))


def check_log(log: Path) -> list[str]:
    """What must not be in a log."""
    problems: list[str] = []
    with log.open("rb") as lines:
        for line in lines:
            if b"Traceback" in line:
                problems.append("a traceback in the log")
            if _CONTROL.search(line):
                problems.append(f"a raw control octet in the log: {line!r}")
    return problems


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--requests", type=int, default=200_000, help="in all")
    parser.add_argument("--seeds", type=int, default=CLIENTS, help="each in a thread of its own")
    parser.add_argument("--first-seed", type=int, default=1)
    options = parser.parse_args()
    results = [Result() for _ in range(options.seeds)]
    with (
        tempfile.TemporaryDirectory() as folder,
        served(MANIFEST, APP, Path(folder, "log")) as (process, port),
    ):
        send(port, SEEDS[0])
        began, memory = time.monotonic(), resident(process.pid)
        count = options.requests // options.seeds
        threads = [
            threading.Thread(target=fire, args=(port, options.first_seed + number, count, result))
            for number, result in enumerate(results)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.monotonic() - began
        is_alive = process.poll() is None and send(port, SEEDS[0]).startswith(b"HTTP/1.1 200")
        growth = resident(process.pid) - memory if is_alive else 0
        process.send_signal(signal.SIGTERM)
        code = process.wait(TIMEOUT)
        problems = check_log(Path(folder, "log"))
    statuses = sum((result.statuses for result in results), Counter[int]())
    problems += [
        f"{status} for {request!r}" for result in results for status, request in result.bad
    ]
    if not is_alive or code != 0:
        problems.append(f"the server ended with {code}, or answers no more")
    print(f"{count * options.seeds} requests of {options.seeds} seeds in {took:.0f} s")
    print(
        "answers:", ", ".join(f"{count} x {status}" for status, count in sorted(statuses.items()))
    )
    print(f"{sum(result.silent for result in results)} got none; memory grew by {growth} kB")
    for problem in problems[:20]:
        print(f"FAILED: {problem}")
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
