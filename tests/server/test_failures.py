"""When the application fails, and when the client leaves."""

import logging
import traceback
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import gevent.event
import pytest

from tests.support.http import TIMEOUT
from tests.support.local import running
from tests.support.wsgi import PLAIN, streaming
from webzeug import App, View

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class OopsError(Exception):
    """An error of the application."""


def raising(error: BaseException) -> "WSGIApplication":
    """An application that fails before it has said anything."""

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        raise error

    return app


def failing_stream(error: BaseException, *blocks: bytes) -> Iterator[bytes]:
    """Blocks of a body, and then an error."""
    yield from blocks
    raise error


def frames(record: logging.LogRecord) -> list[str]:
    """The functions in a record's traceback."""
    assert record.exc_info is not None
    return [frame.name for frame in traceback.extract_tb(record.exc_info[2])]


def errors(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [record for record in caplog.records if record.name == "webzeug.error"]


@pytest.mark.parametrize(
    "error", [OopsError("secret"), SystemExit(3), KeyboardInterrupt()], ids=repr
)
def test_an_error_is_a_500(error: BaseException, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever an application raises is logged once, with its traceback, and answered 500."""
    with running(raising(error)) as server, server.connect() as client:
        answer = client.get("/x?y")
        assert (answer.status, answer.body) == (500, b"Internal Server Error\n")
        assert answer.field("Connection") == "close"
        assert client.rest() == b""
    (record,) = errors(caplog)
    request_id = answer.field("X-Request-ID")
    assert record.getMessage() == f"GET /x?y failed (request {request_id})"
    assert record.exc_info is not None
    assert record.exc_info[1] is error
    assert frames(record) == ["app"]


def test_an_error_before_the_first_block_is_a_500(caplog: pytest.LogCaptureFixture) -> None:
    """What was not sent yet is replaced: status, header fields and framing (PEP 3333)."""
    app = streaming(failing_stream(OopsError()), "200 OK", ("X-Half", "done"))
    with running(app) as server:
        answer = server.get()
        assert (answer.status, answer.body) == (500, b"Internal Server Error\n")
        assert (answer.field("X-Half"), answer.field("Transfer-Encoding")) == (None, None)
    assert len(errors(caplog)) == 1


def test_an_error_after_the_first_block_cuts_the_answer(caplog: pytest.LogCaptureFixture) -> None:
    """Of a stream that fails, the client sees that its end is missing (RFC 9112 8)."""
    app = streaming(failing_stream(OopsError(), b"half"))
    with running(app) as server, server.connect() as client:
        client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
        assert client.rest().endswith(b"\r\n\r\n4\r\nhalf\r\n")
    (record,) = errors(caplog)
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], OopsError)
    assert frames(record) == ["failing_stream"]


def test_a_block_that_is_not_bytes_is_a_500(caplog: pytest.LogCaptureFixture) -> None:
    """An application that yields text is at fault; nothing of its answer is sent."""
    text: list[bytes] = ["text"]  # type: ignore[list-item]
    with running(streaming(text)) as server:
        answer = server.get()
        assert (answer.status, answer.body) == (500, b"Internal Server Error\n")
    (record,) = errors(caplog)
    assert "The application sent str instead of bytes" in caplog.text
    assert frames(record) == []


def test_start_response_must_be_called(caplog: pytest.LogCaptureFixture) -> None:
    """An application that never calls start_response is at fault, and is told so."""

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        return []

    with running(app) as server:
        assert server.get().status == 500
    assert "did not call start_response()" in caplog.text


@pytest.mark.parametrize("blocks", [(), (b"half",)])
@pytest.mark.parametrize("error", [ConnectionResetError(104, "database"), BrokenPipeError()])
def test_an_applications_own_broken_connection_is_its_error(
    error: OSError, blocks: tuple[bytes, ...], caplog: pytest.LogCaptureFixture
) -> None:
    """A reset connection to a database is not taken for a client that has left."""
    app = streaming(failing_stream(error, *blocks))
    with running(app) as server, server.connect() as client:
        client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
        assert client.rest().startswith(b"HTTP/1.1 200" if blocks else b"HTTP/1.1 500")
    (record,) = errors(caplog)
    assert record.exc_info is not None
    assert record.exc_info[1] is error


class Writes(View):
    """Answers with an application that uses the `write` of PEP 3333."""

    def GET(self) -> "WSGIApplication":
        return writing


def writing(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """Writes, for ever if asked to, and then fails."""
    write = start_response("200 OK", [PLAIN])
    write(b"half")
    while environ["PATH_INFO"] == "/endless":
        write(b"tick\n" * 1000)
        gevent.sleep(0)
    raise OopsError


def test_an_error_after_a_write_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    """An answer that has begun is cut; either the App or the server logs why, not both."""
    app = App([("/", "writes", Writes)])
    with running(app) as server, server.connect() as client:
        client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
        assert client.rest().endswith(b"\r\n\r\n4\r\nhalf\r\n")
    (record,) = errors(caplog)
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], OopsError)


def test_a_client_that_leaves_a_writer_is_nobodys_error(caplog: pytest.LogCaptureFixture) -> None:
    """Nor is it an error of the application if it learns from `write` that the client has left."""
    left = gevent.event.Event()

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        try:
            return App([("/endless", "writes", Writes)])(environ, start_response)
        finally:
            left.set()

    with running(app) as server:
        client = server.connect()
        client.send("GET /endless HTTP/1.1\r\nHost: test\r\n\r\n")
        assert client.socket.recv(1)
        client.reset()
        assert left.wait(TIMEOUT)
    assert errors(caplog) == []


def test_an_error_of_the_close_method_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """An iterator whose close() fails has answered already; the error is logged."""

    class Body(list[bytes]):
        def close(self) -> None:
            raise OopsError

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        start_response("200 OK", [PLAIN])
        return Body([b"hello"])

    with running(app) as server:
        assert server.get().body == b"hello"
    assert len(errors(caplog)) == 1


class Watched:
    """An endless stream that says when it is closed."""

    def __init__(self) -> None:
        self.closed = gevent.event.Event()

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterator[bytes]:
        start_response("200 OK", [PLAIN])
        return self._ticks()

    def _ticks(self) -> Iterator[bytes]:
        try:
            while True:
                yield b"tick\n" * 1000
                gevent.sleep(0)
        finally:
            self.closed.set()


@pytest.mark.parametrize("how", ["closes", "resets"])
def test_a_stream_is_closed_when_its_client_leaves(
    how: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A client that leaves ends its stream: close() runs, and it is nobody's error."""
    app = Watched()
    with running(app) as server:
        client = server.connect()
        client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
        assert client.socket.recv(1)
        client.close() if how == "closes" else client.reset()
        assert app.closed.wait(TIMEOUT)
    assert errors(caplog) == []


def test_the_server_goes_on_after_failures() -> None:
    """After an error and a client that left, others are served as before."""
    app = Watched()
    with running(app) as server:
        for _ in range(3):
            client = server.connect()
            client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
            client.reset()
        assert server.get(method="HEAD").status == 200
