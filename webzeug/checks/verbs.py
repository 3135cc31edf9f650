"""Verbs that are no method of HTTP."""

from collections.abc import Iterator

from webzeug.checks.context import Context, Finding
from webzeug.checks.spans import verb_span
from webzeug.codebase import Found
from webzeug.diagnostics import Diagnostic, Kind, Severity
from webzeug.manifest.decoding import did_you_mean
from webzeug.manifest.model import Route, ViewTarget
from webzeug.routing.verbs import WEBSOCKET

UNKNOWN_VERB = Kind("WZ215", "unknown-verb", Severity.WARNING)

REGISTERED = frozenset(
    (
        "ACL", "BASELINE-CONTROL", "BIND", "CHECKIN", "CHECKOUT", "CONNECT", "COPY", "DELETE",
        "GET", "HEAD", "LABEL", "LINK", "LOCK", "MERGE", "MKACTIVITY", "MKCALENDAR", "MKCOL",
        "MKREDIRECTREF", "MKWORKSPACE", "MOVE", "OPTIONS", "ORDERPATCH", "PATCH", "POST", "PRI",
        "PROPFIND", "PROPPATCH", "PUT", "QUERY", "REBIND", "REPORT", "SEARCH", "TRACE",
        "UNBIND", "UNCHECKOUT", "UNLINK", "UNLOCK", "UPDATE", "UPDATEREDIRECTREF",
        "VERSION-CONTROL",
    )
)  # fmt: skip
"""https://www.iana.org/assignments/http-methods, and QUERY, which is about to be there."""

_COMMON = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "REPORT")


def check(context: Context) -> Iterator[Finding]:
    """Report verbs that the manifest writes and the registry does not have."""
    for route in context.manifest.routes:
        for verb in route.methods or ():
            if verb not in REGISTERED and verb != WEBSOCKET and _is_defined(context, route, verb):
                message = f"`{verb}` is no method of HTTP that is registered"
                help_text = did_you_mean(verb, _COMMON) or "ignore this if your clients send it"
                span = verb_span(route, verb)
                yield Finding(Diagnostic(UNKNOWN_VERB, message, span, help=help_text), route)


def _is_defined(context: Context, route: Route, verb: str) -> bool:
    """Whether the View has, or may have, a method for it; if not, that has been said."""
    if not isinstance(route.target, ViewTarget):
        return True
    found = context.codebase.find(route.target.view.path)
    if not isinstance(found, Found) or found.verbs is None:
        return True
    return found.verbs.has(verb) is not False
