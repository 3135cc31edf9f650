"""A bare WSGI function: what remains when there is no framework. The limit for all others."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from benchmarks.wrapping import wrapped

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def respond(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """Greet, or send JSON back."""
    path, kind = environ["PATH_INFO"], "text/plain; charset=utf-8"
    if path == "/":
        body = b"Hello, World!"
    elif path == "/echo" and environ["REQUEST_METHOD"] == "POST":
        data = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        body, kind = json.dumps(data).encode(), "application/json"
    elif path.startswith("/people/"):
        body = f"Hey there {path.split('/')[2]}!".encode()
    else:
        start_response("404 Not Found", [("Content-Length", "0")])
        return ()
    start_response("200 OK", [("Content-Type", kind), ("Content-Length", str(len(body)))])
    return (body,)


def application(middlewares: int = 0, routes: int = 0) -> "WSGIApplication":
    """It has no table, whatever the number of routes."""
    return wrapped(respond, middlewares)
