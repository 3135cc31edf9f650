"""Hosts that no request can name."""

from collections.abc import Iterator

from webzeug.checks.context import Context, Finding
from webzeug.diagnostics import Diagnostic, Kind
from webzeug.manifest.document import Place
from webzeug.manifest.hosts import split_host_key
from webzeug.routing.proving.impossible import impossible_host
from webzeug.source import Span

IMPOSSIBLE_HOST = Kind("WZ214", "impossible-host")


def check(context: Context) -> Iterator[Finding]:
    """Report each such host once, at its first route."""
    seen: set[str] = set()
    for route in context.manifest.routes:
        if route.host is not None and route.host.text not in seen and route.place is not None:
            seen.add(route.host.text)
            why = impossible_host(route.host, context.vocabulary)
            if why is not None:
                message = f"no request can name the host `{route.host.text}`"
                span = _host_span(route.place)
                yield Finding(Diagnostic(IMPOSSIBLE_HOST, message, span, help=why), route)


def _host_span(place: Place) -> Span:
    """Where the host is written: in the key of a group or route, if that is in the same file."""
    for index, key in enumerate(place.path):
        if isinstance(key, str) and key.startswith("//"):
            written, _ = split_host_key(key)
            host = Place(place.document, place.path[: index + 1])
            return host.in_key(2, 2 + len(written))
    return place.key
