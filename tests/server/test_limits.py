"""Clients that dawdle, flood or ask for too much: each is let go, and the others are served.

The limits are tiny here; ``benchmarks/slow_clients.py`` has them whole, and timed.
"""

import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import gevent
import pytest
from gevent.event import Event

from tests.support.http import TIMEOUT, Connection
from tests.support.local import Local, running
from tests.support.wsgi import PLAIN, answering
from webzeug import App, Response, View
from webzeug.manifest.model import Server as ServerOptions
from webzeug.server.body import LargeBodyError, SlowBodyError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HEAD = "GET / HTTP/1.1\r\nHost: test\r\n"
POST = "POST / HTTP/1.1\r\nHost: test\r\n"
CHUNKED = f"{POST}Transfer-Encoding: chunked\r\n\r\n"
DRIP = 0.02


def options(**limits: Any) -> ServerOptions:
    return ServerOptions(bind="127.0.0.1:0", grace=0, **limits)


SHORT = options(
    header_timeout=0.1, body_timeout=0.1, body_rate=10_000, keep_alive=0.1, write_timeout=0.1
)


class Reads(View):
    """Reads the body, and answers with its length."""

    def POST(self) -> Response:
        return Response(str(len(self.request.get_data())))

    def GET(self) -> Response:
        return Response("x" * 20_000_000)


def drip(client: Connection, text: str) -> None:
    """Send an octet now and then, until the server has had enough."""
    with suppress(OSError):
        for octet in text:
            client.send(octet)
            gevent.sleep(DRIP)


def send(text: str) -> Callable[[Connection], None]:
    return lambda client: client.send(text)


def drips(start: str, rest: str) -> Callable[[Connection], None]:
    def act(client: Connection) -> None:
        client.send(start)
        gevent.spawn(drip, client, rest)

    return act


def never_reads(client: Connection) -> None:
    client.send(f"{HEAD}\r\n")


def keeps(client: Connection) -> None:
    client.send(f"{POST}\r\n")
    assert client.read().body == b"0"


SLOW: dict[str, tuple[Callable[[Connection], None], str]] = {
    "silent": (send(""), ""),
    "half a request line": (send("GET /"), "408"),
    "no end of the header section": (send(HEAD), "408"),
    "drips the request line": (drips("GET /", "a" * 500), "408"),
    "drips header fields": (drips(HEAD, "X: y\r\n" * 90), "408"),
    "an empty line, and silence": (send("\r\n"), "408"),
    "idle after an answer": (keeps, ""),
    "no body": (send(f"{POST}Content-Length: 5\r\n\r\n"), "408"),
    "drips the body": (drips(f"{POST}Content-Length: 500\r\n\r\n", "a" * 500), "408"),
    "drips a chunk": (drips(f"{CHUNKED}1F4\r\n", "a" * 500), "408"),
    "drips a chunk's line": (drips(f"{CHUNKED}1;", "a" * 500), "408"),
    "drips trailers": (drips(f"{CHUNKED}0\r\n", "X: y\r\n" * 40), "408"),
    "never reads": (never_reads, "200"),
}


@pytest.mark.parametrize("kind", SLOW)
def test_slow_clients_are_let_go(kind: str) -> None:
    """A client that keeps us waiting loses its connection, and is told why where it asked."""
    act, status = SLOW[kind]
    app = App([("/", "reads", Reads)])
    with running(app, SHORT) as server:
        client = server.connect()
        act(client)
        with gevent.Timeout(TIMEOUT):
            if status == "200":
                while not server.server.connections:
                    gevent.sleep(0)
                wait_until_free(server)
                # The rest is not left to the system: the connection is reset.
                with pytest.raises(ConnectionResetError):
                    client.rest()
            else:
                assert client.rest()[9:12].decode() == status
                wait_until_free(server)


def wait_until_free(server: Local) -> None:
    """Until the server has no connection left."""
    while server.server.connections:
        gevent.sleep(0.01)


def test_a_slow_application_is_not_a_slow_client() -> None:
    """Only what we wait for the client counts as its time."""
    waited: list[bytes] = []

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        waited.append(environ["wsgi.input"].read(2))
        gevent.sleep(0.15)
        waited.append(environ["wsgi.input"].read())
        start_response("200 OK", [PLAIN])
        return waited

    with running(app, SHORT) as server, server.connect() as client:
        client.send(f"{POST}Content-Length: 5\r\n\r\nhe")
        gevent.sleep(0.05)
        client.send("llo")
        assert client.read().body == b"hello"


