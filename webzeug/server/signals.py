"""Signals that end the program, politely while it serves, at once before and after; and SIGHUP."""

import os
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType

from gevent import get_hub
from gevent.event import Event

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def stop_signals(stop: Callable[[], None]) -> Iterator[None]:
    """At SIGTERM or SIGINT, call ``stop`` in the hub; at the next one, end the process.

    The end is at once, with exit code 128 + the signal's number, also if the application keeps
    the hub busy. For the main thread only, as all signal handlers.
    """
    waker = get_hub().loop.async_()
    waker.start(stop)
    received: list[int] = []

    def receive(number: int, frame: FrameType | None) -> None:
        if received:
            os._exit(128 + number)
        received.append(number)
        waker.send()

    with _handlers(receive):
        try:
            yield
        finally:
            waker.stop()
            waker.close()


@contextmanager
def hang_ups() -> Iterator[Event]:
    """An event that SIGHUP sets, which would otherwise end the process; whoever acts clears it.

    For the main thread only. Windows has no such signal.
    """
    event = Event()
    waker = get_hub().loop.async_()
    waker.start(event.set)
    numbers = (signal.SIGHUP,) if hasattr(signal, "SIGHUP") else ()
    with _handlers(lambda number, frame: waker.send(), numbers):
        try:
            yield event
        finally:
            waker.stop()
            waker.close()


@contextmanager
def quiet_interrupts() -> Iterator[None]:
    """SIGTERM interrupts as Ctrl-C does, and neither says a word.

    What is under way gets a KeyboardInterrupt, so that it can clean up; then the program exits
    with 128 + the signal's number.
    """

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt(number)

    with _handlers(interrupt), _unprinted(KeyboardInterrupt):
        try:
            yield
        except KeyboardInterrupt as error:
            raise SystemExit(128 + (error.args or (signal.SIGINT,))[0]) from None


@contextmanager
def _unprinted(error: type[BaseException]) -> Iterator[None]:
    """Keep the hub from printing an exception that comes while the program waits for something."""
    hub = get_hub()
    former = hub.NOT_ERROR
    hub.NOT_ERROR = (*former, error)
    try:
        yield
    finally:
        hub.NOT_ERROR = former


@contextmanager
def _handlers(
    handler: Callable[[int, FrameType | None], None],
    numbers: Sequence[signal.Signals] = STOP_SIGNALS,
) -> Iterator[None]:
    with _waking_hub():
        former = {number: signal.signal(number, handler) for number in numbers}
        try:
            yield
        finally:
            for number, earlier in former.items():
                signal.signal(number, earlier)


@contextmanager
def _waking_hub() -> Iterator[None]:
    """Have every signal wake the hub, so that Python gets to run its handler.

    One that comes just before the hub begins to wait would else be handled with the next request.
    """
    waker, alarm = socket.socketpair()
    with waker, alarm:
        waker.setblocking(False)
        alarm.setblocking(False)
        watcher = get_hub().loop.io(waker.fileno(), 1)
        watcher.start(_drain, waker)
        former = signal.set_wakeup_fd(alarm.fileno(), warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(former)
            watcher.stop()
            watcher.close()


def _drain(waker: socket.socket) -> None:
    with suppress(BlockingIOError):
        waker.recv(4096)
