"""The process that serves in development: it does what the supervisor tells it, until the end.

It is told to start, then to serve on a socket; from then on to reload the manifest, to show what
is wrong, to take a connection over. At last it is told to drain (its connections go on with the
process that follows), or to stop.
"""

import os
import socket
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import gevent

from webzeug.assembly import resource_diagnostic
from webzeug.diagnostics import Diagnostic
from webzeug.loader import Options
from webzeug.manifest.changes import digests, fingerprints
from webzeug.manifest.document import UNREADABLE
from webzeug.manifest.model import Manifest
from webzeug.manifest.model import Server as ServerOptions
from webzeug.reloading import Outcome
from webzeug.resources import ResourceError
from webzeug.server.audience import is_loopback
from webzeug.server.breakage import Breakage, Problem
from webzeug.server.channel import Channel, Message
from webzeug.server.inbox import LAST_SECONDS, Inbox
from webzeug.server.insight import Insight
from webzeug.server.log import configure_logging
from webzeug.server.making import Made, explain, make
from webzeug.server.modules import Modules
from webzeug.server.pages import Pages
from webzeug.server.serve import Server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

Describe = Callable[[Iterable[Diagnostic]], list[Problem]]
"""Diagnostics in a form fit for messages."""

PagesFor = Callable[[str, str], Pages]
"""The pages for a manifest, and for the folder of its application."""


class Child:
    """Serves one application. It is itself the WSGI application that is served."""

    def __init__(self, channel: Channel, describe: Describe, pages_for: PagesFor) -> None:
        self._channel = channel
        self._describe = describe
        self._pages_for = pages_for
        self._breakage = Breakage()
        self._insight: Insight | None = None
        self._modules = Modules()
        self._made = Made(None, None, ())
        self._is_open = False
        self._server: Server | None = None
        self._options = ServerOptions()

    def run(self) -> None:
        """Obey the supervisor until the end."""
        try:
            for message, descriptor in Inbox(self._channel):
                if not self._obey(message, descriptor):
                    return
            self._stop(LAST_SECONDS / 3)
        finally:
            self._close()

    def _close(self) -> None:
        if self._made.app is None or self._made.manifest is None:
            return
        try:
            self._made.app.close()
        except ResourceError as error:
            problem = resource_diagnostic(self._made.manifest, error)
            self._channel.send({"is": "closed", "problems": self._describe([problem])})

    def _obey(self, message: Message, descriptor: int | None) -> bool:
        """Do what a message says; returns whether there may be more to come."""
        match message["do"]:
            case "start":
                return self._start(message)
            case "serve" if descriptor is not None:
                self._serve(socket.socket(fileno=descriptor))
            case "take" if descriptor is not None:
                self._take(socket.socket(fileno=descriptor), message["address"])
            case "reload":
                self._reload(message["files"])
            case "show":
                self._breakage.show(message["problems"])
            case "drain":
                self._leave()
                self._stop(message["grace"])
                return False
            case "stop":
                self._stop(message["grace"])
                return False
        return True

    def _start(self, order: Message) -> bool:
        """Make the application, and report; returns whether it can be served."""
        sys.path[:], sys.argv[:] = order["sys_path"], order["argv"]
        self._modules = Modules()
        path, options = order["manifest"], _options(order)
        self._insight = Insight(self._breakage, self._pages_for(path, options.folder(path)))
        must_be_sound = order["must_be_sound"]
        if order["explains"]:
            self._made = explain(path, options)
        else:
            self._made = make(path, options, must_be_sound=must_be_sound)
        self._is_open = self._made.is_open
        self._options = self._made.server_options(options)
        configure_logging()
        manifest = self._made.manifest
        self._channel.send(
            {
                "is": "made",
                "is_hopeless": _is_hopeless(self._made.diagnostics),
                "is_sound": self._made.is_sound,
                "problems": self._describe(self._made.diagnostics),
                "files": _files(path, options, manifest),
                "folders": self._modules.new_folders(),
                "routes": fingerprints(manifest.routes) if manifest is not None else {},
                "bind": self._options.bind,
                "backlog": self._options.backlog,
            }
        )
        return self._made.is_sound or not must_be_sound

    def _serve(self, listener: socket.socket) -> None:
        assert self._insight is not None
        app = self._made.app
        draining = app.draining if app is not None else None
        self._server = Server(self, self._options, listener, draining)
        self._server.bind()
        self._insight.is_on = is_loopback(self._server.address)
        self._server.start()
        self._channel.send({"is": "serving"})

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Let the App answer if it can be opened, or say what is wrong to who may be told."""
        assert self._insight is not None
        app = self._made.app
        is_ready = app is not None and (self._is_open or self._open())
        try:
            return self._insight.respond(app if is_ready else None, environ, start_response)
        finally:
            if folders := self._modules.new_folders():
                self._channel.send({"is": "importing", "folders": folders})

    def _open(self) -> bool:
        """Try again to open the resources: what they need may be there by now."""
        assert self._made.app is not None
        try:
            self._made.app.open()
        except ResourceError:
            return False
        self._is_open = True
        if self._made.site is not None:
            self._channel.send({"is": "open"})
        return True

    def _reload(self, files: dict[str, str]) -> None:
        assert self._made.site is not None
        reload = self._made.site.reload(files)
        is_swapped = reload.outcome is Outcome.SWAPPED
        if is_swapped and not self._breakage.problems:
            self._breakage.change()
        self._channel.send(
            {
                "is": "reloaded",
                "outcome": reload.outcome,
                "problems": self._describe(reload.diagnostics),
                "files": dict(reload.files),
                "folders": self._modules.new_folders(),
                "routes": fingerprints(self._made.site.manifest.routes) if is_swapped else {},
                "refused": reload.refused,
            }
        )

    def _take(self, connection: socket.socket, address: Any) -> None:
        assert self._server is not None
        # In a greenlet, because it has to wait while there are too many connections.
        name = tuple(address) if isinstance(address, list) else address
        gevent.spawn(self._server.adopt, connection, name)

    def _hand_over(self, connection: Any, address: Any) -> None:
        name = address if isinstance(address, tuple) else ""
        self._channel.send({"is": "leaving", "address": name}, connection.fileno())

    def _leave(self) -> None:
        self._breakage.end()
        if self._server is not None:
            self._server.leave(self._hand_over)
        self._channel.send({"is": "draining"})

    def _stop(self, grace: float) -> None:
        self._breakage.end()
        if self._server is not None:
            self._server.stop(grace)


def _options(order: Message) -> Options:
    return Options(
        settings=order["settings"],
        config=order["config"],
        environ=os.environ,
        app_dir=order["app_dir"],
        development=True,
    )


def _files(path: str, options: Options, manifest: Manifest | None) -> dict[str, str | None]:
    if manifest is not None:
        return digests(manifest)
    return dict.fromkeys(name for name in (path, options.config) if name is not None)


def _is_hopeless(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether it is the command line that is wrong, which no change of a file can mend."""
    return any(d.kind is UNREADABLE or d.span.source.path == "--set" for d in diagnostics)
