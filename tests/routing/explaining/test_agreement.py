"""Explanations of random tables: what happens is what an App does, and the reasons are true."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from hypothesis import given, settings
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from tests.support.random_tables import questions, tables
from webzeug.app import App, Handler, Parts
from webzeug.codebase import Verbs
from webzeug.manifest.model import MountTarget, RedirectTarget, Route
from webzeug.redirects import RedirectHandler
from webzeug.routing.compiling import Ingredients, compile_table
from webzeug.routing.converters import ANY_HOST, BaseConverter, known_converters
from webzeug.routing.explaining import NearMiss, Question, Step, explain
from webzeug.routing.explaining.probing import observer
from webzeug.routing.table import RouteTable
from webzeug.routing.verbs import WEBSOCKET
from webzeug.views import View
from webzeug.wrappers import Request, Response

Table = tuple[list[Route], Ingredients]
Verdict = Route | str | int

PROPERTY = settings(deadline=None, database=None, max_examples=50)


# What an App does


class Both(View):
    """A View with some verbs."""

    def GET(self, **args: Any) -> Response:
        return self._answer()

    def POST(self, **args: Any) -> Response:
        return self._answer()

    def _answer(self) -> Response:
        return Response(headers={"X-Route": str(id(self.request.environ["webzeug.route"]))})


def _mounted(app: App, request: Request, args: Mapping[str, Any]) -> Response:
    return Response(headers={"X-Route": str(id(request.environ["webzeug.route"]))})


def _handler(route: Route) -> Handler:
    match route.target:
        case RedirectTarget() as target:
            return RedirectHandler(target)
        case MountTarget():
            return _mounted
        case view:
            return partial(Both.handle, only=getattr(view, "verb", None))


class Known:
    """Knows the View above."""

    def methods(self, route: Route) -> Verbs:
        return Verbs(dict.fromkeys(Both.verbs, True))

    def has_file(self, route: Route, args: Mapping[str, Any]) -> bool | None:
        return None


@PROPERTY
@given(tables(), questions())
def test_every_step_is_what_an_app_does(table: Table, question: Question) -> None:
    """Each step's status, route, Location and Allow are those of a running App."""
    routes, ingredients = table
    compiled = compile_table(routes, _handler, ingredients).table
    client = App(Parts(compiled)).test_client()
    steps = explain(compiled, question, Known()).steps
    for step in steps:
        if step.outcome in ("leaves", "loops"):
            assert step is steps[-1]
            continue
        environ = step.question.environ()
        response = client.open(environ_overrides=environ)
        assert (step.status or 200) == response.status_code
        assert step.location == response.headers.get("Location", "")
        allowed = response.headers.get("Allow")
        assert step.allowed == (tuple(allowed.split(", ")) if allowed else ())
        if step.outcome == "answers":
            assert str(id(step.route)) == response.headers["X-Route"]


# What would happen if the table were another


def _ask(routes: Sequence[Route], ingredients: Ingredients, question: Question) -> Verdict:
    """The route that a table of these routes chooses, "/" for a redirect, or a status."""
    try:
        table = compile_table(routes, lambda route: route, ingredients).table
        return table.match(question.environ()).route
    except RequestRedirect:
        return "/"
    except HTTPException as error:
        return error.code or 0


def _observed(ingredients: Ingredients, *, is_open: bool = False) -> Ingredients:
    """Converters that refuse no value, and no redirects but for slashes."""
    converters: dict[str, type[BaseConverter]] = {
        name: observer(converter, is_open=is_open)
        for name, converter in known_converters({}).items()
        if name != ANY_HOST
    }
    matching = replace(ingredients.matching, redirect_defaults=False)
    return Ingredients(matching, converters)


def _no_mounts(routes: Sequence[Route]) -> list[Route]:
    return [route for route in routes if not isinstance(route.target, MountTarget)]


def _relaxed(routes: Sequence[Route]) -> list[Route]:
    return [replace(route, strict_slashes=False) for route in routes]


def _reasoned_steps(table: Table, question: Question) -> list[Step]:
    """The steps that have reasons, with all near misses."""
    routes, ingredients = table
    compiled = compile_table(routes, lambda route: route, ingredients).table
    steps = explain(compiled, question, limit=None).steps
    return [
        step
        for step in steps
        if step.outcome not in ("leaves", "loops")
        if step.outcome != "redirects" or step.route is not None
    ]


def _has_doubled_slashes(step: Step) -> bool:
    return "//" in step.question.path


