"""What a process without gevent waits for: descriptors, signals, other threads, the time."""

import selectors
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Self

from webzeug.server.channel import Channel

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Waiting:
    """One place to wait in. ``signals`` are the signals to stop that have come, oldest first."""

    def __init__(self) -> None:
        self.signals: list[int] = []
        self._selector = selectors.DefaultSelector()
        self._wakes, self._waker = socket.socketpair()
        self._wakes.setblocking(False)
        self._waker.setblocking(False)
        self._selector.register(self._wakes, selectors.EVENT_READ)

    @classmethod
    @contextmanager
    def open(cls) -> Iterator[Self]:
        """One that hears of signals, and of the end of child processes; for the main thread."""
        waiting = cls()
        handlers = {signal.SIGCHLD: _ignore, **dict.fromkeys(STOP_SIGNALS, waiting._note)}
        former = {number: signal.signal(number, handler) for number, handler in handlers.items()}
        former_wakeup = signal.set_wakeup_fd(waiting._waker.fileno(), warn_on_full_buffer=False)
        try:
            yield waiting
        finally:
            signal.set_wakeup_fd(former_wakeup)
            for number, handler in former.items():
                signal.signal(number, handler)
            waiting._close()

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.signals.append(number)

    def _close(self) -> None:
        self._selector.close()
        self._wakes.close()
        self._waker.close()

    def wake(self) -> None:
        """End the wait; may be called in any thread."""
        with suppress(OSError):  # full: it wakes up anyway; closed: nobody waits
            self._waker.send(b"\0")

    def add(self, channel: Channel, on_message: Callable[[], None]) -> None:
        """Call back when there is something to receive, or the other end has gone."""
        self._selector.register(channel, selectors.EVENT_READ, on_message)

    def remove(self, channel: Channel) -> None:
        self._selector.unregister(channel)

    def wait(self, deadline: float | None, channels: list[Channel]) -> None:
        """Wait until something happens, or for a point in time (monotonic), and call back.

        What could not be sent to the channels so far is sent meanwhile.
        """
        for channel in channels:
            events = selectors.EVENT_READ
            if not channel.is_flushed:
                events |= selectors.EVENT_WRITE
            key = self._selector.get_key(channel)
            if key.events != events:
                self._selector.modify(channel, events, key.data)
        timeout = None if deadline is None else max(deadline - time.monotonic(), 0)
        for key, events in self._selector.select(timeout):
            if key.fileobj is self._wakes:
                with suppress(BlockingIOError):
                    self._wakes.recv(4096)
                continue
            if events & selectors.EVENT_WRITE and isinstance(key.fileobj, Channel):
                key.fileobj.flush()
            if events & selectors.EVENT_READ:
                key.data()


def _ignore(number: int, frame: FrameType | None) -> None:
    """A signal that only ends a wait."""
