"""Redirects that lead to other redirects, round and round, or to a path that nothing answers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from webzeug.checks.context import Context, Finding
from webzeug.checks.examples import sure_reply
from webzeug.checks.redirects import UNKNOWN_TARGET, is_off_site
from webzeug.diagnostics import Diagnostic, Kind, Label, Severity
from webzeug.manifest.model import RedirectTarget, Route
from webzeug.manifest.patterns import parse_pattern
from webzeug.routing.explaining.questions import Question
from webzeug.routing.locations import redirect_location
from webzeug.routing.proving.claims import URL, Claim
from webzeug.routing.proving.search import ELSEWHERE
from webzeug.routing.urls import URLError, base_of_request

REDIRECT_LOOP = Kind("WZ207", "redirect-loop")
REDIRECT_CHAIN = Kind("WZ208", "redirect-chain", Severity.WARNING)

_MOST_HOPS = 10


@dataclass(frozen=True, slots=True)
class _Journey:
    """The URLs that a client is sent to, and the redirecting routes on the way.

    ``status`` is that of the answer at the end, 0 where it is not known or goes round.
    """

    urls: Sequence[URL]
    routes: Sequence[Route]
    status: int = 0
    is_loop: bool = False

    def __str__(self) -> str:
        return " -> ".join(map(_shown, self.urls))


def _shown(url: URL) -> str:
    return url.path if url.host == ELSEWHERE else str(url)


def check(context: Context) -> Iterator[Finding]:
    """Follow one example of each redirect, as the compiled table answers it."""
    reported: set[int] = set()
    for claim in context.search.claims:
        target = claim.route.target
        if isinstance(target, RedirectTarget) and target.place is not None:
            journey = _journey(context, claim)
            if journey is not None and not (journey.is_loop and id(claim.route) in reported):
                reported |= {id(route) for route in journey.routes if journey.is_loop}
                yield from _judge(context, claim.route, target, journey)


def _journey(context: Context, claim: Claim) -> _Journey | None:
    url = next(context.search.samples(claim), None)
    reply = sure_reply(context, url, "GET") if url else None
    if url is None or reply is None or reply.route is not claim.route:
        return None
    urls, routes = [url], [claim.route]
    while len(urls) <= _MOST_HOPS:
        url = _next(context, urls[-1])
        if url is None:
            return _Journey(urls, routes)
        if url in urls:
            return _Journey([*urls, url], routes, is_loop=True)
        urls.append(url)
        reply = sure_reply(context, url, "GET")
        if reply is None:
            return _Journey(urls, routes)
        if reply.route is not None:
            if not isinstance(reply.route.target, RedirectTarget):
                return _Journey(urls, routes, reply.status)
            routes.append(reply.route)
        elif not reply.location:
            return _Journey(urls, routes, reply.status)
    return _Journey(urls, routes)


def _next(context: Context, url: URL) -> URL | None:
    """Where a redirect leads to, of the manifest or for a slash; None for another site."""
    environ = Question("GET", url.path, url.host or ELSEWHERE).environ()
    reply = sure_reply(context, url, "GET")
    if reply is None or (reply.route is None and not reply.location):
        return None
    location = reply.location
    if reply.route is not None:
        match = context.table.match(environ)
        assert isinstance(reply.route.target, RedirectTarget)
        if is_off_site(reply.route.target.to):
            return None
        base = base_of_request(environ)
        try:
            location = redirect_location(
                context.table, base, reply.route.target, match.args, query=""
            )
        except (URLError, KeyError):  # which has been reported
            return None
    parts = urlsplit(location)
    host = (parts.netloc or url.host) if context.search.has_hosts else None
    return URL(host, unquote(parts.path)) if parts.path.startswith("/") else None


def _judge(
    context: Context, route: Route, target: RedirectTarget, journey: _Journey
) -> Iterator[Finding]:
    assert target.place is not None
    span = target.place.value
    others = tuple(Label(r.place.key, "and this one") for r in journey.routes[1:] if r.place)
    if journey.is_loop:
        message = f"this redirect never ends: {journey}"
        help_text = "let one of them lead to a route that answers"
        yield Finding(Diagnostic(REDIRECT_LOOP, message, span, others, help_text), route)
    elif journey.status == 404 and context.is_whole and _is_certain(context, target):
        message = f"no route answers {_shown(journey.urls[-1])}"
        help_text = (
            "correct the path; if something in front of this program answers it, add a route "
            "with build_only = true"
        )
        yield Finding(Diagnostic(UNKNOWN_TARGET, message, span, others, help_text), route)
    elif len(journey.urls) > 2 and journey.status:
        message = f"this leads on to another redirect: {journey}"
        help_text = "lead to the last one at once"
        yield Finding(Diagnostic(REDIRECT_CHAIN, message, span, others, help_text), route)


def _is_certain(context: Context, target: RedirectTarget) -> bool:
    """Whether the example is all that the target can be, and nothing else may answer it."""
    pattern, _ = parse_pattern(target.to)
    if target.is_name or pattern is None or pattern.variables:
        return False
    built = (route for route in context.manifest.routes if route.build_only)
    return not any(target.to.startswith(route.pattern.text.partition("<")[0]) for route in built)
