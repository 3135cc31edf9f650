"""A server that stops can hand its connections over to the next one; no request is lost."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import gevent
import pytest
from gevent.event import Event

from tests.support.http import TIMEOUT, Connection
from tests.support.local import Local, running
from tests.support.wsgi import PLAIN, answering, streaming
from webzeug.manifest.model import Server as ServerOptions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

GET = "GET / HTTP/1.1\r\nHost: test\r\n\r\n"


class Pair:
    """An old server, and the new one that its connections go to."""

    def __init__(self, old: Local, new: Local) -> None:
        self.old = old
        self.new = new
        self.handed_over = 0

    def hand_over(self, sock: Any, address: Any) -> None:
        self.handed_over += 1
        self.new.server.adopt(socket.socket(fileno=socket.dup(sock.fileno())), address)

    def stop_old(self) -> "gevent.Greenlet[[], None]":
        self.old.server.leave(self.hand_over)
        return gevent.spawn(self.old.server.stop)


@contextmanager
def pair(old: "WSGIApplication", grace: float = TIMEOUT) -> Iterator[Pair]:
    """A server with an application, and one that says ``new``."""
    options = ServerOptions(bind="127.0.0.1:0", grace=grace)
    with running(answering([b"new"])) as successor, running(old, options) as server:
        yield Pair(server, successor)


class Gate:
    """Answers ``old`` when it is let through."""

    def __init__(self) -> None:
        self.entered = Event()
        self.open = Event()

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> "Iterable[bytes]":
        self.entered.set()
        self.open.wait()
        start_response("200 OK", [PLAIN])
        return [b"old"]


def test_idle_connections_go_on_with_the_next_server() -> None:
    """A kept connection, and one that has asked nothing yet, are answered by the new server."""
    with pair(answering([b"old"])) as servers:
        kept, silent = servers.old.connect(), servers.old.connect()
        assert kept.get().body == b"old"
        servers.stop_old().get(timeout=TIMEOUT)
        assert (kept.get().body, silent.get().body) == (b"new", b"new")
        assert (kept.get().body, servers.handed_over) == (b"new", 2)


def test_a_request_under_way_is_answered_first() -> None:
    """The old server answers what it has begun; the connection goes on with the new one."""
    gate = Gate()
    with pair(gate) as servers:
        client = servers.old.connect()
        client.send(GET)
        assert gate.entered.wait(TIMEOUT)
        stop = servers.stop_old()
        gate.open.set()
        answer = client.read()
        assert (answer.body, answer.field("Connection")) == (b"old", None)
        stop.get(timeout=TIMEOUT)
        assert client.get().body == b"new"


def test_requests_that_have_been_read_are_answered_by_whoever_read_them() -> None:
    """Pipelined requests are in the old server's buffer, so it answers all of them."""
    gate = Gate()
    with pair(gate) as servers:
        client = servers.old.connect()
        client.send(GET * 3)
        assert gate.entered.wait(TIMEOUT)
        stop = servers.stop_old()
        gate.open.set()
        assert [client.read().body for _ in range(3)] == [b"old"] * 3
        stop.get(timeout=TIMEOUT)
        assert client.get().body == b"new"


def test_a_request_that_has_begun_to_arrive_stays() -> None:
    """A connection with half a request line is not idle."""
    with pair(answering([b"old"])) as servers:
        client = servers.old.connect()
        client.send(GET[:5])
        gevent.sleep(0.01)
        stop = servers.stop_old()
        gevent.sleep(0.01)
        client.send(GET[5:])
        assert client.read().body == b"old"
        stop.get(timeout=TIMEOUT)
        assert client.get().body == b"new"


def test_a_connection_that_the_client_closes_meanwhile() -> None:
    """A client that has left is not missed by either server."""
    with pair(answering([b"old"])) as servers:
        client = servers.old.connect()
        assert client.get().body == b"old"
        client.close()
        servers.stop_old().get(timeout=TIMEOUT)
        assert servers.new.get().body == b"new"


def test_a_stream_goes_on_until_its_end() -> None:
    """A stream that began with the old server ends there, and then its connection moves."""
    gate = Event()

    def blocks() -> Iterator[bytes]:
        yield b"first"
        gate.wait()
        yield b"last"

    with pair(streaming(blocks())) as servers:
        client = servers.old.connect()
        client.send(GET)
        assert client.socket.recv(5) == b"HTTP/"
        stop = servers.stop_old()
        gevent.sleep(0.01)
        gate.set()
        rest = b""
        while not rest.endswith(b"0\r\n\r\n"):
            rest += client.file.read1()
        assert b"5\r\nfirst\r\n4\r\nlast\r\n" in rest
        stop.get(timeout=TIMEOUT)
        assert client.get().body == b"new"


@pytest.mark.parametrize("clients", [50])
def test_clients_that_never_pause_notice_nothing(clients: int) -> None:
    """Clients that ask without a pause get an answer to each request, in order old, then new."""
    with pair(answering([b"old"])) as servers:
        seen_new = Event()

        def ask(client: Connection) -> list[bytes]:
            bodies = [client.get().body]
            while not seen_new.is_set() or bodies[-1] == b"old":
                bodies.append(client.get().body)
                if bodies[-1] == b"new":
                    seen_new.set()
            return bodies

        asking = [gevent.spawn(ask, servers.old.connect()) for _ in range(clients)]
        gevent.sleep(0.05)
        servers.stop_old().get(timeout=TIMEOUT)
        for greenlet in asking:
            bodies = greenlet.get(timeout=TIMEOUT)
            assert bodies == sorted(bodies, reverse=True)
            assert bodies[-1] == b"new"


def test_a_server_that_has_stopped_adopts_nothing() -> None:
    """A connection that comes too late is closed."""
    with running(answering()) as server:
        server.server.stop()
        ours, theirs = socket.socketpair()
        server.server.adopt(theirs, "")
        assert (ours.recv(1), theirs.fileno()) == (b"", -1)
        ours.close()
