"""The server: binds, serves until a signal, and ends without dropping what is under way."""

import errno
import os
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gevent
from gevent.event import Event
from gevent.pool import Pool
from gevent.pywsgi import WSGIServer

from webzeug.manifest.address import Address, parse_address
from webzeug.server.handler import Handler
from webzeug.server.log import ErrorStream

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

IDLE_LINGER = 0.5
"""Seconds that idle connections get, when the server stops, to send one more request."""


class BindError(Exception):
    """The address cannot be listened on; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """``[server]``; ``grace`` in seconds."""

    bind: str = "127.0.0.1:8000"
    grace: float = 30
    max_connections: int = 1000
    backlog: int = 1024


class GeventServer(WSGIServer):
    """pywsgi's server with our Handler, and the connections that wait for a request."""

    handler_class = Handler

    def __init__(self, listener: Any, app: "WSGIApplication", pool: Pool, server_name: str) -> None:
        self.stopping = Event()
        self.idle: set[Handler] = set()
        environ: dict[str, Any] = {
            # Given, because pywsgi would ask the DNS for it.
            "SERVER_NAME": server_name,
            "SERVER_SOFTWARE": "webzeug",
            # Greenlets call the application while others are inside it (PEP 3333).
            "wsgi.multithread": True,
            "webzeug.stopping": self.stopping,
        }
        errors: Any = ErrorStream()
        super().__init__(listener, app, spawn=pool, log=None, error_log=errors, environ=environ)

    def accept_waiting(self) -> None:
        """Take the connections that the system has accepted for us, until there are no more."""
        while (accepted := self.do_read()) is not None:
            self.do_handle(*accepted)


class Server:
    """Serves one WSGI application. Call ``bind``, then ``run``; or ``start`` and ``stop``."""

    def __init__(self, app: "WSGIApplication", options: ServerOptions) -> None:
        self._app = app
        self._options = options
        self._pool = Pool(options.max_connections)
        self._gevent_server: GeventServer | None = None
        self._stop = Event()
        self.address = Address()

    @property
    def url(self) -> str:
        """Where it listens, as a person types it."""
        return self.address.url

    def bind(self) -> Address:
        """Open the listening socket; the address says which port a 0 has become.

        Raises BindError.
        """
        wanted = parse_address(self._options.bind)
        try:
            listener = _unix(wanted.path) if wanted.path else _tcp(wanted)
        except OSError as error:
            raise BindError(_reason(wanted, error)) from error
        listener.listen(self._options.backlog)
        listener.setblocking(False)
        port = 0 if wanted.path else listener.getsockname()[1]
        self.address = Address(wanted.host, port, wanted.path)
        name = wanted.host or "localhost"
        self._gevent_server = GeventServer(_cooperative(listener), self._app, self._pool, name)
        return self.address

    def start(self) -> None:
        """Begin to accept connections, in greenlets of this thread's hub."""
        if self._gevent_server is None:
            self.bind()
        assert self._gevent_server is not None
        self._gevent_server.start()

    def stop(self) -> None:
        """Accept no more, let what is under way finish within ``grace``, then end the rest."""
        server = self._gevent_server
        assert server is not None
        server.stopping.set()
        server.stop_accepting()
        server.accept_waiting()
        server.close()
        if self.address.path:
            _remove_socket(self.address.path)
        self._pool.join(timeout=min(IDLE_LINGER, self._options.grace))
        for handler in list(server.idle):
            handler.let_go()
        self._pool.join(timeout=self._options.grace)
        self._pool.kill()

    def run(self) -> int:
        """Serve until SIGTERM or SIGINT, then stop; a second signal ends the process at once.

        Returns the exit code 0.
        """
        restore = [_watch(number, self._on_signal) for number in (signal.SIGTERM, signal.SIGINT)]
        try:
            self.start()
            self._stop.wait()
            self.stop()
        finally:
            for undo in restore:
                undo()
        return 0

    def _on_signal(self, number: int) -> None:
        if self._stop.is_set():
            os._exit(128 + number)
        self._stop.set()


def _watch(number: int, callback: Callable[[int], None]) -> Callable[[], None]:
    """Call back on a signal; returns what puts the former handler back."""
    former = signal.getsignal(number)
    watcher = gevent.signal_handler(number, callback, number)

    def undo() -> None:
        watcher.cancel()
        signal.signal(number, former)

    return undo


def _tcp(address: Address) -> socket.socket:
    family = socket.AF_INET6 if address.is_ipv6 else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address.host, address.port))
    except OSError:
        listener.close()
        raise
    return listener


def _unix(path: str) -> socket.socket:
    """Listen on a path; a socket that nobody listens on any more is replaced."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        if _is_dead_socket(path):
            os.unlink(path)
        listener.bind(path)
    except OSError:
        listener.close()
        raise
    return listener


def _is_dead_socket(path: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(path)
        except ConnectionRefusedError:
            return True
        except OSError:
            return False
    return False


def _remove_socket(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        return  # somebody else has removed it


def _cooperative(listener: socket.socket) -> Any:
    """The same socket as gevent's kind, also where nothing was patched (in tests)."""
    from gevent.socket import socket as gevent_socket

    if type(listener) is gevent_socket:
        return listener
    return gevent_socket(listener.family, listener.type, fileno=listener.detach())


def _reason(address: Address, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        other = f"--bind {address.host}:{address.port + 1}" if address.port else "another --bind"
        return f"cannot listen on {address}: another program does already; try {other}"
    if error.errno == errno.EACCES:
        return f"cannot listen on {address}: permission denied; try a port above 1023"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"cannot listen on {address}: it is not an address of this machine"
    if isinstance(error, socket.gaierror):
        return f"cannot listen on {address}: there is no host `{address.host}`"
    return f"cannot listen on {address}: {error.strerror or error}"
