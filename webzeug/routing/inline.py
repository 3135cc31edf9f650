"""Routes given in code, as (pattern, name, handler) triples."""

from collections.abc import Iterable
from typing import TypeVar

from webzeug.manifest.decoding import Findings
from webzeug.manifest.duplicates import find_duplicates
from webzeug.manifest.model import Reference, Route, ViewTarget
from webzeug.manifest.patterns import parse_pattern
from webzeug.routing.compiling import Ingredients, compile_table
from webzeug.routing.table import RouteTable

H = TypeVar("H")


def table_of_triples(triples: Iterable[tuple[str, str | None, H]]) -> RouteTable[H]:
    """Compile triples. Raises ValueError that lists every bad, repeated or clashing one."""
    handlers: list[H] = []
    routes: list[Route] = []
    problems: list[str] = []
    for pattern_text, name, handler in triples:
        pattern, mistakes = parse_pattern(pattern_text)
        problems += [f"{pattern_text}: {mistake}" for mistake in mistakes]
        if pattern is not None:
            target = ViewTarget(Reference(f"handler:{len(handlers)}"))
            handlers.append(handler)
            routes.append(Route(pattern, target, name=name, explicit_name=name is not None))
    problems += _repeats(routes, handlers)
    by_target = dict(zip((route.target for route in routes), handlers, strict=True))
    compiled = compile_table(routes, lambda route: by_target[route.target], Ingredients())
    problems += [f"{problem.route.path}: {problem.message}" for problem in compiled.problems]
    if problems:
        raise ValueError("\n".join(problems))
    return compiled.table


def _repeats(routes: list[Route], handlers: list[H]) -> list[str]:
    sound = find_duplicates(routes, Findings())
    problems = [f"{route.path}: is a route already" for route in routes if route not in sound]
    first: dict[str, H] = {}
    for route, handler in zip(routes, handlers, strict=True):
        if route.name is not None and first.setdefault(route.name, handler) != handler:
            problems.append(
                f"{route.path}: the name `{route.name}` is given to another View already"
            )
    return problems
