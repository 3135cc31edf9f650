"""Near misses: which routes are near, in which order, and what is said of each."""

from pathlib import Path

import pytest

from tests.routing.conftest import TableOf
from tests.support.tables import read_text
from webzeug.routing.compiling import Ingredients, compile_table
from webzeug.routing.explaining import NearMiss, Question, Step, explain, question_of_url
from webzeug.routing.explaining.explanation import MOST_ASKED
from webzeug.routing.table import RouteTable


def _end(table: RouteTable[str], verb: str, url: str, limit: int | None = None) -> Step:
    return explain(table, question_of_url(verb, url), limit=limit).end


def _misses(table: RouteTable[str], verb: str, url: str) -> dict[str, NearMiss]:
    return {
        miss.route.path: miss
        for miss in explain(table, question_of_url(verb, url)).steps[0].near_misses
    }


def _faults(miss: NearMiss) -> list[tuple[str, str]]:
    return [(fault.reason, fault.sentence) for fault in miss.faults]


# The faults of one route alone


@pytest.mark.parametrize(
    ("row", "verb", "url", "faults"),
    [
        ('"/a/" = "v.V"', "GET", "/b/a/", [("path", "it has no `/b` in front")]),
        (
            '"/a/" = { view = "v.V", methods = ["POST"] }',
            "GET",
            "/a",
            [("slash", "it ends with a slash"), ("verb", "it takes POST, not GET")],
        ),
        ('"/a" = "v.V"', "GET", "/a/", [("slash", "it does not end with a slash")]),
        ('"/<x>" = "v.V"', "GET", "/a/", [("slash", "it does not end with a slash")]),
        (
            '"/a/b" = { view = "v.V", merge_slashes = false }',
            "GET",
            "/a//b",
            [("slash", "it does not merge the doubled slashes of the URL")],
        ),
        (
            '"/a/b/" = { view = "v.V", merge_slashes = false }',
            "GET",
            "/a//b",
            [
                ("slash", "it does not merge the doubled slashes of the URL"),
                ("slash", "it ends with a slash"),
            ],
        ),
        ('"/<int:n>" = "v.V"', "GET", "/bob", [("converter", "`<int:n>` does not take `bob`")]),
        (
            '"/<int:n>" = "v.V"',
            "GET",
            "/-7",
            [("converter", "`<int:n>` does not take `-7` (negative numbers need signed=True)")],
        ),
        (
            '"/<float:n>" = "v.V"',
            "GET",
            "/7",
            [("converter", "`<float:n>` does not take `7` (a float has a point: 7.0)")],
        ),
        (
            '"/<int(max=5):n>/<string(length=2):s>" = "v.V"',
            "GET",
            "/7/abc",
            [
                ("converter", "`<int(max=5):n>` does not take `7`"),
                ("converter", "`<string(length=2):s>` does not take `abc`"),
            ],
        ),
        (
            '"/f/<path:p>" = "v.V"',
            "GET",
            "/f/",
            [("converter", "`<path:p>` does not take an empty text")],
        ),
        (
            '"/<any(a, b):x>" = "v.V"',
            "GET",
            "/c",
            [("converter", "`<any(a, b):x>` does not take `c`")],
        ),
        (
            '"/<uuid:u>" = { PUT = "v.V" }',
            "GET",
            "/7",
            [("converter", "`<uuid:u>` does not take `7`"), ("verb", "it takes PUT, not GET")],
        ),
        (
            '"/a" = { view = "v.V", build_only = true }',
            "GET",
            "/a",
            [("build_only", "it only builds URLs")],
        ),
        (
            '"/a" = { view = "v.V", build_only = true, methods = ["PUT"] }',
            "GET",
            "/a",
            [("build_only", "it only builds URLs"), ("verb", "it takes PUT, not GET")],
        ),
        (
            '"//api.org/a" = "v.V"',
            "GET",
            "//www.org/a",
            [("host", "it answers on api.org, not on www.org")],
        ),
        (
            '"//<int(max=5):n>.org/a" = { view = "v.V", methods = ["PUT"] }',
            "GET",
            "//x.org/a",
            [
                ("verb", "it takes PUT, not GET"),
                ("host", "it answers on <int(max=5):n>.org, not on x.org"),
            ],
        ),
        (
            '"//api.org/a/<int:n>/" = { view = "v.V", methods = ["GET", "PUT", "WEBSOCKET"] }',
            "POST",
            "/a/b",
            [
                ("converter", "`<int:n>` does not take `b`"),
                ("slash", "it ends with a slash"),
                ("verb", "it takes GET, PUT and WEBSOCKET, not POST"),
                ("host", "it answers on api.org, not on localhost"),
            ],
        ),
        (
            '"/m/<int:n>" = { wsgi = "v.m" }',
            "GET",
            "/m/x/y",
            [("converter", "`<int:n>` does not take `x`")],
        ),
        (
            '"//api.org/m" = { wsgi = "v.m" }',
            "GET",
            "//www.org/m/x",
            [("host", "it answers on api.org, not on www.org")],
        ),
    ],
)
def test_faults(
    table: TableOf, row: str, verb: str, url: str, faults: list[tuple[str, str]]
) -> None:
    """All that keeps a route from answering, in one order."""
    (miss,) = _end(table(f"[routes]\n{row}\n"), verb, url).near_misses
    assert faults == _faults(miss)
    assert (faults[0][0], "; ".join(text for _, text in faults)) == (miss.reason, miss.sentence)


