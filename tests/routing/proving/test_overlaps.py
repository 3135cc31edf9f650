"""URLs that two routes would take: decided by their order, or hidden by a converter's refusal."""

import pytest
from hypothesis import given, settings

from tests.support.crowded_tables import CrowdedTable, crowded_tables
from tests.support.rows import search_of
from webzeug.routing.proving.overlaps import find_hidden, find_ties
from webzeug.routing.proving.replies import reply_of
from webzeug.routing.proving.search import Search
from webzeug.routing.proving.vocabulary import Vocabulary


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["/<uuid:a>", "/<b>"], ["/<uuid:a> /<b> GET /11111111-1111-1111-1111-111111111111"]),
        (["/<int:a>", "/<b>"], []),
        (["/a", "/<b>"], []),
        (["/<any(a, b):x>", "/<any(c):y>"], []),
        (["/<any(a, b):x>", "/<any(b, c):y>"], ["/<any(a, b):x> /<any(b, c):y> GET /b"]),
        (["/<any(a, b):x>/y", "/<z>/y"], ["/<any(a, b):x>/y /<z>/y GET /a/y"]),
        (["/<any(a, b):x>/y", "/<z>/w"], []),
        (["/<any(a):x>/<int:y>", "/<z>/5"], ["/<any(a):x>/<int:y> /<z>/5 GET /a/5"]),
        (["/<any(a):x>/<int:y>", "/<z>/b"], []),
        (["/<any(a):x>/5", "/<z>/<int:y>"], ["/<any(a):x>/5 /<z>/<int:y> GET /a/5"]),
        (["/<any(a):x>/5", "/<z>/<path:y>"], ["/<any(a):x>/5 /<z>/<path:y> GET /a/5"]),
        (["/<any(a):x>/<path:y>", "/<z>/5/6"], ["/<any(a):x>/<path:y> /<z>/5/6 GET /a/5/6"]),
        (["GET /<uuid:a>", "PUT /<b>"], []),
        (["GET,PUT /<any(a):x>", "PUT /<b>"], ["/<any(a):x> /<b> PUT /a"]),
        (["PUT /<any(a):x>", "/<b>"], ["/<any(a):x> /<b> PUT /a"]),
        (["/<any(a):x>", "PUT /<b>"], ["/<any(a):x> /<b> PUT /a"]),
        (["GET /<a>", "GET,PUT /<string:b>"], ["/<a> /<string:b> GET /a"]),
        (["/<a>-<b>", "/<c>"], []),
        (["/a<x>", "/b<y>", "/aa<z>"], []),
        (["/<x>a", "/<y>b"], []),
        (["/<x>a", "/b<y>"], ["/<x>a /b<y> GET /ba"]),
        (["/<path:a>/", "/<path:b>"], ["/<path:a>/ /<path:b> GET /a/"]),
        (['/<regex("a+"):x>', "/<b>"], []),
        (["/<semver:x>", "/<b>"], []),
        (
            ["//<h>.com/<any(x):a>", "//www.<h>/<any(x):b>"],
            ["//<h>.com/<any(x):a> //www.<h>/<any(x):b>"],
        ),
        (["/<any(a):x>", "/a", "/<b>"], []),
        # Of x11, Werkzeug gives x1 to b, and c refuses 1.
        (["/<any(x):p><int(fixed_digits=2):q>", "/<b><int(min=5):c>"], []),
        (["/<any(a, b):x>", "/a", "/<z>"], ["/<any(a, b):x> /<z> GET /b"]),
    ],
    ids=str,
)
def test_ties(rows: list[str], expected: list[str]) -> None:
    """Two routes of one weight, with a URL that both take."""
    found = [
        f"{tie.first.path} {tie.second.path} {tie.verb} {tie.url}"
        for tie in find_ties(search_of(*rows))
    ]
    assert len(expected) == len(found)
    assert all(text.startswith(start) for text, start in zip(found, expected, strict=True)), found


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["/<int(min=10):a>", "/<b>"], [("/<int(min=10):a>", "/<b>", "/1", ("a",))]),
        (["/<b>", "/<int(min=10):a>"], [("/<int(min=10):a>", "/<b>", "/1", ("a",))]),
        (["/<int:a>", "/<b>"], []),
        (["/<int(min=10):a>"], []),
        (["/<int(min=10):a>", "/<any(x):b>"], []),
        (
            ["/<int(min=10):a>", '/<any("5"):b>'],
            [("/<int(min=10):a>", '/<any("5"):b>', "/5", ("a",))],
        ),
        (["/<int(min=10):a>", '/<any("15"):b>'], []),
        (["/<int(max=5):a>", "/<path:b>"], [("/<int(max=5):a>", "/<path:b>", "/6", ("a",))]),
        (["/x/<int(max=5):a>", "/<path:b>"], []),
        (["/<b>/<int(max=5):a>", "/<path:c>"], []),
        (["/<int(max=5):a>/x", "/<b>/x"], [("/<int(max=5):a>/x", "/<b>/x", "/6/x", ("a",))]),
        (["/<int(max=5):a>/x", "/<b>/y"], []),
        (["//<path:h>/<int(max=5):a>", "//<path:h>/<b>"], []),
        (
            ["/<int(max=5):a>/x", "/6/x", "/<b>/x"],
            [("/<int(max=5):a>/x", "/<b>/x", "/7/x", ("a",))],
        ),
        (["GET /<int(max=5):a>", "PUT /<b>"], []),
        (
            ["/<int(max=5):a>", "/<int(min=6):b>"],
            [("/<int(max=5):a>", "/<int(min=6):b>", "/6", ("a",))],
        ),
        (
            ["/<int(max=5):a>", "/<int(max=5):b>", "/<c>"],
            [("/<int(max=5):a>", "/<c>", "/6", ("a",))] * 1,
        ),
        (["/<float(min=5.0):a>", "/<b>"], []),
        (["/<semver:x>", "/<int(min=10):a>", "/<b>"], [("/<int(min=10):a>", "/<b>", "/1", ("a",))]),
    ],
    ids=str,
)
def test_hidden(rows: list[str], expected: list[tuple[str, str, str, tuple[str, ...]]]) -> None:
    """A URL that one route takes and refuses, and that another would answer."""
    found = [
        (each.refusing.path, each.lower.path, str(each.url), each.variables)
        for each in find_hidden(search_of(*rows))
    ]
    assert expected == found


@given(crowded_tables())
@settings(deadline=None, database=None, max_examples=100)
def test_examples_are_what_the_table_says(crowd: CrowdedTable) -> None:
    """The first of a tie answers, or it is redirected; nobody answers a refused URL."""
    search = Search(crowd.routes, crowd.matching, Vocabulary())
    for tie in find_ties(search):
        reply = reply_of(crowd.table, tie.url, tie.verb)
        assert reply.route is tie.first or (reply.location and tie.first.name)
    for hidden in find_hidden(search):
        reply = reply_of(crowd.table, hidden.url, hidden.verb)
        assert (reply.route, reply.status) in [(None, 404), (None, 405)]
