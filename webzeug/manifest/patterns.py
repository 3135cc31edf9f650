"""URL patterns: parsed into literal parts and variables, with every mistake placed.

The grammar is Werkzeug's (``<converter(arguments):name>``); a property test holds the two
together. A pattern that Werkzeug accepts although it can only be a mistake is refused here.
"""

import keyword
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from webzeug.diagnostics import Kind
from webzeug.manifest.document import Place
from webzeug.manifest.nonsense import MALFORMED, Problem, as_name, find_nonsense
from webzeug.source import Span

REPEATED_VARIABLE = Kind("WZ102", "repeated-variable")
RESERVED_VARIABLE = Kind("WZ103", "reserved-variable")

_VARIABLE = re.compile(
    r"<(?:(?P<converter>[a-zA-Z_][a-zA-Z0-9_]*)(?:\((?P<arguments>.*?)\))?:)?"
    r"(?P<name>[a-zA-Z_][a-zA-Z0-9_]*)>"
)
_LITERAL = re.compile(r"[^<]+")
_BROKEN_VARIABLE = re.compile(r"<[^<>/]*>?")


@dataclass(frozen=True, slots=True)
class Literal:
    """Text that a URL must hold as it is, after percent-decoding."""

    text: str
    start: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Variable:
    """A ``<converter(arguments):name>``.

    ``start`` and ``end`` are offsets in the key that writes it, which stands at ``place``.
    """

    name: str
    converter: str = "default"
    arguments: str = ""
    start: int = field(default=0, compare=False, repr=False)
    end: int = field(default=0, compare=False, repr=False)
    place: Place | None = field(default=None, compare=False, repr=False)

    @property
    def span(self) -> Span | None:
        """Where it is written; None for a pattern that stands in no file."""
        return self.place.in_key(self.start, self.end) if self.place else None

    @property
    def converter_span(self) -> Span | None:
        """Where the name of its converter is written."""
        start = self.start + 1
        return self.place.in_key(start, start + len(self.converter)) if self.place else None

    @property
    def arguments_span(self) -> Span | None:
        """Where the converter's arguments are written; of ``()`` and of none, its name."""
        if not self.arguments:
            return self.converter_span
        start = self.start + len(f"<{self.converter}(")
        return self.place.in_key(start, start + len(self.arguments)) if self.place else None

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
    variables: tuple[Variable, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        variables = tuple([part for part in self.parts if type(part) is Variable])
        object.__setattr__(self, "variables", variables)

    @property
    def shape(self) -> str:
        """The pattern with its variables' names left out: two of one shape match alike."""
        if not self.variables:
            return self.text
        return "".join(
            [
                part.text if isinstance(part, Literal) else f"<{part.converter}({part.arguments})>"
                for part in self.parts
            ]
        )

    def __str__(self) -> str:
        return self.text


EMPTY = Pattern("", ())


def parse_pattern(
    text: str, place: Place | None = None, offset: int = 0
) -> tuple[Pattern | None, list[Problem]]:
    """Parse a pattern, or a part of one. With a malformed ``<...>`` there is no pattern.

    ``place`` is the key that writes it, in which it begins at ``offset``; all offsets in the
    result count from the beginning of that key.
    """
    if "<" not in text:
        literal = (Literal(text, offset),) if text else ()
        nonsense = find_nonsense(text, [(0, len(text))])
        return Pattern(text, literal), [_moved(problem, offset) for problem in nonsense]
    parts: list[Part] = []
    problems: list[Problem] = []
    literals: list[tuple[int, int]] = []
    is_whole = True
    position = 0
    while position < len(text):
        if match := _LITERAL.match(text, position):
            parts.append(Literal(match.group(), position + offset))
            literals.append(match.span())
        elif match := _VARIABLE.match(text, position):
            parts.append(_variable(match, place, offset))
        else:
            match = _BROKEN_VARIABLE.match(text, position)
            assert match is not None, "a lone < matches"
            is_whole = False
            problems.append(_malformed(match))
        position = match.end()
    pattern = Pattern(text, tuple(parts))
    problems += find_nonsense(text, literals)
    problems = [_moved(problem, offset) for problem in problems]
    problems += _variable_problems(pattern.variables)
    return pattern if is_whole else None, problems


def join(first: Pattern, second: Pattern) -> Pattern:
    """Two patterns as one: what parsing their joined text would give, but for the places."""
    if not first.parts or not second.parts:
        return second if second.parts else first
    text, last, next_part = first.text + second.text, first.parts[-1], second.parts[0]
    if isinstance(last, Literal) and isinstance(next_part, Literal):
        middle = Literal(last.text + next_part.text, last.start)
        return Pattern(text, (*first.parts[:-1], middle, *second.parts[1:]))
    return Pattern(text, first.parts + second.parts)


def without_trailing_slash(pattern: Pattern) -> Pattern:
    """The pattern minus one trailing slash, as a prefix for others."""
    if not pattern.text.endswith("/"):
        return pattern
    last = pattern.parts[-1]
    assert isinstance(last, Literal), "a variable ends with >"
    shorter = (Literal(last.text[:-1], last.start),) if len(last.text) > 1 else ()
    return Pattern(pattern.text[:-1], (*pattern.parts[:-1], *shorter))


def _variable(match: re.Match[str], place: Place | None, offset: int) -> Variable:
    return Variable(
        name=match["name"],
        converter=match["converter"] or "default",
        arguments=match["arguments"] or "",
        start=match.start() + offset,
        end=match.end() + offset,
        place=place,
    )


def _moved(problem: Problem, offset: int) -> Problem:
    return replace(problem, start=problem.start + offset, end=problem.end + offset)


def _malformed(match: re.Match[str]) -> Problem:
    written = match.group()
    help_text = "write <name>, <converter:name> or <converter(arguments):name>"
    if inside := re.fullmatch(r"<\s*(?:(\w+)\s*:\s*)?([\w\s.-]*[\w])\s*>?", written):
        converter = f"{inside[1]}:" if inside[1] else ""
        help_text = f"write <{converter}{as_name(inside[2])}>"
    message = f"`{written}` is not a variable"
    if written == "<":
        message, help_text = "a `<` without its `>`", "remove it, or write <name>"
    elif not written.endswith(">"):
        message = f"the variable `{written}` is not closed with >"
    return Problem(MALFORMED, message, match.start(), match.end(), help_text)


def _variable_problems(variables: Iterable[Variable]) -> Iterator[Problem]:
    """Names that are used twice, or that no method can take as an argument."""
    seen: set[str] = set()
    for variable in variables:
        name, span = variable.name, (variable.start, variable.end)
        if name in seen:
            message = f"the variable `{name}` stands twice in this pattern"
            yield Problem(REPEATED_VARIABLE, message, *span, "rename one of the two")
        seen.add(name)
        if name == "self" or keyword.iskeyword(name):
            message = f"`{name}` cannot be the name of a method's argument"
            help_text = f"write <{name}_>, or choose another name"
            yield Problem(RESERVED_VARIABLE, message, *span, help_text)