@pytest.mark.parametrize(
    ("verb", "sentence"),
    [
        ("POST", "it takes GET, not POST"),
        ("get", "it takes GET, not get (the case of a method counts)"),
        ("WEBSOCKET", "it takes GET, not a WebSocket handshake"),
    ],
)
def test_verbs(table: TableOf, verb: str, sentence: str) -> None:
    """A verb in small letters, and a handshake, are told apart."""
    end = _end(table('[routes]\n"/a" = { view = "v.V", methods = ["GET"] }\n'), verb, "/a")
    assert [("verb", sentence)] == _faults(end.near_misses[0])


def test_no_host_at_all(table: TableOf) -> None:
    """A request of HTTP/1.0 may have none."""
    found = table('[routes]\n"//api.org/a" = "v.V"\n')
    (miss,) = explain(found, Question("GET", "/a", host="")).end.near_misses
    assert _faults(miss) == [("host", "it answers on api.org, not without a host")]


# Of two routes that fit


@pytest.mark.parametrize(
    ("rows", "url", "reason", "sentence"),
    [
        (
            ['"/<x>" = "v.Loser"', '"/a" = "v.V"'],
            "/a",
            "weight",
            "`/a` goes first: the text `a` is tried before the variable in `<x>`",
        ),
        (
            ['"/<x>" = "v.Loser"', '"/a/" = "v.V"'],
            "/a",
            "weight",
            "`/a/` goes first: the text `a` is tried before the variable in `<x>`",
        ),
        (
            ['"/<x>" = "v.Loser"', '"/<int:n>" = "v.V"'],
            "/7",
            "weight",
            "`/<int:n>` goes first: `<int:n>` weighs less (50) than `<x>` (100)",
        ),
        (
            ['"/<path:x>" = "v.Loser"', '"/<string:n>" = "v.V"'],
            "/a",
            "weight",
            "`/<string:n>` goes first: `<string:n>` weighs less (100) than `<path:x>` (200)",
        ),
        (
            ['"/<x>" = "v.Loser"', '"/a-<n>" = "v.V"'],
            "/a-7",
            "weight",
            "`/a-<n>` goes first: Werkzeug weighs `a-<n>` as more specific than `<x>`",
        ),
        (
            ['"/<path:x>" = "v.Loser"', '"/<path:x>/b" = "v.V"'],
            "/a/b",
            "weight",
            "`/<path:x>/b` goes first: Werkzeug weighs it as the more specific",
        ),
        (
            ['"/<path:x>/<y>" = "v.Loser"', '"/<path:x>/b" = "v.V"'],
            "/a/b",
            "weight",
            "`/<path:x>/b` goes first: Werkzeug weighs it as the more specific",
        ),
        (
            ['"/a" = "v.Loser"', '"//api.org/<x>" = "v.V"'],
            "//api.org/a",
            "weight",
            "`//api.org/<x>` goes first: it names its host",
        ),
        (
            ['"//<x>.org/a" = "v.Loser"', '"//api.org/<y>" = "v.V"'],
            "//api.org/a",
            "weight",
            "`//api.org/<y>` goes first: its host is fixed text",
        ),
        (
            ['"//api.org/a" = "v.Loser"', '"//api.org:81/<x>" = "v.V"'],
            "//api.org:81/a",
            "weight",
            "`//api.org:81/<x>` goes first: its host names the port",
        ),
        (
            ['"//<x>.org/a" = "v.Loser"', '"//<int:x>.org/<y>" = "v.V"'],
            "//7.org/a",
            "weight",
            "`//<int:x>.org/<y>` goes first: Werkzeug weighs it as the more specific",
        ),
        (
            ['"/a/" = { view = "v.Loser", strict_slashes = false }', '"/a" = "v.V"'],
            "/a",
            "weight",
            "`/a` goes first: Werkzeug weighs it as the more specific",
        ),
        (
            ['"/<x>" = "v.V"', '"/<any(a, b):y>" = "v.Loser"'],
            "/a",
            "order",
            "`/<x>` weighs the same, and stands earlier in the file",
        ),
        (
            ['"/<uuid:x>/a" = "v.Opener"', '"/<y>/b" = "v.Loser"', '"/<uuid:x>/b" = "v.V"'],
            "/12345678-1234-1234-1234-123456789abc/b",
            "order",
            "`/<uuid:x>/b` weighs the same, and begins like `/<uuid:x>/a`, "
            "which stands earlier in the file",
        ),
    ],
)
def test_who_goes_first(
    table: TableOf, rows: list[str], url: str, reason: str, sentence: str
) -> None:
    """It is the weight if the order of the rows does not matter; a word says what makes it."""
    lines = "\n".join(rows)
    miss = next(
        miss
        for miss in explain(table(f"[routes]\n{lines}\n"), question_of_url("GET", url))
        .steps[0]
        .near_misses
        if miss.route.name == "loser"
    )
    assert [(reason, sentence)] == _faults(miss)
    assert miss.winner is not None
    assert (miss.winner.name, f"`{miss.winner.path}`" in sentence) == ("v", True)


