"""A rule cut at its slashes, as Werkzeug's matcher cuts it: what each part of a path must be.

A part is fixed text, or varying: a regular expression with variables in it. A variable that can
hold slashes makes its part final: it takes the rest of the path. Varying parts that could take
the same text are tried by weight (more fixed text first, then lighter converters), and those of
one weight in the order of the rules.
"""

import math
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from werkzeug.routing import AnyConverter, BaseConverter, UUIDConverter
from werkzeug.routing.converters import NumberConverter

from webzeug.manifest.patterns import Pattern, Variable, parse_pattern
from webzeug.routing.converters import repeated_group

MOST_TRIES = 1_000_000
"""So many ways to take a text apart are tried; that is some 40 ms."""

_NARROW = (NumberConverter, UUIDConverter, AnyConverter)
"""Converters that cannot take the text around them."""

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
    the fixed part "" follows it. A text of more than ``longest`` characters is not looked at.
    """

    expression: str
    weight: Weight
    is_final: bool
    has_slash: bool
    prefix: str = field(compare=False)
    converters: tuple[BaseConverter, ...] = field(compare=False)
    longest: int = field(default=sys.maxsize, compare=False)

    @property
    def groups(self) -> list[str]:
        return list(map(_group, range(len(self.converters))))

    @property
    def is_one_variable(self) -> bool:
        """Whether the whole part is the value of one variable."""
        return len(self.converters) == 1 and not self.is_final and not self.weight[0]


Part = Fixed | Varying

ConverterOf = Callable[[Variable], BaseConverter]


Pieces = list[str | Variable]
"""What a part is made of; text next to each other is not joined."""


class RepeatedGroupError(ValueError):
    """Two variables of one part whose expressions have groups of one name."""


class Cutter:
    """Cuts patterns and hosts into parts; those that are alike are one object."""

    def __init__(self, converter_of: ConverterOf) -> None:
        self._converter_of = converter_of
        self._fixed: dict[str, Fixed] = {}
        self._variables: dict[int, Varying] = {}

    def parts(self, pattern: Pattern) -> Iterator[Part]:
        """The parts of a pattern or host; a pattern's first is the empty text before its slash.

        Raises RepeatedGroupError, and what making a converter raises.
        """
        pieces: Pieces = []
        is_final = False
        for piece in pattern.parts:
            if isinstance(piece, Variable):
                pieces.append(piece)
                is_final = is_final or not self._converter_of(piece).part_isolating
            elif is_final:
                pieces += re.findall(r"/|[^/]+", piece.text)
            else:
                first, *others = piece.text.split("/")
                if first:
                    pieces.append(first)
                for text in others:
                    yield self._part(pieces)
                    pieces = [text] if text else []
        yield (part := self._part(pieces))
        if isinstance(part, Varying) and part.has_slash:
            yield self._text("")

    def _part(self, pieces: Pieces) -> Part:
        if not pieces:
            return self._text("")
        [first, *more] = pieces
        if more:
            return self._varying(pieces)
        if isinstance(first, str):
            return self._text(first)
        key = id(self._converter_of(first))
        if key not in self._variables:
            self._variables[key] = self._varying(pieces)
        return self._variables[key]

    def _text(self, text: str) -> Fixed:
        if text not in self._fixed:
            self._fixed[text] = Fixed(text)
        return self._fixed[text]

    def _varying(self, pieces: Pieces) -> Varying:
        expression, prefix, fixed = "", "", list[tuple[int, int]]()
        converters: list[BaseConverter] = []
        for piece in pieces:
            if isinstance(piece, Variable):
                converter = self._converter_of(piece)
                expression += f"(?P<{_group(len(converters))}>{converter.regex})"
                converters.append(converter)
            elif piece == "/":
                expression += "/"
            else:
                prefix += "" if converters else piece
                expression += re.escape(piece)
                fixed.append((len(fixed), -len(piece)))
        if repeated := repeated_group(converter.regex for converter in converters):
            raise RepeatedGroupError(f"two variables of one segment name a group `{repeated[1]}`")
        weights = tuple(converter.weight for converter in converters)
        is_final = not all(converter.part_isolating for converter in converters)
        has_slash = is_final and expression.endswith("/")
        return Varying(
            f"{expression[:-1]}(?<!/)(/?)" if has_slash else expression,
            (-len(fixed), tuple(fixed), -len(converters), weights),
            is_final,
            has_slash,
            prefix,
            tuple(converters),
            _longest(pieces, converters, is_final),
        )


def _longest(pieces: Pieces, converters: Sequence[BaseConverter], is_final: bool) -> int:
    """How long a text may be that an expression of these pieces is tried on.

    Where variables take the text that separates them, it is tried in as many ways as there are to
    choose their ends; more than a million of them take longer than anybody should wait.
    """
    wide = sum(not isinstance(converter, _NARROW) for converter in converters)
    ends_wide = isinstance(pieces[-1], Variable) and not isinstance(converters[-1], _NARROW)
    ends = wide - ends_wide
    # Two variables with slashes have a check of their own, and need long paths.
    if ends < 2 or (is_final and ends == 2):
        return sys.maxsize
    length = ends
    while math.comb(length + 1, ends) <= MOST_TRIES:
        length += 1
    return length


def _group(number: int) -> str:
    return f"__webzeug_{number}"


def merged(pattern: Pattern) -> Pattern:
    """The pattern with doubled slashes merged, for a rule that merges slashes."""
    if "//" not in pattern.text:
        return pattern
    return parse_pattern(re.sub("/{2,}", "/", pattern.text))[0] or pattern
