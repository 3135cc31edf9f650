"""Routes to a RouteTable: explicit, disjoint Werkzeug rules, every trap of theirs defined away."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from werkzeug.routing import BaseConverter, Map

from webzeug.manifest.model import Matching, MountTarget, Route
from webzeug.routing.converters import ANY_HOST, known_converters
from webzeug.routing.mounts import Mounts
from webzeug.routing.table import RouteRule, RouteTable

H = TypeVar("H")


@dataclass(frozen=True, slots=True)
class RouteProblem:
    """A route that Werkzeug refused, with its words."""

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
    served = [route for route in routes if not isinstance(route.target, MountTarget)]
    map_ = _empty_map(routes, ingredients)
    heads = _explicit_heads(served)
    problems: list[RouteProblem] = []
    for number, route in enumerate(served):
        problem = _add(map_, _rule(route, number, handler_of(route), heads, map_), route)
        problems += problem
    mounts, mount_problems = _mounts(routes, handler_of, ingredients, map_)
    map_.update()
    table = RouteTable(
        map=map_,
        routes=tuple(routes),
        mounts=mounts,
        matching=ingredients.matching,
        names=_names(routes),
        unclear_names=ingredients.unclear_names,
        has_ports=any(route.host and ":" in route.host.text for route in routes),
    )
    return Compiled(table, (*problems, *mount_problems))


def _empty_map(routes: Iterable[Route], ingredients: Ingredients) -> Map:
    matching = ingredients.matching
    return Map(
        strict_slashes=matching.strict_slashes,
        merge_slashes=matching.merge_slashes,
        # With it on, Werkzeug looks through all rules of the name at every match.
        redirect_defaults=matching.redirect_defaults and any(r.defaults for r in routes),
        converters=known_converters(ingredients.converters),
        host_matching=any(route.host is not None for route in routes),
    )


def _rule(
    route: Route, number: int, handler: H, heads: set[tuple[str | None, str]], map_: Map
) -> RouteRule[H]:
    rule = RouteRule[H](
        route.pattern.text,
        endpoint=route.name or f"#{number}",
        defaults=dict(route.defaults) or None,
        build_only=route.build_only,
        strict_slashes=route.strict_slashes,
        merge_slashes=route.merge_slashes,
        host=_host(route, map_),
    )
    if route.methods is not None:
        methods = set(route.methods)
        if "GET" in methods and _place(route) not in heads:
            methods.add("HEAD")
        rule.methods = methods
    rule.route, rule.handler = route, handler
    return rule


def _host(route: Route, map_: Map) -> str | None:
    if not map_.host_matching:
        return None
    return route.host.text if route.host else f"<{ANY_HOST}:{ANY_HOST}>"


def _add(map_: Map, rule: RouteRule[Any], route: Route) -> list[RouteProblem]:
    try:
        map_.add(rule)
    except Exception as error:
        # Converters are the application's code, and Werkzeug raises four types for a bad pattern.
        return [RouteProblem(route, str(error) or type(error).__name__)]
    return []


def _place(route: Route) -> tuple[str | None, str]:
    return (route.host.shape if route.host else None, route.pattern.shape)


def _explicit_heads(routes: Iterable[Route]) -> set[tuple[str | None, str]]:
    """Where a route claims HEAD itself, so that the one with GET must not."""
    return {_place(route) for route in routes if "HEAD" in (route.methods or ())}


def _names(routes: Iterable[Route]) -> dict[str, tuple[Route, ...]]:
    names: dict[str, list[Route]] = defaultdict(list)
    for route in routes:
        if route.name is not None:
            names[route.name].append(route)
    return {name: tuple(sharing) for name, sharing in names.items()}


def _mounts(
    routes: Iterable[Route],
    handler_of: Callable[[Route], H],
    ingredients: Ingredients,
    table_map: Map,
) -> tuple[Mounts[H], list[RouteProblem]]:
    """The mounts, with a Map of their prefixes; a named one also builds URLs in the table's Map."""
    map_ = Map(
        merge_slashes=False,
        redirect_defaults=False,
        converters=known_converters(ingredients.converters),
        host_matching=table_map.host_matching,
    )
    mounted: list[tuple[Route, H]] = []
    problems: list[RouteProblem] = []
    for route in routes:
        if isinstance(route.target, MountTarget):
            prefix = route.pattern.text.removesuffix("/") or "/"
            rule = RouteRule[H](prefix, endpoint=len(mounted), host=_host(route, map_))
            problem = _add(map_, rule, route)
            problems += problem
            mounted.append((route, handler_of(route)))
            if route.name is not None and not problem:
                build_only = RouteRule[H](
                    route.pattern.text,
                    endpoint=route.name,
                    build_only=True,
                    host=_host(route, table_map),
                )
                table_map.add(build_only)
    map_.update()
    return Mounts(map_, tuple(mounted), _depth(map_, mounted)), problems


def _depth(map_: Map, mounted: Iterable[tuple[Route, object]]) -> int | None:
    """The most segments that a prefix can have; None if a variable can hold a slash."""
    depth = 0
    for route, _ in mounted:
        if any(
            not map_.converters[v.converter].part_isolating
            for v in route.pattern.variables
            if v.converter in map_.converters
        ):
            return None
        depth = max(depth, route.pattern.text.removesuffix("/").count("/"))
    return depth
