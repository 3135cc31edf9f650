"""Routes to a RouteTable: explicit, disjoint Werkzeug rules, every trap of theirs defined away."""

import gc
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from werkzeug.routing import BaseConverter, Map
from werkzeug.routing.rules import parse_converter_args

from webzeug.manifest.model import Matching, MountTarget, Route
from webzeug.routing.converters import ANY_HOST, holds_slashes, known_converters
from webzeug.routing.fastpath import FastPath
from webzeug.routing.hosts import names_port
from webzeug.routing.matches import RouteRule
from webzeug.routing.mounts import Mounts
from webzeug.routing.table import RouteTable
from webzeug.routing.tree import Tree
from webzeug.routing.verbs import Heads

H = TypeVar("H")

MAX_SLASHED_VARIABLES = 2
"""More variables that hold slashes make one match take seconds for a path of 2 kB."""


@dataclass(frozen=True, slots=True)
class RouteProblem:
    """A route that cannot be compiled, with the reason."""

    route: Route
    message: str


@dataclass(frozen=True, slots=True)
class Compiled:
    """The table of all routes that compiled, and those that did not."""

    table: RouteTable[Any]
    problems: tuple[RouteProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class Ingredients:
    """What a table is made of, besides the routes and what answers them."""

    matching: Matching = field(default_factory=Matching)
    converters: Mapping[str, type[BaseConverter]] = field(default_factory=dict)
    unclear_names: Mapping[str, tuple[Route, ...]] = field(default_factory=dict)


def compile_table(
    routes: Sequence[Route], handler_of: Callable[[Route], H], ingredients: Ingredients
) -> Compiled:
    """Compile routes; ``handler_of`` says what answers each. The Map is ready to match."""
    with _without_collecting():
        compiler = _Compiler(routes, ingredients)
        for route in routes:
            compiler.add(route, handler_of(route))
        return Compiled(compiler.table(), tuple(compiler.problems))


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Pause the cyclic garbage collector: a growing table is all live, and looked at in vain."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class _Compiler:
    """One compilation: the Map of the routes, and that of the mounts' prefixes."""

    def __init__(self, routes: Sequence[Route], ingredients: Ingredients) -> None:
        self.routes = routes
        self.problems: list[RouteProblem] = []
        self._ingredients = ingredients
        self._heads = Heads.of(routes)
        self._map = self._map_of_routes()
        self._rules: list[RouteRule[Any]] = []
        self._mounts = self._map_of_mounts()

    def _map_of_routes(self) -> Map:
        matching = self._ingredients.matching
        return Map(
            strict_slashes=matching.strict_slashes,
            # Off in the Map, it would be off as well for a route that has it on.
            merge_slashes=any(map(self._merges_slashes, self.routes)),
            # With it on, Werkzeug looks through all rules of the name at every match.
            redirect_defaults=matching.redirect_defaults and any(r.defaults for r in self.routes),
            converters=known_converters(self._ingredients.converters),
            host_matching=any(route.host is not None for route in self.routes),
        )

    def _map_of_mounts(self) -> Map:
        return Map(
            merge_slashes=False,
            redirect_defaults=False,
            converters=known_converters(self._ingredients.converters),
            host_matching=self._map.host_matching,
        )

    def add(self, route: Route, handler: object) -> None:
        """Add a route to its Map, or to the problems."""
        try:
            self._refuse_slashes(route)
            self._refuse_expressions(route)
            if isinstance(route.target, MountTarget):
                self._add_mount(route, handler)
            else:
                rule = self._rule(route, handler)
                self._map.add(rule)
                self._rules.append(rule)
        # Converters are the application's code; for a pattern, Werkzeug raises four types.
        except Exception as error:
            self.problems.append(RouteProblem(route, str(error) or type(error).__name__))

    def _rule(self, route: Route, handler: object) -> RouteRule[Any]:
        rule = RouteRule[Any](
            route.pattern.text,
            # A route without a name gets an endpoint that no name can be.
            endpoint=object() if route.name is None else route.name,
            defaults=dict(route.defaults) or None,
            build_only=route.build_only,
            strict_slashes=route.strict_slashes,
            merge_slashes=self._merges_slashes(route),
            host=self._host(route),
        )
        verbs = self._heads.verbs_of(route)
        rule.methods = None if verbs is None else set(verbs)
        rule.route, rule.handler = route, handler
        return rule

    def _add_mount(self, route: Route, handler: object) -> None:
        """Add a mount's prefix to its Map; under its name, the table's Map builds URLs."""
        prefix = route.pattern.text.removesuffix("/") or "/"
        rule = RouteRule[Any](prefix, host=self._host(route))
        rule.route, rule.handler = route, handler
        self._mounts.add(rule)
        if route.name is not None:
            self._map.add(self._rule(replace(route, build_only=True), handler))

    def _refuse_expressions(self, route: Route) -> None:
        """Try the expressions of converters, which Werkzeug does at a request."""
        host = route.host.variables if route.host else ()
        for variable in (*host, *route.pattern.variables):
            is_own = variable.converter in self._ingredients.converters
            converter = self._map.converters.get(variable.converter)
            # A converter of Werkzeug's is sound as it comes.
            if converter is not None and (is_own or variable.arguments):
                args, kwargs = parse_converter_args(variable.arguments)
                expression = converter(self._map, *args, **kwargs).regex
                try:
                    re.compile(f"(?P<value>{expression})")
                except re.error as error:
                    name = variable.converter
                    what = f"the regular expression of the converter `{name}` is wrong"
                    raise ValueError(f"{what}: {error.msg}") from None

    def _refuse_slashes(self, route: Route) -> None:
        converters = self._map.converters
        with_slashes = [
            variable
            for variable in route.pattern.variables
            if variable.converter in converters
            and holds_slashes(converters[variable.converter], variable.arguments)
        ]
        if with_slashes and isinstance(route.target, MountTarget):
            raise ValueError(f"a mount's prefix cannot hold {with_slashes[0]}, which takes slashes")
        if len(with_slashes) > MAX_SLASHED_VARIABLES:
            listing = " and ".join(map(str, with_slashes))
            raise ValueError(
                f"{listing} all take slashes; {MAX_SLASHED_VARIABLES} such variables are the most, "
                "because with more of them one long URL keeps the server busy for seconds"
            )

    def _merges_slashes(self, route: Route) -> bool:
        own = route.merge_slashes
        return self._ingredients.matching.merge_slashes if own is None else own

    def _host(self, route: Route) -> str | None:
        if not self._map.host_matching:
            return None
        return route.host.text if route.host else f"<{ANY_HOST}:{ANY_HOST}>"

    def table(self) -> RouteTable[Any]:
        """The table of all that was added. Its Maps are in order, and take no lock any more."""
        self._map.update()
        self._mounts.update()
        has_ports = any(names_port(route.host) for route in self.routes)
        return RouteTable(
            map=self._map,
            fast_path=FastPath(Tree(self._rules, self._map), has_ports=has_ports),
            routes=tuple(self.routes),
            mounts=_mounts(self._mounts, self.routes),
            matching=self._ingredients.matching,
            names=names_of(self.routes),
            unclear_names=self._ingredients.unclear_names,
            has_ports=has_ports,
        )


def _mounts(map_: Map, routes: Iterable[Route]) -> Mounts[Any]:
    mounted = tuple(route for route in routes if isinstance(route.target, MountTarget))
    depths = [route.pattern.text.removesuffix("/").count("/") for route in mounted]
    return Mounts(map_, mounted, max(depths, default=0))


def names_of(routes: Iterable[Route]) -> dict[str, tuple[Route, ...]]:
    """The names of routes, each with those that share it."""
    names: dict[str, list[Route]] = defaultdict(list)
    for route in routes:
        if route.name is not None:
            names[route.name].append(route)
    return {name: tuple(sharing) for name, sharing in names.items()}
