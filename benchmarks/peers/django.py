"""Django, without the middlewares that it lists for new projects; and its URL resolver."""

import json
import re
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse, JsonResponse
from django.urls import path
from django.urls.resolvers import RegexPattern, Resolver404, URLResolver

from benchmarks.routers import Outcome, Router, Row, hit, refused, specific_first

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def hello(request: Any, **args: Any) -> Any:
    return HttpResponse("Hello, World!", content_type="text/plain")


def person(request: Any, name: str) -> Any:
    return HttpResponse(f"Hey there {name}!", content_type="text/plain")


def echo(request: Any) -> Any:
    return JsonResponse(json.loads(request.body))


def middleware(get_response: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A middleware of Django's own kind that does nothing."""

    def handle(request: Any) -> Any:
        return get_response(request)

    return handle


def application(middlewares: int = 0, routes: int = 0) -> "WSGIApplication":
    """Django has one configuration for each process, but reads its middlewares for each handler."""
    if not settings.configured:
        urls = ModuleType("urls")
        urls.urlpatterns = [  # type: ignore[attr-defined]
            path("", hello),
            path("people/<name>/", person),
            path("echo", echo),
            *(path(f"filler/{n}/<int:id>", hello) for n in range(routes)),
        ]
        settings.configure(ROOT_URLCONF=urls, ALLOWED_HOSTS=["*"], MIDDLEWARE=[])
        django.setup()
    settings.MIDDLEWARE = [f"{__name__}.middleware"] * middlewares
    return WSGIHandler()  # type: ignore[no-any-return]


def resolver(rows: Sequence[Row]) -> Router:
    """The resolver knows no verbs, so it is asked for paths alone."""
    if not settings.configured:
        settings.configure()
    first: dict[str, Row] = {}
    for row in specific_first(rows):
        first.setdefault(row.pattern, row)
    patterns = [path(_route(row.pattern), hello, name=row.name) for row in first.values()]
    resolve = URLResolver(RegexPattern(r"^/"), patterns).resolve

    def ask(probe: str) -> Any:
        try:
            return resolve(probe)
        except Resolver404:
            return None

    names = {row.name: first[row.pattern].name for row in rows}
    return Router(lambda path, method: path, ask, _outcome, names, has_verbs=False)


def _route(pattern: str) -> str:
    return (
        re.sub(r"<(?:(int):)?(\w+)>", r"<\g<0>>", pattern[1:]).replace("<<", "<").replace(">>", ">")
    )


def _outcome(answer: Any) -> Outcome:
    return refused(404) if answer is None else hit(answer.url_name, answer.kwargs)
