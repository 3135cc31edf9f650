"""URLs that a converter refuses, although another route would take them."""

from collections.abc import Iterator

from webzeug.checks.context import Context, Finding
from webzeug.checks.examples import listing, request_line, sure_reply, told
from webzeug.checks.spans import variable_span
from webzeug.diagnostics import Diagnostic, Kind, Label, Severity
from webzeug.routing.proving.overlaps import Hidden, find_hidden
from webzeug.routing.proving.replies import Reply

HIDDEN_BY_REFUSAL = Kind("WZ212", "hidden-by-refusal", Severity.WARNING)


def check(context: Context) -> Iterator[Finding]:
    """Report one URL for each route that refuses some, if the table confirms it is lost."""
    for hidden in find_hidden(context.search):
        reply = sure_reply(context, hidden.url, hidden.verb)
        if reply is not None and reply.route is None and not reply.location:
            yield from _finding(hidden, reply)


def _finding(hidden: Hidden, reply: Reply) -> Iterator[Finding]:
    span = variable_span(hidden.refusing, hidden.variables[0])
    if span is None or hidden.lower.place is None:
        return
    diagnostic = Diagnostic(
        HIDDEN_BY_REFUSAL,
        f"values that {listing(hidden.variables)} refuses never reach `{hidden.lower.path}`",
        span,
        others=(Label(hidden.lower.place.key, "this one would take them, but is not tried"),),
        help=f"{request_line(hidden.url, hidden.verb)} {told(reply)}; "
        f"let {listing(hidden.variables)} take any value, and check it in the View",
    )
    yield Finding(diagnostic, hidden.refusing)
