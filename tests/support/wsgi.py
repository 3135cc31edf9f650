"""Small WSGI applications (PEP 3333) that answer every request with the same."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PLAIN = ("Content-Type", "text/plain")


def answering(
    body: Sequence[bytes] = (b"hello",), status: str = "200 OK", *fields: tuple[str, str]
) -> "WSGIApplication":
    """One whose body is all there at once, so that its length is known."""

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        start_response(status, [PLAIN, *fields])
        return body

    return app


def streaming(
    blocks: Iterable[bytes], status: str = "200 OK", *fields: tuple[str, str]
) -> "WSGIApplication":
    """One whose body has no length; the blocks may be a generator, for one request."""

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        start_response(status, [PLAIN, *fields])
        return iter(blocks)

    return app
