"""Host keys: ``//api.<region>.example.com/status`` split into a host and a path."""

import re

from webzeug.diagnostics import Kind
from webzeug.manifest.document import Place
from webzeug.manifest.nonsense import Problem
from webzeug.manifest.patterns import Literal, Pattern, join, parse_pattern

BAD_HOST = Kind("WZ106", "bad-host")

_HOST = re.compile(r"(?:\[[0-9a-f:.]+\]|[a-z0-9_-]+(?:\.[a-z0-9_-]+)*)(?::[0-9]+)?")


def split_host_key(key: str) -> tuple[str, str]:
    """Host and path of a key that begins with ``//``; a slash inside ``<...>`` splits nothing."""
    depth = 0
    for index, character in enumerate(key[2:], start=2):
        depth += (character == "<") - (character == ">")
        if character == "/" and depth <= 0:
            return key[2:index], key[index:]
    return key[2:], ""


def parse_host(
    key: str, place: Place | None, server_name: str | None
) -> tuple[Pattern | None, list[Problem]]:
    """Parse the host of a key: lower-case, IDNA (RFC 3490), as it comes in a Host header.

    A trailing dot makes it relative to ``server_name``.
    """
    written, _ = split_host_key(key)
    pattern, problems = parse_pattern(written, place, offset=2)
    if pattern is None or problems:
        return None, problems
    if not written:
        return None, [Problem(BAD_HOST, "the host is empty", 0, 2, 'write "//example.com/path"')]
    end = len(written) + 2
    if written.endswith(".") and server_name is None:
        message = "a host that ends with a dot is relative to `server_name`, which is not set"
        help_text = 'add server_name = "example.com" under [matching], or write the whole host'
        return None, [Problem(BAD_HOST, message, 2, end, help_text)]
    if written.endswith(".") and server_name is not None:
        pattern = join(pattern, Pattern(server_name, (Literal(server_name),)))
    host = _as_sent(pattern)
    if host is None:
        message = f"`{written}` is not a host name"
        help_text = "write a name such as api.example.com; a part that varies is <name>"
        return None, [Problem(BAD_HOST, message, 2, end, help_text)]
    return host, []


def _as_sent(pattern: Pattern) -> Pattern | None:
    """The host as clients send it, or None if it cannot be one."""
    try:
        parts = [_lowered(part) if isinstance(part, Literal) else part for part in pattern.parts]
    except UnicodeError:
        return None
    texts = [part.text if isinstance(part, Literal) else "0" for part in parts]
    if not _HOST.fullmatch("".join(texts)):
        return None
    texts = [part.text if isinstance(part, Literal) else str(part) for part in parts]
    return Pattern("".join(texts), tuple(parts))


def _lowered(literal: Literal) -> Literal:
    text = literal.text.lower()
    if not text.isascii():
        text = ".".join(label.encode("idna").decode("ascii") for label in text.split("."))
    return Literal(text, literal.start)
