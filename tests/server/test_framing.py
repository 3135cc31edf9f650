"""Answers: in few sends, and framed so that the next one on the connection is in step."""

import socket
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.http import Connection
from tests.support.local import connect, running
from tests.support.wsgi import PLAIN, answering, streaming
from webzeug.server.answering import ONE_SEND
from webzeug.server.handler import Handler
from webzeug.server.serve import GeventServer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

GET = "GET / HTTP/1.1\r\nHost: test\r\n\r\n"


@pytest.fixture
def packets(tmp_path: Path) -> socket.socket:
    """A listener whose connections keep the bounds of each send."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind(str(tmp_path / "packets"))
    listener.listen()
    return listener


def test_a_small_answer_is_one_send(packets: socket.socket) -> None:
    """Header section and body leave together, also on a connection that is kept."""
    with running(answering([b"hello"]), listener=packets) as server:
        client = connect(server.address.path, socket.SOCK_SEQPACKET)
        for _ in range(3):
            client.send(GET.encode())
            answer = client.recv(65536)
            assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
            assert answer.endswith(b"\r\n\r\nhello")
        client.close()


def test_an_answer_without_a_body_is_one_send(packets: socket.socket) -> None:
    """So does an answer whose body is empty."""
    with running(answering([]), listener=packets) as server:
        client = connect(server.address.path, socket.SOCK_SEQPACKET)
        client.send(GET.encode())
        head, end, body = client.recv(65536).partition(b"\r\n\r\n")
        assert (b"Content-Length: 0\r\n" in head, end, body) == (True, b"\r\n\r\n", b"")
        client.close()


def test_the_first_block_of_a_stream_leaves_with_the_head(packets: socket.socket) -> None:
    """Of a stream, each further block is a send of its own."""
    with running(streaming([b"one", b"two"]), listener=packets) as server:
        client = connect(server.address.path, socket.SOCK_SEQPACKET)
        client.send(GET.encode())
        sends = [client.recv(65536) for _ in range(3)]
        assert sends[0].endswith(b"\r\n\r\n3\r\none\r\n")
        assert sends[1:] == [b"3\r\ntwo\r\n", b"0\r\n\r\n"]
        client.close()


def test_nagle_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """A TCP connection has TCP_NODELAY: a small send does not wait for the last one's ACK."""
    nodelay: list[int] = []

    class Looking(Handler):
        def handle(self) -> None:
            nodelay.append(self.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            super().handle()

    monkeypatch.setattr(GeventServer, "handler_class", Looking)
    with running(answering()) as server:
        server.get()
    assert nodelay == [1]


@pytest.mark.parametrize("size", [ONE_SEND, ONE_SEND + 1, 3_000_000])
@pytest.mark.parametrize("stream", [False, True])
def test_large_bodies_arrive_whole(size: int, stream: bool) -> None:
    """A body of any size arrives, with its length or in chunks."""
    body = [bytes(range(250)) * (size // 250 + 1)]
    with running(streaming(body) if stream else answering(body)) as server:
        answer = server.get()
        assert b"".join(body) == answer.body
        assert stream == (answer.field("Transfer-Encoding") == "chunked")


def test_chunks() -> None:
    """A body of unknown length is sent in chunks (RFC 9112 7.1); empty blocks end nothing."""
    with running(streaming([b"one", b"", b"two"])) as server, server.connect() as client:
        for _ in range(2):
            answer = client.get()
            assert (answer.body, answer.field("Transfer-Encoding")) == (b"onetwo", "chunked")
            assert answer.field("Content-Length") is None


@pytest.mark.parametrize(
    "app",
    [
        answering([b"hello"]),
        streaming([b"hello", b"more"]),
        answering([b"hello"], "200 OK", ("Content-Length", "5")),
        streaming([b"hello"], "200 OK", ("Content-Length", "5")),
    ],
    ids=["list", "stream", "list with length", "stream with length"],
)
def test_head_has_no_body(app: "WSGIApplication") -> None:
    """HEAD is answered without one octet of body (RFC 9110 9.3.2); the next answer is in step."""
    with running(app) as server, server.connect() as client:
        client.send(GET.replace("GET", "HEAD") + GET)
        head = client.read("HEAD")
        get = client.read()
        assert (head.status, get.status) == (200, 200)
        assert get.body.startswith(b"hello")
        assert head.field("Content-Length") == get.field("Content-Length")


def test_head_of_nothing_claims_no_length() -> None:
    """What an application returns for HEAD says nothing about GET (RFC 9110 8.6)."""
    with running(answering([])) as server:
        assert server.get(method="HEAD").field("Content-Length") is None


def test_head_of_an_endless_stream_ends() -> None:
    """For HEAD, a stream is closed after its first block."""
    closed = []

    def ticks() -> Iterator[bytes]:
        try:
            while True:
                yield b"tick\n"
        finally:
            closed.append(True)

    with running(streaming(ticks())) as server, server.connect() as client:
        assert client.get(method="HEAD").status == 200
        assert closed


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
@pytest.mark.parametrize("kind", [answering, streaming])
@pytest.mark.parametrize("body", [[b"hello"], []])
def test_statuses_without_a_body(
    status: str, kind: Callable[[list[bytes], str], "WSGIApplication"], body: list[bytes]
) -> None:
    """204 and 304 have no octet of body (RFC 9110 6.4.1), whatever the application says."""
    with running(kind(body, status)) as server, server.connect() as client:
        client.send(GET + GET)
        for _ in range(2):
            answer = client.read()
            assert int(status[:3]) == answer.status
            assert (
                answer.field("Content-Length"),
                answer.field("Transfer-Encoding"),
            ) == (None, None)


def test_204_has_no_length() -> None:
    """A 204 never has a Content-Length, not even 0 (RFC 9110 8.6)."""
    app = answering([], "204 No Content", ("Content-Length", "0"))
    with running(app) as server:
        assert server.get().field("Content-Length") is None


def http_1_0(client: Connection, connection: str) -> None:
    client.send(f"GET / HTTP/1.0\r\nConnection: {connection}\r\n\r\n")


def test_http_1_0_keeps_the_connection_if_asked() -> None:
    """HTTP/1.0 with keep-alive goes on where the body's end is known."""
    with running(answering([b"hello"])) as server, server.connect() as client:
        for _ in range(2):
            http_1_0(client, "keep-alive")
            answer = client.read()
            assert (answer.body, answer.field("Connection")) == (b"hello", "keep-alive")
        http_1_0(client, "close")
        assert client.read().field("Connection") == "close"
        assert client.rest() == b""


def test_a_stream_for_http_1_0_ends_with_the_connection() -> None:
    """HTTP/1.0 knows no chunks: the end of the connection is the body's (RFC 9112 6.3)."""
    with running(streaming([b"one", b"two"])) as server, server.connect() as client:
        http_1_0(client, "keep-alive")
        answer = client.read()
        assert (answer.body, answer.field("Connection")) == (b"onetwo", "close")
        assert answer.field("Transfer-Encoding") is None


def test_a_client_that_closes_is_told_so() -> None:
    """A client that asks for the end of the connection gets it, and is told (RFC 9112 9.6)."""
    with running(answering([b"hello"])) as server, server.connect() as client:
        assert client.get().field("Connection") is None
        answer = client.get(fields="Connection: close\r\n")
        assert answer.field("Connection") == "close"
        assert client.rest() == b""


def test_an_application_may_end_the_connection() -> None:
    """An application's own `Connection: close` is said once, and done."""
    app = answering([b"hello"], "200 OK", ("Connection", "close"))
    with running(app) as server, server.connect() as client:
        assert client.get().field("Connection") == "close"
        assert client.rest() == b""


def test_the_server_field() -> None:
    """`Server` says webzeug without a version, unless the application says something else."""
    with running(answering([])) as server:
        assert server.get().field("Server") == "webzeug"
    with running(answering([], "200 OK", ("Server", "mine"))) as server:
        assert server.get().field("Server") == "mine"


def test_an_upgraded_connection_is_the_applications() -> None:
    """After 101, octets go out as they are, and none that come in are taken for HTTP."""

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        fields = [("Connection", "Upgrade"), ("Upgrade", "echo")]
        write = start_response("101 Switching Protocols", fields)
        write(b"")
        write(environ["wsgi.input"].readline())
        return []

    with running(app) as server, server.connect() as client:
        client.send(
            "GET / HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n"
            "not HTTP\nGET / HTTP/1.1\r\nHost: test\r\n\r\n"
        )
        answer = client.read()
        assert (answer.status, answer.field("Connection")) == (101, "Upgrade")
        assert (answer.field("Content-Length"), answer.field("Transfer-Encoding")) == (None, None)
        assert client.rest() == b"not HTTP\n"


def test_pipelined_requests_are_answered_in_order() -> None:
    """Requests that arrive together are answered one after the other (RFC 9112 9.3.2)."""

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        start_response("200 OK", [PLAIN])
        return [environ["PATH_INFO"].encode()]

    with running(app) as server, server.connect() as client:
        client.send("".join(GET.replace("/ ", f"/{number} ") for number in range(5)))
        assert [f"/{number}".encode() for number in range(5)] == [
            client.read().body for _ in range(5)
        ]
