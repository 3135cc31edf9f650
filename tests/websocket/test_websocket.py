"""A View's WebSocket, by frames over a real socket."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

import gevent
import pytest
from gevent.event import AsyncResult, Event

from tests.support.frames import (
    CLOSE,
    HANDSHAKE,
    PING,
    PONG,
    TEXT,
    Received,
    close_frame,
    frame,
    read_frame,
    read_frames,
    shake_hands,
)
from tests.support.http import Connection
from tests.support.local import Local, running
from webzeug import App, Response, View, WebSocket, WebSocketClosed, WebSocketOptions, abort
from webzeug.middleware import Middleware

Run = Any
T = TypeVar("T")


def wait_for(result: "AsyncResult[T]") -> T:
    """What a View has found out."""
    value = result.get(timeout=30)
    assert value is not None
    return value


@contextmanager
def serving_view(
    view: type[View],
    options: WebSocketOptions = WebSocketOptions(),  # noqa: B008
    middleware: Sequence[Middleware] = (),
) -> Iterator[Local]:
    """A server of one View at ``/``."""
    app = App([("/", "it", view)], websocket=options, middleware=middleware)
    with app, running(app) as server:
        yield server


@contextmanager
def conversing(
    method: Run,
    options: WebSocketOptions = WebSocketOptions(),  # noqa: B008
) -> Iterator[Connection]:
    """A client of a View whose WEBSOCKET is a function of the WebSocket."""

    class Talk(View):
        def WEBSOCKET(self, ws: WebSocket) -> None:
            method(ws)

    with serving_view(Talk, options) as server, server.connect() as client:
        assert shake_hands(client).status == 101
        yield client


def echo(ws: WebSocket) -> None:
    """Send back what comes."""
    for message in ws:
        ws.send(message)


class Echo(View):
    """Sends back what comes; GET answers as well."""

    subprotocols = ("b", "a")

    def WEBSOCKET(self, ws: WebSocket) -> None:
        echo(ws)

    def GET(self) -> Response:
        return Response("plain")


class Only(View):
    """Nothing but a WebSocket."""

    def WEBSOCKET(self, ws: WebSocket) -> None:
        echo(ws)


def test_the_handshake_of_the_rfc() -> None:
    """The accept value is that of the example in RFC 6455 1.3."""
    fields = HANDSHAKE.replace("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ==")
    with serving_view(Echo) as server, server.connect() as client:
        answer = client.get(fields=fields)
        assert answer.status == 101
        assert answer.field("Sec-WebSocket-Accept") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
        assert (answer.field("Connection"), answer.field("Upgrade")) == ("Upgrade", "websocket")
        assert answer.field("Sec-WebSocket-Protocol") is None


@pytest.mark.parametrize(
    ("offered", "agreed"), [("a", "a"), ("a, b", "b"), ("c, a", "a"), ("c", None)]
)
def test_subprotocols(offered: str, agreed: str | None) -> None:
    """The first of the View's that the client offers; none if it offers others (1.9)."""
    with serving_view(Echo) as server, server.connect() as client:
        answer = shake_hands(client, fields=f"Sec-WebSocket-Protocol: {offered}\r\n")
        assert (101, agreed) == (answer.status, answer.field("Sec-WebSocket-Protocol"))


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 8"), 426),
        (("Sec-WebSocket-Version: 13\r\n", ""), 400),
        (("Sec-WebSocket-Key: ", "Sec-WebSocket-Key: x"), 400),
        (("Sec-WebSocket-Key", "X-Key"), 400),
        (("Connection: Upgrade\r\n", ""), 200),
        (("Upgrade: websocket", "Upgrade: h2c"), 200),
        (("\r\n", "\r\nOrigin: http://evil.example\r\n"), 403),
        (("\r\n", "\r\nOrigin: null\r\n"), 403),
        (("\r\n", "\r\nOrigin: http://[\r\n"), 403),
        (("\r\n", "\r\nOrigin: http://test:81\r\n"), 403),
        (("\r\n", "\r\nOrigin: https://TEST\r\n"), 101),
        (("\r\n", "\r\nOrigin: https://friend.example\r\n"), 101),
    ],
    ids=lambda value: str(value) if isinstance(value, int) else repr(value[1]),
)
def test_refused_handshakes(change: tuple[str, str], status: int) -> None:
    """What RFC 6455 4.2.1 asks for, and whose page asks (10.2); without an upgrade, it is GET."""
    options = WebSocketOptions(origins=("https://friend.example",))
    with serving_view(Echo, options) as server:
        answer = server.get(fields=HANDSHAKE.replace(*change, 1))
        assert answer.status == status
        if status == 426:
            assert answer.field("Sec-WebSocket-Version") == "13"


