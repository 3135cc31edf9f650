"""What converters and patterns take, as languages: exact where Werkzeug's own rules are known.

What is not known for certain lies between two languages: what is taken at least, and at most.
So a question about what is taken has three answers: yes, no, and unknown.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from werkzeug.routing import (
    AnyConverter,
    BaseConverter,
    FloatConverter,
    IntegerConverter,
    PathConverter,
    UnicodeConverter,
    UUIDConverter,
)

from webzeug.routing.converters import AnyHost, RegexConverter
from webzeug.routing.proving.numerals import DIGITS, numbers_within
from webzeug.routing.proving.regular import (
    EVERYTHING,
    NOTHING,
    Among,
    Besides,
    Expression,
    Repeat,
    Text,
    both,
    choice,
    sequence,
    without,
)


@dataclass(frozen=True, slots=True)
class Language:
    """A set of texts that lies between two known ones; the same one twice if it is known."""

    least: Expression
    most: Expression


@dataclass(frozen=True, slots=True)
class Taken:
    """What Werkzeug's matcher takes, and what of it the converters then accept.

    A URL that is taken and not accepted is a 404: no other rule is tried. Of a text that can be
    cut into several variables in more than one way, it is enough that one way is accepted.
    """

    matched: Language
    accepted: Language


def exactly(expression: Expression) -> Language:
    return Language(expression, expression)


def text(text: str) -> Taken:
    """What fixed text takes: itself."""
    return _whatever(exactly(Text(text)))


def joined(pieces: Iterable[Taken]) -> Taken:
    """What one thing after the other takes."""
    return _combined(sequence, [text(""), *pieces])


def shared(first: Taken, second: Taken) -> Taken:
    """What two things both take."""
    return _combined(both, (first, second))


def _combined(combine: Callable[..., Expression], pieces: Iterable[Taken]) -> Taken:
    both_sides = [(piece.matched, piece.accepted) for piece in pieces]
    matched, accepted = (
        Language(combine(*[each.least for each in side]), combine(*[each.most for each in side]))
        for side in zip(*both_sides, strict=True)
    )
    return Taken(matched, accepted)


_HEX = Among(frozenset("0123456789abcdefABCDEF"))
_NO_SLASH = Besides(frozenset("/"))
_UUID = sequence(
    *[piece for size in (8, 4, 4, 4) for piece in (Repeat(_HEX, size, size), Text("-"))],
    Repeat(_HEX, 12, 12),
)
_PATH = sequence(Repeat(_NO_SLASH), Repeat(Besides(frozenset("\n")), 0, None))
_LABELS = Repeat(Among(frozenset("abcdefghijklmnopqrstuvwxyz0123456789._-")), 1, None)
_IPV6 = sequence(Text("["), Repeat(Among(frozenset("0123456789abcdef:.")), 1, None), Text("]"))

HOSTS = choice(
    without(
        _LABELS,
        [sequence(Text("."), EVERYTHING), sequence(EVERYTHING, Text(".."), EVERYTHING)],
    ),
    _IPV6,
)
"""The hosts that a request can name (``webzeug.routing.hosts``), of labels of any length."""

HOSTS_WITH_PORT = sequence(HOSTS, Text(":"), Repeat(Among(frozenset("0123456789")), 1, 5))

_LARGE = 10**20
_SPECIAL = frozenset("\\.^$*+?{}[]|()")
_LENGTHS = re.compile(r"\[\^/\]\{(\d+)(,?)(\d*)\}")


def taken_by(converter: BaseConverter) -> Taken:
    """What a converter takes. Of any but Werkzeug's own and ours, nothing is known."""
    kind = type(converter)
    if kind is IntegerConverter:
        return _numbers(converter, DIGITS)
    if kind is FloatConverter:
        return _numbers(converter, sequence(DIGITS, Text("."), DIGITS))
    if kind is RegexConverter:
        return _whatever(_regex(converter.regex))
    return _whatever(_texts(converter))


def _whatever(language: Language) -> Taken:
    """All that is matched is accepted."""
    return Taken(language, language)


def _texts(converter: BaseConverter) -> Language:
    kind = type(converter)
    if kind is UnicodeConverter and (lengths := _LENGTHS.fullmatch(converter.regex)):
        least, comma, most = lengths.groups()
        longest = (int(most) if most else None) if comma else int(least)
        return exactly(Repeat(_NO_SLASH, int(least), longest))
    if isinstance(converter, AnyConverter) and kind is AnyConverter:
        return exactly(choice(*[Text(item) for item in converter.items or {""}]))
    if kind is PathConverter:
        return exactly(_PATH)
    if kind is UUIDConverter:
        return exactly(_UUID)
    if kind is AnyHost:
        return exactly(Repeat(_NO_SLASH, 0, None))
    return Language(NOTHING, EVERYTHING)


def _regex(pattern: str) -> Language:
    """An expression without special characters is known; of others, whether "" matches is."""
    if not _SPECIAL.intersection(pattern):
        return exactly(Text(pattern))
    takes_empty = re.fullmatch(f"(?:{pattern})", "") is not None
    return Language(NOTHING, EVERYTHING if takes_empty else Repeat(Besides(frozenset()), 1, None))


def _numbers(converter: BaseConverter, unsigned: Expression) -> Taken:
    """Numbers as matched; those within the converter's bounds as accepted."""
    assert isinstance(converter, (IntegerConverter, FloatConverter))
    matched = choice(unsigned, sequence(Text("-"), unsigned)) if converter.signed else unsigned
    if converter.fixed_digits == 0 and converter.min is None and converter.max is None:
        return _whatever(exactly(matched))
    bounds = (converter.min, converter.max)
    if isinstance(converter, FloatConverter) or not all(map(_is_usual, bounds)):
        return Taken(exactly(matched), Language(NOTHING, matched))
    return Taken(
        exactly(matched), exactly(numbers_within(matched, *bounds, converter.fixed_digits))
    )


def _is_usual(bound: float | None) -> bool:
    """Whether a bound is a number of some twenty digits at most; larger ones take too long."""
    return bound is None or abs(bound) < _LARGE
