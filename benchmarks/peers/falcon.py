"""Falcon, and its compiled router."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import falcon
from falcon.routing import CompiledRouter

from benchmarks.routers import Outcome, Router, Row, hit, patterns_of, refused

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class Hello:
    def on_get(self, request: Any, response: Any, **args: Any) -> None:
        response.content_type = falcon.MEDIA_TEXT
        response.text = "Hello, World!"


class Person:
    def on_get(self, request: Any, response: Any, name: str) -> None:
        response.content_type = falcon.MEDIA_TEXT
        response.text = f"Hey there {name}!"


class Echo:
    def on_post(self, request: Any, response: Any) -> None:
        response.media = request.get_media()


class Middleware:
    """Sees each request and each response."""

    def process_request(self, request: Any, response: Any) -> None:
        pass

    def process_response(
        self, request: Any, response: Any, resource: Any, req_succeeded: bool
    ) -> None:
        pass


def application(middlewares: int = 0, routes: int = 0) -> "WSGIApplication":
    """Its middlewares are components with two methods."""
    app: Any = falcon.App(middleware=[Middleware() for _ in range(middlewares)])
    app.add_route("/", Hello())
    app.add_route("/people/{name}/", Person())
    app.add_route("/echo", Echo())
    for n in range(routes):
        app.add_route(f"/filler/{n}/{{id:int}}", Hello())
    return app  # type: ignore[no-any-return]


def compiled(rows: Sequence[Row]) -> Router:
    """One resource for each pattern, with a responder for each of its verbs."""
    router: Any = CompiledRouter()
    for pattern, sharing in patterns_of(rows).items():
        router.add_route(_template(pattern), _resource(sharing))
    find = router.find
    find("/")  # compiles

    def ask(probe: tuple[str, str]) -> Any:
        path, method = probe
        found = find(path)
        return None if found is None else (found[1].get(method), found[2])

    return Router(lambda path, method: (path, method), ask, _outcome)


def _template(pattern: str) -> str:
    return re.sub(r"<(?:(int):)?(\w+)>", lambda m: f"{{{m[2]}{':int' if m[1] else ''}}}", pattern)


def _resource(rows: Sequence[Row]) -> object:
    """Responders are bound methods of objects that know their row's name."""
    responders = {
        f"on_{method.lower()}": _Responder(row.name).respond
        for row in rows
        for method in row.methods or ()
    }
    return type("Resource", (), {name: staticmethod(r) for name, r in responders.items()})()


class _Responder:
    def __init__(self, name: str) -> None:
        self.name = name

    def respond(self, request: Any, response: Any, **args: Any) -> None:
        pass


def _outcome(answer: Any) -> Outcome:
    if answer is None:
        return refused(404)
    responder, args = answer
    owner = getattr(responder, "__self__", None)
    return hit(owner.name, args) if isinstance(owner, _Responder) else refused(405)
