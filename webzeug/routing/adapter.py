"""Werkzeug's MapAdapter, and what we promise on top: redirects and URLs stay on their host."""

from collections.abc import Mapping, MutableMapping
from typing import TYPE_CHECKING, Any

from werkzeug.routing import Map, MapAdapter, RequestRedirect, Rule

from webzeug.routing.converters import ANY_HOST
from webzeug.routing.hosts import is_host
from webzeug.routing.matches import Match, RouteRule
from webzeug.routing.octets import quoted_path, quoted_query, quoted_text

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

NO_VERB = "-"
"""What a Map is asked for a method that no route can claim; it upper-cases what it gets."""


class RouteAdapter(MapAdapter):
    """A Map bound to one host, whose redirects never name a host.

    The Host field is the client's word, so a Location is relative to it (RFC 9110 10.2.2).
    """

    def make_redirect_url(
        self,
        path_info: str,
        query_args: Mapping[str, Any] | str | None = None,
        domain_part: str | None = None,
    ) -> str:
        """Path and query, with exactly one slash in front; "" if it leads to another host."""
        if super().get_host(domain_part) != self.server_name:
            return ""
        return _location(self.script_name, path_info, query_args or "")

    def get_default_redirect(
        self,
        rule: Rule,
        method: str,
        values: MutableMapping[str, Any],
        query_args: Mapping[str, Any] | str,
    ) -> str | None:
        """Where a URL that spells out a default leads; None if that is on another host.

        None as well if the other rule's converter refuses a value, which Werkzeug lets escape.
        """
        try:
            return super().get_default_redirect(rule, method, values, query_args) or None
        except (TypeError, ValueError):
            return None

    def get_host(self, domain_part: str | None) -> str:
        """The host of a built URL. Raises ValueError for values that do not make a host."""
        host = super().get_host(domain_part)
        if domain_part and host != self.server_name and not is_host(host):
            raise ValueError(f"`{host}` is not a host")
        return host


def redirect_to_slash(environ: "WSGIEnvironment") -> RequestRedirect:
    """The redirect to the path of a request with a slash at its end, as a Map raises it."""
    path = quoted_text(environ.get("PATH_INFO", ""))
    script_name = quoted_path(environ.get("SCRIPT_NAME", "")).removesuffix("/")
    location = _location(f"{script_name}/", f"{path}/", environ.get("QUERY_STRING", ""))
    return RequestRedirect(location)


def _location(script_name: str, path: str, query: object) -> str:
    """A path below another that ends in a slash, with exactly one slash in front, and a query."""
    whole = f"{script_name}{path.lstrip('/')}".lstrip("/")
    text = quoted_query(query) if isinstance(query, str) else ""
    return f"/{whole}?{text}" if text else f"/{whole}"


def bind(map: Map, host: str, script_name: str = "") -> RouteAdapter:
    """The Map on a host, below a path that is percent-encoded already."""
    return RouteAdapter(
        map,
        server_name=host,
        script_name=script_name,
        subdomain=None if map.host_matching else map.default_subdomain,
        url_scheme="",
        path_info="/",
        default_method="GET",
    )


def find(adapter: MapAdapter, path: str, verb: str, query: str = "") -> Match[Any]:
    """What a Map leads to. Raises the exceptions of ``MapAdapter.match``."""
    rule, args = adapter.match(
        path,
        method=verb if verb and verb == verb.upper() else NO_VERB,
        return_rule=True,
        query_args=query,
        websocket=False,
    )
    assert isinstance(rule, RouteRule)
    args = {name: value for name, value in args.items() if name != ANY_HOST}
    return Match(rule.route, rule.handler, args)
