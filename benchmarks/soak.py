"""A soak: whether memory, descriptors or greenlets grow over a million requests.

    python benchmarks/soak.py

A mix of requests: pages, forms, JSON, streams, 404s, bad requests, clients that leave. After a
warm-up of a tenth, memory is looked at ten times. Fails if it grows by more than 20 kB for 10,000
requests, or if descriptors are left.
"""

import argparse
import os
import socket
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

from serving import resident, served

ALLOWED = 20.0
CLIENTS = 8
MANIFEST = """\
[routes]
"/" = "app.Home"
"/people/<name>/" = "app.Hello"
"/stream" = "app.Stream"
"/echo" = "app.Echo"
"/form" = "app.Form"
"""
APP = """\
from webzeug import Response, View


class Home(View):
    def GET(self):
        return Response("hello")


class Hello(View):
    def GET(self, name):
        return Response(f"hello {name}, {self.url_for('hello', name=name)}")


class Stream(View):
    def GET(self):
        return Response(str(number) for number in range(5))


class Echo(View):
    def POST(self):
        return Response(str(self.request.get_json()))


class Form(View):
    def POST(self):
        return Response(str(dict(self.request.form)))
"""
_REST = b" HTTP/1.1\r\nHost: test\r\n"
_KEPT = (
    b"GET /" + _REST + b"\r\n",
    b"GET /people/bob/" + _REST + b"\r\n",
    b"GET /people/eve" + _REST + b"\r\n",
    b"GET /missing" + _REST + b"\r\n",
    b"DELETE /" + _REST + b"\r\n",
    b"GET /stream" + _REST + b"\r\n",
    b"POST /echo" + _REST + b'Content-Type: application/json\r\nContent-Length: 8\r\n\r\n{"a": 1}',
    b"POST /form" + _REST + b"Content-Type: application/x-www-form-urlencoded\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n3\r\na=b\r\n0\r\n\r\n",
)
_LAST = (
    b"BAD\r\n\r\n",
    b"POST /echo" + _REST + b"Content-Length: 9\r\n\r\nshort",
    b"GET /stream" + _REST + b"Connection: close\r\n\r\n",
)


def read_answer(sock: socket.socket) -> None:
    data = b""
    while b"\r\n\r\n" not in data:
        data += _received(sock)
    head, _, body = data.partition(b"\r\n\r\n")
    fields = head.lower()
    if b"transfer-encoding" in fields:
        while not body.endswith(b"0\r\n\r\n"):
            body += _received(sock)
        return
    length = int(fields.partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
    while len(body) < length:
        body += _received(sock)


def _received(sock: socket.socket) -> bytes:
    data = sock.recv(65_536)
    if not data:
        raise ConnectionError
    return data


def ask(port: int, count: int) -> None:
    """So many requests; each connection ends in one of several ways."""
    done = 0
    while done < count:
        with suppress(ConnectionError), socket.create_connection(("127.0.0.1", port), 30) as sock:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for _ in range(12):
                for request in _KEPT:
                    sock.sendall(request)
                    read_answer(sock)
                    done += 1
            sock.sendall(_LAST[done // 97 % len(_LAST)])
            done += 1


def run(port: int, count: int) -> None:
    each = count // CLIENTS
    threads = [threading.Thread(target=ask, args=(port, each)) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--requests", type=int, default=1_000_000)
    options = parser.parse_args()
    tenth = options.requests // 10
    with tempfile.TemporaryDirectory() as folder:
        with served(MANIFEST, APP, Path(folder, "log")) as (process, port):
            run(port, tenth)
            memory, began = resident(process.pid), time.monotonic()
            descriptors = len(os.listdir(f"/proc/{process.pid}/fd"))
            for number in range(1, 11):
                run(port, tenth)
                print(f"{number * tenth:9} requests: {resident(process.pid)} kB", flush=True)
            took = time.monotonic() - began
            time.sleep(2)
            left = len(os.listdir(f"/proc/{process.pid}/fd")) - descriptors
            growth = (resident(process.pid) - memory) / (options.requests / 10_000)
        problems = Path(folder, "log").read_bytes().count(b"Traceback")
    print(
        f"{options.requests / took:.0f} requests/s; {growth:.1f} kB for 10,000, {ALLOWED} allowed"
    )
    print(f"{max(left, 0)} descriptors left, {problems} tracebacks")
    return 0 if growth <= ALLOWED and left <= 0 and not problems else 1


if __name__ == "__main__":
    raise SystemExit(main())
