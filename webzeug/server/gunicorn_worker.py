"""Gunicorn's worker that serves with our server: the limits, the log and the drain are the same."""

import os
import signal
import socket
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol, cast

import gevent
import gevent.socket
from gevent import hub
from gunicorn.workers.base import Worker as GunicornWorker

from webzeug.server.log import configure_logging
from webzeug.server.patching import patch
from webzeug.server.serve import Server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from webzeug.app import App
    from webzeug.manifest.model import Server as ServerOptions

ENDS = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)
"""Signals that end a worker."""

HEARD = (*ENDS, signal.SIGHUP)
"""Signals that a worker hears; blocked by whoever forks, so that none is lost meanwhile."""

BEAT = 1.0
"""Seconds between two signs of life for the arbiter."""


class Served(Protocol):
    """What an application of Gunicorn's has for its workers, besides the WSGI callable."""

    def server_options(self) -> "ServerOptions":
        """``[server]``, once the App has been made."""
        ...

    def reload_table(self) -> None:
        """Read the manifest again."""
        ...


class Worker(GunicornWorker):
    """A process of Gunicorn's, in which our own server does the work.

    Resources are opened here, after the fork, and closed when the last request is over.
    """

    _app: "App"
    _has_hung_up = False

    def init_process(self) -> None:
        """Patch before anything of the application is imported, then load and serve."""
        # Gunicorn does so later, and what comes while we start would be lost.
        for number in ENDS:
            signal.signal(number, self.handle_exit)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDS)
        # Gunicorn itself has imported ssl, for TLS, which it does not do here.
        patch(already=("ssl",))
        hub.reinit()
        super().init_process()

    def init_signals(self) -> None:
        """Hear SIGHUP as well, which Gunicorn's own workers do not."""
        super().init_signals()
        signal.signal(signal.SIGHUP, self.handle_hup)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGHUP,))

    def handle_hup(self, sig: int, frame: Any) -> None:
        """SIGHUP: the arbiter has seen that nothing but routes is new."""
        self._has_hung_up = True

    def run(self) -> None:
        """Serve until the arbiter says that it is enough; then drain."""
        configure_logging()
        served: Served = cast("Served", self.app)
        self._app = cast("App", self.wsgi)
        with self._app:
            server = self._server(served.server_options())
            server.start()
            beating = gevent.spawn(self._beat)
            try:
                while self.alive:
                    if self._has_hung_up:
                        self._has_hung_up = False
                        gevent.spawn(served.reload_table)
                    self._wait_for_signal()
                server.stop()
            finally:
                beating.kill()

    def _server(self, options: "ServerOptions") -> Server:
        (listening,) = self.sockets
        listener = socket.socket(fileno=os.dup(listening.fileno()))
        # As long as any descriptor of it is open, clients come whom nobody serves.
        listening.close()
        wsgi = self._counted if self.cfg.max_requests else self._app
        return Server(wsgi, options, listener, self._app.draining)

    def _counted(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        self.nr += 1
        if self.nr == self.max_requests:
            self.log.info("Autorestarting worker after current request.")
            self.alive = False
            os.write(self.PIPE[1], b".")
        return self._app(environ, start_response)

    def _wait_for_signal(self) -> None:
        """Python writes each signal's number into the pipe; the handlers have run after that."""
        gevent.socket.wait_read(self.PIPE[0])
        with suppress(BlockingIOError):
            os.read(self.PIPE[0], 4096)

    def _beat(self) -> None:
        while True:
            self.notify()
            if self.alive and self.ppid != os.getppid():
                self.log.info("Parent changed, shutting down: %s", self)
                self.handle_exit(0, None)
                os.write(self.PIPE[1], b".")
            gevent.sleep(BEAT)

    def handle_quit(self, sig: int, frame: Any) -> None:
        """SIGINT, SIGQUIT: Ctrl-C reaches all processes at once, and is no reason to drop any."""
        self.handle_exit(sig, frame)