def test_a_steady_body_may_take_long() -> None:
    """Above `body_rate`, a body may take longer than `body_timeout`."""
    limits = options(body_timeout=0.05, body_rate=100)
    with running(App([("/", "reads", Reads)]), limits) as server, server.connect() as client:
        client.send(f"{POST}Content-Length: 200\r\n\r\n")
        for _ in range(20):
            client.send("x" * 10)
            gevent.sleep(0.01)
        assert client.read().body == b"200"


@pytest.mark.parametrize(
    ("sent", "status", "error"),
    [
        (f"{POST}Content-Length: 5\r\n\r\n", 408, SlowBodyError),
        (f"{CHUNKED}FFFF\r\n", 413, LargeBodyError),
    ],
)
def test_other_applications_see_the_error(sent: str, status: int, error: type[Exception]) -> None:
    """An application without Werkzeug that lets it through gets the same status."""
    errors: list[type[BaseException]] = []

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        try:
            environ["wsgi.input"].read()
        except Exception as failure:
            errors.append(type(failure))
            raise
        raise AssertionError

    limits = options(body_timeout=0.05, max_body=1000)
    with running(app, limits) as server, server.connect() as client:
        client.send(sent)
        assert client.read().status == status
    assert errors == [error]


class Blocking:
    """An application that answers when it is told to."""

    def __init__(self) -> None:
        self.go = Event()
        self.entered = Event()

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        self.entered.set()
        assert self.go.wait(TIMEOUT)
        start_response("200 OK", [PLAIN])
        return [b"done"]


def test_connections_beyond_the_cap_wait() -> None:
    """One connection more than `max_connections` waits until one of them ends."""
    app = Blocking()
    with running(app, options(max_connections=1, max_waiting=1)) as server:
        first, second = server.connect(), server.connect()
        first.send(f"{HEAD}Connection: close\r\n\r\n")
        second.send(f"{HEAD}Connection: close\r\n\r\n")
        assert app.entered.wait(TIMEOUT)
        app.go.set()
        assert (first.read().body, second.read().body) == (b"done", b"done")


def test_connections_beyond_the_queue_are_turned_away(caplog: pytest.LogCaptureFixture) -> None:
    """Where as many wait as may, the next is answered 503 (RFC 9110 15.6.4), and logged."""
    app = Blocking()
    with running(app, options(max_connections=1, max_waiting=1)) as server:
        first, second = server.connect(), server.connect()
        first.send(f"{HEAD}Connection: close\r\n\r\n")
        assert app.entered.wait(TIMEOUT)
        while server.server.connections < 2:
            gevent.sleep(0.001)
        answer = server.connect().read()
        assert (answer.status, answer.field("Retry-After")) == (503, "5")
        assert answer.field("Connection") == "close"
        app.go.set()
        second.close()
        assert first.read().body == b"done"
    (line,) = [r.message for r in caplog.records if r.name == "webzeug.error"]
    assert line == "127.0.0.1: turned away: there are too many connections"


def test_who_waits_for_too_long_is_turned_away() -> None:
    """A connection waits for its turn as long as for a header section, and then gets 503."""
    app = Blocking()
    with running(app, options(max_connections=1, header_timeout=0.05)) as server:
        server.connect().send(f"{HEAD}\r\n")
        assert app.entered.wait(TIMEOUT)
        assert server.get().status == 503
        app.go.set()


def test_a_flood_at_the_cap() -> None:
    """Silent connections by the dozen are all let go; an honest client gets its answer."""
    limits = options(max_connections=40, max_waiting=40, header_timeout=0.2)
    with running(answering(), limits) as server:
        flood = [server.connect() for _ in range(100)]
        with gevent.Timeout(TIMEOUT):
            statuses = {client.rest()[9:12] for client in flood}
            wait_until_free(server)
        assert statuses <= {b"", b"503"}
        assert b"503" in statuses
        assert server.get().body == b"hello"


@pytest.mark.parametrize(
    ("limit", "sent", "status"),
    [
        ({"max_request_line": 20}, f"GET /{'a' * 20} HTTP/1.1\r\nHost: test\r\n\r\n", 414),
        ({"max_field": 20}, f"{HEAD}X: {'y' * 20}\r\n\r\n", 431),
        ({"max_fields": 2}, f"{HEAD}X: y\r\nX: y\r\n\r\n", 431),
        ({"max_header": 30}, f"{HEAD}X: y\r\nX: yyyyyyyyyyyy\r\n\r\n", 431),
        ({"max_body": 4}, f"{POST}Content-Length: 5\r\n\r\n", 413),
        ({"max_body": 0}, f"{POST}Content-Length: 1\r\n\r\n", 413),
    ],
)
def test_every_size_can_be_set(limit: dict[str, int], sent: str, status: int) -> None:
    """Each limit of a size is the option's; a request within it is served."""
    with running(answering(), options(**limit)) as server, server.connect() as client:
        assert client.get().status == 200
        client.send(sent)
        assert client.read().status == status
        assert client.rest() == b""


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("example.com", 200),
        ("EXAMPLE.com:8000", 200),
        ("example.com.", 200),
        ("a.b.example.org", 200),
        ("example.org", 200),
        ("[::1]", 200),
        ("evilexample.org", 421),
        ("example.com.evil", 421),
        ("a.example.com", 421),
    ],
)
def test_trusted_hosts(host: str, status: int) -> None:
    """Other hosts than `trusted_hosts` are answered 421 (RFC 9110 7.4)."""
    limits = options(trusted_hosts=["example.com", ".Example.org", "[::1]"])
    with running(answering(), limits) as server, server.connect() as client:
        assert client.get(host=host).status == status
    with running(answering(), limits) as server, server.connect() as client:
        client.send(f"GET http://{host}/ HTTP/1.1\r\nHost: example.com\r\n\r\n")
        assert client.read().status == status


