"""Request and Response: Werkzeug's classes, made as late as can be, and safe from any client.

Both keep to one idea: what Werkzeug's constructor does is done when something asks for it. A View
that reads nothing of a request, and sends a text, never asks.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from http import HTTPStatus
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any, Self, cast
from urllib.parse import quote

from werkzeug.datastructures import Authorization, Headers, IfRange
from werkzeug.exceptions import ClientDisconnected
from werkzeug.http import HTTP_STATUS_CODES, parse_date
from werkzeug.utils import cached_property, get_content_type
from werkzeug.wrappers import Request as WerkzeugRequest
from werkzeug.wrappers import Response as WerkzeugResponse
from werkzeug.wsgi import LimitedStream, get_input_stream

from webzeug.bodies import AtMost, FormParser

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_PRINTABLE = "!\"#$%&'()*+,/:;<=>?@[\\]^`{|}"
_JSON = "application/json"
_FROM_ENVIRON = frozenset(
    ("headers", "method", "path", "query_string", "remote_addr", "root_path", "scheme", "server")
)
"""The attributes that Werkzeug's constructor sets."""

_WITH_CONTENT = [code for code in HTTP_STATUS_CODES if code >= 200 and code not in (204, 205, 304)]
_STATUS_LINES: Mapping[object, str] = {
    code: WerkzeugResponse(status=code).status for code in (None, *_WITH_CONTENT)
}
_BY_MIMETYPE: Mapping[str | None, tuple[str, str]] = {
    kind: ("Content-Type", get_content_type(kind or "text/plain", "utf-8"))
    for kind in (None, "text/plain", "text/html", _JSON)
}
_FIELDS: Mapping[str, tuple[str, str]] = {field[1]: field for field in _BY_MIMETYPE.values()}
"""Status lines and types of plain responses. Werkzeug makes, and checks, all others."""

MAX_BODY = "webzeug.max_body"
"""The environ's key of the octets that a body may have; a server's word, 16 MiB without it."""

MAX_FORM_MEMORY = "webzeug.max_form_memory"
"""The environ's key of the octets that a field of a form may have."""

MAX_FORM_PARTS = "webzeug.max_form_parts"
"""The environ's key of the number of fields and files that a form may have."""

REQUEST_ID = "webzeug.request_id"
"""The environ's key of what tells a request from all others, in logs and in its answer."""

UNLOGGED = "webzeug.unlogged"
"""Set in the environ of a request that is no news, it keeps it out of the access log."""

_MAX_BODY = 16 * 1024 * 1024

_MOST_DIGITS = 20
"""Of a Content-Length that is looked at; Python refuses to read numbers of thousands."""

_DATES = ("HTTP_IF_MODIFIED_SINCE", "HTTP_IF_RANGE", "HTTP_IF_UNMODIFIED_SINCE")


class _Limit:
    """A limit that the server sets for all requests, and a View may set for its own."""

    def __init__(self, key: str, default: int) -> None:
        self._key = key
        self._default = default

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = f"_{name}"

    def __get__(self, request: "Request | None", owner: type) -> int | None:
        if request is None:
            return self._default
        limit = request.__dict__.get(self._name, request.environ.get(self._key, self._default))
        return cast("int | None", limit)

    def __set__(self, request: "Request", value: int | None) -> None:
        request.__dict__[self._name] = value


