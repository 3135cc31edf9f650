"""The server: binds, serves until a signal, and ends without dropping what is under way."""

import os
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Protocol

import gevent
import gevent.socket
from gevent.event import Event
from gevent.lock import RLock
from gevent.pool import Pool
from gevent.pywsgi import WSGIServer

from webzeug.manifest.address import Address, parse_address
from webzeug.manifest.model import Server as ServerOptions
from webzeug.server.admission import SURPLUS, Admission
from webzeug.server.handler import Handler
from webzeug.server.listening import address_of, open_listener
from webzeug.server.log import ErrorStream, log_turned_away
from webzeug.server.signals import stop_signals
from webzeug.wrappers import MAX_BODY, MAX_FORM_MEMORY, MAX_FORM_PARTS

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

IDLE_LINGER = 0.5
"""Seconds that idle connections get, when the server stops, to send one more request."""

KILL_TIMEOUT = 1.0
"""Seconds that an application gets to clean up when its time is over."""

Connection = tuple[Any, Any]
"""An accepted socket, and its client's address."""

HandOver = Callable[[Any, Any], None]
"""Takes an accepted socket, which is closed here afterwards, and its client's address."""


class Stopping(Protocol):
    """An event such as gevent's: set when the server is about to stop."""

    def set(self) -> None: ...

    def is_set(self) -> bool: ...


class GeventServer(WSGIServer):
    """pywsgi's server with our Handler, and the connections that wait for a request."""

    handler_class = Handler

    def __init__(
        self,
        listener: Any,
        app: "WSGIApplication",
        pool: Pool,
        address: Address,
        limits: ServerOptions = ServerOptions(),  # noqa: B008  # it is frozen
        stopping: Stopping | None = None,
    ) -> None:
        self.limits = limits
        self._admission = Admission(
            limits.max_connections, limits.max_waiting, limits.header_timeout
        )
        self.stopping = stopping or Event()
        self.hand_over: HandOver | None = None
        self._idle: set[Handler] = set()
        self._lets_go = False
        errors: Any = ErrorStream()
        super().__init__(
            listener, app, spawn=pool, log=None, error_log=errors, environ=self._base(address)
        )

    def _base(self, address: Address) -> dict[str, Any]:
        """What the environ of every request has (PEP 3333)."""
        host = f"[{address.host}]" if address.is_ipv6 else address.host
        return {
            # Given, because pywsgi would ask the DNS for it; a Unix socket has neither.
            "SERVER_NAME": host or "localhost",
            "SERVER_PORT": str(address.port or 80),
            "SERVER_SOFTWARE": "webzeug",
            # Greenlets call the application while others are inside it.
            "wsgi.multithread": True,
            "webzeug.stopping": self.stopping,
            MAX_BODY: self.limits.max_body,
            MAX_FORM_MEMORY: self.limits.max_form_memory,
            MAX_FORM_PARTS: self.limits.max_form_parts,
        }

    @contextmanager
    def idling(self, handler: Handler) -> Iterator[None]:
        """Count a connection as idle: it may be let go."""
        self._idle.add(handler)
        if self._lets_go:
            handler.let_go()
        try:
            yield
        finally:
            self._idle.discard(handler)

    def is_idle(self, handler: Handler) -> bool:
        """Whether a connection waits for the first octet of a request."""
        return handler in self._idle

    def let_go_idle(self) -> None:
        """End or hand over the idle connections, and those that will be."""
        self._lets_go = True
        for handler in tuple(self._idle):
            handler.let_go()

    def close_listener(self) -> list[Connection]:
        """Listen no more. Returns the connections that the system has already taken for us."""
        self.stop_accepting()
        waiting = list(iter(self._accept, None)) if self.started else []
        self.close()
        return waiting

    def _accept(self) -> Connection | None:
        """The next waiting connection; None if there is no more, or no descriptor for it."""
        while True:
            try:
                return self.do_read()
            except ConnectionError:
                continue  # it has left again
            except OSError:
                return None

    def handle(self, sock: Any, address: Any) -> None:
        """Serve a connection when there is room for it, or turn it away."""
        with self._admission.admit(sock) as is_in:
            if is_in:
                super().handle(sock, address)
            else:
                log_turned_away(address)

    def serve_connection(self, sock: Any, address: Any) -> None:
        """Serve a connection to its end."""
        try:
            self.handle(sock, address)
        finally:
            self.do_close(sock, address)


