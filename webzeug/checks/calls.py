"""Which methods of Views the routes call, as far as the source text makes it certain."""

from collections.abc import Iterator
from dataclasses import dataclass

from webzeug.checks.context import Context
from webzeug.codebase import Found, Method
from webzeug.manifest.model import Route, ViewTarget
from webzeug.routing.verbs import WEBSOCKET


@dataclass(frozen=True, slots=True)
class Call:
    """A route that calls a method, with the verbs that lead there."""

    route: Route
    target: ViewTarget
    method: Method
    verbs: tuple[str, ...]

    @property
    def name(self) -> str:
        """``Hello.GET``, as the route has it."""
        return f"{self.target.view.last_name}.{self.verbs[0]}"

    @property
    def first(self) -> int:
        """How many arguments come before the variables: ``self`` or ``cls``, and a WebSocket."""
        return (self.method.kind != "static") + (WEBSOCKET in self.verbs)

    @property
    def values(self) -> tuple[str, ...]:
        """The names of the keyword arguments: variables and defaults."""
        return tuple(dict.fromkeys((*self.route.variables, *self.route.defaults)))


def views(context: Context) -> Iterator[tuple[Route, ViewTarget, Found]]:
    """The routes whose View class can be read."""
    for route in context.manifest.routes:
        if isinstance(route.target, ViewTarget) and not route.build_only:
            found = context.codebase.find(route.target.view.path)
            if isinstance(found, Found) and found.verbs is not None and found.is_view:
                yield route, route.target, found


def calls(context: Context) -> Iterator[Call]:
    """Every method that a route calls, once for each route."""
    for route, target, found in views(context):
        assert found.verbs is not None
        by_method: dict[Method, list[str]] = {}
        for verb, method in found.verbs.methods.items():
            if leads_to(route, target, verb):
                by_method.setdefault(method, []).append(verb)
        for method, verbs in by_method.items():
            yield Call(route, target, method, tuple(verbs))


def leads_to(route: Route, target: ViewTarget, verb: str) -> bool:
    """Whether a request with a verb may come to the method of that name."""
    if target.verb is not None:
        return verb == target.verb
    if route.methods is None or verb in route.methods:
        return True
    return verb == "HEAD" and "GET" in route.methods