class Request(WerkzeugRequest):
    """An HTTP request: every attribute of ``werkzeug.wrappers.Request``.

    Nothing that a client can send makes one raise anything but an HTTPException: header fields
    that cannot be read are ignored, JSON that is nested too deeply is a BadRequest, and
    ``query_string`` is printable ASCII (RFC 3986 3.4), the rest of it percent-encoded.
    """

    shallow = False
    form_data_parser_class = FormParser

    max_content_length = _Limit(MAX_BODY, _MAX_BODY)
    """Octets that a body may have, or else 413; what the server says, or 16 MiB."""

    max_form_memory_size = _Limit(MAX_FORM_MEMORY, 500_000)
    """Octets that a field of a form may have, or else 413; all fields of a URL-encoded one."""

    max_form_parts = _Limit(MAX_FORM_PARTS, 1_000)  # type: ignore[assignment]
    """Fields and files that a form may have, or else 413."""

    def __init__(
        self, environ: "WSGIEnvironment", populate_request: bool = True, shallow: bool = False
    ) -> None:
        self.environ = environ
        if shallow:
            self.shallow = True
        if populate_request and not shallow:
            environ["werkzeug.request"] = self

    def __getattr__(self, name: str) -> Any:
        """Let Werkzeug set what it takes from the environ, the first time one of it is missed."""
        if name not in _FROM_ENVIRON:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        set_meanwhile = dict(self.__dict__)
        super().__init__(self.environ, populate_request=False, shallow=self.shallow)
        query: str = self.environ.get("QUERY_STRING", "")
        if not (query.isascii() and query.isprintable()):
            self.query_string = quote(self.query_string, safe=_PRINTABLE).encode("ascii")
        self.__dict__.update(set_meanwhile)
        return self.__dict__[name]

    @cached_property
    def stream(self) -> IO[bytes]:
        """The body (RFC 9110 6.4); one that ends before its Content-Length is a 400 when read."""
        environ, limit = self.environ, self.max_content_length
        if self.shallow or "wsgi.input_terminated" not in environ:
            return super().stream
        body: IO[bytes] = environ["wsgi.input"]
        if limit is not None and limit >= environ.get(MAX_BODY, limit + 1):
            return body  # the server sees to all of it
        if "CONTENT_LENGTH" not in environ:
            return body if limit is None else cast("IO[bytes]", AtMost(body, limit))
        # Without this, Werkzeug compares what has come with the length, whatever the server says.
        counted = {key: environ[key] for key in environ if key != "wsgi.input_terminated"}
        return get_input_stream(counted, max_content_length=limit)

    @property
    def is_json(self) -> bool:
        """Whether the Content-Type is that of JSON."""
        return self.environ.get("CONTENT_TYPE") == _JSON or super().is_json

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:
        """The body as JSON; see ``werkzeug.wrappers.Request.get_json``."""
        if cache and self.environ.get("CONTENT_TYPE") == _JSON:
            body = self._read_at_once()
            if body and self.json_module is json:
                try:
                    value = json.loads(_text_of(body))
                except (ValueError, RecursionError):
                    pass  # what follows from it, the long way knows
                else:
                    self._cached_json = value, value
                    return value
        try:
            return super().get_json(force, silent, cache)
        except RecursionError:
            problem = ValueError("it is nested too deeply")
            return None if silent else self.on_json_loading_failed(problem)

    def _read_at_once(self) -> bytes | None:
        """Read a body of known length as Werkzeug's stream would, without making one.

        None if it was read before, or must be read in another way.
        """
        length, made = self.environ.get("CONTENT_LENGTH", ""), self.__dict__
        if type(self) is not Request or self.shallow or "stream" in made or "_cached_data" in made:
            return None
        limit = self.max_content_length
        is_number = length.isascii() and length.isdecimal() and len(length) < _MOST_DIGITS
        if not is_number or limit is None or int(length) > limit:
            return None
        if "HTTP_TRANSFER_ENCODING" in self.environ:
            return None
        rest: IO[bytes] = self.environ["wsgi.input"]
        body, size = rest.read(int(length)), int(length)
        while len(body) < size:
            more = rest.read(size - len(body))
            if not more:
                made["stream"] = LimitedStream(rest, size - len(body))  # which raises it again
                raise ClientDisconnected
            body += more
        made["_cached_data"], made["stream"] = body, BytesIO()  # which is at its end
        return body

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


def _text_of(body: bytes) -> bytes | str:
    """The text of JSON in UTF-8 (RFC 8259 8.1), if it is that: looking what it is takes longer."""
    return body.decode() if body[:1] in (b"{", b"[") and b"\0" not in body[:4] else body


def _date(text: str | None) -> datetime | None:
    try:
        return parse_date(text)
    except OverflowError:  # a time zone beyond all bounds
        return None


class Response(WerkzeugResponse):
    """An HTTP response: every attribute of ``werkzeug.wrappers.Response``.

    A string is sent as UTF-8 text/plain; an iterable is streamed. To change such defaults, make a
    subclass.
    """

    def __init__(
        self,
        response: Iterable[bytes] | bytes | Iterable[str] | str | None = None,
        status: int | str | HTTPStatus | None = None,
        headers: Mapping[str, str | Iterable[str]] | Iterable[tuple[str, str]] | None = None,
        mimetype: str | None = None,
        content_type: str | None = None,
        direct_passthrough: bool = False,
    ) -> None:
        # A subclass may count on any part of Werkzeug's constructor.
        if type(self) is Response and headers is None and not direct_passthrough:
            body = response.encode() if type(response) is str else response
            if type(body) is bytes:
                try:
                    line = _STATUS_LINES[status]
                    if content_type is None:
                        field = _BY_MIMETYPE[mimetype]
                    else:
                        field = _FIELDS[content_type]
                except KeyError:
                    pass
                else:
                    self._lean = line, field, body, (response, status, None, mimetype, content_type)
                    self.__class__ = _PlainResponse
                    return
        super().__init__(response, status, headers, mimetype, content_type, direct_passthrough)

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


class _PlainResponse(Response):
    """A Response that nobody has touched since it was made: some text with a type and a status.

    It sends that. Any other use makes it what Werkzeug makes of the same arguments first.
    """

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer; HEAD gets the same header fields, and no content (RFC 9110 9.3.2)."""
        line, field, body, _ = self._lean
        start_response(line, [field, ("Content-Length", str(len(body)))])
        return () if environ["REQUEST_METHOD"] == "HEAD" else (body,)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # asked of a copy that is still empty
            raise AttributeError(f"'Response' object has no attribute {name!r}")
        self._become_whole()
        return getattr(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._become_whole()
        setattr(self, name, value)

    def __delattr__(self, name: str) -> None:
        self._become_whole()
        delattr(self, name)

    def _become_whole(self) -> None:
        object.__setattr__(self, "__class__", Response)
        WerkzeugResponse.__init__(self, *self._lean[3])


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
