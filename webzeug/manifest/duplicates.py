"""Two routes that claim the same verb of the same host and pattern."""

from collections.abc import Iterable

from webzeug.diagnostics import Kind, Label
from webzeug.manifest.decoding import Findings
from webzeug.manifest.model import MountTarget, Route

DUPLICATE_ROUTE = Kind("WZ201", "duplicate-route")

_ALL = "every verb"


def claimed_verbs(route: Route) -> tuple[str, ...]:
    """The verbs that a route takes; the empty tuple stands for all of them."""
    return route.methods or ()


def find_duplicates(routes: Iterable[Route], findings: Findings) -> list[Route]:
    """Report every route that repeats an earlier one; return those that are sound."""
    claims: dict[tuple[str | None, str, bool], dict[str, Route]] = {}
    sound = []
    for route in routes:
        host = route.host.shape if route.host else None
        is_mount = isinstance(route.target, MountTarget)
        taken = claims.setdefault((host, route.pattern.shape, is_mount), {})
        first = None if route.build_only else _earlier(route, taken)
        if first is not None:
            _report(route, first, findings)
            findings.lose(route.name)
            continue
        sound.append(route)
        if not route.build_only:
            taken.update(dict.fromkeys(claimed_verbs(route) or (_ALL,), route))
    return sound


def _earlier(route: Route, taken: dict[str, Route]) -> Route | None:
    if not claimed_verbs(route):
        return next(iter(taken.values()), None)
    claimed = (_ALL, *claimed_verbs(route))
    return next((taken[verb] for verb in claimed if verb in taken), None)


def _report(route: Route, first: Route, findings: Findings) -> None:
    if route.place is None or first.place is None:
        return
    shared = [verb for verb in claimed_verbs(route) if verb in claimed_verbs(first)]
    verbs = f" for {', '.join(shared)}" if shared else ""
    findings.add(
        DUPLICATE_ROUTE,
        f"`{route.path}` is already a route{verbs}",
        route.place.key,
        help="remove one of the two, or give each its own verbs with `methods`",
        others=(Label(first.place.key, "the first one"),),
    )
