"""What strict reading and limits cost: requests per second, against bare pywsgi with TCP_NODELAY.

    python benchmarks/hardening.py

The same WSGI function is served by pywsgi (its handler with TCP_NODELAY, and nothing else) and by
our server, each in a process of its own, in turns; 16 kept connections ask without a pause. The
fields are those of a browser. The best of several rounds counts. Fails if ours is more than a tenth
slower.
"""

import argparse
import multiprocessing
import socket
import threading
import time
from collections.abc import Iterable
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

ALLOWED = 0.9
CLIENTS = 16
REQUEST = (
    b"GET /people/bob/?page=2 HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n"
    b"User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n"
    b"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n"
    b"Accept-Language: en-US,en;q=0.5\r\nAccept-Encoding: gzip, deflate, br\r\n"
    b"Connection: keep-alive\r\nCookie: session=4f1c0c5e7b8d4a59\r\n\r\n"
)


def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "12")])
    return [b"hello, world"]


def serve_bare(pipe: Connection) -> None:
    """pywsgi as it comes, but for TCP_NODELAY."""
    from gevent.pywsgi import WSGIHandler, WSGIServer

    class NoDelay(WSGIHandler):
        def __init__(self, sock: Any, address: Any, server: Any) -> None:
            super().__init__(sock, address, server)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    server = WSGIServer(("127.0.0.1", 0), app, log=None, handler_class=NoDelay)
    server.start()
    pipe.send(server.server_port)
    server.serve_forever()


def serve_ours(pipe: Connection) -> None:
    """Our server with its default limits; nobody reads the access log."""
    from webzeug.manifest.model import Server as Options
    from webzeug.server.serve import Server

    server = Server(app, Options(bind="127.0.0.1:0"))
    server.bind()
    server.run(ready=lambda: pipe.send(server.address.port))


def ask(port: int, until: float, counts: list[int]) -> None:
    with socket.create_connection(("127.0.0.1", port)) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        count = 0
        while time.monotonic() < until:
            sock.sendall(REQUEST)
            answer = sock.recv(4096)
            while not answer.endswith(b"hello, world"):
                answer += sock.recv(4096)
            count += 1
        counts.append(count)


def load(port: int, seconds: float, results: Any) -> None:
    """Ask from many threads; runs in a process of its own."""
    counts: list[int] = []
    until = time.monotonic() + seconds
    threads = [threading.Thread(target=ask, args=(port, until, counts)) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results.put(sum(counts) / seconds)


def cpu_seconds(pid: int) -> float:
    """The processor time that a process has used (proc(5))."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def measure(port: int, pid: int, seconds: float) -> tuple[float, float]:
    """Requests per second, and the server's microseconds of processor time for each."""
    results: Any = multiprocessing.Queue()
    before = cpu_seconds(pid)
    client = multiprocessing.Process(target=load, args=(port, seconds, results))
    client.start()
    rate: float = results.get()
    client.join()
    return rate, (cpu_seconds(pid) - before) / (rate * seconds) * 1e6


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0)
    options = parser.parse_args()
    multiprocessing.set_start_method("spawn")
    servers: dict[str, tuple[Any, int]] = {}
    for name, target in (("pywsgi", serve_bare), ("webzeug", serve_ours)):
        ours, theirs = multiprocessing.Pipe()
        process = multiprocessing.Process(target=target, args=(theirs,), daemon=True)
        process.start()
        servers[name] = (process, ours.recv())
    figures: dict[str, list[tuple[float, float]]] = {name: [] for name in servers}
    for _ in range(options.rounds):
        for name, (process, port) in servers.items():
            figures[name].append(measure(port, process.pid, options.seconds))
    for process, _ in servers.values():
        process.terminate()
    best = {name: max(rate for rate, _ in rows) for name, rows in figures.items()}
    for name, rows in figures.items():
        cost = min(cost for _, cost in rows)
        print(f"{name:8} {best[name]:8.0f} requests/s   {cost:6.1f} us of processor time each")
    ratio = best["webzeug"] / best["pywsgi"]
    print(f"ratio {ratio:.2f}, allowed {ALLOWED}")
    return 0 if ratio >= ALLOWED else 1


if __name__ == "__main__":
    raise SystemExit(main())
