"""What a header section means: where the request goes, where its body ends, what the client wants.

RFC 9110 and 9112 by section; RefusedError where a request has two meanings, or none.
"""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from webzeug.manifest.model import Server as Limits
from webzeug.server.requests import (
    BAD_REQUEST,
    EXPECTATION_FAILED,
    MISDIRECTED,
    NOT_IMPLEMENTED,
    TOO_LARGE,
    RefusedError,
    RequestLine,
    tokens,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

_HOST = re.compile(
    # RFC 3986 3.2.2, but for characters that no host has and that may stand for two of them.
    r"(\[[0-9A-Fa-f:.]+\]|(?:[0-9A-Za-z._~-]|%[0-9A-Fa-f]{2})+)(?::[0-9]{0,5})?"
)
_ABSOLUTE = re.compile(r"https?://([^/?]*)(/[^?]*)?(\?.*)?", re.IGNORECASE)
_ADDRESS = re.compile(r"\[[0-9A-Fa-f:.]+\]|[0-9]+(\.[0-9]+){3}")
_LENGTH = re.compile(r"[0-9]{1,18}")
_SINGLE = frozenset(("host", "content-length", "content-type"))
_SPECIAL = {"content-length": "CONTENT_LENGTH", "content-type": "CONTENT_TYPE"}


@dataclass(slots=True)
class Head:
    """One request's head.

    ``fields`` are those of the WSGI environ (PEP 3333). ``length`` is that of the body, None if it
    is chunked. ``expects_continue``: the client waits for 100 before it sends the body.
    """

    line: RequestLine
    fields: dict[str, str] = field(default_factory=dict)
    path: str = ""
    query: str = ""
    length: int | None = 0
    expects_continue: bool = False
    keeps_alive: bool = True


def understand(line: RequestLine, fields: "Iterable[tuple[str, str]]", limits: Limits) -> Head:
    """The meaning of a head, whose fields are read meanwhile. Raises RefusedError."""
    head = Head(line)
    named = _join(fields, head)
    _split_target(head)
    _check_host(head, limits)
    _find_length(head, named, limits)
    if named or line.version == "HTTP/1.0":
        _see_wishes(head)
    return head


_TELLING = frozenset(("transfer-encoding", "content-length", "connection", "expect"))


def _join(fields: "Iterable[tuple[str, str]]", head: Head) -> set[str]:
    """Put the fields into the head; returns which of the telling ones there are.

    A name with `_` is dropped, for in the environ it would look like one with `-`.
    """
    environ, told = head.fields, set()
    for name, value in fields:
        if "_" in name:
            continue
        if name in _TELLING:
            told.add(name)
        key = _SPECIAL.get(name) or "HTTP_" + name.replace("-", "_").upper()
        if key not in environ:
            environ[key] = value
        elif name in _SINGLE:
            raise RefusedError(BAD_REQUEST, f"more than one {name} field")
        else:
            environ[key] += f"; {value}" if name == "cookie" else f",{value}"
    return told


def _split_target(head: Head) -> None:
    """The forms of a target (RFC 9112 3.2); the host of a whole URL replaces the Host field."""
    method, target = head.line.method, head.line.target
    if method == "CONNECT":
        raise RefusedError(NOT_IMPLEMENTED, "CONNECT is for proxies")
    if "#" in target:
        raise RefusedError(BAD_REQUEST, "the target has a fragment")
    if target.startswith("/"):
        head.path, _, head.query = target.partition("?")
    elif target == "*" and method == "OPTIONS":
        head.path = target
    elif match := _ABSOLUTE.fullmatch(target):
        if head.line.version == "HTTP/1.1" and "HTTP_HOST" not in head.fields:
            raise RefusedError(BAD_REQUEST, "there is no Host field")
        host, path, query = match.groups()
        if "HTTP_HOST" in head.fields and _HOST.fullmatch(head.fields["HTTP_HOST"]) is None:
            raise RefusedError(BAD_REQUEST, "malformed Host field")
        head.fields["HTTP_HOST"] = host
        head.path = path or ("*" if method == "OPTIONS" and not query else "/")
        head.query = (query or "")[1:]
    else:
        raise RefusedError(BAD_REQUEST, f"malformed target `{target}`")


def _check_host(head: Head, limits: Limits) -> None:
    """One Host in HTTP/1.1, and a sound one (RFC 9112 3.2), of those that are served."""
    host = head.fields.get("HTTP_HOST")
    if host is None:
        if head.line.version == "HTTP/1.1":
            raise RefusedError(BAD_REQUEST, "there is no Host field")
        if limits.trusted_hosts and not _is_probe(head, limits):
            raise RefusedError(MISDIRECTED, "there is no Host field")
        return
    match = _HOST.fullmatch(host)
    if match is None:
        raise RefusedError(BAD_REQUEST, f"malformed host `{host}`")
    if not limits.trusted_hosts or _is_trusted(match[1], limits):
        return
    # What looks after the process calls it by its address, which no route of a host matches.
    if not (_is_probe(head, limits) and _ADDRESS.fullmatch(match[1])):
        raise RefusedError(MISDIRECTED, f"`{host}` is not one of trusted_hosts")


def _is_probe(head: Head, limits: Limits) -> bool:
    return head.path != "" and head.path in (limits.health, limits.ready)


def _is_trusted(name: str, limits: Limits) -> bool:
    name = name.lower().removesuffix(".")
    return any(
        name == trusted.lower().removeprefix(".")
        or (trusted.startswith(".") and name.endswith(trusted.lower()))
        for trusted in limits.trusted_hosts
    )


def _find_length(head: Head, told: set[str], limits: Limits) -> None:
    """Where the body ends (RFC 9112 6.3)."""
    if "transfer-encoding" in told:
        _check_coding(head, told)
        head.length = None
    elif "content-length" in told:
        text = head.fields["CONTENT_LENGTH"]
        if _LENGTH.fullmatch(text) is None:
            raise RefusedError(BAD_REQUEST, f"malformed Content-Length `{text}`")
        head.length = int(text)
        if head.length > limits.max_body:
            raise RefusedError(TOO_LARGE, f"a body of {head.length} octets")


def _check_coding(head: Head, told: set[str]) -> None:
    """Chunked alone is understood, and only where nothing else says a length (RFC 9112 6.1)."""
    if head.line.version == "HTTP/1.0":
        raise RefusedError(BAD_REQUEST, "Transfer-Encoding in HTTP/1.0")
    if "content-length" in told:
        raise RefusedError(BAD_REQUEST, "both Transfer-Encoding and Content-Length")
    coding = head.fields["HTTP_TRANSFER_ENCODING"].lower()
    if coding == "chunked":
        return
    last = tokens(coding)[-1:]
    if last == ["chunked"] and tokens(coding).count("chunked") == 1:
        raise RefusedError(NOT_IMPLEMENTED, f"Transfer-Encoding `{coding}`")
    raise RefusedError(BAD_REQUEST, f"Transfer-Encoding `{coding}` has no end")


def _see_wishes(head: Head) -> None:
    """Connection (RFC 9112 9.3) and Expect (RFC 9110 10.1.1), which HTTP/1.0 does not know."""
    is_old = head.line.version == "HTTP/1.0"
    connection = head.fields.get("HTTP_CONNECTION")
    if connection is not None or is_old:
        wishes = tokens(connection or "")
        head.keeps_alive = "close" not in wishes and (not is_old or "keep-alive" in wishes)
    expect = head.fields.get("HTTP_EXPECT")
    if expect is not None and not is_old:
        if expect.lower() != "100-continue":
            raise RefusedError(EXPECTATION_FAILED, f"Expect `{expect}`")
        head.expects_continue = head.length != 0
