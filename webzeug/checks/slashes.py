"""Routes whose patterns differ by the slash at the end only."""

from collections.abc import Iterator

from webzeug.checks.context import Context, Finding
from webzeug.checks.examples import request_line, sure_reply, told
from webzeug.diagnostics import Diagnostic, Kind, Label, Severity
from webzeug.routing.proving.replies import Reply
from webzeug.routing.proving.slashes import SlashHazard, find_slash_hazards

SLASH_HAZARD = Kind("WZ213", "slash-hazard", Severity.WARNING)


def check(context: Context) -> Iterator[Finding]:
    """Report one pair for two such patterns, if the table confirms what is said of it."""
    for hazard in find_slash_hazards(context.search):
        reply = sure_reply(context, hazard.url, hazard.verb)
        if reply is not None and _is_confirmed(hazard, reply):
            yield from _finding(hazard, reply)


def _is_confirmed(hazard: SlashHazard, reply: Reply) -> bool:
    return reply.status == 405 if hazard.is_lost else reply.route is hazard.slashed


def _finding(hazard: SlashHazard, reply: Reply) -> Iterator[Finding]:
    if hazard.bare.place is None or hazard.slashed.place is None:
        return
    bare, slashed = hazard.bare.path, hazard.slashed.path
    if hazard.is_lost:
        message = f"`{bare}` takes {hazard.verb}, and `{slashed}` does not"
        label = "this one answers with the slash, for other verbs"
    else:
        message = f"`{bare}` and `{slashed}` lead to different places"
        label = "this one answers with the slash"
    diagnostic = Diagnostic(
        SLASH_HAZARD,
        message,
        hazard.bare.place.key,
        others=(Label(hazard.slashed.place.key, label),),
        help=f"{request_line(hazard.url, hazard.verb)} {told(reply)}; "
        f"write all under `{slashed}`, and `{bare}` is redirected to it",
    )
    yield Finding(diagnostic, hazard.bare)
