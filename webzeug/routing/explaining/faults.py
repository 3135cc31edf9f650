"""Faults: what keeps one route from answering a question, were there no other route."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from werkzeug.routing import BaseConverter, FloatConverter, IntegerConverter

from webzeug.manifest.model import Route
from webzeug.routing.compiling import Ingredients, compile_table
from webzeug.routing.explaining.inquiry import Inquiry
from webzeug.routing.explaining.nearness import segments
from webzeug.routing.explaining.probing import EVERYTHING, Chosen
from webzeug.routing.hosts import hosts_to_ask, request_host
from webzeug.routing.matches import RouteRule
from webzeug.routing.verbs import WEBSOCKET

Reason = Literal[
    "unknown",  # it depends on a converter whose code was not run
    "order",  # another route weighs the same, and stands earlier in the file
    "weight",  # Werkzeug tries another route first
    "verb",  # the route does not take the verb
    "slash",  # there is a slash too many, or one is missing
    "converter",  # a variable's converter refuses the text in its place
    "build_only",  # the route only builds URLs
    "host",  # the route answers on other hosts
    "mount",  # a mount, and something goes before it
    "path",  # the fixed text of the pattern differs
]
"""Why a route does not answer, in one stable word; the nearest to answering first."""

_STRICT_SLASH = replace(EVERYTHING, slash=False)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that keeps a route from answering, and a sentence that begins with it."""

    reason: Reason
    sentence: str


def faults_of_rule(inquiry: Inquiry, route: Route, rule: RouteRule[Any]) -> Iterator[Fault]:
    """The faults of a route that does not match alone; none if it is not even near."""
    prober, path = inquiry.prober, inquiry.question.path
    loose = prober.ask([rule], EVERYTHING)
    if not isinstance(loose, Chosen):
        path = re.sub("/{2,}", "/", path)
        loose = prober.ask([rule], EVERYTHING, path=path)
        if not isinstance(loose, Chosen):
            return
        if not rule.merge_slashes:
            yield Fault("slash", "it does not merge the doubled slashes of the URL")
    yield from _faults_of_values(inquiry, route, loose)
    if not isinstance(prober.ask([rule], _STRICT_SLASH, path=path), Chosen):
        verb = "does not end" if path.endswith("/") else "ends"
        yield Fault("slash", f"it {verb} with a slash")
    yield from faults_of_verb(inquiry, rule)
    if route.host is not None and not prober.takes_host(rule):
        yield _fault_of_host(inquiry, route)


def faults_of_verb(inquiry: Inquiry, rule: RouteRule[Any]) -> Iterator[Fault]:
    """The fault of a route that does not take the verb, if it is so."""
    verb = inquiry.question.verb
    if rule.methods is not None and verb not in rule.methods:
        methods = _listing(rule.route.methods or ())
        yield Fault("verb", f"it takes {methods}, not {_verb(verb, rule)}")


def faults_of_mount(inquiry: Inquiry, route: Route) -> Iterator[Fault]:
    """The faults of a mount that would not take the request if it were alone."""
    if route.host is not None and takes_request(inquiry, replace(route, host=None)):
        yield _fault_of_host(inquiry, route)
        return
    depth = len(segments(route.pattern))
    path = "/".join(inquiry.question.path.split("/")[: depth + 1])
    rule = RouteRule[Any](route.pattern.text.removesuffix("/") or "/")
    rule.route = route
    loose = inquiry.prober.ask([rule], EVERYTHING, path=path)
    if isinstance(loose, Chosen):
        yield from _faults_of_values(inquiry, route, loose)


def takes_request(inquiry: Inquiry, mount: Route) -> bool:
    """Whether a mount would take the request if it were alone."""
    real = inquiry.table
    ingredients = Ingredients(real.matching, real.map.converters)
    table = compile_table([mount], lambda route: None, ingredients).table
    environ = inquiry.question.environ()
    hosts = hosts_to_ask(request_host(environ), environ["wsgi.url_scheme"], real.has_ports)
    return table.mounts.match(environ, hosts) is not None


def _fault_of_host(inquiry: Inquiry, route: Route) -> Fault:
    assert route.host is not None
    host = request_host(inquiry.question.environ())
    return Fault(
        "host", f"it answers on {route.host.text}, not {f'on {host}' if host else 'without a host'}"
    )


def _faults_of_values(inquiry: Inquiry, route: Route, chosen: Chosen) -> Iterator[Fault]:
    refused = chosen.refused
    for variable in route.pattern.variables:
        if variable.name in refused:
            text = refused[variable.name]
            advice = _advice(inquiry.table.map.converters[variable.converter], text)
            shown = f"`{text}`" if text else "an empty text"
            yield Fault("converter", f"`{variable}` does not take {shown}{advice}")


def _advice(converter: type[BaseConverter], text: str) -> str:
    """What surprises people about Werkzeug's numbers."""
    if converter is FloatConverter and text.isdigit():
        return f" (a float has a point: {text}.0)"
    if converter in (IntegerConverter, FloatConverter) and text[:1] == "-" and text[1:2].isdigit():
        return " (negative numbers need signed=True)"
    return ""


def _verb(verb: str, rule: RouteRule[Any]) -> str:
    if verb == WEBSOCKET:
        return "a WebSocket handshake"
    is_case = verb.upper() in (rule.methods or ())
    return f"{verb} (the case of a method counts)" if is_case else verb


def _listing(words: tuple[str, ...]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
