"""The server starts, serves on what it is given, and ends without dropping what is under way."""

import os
import resource
import socket
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gevent
import pytest
from gevent.event import Event
from gevent.pool import Pool

from tests.support.http import TIMEOUT, Connection
from tests.support.local import Local, connect, running
from tests.support.wsgi import PLAIN, answering, streaming
from webzeug.manifest.address import Address
from webzeug.manifest.model import Server as ServerOptions
from webzeug.server.listening import BindError
from webzeug.server.serve import GeventServer, Server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

GET = "GET / HTTP/1.1\r\nHost: test\r\n\r\n"


def options(grace: float = TIMEOUT, max_connections: int = 1000) -> ServerOptions:
    return ServerOptions("127.0.0.1:0", grace=grace, max_connections=max_connections)


class Gate:
    """An application whose requests wait until they are let through."""

    def __init__(self) -> None:
        self.entered = Event()
        self.open = Event()
        self.left = Event()
        self.saw_the_end = Event()

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        self.entered.set()
        try:
            self.open.wait()
            if environ["webzeug.stopping"].is_set():
                self.saw_the_end.set()
            start_response("200 OK", [PLAIN])
            return [b"done"]
        finally:
            self.left.set()


def begin(server: Local, gate: Gate) -> Connection:
    """A connection with a request that waits at the gate."""
    client = server.connect()
    client.send(GET)
    assert gate.entered.wait(TIMEOUT)
    return client


def stopping(server: Local) -> "gevent.Greenlet[[], None]":
    """Stop the server in a greenlet; returns when it listens no more."""
    stop = gevent.spawn(server.server.stop)
    gevent.sleep(0)
    return stop


def refuses(server: Local) -> bool:
    """Whether the server takes no more connections."""
    try:
        server.connect().close()
    except ConnectionRefusedError:
        return True
    return False


def test_a_request_under_way_finishes() -> None:
    """What has begun when the server stops is answered, and told that the connection ends."""
    gate = Gate()
    with running(gate, options()) as server:
        client = begin(server, gate)
        stop = stopping(server)
        assert refuses(server)
        gate.open.set()
        answer = client.read()
        assert (answer.body, answer.field("Connection")) == (b"done", "close")
        assert client.rest() == b""
        stop.get(timeout=TIMEOUT)
        assert gate.saw_the_end.is_set()


def test_http_1_0_is_told_that_the_connection_ends() -> None:
    """A client of HTTP/1.0 that was promised to be kept is told of the end as well."""
    gate = Gate()
    with running(gate, options()) as server:
        client = server.connect()
        client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        assert gate.entered.wait(TIMEOUT)
        stop = stopping(server)
        gate.open.set()
        assert client.read().field("Connection") == "close"
        stop.get(timeout=TIMEOUT)


def test_idle_connections_are_let_go() -> None:
    """Connections that are kept, or that never asked for anything, do not hold up the end."""
    with running(answering(), options()) as server:
        kept, silent = server.connect(), server.connect()
        assert kept.get().status == 200
        server.server.stop()
        assert (kept.rest(), silent.rest()) == (b"", b"")


def test_a_kept_connection_may_ask_once_more() -> None:
    """A request that comes in on a kept connection just when the server stops is answered."""
    with running(answering(), options()) as server:
        client = server.connect()
        assert client.get().status == 200
        stop = stopping(server)
        answer = client.get()
        assert (answer.status, answer.field("Connection")) == (200, "close")
        stop.get(timeout=TIMEOUT)


def test_a_connection_that_becomes_idle_late_is_let_go() -> None:
    """A stream that began before the stop and ends well after it does not keep its connection."""
    gate = Event()

    def blocks() -> Iterator[bytes]:
        yield b"first"
        gate.wait()
        yield b"last"

    with running(streaming(blocks()), options()) as server:
        idle, client = server.connect(), server.connect()
        client.send(GET)
        assert client.socket.recv(5) == b"HTTP/"
        stop = stopping(server)
        assert idle.rest() == b""  # idle connections have been let go
        gate.set()
        assert client.rest().endswith(b"5\r\nfirst\r\n4\r\nlast\r\n0\r\n\r\n")
        stop.get(timeout=TIMEOUT)