def test_trusted_hosts_need_a_host() -> None:
    """HTTP/1.0 without Host is not one of them."""
    limits = options(trusted_hosts=["example.com"])
    with running(answering(), limits) as server, server.connect() as client:
        client.send("GET / HTTP/1.0\r\n\r\n")
        assert client.read().status == 421


def test_the_server_field_can_be_left_out() -> None:
    """Without `server_header`, no answer says what serves it; an application still may."""
    with running(answering(), options(server_header=False)) as server:
        assert server.get().field("Server") is None
    app = answering([], "200 OK", ("Server", "mine"))
    with running(app, options(server_header=False)) as server:
        assert server.get().field("Server") == "mine"


def test_a_refused_client_can_read_its_answer() -> None:
    """What it still sends does not cost it the answer (RFC 9112 9.6)."""
    with running(answering(), options(max_body=10)) as server, server.connect() as client:
        client.send(f"{POST}Content-Length: 1000000\r\n\r\n")
        client.send("x" * 1_000_000)
        assert client.read().status == 413
        assert client.rest() == b""


def silent_after(first: bytes, closed: Event) -> "WSGIApplication":
    """A stream that says something, and then nothing any more."""

    def stream() -> Iterator[bytes]:
        try:
            yield first
            while True:
                with suppress(Exception):  # an application that survives any error
                    gevent.sleep(TIMEOUT)
        finally:
            closed.set()

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        start_response("200 OK", [PLAIN])
        return stream()

    return app


