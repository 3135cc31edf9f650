"""Verdicts about the route tables of real programs: the known ones are found, and no others."""

import pytest

from tests.support.random_tables import pattern
from tests.support.real_tables import FOLDER, read_table
from tests.support.rules import Row, Rules
from webzeug.manifest.model import Matching, Reference, Route, ViewTarget
from webzeug.routing.compiling import Ingredients, compile_table
from webzeug.routing.proving.overlaps import find_hidden, find_ties
from webzeug.routing.proving.reachability import Reachable, find_unreachable, judge
from webzeug.routing.proving.replies import reply_of
from webzeug.routing.proving.search import Search
from webzeug.routing.proving.slashes import find_slash_hazards
from webzeug.routing.proving.vocabulary import Vocabulary

FILES = sorted(path.name for path in FOLDER.glob("*.json*")) if FOLDER.is_dir() else []

UNREACHABLE = {"superset.json.gz": ["LocaleView.index", "AnnotationLayerRestApi.info"]}
"""Their patterns and verbs are those of earlier rules. One more is left its POST."""

TIES = {"superset.json.gz": ["LocaleView.index", "AuthDBView.login", "AnnotationLayerRestApi.info"]}
"""The same, and the one whose GET is an earlier rule's."""

SLASHES = {
    "superset.json.gz": [("/api/v1/security/roles/<int:role_id>/permissions", "POST")],
}
"""With the slash, there is a rule for GET only."""

needs_tables = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"there is no folder {FOLDER}")


@pytest.fixture(params=FILES)
def file(request: pytest.FixtureRequest) -> str:
    """Each table's file."""
    name: str = request.param
    return name


def routes_of(rules: Rules) -> tuple[list[Route], Matching]:
    """Rules as they are, also those that a manifest would refuse."""
    named = {name: rules.options.get(name, True) for name in ("strict_slashes", "merge_slashes")}
    return [_route(row) for row in rules.rows], Matching(None, None, **named)


def _route(row: Row) -> Route:
    target = ViewTarget(Reference(row.view))
    return Route(pattern(row.pattern), target, methods=row.methods, name=row.name)


@needs_tables
def test_all_but_the_known_routes_answer_their_url(file: str) -> None:
    """Each other verdict is a URL, and the compiled table says the same of it."""
    routes, matching = routes_of(read_table(file).rules)
    table = compile_table(routes, lambda route: None, Ingredients(matching)).table
    found = []
    for verdict in judge(Search(routes, matching, Vocabulary())):
        if isinstance(verdict, Reachable):
            assert reply_of(table, verdict.url, verdict.verb).route is verdict.route
        else:
            found.append(verdict.route.name)
    assert UNREACHABLE.get(file, []) == found


@needs_tables
def test_known_overlaps_are_found_and_no_others(file: str) -> None:
    """Nobody wants false alarms; verbs are those that a person would write."""
    routes, matching = routes_of(read_table(file).written)
    search = Search(routes, matching, Vocabulary())
    assert UNREACHABLE.get(file, []) == [each.route.name for each in find_unreachable(search)]
    assert list(find_hidden(search)) == []
    assert TIES.get(file, []) == [tie.second.name for tie in find_ties(search)]
    slashes = [(hazard.bare.path, hazard.verb) for hazard in find_slash_hazards(search)]
    assert SLASHES.get(file, []) == slashes
