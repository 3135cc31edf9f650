"""Places in a manifest that several checks point at."""

from webzeug.manifest.model import Route
from webzeug.source import Span


def variable_span(route: Route, name: str) -> Span | None:
    """Where a variable of a route's host or pattern is written."""
    patterns = (route.host, route.pattern) if route.host else (route.pattern,)
    variables = [variable for pattern in patterns for variable in pattern.variables]
    return next((variable.span for variable in variables if variable.name == name), None)