def test_every_origin() -> None:
    """With "*", pages of all sites may open it."""
    with serving_view(Echo, WebSocketOptions(origins=("*",))) as server, server.connect() as client:
        assert shake_hands(client, fields="Origin: http://evil.example\r\n").status == 101


def test_a_get_of_what_is_only_a_websocket() -> None:
    """GET and HEAD get 426 with what to upgrade to (RFC 9110 15.5.22), other verbs 405."""
    with serving_view(Only) as server:
        answer = server.get()
        assert (answer.status, answer.field("Upgrade")) == (426, "websocket")
        assert server.get(method="HEAD").status == 426
        assert server.get(method="POST").status == 405
        assert server.get(method="OPTIONS").field("Allow") == "OPTIONS"


def test_a_handshake_where_there_is_no_websocket() -> None:
    """It is refused, and told what there is without it (RFC 6455 4.2.2)."""

    class Plain(View):
        def GET(self) -> Response:
            return Response("plain")

    with serving_view(Plain) as server:
        answer = server.get(fields=HANDSHAKE)
        assert (answer.status, answer.field("Allow")) == (405, "GET, HEAD, OPTIONS")
        assert b"no WebSocket here" in answer.body


def test_refusing_before_it_is_accepted() -> None:
    """An HTTPException, or a Response that is returned, answers the handshake."""

    class Guarded(View):
        def WEBSOCKET(self, ws: WebSocket) -> Response:
            if self.request.args.get("who"):
                abort(403)
            return Response("who are you?", 401)

    with serving_view(Guarded) as server:
        assert server.get("/?who=me", fields=HANDSHAKE).status == 403
        assert server.get("/", fields=HANDSHAKE).body == b"who are you?"


def test_fields_of_the_101() -> None:
    """``accept`` adds header fields; a second time, it does nothing."""

    def accept(ws: WebSocket) -> None:
        ws.accept({"X-Room": "7"})
        ws.accept({"X-Room": "8"})

    class Talk(View):
        def WEBSOCKET(self, ws: WebSocket) -> None:
            accept(ws)

    with serving_view(Talk) as server, server.connect() as client:
        assert shake_hands(client).field("X-Room") == "7"
        assert read_frames(client) == [Received(CLOSE, b"\x03\xe8")]


def test_messages_go_both_ways() -> None:
    """A text comes back as a text, octets as octets."""
    with conversing(echo) as client:
        client.send(frame(TEXT, "grüß".encode()) + frame(2, b"\xff"))
        assert read_frame(client) == Received(TEXT, "grüß".encode())
        assert read_frame(client) == Received(2, b"\xff")


def test_what_comes_with_the_handshake_is_not_lost() -> None:
    """A client that does not wait for the 101 is heard all the same."""
    with serving_view(Echo) as server, server.connect() as client:
        client.send(f"GET / HTTP/1.1\r\nHost: test\r\n{HANDSHAKE}\r\n".encode() + frame(TEXT, b"a"))
        assert client.read().status == 101
        assert read_frame(client) == Received(TEXT, b"a")


def test_the_client_closes() -> None:
    """The View sees its code and reason, whatever it does; the Close is echoed (7.1.5)."""
    seen: AsyncResult[WebSocketClosed] = AsyncResult()

    def listen(ws: WebSocket) -> None:
        with pytest.raises(WebSocketClosed) as closed:
            ws.receive()
        seen.set(closed.value)
        assert not ws.is_open
        assert not ws.post("late")
        with pytest.raises(WebSocketClosed):
            ws.ping()
        ws.send("late")

    with conversing(listen) as client:
        client.send(close_frame(4001, b"bye"))
        assert (wait_for(seen).code, wait_for(seen).reason) == (4001, "bye")
        assert read_frames(client) == [Received(CLOSE, b"\x0f\xa1bye")]


def test_the_view_closes() -> None:
    """With its code and reason, and nothing comes after that."""

    def leave(ws: WebSocket) -> None:
        ws.close(4002, "enough")
        ws.close(4003, "again")
        with pytest.raises(WebSocketClosed, match="4002 enough"):
            ws.receive()

    with conversing(leave) as client:
        assert read_frame(client) == Received(CLOSE, b"\x0f\xa2enough")
        client.send(close_frame(4002))
        assert read_frame(client) is None


