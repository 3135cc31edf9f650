"""Which name each route ends up with: explicit names first, defaults where they are clear."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from webzeug.diagnostics import Kind, Label
from webzeug.manifest.decoding import Findings
from webzeug.manifest.document import Place
from webzeug.manifest.model import Route, Target, ViewTarget
from webzeug.source import Span

NAME_CLASH = Kind("WZ202", "name-clash")


@dataclass(frozen=True, slots=True)
class Names:
    """Routes with their final names, and the default names that name nothing, with why.

    ``unclear`` maps a default name to the routes that would all have had it.
    """

    routes: tuple[Route, ...]
    unclear: Mapping[str, tuple[Route, ...]] = field(default_factory=dict)


def settle_names(routes: Sequence[Route], findings: Findings) -> Names:
    """Report explicit names that lead to two Views; drop default names that would."""
    by_name: dict[str, list[Route]] = defaultdict(list)
    for route in routes:
        if route.name is not None:
            by_name[route.name].append(route)
    unclear: dict[str, tuple[Route, ...]] = {}
    nameless: set[int] = set()
    for name, sharing in by_name.items():
        if _lead_to_one(sharing):
            continue
        explicit = [route for route in sharing if route.explicit_name]
        _report_clashes(name, explicit, findings)
        if not explicit:
            unclear[name] = tuple(sharing)
        nameless |= _nameless(sharing, explicit)
    named = (replace(route, name=None) if id(route) in nameless else route for route in routes)
    return Names(tuple(named), unclear)


def _nameless(sharing: Sequence[Route], explicit: Sequence[Route]) -> set[int]:
    """The routes, by id, whose default name would lead to two Views."""
    claims = explicit or sharing
    targets, paths = {_identity(other.target) for other in claims}, {o.path for o in claims}
    return {
        id(route)
        for route in sharing
        if not route.explicit_name
        and not (targets <= {_identity(route.target)} or paths <= {route.path})
    }


def _lead_to_one(routes: Iterable[Route]) -> bool:
    """One View, or one pattern (the verbs of a table): then a name builds one kind of URL."""
    targets = {_identity(route.target) for route in routes}
    return len(targets) <= 1 or len({route.path for route in routes}) == 1


def _identity(target: Target) -> object:
    return target.view.path.replace(":", ".") if isinstance(target, ViewTarget) else target


def _report_clashes(name: str, explicit: list[Route], findings: Findings) -> None:
    for route in explicit[1:]:
        first = explicit[0]
        if _lead_to_one([first, route]) or route.place is None or first.place is None:
            continue
        findings.add(
            NAME_CLASH,
            f"`{first.path}` has the name `{name}` already, and leads elsewhere",
            _name_span(route.place),
            help="give one of them another name",
            others=(Label(_name_span(first.place), "it is given here first"),),
        )


def _name_span(place: Place) -> Span:
    """Where a route's name is written: in its own table, or for a verb in the one around it."""
    written = place.above("name")
    return written.value if written else place.key
