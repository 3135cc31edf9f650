"""Upgrade: the WSGI application that turns a request into a WebSocket, and runs a View's method."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gevent.socket
from gevent import GreenletExit
from gevent.event import Event
from werkzeug import exceptions
from werkzeug.exceptions import HTTPException, ServiceUnavailable

from webzeug.manifest.model import WebSocketOptions
from webzeug.websocket.connection import WebSocket
from webzeug.websocket.conversation import GOING_AWAY, INTERNAL_ERROR, WebSocketClosed
from webzeug.websocket.handshake import log, negotiate

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_SOCKETS = ("webzeug.socket", "gunicorn.socket")
"""The environ's keys of the connection's socket: ours, and Gunicorn's."""

_DRAIN_REASON = "the server stops"


@dataclass(frozen=True, slots=True)
class Upgrade:
    """Runs ``method(ws, **args)``, and closes the WebSocket after it.

    Closed are those that the method has left open: with 1000 when it returns, with 1011 when it
    raises, with 1001 when it is killed, and as soon as ``draining`` is set.
    """

    method: Callable[..., Any]
    args: Mapping[str, Any]
    options: WebSocketOptions
    subprotocols: Sequence[str]
    draining: object

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Raises what the method raises, an HTTPException only before the 101."""
        sock = _socket_of(environ)
        # In a process that gevent has not patched, nobody sets it.
        draining = self.draining if isinstance(self.draining, Event) else Event()
        if draining.is_set():
            raise ServiceUnavailable("The server stops.")
        protocol, response = negotiate(environ, self.options, self.subprotocols)
        received = getattr(environ["wsgi.input"], "received", bytes)
        ws = WebSocket(protocol, response, sock, start_response, self.options, received)

        def drain(_: object) -> None:
            ws.begin_close(GOING_AWAY, _DRAIN_REASON)

        draining.rawlink(drain)
        try:
            return self._run(ws, environ, start_response)
        finally:
            draining.unlink(drain)

    def _run(
        self, ws: WebSocket, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        try:
            answer = self.method(ws, **self.args)
            if answer is not None and not ws.is_accepted:
                wsgi: WSGIApplication = answer
                return wsgi(environ, start_response)
            ws.close()
        except WebSocketClosed:
            pass
        except HTTPException as error:
            if not ws.is_accepted:
                raise
            ws.begin_close(INTERNAL_ERROR, "")
            message = f"{error} was raised after the WebSocket had been accepted"
            raise RuntimeError(message) from error
        except GreenletExit:
            ws.begin_close(GOING_AWAY, _DRAIN_REASON)
            raise
        except BaseException:
            ws.begin_close(INTERNAL_ERROR, "")
            raise
        finally:
            ws.finish()
        return ()


def _socket_of(environ: "WSGIEnvironment") -> Any:
    """The connection's gevent socket. Raises NotImplemented, a 501, if the server gives none."""
    sock = next((environ[key] for key in _SOCKETS if key in environ), None)
    if isinstance(sock, gevent.socket.socket):
        return sock
    name = environ.get("SERVER_SOFTWARE", "this server")
    log.error("%s gives no gevent socket: use `webzeug serve`, or gunicorn -k gevent", name)
    raise exceptions.NotImplemented("This server cannot speak WebSocket.")
