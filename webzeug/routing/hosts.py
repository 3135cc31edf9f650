"""Hosts as clients send them and as manifests name them, with and without a port."""

import re
from typing import TYPE_CHECKING

from werkzeug.exceptions import BadHost
from werkzeug.wsgi import get_host

from webzeug.manifest.patterns import Literal, Pattern

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_IN_BRACKETS = re.compile(r"\[[^]]*\]")
_HOST = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_DEFAULT_PORTS = {"http": "80", "https": "443"}


def split_port(host: str) -> tuple[str, str]:
    """A host's name and its port, "" if it has none; an IPv6 address keeps its brackets."""
    name, _, port = host.rpartition(":")
    return (name, port) if name and not port.endswith("]") else (host, "")


def hosts_to_ask(host: str, scheme: str, has_ports: bool) -> tuple[str, ...]:
    """What a Map is asked for: without the port, which says nothing unless a row names one.

    With ``has_ports``, the host with its port comes first, be it only the scheme's own.
    """
    name, port = split_port(host)
    if not has_ports or not name:
        return (name,)
    return (f"{name}:{port or _DEFAULT_PORTS.get(scheme, '')}", name)


def names_port(host: Pattern | None) -> bool:
    """Whether a host of the manifest names a port."""
    if host is None:
        return False
    literals = "".join(part.text for part in host.parts if isinstance(part, Literal))
    return ":" in _IN_BRACKETS.sub("", literals)


def is_host(text: str) -> bool:
    """Whether a request could name this host."""
    return _HOST.fullmatch(text) is not None


def request_host(environ: "WSGIEnvironment") -> str:
    """The request's host in lower case, without the scheme's own port, "" if it names none.

    Raises BadHost (400) if the Host field is no host name (RFC 9110 7.2), or has labels that
    are empty or longer than 63 octets.
    """
    host = get_host(environ).lower()
    if not host and environ.get("HTTP_HOST"):
        raise BadHost()
    try:
        split_port(host)[0].encode("idna")
    except UnicodeError:
        raise BadHost() from None
    return host
