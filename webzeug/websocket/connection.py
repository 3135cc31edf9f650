"""WebSocket: what a View's method WEBSOCKET gets."""

from collections.abc import Iterator, Mapping
from time import monotonic

from websockets.protocol import State

from webzeug.websocket.conversation import (
    BUFFERED,
    TRY_AGAIN_LATER,
    Conversation,
    WebSocketClosed,
)
from webzeug.websocket.transport import Transport


class WebSocket(Conversation):
    """A WebSocket of a server (RFC 6455). Used by the greenlets of one thread.

    It is accepted when it is first used, or by ``accept``; until then an HTTPException that is
    raised answers the handshake. Pings are answered, and sent to see whether the client is still
    there, whatever the View does meanwhile.
    """

    __slots__ = ()

    @property
    def subprotocol(self) -> str | None:
        """The subprotocol: the first of the View's ``subprotocols`` that the client offered."""
        return self._protocol.subprotocol

    def accept(self, headers: Mapping[str, str] | None = None) -> None:
        """Answer the handshake with a 101, and further header fields; a no-op later on."""
        if self._transport is not None:
            return
        fields = [
            (name, value)
            for name, value in self._handshake.headers.raw_items()
            if name.lower() != "date"  # the server's
        ]
        fields += list((headers or {}).items())
        # This is what passes through WSGI middlewares, and what servers send at once (PEP 3333).
        write = self._start_response("101 Switching Protocols", fields)
        write(b"")
        self._transport = Transport(self._socket, self._take_in, self._go_on)
        self._transport.start_reading()
        self._schedule()
        # A client must not, but may have sent something before it got the 101 (RFC 6455 4.1).
        if early := self._received():
            self._take_in(early)
        if self._close is not None:
            self._begin_close(*self._close)

    def receive(self, timeout: float | None = None) -> str | bytes:
        """The next message: a text, or octets.

        Raises WebSocketClosed at the end, TimeoutError when nothing has come within ``timeout``
        seconds.
        """
        self.accept()
        self._wait(lambda: bool(self._inbox) or self._is_over, timeout)
        if not self._inbox:
            raise self._closed()
        message = self._inbox.popleft()
        self._buffered -= len(message)
        self._read_on()
        return message

    def __iter__(self) -> Iterator[str | bytes]:
        """The messages, to the end of the connection."""
        try:
            while True:
                yield self.receive()
        except WebSocketClosed:
            return

    def send(self, data: str | bytes, timeout: float | None = None) -> None:
        """Send a text, or octets, when the client has taken most of what was sent before.

        Raises WebSocketClosed, and TimeoutError if that takes more than ``timeout`` seconds: then
        nothing of it has been sent. A client that takes nothing for ``write_timeout`` seconds is
        given up.
        """
        self.accept()
        self._wait(lambda: self._size < BUFFERED or not self.is_open, timeout)
        if not self.is_open:
            raise self._closed()
        octets = data.encode() if isinstance(data, str) else data
        self._send(octets, is_text=isinstance(data, str))

    def post(self, data: str | bytes) -> bool:
        """Send without ever waiting, as for a broadcast; returns whether the client is there.

        A client that has ``max_queue`` octets to take already is too slow: they are thrown away,
        and it is closed with 1013. So it neither makes others wait, nor grows without bound.
        """
        self.accept()
        if not self.is_open:
            return False
        octets = data.encode() if isinstance(data, str) else data
        if self._size and self._size + len(octets) > self._options.max_queue:
            assert self._transport is not None
            self._transport.drop_unsent()
            self._begin_close(TRY_AGAIN_LATER, "too slow")
            return False
        self._send(octets, is_text=isinstance(data, str))
        return True

    def ping(self, timeout: float | None = None) -> float:
        """The seconds that a Ping takes there and back (RFC 6455 5.5.2).

        Raises WebSocketClosed, and TimeoutError after ``timeout`` seconds.
        """
        self.accept()
        if not self.is_open:
            raise self._closed()
        name = f"{len(self._pings)}-{monotonic()}".encode()
        began = monotonic()
        self._pings[name] = None
        try:
            self._protocol.send_ping(name)
            self._flush()
            self._wait(lambda: self._pings[name] is not None or self._is_over, timeout)
            ended = self._pings[name]
        finally:
            del self._pings[name]
        if ended is None:
            raise self._closed()
        return ended - began

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Close it, and wait until the client has as well, for some seconds at most.

        ``code`` is 1000 to 1003, 1007 to 1014, or 3000 to 4999 (RFC 6455 7.4); ``reason`` is at
        most 123 octets of UTF-8. Raises ValueError for others. A no-op if it is closed.
        """
        self.accept()
        self._begin_close(code, reason)
        self._wait(lambda: self._is_over, None)

    def begin_close(self, code: int, reason: str) -> None:
        """Close it without waiting; the View sees the end when the client has answered."""
        if self.is_accepted:
            self._begin_close(code, reason)
        else:
            self._close = code, reason

    def finish(self) -> None:
        """Wait until all is over, and let go of the socket."""
        transport = self._transport
        if transport is None:
            return
        try:
            self._inbox.clear()
            self._read_on()
            self._wait(lambda: self._protocol.state is State.CLOSED, None)
        finally:
            self._stop_timer()
            transport.close()
