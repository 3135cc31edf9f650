"""What routers are asked, and how it is known what is right."""

import pytest

from benchmarks.matching import make
from benchmarks.probes import Asker, Oracle
from benchmarks.routers import Router, Row, hit
from benchmarks.tables import NoTableError, table

ROWS = [
    Row("/", "home", ("GET",)),
    Row("/items/<int:v2>", "item", ("GET",)),
    Row("/items/new", "new", ("GET", "POST")),
    Row("/items/<v2>.css", "css", ("GET",)),
    Row("/<v1>/new", "any", ("GET",)),
    Row("/shop/", "shop", ("GET",)),
]


def test_the_oracle_finds_all_patterns_that_a_path_fits() -> None:
    """It has no order; what depends on one is not asked."""
    oracle = Oracle(ROWS)
    assert oracle.patterns("/items/7") == ["/items/<int:v2>"]
    assert oracle.patterns("/items/7.css") == ["/items/<v2>.css"]
    assert oracle.patterns("/items/x") == []
    assert sorted(oracle.patterns("/items/new")) == ["/<v1>/new", "/items/new"]
    assert not oracle.is_certain("/items/new", "/items/new")
    assert not oracle.is_certain("/shop")


def test_a_seed_makes_the_same_probes_in_every_process() -> None:
    """All peers are asked the same."""
    rows = table("synthetic:50")
    assert Asker(rows, 1).cases(9) == Asker(rows, 1).cases(9)
    assert Asker(rows, 1).cases(9) != Asker(rows, 2).cases(9)
    assert Asker(rows, 1).distinct(40) == Asker(rows, 1).distinct(40)


def wrong(rows: list[Row]) -> Router:
    """A router that answers everything with its first row."""
    return Router(lambda path, method: path, lambda path: rows[0].name, lambda name: hit(name, {}))


def test_a_router_that_answers_wrongly_is_not_timed() -> None:
    """The case is refused, with an example."""
    where = {"table_name": "synthetic:10", "cache": None, "pass_limit": 1.0, "seed": 1}
    made = make(f"{__name__}:wrong", **where, probes=5, distinct=8)  # type: ignore[arg-type]
    assert list(made.cases) == []
    assert made.refused["404"].startswith("5 of 5 answers are wrong, as for GET /")


def test_a_table_that_is_not_here_is_said_to_be_missing() -> None:
    """Nothing is downloaded unless it is allowed."""
    with pytest.raises(NoTableError, match="needs a cache folder"):
        table("github")
    with pytest.raises(NoTableError, match=r"nothing\.json is not in"):
        table("nothing.json")
