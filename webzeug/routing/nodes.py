"""The places of the fast path's tree, and the ways between them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from webzeug.routing.leaves import Ends, Leaf, Test, Tests, quick_test
from webzeug.routing.parts import Fixed, Part, Varying

H = TypeVar("H")

MANY_WAYS = 8
"""From so many varying parts at one place on, they are looked up by the text they begin with."""

# Most places have no ways and no ends: these stand for them, and are never changed.
_NO_WAYS: Final[list[Any]] = []
_NO_ENDS: Final[Ends[Any]] = Ends()


class Node(dict[str, "Node[H]"], Generic[H]):
    """A place in the tree: the fixed parts that lead on, the varying ones, the rules that end.

    ``lenient`` are the ends that a slash more does not hinder (``strict_slashes = false``). Bit k
    of ``depths`` tells whether a path can end k parts further on. ``tests`` are what the parts of
    a path must pass to come here, if that is one variable a part.
    """

    __slots__ = ("_by_part", "_by_prefix", "depths", "ends", "lenient", "tests", "varying")

    def __init__(self) -> None:
        self.varying: list[Way[H]] = _NO_WAYS
        self.ends: Ends[H] = _NO_ENDS
        self.lenient: Ends[H] | None = None
        self.depths = 0
        self.tests: Tests = ()
        self._by_part: dict[Varying, Way[H]] | None = None
        self._by_prefix: dict[int, dict[str, list[int]]] | None = None

    def child(self, text: str) -> "Node[H]":
        """The place behind a fixed part; it is made if it is not there."""
        node = self.get(text)
        if node is None:
            node = self[text] = Node()
        return node

    def into(self, part: Part) -> "Node[H] | Way[H]":
        """The place behind a fixed part, or the way by a varying one; made if it is not there."""
        if isinstance(part, Fixed):
            return self.child(part.text)
        if self._by_part is None:
            self._by_part, self.varying = {}, []
        way = self._by_part.get(part)
        if way is None:
            way = self._by_part[part] = Way(part, Node())
            self.varying.append(way)
        return way

    def add(self, leaf: Leaf[H], verbs: Iterable[str] | None) -> None:
        """Let a rule end here."""
        if self.ends is _NO_ENDS:
            self.ends = Ends()
        self.ends.add(leaf, verbs)
        # Of two slashes in front, the Map keeps one.
        if leaf.is_lenient and leaf.route.pattern.text != "/":
            self.lenient = self.lenient or Ends()
            self.lenient.add(leaf, verbs)

    def sort(self) -> "Iterable[Node[H]]":
        """Put the ways of this place in order, and index them; return the places behind."""
        if not self.varying:
            return self.values()
        self.varying.sort(key=lambda way: way.part.weight)
        if len(self.varying) >= MANY_WAYS:
            self._by_prefix = {}
            for number, way in enumerate(self.varying):
                prefix = way.part.prefix
                same_length = self._by_prefix.setdefault(len(prefix), {})
                same_length.setdefault(prefix, []).append(number)
        return (*self.values(), *(way.node for way in self.varying))

    def measure(self) -> None:
        """Set the depths; those of the places behind are set."""
        depths = 1 if self.ends or ("" in self and self[""].ends) else 0
        if self.lenient is not None:
            depths |= 1 << 1
        for node in self.values():
            depths |= node.depths << 1
        for way in self.varying:
            # A final one takes as many parts as there are: all bits are set in -1.
            depths |= (-1 if way.is_final else way.node.depths) << 1
        self.depths = depths

    def ways(self, part: str) -> "Sequence[Way[H]]":
        """The varying parts that a part of a path could be, in order."""
        if self._by_prefix is None:
            return self.varying
        numbers: list[int] = []
        for length, prefixes in self._by_prefix.items():
            numbers += prefixes.get(part[:length], ())
        return [self.varying[number] for number in sorted(numbers)]

    def ending(self, verb: str, missed: set[str]) -> Leaf[H] | None:
        """What a path that ends here leads to, or would with a slash more."""
        leaf = self.ends.find(verb, missed)
        if leaf is None and "" in self:
            with_slash = self[""].ends
            leaf = with_slash.verbs.get(verb, with_slash.rest)
            return leaf and leaf.without_slash()
        return leaf


class Way(Generic[H]):
    """A varying part and where it leads.

    ``groups`` are those of the test's match with the values; None if the whole text is the value.
    ``first`` is the leaf for whose sake it was made.
    """

    __slots__ = ("first", "groups", "is_final", "node", "part", "test")

    def __init__(self, part: Varying, node: Node[H]) -> None:
        self.part = part
        self.node = node
        self.first: Leaf[H] | None = None
        self.is_final = part.is_final
        self.groups = None if part.is_one_variable else part.groups
        quick = quick_test(part.converters[0]) if part.is_one_variable else None
        self.test: Test = quick or _LateMatch(part)

    def values(self, match: re.Match[str]) -> list[str]:
        """The values in a match."""
        return [match[group] for group in self.groups or ()]

    def take_rest(
        self, text: str, verb: str, values: list[str], missed: set[str]
    ) -> Leaf[H] | None:
        """Let a final part take the rest of a path, slashes and all."""
        match = self.test(text)
        if match is None:
            return None
        own = self.values(match)
        if self.part.has_slash and match[match.re.groups] == "/":
            leaf = self.node[""].ends.find(verb, missed)
        else:
            leaf = self.node.ending(verb, missed)
        if leaf is not None:
            values += own
        return leaf


class _LateMatch:
    """Matches the whole of a text. Compiling takes longer than all else that a tree is made of."""

    __slots__ = ("_match", "_part")

    def __init__(self, part: Varying) -> None:
        self._part = part
        self._match: Test | None = None

    def __call__(self, text: str) -> re.Match[str] | None:
        if self._match is None:
            self._match = re.compile(rf"{self._part.expression}\Z").match
        if len(text) > self._part.longest:
            return None
        found: re.Match[str] | None = self._match(text)
        return found


@dataclass(frozen=True, slots=True)
class Root(Generic[H]):
    """The tree of a host: the place after the empty part that a path begins with.

    ``values`` are those of the host's own variables, ``fixed`` are the ends of paths in ASCII
    without variables, ``first`` is that of the way to the host.
    """

    node: Node[H]
    fixed: Mapping[str, Ends[H]]
    values: Sequence[str] = ()
    first: Leaf[H] | None = None
