"""Which way requests take to their route."""

from pathlib import Path

import pytest

from tests.support.tables import read_text
from webzeug.routing.explaining.questions import Question
from webzeug.routing.standins import compile_without_code
from webzeug.routing.table import RouteTable
from webzeug.routing.ways import way_taken, ways_of

MANIFEST = """
    [routes]
    "/" = "shop.A"
    "/a/" = "shop.A"
    "/é" = "shop.B"
    "/items/<int:id>" = "shop.C"
    "/defaults" = { view = "shop.D", defaults = { x = 1 } }
    "/pages/" = { view = "shop.E", name = "page", defaults = { n = 1 } }
    "/pages/<int:n>/" = { view = "shop.E", name = "page" }
    "/mount" = { wsgi = "shop.mount" }
    "/built" = { view = "shop.F", build_only = true }
    "/own/<word:x>" = "shop.G"
    [routes."//<area>.example.com"]
    "/" = "shop.H"
    "/x" = { redirect = "/" }
    [converters]
    word = "shop.Word"
"""


@pytest.fixture
def table(tmp_path: Path) -> RouteTable[None]:
    """Routes of all kinds."""
    return compile_without_code(read_text(tmp_path / "routes.toml", MANIFEST)).table


def test_ways_to_routes(table: RouteTable[None]) -> None:
    """Fixed paths are looked up; hosts and defaults are values; the Map decides the rest."""
    ways = ways_of(table)
    assert {route.path: ways.get(id(route)) for route in table.routes} == {
        "/": "exact",
        "/a/": "exact",
        "/é": "tree",
        "/items/<int:id>": "tree",
        "/defaults": "tree",
        "/pages/": "map",
        "/pages/<int:n>/": "map",
        "/mount": "map",
        "/built": None,
        "/own/<word:x>": "tree",
        "//<area>.example.com/": "tree",
        "//<area>.example.com/x": "tree",
    }


@pytest.mark.parametrize(
    ("target", "way"),
    [
        ("/", "exact"),
        ("/a/", "exact"),
        ("/a", "map"),  # the Map redirects
        ("/items/7", "tree"),
        ("//items/7", "map"),
        ("/pages/", "map"),
        ("/mount/x", "map"),
    ],
)
def test_ways_of_requests(table: RouteTable[None], target: str, way: str) -> None:
    """The same, for one request; a Host that is none has no way of its own."""
    assert way_taken(table, Question("GET", target).environ()) == way
    assert way_taken(table, Question("GET", target, "no host").environ()) == "map"
