"""Fixtures of the routing tests."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.tables import read_text, table_of
from webzeug.routing.table import RouteTable

TableOf = Callable[[str], RouteTable[str]]


@pytest.fixture
def table(tmp_path: Path) -> TableOf:
    """Compiles the text of a manifest, which must be sound."""
    return lambda text: table_of(read_text(tmp_path / "routes.toml", text))
