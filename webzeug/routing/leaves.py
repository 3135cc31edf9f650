"""Where rules end in the fast path's tree, and how the parts of a path become arguments."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from enum import Enum
from operator import itemgetter, truth
from typing import Any, Final, Generic, TypeVar

from werkzeug.routing import BaseConverter, IntegerConverter

from webzeug.manifest.model import Route
from webzeug.routing.verbs import WEBSOCKET

H = TypeVar("H")

Arguments = dict[str, Any]

ASK: Final = None
"""Only the Map knows."""


class Redirect(Enum):
    """Where the Map would send a client that comes to no rule."""

    SLASH = "the path with a slash at its end"


SLASH: Final = Redirect.SLASH


class Undecided(Enum):
    """Why there is no answer yet."""

    WALK = "only the walk finds it"
    NEW = "it is the first path of its kind"


# PERF: looking at a member of an Enum takes a tenth of a whole match.
WALK: Final = Undecided.WALK
NEW: Final = Undecided.NEW


Answering = Callable[[Sequence[str]], Any]
"""What makes an Answer of the parts of a path, or says that it is Undecided."""

Test = Callable[[str], Any]
"""True of a part of a path that a varying part takes."""

Tests = Sequence[tuple[int, Test]]
"""At which parts of a path there are variables, with their tests."""

Convert = Callable[[str], Any] | None
"""What makes a value of a text; None if the text is the value."""


class Leaf(Generic[H]):
    """Where a rule ends: the route, what answers it, and how values become arguments.

    ``is_ambiguous`` tells that the Map decides by more than path and verb, ``is_constant`` that
    it does not, and that there are no arguments; ``lacks_slash`` that a path has come to it which
    it redirects. ``tests`` is None for a rule whose variables are not each a part of the path: only
    the walk knows its values. ``number`` is the rule's place in the table.
    """

    __slots__ = (
        "_converts", "_defaults", "_names", "handler", "is_ambiguous", "is_constant", "is_lenient",
        "lacks_slash", "number", "route", "tests",
    )  # fmt: skip

    def __init__(
        self,
        number: int,
        route: Route,
        handler: H,
        converters: Sequence[BaseConverter],
        tests: Tests | None,
        *,
        is_lenient: bool,
        is_ambiguous: bool,
    ) -> None:
        self.number = number
        self.route = route
        self.handler = handler
        self.tests = tests
        self.is_ambiguous = is_ambiguous
        self.lacks_slash = False
        self.is_lenient = is_lenient
        self._names = route.variables if converters else ()
        self._converts = tuple([_convert(converter) for converter in converters])
        self._defaults = route.defaults
        self.is_constant = not (is_ambiguous or converters or self._defaults)

    def without_slash(self) -> "Leaf[H]":
        """What a path leads to that lacks only the slash at the end: a redirect, if strict."""
        if self.is_lenient:
            return self
        redirecting = copy(self)
        redirecting.lacks_slash = True
        return redirecting

    def args(self, values: Sequence[str]) -> Arguments:
        """The arguments, of the texts of all variables; ValueError if a converter refuses one."""
        steps = zip(self._names, values, self._converts, strict=True)
        made: Arguments = {name: make(text) if make else text for name, text, make in steps}
        if self._defaults:
            made.update(self._defaults)
        return made

    def answering(self, otherwise: Answering) -> Answering:
        """What answers paths that end here; those that do not fit, ``otherwise`` answers."""
        tests, names = self.tests, self._names
        if tests is None:
            return lambda _: WALK
        if self.is_ambiguous or self.lacks_slash:
            instead = SLASH if self.lacks_slash else ASK
            return lambda parts: instead if fits(parts, tests) else otherwise(parts)
        if not names:
            return lambda _: (self, dict(self._defaults))
        if self._defaults:
            return self._answering_any(tests, otherwise)
        places = [at for at, _ in tests]
        # PERF: the commonest of all are spelt out, for a loop takes three times as long.
        if not any(self._converts) and all(test is truth for _, test in tests):
            return _PLAIN.get(len(names), _many)(self, places, names, otherwise)
        if len(names) == 1:
            return self._answering_one(tests[0], names[0], self._converts[0], otherwise)
        return self._answering_any(tests, otherwise)

    def _answering_any(self, tests: Tests, otherwise: Answering) -> Answering:
        variables = zip(self._names, self._converts, tests, strict=True)
        steps = [(name, convert, at) for name, convert, (at, _) in variables]

        def answer(parts: Sequence[str]) -> Any:
            # A converter is the application's code: it sees the values of its own paths alone.
            if not fits(parts, tests):
                return otherwise(parts)
            made: Arguments = {}
            try:
                for name, convert, at in steps:
                    made[name] = convert(parts[at]) if convert else parts[at]
            except ValueError:
                return ASK
            if self._defaults:
                made.update(self._defaults)
            return self, made

        return answer

    def _answering_one(
        self, test_at: tuple[int, Test], name: str, convert: Convert, otherwise: Answering
    ) -> Answering:
        at, test = test_at
        make = convert or str

        def answer(parts: Sequence[str]) -> Any:
            text = parts[at]
            if not test(text):
                return otherwise(parts)
            try:
                return self, {name: make(text)}
            except ValueError:
                return ASK

        return answer


Missed = frozenset[str] | Redirect | None
"""The verbs of other requests for the path; SLASH; or ASK."""

Answer = tuple[Leaf[H], Arguments] | Missed
"""A route's leaf with the arguments, or what else there is to say."""


