"""Routes that only their order in the file decides between."""

from collections.abc import Iterator

from webzeug.checks.context import Context, Finding
from webzeug.checks.examples import request_line, sure_reply
from webzeug.diagnostics import Diagnostic, Kind, Label, Severity
from webzeug.routing.proving.overlaps import Tie, find_ties
from webzeug.routing.proving.reachability import find_unreachable

ORDER_DECIDES = Kind("WZ211", "order-decides", Severity.WARNING)


def check(context: Context) -> Iterator[Finding]:
    """Report one pair for each route, if the table confirms its example."""
    unreachable = {id(verdict.route) for verdict in find_unreachable(context.search)}
    for tie in find_ties(context.search):
        if id(tie.second) not in unreachable:
            reply = sure_reply(context, tie.url, tie.verb)
            if reply is not None and reply.route is tie.first:
                yield from _finding(tie)


def _finding(tie: Tie) -> Iterator[Finding]:
    if tie.first.place is None or tie.second.place is None:
        return
    first, second = tie.first.path, tie.second.path
    diagnostic = Diagnostic(
        ORDER_DECIDES,
        f"`{first}` goes before `{second}` only by the order of the file",
        tie.second.place.key,
        others=(Label(tie.first.place.key, "this one takes the URLs that fit both"),),
        help=f"{request_line(tie.url, tie.verb)} fits both; tell them apart by fixed text, "
        "or keep the order and ignore this",
    )
    yield Finding(diagnostic, tie.second)
