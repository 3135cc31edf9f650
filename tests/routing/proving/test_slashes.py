"""Routes that differ by the slash at the end only."""

import pytest

from tests.support.rows import row, search_of
from webzeug.manifest.model import RedirectTarget, Route
from webzeug.routing.proving.slashes import find_slash_hazards


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([row("POST /x"), row("GET /x/")], [("/x", "/x/", "/x/", "POST", True)]),
        ([row("GET /x"), row("POST /x/")], [("/x", "/x/", "/x/", "GET", True)]),
        ([row("GET,POST /x"), row("POST,GET /x/")], []),
        ([row("GET /x"), row("/x/")], []),
        ([row("/x"), row("GET /x/")], []),
        ([row("GET /x", "v.A"), row("/x/", "v.B")], [("/x", "/x/", "/x/", "GET", False)]),
        ([row("/x", "v.A"), row("/x/", "v.B")], [("/x", "/x/", "/x/", "GET", False)]),
        ([row("/<a>"), row("GET /<a>/")], []),
        ([row("PUT /<a>"), row("GET /<b>/")], [("/<a>", "/<b>/", "/abc/", "PUT", True)]),
        ([row("PUT /<a>"), row("GET /<int:b>/")], []),
        ([row("PUT /x"), row("GET /x/"), row("PUT /x/")], []),
        ([row("WEBSOCKET,OPTIONS /x"), row("GET /x/")], []),
        ([row("POST /x", strict_slashes=False), row("GET /x/")], []),
        ([row("POST //a.com/x"), row("GET /x/")], []),
        ([row('POST /<regex("[!]{9}"):x>'), row('GET /<regex("[!]{9}"):x>/')], []),
    ],
    ids=str,
)
def test_hazards(rows: list[Route], expected: list[tuple[str, str, str, str, bool]]) -> None:
    """A verb that is lost with the slash, else two places for one verb."""
    found = [
        (each.bare.path, each.slashed.path, str(each.url), each.verb, each.is_lost)
        for each in find_slash_hazards(search_of(*rows))
    ]
    assert expected == found


def test_a_redirect_is_no_hazard() -> None:
    """One that leads from one spelling to the other is how it should be."""
    redirect = Route(row("/x").pattern, RedirectTarget("/x/"))
    assert list(find_slash_hazards(search_of(redirect, "GET /x/"))) == []
