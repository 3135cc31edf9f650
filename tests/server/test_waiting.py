"""A process without gevent waits for descriptors, signals, threads and the time in one place."""

import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from tests.support.http import TIMEOUT
from webzeug.server.channel import Channel
from webzeug.server.waiting import Waiting


@pytest.fixture
def waiting() -> Iterator[Waiting]:
    with Waiting.open() as waiting:
        yield waiting


def soon() -> float:
    return time.monotonic() + TIMEOUT


def test_a_deadline_ends_the_wait(waiting: Waiting) -> None:
    """One that is past at once."""
    waiting.wait(time.monotonic() + 0.01, [])
    waiting.wait(time.monotonic() - 1, [])
    assert waiting.signals == []


def test_another_thread_ends_the_wait(waiting: Waiting) -> None:
    """However often it wakes us before."""

    def wake() -> None:
        for _ in range(10_000):
            waiting.wake()

    thread = threading.Thread(target=wake)
    thread.start()
    waiting.wait(soon(), [])
    thread.join()
    waiting.wait(time.monotonic(), [])


def test_signals_end_the_wait(waiting: Waiting) -> None:
    """Those to stop are remembered; that a child has ended is not."""
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT):
        os.kill(os.getpid(), number)
        waiting.wait(soon(), [])
    assert waiting.signals == [signal.SIGTERM, signal.SIGINT]


def test_handlers_are_put_back() -> None:
    """After it, signals do what they did."""
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    with Waiting.open() as waiting:
        pass
    assert before == [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    waiting.wake()


def test_messages_end_the_wait(waiting: Waiting) -> None:
    """What waits to be sent is sent meanwhile."""
    ours, theirs = Channel.pair()
    other = Channel(theirs)
    received: list[object] = []
    waiting.add(ours, lambda: received.extend(ours.receive()))
    ours.send({"text": "x" * 3_000_000})
    before = ours.is_flushed

    def answer() -> None:
        while not list(other.receive()):
            pass
        other.send({"done": True})

    thread = threading.Thread(target=answer)
    thread.start()
    while not received:
        waiting.wait(soon(), [ours])
    thread.join(TIMEOUT)
    assert (before, ours.is_flushed) == (False, True)
    waiting.wait(time.monotonic(), [ours])
    waiting.remove(ours)
    other.close()
    waiting.wait(time.monotonic(), [])
    ours.close()
