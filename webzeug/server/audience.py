"""Who asks, in development: who may be told what is wrong, and who wants it as a page.

Source lines and tracebacks are for the person who wrote them. So the client has to be on this
machine, by a name that only this machine has, and nobody may have passed its request on.
"""

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING

from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from webzeug.manifest.address import Address

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

STATE = "application/vnd.webzeug.state"
"""The type that a page of ours asks for when it waits for a change."""

VISITOR = "webzeug=visitor"
"""In the query, this asks for what the application answers to everybody else."""

_HOST = re.compile(
    r"(?:(?:[a-z0-9_-]+\.)*localhost\.?|127(?:\.[0-9]{1,3}){3}|\[::1\])(?::[0-9]*)?", re.IGNORECASE
)
_PROXY_FIELDS = frozenset(
    ("HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_REAL_IP", "HTTP_CF_CONNECTING_IP", "HTTP_TRUE_CLIENT_IP")
)


def is_loopback(address: Address) -> bool:
    """Whether only this machine can connect; of a Unix socket, nobody knows who is behind it."""
    return not address.path and _is_loopback(address.host)


def may_be_told(environ: "WSGIEnvironment") -> bool:
    """Whether the client is on this machine, and knows it.

    A foreign Host means that a web site has its name lead here (DNS rebinding). nginx as it comes
    gives itself away by HTTP/1.0 alone.
    """
    return (
        _is_loopback(environ.get("REMOTE_ADDR", ""))
        and _HOST.fullmatch(environ.get("HTTP_HOST", "")) is not None
        and environ.get("SERVER_PROTOCOL") != "HTTP/1.0"
        and not any(key in _PROXY_FIELDS or key.startswith("HTTP_X_FORWARDED") for key in environ)
    )


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def is_navigation(environ: "WSGIEnvironment") -> bool:
    """Whether a person opens a page, rather than a script, an image, or a program asks.

    Browsers say so (Fetch Metadata, W3C); of older ones, Accept tells.
    """
    mode = environ.get("HTTP_SEC_FETCH_MODE")
    if mode is not None:
        return mode == "navigate" and environ.get("HTTP_SEC_FETCH_DEST") == "document"
    if "HTTP_X_REQUESTED_WITH" in environ or "HTTP_UPGRADE" in environ:
        return False
    accept = parse_accept_header(environ.get("HTTP_ACCEPT"), MIMEAccept)
    others = max(accept.quality("application/json"), accept.quality("text/plain"))
    return "text/html" in accept.values() and accept.quality("text/html") > others


def awaits_change(environ: "WSGIEnvironment") -> bool:
    """Whether one of our pages waits for a change."""
    return (
        environ.get("HTTP_ACCEPT") == STATE
        and environ["REQUEST_METHOD"] == "GET"
        and environ.get("HTTP_SEC_FETCH_SITE", "same-origin") == "same-origin"
    )


def is_of_another_site(environ: "WSGIEnvironment") -> bool:
    """Whether a page of another machine's site asks (RFC 6454 7)."""
    origin = environ.get("HTTP_ORIGIN")
    return origin is not None and _HOST.fullmatch(origin.partition("://")[2]) is None


def asks_as_visitor(environ: "WSGIEnvironment") -> bool:
    """Whether the query has VISITOR, which is then taken out of the environ."""
    items = environ.get("QUERY_STRING", "").split("&")
    if VISITOR not in items:
        return False
    environ["QUERY_STRING"] = "&".join(item for item in items if item != VISITOR)
    return True


def as_visitor(environ: "WSGIEnvironment") -> str:
    """The query with VISITOR."""
    query = environ.get("QUERY_STRING", "")
    return f"{query}&{VISITOR}" if query else VISITOR
