"""Explanations as text and JSON; what they look like as a whole, tests/cli/golden shows."""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.tables import read_text
from webzeug.codebase import Codebase
from webzeug.codebase.behind import Behind
from webzeug.reporting.explanation import Report, text
from webzeug.reporting.explanation_json import render
from webzeug.reporting.style import Style
from webzeug.routing.explaining import Question, explain
from webzeug.routing.standins import compile_without_code

ReportOf = Callable[..., Report]

MANIFEST = """
[[middleware]]
use = "views.outer"
with = { level = 3 }

[converters]
own = "views.Own"

[routes]
"/view/<int:id>" = { view = "views.Page", middleware = ["views.inner"], defaults = { all = true } }
"/view/<name>" = { view = "views.Page", name = "by_name", methods = ["GET", "POST"] }
"/own/<own:x>/<y>" = "views.Page"
"/nowhere" = "absent.Page"
"/broken" = "broken.Page"
"/file" = { static = "public/style.css" }
"/m" = { wsgi = "views.app" }
"/m/<int(max=5):n>" = "views.Page"
"/m/<x>" = "views.Other"
"/café/<float:price>" = { view = "views.Page", deprecated = true }
"/none" = { view = "views.Page", defaults = { a = { none = true }, b = [1, "x"], c = 2026-11-25 } }
"/loop" = { redirect = "/loop" }
"//<own:host>.org/" = "views.Page"
"""

