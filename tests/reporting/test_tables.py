"""Golden outputs of a listing, one for each format."""

import csv
import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webzeug.reporting.listing import Location, Row
from webzeug.reporting.style import Style, width
from webzeug.reporting.tables import FORMATS, csv_table, json_table, markdown, table, tree

GOLDEN = Path(__file__).parent / "golden"

HOME = Row(
    path="/",
    host=None,
    kind="view",
    target="shop.views.Home",
    verbs=("GET",),
    has_more_verbs=False,
    name="home",
    status=None,
    source=Location("shop/views.py", 3),
    declared=Location("routes.toml", 2),
    tags=(),
    defaults={},
    middleware=(),
    deprecated=False,
    build_only=False,
)
ITEM = "shop.views.Item"
ROWS = [
    HOME,
    replace(HOME, path="/items/", target=ITEM, verbs=("GET", "POST"), name="items"),
    replace(HOME, path="/items/", target=ITEM, verbs=("DELETE",), name=None),
    replace(HOME, path="/items/<int:id>", target=ITEM, verbs=("GET",), name="item"),
    replace(HOME, path="/items/<int:id>", target=ITEM, verbs=("PUT",), name=None),
    replace(HOME, path="/日本/café/", verbs=("POST",), has_more_verbs=True, name=None, source=None),
    replace(HOME, path="/old/a", kind="redirect", target="item", status=308, verbs=None, name=None),
    replace(HOME, path="/old/b", kind="static", target="public/", verbs=None, name="static"),
    replace(HOME, path="/<any('a/b', \"c\"):x>/y|z", verbs=(), has_more_verbs=True, name="any"),
    replace(HOME, path="/none", verbs=(), name="x", declared=None),
    replace(HOME, host="<sub>.example.com", path="/`tick``s", kind="wsgi", target="shop.app"),
    replace(HOME, host="<sub>.example.com", path="/tab\t\x1b[31m", name="red"),
]


@pytest.mark.parametrize("name", ["table", "tree", "csv", "markdown"])
def test_golden_outputs(name: str) -> None:
    """What ROWS look like: aligned and never cut, wide characters counted, nothing that breaks."""
    expected = (GOLDEN / f"routes.{name}").read_text("utf-8")
    assert expected == FORMATS[name](ROWS, Style())


def test_json() -> None:
    """The fields that programs rely on; a change here breaks them."""
    rows = [
        replace(
            ROWS[1],
            host="<sub>.example.com",
            tags=("public", "old"),
            defaults={"page": 1, "since": date(2026, 11, 25), "far": float("inf"), "a": {"b": [1]}},
            middleware=("shop.outer", "shop.inner"),
            deprecated="use v2",
        ),
        replace(ROWS[6], source=None, declared=None, deprecated=True),
        replace(HOME, verbs=(), has_more_verbs=True, build_only=True),
    ]
    place = {"file": "shop/views.py", "line": 3}
    declared = {"file": "routes.toml", "line": 2}
    expected: list[dict[str, Any]] = [
        {
            "path": "/items/",
            "host": "<sub>.example.com",
            "kind": "view",
            "target": "shop.views.Item",
            "status": None,
            "verbs": ["GET", "POST"],
            "more_verbs": False,
            "name": "items",
            "source": place,
            "declared": declared,
            "tags": ["public", "old"],
            "defaults": {"page": 1, "since": "2026-11-25", "far": "inf", "a": {"b": [1]}},
            "middleware": ["shop.outer", "shop.inner"],
            "deprecated": "use v2",
            "build_only": False,
            "way": None,
        },
        {
            "path": "/old/a",
            "host": None,
            "kind": "redirect",
            "target": "item",
            "status": 308,
            "verbs": None,
            "more_verbs": False,
            "name": None,
            "source": None,
            "declared": None,
            "tags": [],
            "defaults": {},
            "middleware": [],
            "deprecated": True,
            "build_only": False,
            "way": None,
        },
        {
            "path": "/",
            "host": None,
            "kind": "view",
            "target": "shop.views.Home",
            "status": None,
            "verbs": [],
            "more_verbs": True,
            "name": "home",
            "source": place,
            "declared": declared,
            "tags": [],
            "defaults": {},
            "middleware": [],
            "deprecated": False,
            "build_only": True,
            "way": None,
        },
    ]
    assert expected == json.loads(json_table(rows))
    assert list(expected[0]) == list(json.loads(json_table(rows))[0])
    assert json_table(rows).isascii()
    for name in expected[0]:
        assert f"``{name}``" in (json_table.__doc__ or "")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("table", ""),
        ("tree", ""),
        ("json", "[]\n"),
        ("csv", "path,verbs,name,view,source,declared\n"),
        ("markdown", "| PATH | VERBS | NAME | VIEW | SOURCE | DECLARED |\n"
         "| --- | --- | --- | --- | --- | --- |\n"),
    ],
)  # fmt: skip
def test_no_routes(name: str, expected: str) -> None:
    """Each format of an empty listing is one that its readers expect."""
    assert expected == FORMATS[name]([], Style())


def test_headings_are_bold_in_colour() -> None:
    """With colours, only the headings of the table have any."""
    first, *rest = table(ROWS, Style(color=True)).splitlines()
    assert first.startswith("\x1b[1mPATH")
    assert table(ROWS).splitlines()[1:] == rest


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="G"), max_size=12)
paths = st.lists(st.sampled_from(["a", "b/", "<int:x>", "<any(a/b):y>/", "日"]), max_size=5).map(
    lambda parts: "/" + "".join(parts)
)
listings = st.lists(
    st.builds(
        lambda path, host, name, target: replace(
            HOME, path=path, host=host or None, name=name or None, target=target
        ),
        paths,
        st.sampled_from(["", "a.example", "<x>"]),
        texts,
        texts,
    ),
    max_size=6,
)


@settings(deadline=None, database=None)
@given(listings)
def test_nothing_is_lost_or_cut(rows: list[Row]) -> None:
    """Every row has its line in each format, columns stay aligned, and CSV and JSON read back."""
    assert len(table(rows).splitlines()) == (len(rows) + 1 if rows else 0)
    answers = [line.partition("GET")[0] for line in tree(rows).splitlines() if "GET" in line]
    assert len(rows) == len(answers)
    assert len(set(map(width, answers))) <= 1
    assert len(markdown(rows).splitlines()) == len(rows) + 2
    assert [row.path for row in rows] == [row["path"] for row in json.loads(json_table(rows))]
    assert len(rows) + 1 == len(list(csv.reader(io.StringIO(csv_table(rows)))))


def test_a_very_deep_tree() -> None:
    """Segments nest as deep as anyone likes, each with a route of its own."""
    rows = [replace(HOME, path="/" + "a/" * depth) for depth in range(1, 1100)]
    lines = tree(rows).splitlines()
    assert len(rows) == len(lines)
    assert lines[-1].lstrip().startswith("└── a/")
