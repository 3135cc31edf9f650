"""Defaults that stand for a variable's value in another route of the same name, and are none."""

import re
from collections.abc import Iterator
from uuid import UUID

from webzeug.checks.context import Context, Finding
from webzeug.diagnostics import Diagnostic, Kind, Label, Severity
from webzeug.manifest.model import Route
from webzeug.routing.compiling import names_of
from webzeug.routing.converters import BaseConverter, made

IMPOSSIBLE_DEFAULT = Kind("WZ114", "impossible-default", Severity.WARNING)


def check(context: Context) -> Iterator[Finding]:
    """Report defaults that the converter of the same name's variable never makes."""
    for sharing in names_of(context.manifest.routes).values():
        if len(sharing) > 1:
            for route in sharing:
                for other in sharing:
                    yield from _of_pair(context, route, other)


def _of_pair(context: Context, route: Route, other: Route) -> Iterator[Finding]:
    for variable in other.pattern.variables:
        place = route.place.above("defaults", variable.name) if route.place else None
        if place is None or variable.span is None or variable.name not in route.defaults:
            continue
        is_own = variable.converter in context.manifest.converters
        converter = None if is_own else made(variable.converter, variable.arguments)
        value = route.defaults[variable.name]
        if converter is not None and not _makes(converter, value):
            message = f"{variable}, in the route of the same name, never makes this default"
            labels = (Label(variable.span, "the variable"),)
            help_text = "write a value that it takes, or give the routes two names"
            diagnostic = Diagnostic(IMPOSSIBLE_DEFAULT, message, place.value, labels, help_text)
            yield Finding(diagnostic, route)


def _makes(converter: BaseConverter, value: object) -> bool:
    """Whether the converter makes this value of the text that it builds for it."""
    text = str(value)
    if not re.fullmatch(converter.regex, text):
        return False
    try:
        made = converter.to_python(text)
    except ValueError:  # Werkzeug's ValidationError is one
        return False
    # TOML has no UUIDs: their text stands for them.
    return bool(made == value) or (isinstance(made, UUID) and isinstance(value, str))
