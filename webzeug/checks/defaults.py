"""Defaults that stand for a variable's value in another route of the same name, and are none."""

import re
from collections.abc import Iterator
from uuid import UUID

from werkzeug.routing import BaseConverter, Map, ValidationError
from werkzeug.routing.rules import parse_converter_args

from webzeug.checks.context import Context, Finding
from webzeug.diagnostics import Diagnostic, Kind, Label, Severity
from webzeug.manifest.model import Route
from webzeug.manifest.patterns import Variable
from webzeug.routing.compiling import names_of
from webzeug.routing.converters import known_converters, refusal

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
        converter = _converter(context, variable)
        value = route.defaults[variable.name]
        if converter is not None and not _makes(converter, value):
            message = f"{variable}, in the route of the same name, never makes this default"
            labels = (Label(variable.span, "the variable"),)
            help_text = "write a value that it takes, or give the routes two names"
            diagnostic = Diagnostic(IMPOSSIBLE_DEFAULT, message, place.value, labels, help_text)
            yield Finding(diagnostic, route)


def _converter(context: Context, variable: Variable) -> BaseConverter | None:
    """A built-in converter, if it can be made as it is written."""
    known, own = known_converters({}), context.manifest.converters
    if variable.converter in own or variable.converter not in known:
        return None
    if refusal(known[variable.converter], variable.arguments) is not None:
        return None
    args, kwargs = parse_converter_args(variable.arguments)
    return known[variable.converter](Map(), *args, **kwargs)


def _makes(converter: BaseConverter, value: object) -> bool:
    """Whether the converter makes this value of the text that it builds for it."""
    text = str(value)
    if not re.fullmatch(converter.regex, text):
        return False
    try:
        made = converter.to_python(text)
    except (ValidationError, ValueError):
        return False
    # TOML has no UUIDs: their text stands for them.
    return bool(made == value) or (isinstance(made, UUID) and isinstance(value, str))