class Server:
    """Serves one WSGI application. Call ``run``; or ``start``, and later ``stop``.

    ``listener`` is a socket that listens already, for example one that was inherited: the server
    takes it over, and closes its own descriptor of it at the end. Without it, ``bind`` of the
    options says where to listen. ``stopping`` is set when it begins to stop; it is also
    ``environ["webzeug.stopping"]``. An App's is ``app.draining``.
    """

    def __init__(
        self,
        app: "WSGIApplication",
        options: ServerOptions,
        listener: socket.socket | None = None,
        stopping: Stopping | None = None,
    ) -> None:
        self.address = Address()
        self._announced = stopping
        self._app = app
        self._options = options
        self._listener = listener
        self._pool = Pool(options.max_connections + options.max_waiting + SURPLUS)
        self._gevent_server: GeventServer | None = None
        self._own_path = ""
        self._asked_to_stop = Event()
        self._stopping = RLock()

    @property
    def connections(self) -> int:
        """How many there are, those that wait included."""
        return len(self._pool)

    def bind(self) -> None:
        """Listen; from here on, ``address`` says where, and which port a 0 has become.

        Raises BindError, and ValueError for options that are not an address.
        """
        listener = self._listener
        if listener is None:
            wanted = parse_address(self._options.bind)
            listener = open_listener(wanted, self._options.backlog)
            self._own_path = os.path.abspath(wanted.path) if wanted.path else ""
        self.address = address_of(listener)
        listener.setblocking(False)
        self._gevent_server = GeventServer(
            gevent.socket.socket(listener.family, listener.type, fileno=listener.detach()),
            self._app,
            self._pool,
            self.address,
            self._options,
            self._announced,
        )

    def start(self) -> None:
        """Begin to accept connections, in greenlets of this thread's hub."""
        if self._gevent_server is None:
            self.bind()
        assert self._gevent_server is not None
        self._gevent_server.start()

    def run(self, ready: Callable[[], None]) -> None:
        """Serve until ``stop`` is called, or until SIGTERM or SIGINT, which stop it as well.

        ``ready`` is called when connections are accepted and signals are heard. A second signal
        ends the process at once.
        """
        with stop_signals(self._asked_to_stop.set):
            self.start()
            ready()
            self._asked_to_stop.wait()
            self.stop()

    def adopt(self, sock: socket.socket, address: Any) -> None:
        """Serve a connection that another process has accepted, and handed over."""
        server = self._gevent_server
        if server is None:
            sock.close()
            return
        connection = gevent.socket.socket(sock.family, sock.type, fileno=sock.detach())
        self._pool.spawn(server.serve_connection, connection, address)

    def leave(self, hand_over: HandOver) -> None:
        """Accept no more, and hand over each connection when it is idle: no octet is lost.

        Returns when those that are idle already have been handed over. ``stop`` does the rest.
        ``environ["webzeug.stopping"]`` is an event that is set now.
        """
        server = self._gevent_server
        if server is None:
            return
        server.hand_over = hand_over
        server.stopping.set()
        for sock, address in server.close_listener():
            hand_over(sock, address)
            sock.close()
        server.let_go_idle()
        gevent.sleep(0)

    def stop(self, grace: float | None = None) -> None:
        """Accept no more, let what is under way finish within ``grace``, then end the rest.

        Returns when all is over, also if it was called before. Connections that the system had
        already taken are served. ``environ["webzeug.stopping"]`` is an event that is set now.
        ``grace`` is that of the options unless given, in seconds.
        """
        self._asked_to_stop.set()
        with self._stopping:
            server, self._gevent_server = self._gevent_server, None
            if server is not None:
                self._drain(server, self._options.grace if grace is None else grace)

    def _drain(self, server: GeventServer, grace: float) -> None:
        server.stopping.set()
        waiting = server.close_listener()
        if self._own_path:
            with suppress(OSError):  # somebody else has removed it
                os.unlink(self._own_path)
        # Where the pool is full, these wait for those that are let go below.
        feeder = gevent.spawn(self._serve_all, server, waiting)

        def finish() -> None:
            feeder.join()
            self._pool.join()

        def linger_and_finish() -> None:
            if server.hand_over is None:
                gevent.with_timeout(IDLE_LINGER, finish, timeout_value=None)
            server.let_go_idle()
            finish()

        gevent.with_timeout(grace, linger_and_finish, timeout_value=None)
        feeder.kill()
        self._pool.kill(timeout=KILL_TIMEOUT)

    def _serve_all(self, server: GeventServer, connections: Sequence[Connection]) -> None:
        for connection in connections:
            self._pool.spawn(server.serve_connection, *connection)
