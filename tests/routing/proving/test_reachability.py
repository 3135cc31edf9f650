"""Verdicts about routes: proofs of what no request reaches, and URLs of all others."""

from dataclasses import replace

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from tests.support.crowded_tables import VERBS, CrowdedTable, crowded_tables
from tests.support.random_tables import questions, tables
from tests.support.rows import row, search_of
from webzeug.manifest.model import MountTarget, Reference, Route
from webzeug.routing.compiling import Ingredients, compile_table
from webzeug.routing.explaining import Question
from webzeug.routing.proving.claims import URL
from webzeug.routing.proving.overlaps import find_hidden, find_ties
from webzeug.routing.proving.reachability import (
    Reachable,
    Undecided,
    Unreachable,
    find_unreachable,
    judge,
)
from webzeug.routing.proving.replies import reply_of
from webzeug.routing.proving.search import Search
from webzeug.routing.proving.slashes import find_slash_hazards
from webzeug.routing.proving.vocabulary import Vocabulary
from webzeug.routing.standins import StandIn

Proof = tuple[str, dict[str, str]]
"""An unreachable route, and those that cover it with the name of the reason."""


def proofs(*rows: Route | str, **matching: object) -> list[Proof]:
    """What is proved to be unreachable."""
    return [
        (verdict.route.path, {each.route.path: each.reason.name for each in verdict.coverers})
        for verdict in find_unreachable(search_of(*rows, **matching))
    ]


@given(crowded_tables())
@settings(deadline=None, database=None, max_examples=100)
def test_verdicts_hold_when_all_urls_are_asked(crowd: CrowdedTable) -> None:
    """An unreachable route never answers; a reachable one answers its URL; few are undecided."""
    search = Search(crowd.routes, crowd.matching, Vocabulary())
    answered: dict[int, set[str]] = {}
    for url in crowd.urls:
        for verb in VERBS:
            route = reply_of(crowd.table, url, verb).route
            if route is not None:
                answered.setdefault(id(route), set()).add(url.path)
    for verdict in judge(search):
        event(type(verdict).__name__)
        match verdict:
            case Reachable():
                assert reply_of(crowd.table, verdict.url, verdict.verb).route is verdict.route
            case Unreachable():
                paths = answered.get(id(verdict.route), set())
                assert paths == (
                    {path for path in paths if "\n" in path or "//" in path}
                    if verdict.is_but_for_odd_paths
                    else set()
                )
            case Undecided():
                assert _may_be_undecided(verdict.route, crowd)


@given(tables(), st.lists(questions(), min_size=20, max_size=60))
@settings(deadline=None, database=None, max_examples=60)
def test_verdicts_hold_in_any_table(
    table: tuple[list[Route], Ingredients], asked: list[Question]
) -> None:
    """With mounts, redirects, ports, slashes in regular expressions, and whatever else there is."""
    routes, ingredients = table
    search = Search(routes, ingredients.matching, Vocabulary())
    compiled = compile_table(routes, lambda route: None, ingredients).table
    urls = [(URL(each.host, each.path), each.verb) for each in asked]
    answering = {id(reply_of(compiled, url, verb).route) for url, verb in urls}
    for verdict in judge(search):
        if isinstance(verdict, Reachable):
            assert reply_of(compiled, verdict.url, verdict.verb).route is verdict.route
        elif isinstance(verdict, Unreachable) and not verdict.is_but_for_odd_paths:
            assert id(verdict.route) not in answering
    for overlap in (*find_ties(search), *find_hidden(search), *find_slash_hazards(search)):
        event(type(overlap).__name__)


