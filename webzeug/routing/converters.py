"""The converters that webzeug adds to Werkzeug's."""

import inspect
import re
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from werkzeug.routing import (
    AnyConverter,
    Map,
    PathConverter,
    UnicodeConverter,
    UUIDConverter,
)
from werkzeug.routing import BaseConverter as BaseConverter
from werkzeug.routing.rules import parse_converter_args

ANY_HOST = "_webzeug_any_host"
"""Name of the converter, and of the variable, that stand in the host of a row without one."""


_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_GLUED_NUMBERS = re.compile(r"(?<![\w.])\d+,\d")
_GROUP_NAME = re.compile(r"\(\?P<(\w+)>")
_NEGATED_SET = re.compile(r"\[\^(?:\\.|[^]\\])+\]")


class RegexConverter(BaseConverter):
    """``<regex("[a-z]{2}"):lang>``: text that matches a regular expression.

    It is one path segment, unless the expression has a slash in it (other than in ``[^/]``).
    The expression is Werkzeug's raw converter argument: backslashes stand as they are.
    """

    def __init__(self, map: Map, pattern: str) -> None:
        super().__init__(map)
        self.regex = pattern
        self.part_isolating = not _has_slash(pattern)


def _has_slash(pattern: str) -> bool:
    return "/" in _NEGATED_SET.sub("", pattern)


class AnyHost(BaseConverter):
    """Matches every host, also a missing one, after all hosts that the manifest names."""

    regex = "[^/]*"
    # Werkzeug would conclude the contrary from the slash in the expression.
    part_isolating = True
    weight = sys.maxsize

    def to_url(self, value: Any) -> str:
        return str(value)


def known_converters(
    added: Mapping[str, type[BaseConverter]],
) -> dict[str, type[BaseConverter]]:
    """Werkzeug's, then ours, then the application's own by name; the later win."""
    return {**Map.default_converters, "regex": RegexConverter, **added, ANY_HOST: AnyHost}


def holds_slashes(converter: type[BaseConverter], arguments: str) -> bool:
    """Whether a converter's values may hold slashes."""
    if issubclass(converter, RegexConverter):
        return _has_slash(arguments)
    return not converter.part_isolating


def arguments_of(text: str) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """What a converter is given, from the text in a pattern. Raises ValueError."""
    return parse_converter_args(text)


def made(name: str, arguments: str) -> BaseConverter | None:
    """A built-in converter, None if there is none of the name that takes these arguments."""
    converter = known_converters({}).get(name)
    if converter is None or refusal(converter, arguments) is not None:
        return None
    args, kwargs = parse_converter_args(arguments)
    return converter(Map(), *args, **kwargs)


def repeated_group(expressions: Iterable[str]) -> tuple[int, str] | None:
    """Which of the expressions of one pattern names a group that one before it names, and which."""
    seen: set[str] = set()
    for index, expression in enumerate(expressions):
        names = set(_GROUP_NAME.findall(expression))
        if repeated := names & seen:
            return index, min(repeated)
        seen |= names
    return None


def refusal(converter: type[BaseConverter], arguments: str) -> str | None:
    """Why a converter cannot be made with these arguments, as written; None if it can."""
    if _GLUED_NUMBERS.search(_QUOTED.sub("", arguments)):
        return "put a space after the comma: Werkzeug reads 1,2 as one value"
    try:
        args, kwargs = parse_converter_args(arguments)
        inspect.signature(converter).bind(None, *args, **kwargs)
        return _misuse(converter, args, kwargs) or _wrong(converter(Map(), *args, **kwargs))
    except re.error as error:
        return f"the regular expression is wrong: {error}"
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        return str(error)


def _misuse(
    converter: type[BaseConverter], args: tuple[object, ...], kwargs: Mapping[str, object]
) -> str | None:
    """Arguments that Werkzeug's own converters ignore, or choke on."""
    if converter in (PathConverter, UUIDConverter) and (args or kwargs):
        return "it takes no arguments"
    if converter is UnicodeConverter:
        given = inspect.signature(converter).bind(None, *args, **kwargs).arguments
        if 0 in (given.get("length"), given.get("maxlength")):
            return "it would take the empty text alone"
    if converter is AnyConverter and not args:
        return "name what it may be: any(one, other)"
    if converter is AnyConverter and not all(isinstance(item, str) for item in args):
        return 'put numbers into quotes: any("1", "2")'
    return None


def _wrong(converter: BaseConverter) -> str | None:
    """What fails only when a request comes, or keeps every request from matching."""
    re.compile(f"(?P<value>{converter.regex})")  # as it will stand in a rule's own expression
    for name in ("fixed_digits", "min", "max"):
        if not isinstance(getattr(converter, name, None), (int, float, type(None))):
            return f"{name} must be a number"
    least, most = getattr(converter, "min", None), getattr(converter, "max", None)
    if least is not None and most is not None and least > most:
        return f"no number is at least {least} and at most {most}"
    digits = getattr(converter, "fixed_digits", 0)
    if digits and least is not None and least >= 10**digits:
        return f"no number of {digits} digits is at least {least}"
    return None
