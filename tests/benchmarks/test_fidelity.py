"""The long run that holds the fast path to the Map, made short; and what ends it."""

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.fidelity import Tally, compare, run
from tests.support.tables import read_text, request, table_of

MANIFEST = """
[routes]
"/items/<int:id>" = "v.Item"
"""


def test_a_short_run_finds_no_difference() -> None:
    """It counts the answers of the fast path, by kind, until there are enough."""
    said: list[str] = []
    tally = run(300, 1, said.append)
    assert tally.answers.total() >= 300
    assert set(tally.answers) == {"hits", "404", "405"}
    assert tally.tables > 1
    assert tally.left > 0


@pytest.mark.parametrize("pattern", ["/items/<float:id>", "/items/<id>", "/items/<int:number>"])
def test_a_planted_bug_is_found(tmp_path: Path, pattern: str) -> None:
    """A fast path that was made of other rules than the Map does not get through."""
    path = tmp_path / "routes.toml"
    table = table_of(read_text(path, MANIFEST))
    other = table_of(read_text(path, MANIFEST.replace("/items/<int:id>", pattern)))
    planted, asked = replace(table, fast_path=other.fast_path), [request("/items/7")]
    compare(table, None, asked, Tally(9))
    with pytest.raises(AssertionError):
        compare(planted, None, asked, Tally(9))
