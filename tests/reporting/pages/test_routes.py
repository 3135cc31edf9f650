"""Routes in a page: near misses with their reasons, and the whole table."""

import html
import re
from dataclasses import replace

import pytest

from tests.support.project import Project
from webzeug.codebase import Codebase
from webzeug.codebase.behind import Behind
from webzeug.loader import read
from webzeug.manifest.model import Manifest
from webzeug.reporting.pages.routes import near_misses, table
from webzeug.routing.explaining import Step, explain, question_of_url
from webzeug.routing.standins import compile_without_code

VIEWS = """
    from webzeug import View

    class Index(View):
        def GET(self): ...

    class Items(View):
        def GET(self): ...
        def POST(self): ...
    """

MANIFEST = """
    [routes]
    "/"                = "shop.Index"
    "/items/<int:id>"  = { view = "shop.Items", name = "item", tags = ["json"] }
    "/items/<name>"    = { view = "shop.Items", name = "named", deprecated = true }
    "/x/<b>/<i>"       = { view = "shop.Index", name = "escaped", tags = ["<i>"] }
    "/sell"            = { view = "shop.Items", name = "sell", methods = ["POST"] }
    "/hidden"          = { view = "shop.Index", name = "hidden", build_only = true }
    "/old"             = { redirect = "index" }
    "/static"          = { static = "public" }
    "/mounted"         = { wsgi = "shop.Index" }
    "/café"            = { view = "elsewhere.Index", name = "cafe" }
    "//api.localhost/" = { view = "shop.Index", name = "api" }
    """


@pytest.fixture
def manifest(project: Project, monkeypatch: pytest.MonkeyPatch) -> Manifest:
    monkeypatch.chdir(project.folder)
    project.write("shop.py", VIEWS)
    project.write("public/file.txt", "")
    project.write("routes.toml", MANIFEST)
    checked = read("routes.toml")
    assert checked.manifest is not None
    assert not checked.has_errors, checked.diagnostics
    return checked.manifest


def asked(manifest: Manifest, url: str, verb: str = "GET") -> Step:
    compiled = compile_without_code(manifest).table
    behind = Behind(Codebase(["."]))
    return explain(compiled, question_of_url(verb, url), behind).steps[0]


def cells(page: str) -> list[list[str]]:
    """The texts of the cells of each row."""
    rows = re.findall('<tr><th scope="row">(.*?)</tr>', page)
    return [
        [html.unescape(re.sub("<[^>]*>", "", cell)) for cell in re.split("<td>", row)]
        for row in rows
    ]


def test_the_table(manifest: Manifest) -> None:
    """Each route in one row: what it takes, what it leads to, and where both stand."""
    page = table(manifest.routes, Codebase(["."]), "")
    assert cells(page)[:5] == [
        ["/", "GET", "index", "shop.Index shop.py:3", "routes.toml:2"],
        ["/items/<int:id>", "GET POST", "item json", "shop.Items shop.py:6", "routes.toml:3"],
        [
            "/items/<name>",
            "GET POST",
            "named deprecated",
            "shop.Items shop.py:6",
            "routes.toml:4",
        ],
        ["/x/<b>/<i>", "GET", "escaped <i>", "shop.Index shop.py:3", "routes.toml:5"],
        ["/sell", "POST", "sell", "shop.Items shop.py:6", "routes.toml:6"],
    ]
    assert cells(page)[5] == [
        "/hidden",
        "-",
        "hidden builds URLs only",
        "shop.Index shop.py:3",
        "routes.toml:7",
    ]
    assert '<p id="count" role="status">11 routes</p>' in page


def test_what_a_click_can_follow(manifest: Manifest) -> None:
    """What takes GET on this host, and needs no variable; below the mount point."""
    links = re.findall('<a href="(.*?)">', table(manifest.routes, Codebase(["."]), "/shöp"))
    assert links == ["/sh%F6p/", "/sh%F6p/old", "/sh%F6p/mounted"]


def test_a_table_without_routes() -> None:
    """There is nothing to search."""
    assert table((), Codebase([]), "") == "<p>The manifest has no routes.</p>"


def test_near_misses(manifest: Manifest) -> None:
    """The nearest first, each with its reasons."""
    page = near_misses(asked(manifest, "/itmes/7"), Codebase(["."]), "webzeug match --all")
    text = html.unescape(re.sub("<[^>]*>", "", page))
    assert "<b>/<i>" not in page
    assert "/items/<int:id> GET POST → shop.Items shop.py:6 routes.toml:3" in text
    assert "path it has items where the URL has itmes" in text


def test_more_than_are_shown(manifest: Manifest) -> None:
    """A command shows the others."""
    step = replace(asked(manifest, "/itmes/7"), more=3)
    page = near_misses(step, Codebase(["."]), "webzeug match --all GET '/<x>'")
    assert "<p>3 more: <code>webzeug match --all GET &#39;/&lt;x&gt;&#39;</code></p>" in page


def test_nothing_is_near() -> None:
    """There is no heading without anything below it."""
    assert near_misses(Step(question_of_url("GET", "/"), "not-found"), Codebase([]), "") == ""
