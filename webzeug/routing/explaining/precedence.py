"""Why one of two routes that both fit goes before the other."""

import re
from dataclasses import dataclass
from typing import Literal

from werkzeug.routing import Map

from webzeug.manifest.model import Route
from webzeug.manifest.patterns import Pattern
from webzeug.routing.explaining.inquiry import ANY_SLASH, Inquiry, nameless
from webzeug.routing.explaining.nearness import segments, spanning
from webzeug.routing.explaining.probing import EXACT, Chosen, Refusal
from webzeug.routing.hosts import names_port

_VARIABLE = re.compile(r"<(\w+)\([^<]*>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Precedence:
    """By what a route goes before another, and a sentence that says so."""

    by: Literal["weight", "order"]
    sentence: str


def precedence(inquiry: Inquiry, winner: int, loser: int) -> Precedence:
    """Why ``winner`` goes before ``loser``, where both fit.

    If it does so in either order, it is by its weight; else the order in the file decides.
    """
    rules, routes = inquiry.rules, inquiry.table.routes
    leniency = ANY_SLASH if inquiry.reply(winner) is Refusal.SLASHES else EXACT
    reply = inquiry.prober.ask([rules[loser], rules[winner]], leniency)
    if isinstance(reply, Chosen) and reply.index == 1:
        return Precedence("weight", _by_weight(routes[winner], routes[loser], inquiry.table.map))
    return Precedence("order", _by_order(inquiry, winner, loser))


def _by_order(inquiry: Inquiry, winner: int, loser: int) -> str:
    routes = inquiry.table.routes
    same = f"`{routes[winner].path}` weighs the same"
    if winner < loser:
        return f"{same}, and stands earlier in the file"
    opener = inquiry.opener(winner, loser)
    if opener is None:
        return f"{same}, and is tried first"
    return f"{same}, and begins like `{routes[opener].path}`, which stands earlier in the file"


def _by_weight(better: Route, worse: Route, map: Map) -> str:
    return f"`{better.path}` goes first: {_merit(better, worse, map)}"


def _merit(better: Route, worse: Route, map: Map) -> str:
    """What makes the better one heavier, where that can be said in a few words."""
    if names_port(better.host) and not names_port(worse.host):
        return "its host names the port"
    if better.host and not worse.host:
        return "it names its host"
    if better.host and worse.host and not better.host.variables and worse.host.variables:
        return "its host is fixed text"
    if (better.host and better.host.shape) == (worse.host and worse.host.shape):
        pair = _first_difference(better.pattern, worse.pattern, map)
        if pair is not None:
            return _merit_of_segment(*pair, map)
    return "Werkzeug weighs it as the more specific"


@dataclass(frozen=True, slots=True)
class _Segment:
    """A segment as written, and without its variables' names."""

    text: str
    shape: str


def _cut(pattern: Pattern) -> list[_Segment]:
    cuts = zip(segments(pattern), segments(pattern, nameless), strict=True)
    return [_Segment(text, shape) for text, shape in cuts]


def _first_difference(
    better: Pattern, worse: Pattern, map: Map
) -> tuple[_Segment, _Segment] | None:
    """The first segments that differ; None if there are none, or if weights cross segments.

    A variable that may hold slashes is weighed together with all that follows it.
    """
    wide = spanning(map.converters)
    ours, theirs = _cut(better), _cut(worse)
    for index, (first, second) in enumerate(zip(ours, theirs, strict=False)):
        is_last = index == len(ours) - 1 and index == len(theirs) - 1
        is_wide = bool(wide.search(first.text) or wide.search(second.text))
        if first.shape != second.shape:
            is_clear = "<" not in first.shape or not is_wide or is_last
            return (first, second) if is_clear else None
        if is_wide:
            return None
    return None


def _merit_of_segment(better: _Segment, worse: _Segment, map: Map) -> str:
    if "<" not in better.shape:
        return f"the text `{better.text}` is tried before the variable in `{worse.text}`"
    ours, theirs = _weight(better, map), _weight(worse, map)
    if ours is not None and theirs is not None and ours < theirs:
        return f"`{better.text}` weighs less ({ours}) than `{worse.text}` ({theirs})"
    return f"Werkzeug weighs `{better.text}` as more specific than `{worse.text}`"


def _weight(segment: _Segment, map: Map) -> int | None:
    """The weight of a segment that is a variable and nothing else."""
    match = _VARIABLE.fullmatch(segment.shape)
    return map.converters[match[1]].weight if match else None
