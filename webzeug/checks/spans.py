"""Places in a manifest that several checks point at."""

from webzeug.manifest.model import Route
from webzeug.source import Span


def variable_span(route: Route, name: str) -> Span | None:
    """Where a variable of a route's host or pattern is written."""
    patterns = (route.host, route.pattern) if route.host else (route.pattern,)
    variables = [variable for pattern in patterns for variable in pattern.variables]
    return next((variable.span for variable in variables if variable.name == name), None)


def verb_span(route: Route, verb: str) -> Span:
    """Where a route lists a verb."""
    assert route.place is not None
    place, index = route.place.child("methods"), 0
    while place.child(index).exists:
        span = place.child(index).value
        if span.text[1:-1] == verb:
            return span
        index += 1
    return route.place.key
