"""The tree of parts that the fast path walks, built from routes."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from operator import truth
from typing import Any, Generic, TypeVar

from werkzeug.routing import BaseConverter

from webzeug.manifest.model import Route
from webzeug.routing.leaves import Ends, Leaf, Test, Tests
from webzeug.routing.nodes import Node, Root, Way
from webzeug.routing.parts import Cutter, Part, Varying, merged

H = TypeVar("H")


class Tree(Generic[H]):
    """The trees of all hosts: of a table whose routes name no hosts, just one.

    ``rows`` are all rules that were added, ``leaves`` are those of them that requests can come to.
    ``longest`` is the most parts that a path can have that no variable with slashes takes the rest
    of. ``ambiguous`` are names of which the Map decides by more than path and verb.
    """

    def __init__(self, ambiguous: Collection[str | None]) -> None:
        self.rows: list[Leaf[H]] = []
        self.leaves: list[Leaf[H]] = []
        self.longest = 1
        self._ambiguous = ambiguous
        self._hosts: Node[H] = Node()
        self._everywhere: Node[H] = Node()
        self._fixed: dict[int, dict[str, Ends[H]]] = defaultdict(dict)

    def roots(self, host: str) -> list[Root[H]]:
        """The trees to walk for a host, in order: its own, those of patterns, that of all."""
        fixed = [self._root(self._hosts[host])] if host in self._hosts else []
        varying = [
            self._root(way.node, [host] if way.groups is None else way.values(fit), way.first)
            for way in self._hosts.ways(host)
            if (fit := way.test(host))
        ]
        return [*fixed, *varying, self._root(self._everywhere)]

    def _root(
        self, node: Node[H], values: Sequence[str] = (), first: Leaf[H] | None = None
    ) -> Root[H]:
        return Root(node, self._fixed.get(id(node), {}), values, first)

    def add(
        self,
        route: Route,
        handler: H,
        verbs: Iterable[str] | None,
        cutter: Cutter,
        *,
        is_merged: bool,
        is_lenient: bool,
    ) -> None:
        """Add a rule, for some verbs or all; see ``MapMaker`` for the rest."""
        pattern = merged(route.pattern) if is_merged else route.pattern
        host = list(cutter.parts(route.host)) if route.host else []
        _, *parts = cutter.parts(pattern)
        number, is_ambiguous = len(self.rows), route.name in self._ambiguous
        if route.build_only or _never_matches(host, pattern.text):
            row = Leaf(number, route, handler, (), None, is_lenient=False, is_ambiguous=False)
            self.rows.append(row)
            return
        root, host_ways = _follow(self._hosts, host) if host else (self._everywhere, [])
        node, ways = _follow(root, parts)
        tests = _tests(ways)
        leaf = Leaf(
            number,
            route,
            handler,
            _converters([*host, *parts]),
            None if host_ways or _may_begin_empty(tests) else tests,
            is_lenient=is_lenient,
            is_ambiguous=is_ambiguous,
        )
        self.rows.append(leaf)
        self.leaves.append(leaf)
        # A lenient rule takes an empty part more, and the first is the one before the first slash.
        self.longest = max(self.longest, len(parts) + 2)
        for _, way in (*host_ways, *ways):
            way.first = way.first or leaf
        node.add(leaf, verbs)
        if tests:
            node.tests = [(at, test) for at, test in tests if _may_fail(at, test, len(parts))]
        elif not ways and pattern.text.isascii():
            self._fixed[id(root)][pattern.text] = node.ends

    def finish(self) -> None:
        """Sort all places, and measure each after those behind it."""
        nodes = [self._hosts, self._everywhere]
        for node in nodes:
            nodes += node.sort()
        for node in reversed(nodes):
            node.measure()


def _never_matches(host: Sequence[Part], pattern: str) -> bool:
    """Whether no request comes to a rule.

    Of two slashes in front of a path the Map keeps one; and a variable with slashes in a host
    would take the path too.
    """
    takes_path = any(isinstance(part, Varying) and part.is_final for part in host)
    return takes_path or len(host) > 1 or pattern.startswith("//")


def _follow(node: Node[H], parts: Iterable[Part]) -> tuple[Node[H], list[tuple[int, Way[H]]]]:
    """The place behind some parts, made if need be, and the ways to it by the part's number."""
    ways: list[tuple[int, Way[H]]] = []
    for at, part in enumerate(parts, start=1):
        place = node.into(part)
        if isinstance(place, Way):
            ways.append((at, place))
            place = place.node
        node = place
    return node, ways


def _converters(parts: Iterable[Part]) -> list[BaseConverter]:
    varying = [part for part in parts if isinstance(part, Varying)]
    return [converter for part in varying for converter in part.converters]


def _tests(ways: Sequence[tuple[int, Way[Any]]]) -> Tests | None:
    """At which parts of a path the variables are, with their tests; None if it is not so simple."""
    if all(way.part.is_one_variable for _, way in ways):
        return [(at, way.test) for at, way in ways]
    return None


def _may_begin_empty(tests: Tests | None) -> bool:
    """Whether a path of two slashes in front would fit, of which the Map keeps one."""
    return any(at == 1 and test("") for at, test in tests or ())


def _may_fail(at: int, test: Test, last: int) -> bool:
    """Whether a test can fail: parts of a path are never empty, but for the last one."""
    return test is not truth or at == last
