"""What an explanation depends on, where converters are stood in for because no code is run."""

from itertools import product
from typing import Any

from werkzeug.routing import BaseConverter, Map

from webzeug.manifest.model import MountTarget, Route
from webzeug.manifest.patterns import Variable
from webzeug.routing.explaining.inquiry import ANY_SLASH, Inquiry
from webzeug.routing.explaining.probing import EXACT, Chosen, Converters, Leniency, Refusal, Taken
from webzeug.routing.standins import StandIn
from webzeug.routing.table import RouteTable

_ANY_VERB = Leniency(verb=True)
_MOST_GUESSED = 3


class _AnySegment(BaseConverter):
    """Takes any one segment, be it empty, and goes before all others."""

    regex = "[^/]*"
    part_isolating = True
    weight = -1_000_000

    def __init__(self, map: Map, *args: Any, **kwargs: Any) -> None:
        super().__init__(map)

    def to_python(self, value: str) -> Taken:
        return Taken(value)


class _Anything(_AnySegment):
    """Takes slashes, too."""

    regex = "(?s:.*)"
    part_isolating = False


class _LastOfAll(_AnySegment):
    """Goes after all others."""

    weight = 1_000_000


def stand_ins(table: RouteTable[Any]) -> frozenset[str]:
    """The names of the converters whose code was not run."""
    converters = table.map.converters.items()
    return frozenset(name for name, converter in converters if issubclass(converter, StandIn))


def variables_of(route: Route) -> tuple[Variable, ...]:
    """The variables of a route's host and pattern, in order."""
    return (*(route.host.variables if route.host else ()), *route.pattern.variables)


def _uses(route: Route, names: frozenset[str]) -> frozenset[str]:
    """Those of the converters that a route uses."""
    return names.intersection(variable.converter for variable in variables_of(route))


def unsure_routes(inquiry: Inquiry, winner: int | None, *, is_found: bool) -> frozenset[int]:
    """The routes with a stand-in that the real converter could bring into play.

    They are those that change what the table does if the converter takes everything and goes
    first. ``winner`` is the route that answers or redirects; ``is_found`` tells whether a route
    fits the path at all.
    """
    names = stand_ins(inquiry.table)
    if not names:
        return frozenset()
    routes = inquiry.table.routes
    candidates = [
        near.index
        for near in inquiry.fitting
        if near.index != winner and _uses(routes[near.index], names)
    ]
    if inquiry.most is not None and len(candidates) > inquiry.most:
        return frozenset(candidates)
    return frozenset(
        index for index in candidates if _matters(inquiry, index, winner, names, is_found=is_found)
    )


def _matters(
    inquiry: Inquiry, index: int, winner: int | None, names: frozenset[str], *, is_found: bool
) -> bool:
    """Whether a route's converters, be they as they may, could change what the table does."""
    route = inquiry.table.routes[index]
    if isinstance(route.target, MountTarget):
        return not is_found
    if index not in inquiry.rules or route.build_only:
        return False
    used = _uses(route, names)
    if winner is not None:
        used |= _uses(inquiry.table.routes[winner], names)
    return len(used) > _MOST_GUESSED or any(
        _changes(inquiry, index, winner, {**inquiry.prober.exact, **dict(guess)})
        for guess in product(*([(name, _AnySegment), (name, _Anything)] for name in used))
    )


def _changes(inquiry: Inquiry, index: int, winner: int | None, converters: Converters) -> bool:
    """Whether a route goes before the winner, or fits at all where there is none."""
    if winner is None or winner not in inquiry.rules:
        reply = inquiry.prober.ask([inquiry.rules[index]], _ANY_VERB, converters=converters)
        return reply is not Refusal.NOTHING_FITS
    return not _goes_first(inquiry, winner, index, converters)


def is_sure_to_go_first(inquiry: Inquiry, winner: int, loser: int) -> bool:
    """Whether a route goes before another, whatever its own converters weigh."""
    names = stand_ins(inquiry.table)
    if not _uses(inquiry.table.routes[winner], names):
        return True
    converters: Converters = {**inquiry.prober.exact, **dict.fromkeys(names, _LastOfAll)}
    return _goes_first(inquiry, winner, loser, converters)


def _goes_first(inquiry: Inquiry, winner: int, loser: int, converters: Converters) -> bool:
    """Whether a route goes first although it stands after the other."""
    leniency = ANY_SLASH if inquiry.reply(winner) is Refusal.SLASHES else EXACT
    rules = [inquiry.rules[loser], inquiry.rules[winner]]
    reply = inquiry.prober.ask(rules, leniency, converters=converters)
    return isinstance(reply, Chosen) and reply.index == 1
