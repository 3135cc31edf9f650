"""How many connections are served at once, how many wait, and what becomes of the others."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from gevent.lock import BoundedSemaphore

SURPLUS = 16
"""Connections beyond those that wait which are accepted, to be told so."""

BUSY = (
    b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 5\r\n"
    b"Content-Type: text/plain\r\nContent-Length: 20\r\n\r\nService Unavailable\n"
)


class Admission:
    """``most`` connections are inside, and ``most_waiting`` wait for one of them to end.

    ``patience`` is how long one waits, in seconds. Others are turned away with 503.
    """

    def __init__(self, most: int, most_waiting: int, patience: float) -> None:
        self._places = BoundedSemaphore(most)
        self._most_waiting = most_waiting
        self._patience = patience
        self._waiting = 0

    @contextmanager
    def admit(self, sock: Any) -> Iterator[bool]:
        """Whether a connection may be served; if not, it has been told so."""
        is_in = self._places.acquire(blocking=False) or self._wait()
        if not is_in:
            _turn_away(sock)
        try:
            yield is_in
        finally:
            if is_in:
                self._places.release()

    def _wait(self) -> bool:
        if self._waiting >= self._most_waiting:
            return False
        self._waiting += 1
        try:
            return self._places.acquire(timeout=self._patience)
        finally:
            self._waiting -= 1


def _turn_away(sock: Any) -> None:
    with suppress(OSError):  # it has left, or does not read
        sock.settimeout(0.0)
        sock.send(BUSY)
        # What is unread when a connection is closed may cost the client its answer.
        sock.recv(65_536)
