"""The verb of a request: its method, or ``WEBSOCKET`` for an upgrade."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import HTTPException, MethodNotAllowed

from webzeug.manifest.model import Route

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

WEBSOCKET = "WEBSOCKET"

_NO_WEBSOCKET = "There is no WebSocket here."

ERROR = "ERROR"
"""The method of a View that writes an error's page; no verb."""


def is_verb(name: str) -> bool:
    """Whether a View's method of this name answers a verb."""
    return name.isupper() and not name.startswith("_") and name != ERROR


def is_upgrade(environ: "WSGIEnvironment") -> bool:
    """Whether this is a WebSocket handshake: a GET with both header fields of RFC 6455 4.1."""
    if environ.get("HTTP_UPGRADE", "").lower() != "websocket":
        return False
    connection = environ.get("HTTP_CONNECTION", "").lower().split(",")
    return environ["REQUEST_METHOD"] == "GET" and "upgrade" in map(str.strip, connection)


def request_verb(environ: "WSGIEnvironment") -> str:
    """The verb that routes and Views know. Case counts (RFC 9110 9.1): ``get`` is not GET.

    A client that sends WEBSOCKET as its method gets an empty verb, which nothing claims.
    """
    if "HTTP_UPGRADE" in environ and is_upgrade(environ):
        return WEBSOCKET
    method: str = environ["REQUEST_METHOD"]
    return "" if method == WEBSOCKET else method


def allowed_verbs(verbs: Iterable[str]) -> list[str]:
    """What an ``Allow`` field says for these verbs: sorted, with HEAD for GET, and OPTIONS."""
    allowed = {*verbs, "OPTIONS"} - {WEBSOCKET}
    if "GET" in allowed:
        allowed.add("HEAD")
    return sorted(allowed)


class UpgradeRequired(HTTPException):
    """426 (RFC 9110 15.5.22): this is a WebSocket, of version 13 (RFC 6455 4.4)."""

    code = 426
    description = "This is a WebSocket: it is opened with a handshake (RFC 6455 4.1)."

    def get_headers(self, *args: Any, **options: Any) -> list[tuple[str, str]]:
        """What is needed to do better. ``Connection`` belongs to ``Upgrade`` (RFC 9110 7.8)."""
        return [
            *super().get_headers(*args, **options),
            ("Upgrade", "websocket"),
            ("Connection", "Upgrade"),
            ("Sec-WebSocket-Version", "13"),
        ]


class WrongVerb(MethodNotAllowed):
    """405 of a table (RFC 9110 15.5.6); ``verbs`` are those that are taken, as routes name them."""

    def __init__(self, verbs: Iterable[str]) -> None:
        self.verbs = frozenset(verbs)
        super().__init__(allowed_verbs(self.verbs))


def refusal(verb: str, verbs: Iterable[str]) -> MethodNotAllowed | UpgradeRequired:
    """The answer where only other verbs are taken.

    A handshake is a GET, so that 405 does not fit it quite; RFC 6455 4.2.2 leaves the choice, and
    ``Allow`` tells what there is without it.
    """
    verbs = set(verbs)
    if verbs == {WEBSOCKET} and verb in ("GET", "HEAD"):
        return UpgradeRequired()
    allowed = allowed_verbs(verbs)
    return MethodNotAllowed(allowed, _NO_WEBSOCKET if verb == WEBSOCKET else None)


@dataclass(frozen=True, slots=True)
class Heads:
    """Where routes claim HEAD themselves, so that the ones with GET there must not."""

    _places: frozenset[tuple[str | None, str]]

    @classmethod
    def of(cls, routes: Iterable[Route]) -> "Heads":
        claiming = (r for r in routes if "HEAD" in (r.methods or ()) and not r.build_only)
        return cls(frozenset(map(_place, claiming)))

    def verbs_of(self, route: Route) -> frozenset[str] | None:
        """The verbs that a route matches, None for all: its methods, and HEAD for GET."""
        if route.methods is None:
            return None
        has_own = bool(self._places) and _place(route) in self._places
        is_implied = "GET" in route.methods and not has_own
        return frozenset((*route.methods, "HEAD") if is_implied else route.methods)


def _place(route: Route) -> tuple[str | None, str]:
    return (route.host.shape if route.host else None, route.pattern.shape)
