"""explain: what a table does with a request, step by step, and why no other route answers.

What happens is asked of the table itself; only the reasons are looked for here. So an
explanation cannot say anything else than what an App with this table does.
"""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote, urlsplit

from webzeug.manifest.model import MountTarget, RedirectTarget, Route
from webzeug.routing.explaining.dependence import stand_ins, unsure_routes, variables_of
from webzeug.routing.explaining.inquiry import Inquiry
from webzeug.routing.explaining.near_misses import Search
from webzeug.routing.explaining.probing import Chosen, Refusal
from webzeug.routing.explaining.questions import Question
from webzeug.routing.explaining.steps import NOTHING_KNOWN, Explanation, Known, Step
from webzeug.routing.explaining.verdicts import decide
from webzeug.routing.locations import resolve_name
from webzeug.routing.table import RouteTable
from webzeug.routing.verbs import WEBSOCKET
from webzeug.routing.ways import way_taken

MAX_REDIRECTS = 20
"""After as many, clients give up (the Fetch standard, 4.4)."""

NEAREST = 5
"""How many near misses are shown unless all are asked for."""

MOST_ASKED = 40
"""So many routes are looked at closely, unless all are asked for: each takes about 1 ms."""


def explain(
    table: RouteTable[Any],
    question: Question,
    known: Known = NOTHING_KNOWN,
    limit: int | None = NEAREST,
) -> Explanation:
    """What comes of a request, redirects followed, with the nearest ``limit`` routes of a step.

    The table may be that of a running App, or compiled without code.
    """
    steps: list[Step] = []
    asked: set[tuple[str, str, str]] = set()
    while True:
        asked.add(question.place)
        step = _reasoned(table, decide(table, question, known), limit)
        steps.append(step)
        if step.outcome != "redirects":
            return Explanation(tuple(steps))
        following = _following(step)
        if following is None:
            steps.append(Step(question, "leaves", location=step.location))
            return Explanation(tuple(steps))
        if following.place in asked or len(steps) == MAX_REDIRECTS:
            is_loop = following.place in asked
            why = "this was asked before" if is_loop else "clients give up after so many redirects"
            steps.append(Step(following, "loops", why=why))
            return Explanation(tuple(steps))
        question = following


def _following(step: Step) -> Question | None:
    """What a client asks next; None if that is another site's."""
    target = step.route.target if step.route is not None else None
    host = urlsplit(step.location).netloc
    is_url = isinstance(target, RedirectTarget) and not target.is_name and host != ""
    if is_url and host != step.question.host:
        return None
    return step.question.redirected(step.location, step.status or 308)


def _reasoned(table: RouteTable[Any], step: Step, limit: int | None) -> Step:
    """The step with its reasons: the route behind it, near misses, what it depends on."""
    if step.status in (400, 500) and step.route is None:
        return step
    is_unmatched = step.outcome == "not-found" and step.route is None
    most = None if limit is None else max(limit, MOST_ASKED)
    inquiry = Inquiry(table, step.question, with_similar=is_unmatched, most=most)
    behind = _behind(inquiry, step)
    route = step.route or (table.routes[behind.index] if behind.index is not None else None)
    is_found = not is_unmatched and not _is_mount(route)
    is_decided = is_found and (step.is_matched or step.outcome == "redirects")
    unsure = unsure_routes(inquiry, behind.index if is_decided else None, is_found=is_found)
    search = Search(inquiry, route, behind.index, unsure)
    # Where slashes are merged, what matters comes with the next step.
    is_merged = step.outcome == "redirects" and route is None
    misses, more = ((), 0) if is_merged else search.near_misses(limit)
    involved = [*_involved(table, step, route), *(table.routes[index] for index in unsure)]
    return replace(
        step,
        route=route,
        why=behind.why or step.why,
        near_misses=misses,
        more=more,
        depends_on=_dependence(table, involved),
        way=way_taken(table, step.question.environ()) if step.is_matched else None,
    )


@dataclass(frozen=True, slots=True)
class _Behind:
    """The route of the Map that the others fail for, by its index, and what is behind that.

    It is the one that answers or redirects, or that Werkzeug goes for in vain.
    """

    index: int | None = None
    why: str = ""


def _behind(inquiry: Inquiry, step: Step) -> _Behind:
    if step.route is not None and not _is_mount(step.route):
        return _Behind(inquiry.index(step.route))
    if step.outcome == "redirects":
        return _behind_redirect(inquiry, adds_slash=_adds_slash(step))
    behind = _behind_refusal(inquiry)
    return replace(behind, why="") if step.route is not None else behind


def _adds_slash(step: Step) -> bool:
    """Whether all that a redirect does is to add a slash."""
    question = step.question
    longer = f"{question.script_name}/{f'{question.path}/'.lstrip('/')}"
    return unquote(urlsplit(step.location).path) == longer


def _behind_redirect(inquiry: Inquiry, *, adds_slash: bool) -> _Behind:
    """The route for whose sake Werkzeug redirects; merging slashes, it does so for none."""
    routes, chosen = inquiry.table.routes, inquiry.chosen()
    if isinstance(chosen, int):
        name = routes[chosen].name
        return _Behind(chosen, f"the URL spells out what is a default of `{name}` elsewhere")
    if not adds_slash:
        return _Behind(None, "doubled slashes are merged")
    slashing = inquiry.slashing()
    if slashing is None:
        return _Behind(None, "a slash is missing at the end")
    return _Behind(slashing, f"`{routes[slashing].path}` ends with a slash")


def _behind_refusal(inquiry: Inquiry) -> _Behind:
    """The route that Werkzeug goes for, and whose converter then refuses the value.

    That makes it 405 if routes for other verbs were passed over on the way. A handshake is
    refused also where another request would be redirected.
    """
    chosen = inquiry.chosen()
    reply = inquiry.reply(chosen) if isinstance(chosen, int) else None
    if isinstance(chosen, int) and isinstance(reply, Chosen) and reply.refused:
        path = inquiry.table.routes[chosen].path
        refused = " and ".join(f"`{text}`" for text in reply.refused.values())
        why = f"`{path}` fits, but does not take {refused}, and Werkzeug looks no further then"
        return _Behind(chosen, why)
    if inquiry.question.verb != WEBSOCKET or chosen is Refusal.NOTHING_FITS:
        return _Behind()
    is_merged = "//" in inquiry.question.path.lstrip("/")
    behind = _behind_redirect(inquiry, adds_slash=not is_merged)
    return replace(behind, why=f"{behind.why}, but a WebSocket handshake is not redirected")


def _involved(table: RouteTable[Any], step: Step, route: Route | None) -> list[Route]:
    """The routes whose converters decide what a step leads to."""
    if route is None:
        return []
    name = route.name
    if isinstance(route.target, RedirectTarget):
        name = resolve_name(table, route.target)
    is_built = step.outcome == "redirects" and name is not None
    return [route, *(table.names.get(name, ()) if is_built and name else ())]


def _dependence(table: RouteTable[Any], routes: list[Route]) -> tuple[str, ...]:
    names = stand_ins(table)
    return tuple(
        sorted(names.intersection(v.converter for route in routes for v in variables_of(route)))
    )


def _is_mount(route: Route | None) -> bool:
    return route is not None and isinstance(route.target, MountTarget)
