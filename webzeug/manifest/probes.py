"""Routes for whoever looks after the process: whether it lives, and whether it takes requests."""

from collections.abc import Iterator

from webzeug.manifest.document import Document
from webzeug.manifest.model import ProbeTarget, Route, Server
from webzeug.manifest.patterns import Literal, Pattern


def probe_routes(server: Server, root: Document) -> Iterator[Route]:
    """The routes that ``[server] health`` and ``ready`` ask for."""
    for kind, path in (("health", server.health), ("ready", server.ready)):
        if path:
            place = root.place("server", kind)
            pattern = Pattern(path, (Literal(path, 0),))
            yield Route(pattern, ProbeTarget(kind), methods=("GET",), place=place)