@pytest.mark.parametrize(("code", "reason"), [(1005, ""), (999, ""), (1000, "x" * 124)])
def test_impossible_closes(code: int, reason: str) -> None:
    """A code that is not for the wire, or a reason of more than 123 octets (5.5), is an error."""
    seen: AsyncResult[bool] = AsyncResult()

    def leave(ws: WebSocket) -> None:
        with pytest.raises(ValueError, match=r"."):
            ws.close(code, reason)
        seen.set(ws.is_open)

    with conversing(leave):
        assert wait_for(seen)


def test_a_view_that_fails(caplog: pytest.LogCaptureFixture) -> None:
    """The client gets 1011 and no details, the log the user's traceback."""

    def fail(ws: WebSocket) -> None:
        ws.send("a")
        raise LookupError("secret")

    with conversing(fail) as client, caplog.at_level(logging.ERROR):
        assert read_frame(client) == Received(TEXT, b"a")
        assert read_frame(client) == Received(CLOSE, b"\x03\xf3")
        client.send(close_frame(1011))
        assert read_frame(client) is None
    (record,) = [record for record in caplog.records if record.exc_info]
    assert record.exc_info is not None
    assert record.exc_info[0] is LookupError


def test_an_http_error_that_comes_too_late(caplog: pytest.LogCaptureFixture) -> None:
    """After the 101, ``abort`` is a failure like any other, and says why."""

    def fail(ws: WebSocket) -> None:
        ws.accept()
        abort(404)

    with conversing(fail) as client, caplog.at_level(logging.ERROR):
        assert read_frame(client) == Received(CLOSE, b"\x03\xf3")
        client.send(close_frame(1011))
        assert read_frame(client) is None
    assert "was raised after the WebSocket had been accepted" in caplog.text


def test_a_method_that_cannot_take_its_variables(caplog: pytest.LogCaptureFixture) -> None:
    """It is found before the handshake is answered."""

    class Wrong(View):
        def WEBSOCKET(self) -> None:
            raise AssertionError

    with serving_view(Wrong) as server:
        assert server.get(fields=HANDSHAKE).status == 500
    assert "Wrong.WEBSOCKET cannot be called with (ws): too many positional" in caplog.text


def test_receive_gives_up() -> None:
    """After its timeout, with the connection as it was."""
    waited = Event()

    def listen(ws: WebSocket) -> None:
        with pytest.raises(TimeoutError):
            ws.receive(timeout=0.001)
        waited.set()
        ws.send(ws.receive())

    with conversing(listen) as client:
        assert waited.wait(10)
        client.send(frame(TEXT, b"a"))
        assert read_frame(client) == Received(TEXT, b"a")


def test_ping() -> None:
    """The View pings, and learns how long it takes; of a Pong that never comes, in time."""
    seen: AsyncResult[float] = AsyncResult()

    def measure(ws: WebSocket) -> None:
        seen.set(ws.ping(timeout=10))
        with pytest.raises(TimeoutError):
            ws.ping(timeout=0.001)
        ws.ping()

    with conversing(measure) as client:
        ping = read_frame(client)
        assert ping is not None
        assert ping.opcode == PING
        client.send(frame(PONG, ping.payload))
        assert 0 <= wait_for(seen) < 10
        for _ in range(2):
            ping = read_frame(client)
            assert ping is not None
            assert ping.opcode == PING


def test_pings_are_answered_while_the_view_is_busy() -> None:
    """It need not receive for that."""
    done = Event()

    def sleep(ws: WebSocket) -> None:
        ws.accept()
        assert done.wait(10)

    with conversing(sleep) as client:
        client.send(frame(PING, b"there?"))
        assert read_frame(client) == Received(PONG, b"there?")
        done.set()


def test_a_silent_client_is_pinged_and_given_up() -> None:
    """After ``ping_interval`` and ``ping_timeout``; the View sees 1006."""
    seen: AsyncResult[int] = AsyncResult()

    def listen(ws: WebSocket) -> None:
        with pytest.raises(WebSocketClosed) as closed:
            ws.receive()
        seen.set(closed.value.code)

    options = WebSocketOptions(ping_interval=0.05, ping_timeout=0.05)
    with conversing(listen, options) as client:
        assert read_frame(client) == Received(PING, b"")
        client.send(frame(PONG))
        assert read_frame(client) == Received(PING, b"")
        assert wait_for(seen) == 1006
        assert read_frame(client) is None


def test_a_client_that_breaks_off() -> None:
    """The View sees 1006 (7.1.5)."""
    seen: AsyncResult[int] = AsyncResult()

    def listen(ws: WebSocket) -> None:
        with pytest.raises(WebSocketClosed) as closed:
            ws.receive()
        seen.set(closed.value.code)

    with conversing(listen) as client:
        client.reset()
        assert wait_for(seen) == 1006


