"""Text in URL patterns that Werkzeug takes literally although it can only be a mistake."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from webzeug.diagnostics import Kind

MALFORMED = Kind("WZ101", "malformed-pattern")
FOREIGN_SYNTAX = Kind("WZ104", "foreign-syntax")
NEVER_IN_PATH = Kind("WZ105", "never-in-a-path")


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake between two offsets of the key that writes the pattern."""

    kind: Kind
    message: str
    start: int
    end: int
    help: str = ""

    def __str__(self) -> str:
        return f"{self.message} ({self.help})" if self.help else self.message


@dataclass(frozen=True, slots=True)
class _Nonsense:
    regex: str
    kind: Kind
    message: str
    advice: Callable[[re.Match[str]], str]


def find_nonsense(text: str, literals: Iterable[tuple[int, int]]) -> Iterator[Problem]:
    """The mistakes that begin in a literal part of a pattern, no two of which overlap."""
    suspicious = [part for part in literals if not _HARMLESS.fullmatch(text, *part)]
    taken: list[tuple[int, int]] = []
    for nonsense in _ALL if suspicious else ():
        for match in re.finditer(nonsense.regex, text):
            start, end = match.span()
            is_in_literal = any(first <= start < last for first, last in suspicious)
            if is_in_literal and not any(start < last and first < end for first, last in taken):
                taken.append((start, end))
                yield Problem(nonsense.kind, nonsense.message, start, end, nonsense.advice(match))


def as_name(text: str) -> str:
    """An identifier that resembles a text, for advice."""
    name = re.sub(r"\W+", "_", text, flags=re.ASCII).strip("_") or "name"
    return f"_{name}" if name[0].isdigit() else name


_TYPES = {
    "int": "int",
    "float": "float",
    "uuid": "uuid",
    "guid": "uuid",
    "path": "path",
    "...": "path",
}


def _variable(match: re.Match[str]) -> str:
    name, type_name = match["name"] or "name", (match.groupdict().get("type") or "").lower()
    converter = f"{_TYPES[type_name]}:" if type_name in _TYPES else ""
    return f"write <{converter}{as_name(name)}>"


def _expression(match: re.Match[str]) -> str:
    name = as_name(match["name"] or "name")
    return f"""write <{name}>, or <regex("..."):{name}> for one segment that an expression fits"""


def _decoded(match: re.Match[str]) -> str:
    text = unquote(match.group())
    return f"write the character itself: {text}" if text.isprintable() else "leave it out"


# A part that these characters make up holds no nonsense, as nearly all do.
_SEGMENT = r"[\w~!$&'()+,;=@-][\w.~!$&'()+,;=:@-]*"
_HARMLESS = re.compile(rf"/?(?:{_SEGMENT}/)*(?:{_SEGMENT})?")

_ALL = (
    _Nonsense(
        r"\(\?(?:P?<(?P<name>\w+)>)?[^/]*|\\[dDwWsS][+*?]?",
        FOREIGN_SYNTAX,
        "a pattern is not a regular expression: this would match these very characters",
        _expression,
    ),
    _Nonsense(
        r"\{[^\w{}/]*(?P<name>\w*)(?::(?P<type>\w+))?[^{}/]*\}?",
        FOREIGN_SYNTAX,
        "a variable is written <name>, not {name}: this would match these very characters",
        _variable,
    ),
    _Nonsense(
        r"\[+(?P<type>(?:\.\.\.)?)(?P<name>[A-Za-z_]\w*)\]+",
        FOREIGN_SYNTAX,
        "a variable is written <name>, not [name]: this would match these very characters",
        _variable,
    ),
    _Nonsense(
        r"(?<=/):(?P<name>[A-Za-z_]\w*)\??(?=/|$)",
        FOREIGN_SYNTAX,
        "a variable is written <name>, not :name: this would match these very characters",
        _variable,
    ),
    _Nonsense(
        r"(?<=/)\*+(?P<name>\w*)(?=/|$)",
        FOREIGN_SYNTAX,
        "a pattern has no wildcards: this would match the very character `*`",
        lambda match: f"write <path:{as_name(match['name'] or 'rest')}>",
    ),
    _Nonsense(
        r"\?$",
        NEVER_IN_PATH,
        "a pattern has no optional slash: `?` begins the query, which is not a part of the path",
        lambda match: 'leave it out: with "/path/" as a route, /path is redirected there',
    ),
    _Nonsense(
        r"\?.*",
        NEVER_IN_PATH,
        "the query is not a part of the path that a pattern is compared with",
        lambda match: "leave it out, and read it in the View from self.request.args",
    ),
    _Nonsense(
        r"#.*",
        NEVER_IN_PATH,
        "a fragment never reaches the server",
        lambda match: "leave it out",
    ),
    _Nonsense(
        r"(?:%[0-9A-Fa-f]{2})+",
        NEVER_IN_PATH,
        "patterns are compared with decoded paths, in which this escape is a character",
        _decoded,
    ),
    _Nonsense(
        r"(?<=/)\.{1,2}(?=/|$)",
        NEVER_IN_PATH,
        "clients resolve `.` and `..` before they send a URL",
        lambda match: "write the path without it",
    ),
    _Nonsense(
        r"[\x00-\x1f\x7f]+",
        MALFORMED,
        "a control character in a pattern",
        lambda match: "remove it",
    ),
    _Nonsense(
        r"(?<=/)\s+|\s+(?=/|$)",
        MALFORMED,
        "a blank at the edge of a segment, which a URL would have to spell out as %20",
        lambda match: "remove it",
    ),
    _Nonsense(
        r">",
        MALFORMED,
        "a `>` without its `<`",
        lambda match: "remove it, or write <name>",
    ),
    _Nonsense(
        r"\}|(?<![^/])[^][/]*\]",  # no IPv6 address of a host
        MALFORMED,
        "a bracket that nothing opens",
        lambda match: "remove it, or write <name>",
    ),
)
