"""What the supervisor tells a child."""

import os
from collections import deque
from collections.abc import Iterator

from gevent import get_hub, monkey
from gevent.hub import Waiter

from webzeug.server.channel import Channel, Received

LAST_SECONDS = 3.0
"""Seconds that a child gets to end when its supervisor has gone, for whatever reason."""

_start_thread = monkey.get_original("_thread", "start_new_thread")
_sleep = monkey.get_original("time", "sleep")


class Inbox:
    """The messages from the supervisor; the iteration ends when it has gone.

    A thread reads them, so that the end is noticed even while the application keeps the hub
    busy, or a debugger waits in it: then the process ends LAST_SECONDS later. The channel has to
    be a blocking one, its socket not one of gevent's.
    """

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._received: deque[Received | None] = deque()
        self._waiter: Waiter[None] | None = None
        loop = get_hub().loop
        # Ahead of requests, however many there are.
        self._waker = loop.async_(priority=loop.MAXPRI)  # type: ignore[attr-defined]
        self._waker.start(self._deliver)
        _start_thread(self._read, ())

    def __iter__(self) -> Iterator[Received]:
        while True:
            if not self._received:
                self._waiter = Waiter()
                self._waiter.get()
                self._waiter = None
            while self._received:
                received = self._received.popleft()
                if received is None:
                    return
                yield received

    def _deliver(self) -> None:
        if self._waiter is not None:
            self._waiter.switch(None)

    def _read(self) -> None:
        try:
            while True:
                self._received.extend(self._channel.receive())
                self._waker.send()
        except EOFError:
            self._received.append(None)
            self._waker.send()
            _sleep(LAST_SECONDS)
            os._exit(1)
