"""What a client does wrong is answered 400, and is one line in the log that forges no other."""

import logging
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import gevent.event
import pytest

from tests.support.http import TIMEOUT
from tests.support.local import running
from tests.support.wsgi import PLAIN, answering
from webzeug import App, Response, View

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

CHUNKED = "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"


class Log:
    """What one of the server's logs has been told, line by line as it would be written."""

    def __init__(self, caplog: pytest.LogCaptureFixture, name: str) -> None:
        caplog.set_level(logging.INFO)
        self._caplog = caplog
        self._name = f"webzeug.{name}"

    def lines(self) -> list[str]:
        formatter = logging.Formatter("%(message)s")
        records = [record for record in self._caplog.records if record.name == self._name]
        return [line for record in records for line in formatter.format(record).splitlines()]


@pytest.fixture
def error_log(caplog: pytest.LogCaptureFixture) -> Log:
    return Log(caplog, "error")


@pytest.fixture
def access_log(caplog: pytest.LogCaptureFixture) -> Log:
    return Log(caplog, "access")


@pytest.mark.parametrize(
    "request_line",
    [
        "GET /",
        "POST /",
        "GET / HTTP/1.1 more",
        "GET / HTTP/x.1",
        "GET / HTTP/1",
        "GET / FTP/1.1",
        "GET\x00/ \x1b[31m\x7f\x85\x0b\\",
        "\xff\xfe",
    ],
    ids=ascii,
)
def test_bad_request_lines(
    request_line: str, error_log: Log, access_log: Log, capfd: pytest.CaptureFixture[str]
) -> None:
    """A malformed request line is a 400, the end of the connection, and one line in each log."""
    with running(answering()) as server, server.connect() as client:
        assert client.get().status == 200
        client.send(f"{request_line}\r\nHost: test\r\n\r\n")
        answer = client.read()
        assert (answer.status, answer.field("Connection")) == (400, "close")
        assert client.rest() == b""
    (line,) = error_log.lines()
    assert line.startswith("127.0.0.1: bad request: ")
    assert line.isprintable()
    _, line = access_log.lines()
    assert " 400 " in line
    assert line.isprintable()
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ("Content-Length: x\r\n", 400),
        ("Content-Length: -1\r\n", 400),
        (f"X: {'x' * 70_000}\r\n", 431),
        ("X: x\r\n" * 101, 431),
    ],
    ids=["length not a number", "negative length", "long line", "many fields"],
)
def test_bad_header_fields(
    fields: str, status: int, error_log: Log, capfd: pytest.CaptureFixture[str]
) -> None:
    """A header section that cannot be read is a 400 or 431, and one line of bounded length."""
    with running(answering()) as server, server.connect() as client:
        client.send(f"GET / HTTP/1.1\r\nHost: test\r\n{fields}\r\n")
        assert client.read().status == status
    (line,) = error_log.lines()
    assert len(line) < 1100
    assert capfd.readouterr() == ("", "")


def test_a_long_request_line(access_log: Log, capfd: pytest.CaptureFixture[str]) -> None:
    """A request line of more than 8 KiB is a 414, and its line in the log is cut."""
    with running(answering()) as server, server.connect() as client:
        client.send(f"GET /{'x' * 9000} HTTP/1.1\r\nHost: test\r\n\r\n")
        assert client.read().status == 414
    (line,) = access_log.lines()
    assert 'xxx..." 414 ' in line
    assert len(line) < 1100
    assert capfd.readouterr() == ("", "")


def test_log_injection(access_log: Log) -> None:
    """A target with control octets cannot forge a line; it is logged as escapes."""
    with running(answering()) as server, server.connect() as client:
        client.send("GET /a\x0b\x1b[2J\x85b HTTP/1.1\r\nHost: test\r\n\r\n")
        client.read()
    (line,) = access_log.lines()
    assert line.isprintable()


@pytest.mark.parametrize("how", ["closes", "resets"])
@pytest.mark.parametrize(
    "sent",
    ["", "GE", "GET / HTTP/1.1\r\nHo", "BAD\r\n\r\n", "GET / HTTP/1.1\r\nHost: test\r\n\r\n"],
)
def test_clients_that_leave(
    sent: str, how: str, error_log: Log, capfd: pytest.CaptureFixture[str]
) -> None:
    """A client may leave at any point; there is no traceback, and others are served."""
    with running(answering()) as server:
        for _ in range(3):
            client = server.connect()
            client.send(sent)
            client.close() if how == "closes" else client.reset()
        assert server.get().status == 200
    assert all(line.startswith("127.0.0.1: bad request: ") for line in error_log.lines())
    assert capfd.readouterr() == ("", "")


