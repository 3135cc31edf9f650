"""The converters of a manifest, each made once, with what it takes; and what patterns take."""

import enum
import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from werkzeug.routing import BaseConverter, Map, ValidationError
from werkzeug.routing.rules import parse_converter_args

from webzeug.manifest.patterns import Literal, Part, Pattern, Variable
from webzeug.routing.converters import known_converters
from webzeug.routing.proving import languages
from webzeug.routing.proving.languages import Language, Taken, exactly, joined, shared, taken_by
from webzeug.routing.proving.members import find_member
from webzeug.routing.proving.regular import (
    EVERYTHING,
    Besides,
    Expression,
    Repeat,
    Text,
    both,
    complement,
    sequence,
    without,
)

_SLASH = languages.text("/")
_SEGMENT = Repeat(Besides(frozenset("/")), 0, None)
_WITH_SLASH = sequence(EVERYTHING, Text("/"), EVERYTHING)
_SLASH_AT_END = sequence(EVERYTHING, Text("/"))
_USUAL = (
    *(
        "a/b",
        "abc",
        "en",
        "7",
        "1.5",
        "a",
        "1234",
        "A",
        "AB",
        "12345678-1234-4234-8234-123456789abc",
    ),
    *("abc-def", "v1", "1.2.3", "abcdef123456", "507f1f77bcf86cd799439011", "xyz"),
)


class UnknownConverterError(Exception):
    """A converter of the application's own, or one that does not exist or cannot be made."""


class Ending(enum.Enum):
    """How a path ends, beside the pattern that takes it."""

    EXACT = "as the pattern"
    SHORT = "without the pattern's slash"
    LONG = "with a slash more than the pattern"


@dataclass(frozen=True, slots=True)
class Word:
    """A converter with its arguments.

    ``taken`` is what it takes where slashes may be, ``isolated`` is what it takes within one
    segment. ``samples`` are a few texts that it accepts, none if none is known.
    """

    converter: BaseConverter
    taken: Taken
    isolated: Taken
    samples: tuple[str, ...]


@dataclass(slots=True)
class Vocabulary:
    """The words of a manifest; ``added`` are the names of the application's own converters."""

    added: Collection[str] = ()
    _map: Map = field(default_factory=Map)
    _words: dict[tuple[str, str], Word | None] = field(default_factory=dict)

    def word(self, variable: Variable) -> Word:
        """What a variable's converter is. Raises UnknownConverterError."""
        key = (variable.converter, variable.arguments)
        if key not in self._words:
            self._words[key] = self._make(variable)
        word = self._words[key]
        if word is None:
            raise UnknownConverterError(str(variable))
        return word

    def converter(self, variable: Variable) -> BaseConverter:
        """Raises UnknownConverterError."""
        return self.word(variable).converter

    def taken(self, pattern: Pattern, ending: Ending = Ending.EXACT) -> Taken | None:
        """What a pattern takes; None if no path of its has that ending.

        Raises UnknownConverterError.
        """
        pieces, is_final = self._pieces(pattern)
        if ending is Ending.LONG:
            return None if is_final else joined([*pieces, _SLASH])
        if not pattern.text.endswith("/"):
            return joined(pieces) if ending is Ending.EXACT else None
        short = joined(pieces[:-1])
        if is_final:
            # Such a part begins with a variable, which may take slashes, but not the last one.
            short = shared(short, _everything_but(_SLASH_AT_END))
        return short if ending is Ending.SHORT else joined([short, _SLASH])

    def samples(self, pattern: Pattern) -> Iterator[str]:
        """Some texts that a pattern accepts. Raises UnknownConverterError."""
        words = [self.word(variable).samples for variable in pattern.variables]
        if not all(words):
            return
        for number in range(max(map(len, words), default=1)):
            values = iter([samples[number % len(samples)] for samples in words])
            yield "".join(
                part.text if isinstance(part, Literal) else next(values) for part in pattern.parts
            )

    def _make(self, variable: Variable) -> Word | None:
        converter = known_converters({}).get(variable.converter)
        if converter is None or variable.converter in self.added:
            return None
        try:
            args, kwargs = parse_converter_args(variable.arguments)
            made = converter(self._map, *args, **kwargs)
            taken = taken_by(made)
            isolated = _isolated(taken)
            return Word(made, taken, isolated, _samples(made, isolated.accepted))
        except Exception:  # the arguments are wrong, which another check reports, or too large
            return None

    def _pieces(self, pattern: Pattern) -> tuple[list[Taken], bool]:
        """What each part takes, slashes on their own; and whether the last may hold slashes."""
        pieces: list[Taken] = []
        is_final = False
        for number, segment in enumerate(_segments(pattern)):
            is_final = is_final or not all(map(self._is_isolating, segment))
            pieces += [_SLASH] if number else []
            pieces += [self._piece(part, is_final) for part in segment]
        return pieces, is_final

    def _is_isolating(self, part: Part) -> bool:
        return isinstance(part, Literal) or self.converter(part).part_isolating

    def _piece(self, part: Part, is_final: bool) -> Taken:
        if isinstance(part, Literal):
            return languages.text(part.text)
        word = self.word(part)
        return word.taken if is_final else word.isolated


def _segments(pattern: Pattern) -> Iterator[list[Part]]:
    """The parts of a pattern, cut at its slashes."""
    segment: list[Part] = []
    for part in pattern.parts:
        if isinstance(part, Variable):
            segment.append(part)
            continue
        first, *more = part.text.split("/")
        segment += [Literal(first)] if first else []
        for text in more:
            yield segment
            segment = [Literal(text)] if text else []
    yield segment


def _everything_but(expression: Expression) -> Taken:
    language = exactly(complement(expression))
    return Taken(language, language)


def _isolated(taken: Taken) -> Taken:
    """What is left of a converter within one segment."""
    if find_member(both(taken.matched.most, _WITH_SLASH)) is None:
        return taken
    return shared(taken, Taken(exactly(_SEGMENT), exactly(_SEGMENT)))


def _samples(converter: BaseConverter, isolated: Language) -> tuple[str, ...]:
    """Texts that people would write, if the converter accepts them; else two of the shortest."""
    usual = [text for text in _USUAL if _accepts(converter, text)]
    if usual:
        return tuple(usual[:3])
    found: list[str] = []
    while len(found) < 2:
        text = find_member(without(isolated.least, map(Text, found)))
        if text is None:
            break
        found.append(text)
    return tuple(found)


def _accepts(converter: BaseConverter, text: str) -> bool:
    if ("/" in text and converter.part_isolating) or not re.fullmatch(converter.regex, text):
        return False
    with suppress(ValidationError):
        converter.to_python(text)
        return True
    return False
