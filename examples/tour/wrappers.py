"""WSGI, plain: a middleware, a middleware that lets nobody in, and a mounted application."""

from collections.abc import Iterable
from hmac import compare_digest
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def add_header(app: "WSGIApplication", name: str, value: str) -> "WSGIApplication":
    """A middleware: gets the application that it wraps, and the manifest's ``with``."""

    def wrapped(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            return start_response(status, [*headers, (name, value)], exc_info)

        return app(environ, start)

    return wrapped


class RequireToken:
    """A middleware as a class: 401 unless the request has the token."""

    def __init__(self, app: "WSGIApplication", token: str) -> None:
        self.app = app
        self.expected = f"Bearer {token}"

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        given = environ.get("HTTP_AUTHORIZATION", "")
        if compare_digest(given.encode(), self.expected.encode()):
            return self.app(environ, start_response)
        headers = [("Content-Type", "text/plain"), ("WWW-Authenticate", "Bearer")]
        start_response("401 Unauthorized", headers)
        return [b"this needs the token\n"]


def mounted(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """Any WSGI application: it sees its own prefix in SCRIPT_NAME, and the rest in PATH_INFO."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"mounted at {environ['SCRIPT_NAME']}, asked for {environ['PATH_INFO']}\n".encode()]
