"""URL patterns: parsed into literal parts and variables, with every mistake placed.

The grammar is Werkzeug's (``<converter(arguments):name>``); a property test holds the two
together. A pattern that Werkzeug accepts although it can only be a mistake is refused here.
"""

import keyword
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from webzeug.diagnostics import Kind

MALFORMED = Kind("WZ101", "malformed-pattern")
REPEATED_VARIABLE = Kind("WZ102", "repeated-variable")
RESERVED_VARIABLE = Kind("WZ103", "reserved-variable")
FOREIGN_SYNTAX = Kind("WZ104", "foreign-syntax")
NEVER_IN_PATH = Kind("WZ105", "never-in-a-path")
BAD_HOST = Kind("WZ106", "bad-host")

_VARIABLE = re.compile(
    r"<(?:(?P<converter>[a-zA-Z_][a-zA-Z0-9_]*)(?:\((?P<arguments>.*?)\))?:)?"
    r"(?P<name>[a-zA-Z_][a-zA-Z0-9_]*)>"
)
_LITERAL = re.compile(r"[^<]+")
_FOREIGN = (
    (re.compile(r"\(\?P?<?"), "a regular expression"),
    (re.compile(r"\{[^{}/]*\}?"), "a variable in {...}"),
    (re.compile(r"(?<=/):[A-Za-z_]\w*|^:[A-Za-z_]\w*(?=/|$)"), "a variable as :name"),
)

_NEVER: tuple[tuple[re.Pattern[str], str, Callable[[str], str]], ...] = (
    (
        re.compile(r"(?:%[0-9A-Fa-f]{2})+"),
        "patterns are compared with decoded paths, so this never matches",
        lambda text: f"write the character itself: {unquote(text)}",
    ),
    (
        re.compile(r"\?.*"),
        "the query is not a part of the path, so this never matches",
        lambda text: "leave it out, and read it in the View from self.request.args",
    ),
    (
        re.compile(r"#[^?]*"),
        "a fragment never reaches the server, so this never matches",
        lambda text: "leave it out",
    ),
    (
        re.compile(r"(?<=/)\.{1,2}(?=/|$)"),
        "clients resolve `.` and `..` before they send a URL, so this never matches",
        lambda text: "leave it out",
    ),
)


@dataclass(frozen=True, slots=True)
class Literal:
    """Text that a URL must hold as it is, after percent-decoding."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Variable:
    """A ``<converter(arguments):name>``. ``start`` and ``end`` are offsets in the pattern."""

    name: str
    converter: str = "default"
    arguments: str = ""
    start: int = 0
    end: int = 0

    def __str__(self) -> str:
        if self.converter == "default":
            return f"<{self.name}>"
        arguments = f"({self.arguments})" if self.arguments else ""
        return f"<{self.converter}{arguments}:{self.name}>"


Part = Literal | Variable


@dataclass(frozen=True, slots=True)
class Pattern:
    """A parsed pattern; its text is Werkzeug's rule string."""

    text: str
    parts: tuple[Part, ...]

    @property
    def variables(self) -> tuple[Variable, ...]:
        return tuple(part for part in self.parts if isinstance(part, Variable))

    @property
    def shape(self) -> str:
        """The pattern with its variables' names left out: two of one shape match alike."""
        return "".join(
            part.text if isinstance(part, Literal) else f"<{part.converter}({part.arguments})>"
            for part in self.parts
        )

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake between two offsets of a pattern's text."""

    kind: Kind
    message: str
    start: int
    end: int
    help: str = ""

    def __str__(self) -> str:
        return f"{self.message} ({self.help})" if self.help else self.message


EMPTY = Pattern("", ())


