"""A manifest of 11,000 routes in one file, with the maker of ``benchmarks/scale.py``."""

import json
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.project import Project

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "scale.py"
ROUTES = 11_000


@pytest.fixture(scope="module")
def scale() -> dict[str, Any]:
    """The names of the script."""
    return runpy.run_path(str(SCRIPT), run_name="scale")


def test_eleven_thousand_routes_compile_and_answer(project: Project, scale: dict[str, Any]) -> None:
    """The first, the last, one of each kind; and what is not there is not found."""
    scale["write_project"](project.folder, ROUTES)
    app = project.load()
    assert len(app.table.routes) == ROUTES
    client = app.test_client()
    for number in (*range(12), ROUTES // 2, ROUTES - 1):
        environ = scale["environ_of"](app.table.routes[number])
        assert client.get(environ["PATH_INFO"]).text == str(number)
    assert client.get(f"/group-0/pages/{ROUTES}").status_code == 404
    refused = client.post("/group-99/items-10894/7")
    assert (refused.status_code, refused.headers["Allow"]) == (
        405,
        "DELETE, GET, HEAD, OPTIONS, PUT",
    )


def test_eleven_thousand_routes_are_listed(project: Project, scale: dict[str, Any]) -> None:
    """In the order of the file, each with its View and where that is."""
    manifest = scale["write_project"](project.folder, ROUTES)
    done = project.run("routes", str(manifest), "--format", "json")
    assert (done.code, done.err) == (0, "")
    rows = json.loads(done.out)
    assert len(rows) == ROUTES
    assert [row["target"] for row in rows[:2]] == ["views.group_0.View0", "views.group_0.View1"]
    assert rows[-1]["target"] == f"views.group_99.View{ROUTES - 1}"


def test_the_benchmark_runs() -> None:
    """With a few routes, each step has its line."""
    command = [sys.executable, str(SCRIPT), "--routes", "250", "--rounds", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    steps = [line.partition("  ")[0] for line in done.stdout.splitlines()[4:]]
    assert steps == ["read", "check", "compile", "first match", "list", "memory"]
