"""Fixtures that all tests share."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.project import Project


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
