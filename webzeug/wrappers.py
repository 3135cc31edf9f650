"""Request and Response: Werkzeug's classes, mended where a client's octets would fail them."""

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from werkzeug.datastructures import Headers
from werkzeug.wrappers import Request as WerkzeugRequest
from werkzeug.wrappers import Response as WerkzeugResponse

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_PRINTABLE = "!\"#$%&'()*+,/:;<=>?@[\\]^`{|}"


class Request(WerkzeugRequest):
    """An HTTP request: every attribute of ``werkzeug.wrappers.Request``.

    ``query_string`` holds printable ASCII alone (RFC 3986 3.4): what a client has sent beyond
    it is percent-encoded. JSON that is nested too deeply is a BadRequest.
    """

    def __init__(
        self, environ: "WSGIEnvironment", populate_request: bool = True, shallow: bool = False
    ) -> None:
        super().__init__(environ, populate_request, shallow)
        query: str = environ.get("QUERY_STRING", "")
        if not (query.isascii() and query.isprintable()):
            self.query_string = quote(self.query_string, safe=_PRINTABLE).encode("ascii")

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:
        """The body as JSON; see ``werkzeug.wrappers.Request.get_json``."""
        try:
            return super().get_json(force, silent, cache)
        except RecursionError:
            problem = ValueError("it is nested too deeply")
            return None if silent else self.on_json_loading_failed(problem)


class Response(WerkzeugResponse):
    """An HTTP response: every attribute of ``werkzeug.wrappers.Response``.

    A string is sent as UTF-8 text/plain; an iterable is streamed.
    """

    def get_wsgi_headers(self, environ: "WSGIEnvironment") -> Headers:
        """The header fields to send; without content there is no Content-Type either."""
        headers = super().get_wsgi_headers(environ)
        if self.status_code == 204:
            headers.remove("Content-Type")
        return headers


def json_response(
    value: object,
    status: int = 200,
    headers: Mapping[str, str] | Iterable[tuple[str, str]] | None = None,
    **options: Any,
) -> Response:
    """A response whose body is ``value`` as JSON (RFC 8259); ``options`` go to ``json.dumps``.

    Raises TypeError for a value that JSON cannot say.
    """
    body = json.dumps(value, **options)
    return Response(body, status=status, headers=headers, mimetype="application/json")