def test_an_opener_that_is_not_found(table: TableOf) -> None:
    """Where it is not clear what decides between two of one weight, that alone is said."""
    text = """
    [routes]
    "/a//<uuid:x>/a" = "v.Opener"
    "/a/<y>/b" = "v.Loser"
    "/a/<uuid:x>/b" = "v.V"
    """
    url = "/a/12345678-1234-1234-1234-123456789abc/b"
    (miss,) = _end(table(text), "GET", url).near_misses
    assert _faults(miss) == [("order", "`/a/<uuid:x>/b` weighs the same, and is tried first")]


def test_a_heavier_route_that_refuses(table: TableOf) -> None:
    """Where a mount answers in the end, a route can have lost to one that then refused."""
    text = """
    [routes]
    "/m/<int(max=5):n>" = "v.Number"
    "/m/<x>" = "v.Any"
    "/m" = { wsgi = "v.mounted" }
    """
    end = _end(table(text), "GET", "/m/7")
    assert end.route is not None
    assert end.route.path == "/m"
    misses = {miss.route.path: miss for miss in end.near_misses}
    assert misses["/m/<int(max=5):n>"].reason == "converter"
    assert misses["/m/<x>"].reason == "weight"
    assert misses["/m/<x>"].winner is misses["/m/<int(max=5):n>"].route


# Mounts


MOUNTS = """
[routes]
"/m" = { wsgi = "v.outer" }
"/m/n" = { wsgi = "v.inner" }
"/m/raw" = "v.Raw"
"/m/post" = { view = "v.Post", methods = ["POST"] }
"/m/dir/" = "v.Dir"
"/other" = { wsgi = "v.other" }
"""


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("/m/raw", "a mount takes what no route takes"),
        ("/m/post", "a mount takes what no route takes"),
        ("/m/dir", "a mount takes what no route takes"),
        ("/m/n/x", "the mount `/m/n` goes first"),
    ],
)
def test_mounts_lose(table: TableOf, url: str, sentence: str) -> None:
    """To every route whose path fits, and to a mount with a longer prefix."""
    assert [("mount", sentence)] == _faults(_misses(table(MOUNTS), "GET", url)["/m"])


def test_a_mount_elsewhere_is_not_near(table: TableOf) -> None:
    """What is not below a prefix does not concern the mount."""
    assert _end(table(MOUNTS), "GET", "/m/x").near_misses == ()


# Routes with another text


SIMILAR = """
[routes]
"/people/<name>/" = "v.Person"
"/people/<name>/photos/<int:id>" = "v.Photo"
"/api/v1/orders" = "v.Orders"
"/" = "v.Index"
"""


@pytest.mark.parametrize(
    ("url", "path", "sentence"),
    [
        ("/poeple/bob/", "/people/<name>/", "it has `people` where the URL has `poeple`"),
        ("/People/bob/", "/people/<name>/", "it has `people` where the URL has `People`"),
        (
            "/poeple/bob/fotos/7",
            "/people/<name>/photos/<int:id>",
            "it has `people` where the URL has `poeple` and `photos` where the URL has `fotos`",
        ),
        ("/people", "/people/<name>/", "it goes on with `/<name>`, which the URL lacks"),
        ("/people/bob/x", "/people/<name>/", "it has no `/x` at its end"),
        ("/orders", "/api/v1/orders", "it begins with `/api/v1`, which the URL lacks"),
        ("/shop/api/v1/orders", "/api/v1/orders", "it has no `/shop` in front"),
    ],
)
def test_similar_routes(table: TableOf, url: str, path: str, sentence: str) -> None:
    """A slip of the pen, a part that is missing, a part too many: each is told."""
    assert [("path", sentence)] == _faults(_misses(table(SIMILAR), "GET", url)[path])


