"""The search for whoever takes a URL, against compiled tables."""

from hypothesis import given, settings

from tests.support.crowded_tables import VERBS, CrowdedTable, crowded_tables
from webzeug.manifest.model import Matching, Route
from webzeug.routing.explaining import Question
from webzeug.routing.proving.default_redirects import DefaultRedirects
from webzeug.routing.proving.replies import reply_of
from webzeug.routing.proving.search import Search
from webzeug.routing.proving.vocabulary import Vocabulary


def search_of(routes: list[Route], matching: Matching | None = None) -> Search:
    """The search of routes whose converters are all known."""
    return Search(routes, matching or Matching(), Vocabulary())


@given(crowded_tables())
@settings(deadline=None, database=None, max_examples=60)
def test_the_first_taker_is_what_the_table_answers(crowd: CrowdedTable) -> None:
    """It answers, redirects to its slash, or its converter makes a 404 of it, as in the table."""
    search = search_of(crowd.routes, crowd.matching)
    redirects = DefaultRedirects(search)
    for url in crowd.urls:
        for verb in VERBS[:2]:
            reply = reply_of(crowd.table, url, verb)
            first = next(search.takers(url, verb), None)
            if first is None:
                assert reply.route is None
            elif first.redirects:
                assert reply.location == f"{Question(verb, url.path).target}/"
            elif first.args is None:
                assert reply.route is None
                assert reply.status in (404, 405)
            elif not redirects.may_redirect(first, verb):
                assert reply.route is first.claim.route
                assert reply.status == 200
