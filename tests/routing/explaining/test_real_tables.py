"""Explanations of real tables say what the table does; the nearest route is the one meant."""

import random
from itertools import pairwise

import pytest

from tests.routing.test_real_tables import FILES, UNSAYABLE, needs_tables
from tests.support.real_tables import path_of, read_table, requests_near
from tests.support.rules import Row, manifest_of
from tests.support.tables import MISSING, Outcome, ask, hit, read_text, redirect, table_of
from webzeug.routing.explaining import Question, Step, explain, question_of_environ
from webzeug.routing.table import RouteTable

SAMPLE = 80

Real = tuple[list[Row], RouteTable[str]]


@pytest.fixture(scope="module", params=FILES)
def real(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Real:
    """The rows of a real table, and the table."""
    rules = read_table(request.param, UNSAYABLE.get(request.param)).written
    path = tmp_path_factory.mktemp("real") / "routes.toml"
    return list(rules.rows), table_of(read_text(path, manifest_of(rules)))


def _outcome(step: Step) -> Outcome:
    """A step in the words of ``ask``."""
    match step.outcome:
        case "answers":
            assert step.route is not None
            assert step.route.name is not None
            return hit(step.route.name, **step.args)
        case "redirects":
            return redirect(step.location)
        case "method-not-allowed" | "options":
            return (405, frozenset(step.allowed))
    assert step.outcome == "not-found"
    return MISSING


@needs_tables
def test_the_first_step_is_what_the_table_does(real: Real) -> None:
    """Of requests for the rows and near them; and each step but an answer has its reason."""
    rows, table = real
    environs = list(requests_near(rows))
    for environ in random.Random(1).sample(environs, min(SAMPLE, len(environs))):
        step = explain(table, question_of_environ(environ)).steps[0]
        assert _outcome(step) == ask(table, environ)
        if step.outcome in ("redirects", "method-not-allowed"):
            assert step.why


@needs_tables
def test_a_slip_of_the_pen_leads_to_the_row_that_was_meant(real: Real) -> None:
    """With two letters of a long word swapped, the row stands among the near misses."""
    rows, table = real
    found = 0
    for row in random.Random(2).sample(rows, min(SAMPLE, len(rows))):
        path = _misspelt(path_of(row))
        if path is None:
            continue
        end = explain(table, Question((row.methods or ("GET",))[0], path), limit=None).steps[0]
        if end.status == 404:
            assert row.pattern in {miss.route.path for miss in end.near_misses}
            found += 1
    assert found


def _misspelt(path: str) -> str | None:
    """The path with the first two different neighbours in its longest word swapped."""
    word = max(path.split("/"), key=len)
    for first, second in pairwise(word):
        if first != second and len(word) > 4:
            return path.replace(word, word.replace(first + second, second + first, 1), 1)
    return None
