"""Building URLs from names: ``url_for``."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote_to_bytes, urlencode, urlsplit

from werkzeug.datastructures import iter_multi_items
from werkzeug.exceptions import BadHost, HTTPException, MethodNotAllowed
from werkzeug.routing import BuildError, RequestRedirect

from webzeug.manifest.model import Matching, Route
from webzeug.routing.adapter import bind
from webzeug.routing.converters import ANY_HOST
from webzeug.routing.hosts import request_host, split_port
from webzeug.routing.octets import quoted_path
from webzeug.routing.table import RouteTable
from webzeug.routing.verbs import WEBSOCKET

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


_QUERY_SAFE = "!$'()*,/:;?@"  # as Werkzeug builds queries
_FRAGMENT_SAFE = "!$&'()*+,;=:@/?"  # RFC 3986 3.5


class URLError(LookupError):
    """A URL that cannot be built: the message says why, and what would work."""


@dataclass(frozen=True, slots=True)
class Base:
    """What a URL is relative to: scheme, host with port, and the path that we are mounted at.

    The path is percent-encoded. ``is_known`` is false if nobody said the host, so that external
    URLs cannot be built.
    """

    scheme: str = "http"
    host: str = "localhost"
    script_name: str = ""
    is_known: bool = False


def base_of_request(environ: "WSGIEnvironment") -> Base:
    """The base of a request's URLs."""
    try:
        host = request_host(environ)
    except BadHost:  # its error page may want to build URLs all the same
        host = ""
    return Base(
        scheme=environ["wsgi.url_scheme"],
        host=host or "localhost",
        script_name=quoted_path(environ.get("SCRIPT_NAME", "")).rstrip("/"),
        is_known=bool(host),
    )


def base_of_matching(matching: Matching) -> Base:
    """The base outside a request: ``[matching] base_url``."""
    if matching.base_url is None:
        return Base()
    parts = urlsplit(matching.base_url)
    host = parts.netloc.lower().encode("idna").decode("ascii")
    return Base(parts.scheme, host, parts.path.rstrip("/"), is_known=True)


@dataclass(frozen=True, slots=True)
class URLOptions:
    """The parts of a URL that are no variables. ``query`` may map a key to a list of values."""

    query: Mapping[str, Any] | None = None
    anchor: str | None = None
    external: bool = False


def build_url(
    table: RouteTable[Any], base: Base, name: str, values: Mapping[str, Any], options: URLOptions
) -> str:
    """The URL of the route with this name and these variables; None stands for no value.

    It is a path, unless it leads to another host or ``external`` asks for the whole.
    Raises URLError if the name is unknown or unclear, a variable is missing or unknown, a
    converter refuses a value, or the host of an external URL is not known.
    """
    routes = table.names.get(name)
    if routes is None:
        raise URLError(_unknown_name(table, name))
    _refuse_unknown(name, routes, values)
    own_host, _ = split_port(base.host)
    present = {key: value for key, value in values.items() if value is not None}
    try:
        url = bind(table.maps.of_name(name), own_host, base.script_name).build(
            name, {ANY_HOST: own_host, **present}, force_external=True, append_unknown=False
        )
    except BuildError:
        raise URLError(_unsuitable(name, routes, present)) from None
    except (ValueError, TypeError) as error:
        raise URLError(f"cannot build a URL for `{name}`: {error}") from error
    host, _, path = url.removeprefix("//").partition("/")
    return f"{_origin(host, base, options)}/{path}{_tail(options)}"


def _origin(host: str, base: Base, options: URLOptions) -> str:
    """What stands before the path: nothing on our own host, unless ``external`` is asked for.

    A host that names no port is on ours, because a row without a port answers on every port.
    """
    _, own_port = split_port(base.host)
    if own_port and not split_port(host)[1]:
        host = f"{host}:{own_port}"
    if host == base.host and not options.external:
        return ""
    if base.is_known:
        return f"{base.scheme}://{host}"
    if options.external:
        raise URLError(
            "an external URL needs to know its host: set base_url under [matching], "
            "or build it in a View from self.url_for"
        )
    return f"//{host}"


