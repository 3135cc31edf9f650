"""Streams whose client has left: noticed at once, also while the application has nothing to say."""

from typing import Any

from gevent import GreenletExit, get_hub

from webzeug.server.reader import Reader

READS_AHEAD = 16 * 1024
"""Octets of further requests that are taken in while a stream is watched."""

_READ = 1


class ClientLeftError(GreenletExit):
    """Ends the greenlet of a stream that nobody reads any more.

    Not an Exception, so that an application that goes on after any error does not go on.
    """


class Watch:
    """Throws ClientLeftError into a greenlet when the client closes or resets the connection.

    Once a stream has begun, a client that closes its side is taken to have left, for a program
    that still listens cannot be told from one that has gone.
    """

    __slots__ = ("_greenlet", "_reader", "_watcher")

    def __init__(self, sock: Any, reader: Reader, greenlet: Any) -> None:
        self._reader = reader
        self._greenlet = greenlet
        watcher = get_hub().loop.io(sock.fileno(), _READ)
        watcher.start(self._look)
        self._watcher: Any = watcher

    def stop(self) -> None:
        """Watch no more."""
        watcher, self._watcher = self._watcher, None
        if watcher is not None:
            watcher.stop()
            watcher.close()

    def _look(self) -> None:
        """In the hub: the greenlet waits for something, wherever it is."""
        if self._reader.pending >= READS_AHEAD:
            self.stop()  # or it would spin
            return
        try:
            is_there = self._reader.pull()
        except OSError:
            is_there = False
        if not is_there:
            self.stop()
            self._greenlet.throw(ClientLeftError)