@pytest.mark.parametrize("url", ["/", "/xyzzy", "/xyzzy/bob/", "/people/bob/"])
def test_nothing_is_similar_without_a_reason(table: TableOf, url: str) -> None:
    """What shares no text is not near; and where a route answers, no slip is looked for."""
    assert _end(table(SIMILAR), "GET", url).near_misses == ()


def test_the_nearest_come_first(table: TableOf) -> None:
    """Fewer faults first, then the most telling, then those whose text differs, by how much."""
    text = """
    [routes]
    "/itmes/7" = "v.Far"
    "/item/7" = "v.Near"
    "//api.org/items/<int:n>" = { view = "v.Three", methods = ["PUT"] }
    "/items/<float:n>" = "v.Converter"
    "//api.org/items/7" = "v.Host"
    """
    end = _end(table(text), "GET", "/items/7")
    assert end.status == 404
    assert [miss.route.path for miss in end.near_misses] == [
        "/items/<float:n>",
        "//api.org/items/7",
        "//api.org/items/<int:n>",
        "/item/7",
        "/itmes/7",
    ]


def test_of_routes_as_similar_the_verb_decides(table: TableOf) -> None:
    """The one that takes the verb comes first, and of the others it is said that they do not."""
    text = """
    [routes]
    "/items/<id>" = { DELETE = "v.Remove", GET = "v.Show" }
    """
    first, second = _end(table(text), "GET", "/itmes/7").near_misses
    slip = ("path", "it has `items` where the URL has `itmes`")
    assert _faults(first) == [slip]
    assert _faults(second) == [slip, ("verb", "it takes DELETE, not GET")]


def test_how_many_are_left_out(table: TableOf) -> None:
    """A limit shows so many, and counts the rest."""
    found = table("[routes]\n" + "".join(f'"/item-{n}" = "v.V{n}"\n' for n in range(9)))
    end = _end(found, "GET", "/item", limit=3)
    assert (len(end.near_misses), end.more) == (3, 6)
    end = _end(found, "GET", "/item")
    assert (len(end.near_misses), end.more) == (9, 0)


def test_very_many_routes_that_might_match(table: TableOf) -> None:
    """Not all are looked at closely, unless all are asked for; no cause is guessed then."""
    rows = "".join(f'"/<int(min={n}):n>" = "v.V{n}"\n' for n in range(1, MOST_ASKED + 10))
    found = table(f"[routes]\n{rows}")
    end = _end(found, "GET", "/0", limit=3)
    assert (end.status, end.route, end.why) == (404, None, "")
    assert (len(end.near_misses), end.more) == (3, MOST_ASKED + 6)
    end = _end(found, "GET", "/0")
    assert end.route is not None
    assert end.route.path == "/<int(min=1):n>"
    assert len(end.near_misses) == MOST_ASKED + 8


def test_very_many_routes_that_would_redirect(table: TableOf) -> None:
    """What a redirect is for is left open where there are too many to ask."""
    rows = "".join(f'"/<int(min={n}):n>/" = "v.V{n}"\n' for n in range(1, MOST_ASKED + 10))
    step = explain(table(f"[routes]\n{rows}"), Question("GET", "/0")).steps[0]
    assert (step.outcome, step.route, step.why) == (
        "redirects",
        None,
        "a slash is missing at the end",
    )


def test_very_many_routes_of_which_one_refuses(table: TableOf) -> None:
    """A route that fits is left out where it is not known which one it lost to."""
    rows = "".join(f'"/<int(min={n}):n>" = "v.V{n}"\n' for n in range(1, MOST_ASKED + 10))
    step = _end(table(f'[routes]\n"/<x>" = "v.X"\n{rows}'), "GET", "/0", limit=MOST_ASKED)
    assert step.status == 404
    assert "/<x>" not in {miss.route.path for miss in step.near_misses}


def test_a_route_that_could_not_be_compiled(tmp_path: Path) -> None:
    """It is no near miss, as it is not in the table."""
    text = '[routes]\n"/<int(bad=1):x>" = "v.Bad"\n"/<int:x>" = "v.Good"\n'
    manifest = read_text(tmp_path / "routes.toml", text)
    found = compile_table(manifest.routes, lambda route: None, Ingredients()).table
    assert explain(found, Question("GET", "/7")).end.near_misses == ()
