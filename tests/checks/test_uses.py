"""What lint says of `url_for`, and where it says nothing. The golden files show the messages."""

import json
import sys
from pathlib import Path

import pytest

from tests.support.project import Project
from webzeug.loader import check

MANIFEST = """
[routes]
"/" = "shop.Home"
"/items/<int:id>" = "shop.Item"
"/pages/" = { view = "shop.Page", defaults = { number = 1 } }
"/pages/<int:number>" = "shop.Page"
"//<area>.example.com/<slug>" = { view = "shop.Page", name = "offer" }
"/old" = { redirect = "home", name = "old" }
"/<path:rest>" = { view = "shop.Page", name = "rest", build_only = true }
"""
CALLS = """\
self.url_for("home")
self.url_for("hom")
self.url_for("old")
self.url_for("home", x=None)
self.url_for("home", None)
self.url_for("home", {})
self.url_for("home", {"x": 1})
self.url_for("home", query={"x": 1}, anchor="x", external=True)
self.url_for("item", id=1)
self.url_for("item", **{"id": 1})
self.url_for("item", **{"idd": 1})
self.url_for("item", {"id": 1})
self.url_for("item", {"id": None})
self.url_for("item", {"id": 1}, id=2)
self.url_for("item", {**{"id": 1}})
self.url_for("item", VALUES)
self.url_for("item", **VALUES)
self.url_for("item", **VALUES, x=1)
self.url_for("item", id=1, slug=2)
self.url_for("page")
self.url_for("page", number=2)
self.url_for("page", number=None)
self.url_for("page", size=2)
self.url_for("offer", area="a", slug="b")
self.url_for("offer", slug="b")
self.url_for("rest")
self.url_for("rest", rest="a/b")
self.app.url_for("item")
self.app.url_for("item", id=1)
(lambda: self.url_for("no"))()
[self.url_for("no") for _ in "a"]
print(self.url_for("no"), file=sys.stderr)
"""
VIEWS = """\
import sys

from webzeug import Response, View
from webzeug.routing.urls import URLError

VALUES = {"id": 1}


class Home(View):
    def GET(self):
        raised = []
        for number, call in enumerate(self.calls()):
            try:
                call()
            except URLError:
                raised.append(number)
        return Response(repr(raised))

    def calls(self):
"""
REST = """

class Item(View):
    def GET(self, id): ...


class Page(View):
    def GET(self, **variables): ...
"""


def codes(project: Project, view: str, **files: str) -> list[str]:
    """What lint finds in a View at / that calls ``url_for`` in some way."""
    project.write("shop.py", view + REST)
    for name, text in files.items():
        project.write(name, text)
    project.write("routes.toml", MANIFEST)
    found = [each.kind.code for each in check(str(project.manifest)).diagnostics]
    return [code for code in found if code.startswith("WZ4")]


def test_lint_reports_what_would_raise(project: Project) -> None:
    """And nothing else: each call is made as well."""
    lines = [f"        yield lambda: {call}" for call in CALLS.splitlines()]
    first = VIEWS.count("\n") + 1
    project.write("shop.py", VIEWS + "\n".join(lines) + "\n" + REST)
    project.write("routes.toml", MANIFEST)
    reported = [found.span.line - first for found in check(str(project.manifest)).diagnostics]
    raised = project.load().test_client().get("/", base_url="http://other.example").text
    assert reported == json.loads(raised)
    assert len(reported) == 14


@pytest.mark.parametrize(
    "view",
    [
        "class Home(View):\n    def GET(self, name='no'):\n        self.url_for(name)\n",
        "class Home(View):\n    def GET(self):\n        self.url_for(*['no'])\n",
        "class Home(View):\n    def GET(self):\n        self.url_for()\n",
        "class Home(View):\n    def GET(self):\n        self = a()\n        self.url_for('no')\n",
        "class Home(View):\n    def GET(self):\n        return lambda self: self.url_for('no')\n",
        "class Home(View):\n    def GET(self):\n        self.shop.url_for('no')\n",
        "class Home(View):\n    def GET(self):\n        url_for('no')\n",
        "class Home(View):\n    @staticmethod\n    def GET(a=1):\n        a.url_for('no')\n",
        "class Home(View):\n    @classmethod\n    def GET(cls):\n        cls.url_for('no')\n",
        "class Home(View):\n    @staticmethod\n    def GET():\n        self.url_for('no')\n",
        "class Home(View):\n    def GET(self):\n        self.url_for('no')\n"
        "    def url_for(self, name): ...\n",
        "class Base(View):\n    app = None\n"
        "class Home(Base):\n    def GET(self):\n        self.app.url_for('no')\n",
        "from elsewhere import Base\n"
        "class Home(Base, View):\n    def GET(self):\n        self.url_for('no')\n",
        "class Home(View):\n    def GET(self): ...\n"
        "class Other:\n    def GET(self):\n        self.url_for('no')\n",
    ],
)
def test_what_is_not_certain_is_not_reported(project: Project, view: str) -> None:
    """Another `url_for`, or a name that is no literal."""
    assert codes(project, f"from webzeug import View\n{view}") == []


