"""The tree of parts that the fast path walks, built from compiled rules."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import truth
from typing import Any, Generic, TypeVar

from werkzeug.routing import BaseConverter, Map
from werkzeug.routing.rules import parse_converter_args

from webzeug.manifest.patterns import Pattern, Variable
from webzeug.routing.leaves import Ends, Leaf, Test, Tests, quick_test
from webzeug.routing.matches import RouteRule
from webzeug.routing.parts import Fixed, Part, Varying, merged, parts_of

H = TypeVar("H")

MANY_WAYS = 8
"""From so many varying parts at one place on, they are looked up by the text they begin with."""


class Node(dict[str, "Node[H]"], Generic[H]):
    """A place in the tree: the fixed parts that lead on, the varying ones, the rules that end.

    ``lenient`` are the ends that a slash more does not hinder (``strict_slashes = false``). Bit k
    of ``depths`` tells whether a path can end k parts further on. ``tests`` are what the parts of
    a path must pass to come here, if that is one variable a part.
    """

    __slots__ = ("_by_part", "_by_prefix", "depths", "ends", "lenient", "tests", "varying")

    def __init__(self) -> None:
        self.varying: list[Way[H]] = []
        self.ends: Ends[H] = Ends()
        self.lenient: Ends[H] | None = None
        self.depths = 0
        self.tests: Tests = ()
        self._by_part: dict[Varying, Way[H]] | None = None
        self._by_prefix: dict[int, dict[str, list[int]]] | None = None

    def into(self, part: Part) -> "Node[H]":
        """The place behind a part; it is made if it is not there."""
        if isinstance(part, Fixed):
            node = self.get(part.text)
            if node is None:
                node = self[part.text] = Node()
            return node
        if self._by_part is None:
            self._by_part = {}
        way = self._by_part.get(part)
        if way is None:
            way = self._by_part[part] = Way(part, Node())
            self.varying.append(way)
        return way.node

    def add(self, leaf: Leaf[H], verbs: Iterable[str] | None) -> None:
        """Let a rule end here."""
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
    """

    __slots__ = ("groups", "is_final", "node", "part", "test")

    def __init__(self, part: Varying, node: Node[H]) -> None:
        self.part = part
        self.node = node
        self.is_final = part.is_final
        self.groups = None if part.is_one_variable else part.groups
        quick = quick_test(part.converters[0]) if part.is_one_variable else None
        self.test: Test = quick or _LateMatch(part.expression)

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

    __slots__ = ("_expression", "_match")

    def __init__(self, expression: str) -> None:
        self._expression = expression
        self._match: Test | None = None

    def __call__(self, text: str) -> re.Match[str] | None:
        if self._match is None:
            self._match = re.compile(rf"{self._expression}\Z").match
        found: re.Match[str] | None = self._match(text)
        return found


@dataclass(frozen=True, slots=True)
class Root(Generic[H]):
    """The tree of a host: the place after the empty part that a path begins with.

    ``values`` are those of the host's own variables, ``fixed`` are the ends of paths in ASCII
    without variables.
    """

    node: Node[H]
    fixed: Mapping[str, Ends[H]]
    values: Sequence[str] = ()