VIEWS = """
from webzeug import View

class Page(View):
    def GET(self, **args): ...

def app(environ, start_response): ...
"""


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ReportOf:
    """Explains a request of the table above, in its folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "public").mkdir()
    (tmp_path / "public" / "style.css").write_text("", "utf-8")
    (tmp_path / "views.py").write_text(VIEWS.lstrip("\n"), "utf-8")
    (tmp_path / "broken.py").write_text("class\n", "utf-8")
    manifest = read_text(Path("routes.toml"), MANIFEST.lstrip("\n"))
    table = compile_without_code(manifest).table
    codebase = Codebase([str(tmp_path), *sys.path])

    def report(verb: str, path: str, **more: Any) -> Report:
        question = Question(verb, path, **more)
        return Report(explain(table, question, Behind(codebase)), manifest, codebase)

    return report


def _line(report: Report, label: str) -> str:
    """The line with a label, blanks run together."""
    lines = [" ".join(line.split()) for line in text(report).splitlines()]
    return next(line for line in lines if line.startswith(label))


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        (Question("GET", "/x"), "GET /x"),
        (Question("GET", "/x", "api.org:81", "y=1"), "GET http://api.org:81/x?y=1"),
        (Question("GET", "/x", scheme="https"), "GET https://localhost/x"),
        (Question("BREW", "/a b\x1b", script_name="/shop"), "BREW /shop/a%20b%1B"),
        (Question("GET", "/", query="\x1b[31m"), "GET /?<U+001B>[31m"),
    ],
)
def test_headings(report: ReportOf, question: Question, heading: str) -> None:
    """The request, its host if it was given, and nothing that a terminal would obey."""
    given = {
        "host": question.host,
        "query": question.query,
        "script_name": question.script_name,
        "scheme": question.scheme,
    }
    assert heading == text(report(question.verb, question.path, **given)).splitlines()[0]


@pytest.mark.parametrize(
    ("path", "label", "line"),
    [
        ("/view/7", "answered by", "answered by views.Page.GET views.py:3"),
        ("/view/7", "variables", "variables id = 7 int"),
        ("/view/7", "defaults", "defaults all = True bool"),
        ("/view/bob", "route", "route /view/<name> (GET, POST) routes.toml:10"),
        ("/own/1/2", "variables", "variables x = '1' as `own` gets it"),
        ("/own/1/2", "y", "y = '2' str"),
        ("/nowhere", "answered by", "answered by absent.Page there is no module `absent`"),
        ("/broken", "answered by", "answered by broken.Page broken.py:1: "),
        ("/file", "answered by", "answered by the file public/style.css"),
        ("/m/a/b", "answered by", "answered by views.app views.py:6"),
        ("/café/1.5", "variables", "variables price = 1.5 float"),
        ("/café/1.5", "deprecated", "deprecated yes"),
        ("/none", "defaults", "defaults a = None NoneType"),
        ("/none", "b", "b = [1, 'x'] list"),
        ("/none", "c", "c = 2026-11-25 date"),
        ("/loop", "loops", "loops nothing answers"),
        ("/xyzzy", "because", "because the manifest has nothing like this path"),
    ],
)
def test_lines(report: ReportOf, path: str, label: str, line: str) -> None:
    """What is told of a step, each on a line of its own."""
    assert _line(report("GET", path), label).startswith(line)


def test_a_host_that_is_none(report: ReportOf) -> None:
    """It makes it 400."""
    answer = text(report("GET", "/", host="a b"))
    assert "  400      Bad Request\n  because  `a b` is not a host\n" in answer


def test_the_middlewares_in_their_order(report: ReportOf) -> None:
    """Those of the App, which every request passes, then those of the route."""
    lines = text(report("GET", "/view/7")).splitlines()
    first = next(index for index, line in enumerate(lines) if "middleware" in line)
    assert [line.split() for line in lines[first : first + 2]] == [
        ["middleware", "views.outer", "(around", "the", "whole", "App)", "routes.toml:2"],
        ["views.inner", "routes.toml:9"],
    ]


def test_a_winner_that_was_not_named_before(report: ReportOf) -> None:
    """Of a route that lost to another near miss, it is said where that one stands."""
    answer = text(report("GET", "/m/7"))
    assert "`<int(max=5):n>` weighs less (50) than `<x>` (100) (routes.toml:16)\n" in answer


def test_how_many_are_left_out(tmp_path: Path) -> None:
    """The text ends with the number of the others."""
    rows = "".join(f'"/item-{number}" = "v.V{number}"\n' for number in range(9))
    manifest = read_text(tmp_path / "routes.toml", f"[routes]\n{rows}")
    explanation = explain(compile_without_code(manifest).table, Question("GET", "/item"), limit=2)
    answer = text(Report(explanation, manifest, Codebase([])))
    assert answer.endswith("    and 7 more, which --all shows\n")


def test_of_a_redirect_only_rivals_are_shown(report: ReportOf, tmp_path: Path) -> None:
    """Those that would answer without it; what else is near stands below the end."""
    manifest = read_text(
        tmp_path / "routes.toml", '[routes]\n"/a/" = "v.A"\n"/<x>" = "v.X"\n"/<int:n>" = "v.N"\n'
    )
    explanation = explain(compile_without_code(manifest).table, Question("GET", "/a"))
    redirect, end = text(Report(explanation, manifest, Codebase([]))).split("\n\nGET")
    assert "  without this redirect:\n" in redirect
    assert [word for word in redirect.split() if word.startswith("/<")] == ["/<x>"]
    assert "`<int:n>` does not take `a`" in end


@pytest.mark.parametrize(
    ("path", "color"), [("/view/7", 32), ("/loop", 33), ("/xyzzy", 31), ("/loop", 31)]
)
def test_colours(report: ReportOf, path: str, color: int) -> None:
    """Green answers, yellow leads on, red is the end; the text is the same without."""
    found = report("GET", path)
    painted = text(found, Style(color=True))
    assert f"\x1b[{color}m\x1b[1m" in painted
    assert text(found) == re.sub("\x1b\\[[0-9]+m", "", painted)


def test_json(report: ReportOf) -> None:
    """The fields that programs rely on; a change here breaks them."""
    value = json.loads(render(report("GET", "/view/7", query="x=1")))
    (step,) = value.pop("steps")
    assert value == {"answered": True, "depends_on": []}
    (miss,) = step.pop("near_misses")
    route = step.pop("route")
    assert (route["path"], route["defaults"]) == ("/view/<int:id>", {"all": True})
    assert step == {
        "request": {"method": "GET", "host": "localhost", "path": "/view/7", "query": "x=1"},
        "outcome": "answers",
        "status": None,
        "because": None,
        "location": None,
        "allowed": [],
        "method": "GET",
        "variables": [{"name": "id", "value": 7, "type": "int"}],
        "mounted": None,
        "middleware": [
            {
                "use": "views.outer",
                "with": {"level": 3},
                "declared": {"file": "routes.toml", "line": 2},
                "scope": "app",
            },
            {
                "use": "views.inner",
                "with": {},
                "declared": {"file": "routes.toml", "line": 9},
                "scope": "route",
            },
        ],
        "more": 0,
        "depends_on": [],
        "way": "tree",
    }
    sentence = "`/view/<int:id>` goes first: `<int:id>` weighs less (50) than `<name>` (100)"
    assert miss.pop("route")["path"] == "/view/<name>"
    assert miss.pop("winner")["path"] == "/view/<int:id>"
    assert {
        "reason": "weight",
        "sentence": sentence,
        "faults": [{"reason": "weight", "sentence": sentence}],
    } == miss


def test_json_of_a_guess(report: ReportOf) -> None:
    """A type that only a converter's code knows is null, and the converter is named."""
    value = json.loads(render(report("GET", "/own/1/2")))
    (step,) = value["steps"]
    assert (value["depends_on"], step["depends_on"]) == (["own"], ["own"])
    assert [variable["type"] for variable in step["variables"]] == [None, "str"]


def test_json_of_what_does_not_answer(report: ReportOf) -> None:
    """Null and empty where there is nothing to tell."""
    value = json.loads(render(report("GET", "/xyzzy")))
    (step,) = value["steps"]
    assert (
        value["answered"],
        step["outcome"],
        step["status"],
        step["route"],
        step["variables"],
    ) == (False, "not-found", 404, None, [])


def test_json_of_a_mount(report: ReportOf) -> None:
    """What the mounted application gets."""
    (step,) = json.loads(render(report("GET", "/m/a/b")))["steps"]
    assert step["mounted"] == {"SCRIPT_NAME": "/m", "PATH_INFO": "/a/b"}


def test_json_of_a_redirect(report: ReportOf) -> None:
    """Each step is told; the last one has no answer."""
    steps = json.loads(render(report("GET", "/loop")))["steps"]
    assert [(step["outcome"], step["status"], step["location"]) for step in steps] == [
        ("redirects", 308, "/loop"),
        ("loops", None, None),
    ]
