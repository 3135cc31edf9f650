"""Near misses: the routes that might have answered, and why they do not."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import get_args

from webzeug.manifest.model import MountTarget, Route
from webzeug.routing.explaining.dependence import is_sure_to_go_first, stand_ins, variables_of
from webzeug.routing.explaining.faults import (
    Fault,
    Reason,
    faults_of_mount,
    faults_of_rule,
    faults_of_verb,
    takes_request,
)
from webzeug.routing.explaining.inquiry import Inquiry
from webzeug.routing.explaining.nearness import Neighbour
from webzeug.routing.explaining.precedence import precedence
from webzeug.routing.explaining.probing import Chosen

_REASONS: tuple[Reason, ...] = get_args(Reason)


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A route that might have answered, and all that keeps it from that.

    ``winner`` is the route that goes before it, if there is one.
    """

    route: Route
    faults: tuple[Fault, ...]
    winner: Route | None = None

    @property
    def reason(self) -> Reason:
        """The first fault's."""
        return self.faults[0].reason

    @property
    def sentence(self) -> str:
        """All faults in words."""
        return "; ".join(fault.sentence for fault in self.faults)


@dataclass(frozen=True, slots=True)
class Search:
    """Looks for near misses, once it is known what the table does.

    ``winner`` is the route that answers, or that was chosen and failed; ``rival`` is the one of
    the Map that the others lose to, by its index: the same, unless a mount answers. ``unsure``
    are routes whose part in it only the code of a converter knows.
    """

    inquiry: Inquiry
    winner: Route | None
    rival: int | None
    unsure: Collection[int]

    def near_misses(self, limit: int | None) -> tuple[tuple[NearMiss, ...], int]:
        """The nearest routes, and how many more there may be."""
        indices = [near.index for near in self.inquiry.fitting]
        fitting = [index for index in indices if self._route(index) is not self.winner]
        asked = fitting[: self.inquiry.most]
        found = [miss for index in asked if (miss := self._near_miss(index)) is not None]
        found.sort(key=lambda miss: (len(miss.faults), _REASONS.index(miss.reason)))
        found += self._similar()
        shown = tuple(found[:limit])
        return shown, len(found) - len(shown) + len(fitting) - len(asked)

    def _similar(self) -> list[NearMiss]:
        """The routes whose text differs: those with the least difference, then with the verb."""
        ranked = [(near.distance, self._different(near)) for near in self.inquiry.similar]
        ranked.sort(key=lambda pair: (pair[0], len(pair[1].faults)))
        return [miss for _, miss in ranked]

    def _different(self, near: Neighbour) -> NearMiss:
        rule = self.inquiry.rules.get(near.index)
        wrong_verb = faults_of_verb(self.inquiry, rule) if rule is not None else ()
        return NearMiss(self._route(near.index), (Fault("path", near.difference), *wrong_verb))

    def _route(self, index: int) -> Route:
        return self.inquiry.table.routes[index]

    def _near_miss(self, index: int) -> NearMiss | None:
        """What keeps one route from answering; None if at a closer look it is not near."""
        route = self._route(index)
        if index in self.unsure:
            return NearMiss(route, (_unknown(self.inquiry, route),))
        if isinstance(route.target, MountTarget):
            return self._near_mount(route)
        if index not in self.inquiry.rules:
            return None
        return self._near_route(route, index)

    def _near_route(self, route: Route, index: int) -> NearMiss | None:
        reply = self.inquiry.reply(index)
        faults = [Fault("build_only", "it only builds URLs")] if route.build_only else []
        if not isinstance(reply, Chosen) or reply.refused:
            more = list(faults_of_rule(self.inquiry, route, self.inquiry.rules[index]))
            if not more:
                return None
            faults += more
        elif not faults:
            return self._beaten(route, index)
        return NearMiss(route, tuple(faults))

    def _beaten(self, route: Route, index: int) -> NearMiss | None:
        if self.rival is None:
            return None
        rival = self._route(self.rival)
        if not is_sure_to_go_first(self.inquiry, self.rival, index):
            sentence = f"whether `{rival.path}` goes first, only its converter's code knows"
            return NearMiss(route, (Fault("unknown", sentence),), rival)
        found = precedence(self.inquiry, self.rival, index)
        return NearMiss(route, (Fault(found.by, found.sentence),), rival)

    def _near_mount(self, route: Route) -> NearMiss | None:
        winner = self.winner
        if not takes_request(self.inquiry, route):
            faults = tuple(faults_of_mount(self.inquiry, route))
            return NearMiss(route, faults) if faults else None
        match winner:
            case Route(target=MountTarget()):
                sentence = f"the mount `{winner.path}` goes first"
            case _:
                sentence = "a mount takes what no route takes"
        return NearMiss(route, (Fault("mount", sentence),), winner)


def _unknown(inquiry: Inquiry, route: Route) -> Fault:
    names = stand_ins(inquiry.table)
    variables = [f"`{each}`" for each in variables_of(route) if each.converter in names]
    listing = " and ".join(variables)
    return Fault("unknown", f"what {listing} takes, only the converter's code knows")