def _may_be_undecided(route: Route, crowd: CrowdedTable) -> bool:
    """Whether a regex is in the table, or a redirect from some of the values of a default."""
    named = [r for r in crowd.routes if r.name is not None and r.name == route.name]
    has_regex = any("<regex" in each.pattern.text for each in crowd.routes)
    return has_regex or any(each.defaults for each in named)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["/<a>", "/<uuid:b>"], [("/<uuid:b>", {"/<a>": "ORDER"})]),
        (["/<uuid:b>", "/<a>"], []),
        (["/a", "/b", "/<any(a, b):x>"], [("/<any(a, b):x>", {"/a": "FIXED", "/b": "FIXED"})]),
        (["/a", "/<any(a, b):x>"], []),
        (["GET /a", "PUT /b", "GET /<any(a, b):x>"], []),
        (["/<a>", "/<string:b>"], [("/<string:b>", {"/<a>": "SAME"})]),
        (["GET /<a>", "/<string:b>"], []),
        (
            ["GET /<a>", "PUT /<string:b>", "GET,PUT /<string(length=3):c>"],
            [("/<string(length=3):c>", {"/<a>": "ORDER", "/<string:b>": "ORDER"})],
        ),
        (["GET /<a>", "HEAD /<string:b>"], [("/<string:b>", {"/<a>": "SAME"})]),
        (
            ["GET /<a>", "HEAD /<b>", "GET /<any(x):c>"],
            [("/<any(x):c>", {"/<a>": "ORDER", "/<b>": "ORDER"})],
        ),
        (
            ["/<int:a>", "/<int(min=5, max=9):b>"],
            [("/<int(min=5, max=9):b>", {"/<int:a>": "SAME"})],
        ),
        (["/<int(min=5):a>", "/<int:b>"], [("/<int:b>", {"/<int(min=5):a>": "SAME"})]),
        (["/<int(min=5, max=3):a>"], []),
        (
            ["/<int:a>", "/<int(signed=True):b>", '/<any("-5", "5"):c>'],
            [('/<any("-5", "5"):c>', {})],
        ),
        (["/<any(de, en):a>", "/<string(length=2):b>"], []),
        (["/<string(length=2):b>", "/<any(de, en):a>"], [("/<any(de, en):a>", {})]),
        (["/<string(length=2):b>", "/<any(de, eng):a>"], []),
        (
            ["/<string(maxlength=2):a>", "/<string(minlength=3):b>", "/<uuid:c>"],
            [("/<uuid:c>", {})],
        ),
        (["/<a>-<b>", "/<uuid:c>"], [("/<uuid:c>", {"/<a>-<b>": "MORE_TEXT"})]),
        (["/x<a>", "/<any(xy, xz):b>"], [("/<any(xy, xz):b>", {"/x<a>": "MORE_TEXT"})]),
        (["/<uuid:c>", "/<a><b>"], [("/<uuid:c>", {"/<a><b>": "MORE_VARIABLES"})]),
        (["/<path:a>", "/<path:b>"], [("/<path:b>", {"/<path:a>": "SAME"})]),
        (["/<path:a>", "/x/<b>"], []),
        (["/<path:a>", "/<path:b>/"], [("/<path:b>/", {"/<path:a>": "ORDER"})]),
        (["/<path:a>/", "/<path:b>"], [("/<path:b>", {"/<path:a>/": "ORDER"})]),
        (["/<path:a>/<b>", "/<c>/<d>"], [("/<c>/<d>", {"/<path:a>/<b>": "MORE_VARIABLES"})]),
        (["/<a>/", "/<string(length=3):b>"], [("/<string(length=3):b>", {"/<a>/": "REDIRECT"})]),
        (["/<a>/", "/<b>"], []),
        (["GET /<a>/", "/<string(length=3):b>"], []),
        (["/a/", "/a"], []),
        (["/<x>/a", "/<uuid:u>/b", "/<x>/b"], [("/<uuid:u>/b", {"/<x>/b": "ORDER"})]),
        (['/<regex("[a-z]+"):a>', "/<any(x):b>"], []),
        (["/<a>", '/<regex("[a-z]+"):b>'], [('/<regex("[a-z]+"):b>', {"/<a>": "ORDER"})]),
        (["/<a>", '/<regex(".*"):b>'], []),
        (['/<regex("x{3}"):a>', "/<b>"], []),
        (['/<regex("x!{9}"):a>', "/<b>"], []),
        (["/<semver:a>", "/<b>", "/<uuid:c>"], [("/<uuid:c>", {"/<b>": "ORDER"})]),
        (["/<a>", "/<semver:b>"], []),
        (["/<a>/<semver:b>", "/<uuid:u>/x", "/<a>/x"], [("/<uuid:u>/x", {"/<a>/x": "ORDER"})]),
        (["//<h>/x", "/x"], [("/x", {"//<h>/x": "HOST"})]),
        (["//a.com/x", "/x"], []),
        (["/x", "//a.com/x"], []),
        (
            ["//<any(a, b):h>.com/<x>", "//a.com/<string:x>", "/<x>"],
            [],
        ),
        (
            ["//<h>.com/<x>", "//<any(a, b):h>.com/<uuid:x>"],
            [("//<any(a, b):h>.com/<uuid:x>", {"//<h>.com/<x>": "ORDER"})],
        ),
        (["//a.com:81/x", "//a.com/x"], []),
        (["//<h>:81/x", "//a.com:81/x"], []),
        (
            ["//<h>:81/x", "//<any(a, b):g>:81/x"],
            [("//<any(a, b):g>:81/x", {"//<h>:81/x": "ORDER"})],
        ),
        (["//<path:h>/x", "/x"], []),
    ],
    ids=str,
)
def test_what_is_proved(rows: list[str], expected: list[Proof]) -> None:
    """The routes that are covered, by whom and why; {} stands for whatever covers one."""
    found = proofs(*rows)
    wanted = [(path, reasons or dict(found).get(path, {})) for path, reasons in expected]
    assert wanted == found