BLOCK = b"x" * 60_000


def test_send_waits_for_a_slow_client() -> None:
    """When the system takes no more, ``send`` waits; its timeout sends nothing."""
    seen: AsyncResult[int] = AsyncResult()

    def flood(ws: WebSocket) -> None:
        count = 0
        with suppress(TimeoutError):
            while True:
                ws.send(BLOCK, timeout=0.2)
                count += 1
        seen.set(count)
        ws.send("end")

    with conversing(flood, WebSocketOptions(compression=False)) as client:
        count = wait_for(seen)
        sent = [read_frame(client) for _ in range(count + 1)]
        assert sent == [Received(2, BLOCK)] * count + [Received(TEXT, b"end")]


def test_a_client_that_takes_nothing_is_given_up() -> None:
    """After ``write_timeout`` seconds without progress."""
    seen: AsyncResult[int] = AsyncResult()

    def flood(ws: WebSocket) -> None:
        try:
            while True:
                ws.send(BLOCK)
        except WebSocketClosed as closed:
            seen.set(closed.code)

    options = WebSocketOptions(compression=False, write_timeout=0.2, ping_interval=0)
    with conversing(flood, options):
        assert wait_for(seen) == 1006


def test_post_drops_a_slow_client() -> None:
    """It never waits; who has ``max_queue`` octets to take is closed with 1013, and loses them."""
    seen: AsyncResult[int] = AsyncResult()

    def flood(ws: WebSocket) -> None:
        count = 0
        while ws.post(BLOCK):
            count += 1
        seen.set(count)
        with pytest.raises(WebSocketClosed, match="1013 too slow"):
            ws.receive()

    options = WebSocketOptions(compression=False, max_queue=200_000)
    with conversing(flood, options) as client:
        count = wait_for(seen)
        frames = []
        while (received := read_frame(client)) is not None:
            frames.append(received)
            if received.opcode == CLOSE:
                client.send(close_frame(1013))
        assert frames[-1].code == 1013
        assert count - 4 <= len(frames) <= count
        assert all(block == Received(2, BLOCK) for block in frames[:-1])


def test_a_client_that_is_not_listened_to_has_to_wait() -> None:
    """What the View does not ask for is not read: the client cannot send without end."""
    go_on = Event()
    total: AsyncResult[int] = AsyncResult()

    def ignore(ws: WebSocket) -> None:
        ws.accept()
        assert go_on.wait(30)
        total.set(sum(len(message) for message in ws))

    with conversing(ignore, WebSocketOptions(compression=False)) as client:
        block, sent = frame(2, BLOCK), 0
        client.socket.settimeout(0.3)
        rest = b""
        with suppress(TimeoutError):
            while True:
                rest = block
                while rest:
                    rest = rest[client.socket.send(rest) :]
                sent += 1
        client.socket.settimeout(30)
        go_on.set()
        client.send(rest + close_frame(1000))
        assert wait_for(total) == (sent + bool(rest)) * len(BLOCK)
        assert sent < 1000


def test_a_thousand_small_messages_at_once() -> None:
    """More than are kept come all the same, in order."""
    texts: AsyncResult[list[str | bytes]] = AsyncResult()
    with conversing(lambda ws: texts.set(list(ws))) as client:
        client.send(b"".join(frame(TEXT, b"%d" % n) for n in range(1000)) + close_frame(1000))
        assert wait_for(texts) == [str(n) for n in range(1000)]


def test_many_greenlets_use_one_websocket() -> None:
    """Each message stays whole."""

    def answer(ws: WebSocket) -> None:
        ws.accept()
        jobs = [gevent.spawn(ws.send, letter * 50_000) for letter in "abcdef"]
        gevent.joinall(jobs, raise_error=True)

    with conversing(answer, WebSocketOptions(compression=False)) as client:
        received = [read_frame(client) for _ in range(6)]
        assert [r.payload[:1] * 50_000 for r in received if r] == [r.payload for r in received if r]


def test_no_gevent_socket(caplog: pytest.LogCaptureFixture) -> None:
    """A server that gives none answers 501, and the log says what does better."""
    client = App([("/", "it", Echo)]).test_client()
    headers = dict(line.split(": ") for line in HANDSHAKE.split("\r\n") if line)
    assert client.get("/", headers=headers).status_code == 501
    assert "use `webzeug serve`" in caplog.text


def test_the_view_knows_the_subprotocol() -> None:
    """It is what has been agreed on."""

    class Tell(Echo):
        def WEBSOCKET(self, ws: WebSocket) -> None:
            ws.send(ws.subprotocol or "none")

    with serving_view(Tell) as server, server.connect() as client:
        assert shake_hands(client, fields="Sec-WebSocket-Protocol: a\r\n").status == 101
        assert read_frame(client) == Received(TEXT, b"a")


