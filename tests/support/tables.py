"""Route tables in tests: compiled from a manifest's text, and asked what answers a request."""

import textwrap
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes, urlsplit

from werkzeug.exceptions import BadHost, MethodNotAllowed, NotFound
from werkzeug.routing import BaseConverter, Map, RequestRedirect

from webzeug.manifest.model import (
    Manifest,
    MountTarget,
    ProbeTarget,
    RedirectTarget,
    Route,
    StaticTarget,
)
from webzeug.manifest.reading import read_manifest
from webzeug.routing.compiling import Ingredients, compile_table
from webzeug.routing.leaves import ASK
from webzeug.routing.maps import Maps
from webzeug.routing.matches import Match
from webzeug.routing.table import RouteTable

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

Outcome = tuple[object, ...]
"""What a request leads to, in the words below, so that two ways to match can be compared."""

MISSING: Outcome = (404,)
BAD_HOST: Outcome = (400,)


def hit(name: str, /, **args: Any) -> Outcome:
    """A route answers: its name, or else where it leads to, and its variables."""
    return (name, args)


def redirect(location: str) -> Outcome:
    """A permanent redirect to a path (and a query) of the same host."""
    return (308, location)


def refused(*allowed: str) -> Outcome:
    """405 with these verbs in ``Allow``, besides OPTIONS and (with GET) HEAD."""
    return (405, frozenset({*allowed, "OPTIONS"} | ({"HEAD"} if "GET" in allowed else set())))


def read_text(path: Path, text: str) -> Manifest:
    """Write a manifest and read it; it must be sound."""
    path.write_text(textwrap.dedent(text), "utf-8")
    manifest, diagnostics = read_manifest(str(path))
    assert not diagnostics, "\n".join(map(str, diagnostics))
    assert manifest is not None
    return manifest


def table_of(
    manifest: Manifest, converters: Mapping[str, type[BaseConverter]] | None = None
) -> RouteTable[str]:
    """Compile a manifest; what answers a route is its name, or else where it leads to."""
    ingredients = Ingredients(manifest.matching, converters or {}, manifest.unclear_names)
    compiled = compile_table(manifest.routes, answer_of, ingredients)
    assert not compiled.problems, compiled.problems
    return compiled.table


def answer_of(route: Route) -> str:
    """A route's name, or else where it leads to."""
    if route.name is not None:
        return route.name
    match route.target:
        case RedirectTarget(to=to):
            return f"-> {to}"
        case MountTarget(wsgi=reference):
            return reference.path
        case StaticTarget(folder=folder):
            return folder
        case ProbeTarget(kind=kind):
            return kind
        case view:
            return view.view.path


def request(
    target: str = "/", method: str = "GET", host: str | None = "test", **more: Any
) -> "WSGIEnvironment":
    """What a server hands on for a request; ``target`` is written as on the wire.

    ``host`` None is a request without a Host field. ``more`` are further keys, such as
    ``HTTP_UPGRADE``; one that is None is left out.
    """
    path, _, query = target.partition("?")
    environ = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "HTTP_HOST": host,
        "wsgi.url_scheme": "http",
        **more,
    }
    return {key: value for key, value in environ.items() if value is not None}


def handshake(target: str = "/", **more: Any) -> "WSGIEnvironment":
    """The opening handshake of a WebSocket (RFC 6455 4.1), as far as matching looks at it."""
    return request(target, **{"HTTP_UPGRADE": "websocket", "HTTP_CONNECTION": "Upgrade", **more})


def ask(table: RouteTable[Any], environ: "WSGIEnvironment") -> Outcome:
    """What a table makes of a request; a handler that is text stands for itself.

    Whatever the fast path says, the Map that is made for the request must say as well, and that
    of the whole table.
    """
    outcome = _outcome(lambda: table.match(environ))
    assert exact(outcome) == exact(_outcome(lambda: table.match_other(environ, ASK))), environ
    assert exact(outcome) == exact(_outcome(lambda: by_the_whole_map(table, environ))), environ
    return outcome


def by_the_whole_map(table: RouteTable[Any], environ: "WSGIEnvironment") -> Match[Any]:
    """``table.match``, by one Map of all routes. Raises the same."""
    of_all = Maps(table.maps.maker, table.maps.tree)
    of_all.near = lambda hosts, path: table.map  # type: ignore[method-assign]
    return replace(table, maps=of_all).match_other(environ, ASK)


def exact(outcome: Outcome) -> Outcome:
    """An outcome in which values of different types differ: 1 is neither 1.0 nor True."""
    first, *more = outcome
    typed = ({k: (type(v), v) for k, v in m.items()} if isinstance(m, dict) else m for m in more)
    return (first, *typed)


def _outcome(match_request: Callable[[], Match[Any]]) -> Outcome:
    try:
        match = match_request()
    except RequestRedirect as error:
        return redirect(error.new_url)
    except MethodNotAllowed as error:
        return (405, frozenset(error.valid_methods or ()))
    except NotFound:
        return MISSING
    except BadHost:
        return BAD_HOST
    handler = match.handler
    return hit(handler if isinstance(handler, str) else answer_of(match.route), **match.args)


def ask_map(map: Map, environ: "WSGIEnvironment") -> Outcome:
    """What a hand-made Map makes of a request, in the same words, and with what we promise.

    A handshake is the verb WEBSOCKET, and is not redirected. A default is not redirected to
    another host, nor to a rule whose converter refuses a value of this one. The variable
    ``any_host`` is the one that a hand-made Map needs where a row has no host.
    """
    adapter = map.bind_to_environ(environ)
    is_handshake = environ.get("HTTP_UPGRADE") == "websocket"
    verb = "WEBSOCKET" if is_handshake else environ["REQUEST_METHOD"]
    try:
        endpoint, args = adapter.match(method=verb, websocket=False)
    except RequestRedirect as error:
        parts = urlsplit(error.new_url)
        if map.redirect_defaults and parts.netloc != adapter.server_name:
            return _without_default_redirects(map, environ)
        location = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return MISSING if is_handshake else redirect(location)
    except MethodNotAllowed as error:
        return refused(*{*(error.valid_methods or ())} - {"WEBSOCKET"})
    except NotFound:
        return MISSING
    except ValueError:
        return _without_default_redirects(map, environ)
    return hit(endpoint, **{name: value for name, value in args.items() if name != "any_host"})


def _without_default_redirects(map: Map, environ: "WSGIEnvironment") -> Outcome:
    map.redirect_defaults = False
    try:
        return ask_map(map, environ)
    finally:
        map.redirect_defaults = True