def fits(parts: Sequence[str], tests: Tests) -> bool:
    """Whether the parts of a path pass all tests."""
    for at, test in tests:  # noqa: SIM110  # PERF: a generator takes twice as long
        if not test(parts[at]):
            return False
    return True


def _one(
    leaf: Leaf[H], places: Sequence[int], names: Sequence[str], otherwise: Answering
) -> Answering:
    [at], [name] = places, names

    def answer(parts: Sequence[str]) -> Any:
        text = parts[at]
        return (leaf, {name: text}) if text else otherwise(parts)

    return answer


def _two(
    leaf: Leaf[H], places: Sequence[int], names: Sequence[str], otherwise: Answering
) -> Answering:
    (at, then), (name, second) = places, names

    def answer(parts: Sequence[str]) -> Any:
        one, two = parts[at], parts[then]
        return (leaf, {name: one, second: two}) if one and two else otherwise(parts)

    return answer


def _three(
    leaf: Leaf[H], places: Sequence[int], names: Sequence[str], otherwise: Answering
) -> Answering:
    (at, then, last), (name, second, third) = places, names

    def answer(parts: Sequence[str]) -> Any:
        one, two, three = parts[at], parts[then], parts[last]
        if one and two and three:
            return leaf, {name: one, second: two, third: three}
        return otherwise(parts)

    return answer


def _many(
    leaf: Leaf[H], places: Sequence[int], names: Sequence[str], otherwise: Answering
) -> Answering:
    pick = itemgetter(*places)

    def answer(parts: Sequence[str]) -> Any:
        texts = pick(parts)
        return (leaf, dict(zip(names, texts, strict=True))) if all(texts) else otherwise(parts)

    return answer


_PLAIN = {1: _one, 2: _two, 3: _three}
"""What answers for so many variables that are each a whole part, as it comes."""


class Ends(Generic[H]):
    """The rules that end at one place: by verb, and the first that takes all verbs.

    That one hides those after it. ``websocket`` is not among them, but counted among the verbs.
    """

    __slots__ = ("rest", "verbs", "websocket")

    def __init__(self) -> None:
        self.verbs: dict[str, Leaf[H]] = {}
        self.rest: Leaf[H] | None = None
        self.websocket: Leaf[H] | None = None

    def add(self, leaf: Leaf[H], verbs: Iterable[str] | None) -> None:
        if self.rest is not None:
            return
        if verbs is None:
            self.rest = leaf
            return
        for verb in verbs:
            if verb != WEBSOCKET:
                self.verbs.setdefault(verb, leaf)
            elif self.websocket is None:
                self.websocket = leaf

    def find(self, verb: str, missed: set[str]) -> Leaf[H] | None:
        """The rule for a verb; if there is none, the verbs that there are count as missed."""
        leaf = self.verbs.get(verb, self.rest)
        if leaf is None:
            missed.update(self.verbs)
            if self.websocket is not None:
                missed.add(WEBSOCKET)
        return leaf

    def __iter__(self) -> Iterator[Leaf[H]]:
        yield from self.verbs.values()
        yield from (leaf for leaf in (self.rest, self.websocket) if leaf is not None)

    def __bool__(self) -> bool:
        return bool(self.verbs) or self.rest is not None or self.websocket is not None


def quick_test(converter: BaseConverter) -> Test | None:
    """What says of any text without slashes the same as the converter's expression, but sooner."""
    if converter.regex in ("[^/]+", "[^/]{1,}"):
        return truth
    if converter.regex == r"\d+":
        return str.isdecimal
    return None


def _convert(converter: BaseConverter) -> Convert:
    if getattr(converter.to_python, "__func__", None) is BaseConverter.to_python:
        return None
    return int if _is_plain_int(converter) else converter.to_python


def _is_plain_int(converter: BaseConverter) -> bool:
    """Whether it is ``<int:x>`` without arguments."""
    return (
        type(converter) is IntegerConverter
        and not (converter.fixed_digits or converter.signed)
        and converter.min is None
        and converter.max is None
    )