def test_fresh_connections_are_served() -> None:
    """Connections that the system has taken for us when the server stops are answered."""
    with running(answering(), options()) as server:
        gevent.sleep(0)
        address = (server.address.host, server.address.port)
        # Not gevent's: the server gets no chance to accept before it stops.
        clients = [Connection.to(address) for _ in range(5)]
        for client in clients:
            client.send(GET)
        server.server.stop()
        for client in clients:
            assert client.read().body == b"hello"
            client.close()


def test_fresh_connections_that_have_left_are_no_obstacle() -> None:
    """Nor does one that has left again keep the server from its end."""
    with running(answering(), options()) as server:
        address = (server.address.host, server.address.port)
        Connection.to(address).reset()
        client = Connection.to(address)
        client.send(GET)
        Connection.to(address).close()
        server.server.stop()
        assert client.read().body == b"hello"
        client.close()


def test_a_connection_that_was_aborted_is_skipped() -> None:
    """Some systems report a connection that has left while it waited: the next one is taken."""

    class Aborting(GeventServer):
        aborted = 0

        def do_read(self) -> Any:
            if self.aborted < 2:
                self.aborted += 1
                raise ConnectionAbortedError
            return super().do_read()

    listener = socket.create_server(("127.0.0.1", 0))
    listener.setblocking(False)
    address = Address("127.0.0.1", listener.getsockname()[1])
    server = Aborting(listener, answering(), Pool(), address)
    server.start()
    with Connection.to((address.host, address.port)) as client:
        ((sock, peer),) = server.close_listener()
        assert peer == client.socket.getsockname()
        sock.close()


def test_without_descriptors_the_server_ends_all_the_same() -> None:
    """Where the process is out of file descriptors, what cannot be accepted is left."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with running(answering(), options()) as server:
        gevent.sleep(0)
        client = Connection.to((server.address.host, server.address.port))
        free = os.dup(0)
        os.close(free)
        resource.setrlimit(resource.RLIMIT_NOFILE, (free, hard))
        try:
            server.server.stop()
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        with pytest.raises(ConnectionResetError):
            client.read()
        client.close()


def test_a_full_server_serves_what_waits_and_ends() -> None:
    """Where idle connections take all places, they are let go for those that wait."""
    with running(answering(), options(max_connections=2)) as server:
        idle = [server.connect(), server.connect()]
        assert [client.get().status for client in idle] == [200, 200]
        waiting = [server.connect() for _ in range(4)]
        for client in waiting:
            client.send(GET)
        gevent.sleep(0)
        server.server.stop()
        assert [client.read().body for client in waiting] == [b"hello"] * 4
        assert [client.rest() for client in idle] == [b"", b""]


def test_no_more_than_max_connections_are_served_at_once() -> None:
    """A connection above `max_connections` waits until one ends."""
    active: set[object] = set()
    most = 0
    full = Event()

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        nonlocal most
        request = object()
        active.add(request)
        most = max(most, len(active))
        if most == 2:
            full.set()
        full.wait()
        gevent.sleep(0)
        active.discard(request)
        start_response("200 OK", [PLAIN, ("Connection", "close")])
        return []

    with running(app, options(max_connections=2)) as server:
        clients = [server.connect() for _ in range(6)]
        for client in clients:
            client.send(GET)
        assert [client.read().status for client in clients] == [200] * 6
    assert most == 2


@pytest.mark.parametrize("grace", [0, 0.01])
def test_after_the_grace_time_the_rest_is_ended(
    grace: float, caplog: pytest.LogCaptureFixture
) -> None:
    """A request that takes longer than `grace` is ended, cleans up, and is nobody's error."""
    gate = Gate()
    with running(gate, options(grace)) as server:
        client = begin(server, gate)
        server.server.stop()
        assert gate.left.is_set()
        assert client.rest() == b""
    assert not [record for record in caplog.records if record.name == "webzeug.error"]


def test_a_request_that_sends_no_more_of_its_body_is_ended() -> None:
    """Nor is the server held up by a client whose body never comes."""

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        environ["wsgi.input"].read()
        raise AssertionError("the body is not whole")

    with running(app, options(grace=0)) as server:
        client = server.connect()
        client.send(
            "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n"
        )
        assert client.read().status == 100
        server.server.stop()
        assert client.rest() == b""