def parse_pattern(text: str) -> tuple[Pattern | None, list[Problem]]:
    """Parse a pattern or a part of one. With a malformed ``<...>`` there is no pattern."""
    parts: list[Part] = []
    position = 0
    while position < len(text):
        part = _next_part(text, position)
        if part is None:
            return None, [_malformed(text, position)]
        parts.append(part)
        position = part.end if isinstance(part, Variable) else part.start + len(part.text)
    pattern = Pattern(text, tuple(parts))
    return pattern, [*_literal_problems(pattern), *_variable_problems(pattern)]


def join(*patterns: Pattern) -> Pattern:
    """Concatenate patterns; the offsets of the parts then count in the joined text."""
    text = "".join(pattern.text for pattern in patterns)
    return parse_pattern(text)[0] or Pattern(text, ())


def without_trailing_slash(pattern: Pattern) -> Pattern:
    """The pattern minus one trailing slash, as a prefix for others."""
    return join(Pattern(pattern.text.removesuffix("/"), ()))


def _next_part(text: str, position: int) -> Part | None:
    if match := _LITERAL.match(text, position):
        return Literal(match.group(), position)
    if match := _VARIABLE.match(text, position):
        return Variable(
            name=match["name"],
            converter=match["converter"] or "default",
            arguments=match["arguments"] or "",
            start=position,
            end=match.end(),
        )
    return None


def _malformed(text: str, position: int) -> Problem:
    close = text.find(">", position)
    end = len(text) if close < 0 else close + 1
    inside = text[position:end]
    if close < 0:
        help_text = "close the variable with >"
    elif match := re.fullmatch(r"<\s*([\w.]+)\s*:\s*([\w-]+)\s*>", inside):
        help_text = f"write <{match[1]}:{_identifier(match[2])}>"
    elif match := re.fullmatch(r"<\s*([\w-]+)\s*>", inside):
        help_text = f"write <{_identifier(match[1])}>"
    else:
        help_text = "write <name>, <converter:name> or <converter(arguments):name>"
    return Problem(MALFORMED, f"`{inside}` is not a variable", position, end, help_text)


def _identifier(text: str) -> str:
    name = re.sub(r"\W", "_", text)
    return f"_{name}" if name[:1].isdigit() else name


def _literal_problems(pattern: Pattern) -> Iterator[Problem]:
    for part in pattern.parts:
        if isinstance(part, Literal):
            yield from _foreign_syntax(part)
            yield from _never_in_path(part)


def _foreign_syntax(literal: Literal) -> Iterator[Problem]:
    for regex, what in _FOREIGN:
        for match in regex.finditer(literal.text):
            name = _identifier(re.sub(r"^\W+|\W+$", "", match.group()).partition(":")[0] or "name")
            yield Problem(
                FOREIGN_SYNTAX,
                f"{what} is not a pattern of webzeug: it would match these very characters",
                literal.start + match.start(),
                literal.start + match.end(),
                f"write <{name}>",
            )
    if (stray := literal.text.find(">")) >= 0:
        start = literal.start + stray
        yield Problem(MALFORMED, "a `>` without its `<`", start, start + 1, "remove it")


def _never_in_path(literal: Literal) -> Iterator[Problem]:
    for regex, message, advice in _NEVER:
        for match in regex.finditer(literal.text):
            start, end = literal.start + match.start(), literal.start + match.end()
            yield Problem(NEVER_IN_PATH, message, start, end, advice(match.group()))


def _variable_problems(pattern: Pattern) -> Iterator[Problem]:
    """Names that are used twice, or that no method can take as an argument."""
    seen: set[str] = set()
    for variable in pattern.variables:
        if variable.name in seen:
            message = f"the variable `{variable.name}` stands twice in this pattern"
            yield Problem(
                REPEATED_VARIABLE, message, variable.start, variable.end, "rename one of the two"
            )
        seen.add(variable.name)
        if variable.name == "self" or keyword.iskeyword(variable.name):
            message = f"`{variable.name}` cannot be the name of a method's argument"
            yield Problem(
                RESERVED_VARIABLE,
                message,
                variable.start,
                variable.end,
                f"write <{variable.name}_> or choose another name",
            )