@PROPERTY
@given(tables(), questions())
def test_the_route_behind_a_refusal_or_a_redirect_is_the_one_that_werkzeug_chooses(
    table: Table, question: Question
) -> None:
    """A table whose converters refuse nothing, and that does not redirect, goes to that route."""
    routes, ingredients = table
    compiled = compile_table(routes, lambda route: route, ingredients).table
    for step in _reasoned_steps(table, question):
        verdict = _verdict_of(compiled, step.question)
        chosen = _ask(_no_mounts(routes), _observed(ingredients), step.question)
        if verdict in (404, 405) and step.question.verb != WEBSOCKET:
            assert step.route is (chosen if isinstance(chosen, Route) else None)
        elif verdict == "/" and isinstance(chosen, Route):
            assert step.route is chosen
        elif verdict == "/" and not _has_doubled_slashes(step):
            relaxed = _relaxed(_no_mounts(routes))
            found = _ask(relaxed, _observed(ingredients), step.question)
            index = next(i for i, route in enumerate(relaxed) if route is found)
            assert step.route is _no_mounts(routes)[index]


def _verdict_of(table: RouteTable[Route], question: Question) -> Verdict:
    try:
        return table.match(question.environ()).route
    except RequestRedirect:
        return "/"
    except HTTPException as error:
        return error.code or 0


@PROPERTY
@given(tables(), questions())
def test_no_route_that_would_answer_alone_is_left_out(table: Table, question: Question) -> None:
    """Each route that alone would do anything but 404 is among the near misses, and rightly."""
    routes, ingredients = table
    for step in _reasoned_steps(table, question):
        near = {id(miss.route): miss for miss in step.near_misses}
        assert len(step.near_misses) == len(near)
        assert id(step.route) not in near
        for route in routes:
            if route is step.route or _loses_head(route, routes, step.question):
                continue
            alone = _ask([replace(route, build_only=False)], ingredients, step.question)
            _check_fault(near.get(id(route)), alone, step)


def _loses_head(route: Route, routes: Sequence[Route], question: Question) -> bool:
    """Whether a route may take HEAD only when it is alone."""
    is_implied = "GET" in (route.methods or ()) and "HEAD" not in (route.methods or ())
    return question.verb == "HEAD" and is_implied and len(routes) > 1


def _check_fault(miss: NearMiss | None, alone: Verdict, step: Step) -> None:
    """Hold a near miss against what its route would do alone."""
    reasons = {fault.reason for fault in miss.faults} if miss is not None else set()
    if isinstance(alone, Route) and isinstance(alone.target, MountTarget):
        assert reasons == {"mount"}
    elif isinstance(alone, Route):
        assert len(reasons) == 1
        assert reasons <= {"weight", "order", "build_only"}
    elif alone == 405:
        assert "verb" in reasons
    elif alone == "/" and not _has_doubled_slashes(step):
        assert "slash" in reasons
    else:
        assert not reasons & {"weight", "order", "mount"}


@PROPERTY
@given(tables(), questions())
def test_a_route_without_its_faults_answers(table: Table, question: Question) -> None:
    """With all faults of a near miss mended, its route alone matches."""
    _, ingredients = table
    for step in _reasoned_steps(table, question):
        for miss in step.near_misses:
            reasons = {fault.reason for fault in miss.faults}
            if not reasons <= {"host", "verb", "slash", "build_only", "converter"}:
                continue
            mended = replace(
                miss.route,
                build_only=False,
                host=None if "host" in reasons else miss.route.host,
                methods=None if "verb" in reasons else miss.route.methods,
                strict_slashes=False if "slash" in reasons else miss.route.strict_slashes,
                merge_slashes=True if "slash" in reasons else miss.route.merge_slashes,
            )
            observed = _observed(ingredients, is_open="converter" in reasons)
            verdict = _ask([mended], observed, step.question)
            # Merging slashes redirects, which a handshake is not.
            is_merged = _has_doubled_slashes(step) and verdict in ("/", 404)
            assert verdict is mended or is_merged or isinstance(mended.target, MountTarget)


@PROPERTY
@given(tables(), questions())
def test_weight_and_order_are_told_apart(table: Table, question: Question) -> None:
    """The heavier of two routes goes first in either order, else the earlier one does."""
    routes, ingredients = table
    for step in _reasoned_steps(table, question):
        for miss in step.near_misses:
            if miss.winner is None or miss.reason not in ("weight", "order"):
                continue
            assert miss.winner is step.route or _is_mount(step.route)
            pair = [miss.winner, miss.route]
            if _ask([miss.winner], _observed(ingredients), step.question) is not miss.winner:
                pair = _relaxed(pair)
            observed = _observed(ingredients)
            assert _ask(pair, observed, step.question) is pair[0]
            other_way = _ask(pair[::-1], observed, step.question)
            assert other_way is (pair[0] if miss.reason == "weight" else pair[1])
            if miss.reason == "order":
                is_later = _index(routes, miss.winner) > _index(routes, miss.route)
                assert is_later == ("begins like" in miss.sentence)


def _is_mount(route: Route | None) -> bool:
    return route is not None and isinstance(route.target, MountTarget)


def _index(routes: Sequence[Route], route: Route) -> int:
    return next(index for index, other in enumerate(routes) if other is route)
