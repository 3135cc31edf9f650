"""Fixtures that all tests share."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from gevent import monkey

from tests.support.project import Project


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of our own, for the whole test run."""
    help_text = "write what lint prints into tests/golden anew"
    parser.addoption("--update-golden", action="store_true", help=help_text)


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether the golden files shall be written anew, instead of being compared."""
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(autouse=True, scope="module")
def _unpatched() -> Iterator[None]:
    """gevent's patches are for child processes: here, they would change all tests that follow."""
    yield
    assert not monkey.is_module_patched("os")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """An empty project; what it makes this process import is forgotten afterwards."""
    path, modules = list(sys.path), set(sys.modules)
    yield Project(tmp_path)
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        file = getattr(sys.modules[name], "__file__", None) or ""
        spec_folders = list(getattr(sys.modules[name], "__path__", []))
        if any(place.startswith(str(tmp_path)) for place in (file, *spec_folders)):
            del sys.modules[name]
