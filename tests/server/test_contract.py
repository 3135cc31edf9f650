"""What the server takes for granted of gevent: its hooks, and why each of them is overridden.

If one of these tests fails after an upgrade, a hook has changed (look at our override), or gevent
has mended what the override is there for (remove it).
"""

import inspect
import io
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gevent
import gevent.socket
import pytest
from gevent.pool import Pool
from gevent.pywsgi import WSGIHandler, WSGIServer

from tests.support.http import TIMEOUT, Connection
from tests.support.local import connect
from tests.support.wsgi import PLAIN, answering, streaming
from webzeug.manifest.address import Address
from webzeug.server.answering import Answering
from webzeug.server.handler import Handler
from webzeug.server.serve import GeventServer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

GET = "GET / HTTP/1.1\r\nHost: test\r\n\r\n"


OURS = {**vars(Answering), **vars(Handler)}
"""What our handler has that pywsgi's has not, or has otherwise."""


class Stock:
    """pywsgi's own server, running."""

    def __init__(self, app: "WSGIApplication", handler: type[WSGIHandler], listener: Any) -> None:
        self.server = WSGIServer(listener, app, log=None, handler_class=handler)
        self.server.start()

    def connect(self) -> Connection:
        return Connection(connect(("127.0.0.1", self.server.server_port or 0)))


@contextmanager
def stock(app: "WSGIApplication", handler: type[WSGIHandler] = WSGIHandler) -> Iterator[Connection]:
    """A connection to pywsgi's own server."""
    server = Stock(app, handler, ("127.0.0.1", 0))
    client = server.connect()
    try:
        yield client
    finally:
        client.close()
        server.server.stop(timeout=0)


def signature(function: Callable[..., object]) -> str:
    return str(inspect.signature(function))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("__init__", "(self, sock, address, server, rfile=None)"),
        ("handle", "(self)"),
        ("handle_one_response", "(self)"),
        ("run_application", "(self)"),
        ("process_result", "(self)"),
        ("finalize_headers", "(self)"),
        ("write", "(self, data)"),
        ("handle_error", "(self, t, v, tb)"),
        ("log_error", "(self, msg, *args)"),
        ("log_request", "(self)"),
    ],
)
def test_hooks_of_the_handler(name: str, expected: str) -> None:
    """The methods that Handler overrides are there, and are called as it expects."""
    assert signature(getattr(WSGIHandler, name)) == expected
    assert name in OURS


def test_all_hooks_of_the_handler_are_listed() -> None:
    """Every method of pywsgi's handler that is overridden is in the list above."""
    overridden = {name for name in OURS if callable(getattr(WSGIHandler, name, None))}
    (mark,) = test_hooks_of_the_handler.pytestmark  # type: ignore[attr-defined]
    assert overridden - {"__class__"} == {name for name, _ in mark.args[1]}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("start_response", "(self, status, headers, exc_info=None)"),
        ("do_read", "(self)"),
        ("do_close", "(self, sock, *args)"),
        ("start", "(self)"),
        ("stop_accepting", "(self)"),
        ("close", "(self)"),
    ],
)
def test_methods_that_are_called(name: str, expected: str) -> None:
    """The methods that are called, but not overridden."""
    owner = WSGIHandler if name == "start_response" else WSGIServer
    assert signature(getattr(owner, name)) == expected


def test_state_of_the_handler() -> None:
    """The attributes that are read and set hold what is expected, while a request is answered."""
    seen: dict[str, Any] = {}

    class Looking(WSGIHandler):
        def finalize_headers(self) -> None:
            super().finalize_headers()
            seen.update(vars(self))

    body = [b"hel", b"lo"]
    with stock(answering(body), Looking) as client:
        answer = client.get("/a?b")
        assert answer.body == b"hello"
    assert (b"Content-Length", b"5") in seen["response_headers"]
    expected = {
        "status": b"200 OK",
        "code": 200,
        "command": "GET",
        "path": "/a?b",
        "requestline": "GET /a?b HTTP/1.1",
        "result": body,
        "headers_sent": True,
        "response_use_chunked": False,
        "provided_content_length": None,
        "close_connection": False,
        "response_length": 0,
    }
    assert {key: seen[key] for key in expected} == expected
    assert isinstance(seen["client_address"], tuple)
    assert seen["time_start"] > 0
    assert isinstance(seen["rfile"], io.BufferedReader)


def test_a_server_can_be_closed_while_it_serves() -> None:
    """close() ends the listening alone; do_read gives one connection, or None."""
    stock = Stock(answering(), WSGIHandler, ("127.0.0.1", 0))
    server, client = stock.server, stock.connect()
    assert client.get().status == 200
    server.stop_accepting()
    second = stock.connect()
    started = [server.started]
    waiting: list[Any] = [server.do_read(), server.do_read()]
    server.close()
    started.append(server.started)
    assert started == [True, False]
    (sock, address), nothing = waiting
    assert (address, nothing) == (second.socket.getsockname(), None)
    assert client.get().status == 200
    server.do_close(sock, address)
    assert sock.fileno() == -1
    client.close()
    second.close()


def test_a_pool_is_not_overrun() -> None:
    """The server accepts no more than its pool takes, and spawn waits for a free place."""
    pool = Pool(1)
    pool.spawn(gevent.sleep, 0)
    assert pool.full()
    with gevent.Timeout(TIMEOUT):
        pool.spawn(gevent.sleep, 0)
        pool.join()
    server = GeventServer(("127.0.0.1", 0), answering(), pool, Address())
    assert server.full == pool.full


# Why each hook is overridden: what gevent's own handler does.


