"""What matching leads to, and the Werkzeug rule that knows its way there."""

from collections.abc import Callable, Mapping
from typing import Any, Generic, NamedTuple, TypeVar

from werkzeug.routing import Rule

from webzeug.manifest.model import Route

H = TypeVar("H")


class RouteRule(Rule, Generic[H]):
    """A Werkzeug Rule that knows its way back to the Route, and on to what answers.

    It compiles its URL builders when the first URL is built.
    """

    route: Route
    handler: H

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        # Werkzeug compiles two functions for each rule here, which is most of what making a Map
        # costs (tests/routing/test_werkzeug_contract.py says what of it we rely on).
        compile_now = super()._compile_builder
        builders: list[Callable[..., tuple[str, str]]] = []

        def build(rule: Rule, **values: Any) -> tuple[str, str]:
            if not builders:
                builders.append(compile_now(append_unknown))
            return builders[0](rule, **values)

        return build


class Match(NamedTuple, Generic[H]):
    """What a request led to: the route, what answers it, and the URL's variables.

    ``moved`` are the environ's SCRIPT_NAME and PATH_INFO below a mount, for what is mounted.
    """

    route: Route
    handler: H
    args: Mapping[str, Any]
    moved: Mapping[str, str] | None = None
