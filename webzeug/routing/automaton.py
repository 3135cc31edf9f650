"""The search made deterministic: each part of a path is looked at once, and no way is gone back.

A walk through the tree is at one place, and goes back where a way ends. Here all places that it
could come to are kept together, in its order: that is a state (as an automaton's, by the subset
construction). The first place whose rule takes the verb, and whose variables fit, is the walk's.

Three things keep it small. Paths of unlike length have states of their own, so that only places
count from which a rule's end is so many parts away; where all of these have a variable, the part
is skipped. A state is made when a path first comes to it. And where a place has a way that is not
just one variable, all that the walk would try later is left to the walk.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from webzeug.routing.leaves import ASK, NEW, WALK, Answering, Leaf, Tests, Undecided, fits
from webzeug.routing.nodes import Node, Root

H = TypeVar("H")

State = tuple[int, Any, Any]
"""Which part of a path to look up next, where, and what follows if it is not there.

Where that part is 0, the path is at its end, and it is the verb that leads to what answers.
"""

Places = Sequence[Node[H]]

UNKNOWN: State = (0, {}, lambda _: NEW)
"""No path has come here yet."""

_USUAL_VERBS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Those that exact paths are kept for; a client may send any."""

_MANY_LEAVES = 16
"""Of more leaves for a verb at the end of a path, the others are left to the walk."""

_NO_VERBS: frozenset[str] = frozenset()

_ASK: State = (0, {}, lambda _: ASK)


class Automaton(Generic[H]):
    """The states of some trees, which are searched one after the other.

    ``starts`` are those of paths by the number of their parts. ``exact`` are paths without
    variables, by verb: as fixed parts come first, nothing can beat them.

    No more states are made than about ``most``, and none for paths of more than ``longest``
    parts. Those are left to the walk, so that clients cannot fill the memory.
    """

    def __init__(self, roots: Sequence[Root[H]], *, longest: int, most: int) -> None:
        self.starts: dict[int, State] = {1: _ASK}
        self.exact: dict[str, Mapping[str, Leaf[H]]] = {}
        self._fixed = roots[0].fixed
        self._places: Places[H] = [root.node for root in roots]
        self._longest = longest
        self._left = most

    def exact_for(self, verb: str) -> Mapping[str, Leaf[H]]:
        """The exact paths for a verb, kept for the requests after if it is a usual one."""
        if verb in self.exact:
            return self.exact[verb]
        if verb not in _USUAL_VERBS:
            return {}
        self.exact[verb] = {
            path: leaf
            for path, ends in self._fixed.items()
            if (leaf := ends.verbs.get(verb, ends.rest)) is not None and leaf.is_constant
        }
        return self.exact[verb]

    def learn(self, parts: Sequence[str]) -> bool:
        """Make the next of the states that a path comes to; False if it shall have no more."""
        length = len(parts)
        if self._left <= 0 or length > self._longest:
            return False
        state = self.starts.get(length, UNKNOWN)
        places, is_whole, depth = self._places, True, 1
        if state is UNKNOWN:
            self.starts[length] = self._state(length, depth, places, is_whole)
            return True
        while state[0]:
            at, following, other = state
            for skipped in range(depth, at):
                places, is_whole = _behind(places, None, length - skipped, is_whole)
            part = parts[at] if parts[at] in following else None
            places, is_whole = _behind(places, part, length - at, is_whole)
            depth = at + 1
            state = other if part is None else following[part]
            if state is UNKNOWN:
                following[parts[at]] = self._state(length, depth, places, is_whole)
                break
        return True

    def _state(self, length: int, depth: int, places: Places[H], is_whole: bool) -> State:
        """The state of places so many parts deep; ``is_whole`` if the walk knows of no others."""
        self._left -= 1
        for at in range(depth, length):
            if not places:
                break
            known = _parts(places, length - at)
            behind = _behind(places, None, length - at, is_whole)
            if known:
                other = self._state(length, at + 1, *behind)
                return (at, dict.fromkeys(known, UNKNOWN), other)
            places, is_whole = behind
        return _end(places, is_whole)


def _parts(places: Places[Any], left: int) -> list[str]:
    """The fixed parts that lead from some places to others, if so many parts are left."""
    parts = [part for place in places for part in place if place[part].depths >> (left - 1) & 1]
    if left == 1 and any(place.lenient for place in places):
        parts.append("")
    return parts


def _behind(
    places: Places[H], part: str | None, left: int, is_whole: bool
) -> tuple[Places[H], bool]:
    """The places behind a fixed part, or behind any other, in the order of the walk.

    They end before the first that only the walk can tell. ``left`` counts the parts from there.
    """
    behind: list[Node[H]] = []
    for place in places:
        if part is not None and part in place:
            behind.append(place[part])
        for way in place.varying:
            if not way.is_final and way.part.is_one_variable:
                behind.append(way.node)
            elif way.is_final or way.node.depths >> (left - 1) & 1:
                return _not_too_far(behind, left), False
        if left == 1 and part == "" and place.lenient is not None:
            behind.append(_lenient(place))
    return _not_too_far(behind, left), is_whole


def _not_too_far(behind: Places[H], left: int) -> Places[H]:
    return [place for place in behind if place.depths >> (left - 1) & 1]


def _lenient(place: Node[H]) -> Node[H]:
    """The place behind a slash more, which is in no tree."""
    node: Node[H] = Node()
    node.ends, node.tests = place.lenient or node.ends, place.tests
    node.measure()
    return node


def _end(places: Places[Any], is_whole: bool) -> State:
    """The state in which a path ends at some places."""
    verbs = {verb for place in places for verb in (*place.ends.verbs, *_verbs_with_slash(place))}
    by_verb = {verb: _answering(places, verb, is_whole) for verb in verbs}
    return (0, by_verb, _answering(places, "", is_whole))


def _verbs_with_slash(place: Node[Any]) -> Iterable[str]:
    return place[""].ends.verbs if "" in place else ()


def _answering(places: Places[Any], verb: str, is_whole: bool) -> Answering:
    """What answers a verb at the end of a path: the first leaf that fits, or else a refusal."""
    leaves, refusals = [], []
    for place in places:
        missed: set[str] = set()
        leaf = place.ending(verb, missed)
        if leaf is not None:
            leaves.append(leaf)
        if missed:
            refusals.append((place.tests, frozenset(missed)))
    if not is_whole or len(leaves) > _MANY_LEAVES:
        answering: Answering = _walking
    else:
        answering = _refusing(refusals)
    for leaf in reversed(leaves[:_MANY_LEAVES]):
        answering = leaf.answering(answering)
    return answering


def _walking(_: Sequence[str]) -> Undecided:
    return WALK


def _refusing(refusals: Sequence[tuple[Tests, frozenset[str]]]) -> Answering:
    """What tells the verbs that are taken, at those places at whose variables a path fits."""
    if not any(tests for tests, _ in refusals):
        verbs = _NO_VERBS.union(*(verbs for _, verbs in refusals))
        return lambda _: verbs
    if len(refusals) == 1:
        [(tests, verbs)] = refusals
        return lambda parts: verbs if fits(parts, tests) else _NO_VERBS

    def answer(parts: Sequence[str]) -> frozenset[str]:
        return _NO_VERBS.union(*(verbs for tests, verbs in refusals if fits(parts, tests)))

    return answer
