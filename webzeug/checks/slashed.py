"""Patterns with several variables that take slashes, and with doubled slashes."""

import re
from collections.abc import Iterator

from webzeug.checks.context import Context, Finding
from webzeug.diagnostics import Diagnostic, Kind, Severity
from webzeug.manifest.model import Route
from webzeug.manifest.nonsense import NEVER_IN_PATH
from webzeug.manifest.patterns import Literal, Variable
from webzeug.routing.compiling import MAX_SLASHED_VARIABLES
from webzeug.routing.converters import holds_slashes, known_converters

MANY_SLASHED = Kind("WZ111", "many-slashed-variables")
TWO_SLASHED = Kind("WZ112", "two-slashed-variables", Severity.WARNING)

_DOUBLED = re.compile("//+")


def check_many(context: Context) -> Iterator[Finding]:
    """Report three of them: one URL of 2 kB that matches in the end nowhere takes 2 s of CPU."""
    for route in context.manifest.routes:
        slashed = _slashed(context, route)
        if len(slashed) > MAX_SLASHED_VARIABLES:
            yield from _finding(
                MANY_SLASHED,
                f"{_listed(slashed)} all take slashes: one URL of 2 kB may keep the server busy "
                "for seconds",
                route,
                slashed,
                "leave two of them at most, and take the rest apart in the View",
            )


def check_two(context: Context) -> Iterator[Finding]:
    """Report two of them: the time grows with the square of the URL's length."""
    for route in context.manifest.routes:
        slashed = _slashed(context, route)
        if len(slashed) == 2:
            yield from _finding(
                TWO_SLASHED,
                f"{_listed(slashed)} both take slashes: the time to match a URL grows with the "
                "square of its length (25 ms for 2 kB)",
                route,
                slashed,
                "leave one of them, or ignore this where the URLs ask for it",
            )


def check_doubled(context: Context) -> Iterator[Finding]:
    """Report doubled slashes in a pattern whose requests have theirs merged."""
    matching = context.manifest.matching
    for route in context.manifest.routes:
        own = route.merge_slashes
        if matching.merge_slashes if own is None else own:
            yield from _doubled(route)


def _slashed(context: Context, route: Route) -> list[Variable]:
    """The variables whose built-in converter takes slashes."""
    known, own = known_converters({}), context.manifest.converters
    return [
        variable
        for variable in route.pattern.variables
        if variable.converter in known
        and variable.converter not in own
        and holds_slashes(known[variable.converter], variable.arguments)
    ]


def _listed(variables: list[Variable]) -> str:
    *first, last = map(str, variables)
    return f"{', '.join(first)} and {last}"


def _finding(
    kind: Kind, message: str, route: Route, slashed: list[Variable], help_text: str
) -> Iterator[Finding]:
    span = slashed[-1].span
    if span is not None:
        yield Finding(Diagnostic(kind, message, span, help=help_text), route)


def _doubled(route: Route) -> Iterator[Finding]:
    for part in route.pattern.parts:
        found = _DOUBLED.search(part.text) if isinstance(part, Literal) else None
        if found and route.place is not None:
            diagnostic = Diagnostic(
                NEVER_IN_PATH,
                "doubled slashes in a request are merged before it is compared with patterns",
                route.place.key,
                help="write one slash, or merge_slashes = false for this route",
            )
            yield Finding(diagnostic, route)
            return
