"""Pyramid."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pyramid.config import Configurator
from pyramid.response import Response

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def tween(handler: Callable[[Any], Any], registry: object) -> Callable[[Any], Any]:
    """A middleware of Pyramid's own kind that does nothing."""

    def handle(request: Any) -> Any:
        return handler(request)

    return handle


# Each tween needs a name of its own.
globals().update(
    {f"tween{n}": lambda handler, registry: tween(handler, registry) for n in range(10)}
)


def application(middlewares: int = 0, routes: int = 0) -> "WSGIApplication":
    """Its middlewares are tweens."""
    config = Configurator()
    _add(config, "/", "GET", lambda request: Response("Hello, World!", content_type="text/plain"))
    _add(config, "/people/{name}/", "GET", _person)
    config.add_route("/echo", "/echo")
    config.add_view(lambda request: request.json_body, route_name="/echo", renderer="json")
    for n in range(routes):
        _add(config, rf"/filler/{n}/{{id:\d+}}", "GET", _person)
    for n in range(middlewares):
        config.add_tween(f"{__name__}.tween{n}")
    return config.make_wsgi_app()  # type: ignore[no-any-return]


def _person(request: Any) -> Any:
    text = f"Hey there {request.matchdict['name']}!"
    return Response(text, content_type="text/plain")


def _add(config: Any, pattern: str, method: str, view: Callable[[Any], Any]) -> None:
    config.add_route(pattern, pattern)
    config.add_view(view, route_name=pattern, request_method=method)