def _tail(options: URLOptions) -> str:
    """Query and fragment; as in Werkzeug, None leaves a query argument out."""
    items = [item for item in iter_multi_items(options.query or {}) if item[1] is not None]
    query = f"?{urlencode(items, safe=_QUERY_SAFE)}" if items else ""
    return f"{query}#{quote(options.anchor, safe=_FRAGMENT_SAFE)}" if options.anchor else query


def _unknown_name(table: RouteTable[Any], name: str) -> str:
    if name in table.unclear_names:
        routes = table.unclear_names[name]
        paths = " and ".join(f"`{route.path}`" for route in routes[:3])
        return (
            f"the name `{name}` is unclear: {paths} lead to different Views of that name; "
            f'give the one you mean a name, such as name = "{_proposal(routes[0], name)}"'
        )
    near = difflib.get_close_matches(name, table.names, n=3)
    guess = f"; did you mean {' or '.join(f'`{other}`' for other in near)}?" if near else ""
    return f"no route has the name `{name}`{guess}"


def _proposal(route: Route, name: str) -> str:
    """A name made of the last literal segment of the route's path."""
    words = [word for word in route.pattern.text.split("/") if word.isidentifier()]
    last = name.rpartition(".")[2]
    return f"{words[-1]}_{last}" if words and words[-1] != last else f"{last}_2"


def _unsuitable(name: str, routes: tuple[Route, ...], values: Mapping[str, Any]) -> str:
    """Why no route of the name suits the values."""
    missing = [
        [variable for variable in route.variables if variable not in values] for route in routes
    ]
    fewest = min(missing, key=len)
    if fewest:
        return f"`{name}` needs {' and '.join(f'`{variable}`' for variable in fewest)}"
    for route in routes:
        for key, default in route.defaults.items():
            if key in values and values[key] != default:
                return f"`{name}` is only for {key} = {default!r}, not {values[key]!r}"
    return f"a converter of `{name}` refuses one of the values {dict(values)!r}"


def _refuse_unknown(name: str, routes: tuple[Route, ...], values: Mapping[str, Any]) -> None:
    known = {key for route in routes for key in (*route.variables, *route.defaults)}
    for key in values:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            advice = (
                f"did you mean `{near[0]}`?"
                if near
                else f"for a query, write query={{{key!r}: ...}}"
            )
            raise URLError(f"`{name}` has no variable `{key}`; {advice}")


def check_url(table: RouteTable[Any], base: Base, name: str, url: str) -> None:
    """Raise URLError if a URL that was built for ``name`` does not match a route of that name.

    Werkzeug's converters do not validate what they build: -1 for an ``int`` makes a URL that
    no request will match. A URL that is redirected, to one with fewer slashes say, is sound.
    """
    routes = table.names[name]
    if any(route.build_only for route in routes):
        return
    leads_to: Route | None = None
    for verb in dict.fromkeys(verb for route in routes for verb in route.methods or ("GET",)):
        try:
            leads_to = table.match(_request(base, url, verb)).route
        except MethodNotAllowed:
            continue
        except RequestRedirect:
            return
        except HTTPException:
            break
        if leads_to in routes:
            return
    if leads_to is None:
        raise URLError(f"`{name}` builds {url}, which does not match its pattern")
    raise URLError(f"`{name}` builds {url}, which leads to `{leads_to.path}` instead")


def _request(base: Base, url: str, verb: str) -> "WSGIEnvironment":
    """The request that a client would send to a URL, as far as matching looks at it."""
    parts = urlsplit(url)
    path = parts.path.removeprefix(base.script_name)
    environ = {
        "wsgi.url_scheme": base.scheme,
        "HTTP_HOST": parts.netloc or base.host,
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "REQUEST_METHOD": verb,
    }
    if verb == WEBSOCKET:
        handshake = {"HTTP_UPGRADE": "websocket", "HTTP_CONNECTION": "upgrade"}
        environ |= {"REQUEST_METHOD": "GET", **handshake}
    return environ
