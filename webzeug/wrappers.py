"""Request and Response: Werkzeug's classes, mended where a client's octets would fail them."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote

from werkzeug.datastructures import Authorization, Headers, IfRange
from werkzeug.http import parse_date
from werkzeug.utils import cached_property
from werkzeug.wrappers import Request as WerkzeugRequest
from werkzeug.wrappers import Response as WerkzeugResponse

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_PRINTABLE = "!\"#$%&'()*+,/:;<=>?@[\\]^`{|}"
_DATES = ("HTTP_IF_MODIFIED_SINCE", "HTTP_IF_RANGE", "HTTP_IF_UNMODIFIED_SINCE")


class Request(WerkzeugRequest):
    """An HTTP request: every attribute of ``werkzeug.wrappers.Request``.

    Nothing that a client can send makes one raise anything but an HTTPException: header fields
    that cannot be read are ignored, JSON that is nested too deeply is a BadRequest, and
    ``query_string`` is printable ASCII (RFC 3986 3.4), the rest of it percent-encoded.
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

    @cached_property
    def authorization(self) -> Authorization | None:
        """The Authorization field (RFC 9110 11.6.2)."""
        try:
            return super().authorization
        except ValueError:  # of Basic, in characters that Base64 does not have
            return None

    @cached_property
    def date(self) -> datetime | None:
        """The Date field (RFC 9110 6.6.1), with its time zone."""
        return _date(self.headers.get("Date"))

    @cached_property
    def if_modified_since(self) -> datetime | None:
        """The If-Modified-Since field (RFC 9110 13.1.3), with its time zone."""
        return _date(self.headers.get("If-Modified-Since"))

    @cached_property
    def if_unmodified_since(self) -> datetime | None:
        """The If-Unmodified-Since field (RFC 9110 13.1.4), with its time zone."""
        return _date(self.headers.get("If-Unmodified-Since"))

    @cached_property
    def if_range(self) -> IfRange:
        """The If-Range field (RFC 9110 13.1.5)."""
        try:
            return super().if_range
        except OverflowError:
            return IfRange()


def _date(text: str | None) -> datetime | None:
    try:
        return parse_date(text)
    except OverflowError:  # a time zone beyond all bounds
        return None


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

    def make_conditional(
        self,
        request_or_environ: "WSGIEnvironment | WerkzeugRequest",
        accept_ranges: bool | str = False,
        complete_length: int | None = None,
    ) -> Self:
        """Answer 304, 206 or 416 if the request's conditions ask for it (RFC 9110 13, 14)."""
        try:
            super().make_conditional(request_or_environ, accept_ranges, complete_length)
        except OverflowError:  # as of a Request; a date that cannot be read is ignored
            given = request_or_environ
            environ = given.environ if isinstance(given, WerkzeugRequest) else given
            readable = {key: value for key, value in environ.items() if key not in _DATES}
            super().make_conditional(readable, accept_ranges, complete_length)
        return self


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
