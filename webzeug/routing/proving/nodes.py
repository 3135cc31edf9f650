"""The tree of parts that Werkzeug's matcher walks (``werkzeug.routing.matcher``), kept whole.

Fixed parts come before varying ones, these by weight, and those of one weight in file order. A
tree that serves forgets what is hidden; this one is there to find it.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from webzeug.routing.parts import Fixed, Part, Varying
from webzeug.routing.proving.claims import Claim, Taker
from webzeug.routing.proving.vocabulary import Ending

_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Rival:
    """A claim that comes after another, and might take the same URLs.

    ``part`` is the other's part that is tried before one of its own; None if all are the same.
    ``by_order`` tells that it comes later for its place in the file alone.
    """

    claim: Claim
    part: Part | None
    by_order: bool


class Way:
    """A varying part, and where it leads."""

    __slots__ = ("_expression", "node", "part")

    def __init__(self, part: Varying) -> None:
        self.part = part
        self.node = Node()
        self._expression: re.Pattern[str] | None = None

    def match(self, text: str) -> re.Match[str] | None:
        if self._expression is None:
            self._expression = _compiled(self.part)
        return self._expression.match(text)

    def meeting(self, parts: Sequence[Part]) -> Iterator[Claim]:
        """The claims from here on that might take a URL of these parts."""
        part = parts[0]
        if self.part.is_final or (isinstance(part, Varying) and part.is_final):
            return self.node.all_claims()
        if isinstance(part, Fixed) and not self.match(part.text):
            return iter(())
        return self.node.meeting(parts[1:])


@dataclass(slots=True)
class Node:
    """Where parts lead: on by fixed ones, on by varying ones, and to the claims that end here."""

    fixed: "dict[str, Node]" = field(default_factory=dict)
    ways: list[Way] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    _by_part: dict[Varying, Way] = field(default_factory=dict)
    _by_prefix: "dict[str, list[int]]" = field(default_factory=dict)
    _prefixes: list[str] = field(default_factory=list)

    def into(self, part: Part) -> "Node":
        """The node behind a part; it is made if it is not there."""
        if isinstance(part, Fixed):
            return self.fixed.setdefault(part.text, Node())
        way = self._by_part.get(part)
        if way is None:
            way = self._by_part[part] = Way(part)
            self.ways.append(way)
        return way.node

    def finish(self) -> None:
        """Put the varying parts in order, here and below."""
        self.ways.sort(key=lambda way: way.part.weight)
        for number, way in enumerate(self.ways):
            self._by_prefix.setdefault(way.part.prefix, []).append(number)
            way.node.finish()
        self._prefixes = sorted(self._by_prefix)
        for node in self.fixed.values():
            node.finish()

    def takers(self, segments: Sequence[str], values: tuple[str, ...] = ()) -> Iterator[Taker]:
        """All that take the rest of a path, in the order in which they are tried."""
        if not segments:
            yield from _takers(self.claims, Ending.EXACT, values)
            if "" in self.fixed:
                yield from _takers(self.fixed[""].claims, Ending.SHORT, values)
            return
        part, rest = segments[0], segments[1:]
        if part in self.fixed:
            yield from self.fixed[part].takers(rest, values)
        for way in self.ways:
            text = "/".join(segments) if way.part.is_final else part
            if match := way.match(text):
                has_slash = way.part.has_slash and match.groups()[-1] == "/"
                left = [] if way.part.is_final else rest
                more = tuple(match[group] for group in way.part.groups)
                yield from way.node.takers([""] if has_slash else left, values + more)
        if part == "" and not rest:
            lenient = [claim for claim in self.claims if not claim.is_strict]
            yield from _takers(lenient, Ending.LONG, values)

    def ranks(self) -> Iterator[tuple[Claim, Ending]]:
        """All that the claims here and below take, in the order in which it is tried."""
        yield from ((claim, Ending.EXACT) for claim in self.claims)
        if "" in self.fixed:
            yield from ((claim, Ending.SHORT) for claim in self.fixed[""].claims)
        for node in (*self.fixed.values(), *[way.node for way in self.ways]):
            yield from node.ranks()
        yield from ((claim, Ending.LONG) for claim in self.claims)

    def behind(self, claim: Claim, parts: Sequence[Part]) -> Iterator[Rival]:
        """The rivals of a claim, whose parts from here on are given, that come after it."""
        if not parts:
            later = self.claims[self.claims.index(claim) + 1 :]
            yield from (Rival(other, None, by_order=True) for other in later)
            return
        part = parts[0]
        yield from self.into(part).behind(claim, parts[1:])
        for way in self._ways_behind(part):
            by_order = isinstance(part, Varying) and way.part.weight == part.weight
            yield from (Rival(other, part, by_order) for other in way.meeting(parts))

    def _ways_behind(self, part: Part) -> Iterator[Way]:
        """The varying parts that are tried after a part, and that may begin like it."""
        if isinstance(part, Fixed):
            yield from self.ways
            return
        own = self._by_part[part]
        prefix = part.prefix
        numbers: list[int] = []
        for length in range(len(prefix)):
            numbers += self._by_prefix.get(prefix[:length], ())
        for longer in self._prefixes[bisect_left(self._prefixes, prefix) :]:
            if not longer.startswith(prefix):
                break
            numbers += self._by_prefix[longer]
        is_behind = False
        for number in sorted(numbers):
            if is_behind:
                yield self.ways[number]
            is_behind = is_behind or self.ways[number] is own

    def meeting(self, parts: Sequence[Part]) -> Iterator[Claim]:
        """The claims from here on that might take a URL of these parts."""
        if not parts:
            yield from self.claims
            return
        part, rest = parts[0], parts[1:]
        if isinstance(part, Varying) and part.is_final:
            yield from self.all_claims()
            return
        if isinstance(part, Fixed):
            if part.text in self.fixed:
                yield from self.fixed[part.text].meeting(rest)
        else:
            expression = _compiled(part)
            for text, node in self.fixed.items():
                if expression.match(text):
                    yield from node.meeting(rest)
        for way in self.ways:
            yield from way.meeting(parts)

    def slash_twins(self) -> Iterator[tuple[list[Claim], list[Claim]]]:
        """Claims that end here, and those that end behind one slash more; here and below."""
        if self.claims and "" in self.fixed and self.fixed[""].claims:
            yield self.claims, self.fixed[""].claims
        for node in (*self.fixed.values(), *[way.node for way in self.ways]):
            yield from node.slash_twins()

    def all_claims(self) -> Iterator[Claim]:
        """The claims that end here or below."""
        yield from self.claims
        for node in (*self.fixed.values(), *[way.node for way in self.ways]):
            yield from node.all_claims()


def _compiled(part: Varying) -> re.Pattern[str]:
    try:
        return re.compile(rf"{part.expression}\Z")
    except re.error:  # such as two groups of one name, in regexes that are sound on their own
        return _NEVER


def _takers(claims: list[Claim], ending: Ending, values: tuple[str, ...]) -> Iterator[Taker]:
    return (Taker(claim, ending, values) for claim in claims)
