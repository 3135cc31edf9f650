"""WSGI strings: octets held as Latin-1 (PEP 3333), read as text or written into a URL."""

from urllib.parse import quote

_SEGMENT_SAFE = "!$&'()*+,/:;=@"  # RFC 3986 3.3
_QUERY_SAFE = f"{_SEGMENT_SAFE}?%"  # RFC 3986 3.4; what is percent-encoded already stays


def decoded(text: str) -> str:
    """The UTF-8 text that a WSGI string holds; octets that are no UTF-8 become U+FFFD."""
    return text.encode("latin-1").decode("utf-8", errors="replace")


def quoted_path(text: str) -> str:
    """The octets of SCRIPT_NAME or PATH_INFO as a URL's path (RFC 3986 2.1)."""
    return quote(text.encode("latin-1"), safe=_SEGMENT_SAFE)


def quoted_text(text: str) -> str:
    """The path of a request as text, in a URL; octets that were no UTF-8 are U+FFFD."""
    return quote(decoded(text), safe=_SEGMENT_SAFE)


def quoted_query(text: str) -> str:
    """QUERY_STRING as a URL's query: the same octets, in characters that a URL may hold."""
    return quote(text.encode("latin-1"), safe=_QUERY_SAFE)


def encoded(text: str) -> str:
    """Text as a WSGI string: its UTF-8 octets."""
    return text.encode("utf-8", errors="replace").decode("latin-1")
