"""Groups that are written in two places of a file."""

from collections.abc import Iterator

from webzeug.checks.context import Context, Finding
from webzeug.diagnostics import Diagnostic, Kind, Label, Severity
from webzeug.manifest.document import Place
from webzeug.manifest.model import Route

SPLIT_GROUP = Kind("WZ216", "split-group", Severity.WARNING)


def check(context: Context) -> Iterator[Finding]:
    """Report the second table of a group, once."""
    first: dict[tuple[int, str], Place] = {}
    reported: set[Place] = set()
    for route in context.manifest.routes:
        for group, prefix in _groups(route):
            begun = first.setdefault((id(group.document), prefix), group)
            if begun != group and group not in reported:
                reported.add(group)
                yield Finding(_diagnostic(prefix, begun, group), route)


def _groups(route: Route) -> Iterator[tuple[Place, str]]:
    """The tables around a route in its file, each with the prefix that it stands for."""
    if route.place is None:
        return
    document, path = route.place.document, route.place.path
    for length in range(1, len(path)):
        # A table whose key is followed by another pattern; what follows else are verbs.
        if _is_pattern(path[length - 1]) and _is_pattern(path[length]):
            prefix = "".join(str(key).rstrip("/") for key in filter(_is_pattern, path[:length]))
            yield Place(document, path[:length]), prefix or "/"


def _is_pattern(key: str | int) -> bool:
    return str(key).startswith("/")


def _diagnostic(prefix: str, begun: Place, group: Place) -> Diagnostic:
    return Diagnostic(
        SPLIT_GROUP,
        f"the routes below `{prefix}` stand in two tables, each with options of its own",
        group.key,
        others=(Label(begun.key, "the first one"),),
        help="move them into one; the options of a group are for its own table alone",
    )
