"""What an application gets: the environ of PEP 3333, and where the server is not PEP 3333."""

import socket
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from wsgiref.validate import validator

import gevent.socket
import pytest

from tests.support.local import running
from webzeug.manifest.model import Server as ServerOptions
from webzeug.wrappers import UNLOGGED

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class Recorder:
    """An application that keeps the environ of its last request, as it was."""

    def __init__(self) -> None:
        self.environ: dict[str, Any] = {}

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        assert type(environ) is dict
        self.environ = {**environ, "body": environ["wsgi.input"].read(100)}
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
        return [b"ok"]


def test_the_environ() -> None:
    """The keys of PEP 3333, from one request."""
    app = Recorder()
    with running(app) as server, server.connect() as client:
        client.send(
            "POST /a%20b/%C3%A9?q=%20 HTTP/1.1\r\nHost: test\r\nContent-Type: text/x\r\n"
            "Content-Length: 4\r\nX-One: 1\r\nX-One: 2\r\nX_Two: forged\r\n\r\nbody"
        )
        assert client.read().body == b"ok"
        host, port = client.socket.getsockname()
        assert not app.environ["webzeug.stopping"].is_set()
    expected = {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/a b/\xc3\xa9",
        "QUERY_STRING": "q=%20",
        "CONTENT_TYPE": "text/x",
        "CONTENT_LENGTH": "4",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": str(server.address.port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_SOFTWARE": "webzeug",
        "REMOTE_ADDR": host,
        "REMOTE_PORT": str(port),
        "HTTP_HOST": "test",
        "HTTP_X_ONE": "1,2",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "body": b"body",
    }
    assert {key: app.environ.get(key) for key in expected} == expected
    assert "HTTP_X_TWO" not in app.environ


def test_each_request_has_its_own_environ() -> None:
    """What one request puts into its environ, the next does not find."""

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        start_response("200 OK", [])
        return [b"old" if environ.setdefault("mine", environ) is not environ else b"new"]

    with running(app) as server, server.connect() as client:
        assert [client.get().body for _ in range(2)] == [b"new", b"new"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_the_server_keeps_pep_3333(method: str, caplog: pytest.LogCaptureFixture) -> None:
    """The standard library's validator has nothing to say about our side of the interface."""
    with running(validator(Recorder())) as server, server.connect() as client:
        assert client.get(method=method, fields="Content-Length: 0\r\n").status == 200
    assert not [record for record in caplog.records if record.name == "webzeug.error"]


def test_ipv6() -> None:
    """SERVER_NAME is in brackets (RFC 3875 4.1.14), so that a URL can be made of it."""
    app = Recorder()
    with running(app, ServerOptions(bind="[::1]:0", grace=0)) as server:
        assert server.get().body == b"ok"
        assert server.address.url == f"http://[::1]:{server.address.port}/"
    assert (app.environ["SERVER_NAME"], app.environ["REMOTE_ADDR"]) == ("[::1]", "::1")


def test_unix_sockets(tmp_path: Path) -> None:
    """On a Unix socket, SERVER_NAME and SERVER_PORT are not empty; the client has no address."""
    app = Recorder()
    path = str(tmp_path / "socket")
    with running(app, ServerOptions(bind=f"unix:{path}", grace=0)) as server:
        assert server.get().body == b"ok"
        assert server.address.url == f"unix:{path}"
    assert (app.environ["SERVER_NAME"], app.environ["SERVER_PORT"]) == ("localhost", "80")
    assert "REMOTE_ADDR" not in app.environ


@pytest.mark.parametrize("bind", ["127.0.0.1:0", ":0"])
def test_no_dns(bind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the start nor a request asks the DNS for a name."""
    for name in ("getfqdn", "gethostbyaddr", "getnameinfo", "gethostname"):
        monkeypatch.setattr(gevent.socket, name, None)
        monkeypatch.setattr(socket, name, None)
    with running(Recorder(), ServerOptions(bind=bind, grace=0)) as server:
        assert server.get().body == b"ok"


def test_wsgi_errors(caplog: pytest.LogCaptureFixture) -> None:
    """What an application writes to `wsgi.errors` is in the log."""

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        print("mind", "this", file=environ["wsgi.errors"])
        start_response("200 OK", [])
        return []

    with running(app) as server:
        server.get()
    assert [r.message for r in caplog.records if r.name == "webzeug.error"] == ["mind this"]


def test_the_access_log(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    """One line for a request: client, request line, status, octets, time; `-` for no address."""
    caplog.set_level("INFO", "webzeug.access")
    options = ServerOptions(bind=f"unix:{tmp_path / 'socket'}", grace=0)
    with running(Recorder(), options) as server:
        server.get("/a?b")
    with running(Recorder()) as server, server.connect() as client:
        client.send("GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")
        size = len(client.rest())
    first, second = [r.message for r in caplog.records if r.name == "webzeug.access"]
    assert first.startswith('- "GET /a?b HTTP/1.1" 200 ')
    start, milliseconds, *_ = second.rsplit(" ", 3)
    assert start == f'127.0.0.1 "GET / HTTP/1.1" 200 {size}'
    assert float(milliseconds.removesuffix("ms")) >= 0


def test_what_is_no_news_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    """An application can say so of a request; the next one on the connection is news again."""
    caplog.set_level("INFO", "webzeug.access")

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/quiet":
            environ[UNLOGGED] = True
        start_response("200 OK", [("Content-Length", "0")])
        return []

    with running(app) as server, server.connect() as client:
        client.get("/loud")
        client.get("/quiet")
        client.send("nonsense\r\n\r\n")
        client.rest()
    lines = [r.message.split('"')[1] for r in caplog.records if r.name == "webzeug.access"]
    assert lines == ["GET /loud HTTP/1.1", "nonsense"]