@pytest.mark.parametrize("how", ["closes", "resets", "finishes", "closes with a request behind"])
def test_a_stream_whose_client_leaves_is_closed(
    how: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Also while it is silent, its iterator is closed; nothing is logged as an error."""
    closed = Event()
    with running(silent_after(b"first", closed)) as server:
        client = server.connect()
        client.send(f"{HEAD}\r\n")
        while b"first" not in client.file.readline():
            pass
        match how:
            case "closes":
                client.close()
            case "resets":
                client.reset()
            case "finishes":
                client.finish()
            case _:
                client.send(f"{HEAD}\r\n")
                client.close()
        assert closed.wait(TIMEOUT)
        with gevent.Timeout(TIMEOUT):
            wait_until_free(server)
    assert not [record for record in caplog.records if record.name == "webzeug.error"]
    assert capfd.readouterr() == ("", "")


def test_a_client_that_finishes_before_the_answer_gets_it() -> None:
    """A client may close its side once it has asked (RFC 9112 9.6), and still be answered."""
    app = Blocking()
    with running(app) as server, server.connect() as client:
        client.send(f"{HEAD}\r\n")
        client.finish()
        assert app.entered.wait(TIMEOUT)
        app.go.set()
        assert client.read().body == b"done"
        assert client.rest() == b""


def test_requests_behind_a_stream_are_answered() -> None:
    """What a client sends while it gets a stream is read as the next requests."""
    more = Event()

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterator[bytes]:
        start_response("200 OK", [PLAIN])
        yield b"one"
        assert more.wait(TIMEOUT)
        yield environ["PATH_INFO"].encode()

    with running(app) as server, server.connect() as client:
        client.send("GET /a HTTP/1.1\r\nHost: test\r\n\r\n")
        client.send("GET /b HTTP/1.1\r\nHost: test\r\n\r\n" * 3)
        more.set()
        assert [client.read().body for _ in range(4)] == [b"one/a"] + [b"one/b"] * 3


def test_a_flood_of_requests_behind_a_stream_is_not_taken_in() -> None:
    """Only some of it is read ahead; the rest waits in the system, and all is answered."""
    more = Event()

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterator[bytes]:
        start_response("200 OK", [PLAIN])
        yield b"one"
        assert more.wait(TIMEOUT)

    with running(app) as server, server.connect() as client:
        field = f"X: {'y' * 8000}\r\n"
        client.send(f"{HEAD}\r\n")
        client.send(f"{HEAD}{field}\r\n" * 10)
        gevent.sleep(0.05)
        more.set()
        assert [client.read().body for _ in range(11)] == [b"one"] * 11


def test_an_upgraded_connection_has_no_deadlines() -> None:
    """After a 101, socket and input are the application's, for as long as it likes."""
    limits: list[float | None] = []

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        fields = [("Connection", "Upgrade"), ("Upgrade", "echo")]
        start_response("101 Switching Protocols", fields)(b"")
        sock = environ["webzeug.socket"]
        limits.append(sock.gettimeout())
        first = environ["wsgi.input"].readline()
        sock.sendall(first + sock.recv(5))
        return []

    with running(app, SHORT) as server, server.connect() as client:
        client.send(f"{HEAD}Connection: Upgrade\r\nUpgrade: echo\r\n\r\nearly\n")
        assert client.read().status == 101
        gevent.sleep(0.2)
        client.send("late\n")
        assert client.rest() == b"early\nlate\n"
    assert limits == [None]


def test_an_upgraded_connection_ends_with_its_client() -> None:
    """After a 101, the input ends where the client does, and not before."""
    read: list[bytes] = []

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        start_response("101 Switching Protocols", [("Upgrade", "echo")])(b"")
        read.append(environ["wsgi.input"].read())
        return []

    with running(app) as server, server.connect() as client:
        client.send(f"{HEAD}Connection: Upgrade\r\nUpgrade: echo\r\n\r\nall")
        client.finish()
        assert client.read().status == 101
        assert client.rest() == b""
    assert read == [b"all"]


def test_a_length_that_is_none_is_a_failure(caplog: pytest.LogCaptureFixture) -> None:
    """An application whose Content-Length is no number is answered for with 500."""
    app = answering([b"x"], "200 OK", ("Content-Length", "many"))
    with running(app) as server:
        assert server.get().status == 500
    (record,) = [record for record in caplog.records if record.name == "webzeug.error"]
    assert record.exc_info is not None
    assert "'many'" in str(record.exc_info[1])


@pytest.mark.parametrize(
    ("length", "problem"),
    [("3", "longer than it says"), ("9", "4 octets shorter than it says")],
)
def test_a_wrong_length_is_logged(
    length: str, problem: str, caplog: pytest.LogCaptureFixture
) -> None:
    """An application that miscounts is told so in the log, and the connection ends."""
    app = answering([b"hello"], "200 OK", ("Content-Length", length))
    with running(app) as server, server.connect() as client:
        client.send(f"{HEAD}\r\n")
        assert client.rest().endswith(b"\r\n\r\n" + b"hello"[: int(length)])
    (line,) = [r.message for r in caplog.records if r.name == "webzeug.error"]
    assert line == f"GET /: the body is {problem}"


def test_who_is_turned_away_may_have_left() -> None:
    """A client that has reset its connection before it is turned away harms nobody."""
    app = Blocking()
    with running(app, options(max_connections=1, max_waiting=0)) as server:
        first = server.connect()
        first.send(f"{HEAD}Connection: close\r\n\r\n")
        assert app.entered.wait(TIMEOUT)
        for _ in range(5):
            client = socket.create_connection((server.address.host, server.address.port))
            Connection(client).reset()
        app.go.set()
        assert first.read().body == b"done"


@pytest.mark.parametrize(
    ("sent", "turns"),
    [
        (f"{HEAD}\r\n" * 640, 39),
        (CHUNKED + "1\r\nx\r\n" * 10_000 + "0\r\n\r\n", 19),
        (f"{POST}Content-Length: 150000\r\n\r\n{'x' * 150_000}", 2),
    ],
    ids=["requests", "chunks", "octets"],
)
def test_a_fast_client_leaves_others_their_turn(sent: str, turns: int) -> None:
    """However much a client has sent already, others are served meanwhile."""
    ticks = [0]
    seen: list[int] = []

    def tick() -> None:
        while True:
            ticks[0] += 1
            gevent.sleep(0)

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        seen.append(ticks[0])
        environ["wsgi.input"].read()
        seen.append(ticks[0])
        start_response("200 OK", [PLAIN])
        return [b"x"]

    with running(app) as server:
        ticking = gevent.spawn(tick)
        # All of it is there before the server, which shares our thread, reads the first octet.
        client = socket.create_connection((server.address.host, server.address.port), TIMEOUT)
        client.sendall(sent.encode())
        with gevent.Timeout(TIMEOUT):
            while len(seen) < 2 * sent.count("HTTP/1.1"):
                gevent.sleep(0)
        ticking.kill()
        client.close()
    assert seen[-1] - seen[0] >= turns
