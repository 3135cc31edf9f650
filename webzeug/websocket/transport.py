"""Moves octets through a connected socket without ever waiting, called by gevent's hub."""

import socket
import ssl
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Any

from gevent import get_hub

READ = 64 * 1024
"""Octets that are read at once; others have their turn in between."""

_READABLE, _WRITABLE = 1, 2
_LATER = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class Transport:
    """A gevent socket that belongs to somebody else, who closes it.

    ``on_data`` gets what comes, and nothing at the end, in the hub: it must not wait.
    ``on_flushed`` is called there when the system has taken the last of what had to wait.
    """

    __slots__ = (
        "_blocks",
        "_is_begun",
        "_on_data",
        "_on_flushed",
        "_reads",
        "_shuts",
        "_socket",
        "_writes",
        "is_broken",
        "last_read",
        "last_written",
        "size",
    )

    def __init__(
        self, sock: Any, on_data: Callable[[bytes], None], on_flushed: Callable[[], None]
    ) -> None:
        sock.settimeout(0)  # from here on, it raises in place of waiting
        self._socket = sock
        self._on_data = on_data
        self._on_flushed = on_flushed
        self._blocks: deque[bytes | memoryview] = deque()
        self._is_begun = False
        self._shuts = False
        self.size = 0
        self.is_broken = False
        self.last_read = self.last_written = monotonic()
        loop = get_hub().loop
        self._reads: Any = loop.io(sock.fileno(), _READABLE)
        self._writes: Any = loop.io(sock.fileno(), _WRITABLE)

    def start_reading(self) -> None:
        """Call ``on_data`` when there is something."""
        if self._reads is not None and not self._reads.active:
            self._reads.start(self._read)

    def stop_reading(self) -> None:
        """Leave what comes to the system, which makes the sender wait."""
        if self._reads is not None:
            self._reads.stop()

    @property
    def is_reading(self) -> bool:
        """Whether octets are awaited."""
        return self._reads is not None and self._reads.active

    def _read(self) -> None:
        try:
            data = self._socket.recv(READ)
        except _LATER:
            return
        except OSError:
            self.break_off()
            return
        self.last_read = monotonic()
        if not data:
            self.stop_reading()
        self._on_data(data)
        # TLS may have decrypted more than was asked for, which no watcher sees.
        while data and self.is_reading and getattr(self._socket, "pending", int)():
            self._on_data(data := self._socket.recv(READ))

    def write(self, block: bytes) -> None:
        """Send as much as is possible now, and the rest as soon as it is."""
        if self.is_broken or self._shuts or not block:
            return
        if not self._blocks:
            self.last_written = monotonic()
        self._blocks.append(block)
        self.size += len(block)
        if not self._writes.active:
            self._flush()

    def shut(self) -> None:
        """Say that nothing more will be sent, after what has been written."""
        self._shuts = True
        if not self._blocks:
            self._shut_now()

    def drop_unsent(self) -> None:
        """Forget what has been written, but for a block of which a part has been sent."""
        kept = self._blocks[0] if self._is_begun else b""
        self._blocks.clear()
        if kept:
            self._blocks.append(kept)
        self.size = len(kept)

    def _flush(self) -> None:
        while self._blocks:
            block = self._blocks[0]
            try:
                sent = self._socket.send(block)
            except _LATER:
                if not self._writes.active:
                    self._writes.start(self._flush)
                return
            except OSError:
                self.break_off()
                return
            self.last_written = monotonic()
            self.size -= sent
            if sent < len(block):
                self._blocks[0], self._is_begun = memoryview(block)[sent:], True
            else:
                self._blocks.popleft()
                self._is_begun = False
        was_waiting = self._writes.active
        self._writes.stop()
        if self._shuts:
            self._shut_now()
        if was_waiting:
            self._on_flushed()

    def _shut_now(self) -> None:
        if isinstance(self._socket, ssl.SSLSocket):
            self.break_off()  # TLS is ended in both directions at once
            return
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)

    def break_off(self) -> None:
        """End both directions at once; ``on_data`` gets the end."""
        if self.is_broken:
            return
        self.is_broken = True
        self._blocks.clear()
        self.size = 0
        self.stop_reading()
        self._writes.stop()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        # Later, because whoever writes is in the middle of something.
        get_hub().loop.run_callback(self._end)

    def _end(self) -> None:
        if self._reads is not None:
            self._on_data(b"")

    def close(self) -> None:
        """Let go of the socket, which stays open; it may wait again."""
        for watcher in (self._reads, self._writes):
            if watcher is not None:
                watcher.stop()
                watcher.close()
        self._reads = None
        self.is_broken = True
        self._blocks.clear()
        self._socket.settimeout(None)
