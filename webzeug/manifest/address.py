"""Addresses to listen on: ``host:port``, ``[ipv6]:port``, ``:port`` or ``unix:path``."""

import ipaddress
import re
from dataclasses import dataclass

_ADDRESS = re.compile(r"(?:\[(?P<v6>[^\[\]\s/]+)\]|(?P<host>[^:\[\]\s/]*)):0*(?P<port>[0-9]{1,9})")
_EXAMPLE = 'write for example "127.0.0.1:8000"'


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens: a host and a TCP port, or the path of a Unix socket."""

    host: str = ""
    port: int = 0
    path: str = ""

    @property
    def is_ipv6(self) -> bool:
        return ":" in self.host

    @property
    def url(self) -> str:
        """What a person types into a browser; a Unix socket has only its path."""
        if self.path:
            return f"unix:{self.path}"
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/"

    def __str__(self) -> str:
        if self.path:
            return f"unix:{self.path}"
        return f"{f'[{self.host}]' if self.is_ipv6 else self.host}:{self.port}"


def parse_address(text: str) -> Address:
    """Read an address; ``:8000`` means all IPv4 interfaces, port 0 a free port.

    Raises ValueError that says what is wrong and gives an example.
    """
    if text.startswith("unix:"):
        if len(text) == len("unix:"):
            raise ValueError('the path of the Unix socket is missing: write "unix:/run/app.sock"')
        return Address(path=text.removeprefix("unix:"))
    match = _ADDRESS.fullmatch(text)
    if match is None or not _is_ipv6(match["v6"] or "::"):
        raise ValueError(f"`{text}` is not an address: {_EXAMPLE}")
    port = int(match["port"])
    if port > 65535:
        raise ValueError(f"the port {port} is larger than 65535")
    return Address(host=match["v6"] or match["host"] or "0.0.0.0", port=port)


def _is_ipv6(text: str) -> bool:
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return True