class Tree(Generic[H]):
    """The trees of all hosts: of a table whose routes name no hosts, just one.

    ``leaves`` are all leaves of them, and ``longest`` is the most parts that a path can have
    that no variable with slashes takes the rest of.
    """

    def __init__(self, rules: Iterable[RouteRule[H]], map_: Map) -> None:
        self.leaves: list[Leaf[H]] = []
        self.longest = 1
        self._map = map_
        self._converters: dict[tuple[str, str], BaseConverter] = {}
        self._hosts: Node[H] = Node()
        self._everywhere: Node[H] = Node()
        self._fixed: dict[int, dict[str, Ends[H]]] = defaultdict(dict)
        matching = [rule for rule in rules if not rule.build_only]
        ambiguous = self._ambiguous_names(matching)
        for rule in matching:
            self._add(rule, is_ambiguous=rule.endpoint in ambiguous)
        _finish([self._hosts, self._everywhere])

    def roots(self, host: str) -> list[Root[H]]:
        """The trees to walk for a host, in order: its own, those of patterns, that of all."""
        fixed = [self._root(self._hosts[host])] if host in self._hosts else []
        varying = [
            self._root(way.node, [host] if way.groups is None else way.values(fit))
            for way in self._hosts.ways(host)
            if (fit := way.test(host))
        ]
        return [*fixed, *varying, self._root(self._everywhere)]

    def _root(self, node: Node[H], values: Sequence[str] = ()) -> Root[H]:
        return Root(node, self._fixed.get(id(node), {}), values)

    def _ambiguous_names(self, rules: Iterable[RouteRule[H]]) -> set[Any]:
        """Names with a URL that may be redirected to one that does not spell a default out."""
        if not self._map.redirect_defaults:
            return set()
        number = Counter(rule.endpoint for rule in rules)
        return {rule.endpoint for rule in rules if rule.defaults and number[rule.endpoint] > 1}

    def _add(self, rule: RouteRule[H], *, is_ambiguous: bool) -> None:
        route = rule.route
        pattern = merged(route.pattern) if rule.merge_slashes else route.pattern
        host, *more = self._parts(rule, route.host) if route.host else [None]
        if more or (isinstance(host, Varying) and host.is_final):
            return  # a variable with slashes in a host would take the path too: it never matches
        root = self._hosts.into(host) if host else self._everywhere
        _, *parts = self._parts(rule, pattern)
        node = root
        for part in parts:
            node = node.into(part)
        varying = [part for part in (host, *parts) if isinstance(part, Varying)]
        converters = [converter for part in varying for converter in part.converters]
        tests = _tests(parts)
        own_tests = None if isinstance(host, Varying) or _may_begin_empty(tests) else tests
        leaf = Leaf(rule, converters, own_tests, is_ambiguous=is_ambiguous)
        self.leaves.append(leaf)
        # A lenient rule takes an empty part more, and the first is the one before the first slash.
        self.longest = max(self.longest, len(parts) + 2)
        node.add(leaf, rule.methods)
        node.tests = [(at, test) for at, test in tests or () if _must_test(at, test, parts)]
        if pattern.text.isascii() and all(isinstance(part, Fixed) for part in parts):
            self._fixed[id(root)][pattern.text] = node.ends

    def _parts(self, rule: RouteRule[H], pattern: Pattern) -> list[Part]:
        def converter_of(variable: Variable) -> BaseConverter:
            key = variable.converter, variable.arguments
            if key not in self._converters:
                args, kwargs = parse_converter_args(variable.arguments)
                made = rule.get_converter(variable.name, variable.converter, args, kwargs)
                self._converters[key] = made
            return self._converters[key]

        return list(parts_of(pattern, converter_of))


def _tests(parts: Iterable[Part]) -> list[tuple[int, Test]] | None:
    """At which parts of a path the variables are, with their tests; None if it is not so simple."""
    tests: list[tuple[int, Test]] = []
    for at, part in enumerate(parts, start=1):
        if isinstance(part, Varying):
            if not part.is_one_variable:
                return None
            tests.append((at, quick_test(part.converters[0]) or _fullmatch(part)))
    return tests


def _may_begin_empty(tests: Sequence[tuple[int, Test]] | None) -> bool:
    """Whether a path of two slashes in front would fit, of which the Map keeps one."""
    return any(at == 1 and test("") for at, test in tests or ())


def _must_test(at: int, test: Test, parts: Sequence[Part]) -> bool:
    """Whether a test can fail: parts of a path are never empty, but for the last one."""
    return test is not truth or at == len(parts)


def _fullmatch(part: Varying) -> Test:
    return re.compile(rf"{part.expression}\Z").match


def _finish(roots: list[Node[H]]) -> None:
    """Sort all nodes, and measure each after those behind it."""
    nodes = list(roots)
    for node in nodes:
        nodes += node.sort()
    for node in reversed(nodes):
        node.measure()
