"""EventStream: Server-Sent Events (WHATWG HTML 9.2) as a response."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import gevent
from gevent.event import Event
from gevent.queue import Empty, Queue
from werkzeug.wrappers import Request as WerkzeugRequest

from webzeug.app import App
from webzeug.wrappers import Response

HEARTBEAT = 15.0
"""Seconds after which a proxy, or a system that has lost the client, is told that we are here."""

_COMMENT = b":\n\n"
_LINE = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class ServerSentEvent:
    """One event (WHATWG HTML 9.2.6). ``retry`` is in seconds.

    Without ``data``, the client notes the ``id`` and ``retry``, and is told of no event.
    Raises ValueError for an ``event`` or ``id`` of more than one line, and a NUL in the ``id``.
    """

    data: str | None = None
    event: str | None = None
    id: str | None = None
    retry: float | None = None

    def __post_init__(self) -> None:
        for name, value in (("event", self.event), ("id", self.id)):
            if value is not None and re.search(r"[\r\n\0]", value):
                raise ValueError(f"the {name} of an event is one line, without NUL, not {value!r}")

    def encode(self) -> bytes:
        """The event as it is sent."""
        fields = []
        if self.event is not None:
            fields.append(f"event: {self.event}\n")
        if self.id is not None:
            fields.append(f"id: {self.id}\n")
        if self.retry is not None:
            fields.append(f"retry: {round(self.retry * 1000)}\n")
        if self.data is not None:
            fields += [f"data: {line}\n" for line in _LINE.split(self.data)]
        return f"{''.join(fields)}\n".encode()


class EventStream(Response):
    """A response that sends events until there are no more, the client leaves, or the server stops.

    ``events`` are ServerSentEvents, or strings, which are the data of one. They run in a greenlet
    of their own, one event ahead at most, which is ended with GreenletExit. After ``heartbeat``
    seconds without an event a comment is sent, because only a write shows that a client has gone
    without a word. ``retry`` are the seconds after which a client that lost us shall come again.
    """

    def __init__(
        self,
        app: App,
        events: Iterable[ServerSentEvent | str],
        *,
        heartbeat: float = HEARTBEAT,
        retry: float | None = None,
    ) -> None:
        begin = _COMMENT if retry is None else ServerSentEvent(retry=retry).encode()
        # nginx would collect what comes before it passes it on.
        fields = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        blocks = _Blocks(app, events, heartbeat, begin)
        super().__init__(blocks, headers=fields, content_type="text/event-stream")

    @staticmethod
    def last_id(request: WerkzeugRequest) -> str | None:
        """The id of the last event that the client has got (WHATWG HTML 9.2.4); None at first."""
        value = request.headers.get("Last-Event-ID")
        return None if value is None else value.encode("latin-1").decode("utf-8", "replace")


class _Blocks:
    """The octets of a stream, made of events that another greenlet waits for."""

    def __init__(
        self, app: App, events: Iterable[ServerSentEvent | str], heartbeat: float, begin: bytes
    ) -> None:
        self._app = app
        self._events = events
        self._heartbeat = heartbeat
        self._begin = begin
        self._queue: Queue[bytes | Exception | None] = Queue(1)
        self._greenlet: gevent.Greenlet[..., Any] | None = None

    def __iter__(self) -> Iterator[bytes]:
        yield self._begin  # so that the client knows that it is connected
        greenlet = self._greenlet = gevent.spawn(self._run)
        draining: object = self._app.draining  # gevent's, where it has patched the process
        if isinstance(draining, Event):
            draining.rawlink(self._stop)
        try:
            while not (greenlet.dead and self._queue.empty()):
                try:
                    block = self._queue.get(timeout=self._heartbeat)
                except Empty:
                    block = _COMMENT
                if isinstance(block, Exception):
                    raise block
                if block is None:
                    return
                yield block
        finally:
            if isinstance(draining, Event):
                draining.unlink(self._stop)

    def _run(self) -> None:
        end: Exception | None = None
        try:
            for event in self._events:
                sent = ServerSentEvent(event) if isinstance(event, str) else event
                self._queue.put(sent.encode())
        except Exception as error:
            end = error
        finally:
            self._close_events()
            self._queue.put(end)

    def _stop(self, _: object) -> None:
        if self._greenlet is not None:
            self._greenlet.kill(block=False)

    def _close_events(self) -> None:
        close = getattr(self._events, "close", None)
        if close is not None:
            close()

    def close(self) -> None:
        """End the events; called with the response."""
        greenlet = self._greenlet
        if greenlet is None:
            self._close_events()
            return
        with suppress(Empty):
            self._queue.get_nowait()
        greenlet.kill()
