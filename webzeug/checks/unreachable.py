"""Routes that no request can reach."""

from collections.abc import Iterator

from webzeug.checks.context import Context, Finding
from webzeug.checks.examples import listing, request_line, sure_reply, told
from webzeug.diagnostics import Diagnostic, Kind, Label
from webzeug.routing.proving.claims import Reason
from webzeug.routing.proving.reachability import Coverer, Unreachable, find_unreachable
from webzeug.routing.proving.replies import reply_of

UNREACHABLE = Kind("WZ210", "unreachable-route")

_MOST_LABELS = 5


def check(context: Context) -> Iterator[Finding]:
    """Report what is proved, unless the table itself has an answer of the route."""
    for verdict in find_unreachable(context.search):
        replies = [reply_of(context.table, url, verdict.verb) for url in verdict.urls]
        is_answered = any(reply.route is verdict.route for reply in replies)
        if verdict.route.place is not None and not is_answered:
            diagnostic = Diagnostic(
                UNREACHABLE,
                _message(verdict),
                verdict.route.place.key,
                others=tuple(_labels(verdict)),
                help="; ".join(_helps(context, verdict)),
            )
            yield Finding(diagnostic, verdict.route)


def _message(verdict: Unreachable) -> str:
    coverers = list(dict.fromkeys(coverer.route.path for coverer in verdict.coverers))
    verb = "takes" if len(coverers) == 1 else "take"
    urls = "all of its URLs" if verdict.route.variables else "its URL"
    return f"no request reaches `{verdict.route.path}`: {listing(coverers)} {verb} {urls} first"


def _labels(verdict: Unreachable) -> Iterator[Label]:
    for coverer in verdict.coverers[:_MOST_LABELS]:
        if coverer.route.place is not None:
            yield Label(coverer.route.place.key, _why(coverer))


def _why(coverer: Coverer) -> str:
    if coverer.opener is None:
        return coverer.reason.value
    return f"it weighs the same, and begins like `{coverer.opener.path}`, which stands first"


def _helps(context: Context, verdict: Unreachable) -> Iterator[str]:
    for url in verdict.urls[:1]:
        reply = sure_reply(context, url, verdict.verb)
        if reply is not None:
            yield f"{request_line(url, verdict.verb)} {told(reply)}"
    if verdict.is_but_for_odd_paths:
        yield "only a path with a line break (%0A) or two slashes in a row is left to it"
    yield _advice(verdict)


def _advice(verdict: Unreachable) -> str:
    reasons = {coverer.reason for coverer in verdict.coverers}
    if reasons == {Reason.ORDER}:
        first = verdict.coverers[0]
        return f"write this one above `{(first.opener or first.route).path}`"
    if reasons == {Reason.DEFAULTS}:
        return "give this one another name, or no defaults of its own"
    return "remove this one, or leave it some URLs by a narrower pattern or by `methods`"
