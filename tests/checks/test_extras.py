"""WebSockets without the extra: lint says what to install, and so does the server."""

import sys
from pathlib import Path

import pytest

from tests.support.project import Project
from webzeug import ManifestError
from webzeug.checks.context import Context
from webzeug.checks.extras import check
from webzeug.loader import Options, read

VIEWS = """
    from webzeug import View

    class Plain(View):
        def GET(self): ...

    class Live(View):
        def GET(self): ...
        def WEBSOCKET(self, ws): ...
    """

WITH = """
    [routes]
    "/" = "shop.Live"
    "/again" = "shop.Live"
    """


def _lint(project: Project, table: str, path: list[str]) -> list[str]:
    project.write("shop.py", VIEWS)
    manifest = read(str(project.write("routes.toml", table)), Options()).manifest
    assert manifest is not None
    context = Context(manifest, [str(project.folder), *path])
    return [str(finding.diagnostic.message) for finding in check(context)]


def _library() -> str:
    """Where webzeug itself is found, without the packages that are installed."""
    return str(Path(__file__).parents[2])


def test_without_the_package(project: Project) -> None:
    """It is said once."""
    message = "the WEBSOCKET of shop.Live needs the package `websockets`"
    assert _lint(project, WITH, [_library()]) == [message]


@pytest.mark.parametrize(
    "table",
    [
        '"/" = "shop.Plain"',
        '"/" = { view = "shop.Live", methods = ["GET"] }',
        '"/" = { GET = "shop.Live" }',
        '"/" = { redirect = "/a" }\n"/a" = "shop.Unknown"',
    ],
)
def test_where_it_is_not_needed(project: Project, table: str) -> None:
    """Nobody who has no WebSocket hears of it."""
    assert _lint(project, f"[routes]\n{table}\n", [_library()]) == []


def test_with_the_package(project: Project) -> None:
    """What is installed is not missed."""
    assert _lint(project, WITH, sys.path) == []


def test_the_server(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """It does not start, with the same words."""
    project.write("shop.py", VIEWS)
    project.write("routes.toml", WITH)
    monkeypatch.setitem(sys.modules, "websockets", None)
    with pytest.raises(ManifestError) as failed:
        project.load(eager=True)
    assert "pip install 'webzeug[websocket]'" in str(failed.value.diagnostics[0].help)
