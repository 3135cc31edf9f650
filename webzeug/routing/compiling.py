"""Routes to a RouteTable: explicit, disjoint Werkzeug rules, every trap of theirs defined away."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from werkzeug.routing import BaseConverter, Map
from werkzeug.routing.rules import parse_converter_args

from webzeug.collecting import paused_collector
from webzeug.manifest.model import Matching, MountTarget, Route
from webzeug.manifest.patterns import Variable
from webzeug.routing.converters import holds_slashes
from webzeug.routing.fastpath import FastPath
from webzeug.routing.hosts import names_port
from webzeug.routing.maps import MapMaker, Maps
from webzeug.routing.mounts import Mounts
from webzeug.routing.parts import Cutter
from webzeug.routing.table import RouteTable
from webzeug.routing.tree import Tree

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
    """Compile routes; ``handler_of`` says what answers each."""
    with paused_collector():
        compiler = _Compiler(routes, ingredients)
        for route in routes:
            compiler.add(route, handler_of(route))
        return Compiled(compiler.table(), tuple(compiler.problems))


class _Compiler:
    """One compilation: the tree of the routes, what makes their Maps, and the mounts."""

    def __init__(self, routes: Sequence[Route], ingredients: Ingredients) -> None:
        self.routes = routes
        self.problems: list[RouteProblem] = []
        self._ingredients = ingredients
        matching, own = ingredients.matching, ingredients.converters
        self._maker = MapMaker.of(routes, matching, own)
        self._trials = self._maker.map()
        self._cutter = Cutter(_Converters(self._maker, self._trials, own).of)
        ambiguous = _ambiguous_names(routes) if matching.redirect_defaults else ()
        self._tree: Tree[Any] = Tree(ambiguous)
        self._mounts = self._maker.map_of_mounts()

    def add(self, route: Route, handler: object) -> None:
        """Add a route to the tree or to the mounts, or to the problems."""
        try:
            self._refuse_slashes(route)
            if isinstance(route.target, MountTarget):
                self._mounts.add(self._maker.mount_rule(route, handler))
                if route.name is not None:
                    self._add_to_tree(replace(route, build_only=True), handler)
            else:
                if self._has_own_converter(route):
                    self._trials.add(self._maker.rule(route, handler))
                self._add_to_tree(route, handler)
        # Converters are the application's code; for a pattern, Werkzeug raises four types.
        except Exception as error:
            self.problems.append(RouteProblem(route, str(error) or type(error).__name__))

    def _add_to_tree(self, route: Route, handler: object) -> None:
        self._tree.add(
            route,
            handler,
            self._maker.heads.verbs_of(route),
            self._cutter,
            is_merged=self._maker.merges(route),
            is_lenient=self._maker.is_lenient(route),
        )

    def _has_own_converter(self, route: Route) -> bool:
        own, host = self._ingredients.converters, route.host.variables if route.host else ()
        return bool(own) and any(v.converter in own for v in (*host, *route.pattern.variables))

    def _refuse_slashes(self, route: Route) -> None:
        converters = self._maker.converters
        if not route.pattern.variables:
            return
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

    def table(self) -> RouteTable[Any]:
        """The table of all that was added."""
        self._tree.finish()
        self._mounts.update()
        has_ports = any(names_port(route.host) for route in self.routes)
        return RouteTable(
            maps=Maps(self._maker, self._tree),
            fast_path=FastPath(self._tree, has_ports=has_ports),
            routes=tuple(self.routes),
            mounts=_mounts(self._mounts, self.routes),
            matching=self._ingredients.matching,
            names=names_of(self.routes),
            unclear_names=self._ingredients.unclear_names,
            has_ports=has_ports,
        )


class _Converters:
    """The converters of variables, as rules would make them: one for all that are alike."""

    def __init__(self, maker: MapMaker, map_: Map, own: Container[str]) -> None:
        self._classes = maker.converters
        self._map = map_
        self._own = own
        self._made: dict[tuple[str, str], BaseConverter] = {}

    def of(self, variable: Variable) -> BaseConverter:
        """That of a variable. Raises ValueError, LookupError, or whatever making it raises."""
        key = variable.converter, variable.arguments
        if key not in self._made:
            if variable.converter not in self._classes:
                raise LookupError(f"the converter {variable.converter!r} does not exist")
            args, kwargs = parse_converter_args(variable.arguments)
            made = self._classes[variable.converter](self._map, *args, **kwargs)
            self._refuse_expression(variable, made)
            self._made[key] = made
        return self._made[key]

    def _refuse_expression(self, variable: Variable, made: BaseConverter) -> None:
        """Try the expression of a converter, which Werkzeug does at a request."""
        name = variable.converter
        if name not in self._own and not variable.arguments:
            return  # a converter of Werkzeug's is sound as it comes
        try:
            re.compile(f"(?P<value>{made.regex})")
        except re.error as error:
            what = f"the regular expression of the converter `{name}` is wrong"
            raise ValueError(f"{what}: {error.msg}") from None
        if not isinstance(made.weight, int):
            raise ValueError(f"the weight of the converter `{name}` must be a whole number")


def _ambiguous_names(routes: Iterable[Route]) -> set[str | None]:
    """Names with a URL that may be redirected to one that does not spell a default out."""
    matching = [route for route in routes if not route.build_only and route.name is not None]
    number = Counter(route.name for route in matching)
    return {route.name for route in matching if route.defaults and number[route.name] > 1}


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