def test_strictness_of_one_route_counts() -> None:
    """A route that does not mind its slash takes the path without it."""
    lenient = row("/<a>/", strict_slashes=False)
    expected = [("/<string(length=3):b>", {"/<a>/": "LENIENT"})]
    assert expected == proofs(lenient, "/<string(length=3):b>")


def test_a_lenient_route_must_be_covered_with_every_ending() -> None:
    """What it would still answer without its slash, or with one more, keeps it reachable."""
    lenient = row("/<any(a):x>", strict_slashes=False)
    assert proofs("/a", lenient) == []
    assert proofs("/a", "/a/", lenient) == [("/<any(a):x>", {"/a": "FIXED", "/a/": "FIXED"})]


def test_doubled_slashes_are_merged_in_patterns() -> None:
    """Unless a route keeps them, and so takes another path."""
    assert proofs("/a/<x>", "/a//<string:y>") == [("/a//<string:y>", {"/a/<x>": "SAME"})]
    assert proofs("/a/<x>", row("/a//<string:y>", merge_slashes=False)) == []


def test_routes_that_never_match_cover_nothing() -> None:
    """One that only builds URLs, and a mount, which all routes go before."""
    assert proofs(row("/<a>", build_only=True), "/<uuid:b>") == []
    mount = replace(row("/"), target=MountTarget(Reference("code.app")))
    assert proofs(mount, "/<uuid:b>") == []


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["/<path:a>/<b>", "/<c>/<d>"], True),
        (["/<path:a>/", "/<path:b>"], True),
        (["/<path:a>", "/<path:b>/"], False),
        (["/<a>", "/<uuid:b>"], False),
    ],
)
def test_odd_paths_are_told(rows: list[str], *, expected: bool) -> None:
    """``path`` takes no line break, nor two slashes at the end; who else does is told so."""
    (verdict,) = find_unreachable(search_of(*rows))
    assert expected == verdict.is_but_for_odd_paths


def defaulted(text: str, name: str = "all", **defaults: object) -> Route:
    """A row with a name and defaults."""
    return row(text, name=name, defaults=defaults)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([defaulted("/a", p=1), defaulted("/b", p=1)], ["/b"]),
        ([defaulted("/a", p=1), defaulted("/b", p=2)], []),
        ([defaulted("/a", p=1), defaulted("/b", "other", p=1)], []),
        ([defaulted("/a", p=1), defaulted("GET /b", p=1)], ["/b"]),
        ([defaulted("GET /a", p=1), defaulted("/b", p=1)], []),
        ([defaulted("/a", p=1, q=1), defaulted("/b", p=1)], []),
        ([defaulted("/a", p=1), defaulted("/b/<q>", p=1)], []),
        ([defaulted("/<q>/a", p=1), defaulted("/a", p=1, q=2), defaulted("/b", p=1, q=2)], ["/b"]),
        ([defaulted("/a/<x>", p=1), defaulted("/b/<x>", p=1)], ["/b/<x>"]),
        ([defaulted("/a/<int:x>", p=1), defaulted("/b/<x>", p=1)], []),
        ([defaulted("/a/<x>", p=1), defaulted("/a/<int:x>", p=1)], []),
        ([defaulted("//a.com/x", p=1), defaulted("//a.com/y", p=1)], ["//a.com/y"]),
        ([defaulted("//a.com/x", p=1), defaulted("//b.com/y", p=1)], []),
    ],
    ids=str,
)
def test_redirects_to_the_same_defaults(rows: list[Route], expected: list[str]) -> None:
    """Of two routes with one name and the same defaults, Werkzeug redirects to the first."""
    found = [verdict.route.path for verdict in find_unreachable(search_of(*rows))]
    assert expected == found
    assert proofs(*rows, redirect_defaults=False) == []


