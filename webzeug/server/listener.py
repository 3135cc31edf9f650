"""The socket that outlives the processes that serve on it."""

import os
import socket
from contextlib import suppress

from webzeug.manifest.address import Address, parse_address
from webzeug.server.listening import address_of, open_listener


class Listener:
    """Listens on one address at a time; the processes that serve have copies of the socket."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = None
        self._wanted = Address()
        self.address = Address()

    def listen(self, bind: str, backlog: int) -> int:
        """Listen on an address, if we do not already; returns the socket's descriptor.

        Connections that are waiting at a former address are still served by those that have a
        copy. Raises BindError; then everything is as before.
        """
        wanted = parse_address(bind)
        if self._socket is None or wanted != self._wanted:
            opened = open_listener(wanted, backlog)
            self.close()
            self._socket, self._wanted = opened, wanted
            self.address = address_of(opened)
        else:
            self._socket.listen(backlog)
        return self._socket.fileno()

    def close(self) -> None:
        """Listen no more."""
        if self._socket is not None:
            self._socket.close()
            if self.address.path:
                with suppress(OSError):  # somebody else has removed it
                    os.unlink(self.address.path)
            self._socket = None
