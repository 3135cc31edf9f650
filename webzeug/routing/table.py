"""RouteTable: the compiled table. It finds the route for a request, and never changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from urllib.parse import urlsplit

from werkzeug.exceptions import BadHost, MethodNotAllowed, NotFound
from werkzeug.routing import Map, MapAdapter, RequestRedirect, Rule
from werkzeug.wsgi import get_host

from webzeug.manifest.model import Matching, Route
from webzeug.routing.converters import ANY_HOST
from webzeug.routing.mounts import Mounts
from webzeug.routing.verbs import WEBSOCKET, allowed_verbs, request_verb

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

H = TypeVar("H")

NO_VERB = "-"
"""What the Map is asked for a method that no route can claim; it upper-cases what it gets."""


class RouteRule(Rule, Generic[H]):
    """A Werkzeug Rule that knows its way back to the Route, and on to what answers."""

    route: Route
    handler: H


@dataclass(frozen=True, slots=True)
class Match(Generic[H]):
    """What a request led to: the route, what answers it, and the URL's variables."""

    route: Route
    handler: H
    args: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RouteTable(Generic[H]):
    """A compiled table. ``names`` are those that ``url_for`` knows, with their routes."""

    map: Map
    routes: tuple[Route, ...]
    mounts: Mounts[H]
    matching: Matching = field(default_factory=Matching)
    names: Mapping[str, tuple[Route, ...]] = field(default_factory=dict)
    unclear_names: Mapping[str, tuple[Route, ...]] = field(default_factory=dict)
    has_ports: bool = False

    def match(self, environ: "WSGIEnvironment") -> Match[H]:
        """The route for a request.

        Raises the exceptions of ``MapAdapter.match``: NotFound, MethodNotAllowed with an
        ``Allow`` list, BadHost, and RequestRedirect with a Location relative to the host
        (RFC 9110 10.2.2), because the Host header is the client's word. A WebSocket
        handshake is never redirected.
        """
        verb = request_verb(environ)
        host = checked_host(environ)
        try:
            return self._match_on(host, environ, verb)
        except NotFound:
            mount = self.mounts.match(environ, host.partition(":")[0])
            if mount is None:
                raise
            return Match(mount.route, mount.handler, mount.args)
        except MethodNotAllowed as error:
            raise MethodNotAllowed(allowed_verbs(error.valid_methods or ())) from None
        except RequestRedirect as redirect:
            if verb == WEBSOCKET:
                raise NotFound("A WebSocket handshake is not redirected.") from None
            raise RequestRedirect(without_host(redirect.new_url)) from None

    def _match_on(self, host: str, environ: "WSGIEnvironment", verb: str) -> Match[H]:
        name, colon, _ = host.partition(":")
        if not (colon and self.has_ports):
            return self._ask_map(name, environ, verb)
        # A row whose host names the port beats all others; without one the port says nothing.
        problem: MethodNotAllowed | RequestRedirect | None = None
        try:
            match = self._ask_map(host, environ, verb)
            if match.route.host is not None and ":" in match.route.host.text:
                return match
        except (MethodNotAllowed, RequestRedirect) as error:
            problem = error
        except NotFound:
            pass
        try:
            return self._ask_map(name, environ, verb)
        except NotFound:
            raise problem or NotFound() from None

    def _ask_map(self, host: str, environ: "WSGIEnvironment", verb: str) -> Match[H]:
        adapter = bind(self.map, host, environ)
        method = verb if verb and verb == verb.upper() else NO_VERB
        rule, args = adapter.match(method=method, return_rule=True, websocket=False)
        assert isinstance(rule, RouteRule)
        args = {name: value for name, value in args.items() if name != ANY_HOST}
        return Match(rule.route, rule.handler, args)


def bind(map: Map, host: str, environ: "WSGIEnvironment") -> MapAdapter:
    """The Map bound to a request's path and query, on a host of our choosing."""
    return map.bind(
        host,
        script_name=decoded(environ.get("SCRIPT_NAME", "")),
        path_info=decoded(environ.get("PATH_INFO", "")),
        query_args=decoded(environ.get("QUERY_STRING", "")),
        url_scheme=environ.get("wsgi.url_scheme", "http"),
    )


def decoded(text: str) -> str:
    """A WSGI string (bytes as Latin-1, PEP 3333) as the UTF-8 text that it holds."""
    return text.encode("latin-1").decode("utf-8", errors="replace")


def checked_host(environ: "WSGIEnvironment") -> str:
    """The request's host in lower case, "" if it says none; BadHost (400) if it is invalid."""
    host = get_host(environ).lower()
    if not host and environ.get("HTTP_HOST"):
        raise BadHost()
    return host


def without_host(url: str) -> str:
    """Path and query of an absolute URL, with exactly one slash in front."""
    parts = urlsplit(url)
    path = f"/{parts.path.lstrip('/')}"
    return f"{path}?{parts.query}" if parts.query else path
