"""Redirects that a manifest names: variables carried over, the query kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from werkzeug.exceptions import NotFound
from werkzeug.utils import redirect

from webzeug.app import App
from webzeug.manifest.model import RedirectTarget
from webzeug.manifest.patterns import Literal, parse_pattern
from webzeug.routing.table import decoded
from webzeug.routing.urls import URLOptions
from webzeug.routing.verbs import WEBSOCKET, request_verb
from webzeug.wrappers import Request, Response


@dataclass(frozen=True, slots=True)
class RedirectHandler:
    """Answers every verb with a redirect (RFC 9110 15.4); 308 keeps method and body."""

    target: RedirectTarget

    def __call__(self, app: App, request: Request, args: Mapping[str, Any]) -> Response:
        """The redirect; NotFound for a WebSocket handshake, which clients do not redirect."""
        if request_verb(request.environ) == WEBSOCKET:
            raise NotFound("A WebSocket handshake is not redirected.")
        location = self._location(app, request, args)
        query = decoded(request.environ.get("QUERY_STRING", ""))
        if query:
            location += ("&" if "?" in location else "?") + query
        return redirect(location, self.target.status, Response)  # type: ignore[return-value]

    def _location(self, app: App, request: Request, args: Mapping[str, Any]) -> str:
        target = self.target
        if target.is_name:
            name = resolve_name(app, target)
            return app.url_for_request(request.environ, name, args, URLOptions())
        filled = fill_pattern(target.to, args)
        if target.to.startswith("/") and not target.to.startswith("//"):
            return decoded(request.environ.get("SCRIPT_NAME", "")).rstrip("/") + filled
        return filled


def resolve_name(app: App, target: RedirectTarget) -> str:
    """The full name: in an include, the including group's names come first."""
    scoped = f"{target.scope}.{target.to}"
    return scoped if target.scope and scoped in app.table.names else target.to


def fill_pattern(text: str, args: Mapping[str, Any]) -> str:
    """A pattern with its variables replaced by their values, percent-encoded (RFC 3986 2.1)."""
    pattern, _ = parse_pattern(text)
    if pattern is None:
        return text
    return "".join(
        part.text
        if isinstance(part, Literal)
        else quote(str(args[part.name]), safe="!$&'()*+,/:;=@")
        for part in pattern.parts
    )
