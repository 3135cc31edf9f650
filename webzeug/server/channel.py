"""Messages between the supervisor and its children: JSON lines over a pair of Unix sockets.

A message may carry one descriptor, a listening socket or a connection, to the other process.
"""

import json
import os
import socket
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any, NamedTuple, Self

Message = dict[str, Any]

_BLOCK = 65536


class Received(NamedTuple):
    """A message, and the descriptor that came with it; the receiver has to close it."""

    message: Message
    descriptor: int | None


class Channel:
    """One end of the connection.

    With a non-blocking socket, ``send`` keeps what does not fit, until ``flush``; and ``receive``
    returns what there is. With a blocking one, both wait.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._unsent: deque[tuple[bytes, int | None]] = deque()
        self._received = b""
        self._descriptors: deque[int | None] = deque()

    @classmethod
    def pair(cls) -> tuple[Self, socket.socket]:
        """A non-blocking end for this process, and the socket of the other end."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        ours.setblocking(False)
        return cls(ours), theirs

    def fileno(self) -> int:
        """The descriptor to wait on; -1 after ``close``."""
        return self._socket.fileno()

    @property
    def is_flushed(self) -> bool:
        return not self._unsent

    def send(self, message: Message, descriptor: int | None = None) -> None:
        """Send a message; the descriptor, if any, is copied, and stays open here.

        If the other end has gone, nothing happens: ``receive`` tells.
        """
        copy = None if descriptor is None else os.dup(descriptor)
        line = json.dumps({**message, "has_descriptor": copy is not None}).encode() + b"\n"
        self._unsent.append((line, copy))
        self.flush()

    def flush(self) -> None:
        """Send what could not be sent before, as far as it goes."""
        try:
            while self._unsent:
                self._send_first(*self._unsent.popleft())
        except BlockingIOError:
            return
        except OSError:
            self._drop_unsent()

    def _send_first(self, data: bytes, descriptor: int | None) -> None:
        try:
            if descriptor is None:
                sent = self._socket.send(data)
            else:
                sent = socket.send_fds(self._socket, [data], [descriptor])
        except BaseException:
            self._unsent.appendleft((data, descriptor))
            raise
        if descriptor is not None:
            os.close(descriptor)
        if sent < len(data):
            self._unsent.appendleft((data[sent:], None))

    def _drop_unsent(self) -> None:
        _close_all(descriptor for _, descriptor in self._unsent)
        self._unsent.clear()

    def receive(self) -> Iterator[Received]:
        """The messages that have come. Raises EOFError if the other end has gone."""
        try:
            block, descriptors, flags, _ = socket.recv_fds(self._socket, _BLOCK, 1)
        except BlockingIOError:
            return iter(())
        except OSError as error:
            raise EOFError from error
        if not block:
            raise EOFError
        for descriptor in descriptors:
            os.set_inheritable(descriptor, False)
        # Where this process has no descriptor left for it, the system drops one.
        lost = [None] if flags & socket.MSG_CTRUNC else []
        self._descriptors += descriptors or lost
        *lines, self._received = (self._received + block).split(b"\n")
        return map(self._decoded, lines)

    def _decoded(self, line: bytes) -> Received:
        message = json.loads(line)
        # Descriptors come in order, each with the first octet of its message at the latest.
        descriptor = self._descriptors.popleft() if message.pop("has_descriptor") else None
        return Received(message, descriptor)

    def close(self) -> None:
        """Close this end; the other one finds out."""
        self._drop_unsent()
        _close_all(self._descriptors)
        self._descriptors.clear()
        with suppress(OSError):
            self._socket.close()


def _close_all(descriptors: Iterable[int | None]) -> None:
    for descriptor in descriptors:
        if descriptor is not None:
            os.close(descriptor)