def test_an_application_that_refuses_to_end_does_not_hold_up_the_end() -> None:
    """One that goes on when it is told to end is left behind."""
    entered, ended = Event(), Event()

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        entered.set()
        while not ended.is_set():
            try:
                ended.wait()
            except gevent.GreenletExit:
                continue
        start_response("200 OK", [PLAIN])
        return []

    with running(app, options(grace=0)) as server:
        client = server.connect()
        client.send(GET)
        assert entered.wait(TIMEOUT)
        server.server.stop()
        ended.set()
        client.read()


def test_stop_can_be_called_twice() -> None:
    """Who calls stop again, or at the same time, waits for the same end."""
    gate = Gate()
    with running(gate, options()) as server:
        client = begin(server, gate)
        first, second = stopping(server), stopping(server)
        assert not first.ready()
        assert not second.ready()
        gate.open.set()
        gevent.joinall([first, second], timeout=TIMEOUT, raise_error=True)
        server.server.stop()
        assert client.read().body == b"done"


def test_stop_without_start() -> None:
    """A server that was bound only, or not even that, can be stopped."""
    server = Server(answering(), options())
    server.stop()
    server = Server(answering(), options())
    server.bind()
    server.stop()
    with pytest.raises(ConnectionRefusedError):
        connect((server.address.host, server.address.port))


def test_run_ends_when_somebody_stops_it() -> None:
    """`run` serves until `stop` is called, and returns when all is over."""
    gate = Gate()
    server = Server(gate, options())
    ready = Event()
    run = gevent.spawn(server.run, ready.set)
    assert ready.wait(TIMEOUT)
    local = Local(server)
    client = begin(local, gate)
    gevent.spawn(server.stop)
    gevent.sleep(0)
    assert not run.ready()
    gate.open.set()
    assert client.read().body == b"done"
    run.get(timeout=TIMEOUT)
    local.close()


def test_an_address_that_cannot_be_had() -> None:
    """`bind` and `start` say that the address cannot be listened on."""
    with running(answering()) as other:
        server = Server(answering(), ServerOptions(bind=str(other.address)))
        with pytest.raises(BindError):
            server.bind()
        with pytest.raises(BindError):
            server.start()


def test_a_unix_socket_is_removed_at_the_end(tmp_path: Path) -> None:
    """The path of a Unix socket is free again after the end, also if it is gone already."""
    path = tmp_path / "socket"
    with running(answering(), ServerOptions(bind=f"unix:{path}")) as server:
        assert server.get().body == b"hello"
        server.server.stop()
        assert not path.exists()
    with running(answering(), ServerOptions(bind=f"unix:{path}")):
        path.unlink()


def test_a_relative_path_is_where_it_was_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An application may change the current folder; the socket is still removed."""
    monkeypatch.chdir(tmp_path)
    with running(answering(), ServerOptions(bind="unix:socket")):
        assert os.path.exists("socket")
        monkeypatch.chdir("/")
    assert not (tmp_path / "socket").exists()


def test_an_inherited_listener() -> None:
    """A socket that listens already is served, whatever `bind` says."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    with running(answering(), ServerOptions(bind="192.0.2.1:1", grace=0), listener) as server:
        assert (server.address.host, server.address.port) == ("127.0.0.1", port)
        assert server.get().body == b"hello"


def test_an_inherited_unix_listener_is_not_removed(tmp_path: Path) -> None:
    """The path of a socket that was handed over belongs to who made it."""
    path = tmp_path / "socket"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        with running(answering(), options(grace=0), listener.dup()) as server:
            assert server.get().body == b"hello"
        assert path.exists()


def test_one_server_takes_over_from_another() -> None:
    """Two servers on one socket: the old one drains while the new one serves; none is refused."""
    listener = socket.create_server(("127.0.0.1", 0))
    gate = Gate()
    with (
        listener,
        running(gate, options(), listener.dup()) as old,
    ):
        under_way = begin(old, gate)
        with running(answering([b"new"]), options(), listener.dup()) as new:
            stop = stopping(old)
            for _ in range(5):
                assert new.get().body == b"new"
            gate.open.set()
            assert under_way.read().body == b"done"
            stop.get(timeout=TIMEOUT)
            assert new.get().body == b"new"
