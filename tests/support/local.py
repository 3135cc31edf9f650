"""The server in this process: it and its clients are greenlets of one hub."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import gevent.socket

from tests.support.http import TIMEOUT, Answer, Connection
from webzeug.manifest.model import Server as ServerOptions
from webzeug.server.serve import Server

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class Local:
    """A running server. What waits for an answer lets the server run meanwhile."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.address = server.address
        self._connections: list[Connection] = []

    def connect(self) -> Connection:
        """A new connection to it, which is closed with the server at the latest."""
        address = self.address
        client = Connection(connect(address.path or (address.host, address.port)))
        self._connections.append(client)
        return client

    def close(self) -> None:
        """Stop the server, and close the connections to it."""
        self.server.stop()
        for client in self._connections:
            client.close()

    def get(self, target: str = "/", method: str = "GET", fields: str = "") -> Answer:
        """One request on a connection of its own."""
        with self.connect() as client:
            return client.get(target, method, fields)


def connect(
    address: tuple[str, int] | str, kind: socket.SocketKind = socket.SOCK_STREAM
) -> socket.socket:
    """A gevent socket that is connected."""
    if isinstance(address, tuple):
        return gevent.socket.create_connection(address, TIMEOUT)
    sock: socket.socket = gevent.socket.socket(socket.AF_UNIX, kind)
    sock.settimeout(TIMEOUT)
    sock.connect(address)
    return sock


@contextmanager
def running(
    app: "WSGIApplication",
    options: ServerOptions = ServerOptions(bind="127.0.0.1:0", grace=0),  # noqa: B008
    listener: socket.socket | None = None,
) -> Iterator[Local]:
    """Serve a WSGI application::

    with running(app) as server, server.connect() as client:
        assert client.get("/").status == 200
    """
    server = Server(app, options, listener)
    server.start()
    local = Local(server)
    try:
        yield local
    finally:
        local.close()
