"""The converters that webzeug adds to Werkzeug's."""

import re
from collections.abc import Mapping
from typing import Any

from werkzeug.routing import BaseConverter as BaseConverter
from werkzeug.routing import Map
from werkzeug.routing.rules import parse_converter_args

ANY_HOST = "_webzeug_any_host"
"""Name of the converter, and of the variable, that stand in the host of a row without one."""


class RegexConverter(BaseConverter):
    """``<regex("[a-z]{2}"):lang>``: one path segment that matches a regular expression.

    The expression is Werkzeug's raw converter argument: backslashes stand as they are.
    """

    def __init__(self, map: Map, pattern: str) -> None:
        super().__init__(map)
        self.regex = pattern
        self.part_isolating = "/" not in pattern


class AnyHost(BaseConverter):
    """Matches every host, also a missing one, after all hosts that the manifest names."""

    regex = "[^/]*"
    # Werkzeug would conclude the contrary from the slash in the expression.
    part_isolating = True
    weight = 1_000_000

    def to_url(self, value: Any) -> str:
        return str(value)


def known_converters(
    added: Mapping[str, type[BaseConverter]],
) -> dict[str, type[BaseConverter]]:
    """Werkzeug's, then ours, then the application's own by name; the later win."""
    return {**Map.default_converters, "regex": RegexConverter, **added, ANY_HOST: AnyHost}


def refusal(converter: type[BaseConverter], arguments: str) -> str | None:
    """Why a converter cannot be made with these arguments, as written; None if it can."""
    try:
        args, kwargs = parse_converter_args(arguments)
        made = converter(Map(), *args, **kwargs)
        re.compile(made.regex)
    except re.error as error:
        return f"the regular expression is wrong: {error}"
    except (TypeError, ValueError) as error:
        return re.sub(r"^\w+\.__init__\(\)|^\w+\(\)", "it", str(error))
    return _wrong_bounds(made)


def _wrong_bounds(converter: BaseConverter) -> str | None:
    """Bounds that are no numbers fail only when a request comes; see them now."""
    for name in ("min", "max"):
        bound = getattr(converter, name, None)
        if bound is not None and not isinstance(bound, (int, float)):
            return f"{name} must be a number"
    return None
