"""Redirects that a manifest names: variables carried over, the query kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.exceptions import NotFound
from werkzeug.utils import redirect

from webzeug.app import App, Serving
from webzeug.manifest.model import RedirectTarget
from webzeug.routing.locations import redirect_location
from webzeug.routing.octets import quoted_query
from webzeug.routing.urls import base_of_request
from webzeug.routing.verbs import WEBSOCKET, request_verb
from webzeug.wrappers import Request, Response


@dataclass(frozen=True, slots=True)
class RedirectHandler:
    """Answers every verb with a redirect (RFC 9110 15.4); 308 keeps method and body."""

    target: RedirectTarget

    def __call__(self, app: App, request: Request, args: Mapping[str, Any]) -> Response:
        """The redirect; NotFound for a WebSocket handshake, which clients do not redirect."""
        environ = request.environ
        if request_verb(environ) == WEBSOCKET:
            raise NotFound("A WebSocket handshake is not redirected.")
        serving = Serving.of(environ)
        table = serving.table if serving is not None else app.table
        query = quoted_query(environ.get("QUERY_STRING", ""))
        location = redirect_location(table, base_of_request(environ), self.target, args, query)
        return redirect(location, self.target.status, Response)  # type: ignore[return-value]
