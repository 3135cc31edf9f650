"""Random tables: the compile does not change what they mean."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.random_rules import RandomTable, random_tables, requests_to
from tests.support.rules import differences, manifest_of, map_of
from tests.support.tables import read_text, table_of


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the manifests are written, one after another."""
    return tmp_path_factory.mktemp("random") / "routes.toml"


@settings(deadline=None, database=None, max_examples=250)
@given(table=random_tables(), seed=st.integers(0, 2**32))
def test_a_manifest_means_what_a_map_of_the_same_rules_means(
    path: Path, table: RandomTable, seed: int
) -> None:
    """Each request leads to the same route and values, redirect, refusal, or nothing."""
    compiled = table_of(read_text(path, manifest_of(table.rules)))
    requests = requests_to(table, seed, count=50)
    assert differences(compiled, map_of(table.rules), requests)[:1] == []
