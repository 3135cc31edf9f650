"""Which way requests take to their route: a short one, or Werkzeug's."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from werkzeug.exceptions import HTTPException

from webzeug.routing.leaves import Leaf
from webzeug.routing.table import RouteTable

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

WayTaken = Literal["exact", "tree", "map"]
"""By one look-up of the whole path; part by part through the fast path's tree; by the Map."""


def ways_of(table: RouteTable[Any]) -> Mapping[int, WayTaken]:
    """The way to each route that requests reach, by the route's ``id``.

    It is that of a usual request: where the fast path leaves the decision to the Map (a slash too
    many, a value that a converter refuses), others of the same route go further.
    """
    ways = {id(leaf.route): _way_to(leaf) for leaf in table.fast_path.leaves}
    for route in table.routes:
        if not route.build_only:
            ways.setdefault(id(route), "map")  # a mount, or a host that the tree leaves out
    return ways


def way_taken(table: RouteTable[Any], environ: "WSGIEnvironment") -> WayTaken:
    """The way that one request takes, if a route answers it."""
    try:
        found = table.fast_path.find(environ)
    except HTTPException:
        return "map"
    return _way_to(found[0]) if isinstance(found, tuple) else "map"


def _way_to(leaf: Leaf[Any]) -> WayTaken:
    if leaf.is_ambiguous or leaf.route.methods == ("WEBSOCKET",):
        return "map"
    return "exact" if leaf.is_constant and leaf.route.pattern.text.isascii() else "tree"
