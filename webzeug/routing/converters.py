"""The converters that webzeug adds to Werkzeug's."""

from collections.abc import Mapping
from typing import Any

from werkzeug.routing import BaseConverter as BaseConverter
from werkzeug.routing import Map

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
    weight = 1_000_000

    def to_url(self, value: Any) -> str:
        return str(value)


def known_converters(
    added: Mapping[str, type[BaseConverter]],
) -> dict[str, type[BaseConverter]]:
    """Werkzeug's, then ours, then the application's own by name; the later win."""
    return {**Map.default_converters, "regex": RegexConverter, **added, ANY_HOST: AnyHost}