def test_what_is_no_message() -> None:
    """An object that is neither text nor octets is an error; the connection goes on."""

    def send(ws: WebSocket) -> None:
        with pytest.raises(TypeError, match="a message is str or bytes, not list"):
            ws.send([1])  # type: ignore[arg-type]
        ws.send("still here")

    with conversing(send) as client:
        assert read_frame(client) == Received(TEXT, b"still here")


def test_a_view_that_is_killed() -> None:
    """The client gets 1001, as when the server stops."""
    view: AsyncResult[Any] = AsyncResult()

    def wait(ws: WebSocket) -> None:
        ws.accept()
        view.set(gevent.getcurrent())
        ws.receive()

    with conversing(wait) as client:
        gevent.kill(wait_for(view))
        received = read_frame(client)
        assert received is not None
        assert (received.opcode, received.code) == (CLOSE, 1001)
        client.send(close_frame(1001))
        assert read_frame(client) is None


def test_a_client_that_resets_while_the_view_writes() -> None:
    """What is posted then goes nowhere, without an error; the View sees 1006."""
    peer: AsyncResult[Connection] = AsyncResult()
    seen: AsyncResult[int] = AsyncResult()

    def write(ws: WebSocket) -> None:
        ws.accept()
        wait_for(peer).reset()
        # No other greenlet has had its turn: nobody has read of the end yet.
        assert [ws.post("lost"), ws.post("lost")] == [True, True]
        with pytest.raises(WebSocketClosed) as closed:
            ws.receive()
        assert not ws.post("lost")
        seen.set(closed.value.code)

    with conversing(write) as client:
        peer.set(client)
        assert wait_for(seen) == 1006


def test_a_client_closes_before_it_has_taken_everything() -> None:
    """It gets all that was sent before the server knew of that, the Close, and then the end."""
    seen: AsyncResult[int] = AsyncResult()

    def flood(ws: WebSocket) -> None:
        count = 0
        with suppress(TimeoutError):
            while True:
                ws.send(BLOCK, timeout=0.2)
                count += 1
        seen.set(count)
        assert list(ws) == []

    with conversing(flood, WebSocketOptions(compression=False)) as client:
        count = wait_for(seen)
        client.send(close_frame(1000))
        gevent.sleep()
        assert [read_frame(client) for _ in range(count)] == [Received(2, BLOCK)] * count
        received = read_frame(client)
        assert received is not None
        assert (received.opcode, received.code) == (CLOSE, 1000)
        assert read_frame(client) is None


MANY = b"".join(frame(TEXT, b"%d" % n) for n in range(300))


def test_a_pong_behind_what_is_not_read() -> None:
    """A ping cannot be answered before what came first has been received."""

    def measure(ws: WebSocket) -> None:
        texts = [ws.receive()]
        with pytest.raises(TimeoutError):
            ws.ping(timeout=0.1)
        texts += [ws.receive() for _ in range(299)]
        assert [str(n) for n in range(300)] == texts
        assert ws.ping(timeout=30) >= 0
        ws.send("done")

    with conversing(measure) as client:
        client.send(MANY)
        while (received := read_frame(client)) is not None and received.opcode == PING:
            client.send(frame(PONG, received.payload))
        assert received == Received(TEXT, b"done")


def test_a_busy_view_is_no_reason_to_give_a_client_up() -> None:
    """While the View does not receive, no pong can be seen, and none is missed."""

    def sleep(ws: WebSocket) -> None:
        ws.accept()
        gevent.sleep(0.5)
        ws.send(str(sum(1 for _ in range(300) if ws.receive(timeout=30))))

    with conversing(sleep, WebSocketOptions(ping_interval=0.05, ping_timeout=0.05)) as client:
        client.send(MANY)
        received = read_frame(client)
        while received == Received(PING, b""):
            client.send(frame(PONG))
            received = read_frame(client)
        assert received == Received(TEXT, b"300")


def test_what_comes_after_our_close_is_bounded() -> None:
    """A client that goes on sending is heard to its Close, and no more is kept than ever."""
    kept: AsyncResult[int] = AsyncResult()

    def close(ws: WebSocket) -> None:
        ws.close(4000)
        kept.set(len(list(ws)))

    with conversing(close) as client:
        received = read_frame(client)
        assert received is not None
        assert received.code == 4000
        client.send(MANY + close_frame(4000))
        assert wait_for(kept) == 256
