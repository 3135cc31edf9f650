"""What a table does with one question: the table itself is asked, nothing is guessed."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import RequestRedirect
from werkzeug.urls import iri_to_uri

from webzeug.manifest.model import RedirectTarget, StaticTarget, ViewTarget
from webzeug.routing.explaining.questions import Question
from webzeug.routing.explaining.steps import Known, Methods, Step
from webzeug.routing.locations import redirect_location
from webzeug.routing.octets import encoded, quoted_query
from webzeug.routing.table import RouteTable
from webzeug.routing.urls import URLError, base_of_request
from webzeug.routing.verbs import (
    WEBSOCKET,
    UpgradeRequired,
    WrongVerb,
    allowed_verbs,
    refusal,
)


def decide(table: RouteTable[Any], question: Question, known: Known) -> Step:
    """What an App with this table does, as far as that is known without running a View."""
    try:
        found = table.match(question.environ())
    except RequestRedirect as redirect:
        return Step(question, "redirects", redirect.code, location=iri_to_uri(redirect.new_url))
    except WrongVerb as error:
        step = Step(question, "method-not-allowed")
        return _without_verb(step, error.verbs, "no route for this path takes")
    except NotFound:
        return Step(question, "not-found", 404)
    except HTTPException as error:
        return Step(question, "bad-request", error.code, why=f"`{question.host}` is not a host")
    # A converter is the application's code, and may raise anything; the App answers 500 then.
    except Exception as error:
        why = f"a converter raises {type(error).__name__}: {error}"
        return Step(question, "fails", 500, why=why)
    step = Step(
        question,
        "answers",
        route=found.route,
        is_matched=True,
        args=found.args,
        moved=found.moved or {},
    )
    match found.route.target:
        case RedirectTarget() as target:
            return _redirected(table, step, target)
        case ViewTarget() as target:
            return _viewed(step, target, known.methods(found.route))
        case StaticTarget() if known.has_file(found.route, found.args) is False:
            return replace(step, outcome="not-found", status=404, why="there is no such file")
        case _:
            return step


def _without_verb(step: Step, taken: Iterable[str], who: str) -> Step:
    """Nothing takes this verb; OPTIONS is then answered with what is allowed."""
    verb, taken = step.question.verb, tuple(taken)
    verbs = tuple(allowed_verbs(taken))
    if verb == "OPTIONS":
        why = f"{who} {verb}, so what is allowed is said for it"
        return replace(step, outcome="options", status=204, why=why, allowed=verbs)
    counts = " (the case of a method counts)" if verb.upper() != verb else ""
    why = f"{who} {verb}{counts}"
    code = refusal(verb, taken).code
    if code == UpgradeRequired.code:
        why = f"{who} {verb}, but a WebSocket handshake"
    return replace(step, outcome="method-not-allowed", status=code, why=why, allowed=verbs)


def _redirected(table: RouteTable[Any], step: Step, target: RedirectTarget) -> Step:
    question = step.question
    if question.verb == WEBSOCKET:
        why = "a WebSocket handshake is not redirected"
        return replace(step, outcome="not-found", status=404, why=why)
    base = base_of_request(question.environ())
    query = quoted_query(encoded(question.query))
    try:
        location = iri_to_uri(redirect_location(table, base, target, step.args, query))
    except URLError as error:
        return replace(step, outcome="not-found", status=404, why=str(error))
    return replace(step, outcome="redirects", status=target.status, location=location)


def _viewed(step: Step, target: ViewTarget, methods: Methods | None) -> Step:
    """What a View with these methods does; it answers HEAD with GET if it has no HEAD."""
    if methods is None:
        return step
    verb = step.question.verb
    if verb == "HEAD" and _has(target, methods, verb) is False:
        verb = "GET"
    has = _has(target, methods, verb)
    if has is None:
        return replace(step, why=f"whether the View has a method {verb} cannot be read")
    if has:
        is_head = step.question.verb != verb
        return replace(step, method=verb, why="GET answers HEAD, too" if is_head else "")
    claimed = step.route.methods if step.route is not None else None
    verbs = (verb for verb in methods.known if claimed is None or verb in claimed)
    taken = [verb for verb in verbs if _has(target, methods, verb)]
    return _without_verb(step, taken, "the View has no method")


def _has(target: ViewTarget, methods: Methods, verb: str) -> bool | None:
    """Whether a View answers a verb for a route, which may use only one of its methods."""
    return methods.has(verb) if target.verb in (None, verb) else False
