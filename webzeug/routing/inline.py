"""Routes given in code, as (pattern, name, handler) triples."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from webzeug.manifest.decoding import Findings
from webzeug.manifest.duplicates import find_duplicates
from webzeug.manifest.model import Reference, Route, ViewTarget
from webzeug.manifest.patterns import Pattern, parse_pattern
from webzeug.routing.compiling import Ingredients, compile_table
from webzeug.routing.converters import known_converters, refusal
from webzeug.routing.table import RouteTable

H = TypeVar("H")


def table_of_triples(triples: Iterable[tuple[str, str | None, H]]) -> RouteTable[H]:
    """Compile triples. Raises ValueError that lists every bad, repeated or clashing one."""
    routes: list[Route] = []
    handlers: dict[int, H] = {}
    problems: list[str] = []
    for text, name, handler in triples:
        pattern, mistakes = _pattern(text)
        problems += [f"{text}: {mistake}" for mistake in mistakes]
        if not mistakes:
            route = Route(pattern, _target(handler), name=name, explicit_name=name is not None)
            handlers[id(route)] = handler
            routes.append(route)
    compiled = compile_table(routes, lambda route: handlers[id(route)], Ingredients())
    problems += [f"{problem.route.path}: {problem.message}" for problem in compiled.problems]
    problems += [*_repeated_patterns(routes), *_clashing_names(routes, handlers)]
    if problems:
        raise ValueError("\n".join(problems))
    return compiled.table


def _pattern(text: str) -> tuple[Pattern, list[str]]:
    pattern, found = parse_pattern(text)
    problems = [str(problem) for problem in found]
    if not text.startswith("/"):
        problems.append(f"a pattern begins with a slash: write /{text}")
    if text.startswith("//"):
        problems.append("a host needs a manifest: here a pattern begins with one slash")
    return pattern or Pattern(text, ()), problems or list(_refusals(pattern))


def _refusals(pattern: Pattern | None) -> Iterator[str]:
    converters = known_converters({})
    for variable in pattern.variables if pattern else ():
        if variable.converter in converters:
            reason = refusal(converters[variable.converter], variable.arguments)
            if reason is not None:
                yield f"{variable}: {reason}"


def _target(handler: object) -> ViewTarget:
    """Where a handler is defined; a bound method stands for the class that it is bound to."""
    owner = getattr(handler, "__self__", handler)
    named = owner if hasattr(owner, "__qualname__") else type(owner)
    return ViewTarget(Reference(f"{named.__module__}:{named.__qualname__}"))


def _repeated_patterns(routes: list[Route]) -> list[str]:
    sound = set(map(id, find_duplicates(routes, Findings())))
    return [f"{route.path}: is a route already" for route in routes if id(route) not in sound]


def _clashing_names(routes: list[Route], handlers: dict[int, H]) -> list[str]:
    """Names that lead to two handlers, of which ``url_for`` could mean either."""
    first: dict[str, H] = {}
    return [
        f"{route.path}: the name `{route.name}` is given to another View already"
        for route in routes
        if route.name is not None
        and first.setdefault(route.name, handlers[id(route)]) != handlers[id(route)]
    ]
