"""Redirects that a manifest names: variables carried over, the query kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.exceptions import NotFound
from werkzeug.utils import redirect

from webzeug.app import App
from webzeug.manifest.model import RedirectTarget
from webzeug.routing.locations import redirect_location
from webzeug.routing.octets import quoted_query
from webzeug.routing.urls import URLError, base_of_request
from webzeug.routing.verbs import WEBSOCKET, request_verb
from webzeug.wrappers import Request, Response


@dataclass(frozen=True, slots=True)
class RedirectHandler:
    """Answers every verb with a redirect (RFC 9110 15.4); 308 keeps method and body."""

    target: RedirectTarget

    def __call__(self, app: App, request: Request, args: Mapping[str, Any]) -> Response:
        """The redirect; NotFound where the variables make no URL of the target's.

        NotFound as well for a WebSocket handshake, which clients do not redirect.
        """
        environ = request.environ
        if request_verb(environ) == WEBSOCKET:
            raise NotFound("A WebSocket handshake is not redirected.")
        table, base = app.serving(environ).table, base_of_request(environ)
        query = quoted_query(environ.get("QUERY_STRING", ""))
        try:
            location = redirect_location(table, base, self.target, args, query)
        except URLError as error:
            # The target has a converter that refuses the client's value.
            raise NotFound() from error
        return redirect(location, self.target.status, Response)  # type: ignore[return-value]
