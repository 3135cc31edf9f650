"""Where a redirect of the manifest leads: the Location of its answer (RFC 9110 10.2.2)."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from webzeug.manifest.model import RedirectTarget
from webzeug.manifest.patterns import Literal, parse_pattern
from webzeug.routing.table import RouteTable
from webzeug.routing.urls import Base, URLOptions, build_url


def redirect_location(
    table: RouteTable[Any], base: Base, target: RedirectTarget, args: Mapping[str, Any], query: str
) -> str:
    """The Location for a request with these variables and this query (text, without ``?``).

    A named route gets the variables that it knows. Raises URLError if they do not fit it.
    """
    location = _without_query(table, base, target, args)
    if not query:
        return location
    url, hash_, fragment = location.partition("#")
    return f"{url}{'&' if '?' in url else '?'}{query}{hash_}{fragment}"


def _without_query(
    table: RouteTable[Any], base: Base, target: RedirectTarget, args: Mapping[str, Any]
) -> str:
    if target.is_name:
        name = resolve_name(table, target)
        known = {
            key
            for route in table.names.get(name, ())
            for key in (*route.variables, *route.defaults)
        }
        values = {key: value for key, value in args.items() if key in known}
        return build_url(table, base, name, values, URLOptions())
    filled = fill_pattern(target.to, args)
    if not target.to.startswith("/") or target.to.startswith("//"):
        return filled
    # A value must not make two slashes in front, which would name a host.
    return f"{base.script_name}/{filled.lstrip('/')}"


def resolve_name(table: RouteTable[Any], target: RedirectTarget) -> str:
    """The full name: in an include, the including group's names come first."""
    scoped = f"{target.scope}.{target.to}"
    return scoped if target.scope and scoped in table.names else target.to


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
