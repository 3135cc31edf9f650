"""The request line and the header fields, read strictly (RFC 9112 2 to 5).

What a stricter neighbour would read in another way is refused: there lies request smuggling
(RFC 9112 11.2).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from webzeug.manifest.model import Server as Limits
from webzeug.server.reader import LineTooLongError, Reader

_TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_REQUEST_LINE = re.compile(rb"(%b) ([!-~]+) (HTTP/([0-9])\.([0-9]))\r\n" % _TOKEN)
_FIELD = re.compile(rb"(%b):([\t\x20-\x7e\x80-\xff]*)\r\n" % _TOKEN)


class RefusedError(Exception):
    """A request that is not served; the connection ends with this answer."""

    def __init__(self, status: str, reason: str) -> None:
        super().__init__(reason)
        self.status = status


BAD_REQUEST = "400 Bad Request"
TIMEOUT = "408 Request Timeout"
TOO_LARGE = "413 Content Too Large"
URI_TOO_LONG = "414 URI Too Long"
EXPECTATION_FAILED = "417 Expectation Failed"
MISDIRECTED = "421 Misdirected Request"
FIELDS_TOO_LARGE = "431 Request Header Fields Too Large"
NOT_IMPLEMENTED = "501 Not Implemented"
VERSION_NOT_SUPPORTED = "505 HTTP Version Not Supported"


@dataclass(slots=True)
class RequestLine:
    """``method`` and ``target`` as they were sent; HTTP/1.2 and above count as 1.1."""

    method: str
    target: str
    version: str


class Seen(Protocol):
    """Is told of the request line's octets before anything may be wrong with them."""

    def __call__(self, line: bytes, /) -> None: ...


def read_request_line(
    reader: Reader, limits: Limits, deadline: float, seen: Seen
) -> RequestLine | None:
    """The next request line; None if the client has finished instead.

    One empty line before it is skipped (RFC 9112 2.2). Raises RefusedError, and OSError.
    """
    try:
        line = reader.line(limits.max_request_line + 2, deadline)
        if line == b"\r\n":
            line = reader.line(limits.max_request_line + 2, deadline)
    except LineTooLongError:
        seen(reader.take(limits.max_request_line))
        raise RefusedError(URI_TOO_LONG, "the request line is too long") from None
    seen(line)
    if not line:
        return None
    match = _REQUEST_LINE.fullmatch(line)
    if match is None:
        raise RefusedError(BAD_REQUEST, f"malformed request line `{_text(line)}`")
    method, target, version, major, minor = match.groups()
    if major != b"1":
        raise RefusedError(VERSION_NOT_SUPPORTED, f"the version is {version.decode()}")
    text = "HTTP/1.0" if minor == b"0" else "HTTP/1.1"
    return RequestLine(method.decode("ascii"), target.decode("ascii"), text)


def read_fields(
    reader: Reader, limits: Limits, deadline: float, most: int | None = None
) -> Iterator[tuple[str, str]]:
    """Header or trailer fields up to the empty line: names in lower case, values as Latin-1.

    ``most`` fields are allowed, ``max_fields`` unless given. Raises RefusedError, and OSError.
    """
    left, count = limits.max_header, limits.max_fields if most is None else most
    while True:
        try:
            line = reader.line(limits.max_field + 2, deadline)
        except LineTooLongError:
            raise RefusedError(FIELDS_TOO_LARGE, "a header field is too long") from None
        if line == b"\r\n":
            return
        left -= len(line)
        count -= 1
        if left < 0 or count < 0:
            raise RefusedError(FIELDS_TOO_LARGE, "the header section is too large")
        match = _FIELD.fullmatch(line)
        if match is None:
            raise RefusedError(BAD_REQUEST, f"malformed header field `{_text(line)}`")
        name, value = match.groups()
        yield name.decode("ascii").lower(), value.strip(b" \t").decode("latin-1")


def _text(line: bytes) -> str:
    return line.removesuffix(b"\n").removesuffix(b"\r").decode("latin-1")


def tokens(value: str) -> list[str]:
    """The members of a list of tokens, in lower case (RFC 9110 5.6.1)."""
    return [token for part in value.lower().split(",") if (token := part.strip(" \t"))]
