"""RouteTable: the compiled table. It finds the route for a request, and never changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import Map, RequestRedirect

from webzeug.manifest.model import Matching, Route
from webzeug.routing.adapter import bind, find, redirect_to_slash
from webzeug.routing.fastpath import FastPath
from webzeug.routing.hosts import hosts_to_ask, names_port, request_host
from webzeug.routing.leaves import ASK, SLASH, Missed
from webzeug.routing.maps import Maps
from webzeug.routing.matches import Match
from webzeug.routing.mounts import Mounts
from webzeug.routing.octets import decoded, quoted_path
from webzeug.routing.verbs import WEBSOCKET, WrongVerb, request_verb

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

H = TypeVar("H")


@dataclass(frozen=True, slots=True)
class RouteTable(Generic[H]):
    """A compiled table. ``names`` are those that ``url_for`` knows, with their routes.

    ``fast_path`` answers what it can in the place of ``maps``. ``has_ports`` tells whether a row's
    host names a port.
    """

    maps: Maps[H]
    fast_path: FastPath[H]
    routes: tuple[Route, ...]
    mounts: Mounts[H]
    matching: Matching = field(default_factory=Matching)
    names: Mapping[str, tuple[Route, ...]] = field(default_factory=dict)
    unclear_names: Mapping[str, tuple[Route, ...]] = field(default_factory=dict)
    has_ports: bool = False

    @property
    def map(self) -> Map:
        """All routes but mounts as one Map of Werkzeug's, which is made when first asked for."""
        return self.maps.whole()

    def match(self, environ: "WSGIEnvironment") -> Match[H]:
        """The route for a request, or the mount; the environ stays as it is.

        Raises the exceptions of ``MapAdapter.match``: NotFound, MethodNotAllowed with an
        ``Allow`` list, BadHost, and RequestRedirect with a Location relative to the host
        (RFC 9110 10.2.2). A WebSocket handshake is never redirected.
        """
        answer = self.fast_path.find(environ)
        if isinstance(answer, tuple):
            leaf, args = answer
            return Match(leaf.route, leaf.handler, args)
        return self.match_other(environ, answer)

    def match_other(self, environ: "WSGIEnvironment", answer: Missed) -> Match[H]:
        """``match``, where the fast path has led to no route."""
        if answer is SLASH:
            raise redirect_to_slash(environ)
        if answer:
            raise WrongVerb(answer)
        hosts = hosts_to_ask(request_host(environ), environ["wsgi.url_scheme"], self.has_ports)
        try:
            if answer is not ASK:
                raise NotFound()
            path = decoded(environ.get("PATH_INFO", ""))
            return match_on(self.maps.near(hosts, path), hosts, environ)
        except NotFound:
            mount = self.mounts.match(environ, hosts)
            if mount is None:
                raise
            return mount
        except MethodNotAllowed as error:
            raise WrongVerb(error.valid_methods or ()) from None


def match_on(map: Map, hosts: Sequence[str], environ: "WSGIEnvironment") -> Match[Any]:
    """The match on the first of the hosts that has one; a row that names a port beats all.

    Raises the exceptions of ``RouteTable.match``, with the methods of the Map alone.
    """
    problem: HTTPException = NotFound()
    for host in hosts:
        try:
            match = _ask(map, host, environ)
        except HTTPException as error:
            problem = _stronger(problem, error)
        else:
            if host is hosts[-1] or names_port(match.route.host):
                return match
    raise problem


def _ask(map: Map, host: str, environ: "WSGIEnvironment") -> Match[Any]:
    adapter = bind(map, host, quoted_path(environ.get("SCRIPT_NAME", "")))
    path, verb = decoded(environ.get("PATH_INFO", "")), request_verb(environ)
    try:
        return find(adapter, path, verb, environ.get("QUERY_STRING", ""))
    except RequestRedirect:
        if verb == WEBSOCKET:
            raise NotFound("A WebSocket handshake is not redirected.") from None
        raise


def _stronger(first: HTTPException, second: HTTPException) -> HTTPException:
    """Which of two failures tells more: a redirect, then a wrong verb, then nothing found."""
    if isinstance(first, MethodNotAllowed) and isinstance(second, MethodNotAllowed):
        return MethodNotAllowed([*(first.valid_methods or ()), *(second.valid_methods or ())])
    return first if _weight(first) > _weight(second) else second


def _weight(error: HTTPException) -> int:
    return {404: 0, 405: 1}.get(error.code or 0, 2)
