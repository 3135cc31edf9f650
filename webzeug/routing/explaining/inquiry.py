"""Inquiry: the routes of a table that matter to one Question, and which of them goes first."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from webzeug.manifest.model import Route
from webzeug.manifest.patterns import Variable
from webzeug.routing.explaining.nearness import Neighbour, Neighbourhood, segments
from webzeug.routing.explaining.probing import EXACT, Chosen, Leniency, Prober, Refusal, Reply
from webzeug.routing.explaining.questions import Question
from webzeug.routing.matches import RouteRule
from webzeug.routing.table import RouteTable

ANY_SLASH = Leniency(slash=True)

_HOPELESS = (Refusal.NOTHING_FITS, Refusal.WRONG_VERB)

Start = tuple[str, ...]


@dataclass(slots=True)
class Inquiry:
    """Looks into one table about one question; its routes are told by their index there.

    ``most`` is how many routes may be asked one by one; None for all.
    """

    table: RouteTable[Any]
    question: Question
    with_similar: bool
    most: int | None
    prober: Prober = field(init=False)
    fitting: list[Neighbour] = field(init=False)
    similar: list[Neighbour] = field(init=False)
    rules: dict[int, RouteRule[Any]] = field(init=False)
    """The rules of the routes that are no mounts, and that could be compiled."""
    _replies: dict[int, Reply] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.prober = Prober(self.table, self.question)
        neighbourhood = Neighbourhood(self.question.path, self.table.map.converters)
        survey = neighbourhood.survey(self.table.routes, with_similar=self.with_similar)
        self.fitting, self.similar = survey
        self.rules = _rules(self.table)

    def index(self, route: Route) -> int:
        """The index of a route of the table."""
        return next(index for index, other in enumerate(self.table.routes) if other is route)

    def reply(self, index: int) -> Reply:
        """What the Map would do if the route were the only one."""
        if index not in self._replies:
            self._replies[index] = self.prober.ask([self.rules[index]])
        return self._replies[index]

    def chosen(self) -> int | Refusal:
        """The route that Werkzeug goes for, whether or not its converters take the values.

        SLASHES if it would redirect first, NOTHING_FITS if there is none, or too many to ask.
        """
        able = [i for i in self._active() if self.reply(i) not in _HOPELESS]
        order, reply = self._contest(able, EXACT)
        return order[reply.index] if isinstance(reply, Chosen) else reply

    def slashing(self) -> int | None:
        """The route for whose sake Werkzeug redirects to the path with a slash at its end."""
        able = [i for i in self._active() if self.reply(i) is Refusal.SLASHES]
        order, reply = self._contest(able, ANY_SLASH)
        return order[reply.index] if isinstance(reply, Chosen) else None

    def _active(self) -> list[int]:
        """The routes that may match; none if they are too many to ask."""
        active = [
            near.index
            for near in self.fitting
            if near.index in self.rules and not self.table.routes[near.index].build_only
        ]
        return active if self.most is None or len(active) <= self.most else []

    def _contest(self, indices: list[int], leniency: Leniency) -> tuple[list[int], Reply]:
        """What the Map of all would do if only these can match; and those that were asked."""
        openers = self._openers(indices) if len(indices) > 1 else ()
        order = sorted({*indices, *openers})
        return order, self.prober.ask([self.rules[index] for index in order], leniency)

    def _openers(self, indices: Sequence[int]) -> Iterator[int]:
        """The earliest routes that begin like one of these, up to a variable.

        Of variables that weigh the same, Werkzeug tries the one first that came into the Map
        first, be it in a route that does not fit at all.
        """
        routes = self.table.routes
        wanted = {start for index in indices for start in _starts(routes[index], _blank)}
        heads = {_head(routes[index]) for index in indices}
        seen: set[Start] = set()
        for index in sorted(self.rules):
            route = routes[index]
            if _head(route) not in heads:
                continue
            for start, blank in zip(_starts(route, nameless), _starts(route, _blank), strict=True):
                if blank in wanted and start not in seen:
                    seen.add(start)
                    yield index

    def opener(self, winner: int, loser: int) -> int | None:
        """The route for whose sake a later one goes before an earlier one of the same weight."""
        for index in sorted(set(self._openers([winner]))):
            order = sorted({index, winner, loser})
            reply = self.prober.ask([self.rules[i] for i in order])
            if isinstance(reply, Chosen) and order[reply.index] == winner:
                return index
        return None


def _rules(table: RouteTable[Any]) -> dict[int, RouteRule[Any]]:
    rules = {id(rule.route): rule for rule in table.map.iter_rules() if isinstance(rule, RouteRule)}
    return {
        index: rules[id(route)] for index, route in enumerate(table.routes) if id(route) in rules
    }


def _head(route: Route) -> str:
    """The text before the first variable."""
    return route.pattern.text.partition("<")[0]


def _starts(route: Route, render: Callable[[Variable], str]) -> list[Start]:
    """The beginnings of a route, host and segments, that end with a variable."""
    host = "".join(segments(route.host, render)) if route.host else ""
    cut = segments(route.pattern, render)
    return [(host, *cut[: end + 1]) for end, segment in enumerate(cut) if "<" in segment]


def _blank(variable: Variable) -> str:
    return "<>"


def nameless(variable: Variable) -> str:
    """A variable as far as matching sees it."""
    return f"<{variable.converter}({variable.arguments})>"
