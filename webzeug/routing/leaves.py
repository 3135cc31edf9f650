"""Where rules end in the fast path's tree, and how the parts of a path become arguments."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from operator import truth
from typing import Any, Generic, TypeVar

from werkzeug.routing import BaseConverter, IntegerConverter

from webzeug.manifest.model import Route
from webzeug.routing.matches import RouteRule

H = TypeVar("H")

Arguments = dict[str, Any]


class Leaf(Generic[H]):
    """Where a rule ends: the route, what answers it, and how values become arguments.

    ``args`` makes them of the texts of the variables; it raises ValueError where a converter
    refuses one. ``args_of_parts`` makes them of all parts of a path, and gives None if one does
    not fit; it is None itself for a rule whose variables are not each a part of their own.
    ``is_ambiguous`` tells that the Map decides by more than path and verb. ``is_constant`` tells
    that it does not, and that there are no arguments.
    """

    __slots__ = (
        "args", "args_of_parts", "handler", "is_ambiguous", "is_constant", "route", "without_slash",
    )  # fmt: skip

    def __init__(
        self,
        rule: RouteRule[H],
        converters: Sequence[BaseConverter],
        tests: "Sequence[tuple[int, Test]] | None",
        *,
        is_ambiguous: bool,
    ) -> None:
        self.route: Route = rule.route
        self.handler = rule.handler
        names, defaults = rule.route.variables, rule.defaults or {}
        converts = [_convert(converter) for converter in converters]
        self.args = _of_values(names, converts, defaults)
        self.args_of_parts: Callable[[Sequence[str]], Arguments | None] | None = None
        if tests is not None:
            self.args_of_parts = _of_parts(names, converts, tests, defaults)
        self.is_ambiguous = is_ambiguous
        self.is_constant = not (is_ambiguous or names or defaults)
        self.without_slash: Leaf[H] = self
        """What a path leads to that lacks only the slash at the end: a redirect, if strict."""
        if rule.strict_slashes:
            self.without_slash = copy(self)
            self.without_slash.is_ambiguous = True
            self.without_slash.is_constant = False

    def answer_with(self, handler: H) -> None:
        """Put another handler in the place of the one that the rule has."""
        self.handler = self.without_slash.handler = handler


class Ends(Generic[H]):
    """The rules that end at one place: by verb, and the first that takes all verbs.

    That one hides those after it.
    """

    __slots__ = ("rest", "verbs")

    def __init__(self) -> None:
        self.verbs: dict[str, Leaf[H]] = {}
        self.rest: Leaf[H] | None = None

    def add(self, leaf: Leaf[H], verbs: Iterable[str] | None) -> None:
        if self.rest is not None:
            return
        if verbs is None:
            self.rest = leaf
            return
        for verb in verbs:
            self.verbs.setdefault(verb, leaf)

    def find(self, verb: str, missed: set[str]) -> Leaf[H] | None:
        """The rule for a verb; if there is none, the verbs that there are count as missed."""
        leaf = self.verbs.get(verb, self.rest)
        if leaf is None:
            missed.update(self.verbs)
        return leaf


Test = Callable[[str], Any]
"""True of a part of a path that a varying part takes."""

Convert = Callable[[str], Any] | None
"""What makes a value of a text; None if the text is the value."""


def quick_test(converter: BaseConverter) -> Test | None:
    """What says of any text without slashes the same as the converter's expression, but sooner."""
    if converter.regex in ("[^/]+", "[^/]{1,}"):
        return truth
    if converter.regex == r"\d+":
        return str.isdecimal
    return None


def _convert(converter: BaseConverter) -> Convert:
    if type(converter).to_python is BaseConverter.to_python:
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


def _of_values(
    names: Sequence[str], converts: Sequence[Convert], defaults: Mapping[str, Any]
) -> Callable[[Sequence[str]], Arguments]:
    """What makes arguments of the texts of the variables, in order."""
    if not names:
        return lambda _: dict(defaults)
    to_convert = [(n, c) for n, c in zip(names, converts, strict=True) if c is not None]

    def args(values: Sequence[str]) -> Arguments:
        made: Arguments = dict(zip(names, values, strict=True))
        for name, convert in to_convert:
            made[name] = convert(made[name])
        if defaults:
            made.update(defaults)
        return made

    return args


def _of_parts(
    names: Sequence[str],
    converts: Sequence[Convert],
    tests: Sequence[tuple[int, Test]],
    defaults: Mapping[str, Any],
) -> Callable[[Sequence[str]], Arguments | None]:
    """What makes arguments of a whole path's parts. ``tests`` say at which part each variable is.

    One and two plain texts, the commonest of all, are spelt out: a loop takes three times as long.
    """
    if all(test is truth for _, test in tests) and not any(converts) and not defaults:
        if len(names) == 1:
            return _one(names[0], tests[0][0])
        if len(names) == 2:
            return _two(names[0], tests[0][0], names[1], tests[1][0])
    steps = [
        (name, at, test, convert)
        for name, (at, test), convert in zip(names, tests, converts, strict=True)
    ]

    def args(parts: Sequence[str]) -> Arguments | None:
        made: Arguments = {}
        for name, at, test, convert in steps:
            text = parts[at]
            if not test(text):
                return None
            made[name] = text if convert is None else convert(text)
        if defaults:
            made.update(defaults)
        return made

    return args


def _one(name: str, at: int) -> Callable[[Sequence[str]], Arguments | None]:
    def args(parts: Sequence[str]) -> Arguments | None:
        text = parts[at]
        return {name: text} if text else None

    return args


def _two(
    first: str, at_first: int, second: str, at_second: int
) -> Callable[[Sequence[str]], Arguments | None]:
    def args(parts: Sequence[str]) -> Arguments | None:
        one, two = parts[at_first], parts[at_second]
        return {first: one, second: two} if one and two else None

    return args
