"""Routes written as rows of text: ``GET,POST //host/pattern``, without a file."""

from typing import Any

from tests.support.random_tables import pattern
from webzeug.manifest.hosts import split_host_key
from webzeug.manifest.model import Matching, Reference, Route, ViewTarget
from webzeug.routing.proving.search import Search
from webzeug.routing.proving.vocabulary import Vocabulary


def row(text: str, view: str = "code.View", **options: Any) -> Route:
    """A route; without verbs in front it takes all, without a host it is for every host."""
    verbs, _, key = text.partition(" ") if text[0] != "/" else ("", "", text)
    host, path = split_host_key(key) if key.startswith("//") else ("", key)
    return Route(
        pattern(path),
        ViewTarget(Reference(view)),
        host=pattern(host) if host else None,
        methods=tuple(verbs.split(",")) if verbs else None,
        **options,
    )


def search_of(*rows: Route | str, **matching: Any) -> Search:
    """The search of some rows; ``semver`` is a converter of the application's own."""
    routes = [row(each) if isinstance(each, str) else each for each in rows]
    return Search(routes, Matching(**matching), Vocabulary(["semver"]))
