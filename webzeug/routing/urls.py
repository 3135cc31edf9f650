"""Building URLs from names: ``url_for``."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlencode, urlsplit

from werkzeug.exceptions import HTTPException
from werkzeug.routing import BuildError, RequestRedirect
from werkzeug.wsgi import get_host

from webzeug.manifest.model import Matching, MountTarget, Route
from webzeug.routing.converters import ANY_HOST
from webzeug.routing.table import RouteRule, RouteTable, decoded

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


_FRAGMENT_SAFE = "!$&'()*+,;=:@/?"  # RFC 3986 3.5


class URLError(LookupError):
    """A URL that cannot be built: the message says why, and what would work."""


@dataclass(frozen=True, slots=True)
class Base:
    """What a URL is relative to: scheme, host with port, and the path that we are mounted at.

    ``is_known`` is false if nobody said the host, so that external URLs cannot be built.
    """

    scheme: str = "http"
    host: str = "localhost"
    script_name: str = ""
    is_known: bool = False


def base_of_request(environ: "WSGIEnvironment") -> Base:
    """The base of a request's URLs."""
    return Base(
        scheme=environ.get("wsgi.url_scheme", "http"),
        host=get_host(environ) or "localhost",
        script_name=decoded(environ.get("SCRIPT_NAME", "")).rstrip("/"),
        is_known=True,
    )


def base_of_matching(matching: Matching) -> Base:
    """The base outside a request: ``[matching] base_url``."""
    if matching.base_url is None:
        return Base()
    parts = urlsplit(matching.base_url)
    return Base(parts.scheme, parts.netloc, parts.path.rstrip("/"), is_known=True)


@dataclass(frozen=True, slots=True)
class URLOptions:
    """The parts of a URL that are no variables. ``query`` may map a key to a list of values."""

    query: Mapping[str, Any] | None = None
    anchor: str | None = None
    external: bool = False


def build_url(
    table: RouteTable[Any], base: Base, name: str, values: Mapping[str, Any], options: URLOptions
) -> str:
    """The URL of the route with this name and these variables.

    It is a path, unless it leads to another host or ``external`` asks for the whole.
    Raises URLError if the name is unknown or unclear, a variable is missing or unknown, a
    converter refuses a value, or the host of an external URL is not known.
    """
    routes = table.names.get(name)
    if routes is None:
        raise URLError(_unknown_name(table, name))
    own_host = base.host.partition(":")[0]
    adapter = table.map.bind(own_host, base.script_name, url_scheme=base.scheme)
    present = {key: value for key, value in values.items() if value is not None}
    try:
        url = adapter.build(
            name, {ANY_HOST: own_host, **present}, force_external=True, append_unknown=False
        )
    except BuildError:
        raise URLError(_unsuitable(name, routes, values)) from None
    except (ValueError, TypeError) as error:
        raise URLError(f"cannot build a URL for `{name}`: {error}") from error
    _refuse_unknown(name, routes, values)
    return _assemble(urlsplit(url).netloc, urlsplit(url).path, base, options)


def _assemble(host: str, path: str, base: Base, options: URLOptions) -> str:
    query = f"?{urlencode(options.query, doseq=True)}" if options.query else ""
    anchor = "#" + quote(options.anchor, safe=_FRAGMENT_SAFE) if options.anchor else ""
    tail = f"{path}{query}{anchor}"
    if host != base.host.partition(":")[0].lower():
        return f"{base.scheme}://{host}{tail}"
    if not options.external:
        return tail
    if not base.is_known:
        raise URLError(
            "an external URL needs to know its host: set base_url under [matching], "
            "or build it in a View from self.url_for"
        )
    return f"{base.scheme}://{base.host}{tail}"


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


def _needed(route: Route) -> list[str]:
    return list(route.variables)


def _unsuitable(name: str, routes: tuple[Route, ...], values: Mapping[str, Any]) -> str:
    """Why no route of the name suits the values."""
    missing = [
        [variable for variable in _needed(route) if values.get(variable) is None]
        for route in routes
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
    no request will match.
    """
    routes = table.names[name]
    if all(route.build_only or isinstance(route.target, MountTarget) for route in routes):
        return
    parts = urlsplit(url)
    path = unquote(parts.path.removeprefix(base.script_name))
    host = (parts.netloc or base.host).partition(":")[0]
    verb = next((verb for route in routes for verb in route.methods or ()), "GET")
    try:
        rule, _ = table.map.bind(host).match(path, method=verb, return_rule=True)
    except RequestRedirect:
        return
    except HTTPException:
        raise URLError(f"`{name}` builds {url}, which does not match its pattern") from None
    if isinstance(rule, RouteRule) and rule.route not in routes:
        raise URLError(f"`{name}` builds {url}, which leads to `{rule.route.path}` instead")
