"""URLs that a converter refuses, although another route would take them.

What it does: finds a route whose converter takes the text of a URL and then refuses its value
(min, max, fixed_digits), beside a route that takes any text in the same place.

Why it is bad: Werkzeug looks for no other route once one has matched, so the URL is a 404. Most
people expect the other route to answer.

Example: "/<int(min=10):id>" = "shop.Item" and "/<name>" = "shop.Page": /5 is a 404.

Use instead: a converter without bounds, and a check of the value in the View; or other fixed text
for one of the two.

Silent: where the routes part before the variable that is refused (a route that takes all the
rest is not meant for it); where a mounted application answers; for float with bounds, for
converters of the application's own, and where a regular expression decides.
"""

from collections.abc import Iterator

from webzeug.checks.context import Context, Finding
from webzeug.checks.examples import listing, request_line, sure_reply, told
from webzeug.diagnostics import Diagnostic, Kind, Label, Severity
from webzeug.manifest.model import Route
from webzeug.routing.proving.overlaps import Hidden, find_hidden
from webzeug.routing.proving.replies import Reply
from webzeug.source import Span

HIDDEN_BY_REFUSAL = Kind("WZ212", "hidden-by-refusal", Severity.WARNING)


def check(context: Context) -> Iterator[Finding]:
    """Report one URL for each route that refuses some, if the table confirms it is lost."""
    for hidden in find_hidden(context.search):
        reply = sure_reply(context, hidden.url, hidden.verb)
        if reply is not None and reply.route is None and not reply.location:
            yield from _finding(hidden, reply)


def _finding(hidden: Hidden, reply: Reply) -> Iterator[Finding]:
    span = _span(hidden.refusing, hidden.variables[0])
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


def _span(route: Route, name: str) -> Span | None:
    """Where a variable is written."""
    patterns = (route.host, route.pattern) if route.host else (route.pattern,)
    variables = [variable for pattern in patterns for variable in pattern.variables]
    return next((variable.span for variable in variables if variable.name == name), None)
