"""Building a table in a process that answers requests meanwhile."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from gevent import get_hub

from webzeug.pacing import Made, Pace
from webzeug.server.turns import give_way

SWITCH = 0.0005
"""Seconds after which the thread that builds gives way to the one that answers requests."""

TURN = 0.001
"""Seconds after which the application's own code, which stays in that thread, does."""


class Beside(Pace):
    """Computing runs in a thread; between two imports, requests have their turn.

    The application's code is never run in the thread, for what it makes may belong to the hub.
    """

    def __init__(self) -> None:
        self._since = time.perf_counter()

    def aside(self, work: Callable[[], Made]) -> Made:
        with _quick_switches():
            result: Made = get_hub().threadpool.apply(work)
        self._since = time.perf_counter()
        return result

    def pause(self) -> None:
        if time.perf_counter() - self._since >= TURN:
            give_way()
            self._since = time.perf_counter()


@contextmanager
def _quick_switches() -> Iterator[None]:
    former = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH)
    try:
        yield
    finally:
        sys.setswitchinterval(former)
