"""`webzeug lint --import`: what the text leaves open is answered by the imported application."""

import json

import pytest

from tests.cli.conftest import Run
from tests.support.project import Project

VIEWS = """
from functools import wraps

from webzeug import View

open("mark", "w").close()
print("imported")


def traced(function):
    @wraps(function)
    def inner(self, *args, **variables):
        return function(self, *args, **variables)
    return inner


def methods(cls):
    cls.POST = lambda self: None
    View.__init_subclass__.__func__(cls)
    return cls


def make(name):
    return type(name, (View,), {"GET": lambda self, id: None})


class Own(View):
    @classmethod
    def handle(cls, app, request, wsgi): ...


@methods
class Made(View):
    def GET(self): ...


class Traced(View):
    @traced
    def GET(self, id): ...

    @traced
    def POST(self, id): ...

    @(lambda function: function)
    async def PUT(self, id): ...

    @traced
    def WEBSOCKET(self, ws, id): ...


Computed = make("Computed")
Other = print
"""


def codes(project: Project, run: Run, routes: str, *options: str) -> list[str]:
    """What lint finds in some routes to these Views."""
    project.write("shop.py", VIEWS)
    project.write("routes.toml", f"[routes]\n{routes}\n")
    done = run("lint", "--format", "json", *options)
    return [finding["code"] for finding in json.loads(done.out)]


@pytest.mark.parametrize(
    ("route", "expected"),
    [
        ('"/" = { view = "shop.Made", methods = ["GET", "POST", "HEAD", "OPTIONS"] }', []),
        ('"/" = { view = "shop.Made", methods = ["GET", "PUT"] }', ["WZ310"]),
        ('"/" = { PUT = "shop.Made" }', ["WZ310"]),
        ('"/" = { view = "shop.Own", methods = ["GET", "PUT"] }', []),
        ('"/<id>" = { view = "shop.Traced", methods = ["POST"] }', []),
        ('"/<id>" = { WEBSOCKET = "shop.Traced" }', []),
        ('"/<id>" = { PUT = "shop.Traced" }', ["WZ312"]),
        ('"/" = { view = "shop.Made", methods = ["PUT"], ignore = ["WZ310"] }', []),
        ('"/<id>" = { GET = "shop.Traced" }', []),
        ('"/<item>" = "shop.Computed"', ["WZ313"]),
        ('"/<id>" = "shop.Computed"', []),
        ('"/<id>" = { view = "shop.Computed", build_only = true }', []),
        ('"/" = "shop.Other"', ["WZ305"]),
    ],
)
def test_unknown_becomes_yes_or_no(
    project: Project, run: Run, route: str, expected: list[str]
) -> None:
    """Methods and signatures that only the running program has; without the option, silence."""
    assert codes(project, run, route, "--import") == expected
    assert codes(project, run, route) == []


def test_what_both_see_is_said_once(project: Project, run: Run) -> None:
    """The words are those of the look at the text."""
    assert codes(project, run, '"/" = "shop.Missing"', "--import") == ["WZ302"]


def test_an_application_that_fails(project: Project, run: Run) -> None:
    """Its exception is reported with its traceback; what it prints is no finding."""
    view = "from webzeug import View\nclass Home(View):\n    def GET(self): ...\n"
    project.write("shop.py", f"{view}print('hello')\n1 / 0\n")
    project.write("routes.toml", '[routes]\n"/" = "shop.Home"\n')
    done = run("lint", "--import")
    assert (done.code, done.err) == (1, "hello\n")
    assert "importing shop raised ZeroDivisionError" in done.out
    assert '"shop.py", line 5' in done.out.replace(f"{project.folder}/", "")


def test_a_manifest_that_cannot_be_read(project: Project, run: Run) -> None:
    """There is nothing to import then."""
    project.write("routes.toml", "[routes\n")
    assert run("lint", "--import").code == 2
