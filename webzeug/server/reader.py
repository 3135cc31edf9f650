"""The octets that come in on a connection, buffered, and never waited for without a limit."""

import os
from time import monotonic
from typing import Any

BLOCK = 16 * 1024


class LineTooLongError(ValueError):
    """A line has more octets than it may have."""


class Reader:
    """Reads from a gevent socket.

    ``ended`` tells that the client sends no more. Waiting longer than is allowed raises
    TimeoutError; other failures of the connection are OSErrors as well.
    """

    __slots__ = ("_buffer", "_socket", "_start", "ended")

    def __init__(self, sock: Any) -> None:
        self.ended = False
        self._socket = sock
        self._buffer = b""
        self._start = 0

    @property
    def pending(self) -> int:
        """How many octets have been received, but not been read."""
        return len(self._buffer) - self._start

    def fill(self, seconds: float | None) -> bool:
        """Wait for more octets; False at the end."""
        if self.ended:
            return False
        if seconds is not None and seconds <= 0:
            raise TimeoutError("too slow")
        self._socket.settimeout(seconds)
        self._add(self._socket.recv(BLOCK))
        return not self.ended

    def _add(self, data: bytes) -> None:
        self.ended = not data
        self._buffer = self._buffer[self._start :] + data if self.pending else data
        self._start = 0

    def line(self, limit: int, deadline: float) -> bytes:
        """A line with its LF, or what there is of it at the end; ``deadline`` is monotonic.

        Raises LineTooLongError as soon as it is clear.
        """
        searched = 0
        while True:
            found = self._buffer.find(b"\n", self._start + searched)
            length = self.pending if found < 0 else found + 1 - self._start
            if length > limit:
                raise LineTooLongError
            if found >= 0 or not self._buffer_more(deadline):
                return self.take(length)
            searched = length

    def _buffer_more(self, deadline: float) -> bool:
        return self.fill(deadline - monotonic())

    def take(self, size: int) -> bytes:
        """At most so many of the pending octets."""
        end = min(self._start + size, len(self._buffer))
        data = self._buffer[self._start : end]
        self._start = end
        return data

    def take_line(self, size: int) -> bytes:
        """The same, to the end of a line at most."""
        found = self._buffer.find(b"\n", self._start, self._start + size)
        return self.take(size if found < 0 else found + 1 - self._start)

    def pull(self) -> bool:
        """Take in what there is without waiting; False at the end. For the hub, which cannot wait.

        Raises OSError if the client has broken off.
        """
        try:
            # The socket's time limit belongs to the greenlet, which may be sending.
            self._add(os.read(self._socket.fileno(), BLOCK))
        except BlockingIOError:
            return True
        return not self.ended
