"""The tree of parts that the fast path walks, built from compiled rules."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from operator import truth
from typing import Any, Generic, TypeVar

from werkzeug.routing import BaseConverter, Map
from werkzeug.routing.rules import parse_converter_args

from webzeug.manifest.patterns import Pattern, Variable
from webzeug.routing.leaves import Ends, Leaf, Test, quick_test
from webzeug.routing.matches import RouteRule
from webzeug.routing.parts import Fixed, Part, Varying, merged, parts_of

H = TypeVar("H")

MANY_WAYS = 8
"""From so many varying parts at one place on, they are looked up by the text they begin with."""


class Node(dict[str, "Node[H]"], Generic[H]):
    """A place in the tree: the fixed parts that lead on, the varying ones, the rules that end.

    ``lenient`` are the ends that a slash more does not hinder (``strict_slashes = false``). At
    the root of a host, ``exact`` are the paths without variables, in ASCII.

    ``straight`` is where a part leads that is none of the fixed ones, if only one way is
    possible. ``is_sure`` tells that on the way here no other way was left out; ``tests`` are
    what the parts of a path must pass that was led here.
    """

    __slots__ = (
        "_by_part", "_by_prefix", "ends", "exact", "is_sure", "lenient", "straight", "tests",
        "varying",
    )  # fmt: skip

    def __init__(self) -> None:
        self.varying: list[Way[H]] = []
        self.ends: Ends[H] = Ends()
        self.lenient: Ends[H] | None = None
        self.exact: dict[str, Ends[H]] = {}
        self.straight: Node[H] = self
        self.is_sure = True
        self.tests: Sequence[tuple[int, Test]] = ()
        self._by_part: dict[Varying, Way[H]] = {}
        self._by_prefix: dict[int, dict[str, list[int]]] = {}

    def into(self, part: Part) -> "Node[H]":
        """The place behind a part; it is made if it is not there."""
        if isinstance(part, Fixed):
            node = self.get(part.text)
            if node is None:
                node = self[part.text] = Node()
            return node
        way = self._by_part.get(part)
        if way is None:
            way = self._by_part[part] = Way(part, Node())
            self.varying.append(way)
        return way.node

    def add(self, leaf: Leaf[H], verbs: Iterable[str] | None) -> None:
        """Let a rule end here."""
        self.ends.add(leaf, verbs)
        if leaf.without_slash is leaf:
            self.lenient = self.lenient or Ends()
            self.lenient.add(leaf, verbs)

    def finish(self, dead_ends: "DeadEnds[H]") -> "Iterable[Node[H]]":
        """Put the ways of this place in order, and index them; return the places behind."""
        self.varying.sort(key=lambda way: way.part.weight)
        if len(self.varying) >= MANY_WAYS:
            for number, way in enumerate(self.varying):
                prefix = way.part.prefix
                same_length = self._by_prefix.setdefault(len(prefix), {})
                same_length.setdefault(prefix, []).append(number)
        only = self.varying[0] if len(self.varying) == 1 else None
        has_no_ways = not self.varying and self.lenient is None
        if only is not None and only.part.is_one_variable and self.lenient is None:
            self.straight = only.node
            only.node.is_sure = self.is_sure
        else:
            self.straight = dead_ends.sure if self.is_sure and has_no_ways else dead_ends.unsure
        for node in self.values():
            node.is_sure = self.is_sure and has_no_ways
        return (*self.values(), *(way.node for way in self.varying))

    def ways(self, part: str) -> "Sequence[Way[H]]":
        """The varying parts that a part of a path could be, in order."""
        if not self._by_prefix:
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
            return leaf and leaf.without_slash
        return leaf


class DeadEnds(Generic[H]):
    """Two places that lead to themselves: nothing is there for sure, or perhaps after all."""

    def __init__(self) -> None:
        self.sure: Node[H] = Node()
        self.unsure: Node[H] = Node()
        self.unsure.is_sure = False


class Way(Generic[H]):
    """A varying part and where it leads.

    ``groups`` are those of the test's match with the values; None if the whole text is the value.
    """

    __slots__ = ("groups", "is_final", "node", "part", "test")

    def __init__(self, part: Varying, node: Node[H]) -> None:
        self.part = part
        self.node = node
        self.is_final = part.is_final
        self.groups: list[int] | None = None
        self.test: Test = self._compile_and_test
        if part.is_one_variable:
            self.test = quick_test(part.converters[0]) or self.test

    def _compile_and_test(self, text: str) -> re.Match[str] | None:
        # Compiling takes longer than all else that building a tree does for a part.
        expression = re.compile(rf"{self.part.expression}\Z")
        if not self.part.is_one_variable:
            self.groups = [expression.groupindex[name] for name in self.part.groups]
        self.test = expression.match
        return expression.match(text)

    def values(self, match: re.Match[str]) -> list[str]:
        """The values in a match; ``groups`` are there once there was one."""
        assert self.groups is not None
        return [match[group] for group in self.groups]

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


class Root(Generic[H]):
    """The tree of a host; ``values`` are those of the host's own variables."""

    __slots__ = ("before", "exact", "node", "values")

    def __init__(self, node: Node[H], values: Sequence[str] = ()) -> None:
        self.node = node
        self.exact = node.exact
        self.values = values
        self.before: Node[H] = Node()
        """The place before the empty part that a path begins with."""
        self.before[""] = node
        self.before.straight = Node()
        self.before.straight.is_sure = False


class Tree(Generic[H]):
    """The trees of all hosts: of a table whose routes name no hosts, just one.

    ``leaves`` are all leaves of them.
    """

    def __init__(self, rules: Iterable[RouteRule[H]], map_: Map) -> None:
        self.leaves: list[Leaf[H]] = []
        self._map = map_
        self._converters: dict[tuple[str, str], BaseConverter] = {}
        self._hosts: Node[H] = Node()
        everywhere: Node[H] = Node()
        self._everywhere = Root(everywhere)
        matching = [rule for rule in rules if not rule.build_only]
        ambiguous = self._ambiguous_names(matching)
        for rule in matching:
            self._add(rule, is_ambiguous=rule.endpoint in ambiguous)
        _finish([self._hosts, everywhere])

    def roots(self, host: str) -> list[Root[H]]:
        """The trees to walk for a host, in order: its own, those of patterns, that of all."""
        fixed = [Root(self._hosts[host])] if host in self._hosts else []
        varying = [
            Root(way.node, [host] if way.groups is None else way.values(fit))
            for way in self._hosts.ways(host)
            if (fit := way.test(host))
        ]
        return [*fixed, *varying, self._everywhere]

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
        root = self._hosts.into(host) if host else self._everywhere.node
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
        node.add(leaf, rule.methods)
        node.tests = [(at, test) for at, test in tests or () if _must_test(at, test, parts)]
        if pattern.text.isascii() and all(isinstance(part, Fixed) for part in parts):
            root.exact[pattern.text] = node.ends

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
    """Finish all nodes, each before those behind it."""
    dead_ends: DeadEnds[H] = DeadEnds()
    nodes = list(roots)
    while nodes:
        nodes += nodes.pop().finish(dead_ends)
