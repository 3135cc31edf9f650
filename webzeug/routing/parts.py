"""A rule cut at its slashes, as Werkzeug's matcher cuts it: what each part of a path must be.

A part is fixed text, or varying: a regular expression with variables in it. A variable that can
hold slashes makes its part final: it takes the rest of the path. Varying parts that could take
the same text are tried by weight (more fixed text first, then lighter converters), and those of
one weight in the order of the rules.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from werkzeug.routing import BaseConverter

from webzeug.manifest.patterns import Pattern, Variable, parse_pattern

Weight = tuple[int, tuple[tuple[int, int], ...], int, tuple[int, ...]]
"""As Werkzeug weighs parts: the less, the sooner it is tried."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """A part that is its text."""

    text: str


@dataclass(frozen=True, slots=True)
class Varying:
    """A part with variables; ``expression`` must match the whole of it.

    ``prefix`` is the fixed text that it begins with, ``groups`` are the names of the groups that
    hold the values. A final one with ``has_slash`` ends with a group for an optional slash, and
    the fixed part "" follows it.
    """

    expression: str
    weight: Weight
    is_final: bool
    has_slash: bool
    prefix: str = field(compare=False)
    converters: tuple[BaseConverter, ...] = field(compare=False)

    @property
    def groups(self) -> list[str]:
        return list(map(_group, range(len(self.converters))))

    @property
    def is_one_variable(self) -> bool:
        """Whether the whole part is the value of one variable."""
        return len(self.converters) == 1 and not self.is_final and not self.weight[0]


Part = Fixed | Varying

ConverterOf = Callable[[Variable], BaseConverter]


@dataclass(slots=True)
class _Building:
    """A part that is being put together."""

    text: str = ""
    expression: str = ""
    fixed: list[tuple[int, int]] = field(default_factory=list)
    converters: list[BaseConverter] = field(default_factory=list)
    is_final: bool = False

    def add_text(self, text: str) -> None:
        if not text:
            return
        if not self.converters:
            self.text += text
        self.expression += re.escape(text)
        self.fixed.append((len(self.fixed), -len(text)))

    def add_rest(self, text: str) -> None:
        """Add a piece of what follows a variable with slashes: a slash, or text without any."""
        if text == "/":
            self.expression += "/"
        else:
            self.add_text(text)

    def add_variable(self, converter: BaseConverter) -> None:
        self.expression += f"(?P<{_group(len(self.converters))}>{converter.regex})"
        self.converters.append(converter)
        self.is_final = self.is_final or not converter.part_isolating

    def done(self) -> Iterator[Part]:
        if not self.converters:
            yield Fixed(self.text)
            return
        has_slash = self.is_final and self.expression.endswith("/")
        expression = f"{self.expression[:-1]}(?<!/)(/?)" if has_slash else self.expression
        weight = (
            -len(self.fixed),
            tuple(self.fixed),
            -len(self.converters),
            tuple(converter.weight for converter in self.converters),
        )
        prefix, converters = self.text, tuple(self.converters)
        yield Varying(expression, weight, self.is_final, has_slash, prefix, converters)
        if has_slash:
            yield Fixed("")


def _group(number: int) -> str:
    return f"__webzeug_{number}"


def parts_of(pattern: Pattern, converter_of: ConverterOf) -> Iterator[Part]:
    """The parts of a pattern or host; a pattern's first is the empty text before its slash."""
    if not pattern.variables:
        yield from map(Fixed, pattern.text.split("/"))
        return
    building = _Building()
    for piece in pattern.parts:
        if isinstance(piece, Variable):
            building.add_variable(converter_of(piece))
        elif building.is_final:
            for text in re.findall(r"/|[^/]+", piece.text):
                building.add_rest(text)
        else:
            first, *others = piece.text.split("/")
            building.add_text(first)
            for text in others:
                yield from building.done()
                building = _Building()
                building.add_text(text)
    yield from building.done()


def merged(pattern: Pattern) -> Pattern:
    """The pattern with doubled slashes merged, for a rule that merges slashes."""
    if "//" not in pattern.text:
        return pattern
    return parse_pattern(re.sub("/{2,}", "/", pattern.text))[0] or pattern
