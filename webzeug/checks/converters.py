"""Converters that do not exist, and arguments that they do not take."""

from collections.abc import Iterator

from webzeug.checks.context import Context, Finding
from webzeug.diagnostics import Diagnostic, Kind
from webzeug.manifest.decoding import allowed_help
from webzeug.manifest.model import Route
from webzeug.manifest.patterns import Pattern, Variable
from webzeug.routing.converters import ANY_HOST, known_converters, refusal
from webzeug.source import Span

UNKNOWN_CONVERTER = Kind("WZ108", "unknown-converter")
BAD_ARGUMENTS = Kind("WZ109", "bad-converter-arguments")


def check(context: Context) -> Iterator[Finding]:
    """Report each variable whose converter is unknown, or cannot be made as it is written."""
    built_in = known_converters({})
    added = context.manifest.converters
    names = [name for name in (*built_in, *added) if name != ANY_HOST]
    judged: dict[tuple[str, str], str | None] = {}
    for route in context.manifest.routes:
        for variable, span in _variables(route):
            name = variable.converter
            if name not in built_in and name not in added:
                message = f"there is no converter `{name}`"
                help_text = allowed_help(name, names)
                yield Finding(Diagnostic(UNKNOWN_CONVERTER, message, span, help=help_text), route)
            elif name not in added:
                key = (name, variable.arguments)
                if key not in judged:
                    judged[key] = refusal(built_in[name], variable.arguments)
                if judged[key] is not None:
                    message = f"the converter `{name}` does not take ({variable.arguments})"
                    help_text = judged[key] or ""
                    yield Finding(Diagnostic(BAD_ARGUMENTS, message, span, help=help_text), route)


def _variables(route: Route) -> Iterator[tuple[Variable, Span]]:
    """The variables that the route's own key writes, each with its place in the file."""
    if route.place is None:
        return
    key = str(route.place.path[-1])
    hosts: tuple[Pattern, ...] = (route.host,) if route.host else ()
    for pattern in (*hosts, route.pattern):
        for variable in pattern.variables:
            yield variable, _span(route, key, str(variable))


def _span(route: Route, key: str, text: str) -> Span:
    """Where a variable stands: in the route's own key, or in that of a group around it."""
    place = route.place
    assert place is not None
    path = place.path
    while path:
        written = str(path[-1])
        start = written.find(text)
        if start >= 0:
            return place.document.place(*path).in_key(start, start + len(text))
        path = path[:-1]
    return place.key
