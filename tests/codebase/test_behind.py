"""What is known of the things that routes lead to."""

import sys
from pathlib import Path

import pytest

from tests.support.tables import read_text
from webzeug.codebase import Codebase, Verbs
from webzeug.codebase.behind import Behind
from webzeug.manifest.model import Route

MANIFEST = """
[routes]
"/view" = "views.Page"
"/absent" = "views.Absent"
"/folder" = { static = "public" }
"/file" = { static = "public/style.css" }
"/mount" = { wsgi = "views.app" }
"""


@pytest.fixture
def routes(tmp_path: Path) -> dict[str, Route]:
    (tmp_path / "public").mkdir()
    (tmp_path / "public" / "style.css").write_text("", "utf-8")
    source = "from webzeug import View\n\nclass Page(View):\n    def GET(self): ...\n"
    (tmp_path / "views.py").write_text(source, "utf-8")
    manifest = read_text(tmp_path / "routes.toml", MANIFEST)
    return {route.path: route for route in manifest.routes}


@pytest.fixture
def behind(tmp_path: Path) -> Behind:
    return Behind(Codebase([str(tmp_path), *sys.path]))


def test_the_methods_of_a_view(behind: Behind, routes: dict[str, Route]) -> None:
    """They are read from its source; of anything but a View nothing is known."""
    methods = behind.methods(routes["/view"])
    assert isinstance(methods, Verbs)
    assert (methods.has("GET"), methods.has("PUT")) == (True, False)
    for path in ("/absent", "/mount", "/file"):
        assert behind.methods(routes[path]) is None


@pytest.mark.parametrize(("name", "expected"), [("style.css", True), ("absent.css", False)])
def test_the_files_of_a_folder(
    behind: Behind, routes: dict[str, Route], name: str, expected: bool
) -> None:
    """Those that are there, and that may be sent."""
    folder = routes["/folder/<path:filename>"]
    assert behind.has_file(folder, {"filename": name}) is expected
    assert behind.has_file(folder, {"filename": "../routes.toml"}) is False


def test_one_file(behind: Behind, routes: dict[str, Route]) -> None:
    """A route may lead to one file; a View to none."""
    assert behind.has_file(routes["/file"], {}) is True
    assert behind.has_file(routes["/view"], {}) is None
