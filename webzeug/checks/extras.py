"""WebSockets without the package that they need."""

from collections.abc import Iterator

from webzeug.checks.context import Context, Finding
from webzeug.codebase import Found, Missing
from webzeug.diagnostics import Diagnostic, Kind
from webzeug.manifest.model import Route, ViewTarget

MISSING_EXTRA = Kind("WZ308", "missing-extra")

_WEBSOCKET = "WEBSOCKET"
_NEEDED = "websockets.server.ServerProtocol"


def check(context: Context) -> Iterator[Finding]:
    """Report the first WebSocket; what is missing is missing for all of them."""
    route = next((r for r in context.manifest.routes if _is_websocket(context, r)), None)
    if route is None or not isinstance(context.codebase.find(_NEEDED), Missing):
        return
    assert isinstance(route.target, ViewTarget)
    place = route.target.view.place
    if place is not None:
        message = f"the WEBSOCKET of {route.target.view} needs the package `websockets`"
        help_text = "pip install 'webzeug[websocket]'"
        yield Finding(Diagnostic(MISSING_EXTRA, message, place.value, help=help_text), route)


def _is_websocket(context: Context, route: Route) -> bool:
    """Whether a route certainly takes handshakes."""
    target = route.target
    if not isinstance(target, ViewTarget) or target.verb not in (None, _WEBSOCKET):
        return False
    if route.methods is not None and _WEBSOCKET not in route.methods:
        return False
    found = context.codebase.find(target.view.path)
    verbs = found.verbs if isinstance(found, Found) else None
    return verbs is not None and verbs.has(_WEBSOCKET) is True