def test_a_module_behind_an_import(project: Project) -> None:
    """A View that a module defines which is imported, in a function even, is read as well."""
    base = (
        "from webzeug import View\nclass Base(View):\n    def go(self):\n"
        "        return self.url_for('no')\n"
    )
    view = "from webzeug import View\nclass Home(View):\n    def GET(self):\n        import pages\n"
    assert codes(project, view, **{"pages.py": base, "unreached.py": base}) == ["WZ401"]


def test_a_route_that_was_left_out(project: Project) -> None:
    """A name that may be the name of a route with a mistake is not called unknown."""
    project.write("shop.py", "from webzeug import View\nclass A(View):\n    def GET(self):\n"
                  "        self.url_for('b')\n        self.url_for('c')\n")  # fmt: skip
    project.write("routes.toml", '[routes]\n"/" = "shop.A"\n"/b" = { view = 1, name = "b" }\n')
    assert [found.kind.code for found in check(str(project.manifest)).diagnostics] == [
        "WZ011", "WZ401",
    ]  # fmt: skip


def test_a_view_that_is_not_found(project: Project) -> None:
    """Its route would have another name if it were spelt as it is meant."""
    view = "from webzeug import View\nclass Home(View):\n    def GET(self):\n"
    project.write("shop.py", f"{view}        self.url_for('lost')\n")
    project.write("routes.toml", '[routes]\n"/" = "shop.Home"\n"/a" = "shop.Lots"\n')
    assert [each.kind.code for each in check(str(project.manifest)).diagnostics] == ["WZ302"]


PASSING = """\
from webzeug import View


class Home(View):
    def GET(self):
        return self.app.resources.render("home.html", url_for=self.url_for)
"""
FLASK = "import flask\nurl_for = flask.url_for\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ url_for('home') }}", []),
        ("{{ url_for('no') }}", ["WZ401"]),
        ("{{ url_for('item') }}", ["WZ402"]),
        ("{{ url_for('item', id=None) }}", ["WZ402"]),
        ("{{ url_for('item', id=id, query={'a': 1}, anchor='b', external=true) }}", []),
        ("{{ url_for('item', **values) }}", []),
        ("{{ url_for('item', x=1, **values) }}", ["WZ402"]),
        ("{{ url_for(name) }}{{ url_for('no' ~ name) }}{{ url_for(*['no']) }}", []),
        ("{{ url_for('item', {'id': 1}) }}", []),
        ("{% if a %}{{ url_for('no')|e }}{% endif %}", ["WZ401"]),
        ("{% macro m() %}{{ url_for('no') }}{% endmacro %}", ["WZ401"]),
        ("{% trans %}x{% endtrans %}{% do url_for('no') %}", ["WZ401"]),
        ("{# {{ url_for('no') }} #}{% raw %}{{ url_for('no') }}{% endraw %}", []),
        ("{% set url_for = f %}{{ url_for('no') }}", []),
        ("{% macro m(url_for) %}{{ url_for('no') }}{% endmacro %}", []),
        ("{% from 'a.html' import url_for %}{{ url_for('no') }}", []),
        ("{% from 'a.html' import f as url_for %}{{ url_for('no') }}", []),
        ("{{ view.url_for('no') }}", []),
        ("{% url 'no' %}{{ url_for('no') }}", []),
        ("{{ url_for('no'", []),
    ],
)
def test_templates(project: Project, text: str, expected: list[str]) -> None:
    """Calls that Jinja itself sees, and that are surely ours."""
    assert codes(project, PASSING, **{"templates/a/home.html": text}) == expected


def test_whose_templates(project: Project) -> None:
    """Those beside modules that are not another framework's, if a View's url_for is passed on."""
    template = "{{ url_for('no') }}"
    bare = "from webzeug import View\nclass Home(View):\n    def GET(self): ...\n"
    assert codes(project, bare, **{"templates/home.html": template}) == []
    old = "import old.pages\n"
    files = {"old/pages.py": FLASK, "old/templates/home.html": template}
    assert codes(project, old + PASSING, **files, **{"templates/home.html": ""}) == []
    assert codes(project, FLASK + PASSING, **{"templates/home.html": template}) == []


def test_files_that_are_no_templates(project: Project) -> None:
    """Octets that are no text, and files of other kinds, are passed over."""
    Path(project.folder, "templates").mkdir()
    Path(project.folder, "templates/a.html").write_bytes(b"\xff{{ url_for('no') }}")
    project.write("templates/a.py", "{{ url_for('no') }}")
    assert codes(project, PASSING) == []


def test_without_jinja(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who does not have jinja2 has no templates that it reads."""
    monkeypatch.setitem(sys.modules, "jinja2", None)
    assert codes(project, PASSING, **{"templates/a.html": "{{ url_for('no') }}"}) == []
