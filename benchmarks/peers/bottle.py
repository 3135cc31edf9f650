"""Bottle, and its router."""

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import bottle

from benchmarks.routers import Outcome, Router, Row, environ_of, hit, refused

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment


def application(middlewares: int = 0, routes: int = 0) -> "WSGIApplication":
    """Its middlewares are plugins, which wrap each callback."""
    app = bottle.Bottle()

    @app.get("/")  # type: ignore[untyped-decorator]
    def hello(**args: Any) -> str:
        bottle.response.content_type = "text/plain; charset=UTF-8"
        return "Hello, World!"

    @app.get("/people/<name>/")  # type: ignore[untyped-decorator]
    def person(name: str) -> str:
        bottle.response.content_type = "text/plain; charset=UTF-8"
        return f"Hey there {name}!"

    @app.post("/echo")  # type: ignore[untyped-decorator]
    def echo() -> Any:
        return bottle.request.json

    for n in range(routes):
        app.route(f"/filler/{n}/<id:int>", "GET", hello)
    for _ in range(middlewares):
        app.install(_plugin())
    return app  # type: ignore[no-any-return]


def _plugin() -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def plugin(callback: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            return callback(*args, **kwargs)

        return wrapper

    return plugin


def router(rows: Sequence[Row]) -> Router:
    """``bottle.Router``; its targets are the rows' names."""
    made = bottle.Router()
    for row in rows:
        rule = re.sub(r"<(?:(int):)?(\w+)>", _variable, row.pattern)
        for method in row.methods or ():
            made.add(rule, method, row.name)
    match = made.match

    def ask(environ: "WSGIEnvironment") -> Any:
        try:
            return match(environ)
        except bottle.HTTPError as error:
            return error

    return Router(environ_of, ask, _outcome)


def _variable(match: "re.Match[str]") -> str:
    return f"<{match[2]}:int>" if match[1] else f"<{match[2]}>"


def _outcome(answer: Any) -> Outcome:
    if isinstance(answer, bottle.HTTPError):
        return refused(answer.status_code)
    return hit(*answer)
