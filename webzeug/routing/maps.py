"""Werkzeug's Maps of a table: of what one path or one name needs, and of all.

A Map of all routes takes longer to make, and more memory, than all the rest of a table, and the
fast path asks it little. What it says of a path depends only on the rules that its search comes by,
and on some that put these in order; so those are made a Map, and kept. What it builds depends only
on the rules of one name. A property test holds them to the Map of all.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from werkzeug.routing import BaseConverter, Map

from webzeug.manifest.model import Matching, Route
from webzeug.routing.converters import ANY_HOST, known_converters
from webzeug.routing.leaves import Leaf
from webzeug.routing.matches import RouteRule
from webzeug.routing.nodes import Node
from webzeug.routing.tree import Tree
from webzeug.routing.verbs import Heads

H = TypeVar("H")

MOST_RULES = 5_000
"""Maps for paths of so many rules are kept; a client that asks for more makes them forgotten."""


@dataclass(frozen=True, slots=True)
class MapMaker:
    """Makes rules, and Maps for them, with the options of one table."""

    matching: Matching
    converters: Mapping[str, type[BaseConverter]]
    heads: Heads
    has_hosts: bool
    has_defaults: bool
    has_merging: bool

    @classmethod
    def of(
        cls,
        routes: Sequence[Route],
        matching: Matching,
        converters: Mapping[str, type[BaseConverter]],
    ) -> "MapMaker":
        """What makes the Maps of some routes; ``converters`` are the application's own."""
        own_merging = (route.merge_slashes for route in routes)
        return cls(
            matching,
            known_converters(converters),
            Heads.of(routes),
            has_hosts=any(route.host is not None for route in routes),
            has_defaults=any(route.defaults for route in routes),
            has_merging=any(matching.merge_slashes if own is None else own for own in own_merging),
        )

    def map(self, rules: Iterable[RouteRule[Any]] = ()) -> Map:
        """A Map of rules that is in order, and takes no lock any more."""
        made = Map(
            rules,
            strict_slashes=self.matching.strict_slashes,
            # Off in the Map, it would be off as well for a route that has it on.
            merge_slashes=self.has_merging,
            # With it on, Werkzeug looks through all rules of the name at every match.
            redirect_defaults=self.matching.redirect_defaults and self.has_defaults,
            converters=self.converters,
            host_matching=self.has_hosts,
        )
        made.update()
        return made

    def map_of_mounts(self) -> Map:
        """An empty Map for the prefixes of mounts."""
        return Map(
            merge_slashes=False,
            redirect_defaults=False,
            converters=self.converters,
            host_matching=self.has_hosts,
        )

    def mount_rule(self, route: Route, handler: H) -> RouteRule[H]:
        """The rule of a mount's prefix."""
        prefix = route.pattern.text.removesuffix("/") or "/"
        rule: RouteRule[H] = RouteRule(prefix, host=self._host(route))
        rule.route, rule.handler = route, handler
        return rule

    def rule(self, route: Route, handler: H) -> RouteRule[H]:
        """A route's rule, for any one Map."""
        rule: RouteRule[H] = RouteRule(
            route.pattern.text,
            # A route without a name gets an endpoint that no name can be.
            endpoint=object() if route.name is None else route.name,
            defaults=dict(route.defaults) or None,
            build_only=route.build_only,
            strict_slashes=route.strict_slashes,
            merge_slashes=self.merges(route),
            host=self._host(route),
        )
        verbs = self.heads.verbs_of(route)
        rule.methods = None if verbs is None else set(verbs)
        rule.route, rule.handler = route, handler
        return rule

    def merges(self, route: Route) -> bool:
        """Whether doubled slashes in a request for a route are merged."""
        own = route.merge_slashes
        return self.matching.merge_slashes if own is None else own

    def is_lenient(self, route: Route) -> bool:
        """Whether a slash more or less at the end of a request makes no difference to a route."""
        own = route.strict_slashes
        return not (self.matching.strict_slashes if own is None else own)

    def _host(self, route: Route) -> str | None:
        if not self.has_hosts:
            return None
        return route.host.text if route.host else f"<{ANY_HOST}:{ANY_HOST}>"


class Maps(Generic[H]):
    """The Maps of a table; each is made when it is first needed."""

    def __init__(self, maker: MapMaker, tree: Tree[H]) -> None:
        self.maker = maker
        self.tree = tree
        self._whole: Map | None = None
        self._near: dict[tuple[int, ...], Map] = {}
        self._kept = 0
        self._named: dict[str, Map] = {}
        self._by_name: dict[str | None, list[Leaf[H]]] | None = None

    def whole(self) -> Map:
        """All rules."""
        if self._whole is None:
            self._whole = self._map(self.tree.rows)
        return self._whole

    def of_name(self, name: str) -> Map:
        """The rules of a name, of which a URL is built."""
        if name not in self._named:
            self._named[name] = self._map(self._rows_named(name))
        return self._named[name]

    def near(self, hosts: Iterable[str], path: str) -> Map:
        """The rules that decide what the Map of all says of a path on some hosts."""
        rows = {row.number: row for row in self._deciding(hosts, path)}
        key = tuple(sorted(rows))
        made = self._near.get(key)
        if made is None:
            made = self._map([rows[number] for number in key])
            if self._kept + len(key) > MOST_RULES:
                self._near.clear()
                self._kept = 0
            self._near[key] = made
            self._kept += len(key) + 1
        return made

    def _deciding(self, hosts: Iterable[str], path: str) -> Iterator[Leaf[H]]:
        # As Werkzeug does: one slash in front, then a second try with doubled ones merged.
        single = f"/{path.lstrip('/')}" if path else ""
        for text in {single, re.sub("/{2,}", "/", single)}:
            for host in hosts:
                for root in self.tree.roots(host):
                    yield from () if root.first is None else (root.first,)
                    for row in _passed(root.node, text.split("/")):
                        # A URL that spells out a default may be another one's of the name.
                        yield from self._rows_named(row.route.name) if row.is_ambiguous else (row,)

    def _rows_named(self, name: str | None) -> Sequence[Leaf[H]]:
        if self._by_name is None:
            by_name: dict[str | None, list[Leaf[H]]] = defaultdict(list)
            for row in self.tree.rows:
                by_name[row.route.name].append(row)
            self._by_name = dict(by_name)
        return self._by_name.get(name, ())

    def _map(self, rows: Iterable[Leaf[H]]) -> Map:
        return self.maker.map([self.maker.rule(row.route, row.handler) for row in rows])


def _passed(root: Node[H], parts: Sequence[str]) -> Iterator[Leaf[H]]:
    """The leaves that a search for a path comes by, whatever the verb.

    Among them are those for whose sake a way was made: of two that weigh the same, the search
    takes the one first that was made first.
    """
    to_do = [(root, 1)]
    while to_do:
        node, at = to_do.pop()
        if at == len(parts):
            yield from node.ends
            yield from node[""].ends if "" in node else ()
            continue
        part = parts[at]
        if part in node:
            to_do.append((node[part], at + 1))
        if part == "" and at == len(parts) - 1:
            yield from node.lenient or ()
        for way in node.ways(part):
            if way.test("/".join(parts[at:]) if way.is_final else part):
                yield from () if way.first is None else (way.first,)
                to_do.append((way.node, len(parts) if way.is_final else at + 1))
