"""Werkzeug by itself: its Map, its Request and its Response, put together by hand."""

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, RequestRedirect, Rule
from werkzeug.wrappers import Request, Response

from benchmarks.routers import Outcome, Router, Row, environ_of, hit, redirect, refused
from benchmarks.wrapping import wrapped

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class View:
    """One instance for each request, as webzeug's Views."""

    def __init__(self, request: Request) -> None:
        self.request = request


class Hello(View):
    def GET(self) -> Response:
        return Response("Hello, World!")


class Person(View):
    def GET(self, name: str) -> Response:
        return Response(f"Hey there {name}!")


class Echo(View):
    def POST(self) -> Response:
        return Response(json.dumps(self.request.get_json()), mimetype="application/json")


def application(middlewares: int = 0, routes: int = 0) -> "WSGIApplication":
    """Endpoints are View classes, whose methods are the verbs."""
    rules = [
        Rule("/", endpoint=Hello),
        Rule("/people/<name>/", endpoint=Person),
        Rule("/echo", endpoint=Echo),
        *(Rule(f"/filler/{n}/<int:id>", endpoint=object()) for n in range(routes)),
    ]
    map_ = Map(rules)

    def respond(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        request = Request(environ)
        adapter = map_.bind_to_environ(environ)
        try:
            view, args = adapter.match()
            response = getattr(view(request), request.method)(**args)
        except HTTPException as error:
            return error(environ, start_response)
        return response(environ, start_response)  # type: ignore[no-any-return]

    return wrapped(respond, middlewares)


def map_of(rows: Sequence[Row]) -> Map:
    """The Map of some rows, ready to match."""
    map_ = Map([Rule(row.pattern, endpoint=row.name, methods=row.methods) for row in rows])
    map_.update()
    return map_


def bound_once(rows: Sequence[Row]) -> Router:
    """The least that Werkzeug can do: nothing but matching."""
    match = map_of(rows).bind("localhost").match

    def ask(probe: tuple[str, str]) -> Any:
        try:
            return match(*probe)
        except HTTPException as error:
            return error

    return Router(lambda path, method: (path, method), ask, outcome, has_redirects=True)


def bound_per_request(rows: Sequence[Row]) -> Router:
    """What a program does: bind the Map to each request's environ."""
    bind = map_of(rows).bind_to_environ

    def ask(environ: "WSGIEnvironment") -> Any:
        try:
            return bind(environ).match()
        except HTTPException as error:
            return error

    return Router(environ_of, ask, outcome, has_redirects=True)


def outcome(answer: Any) -> Outcome:
    """What a match, or the exception in its place, amounts to."""
    if isinstance(answer, RequestRedirect):
        return redirect(answer.new_url.removeprefix("http://localhost"))
    if isinstance(answer, HTTPException):
        return refused(answer.code or 0)
    return hit(*answer)