class Reads(View):
    """Reads the body, and answers with it."""

    def POST(self) -> Response:
        return Response(self.request.get_data())


def test_a_malformed_chunk(error_log: Log) -> None:
    """A View that reads a malformed body answers 400; what follows is not taken for a request."""
    app = App([("/", "reads", Reads)])
    with running(app) as server, server.connect() as client:
        client.send(f"{CHUNKED}5\r\nhello\r\nzz\x1b\r\nGET / HTTP/1.1\r\nHost: test\r\n\r\n")
        answer = client.read()
        assert (answer.status, answer.field("Connection")) == (400, "close")
        assert client.rest() == b""
    (line,) = error_log.lines()
    assert "bad request" in line
    assert line.isprintable()


def test_a_body_that_ends_early(error_log: Log) -> None:
    """A body shorter than its Content-Length is a 400 (RFC 9112 8), and one line."""
    app = App([("/", "reads", Reads)])
    with running(app) as server, server.connect() as client:
        client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\nhello")
        client.finish()
        assert client.read().status == 400
    (line,) = error_log.lines()
    assert "bad request" in line


def lines_of_body(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """Reads the body line by line, and lets its errors through."""
    lines = list(environ["wsgi.input"])
    start_response("200 OK", [PLAIN])
    return lines


def test_applications_without_werkzeug(error_log: Log) -> None:
    """Other WSGI applications see an OSError; if they let it through, it is a 400 as well."""
    with running(lines_of_body) as server, server.connect() as client:
        client.send(f"{CHUNKED}5\r\nhello\r\nzz\r\n")
        answer = client.read()
        assert (answer.status, answer.body) == (400, b"Bad Request\n")
    assert len(error_log.lines()) == 1


def test_a_malformed_chunk_that_nobody_read(error_log: Log) -> None:
    """A body that the application has not read is checked as well, and ends the connection."""
    with running(answering()) as server, server.connect() as client:
        client.send(f"{CHUNKED}zz\r\nGET / HTTP/1.1\r\nHost: test\r\n\r\n")
        assert client.read().status == 200
        assert client.rest() == b""
    assert len(error_log.lines()) == 1


def test_a_broken_body_in_the_middle_of_an_answer() -> None:
    """Where the answer has begun, it is cut, so that the client sees that its end is missing."""

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterator[bytes]:
        start_response("200 OK", [PLAIN])
        yield b"head"
        yield environ["wsgi.input"].read()

    with running(app) as server, server.connect() as client:
        client.send(f"{CHUNKED}zz\r\n")
        assert client.rest().endswith(b"\r\n\r\n4\r\nhead\r\n")


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("Content-Length: 12\r\n", "one\ntwo\nrest"),
        ("Transfer-Encoding: chunked\r\n", "6\r\none\ntw\r\n6\r\no\nrest\r\n0\r\n\r\n"),
    ],
)
def test_bodies_are_read_in_every_way(head: str, body: str) -> None:
    """`wsgi.input` has all the methods of PEP 3333, with a length or in chunks."""
    seen: list[object] = []

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        stream = environ["wsgi.input"]
        match environ["PATH_INFO"]:
            case "/read":
                seen.append((stream.read(3), stream.read(1), stream.read(-1), stream.read()))
            case "/readline":
                seen.append((stream.readline(), stream.readline(2), stream.readline(-1)))
            case "/readlines":
                seen.append(stream.readlines())
            case _:
                seen.append(list(stream))
        start_response("204 No Content", [])
        return []

    with running(app) as server, server.connect() as client:
        for path in ("/read", "/readline", "/readlines", "/iterate"):
            client.send(f"POST {path} HTTP/1.1\r\nHost: test\r\n{head}\r\n{body}")
            assert client.read().status == 204
    lines = [b"one\n", b"two\n", b"rest"]
    assert seen[0] == (b"one", b"\n", b"two\nrest", b"")
    assert seen[2:] == [lines, lines]
    assert seen[1] == (b"one\n", b"tw", b"o\n")


def test_expect_100_continue() -> None:
    """A client that waits to be asked for its body is asked when the application reads."""
    with running(lines_of_body) as server, server.connect() as client:
        client.send(
            "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"
        )
        assert client.read().status == 100
        client.send("hello")
        assert client.read().body == b"hello"


def test_a_client_that_leaves_while_its_body_is_read() -> None:
    """The application is not left waiting for a body whose client has gone."""
    ended = gevent.event.Event()

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        try:
            environ["wsgi.input"].read()
        finally:
            ended.set()
        raise AssertionError("the body is not whole")

    with running(app) as server:
        client = server.connect()
        client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\nhello")
        client.reset()
        assert ended.wait(TIMEOUT)
