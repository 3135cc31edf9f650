"""What goes on at a WebSocket beside the View: frames come and go, the client is looked after."""

from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any

from gevent import get_hub
from gevent.event import Event
from websockets.exceptions import ProtocolError
from websockets.frames import Frame, Opcode
from websockets.protocol import State

from webzeug.websocket.transport import Transport

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse
    from websockets.http11 import Response
    from websockets.server import ServerProtocol

    from webzeug.manifest.model import WebSocketOptions

CLOSE_TIMEOUT = 5.0
"""Seconds that the client gets to answer a Close, and to end the connection after its own."""

BUFFERED = 64 * 1024
"""Octets sent and not yet taken by the system, or received and not yet asked for, beyond which
``send`` waits, and nothing more is read."""

MOST_MESSAGES = 256

_SLICE = 4096  # octets that are inflated before what they have become is looked at

GOING_AWAY, ABNORMAL, INTERNAL_ERROR, TRY_AGAIN_LATER = 1001, 1006, 1011, 1013


class WebSocketClosed(Exception):  # noqa: N818  # it is no error that a client leaves
    """The connection has ended; ``code`` and ``reason`` are those of RFC 6455 7.4, 1006 without."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code} {reason}".rstrip())
        self.code = code
        self.reason = reason


class Conversation:
    """The state of a WebSocket, and what gevent's hub calls. Nothing here waits but ``_wait``."""

    __slots__ = (
        "_buffered",
        "_changed",
        "_close",
        "_handshake",
        "_has_ended",
        "_inbox",
        "_options",
        "_parts",
        "_pings",
        "_protocol",
        "_received",
        "_socket",
        "_start_response",
        "_timer",
        "_transport",
        "_unfed",
    )

    def __init__(
        self,
        protocol: "ServerProtocol",
        handshake: "Response",
        sock: Any,
        start_response: "StartResponse",
        options: "WebSocketOptions",
        received: Callable[[], bytes],
    ) -> None:
        self._protocol = protocol
        self._handshake = handshake
        self._socket = sock
        self._start_response = start_response
        self._options = options
        self._received = received
        self._transport: Transport | None = None
        self._inbox: deque[str | bytes] = deque()
        self._buffered = 0
        self._parts: list[Frame] = []
        self._unfed = b""
        self._has_ended = False
        self._pings: dict[bytes, float | None] = {}
        self._changed: Event | None = None
        self._close: tuple[int, str] | None = None
        self._timer: Any = None

    @property
    def is_accepted(self) -> bool:
        """Whether the handshake has been answered with a 101."""
        return self._transport is not None

    @property
    def is_open(self) -> bool:
        """Whether messages can be sent: nobody has begun to close it."""
        return not self.is_accepted or self._protocol.state is State.OPEN

    @property
    def _is_over(self) -> bool:
        """Whether no more messages will come."""
        if self._unfed or self._transport is None:
            return False
        is_broken = self._protocol.state is State.CLOSED
        return is_broken or self._protocol.eof_sent

    @property
    def _size(self) -> int:
        return self._transport.size if self._transport is not None else 0

    def _closed(self) -> WebSocketClosed:
        protocol = self._protocol
        told = protocol.close_rcvd if protocol.close_rcvd_then_sent else protocol.close_sent
        if self._close is None and told is not None:
            return WebSocketClosed(told.code, told.reason)
        return WebSocketClosed(*(self._close or (ABNORMAL, "the connection was lost")))

    def _send(self, octets: bytes, *, is_text: bool) -> None:
        if is_text:
            self._protocol.send_text(octets)
        elif isinstance(octets, (bytes, bytearray, memoryview)):
            self._protocol.send_binary(octets)
        else:
            raise TypeError(f"a message is str or bytes, not {type(octets).__name__}")
        self._flush()

    def _begin_close(self, code: int, reason: str) -> None:
        if not self.is_open:
            return
        try:
            self._protocol.send_close(code, reason)
        except ProtocolError as error:
            raise ValueError(str(error)) from None
        self._close = code, reason
        self._flush()
        self._schedule()
        # The answer comes behind what has been sent, and not been read.
        self._read_on()

    def _flush(self) -> None:
        assert self._transport is not None
        for block in self._protocol.data_to_send():
            if block:
                self._transport.write(block)
            else:
                self._transport.shut()
                self._schedule()

    def _take_in(self, data: bytes) -> None:
        """What the transport has read; nothing at the end."""
        if data:
            self._unfed += data
        else:
            self._has_ended = True
        self._feed()

    def _feed(self) -> None:
        """Give the protocol what was read, as long as there is room for what it becomes."""
        while self._unfed and self._has_room:
            piece, self._unfed = self._unfed[:_SLICE], self._unfed[_SLICE:]
            self._protocol.receive_data(piece)
            for frame in self._protocol.events_received():
                assert isinstance(frame, Frame)
                self._take_frame(frame)
            self._flush()
        if self._has_ended and not self._unfed:
            self._protocol.receive_eof()
            self._flush()
        if not self._has_room and self._transport is not None:
            self._transport.stop_reading()
        self._wake()

    @property
    def _has_room(self) -> bool:
        if self._protocol.state is not State.OPEN:
            return True
        # A client that pings, and does not read the pongs, is not read either.
        return self._has_place and self._size < 2 * BUFFERED + self._options.max_queue

    @property
    def _has_place(self) -> bool:
        return len(self._inbox) < MOST_MESSAGES and self._buffered < BUFFERED

    def _go_on(self) -> None:
        """The client has taken what was sent."""
        self._read_on()
        self._wake()

    def _read_on(self) -> None:
        if self._transport is None or not self._has_room:
            return
        if self._unfed:
            self._feed()
        if self._has_room and not self._has_ended:
            self._transport.start_reading()

    def _take_frame(self, frame: Frame) -> None:
        if frame.opcode is Opcode.PONG:
            name = bytes(frame.data)
            if name in self._pings:
                self._pings[name] = monotonic()
        elif frame.opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            self._parts.append(frame)
            if frame.fin:
                parts, self._parts = self._parts, []
                self._deliver(parts)

    def _deliver(self, parts: list[Frame]) -> None:
        data = bytes(parts[0].data) if len(parts) == 1 else b"".join(p.data for p in parts)
        if self._close is not None and not self._has_place:
            return  # sent after our Close, and more than anybody waits for
        is_text = parts[0].opcode is Opcode.TEXT
        self._inbox.append(data.decode() if is_text else data)
        self._buffered += len(self._inbox[-1])

    def _schedule(self) -> None:
        """Look again when the next thing is due that does not come from the client."""
        transport, options = self._transport, self._options
        if transport is None or self._protocol.state is State.CLOSED:
            return
        if self._protocol.state is State.CLOSING:
            self._look_in(CLOSE_TIMEOUT, self._give_up)
        elif options.ping_interval:
            since = monotonic() - transport.last_read
            self._look_in(max(options.ping_interval - since, 0.05), self._look_after)
        else:
            self._look_in(options.write_timeout, self._look_after)

    def _look_in(self, seconds: float, callback: Callable[[], None]) -> None:
        self._stop_timer()
        self._timer = get_hub().loop.timer(seconds)
        self._timer.start(callback)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer.close()

    def _look_after(self) -> None:
        """Give up a client that takes nothing; ping one that says nothing."""
        transport, options, now = self._transport, self._options, monotonic()
        assert transport is not None
        if transport.size and now - transport.last_written >= options.write_timeout:
            self._break_off("the client takes nothing")
        elif not options.ping_interval or now - transport.last_read < options.ping_interval:
            self._schedule()
        elif not transport.is_reading or transport.size:
            # The View is busy, or the client; the answer would have to wait behind that.
            self._look_in(options.ping_interval, self._look_after)
        else:
            self._protocol.send_ping(b"")
            self._flush()
            pinged = transport.last_read
            self._look_in(options.ping_timeout, lambda: self._look_for_pong(pinged))

    def _look_for_pong(self, pinged: float) -> None:
        transport = self._transport
        assert transport is not None
        if transport.last_read == pinged and transport.is_reading:
            self._break_off("the client does not answer pings")
        else:
            self._schedule()

    def _give_up(self) -> None:
        transport = self._transport
        assert transport is not None
        if transport.size and monotonic() - transport.last_written < CLOSE_TIMEOUT:
            self._schedule()  # it still takes what was sent before the Close
        else:
            self._break_off("the client does not close")

    def _break_off(self, why: str) -> None:
        assert self._transport is not None
        self._close = self._close or (ABNORMAL, why)
        self._unfed = b""
        self._transport.break_off()

    def _wait(self, is_done: Callable[[], bool], timeout: float | None) -> None:
        deadline = None if timeout is None else monotonic() + timeout
        while not is_done():
            left = None if deadline is None else deadline - monotonic()
            event = self._changed = self._changed or Event()
            if (left is not None and left <= 0) or not event.wait(left):
                raise TimeoutError(f"nothing has happened within {timeout} s")

    def _wake(self) -> None:
        event, self._changed = self._changed, None
        if event is not None:
            event.set()
