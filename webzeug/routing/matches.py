"""What matching leads to, and the Werkzeug rule that knows its way there."""

from collections.abc import Mapping
from typing import Any, Generic, NamedTuple, TypeVar

from werkzeug.routing import Rule

from webzeug.manifest.model import Route

H = TypeVar("H")


class RouteRule(Rule, Generic[H]):
    """A Werkzeug Rule that knows its way back to the Route, and on to what answers."""

    route: Route
    handler: H


class Match(NamedTuple, Generic[H]):
    """What a request led to: the route, what answers it, and the URL's variables.

    ``moved`` are the environ's SCRIPT_NAME and PATH_INFO below a mount, for what is mounted.
    """

    route: Route
    handler: H
    args: Mapping[str, Any]
    moved: Mapping[str, str] | None = None