def test_nagle_and_two_sends(tmp_path: Path) -> None:
    """Stock: header section and body are two sends. Handler.write makes them one."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
        listener.bind(str(tmp_path / "packets"))
        listener.listen()
        listener.setblocking(False)
        server = WSGIServer(listener, answering(), log=None, environ={"SERVER_NAME": "test"})
        server.start()
        client = connect(str(tmp_path / "packets"), socket.SOCK_SEQPACKET)
        client.send(GET.encode())
        assert client.recv(65536).endswith(b"\r\n\r\n")
        assert client.recv(65536) == b"hello"
        client.close()
        server.stop(timeout=0)


def test_nagle_is_on() -> None:
    """Stock: nothing turns Nagle's algorithm off. Handler.__init__ does."""
    nodelay: list[int] = []

    class Looking(WSGIHandler):
        def handle(self) -> None:
            nodelay.append(self.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            super().handle()

    with stock(answering(), Looking) as client:
        client.get()
    assert nodelay == [0]


def test_head_gets_the_end_of_a_stream() -> None:
    """Stock: HEAD of a stream has a body. Handler.finalize_headers leaves it out."""
    with stock(streaming([])) as client:
        client.send(GET.replace("GET", "HEAD"))
        client.finish()
        assert client.rest().endswith(b"\r\n\r\n0\r\n\r\n")


def test_a_204_with_a_body_is_an_error(capfd: pytest.CaptureFixture[str]) -> None:
    """Stock: a body for 204 is a traceback and 500. Handler.write leaves it out."""
    with stock(answering([b"x"], "204 No Content")) as client:
        assert client.get().status == 500
    assert "must have no body" in capfd.readouterr().err


def test_a_stream_for_http_1_0_has_no_end() -> None:
    """Stock: it promises to keep the connection. Handler.finalize_headers closes it."""
    with stock(streaming([b"x"])) as client:
        client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        client.finish()
        head = client.rest().decode()
        assert "Connection: keep-alive\r\n" in head
        assert "Content-Length" not in head


def test_no_start_response_is_no_answer() -> None:
    """Stock: without start_response and body, nothing is sent. Handler.process_result fails."""

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        return []

    with stock(app) as client:
        client.send(GET)
        client.finish()
        assert client.rest() == b""


@pytest.mark.parametrize("error", [ConnectionResetError(104, "database"), OSError()])
def test_the_applications_socket_errors(error: OSError, capfd: pytest.CaptureFixture[str]) -> None:
    """Stock: they are swallowed, or make it stumble. Handler.run_application looks at them."""

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        raise error

    with stock(app) as client:
        client.send(GET)
        client.finish()
        assert client.rest() == b""
    assert ("IndexError" in capfd.readouterr().err) == (not error.args)


def test_application_errors_are_printed(capfd: pytest.CaptureFixture[str]) -> None:
    """Stock: an error is printed with the environ. Handler.handle_error logs it."""

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        raise LookupError

    with stock(app) as client:
        assert client.get().status == 500
    assert "LookupError" in capfd.readouterr().err


@pytest.mark.parametrize("line", ["GET / HTTP/1", "GET / HTTP/1.1\r\nX: x" + "\r\nX: x" * 100])
def test_bad_requests_are_printed(line: str, capfd: pytest.CaptureFixture[str]) -> None:
    """Stock: some are printed as tracebacks. Handler.log_error writes one line."""
    with stock(answering()) as client:
        client.send(f"{line}\r\n\r\n")
        assert client.read().status == 400
    assert "Traceback" in capfd.readouterr().err


def test_log_lines_can_be_forged(capfd: pytest.CaptureFixture[str]) -> None:
    """Stock: the log has a client's octets as they are. Handler.log_request escapes them."""
    server = WSGIServer(("127.0.0.1", 0), answering())
    server.start()
    with Connection(connect(("127.0.0.1", server.server_port or 0))) as client:
        client.send("GET /\x0bforged HTTP/1.1\r\nHost: test\r\n\r\n")
        client.read()
    server.stop(timeout=0)
    assert "\x0bforged" in capfd.readouterr().err


def test_a_broken_body_keeps_the_connection() -> None:
    """Stock: a chunk error that the application handles leaves the connection out of step.

    Handler hands out a Body, which ends the connection.
    """

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        try:
            environ["wsgi.input"].read()
        except OSError:
            start_response("400 Bad Request", [PLAIN])
        else:
            start_response("200 OK", [PLAIN])
        return []

    with stock(app) as client:
        client.send(
            "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
            "z\r\n" + GET.removeprefix("GET")
        )
        assert client.read().status == 400
        client.finish()
        assert client.rest() != b""  # what followed was taken for a request


def test_the_dns_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stock: unless SERVER_NAME is given, it is looked up. GeventServer gives it."""
    monkeypatch.setattr(gevent.socket, "getfqdn", lambda name: f"dns of {name}")
    for environ, expected in [(None, "dns of 127.0.0.1"), ({"SERVER_NAME": "given"}, "given")]:
        server = WSGIServer(("127.0.0.1", 0), answering(), log=None, environ=environ)
        server.start()
        assert server.get_environ()["SERVER_NAME"] == expected
        server.stop(timeout=0)


def test_stop_does_not_know_idle_connections() -> None:
    """Stock: an idle connection holds stop() up for all of its time. Server.stop lets it go."""
    server = WSGIServer(("127.0.0.1", 0), answering(), log=None, spawn=Pool())
    server.start()
    client = Connection(connect(("127.0.0.1", server.server_port or 0)))
    client.get()
    server.close()
    assert server.pool is not None
    assert not server.pool.join(timeout=0.01)
    server.stop(timeout=0)
    client.close()
