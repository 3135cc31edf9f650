"""A WSGI middleware that does nothing, for the peers that have no other kind."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Wrapper:
    """Calls what it wraps."""

    def __init__(self, app: "WSGIApplication") -> None:
        self.app = app

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        return self.app(environ, start_response)


def wrapped(app: "WSGIApplication", times: int) -> "WSGIApplication":
    """An application in so many wrappers."""
    for _ in range(times):
        app = Wrapper(app)
    return app