def test_a_redirect_for_some_values_is_no_proof() -> None:
    """A variable that may have another value than the default keeps its route reachable."""
    rows = [defaulted("/", page=1), row("/<int:page>", name="all")]
    assert [type(verdict) for verdict in judge(search_of(*rows))] == [Reachable, Reachable]
    less = [defaulted("/<int:page>", lang="en"), defaulted("/", page=7, lang="en")]
    first, second = judge(search_of(*less))
    assert isinstance(first, Reachable)
    assert (str(first.url), type(second)) == ("/1234", Reachable)
    alike = [defaulted("/a/<x>", p=1), defaulted("/a/<int:x>", p=1)]
    assert [type(verdict) for verdict in judge(search_of(*alike))] == [Reachable, Reachable]
    only = [defaulted("/", page="a"), row("/<any(a):page>", name="all")]
    assert [type(verdict) for verdict in judge(search_of(*only))] == [Reachable, Undecided]


def test_examples_and_the_opener_are_told() -> None:
    """What a message shows: a URL, a verb, and what stands first where a tie is won by it."""
    search = search_of("/<x>/a", "PUT,GET /<uuid:u>/b", "/<x>/b")
    (verdict,) = find_unreachable(search)
    assert [str(url) for url in verdict.urls] == ["/12345678-1234-4234-8234-123456789abc/b"]
    assert verdict.verb == "PUT"
    (coverer,) = verdict.coverers
    assert coverer.opener is search.claims[0].route
    assert proofs("/<a>", '/<regex("[!]{9}"):b>') == [('/<regex("[!]{9}"):b>', {"/<a>": "ORDER"})]


def test_many_coverers_are_named_only_if_needed() -> None:
    """Whoever takes only what others take as well is left out; order in the file is kept."""
    rows = ["/<any(a, b):x>", "/<any(b, c):y>", "/<any(c, d):z>", "/<any(a, b, c, d):w>"]
    assert proofs(*rows) == [(rows[3], {rows[0]: "ORDER", rows[2]: "ORDER"})]


def test_too_many_coverers_are_not_looked_for() -> None:
    """A question that takes too long is not decided."""
    words = [f"w{number}" for number in range(70)]
    rows = [*[f"/{word}" for word in words], f"/<any({', '.join(words)}):x>"]
    assert isinstance([*judge(search_of(*rows))][-1], Undecided)
    assert proofs(*[f"/{word}" for word in words[:20]], f"/<any({', '.join(words[:20])}):x>") != []


@pytest.mark.parametrize(
    "text",
    [
        "/" + "/".join(f"<a{number}>" for number in range(150)),
        "/" + "".join(f"<a{number}>" for number in range(20)),
        '/<regex("(?P<q>a)"):a><regex("(?P<q>b)"):b>',
        "/<string(minlength=1000000):a>",
    ],
)
def test_monstrous_patterns_are_not_decided(text: str) -> None:
    """They neither raise nor take long, and leave the verdicts about others as they are."""
    assert proofs(text, "/<a>", "/<uuid:b>") == [("/<uuid:b>", {"/<a>": "ORDER"})]


def test_stand_ins_do_not_change_what_is_proved() -> None:
    """Where the code of a converter is not run, a proof holds whatever it takes."""
    routes = [row("/<semver:a>"), row("/<b>"), row("/<uuid:c>")]
    (verdict,) = find_unreachable(search_of(*routes))
    ingredients = Ingredients(converters={"semver": StandIn})
    table = compile_table(routes, lambda route: None, ingredients).table
    assert {reply_of(table, url, "GET").route is verdict.route for url in verdict.urls} == {False}
