"""The rows of a listing: what each kind of route shows, filters and orders."""

import os
import sys
from pathlib import Path

import pytest

from tests.support.project import Project
from webzeug.codebase import Codebase
from webzeug.manifest.reading import read_manifest
from webzeug.reporting.listing import SORTS, Filters, Row, rows, selected

VIEWS = """
    from webzeug import View

    class Home(View):
        def GET(self): ...

    class Item(View):
        def GET(self, id): ...
        def PUT(self, id): ...
        def WEBSOCKET(self, id): ...
        def ZAP(self, id): ...

    class Nothing(View): ...

    class Open(absent.Base):
        def POST(self): ...

    def application(environ, start_response): ...
"""


def _rows(project: Project, manifest: str) -> list[Row]:
    project.write("shop/views.py", VIEWS)
    project.write("routes.toml", manifest)
    read, _ = read_manifest(str(project.manifest))
    assert read is not None
    return rows(read, Codebase([str(project.folder), *sys.path]))


def _row(project: Project, line: str) -> Row:
    """The one row of a manifest with this line."""
    (row,) = _rows(project, f"[routes]\n{line}\n")
    return row


@pytest.mark.parametrize(
    ("line", "verbs", "has_more"),
    [
        ('"/" = "shop.views.Home"', ("GET",), False),
        ('"/<int:id>" = "shop.views.Item"', ("GET", "PUT", "ZAP", "WEBSOCKET"), False),
        ('"/" = {view = "shop.views.Item", methods = ["PUT", "GET"]}', ("PUT", "GET"), False),
        ('"/" = {GET = "shop.views.Item"}', ("GET",), False),
        ('"/" = {view = "shop.views.Item", build_only = true}', (), False),
        ('"/" = "shop.views.Nothing"', (), False),
        ('"/" = "shop.views.Open"', ("POST",), True),
        ('"/" = "shop.views.Absent"', (), True),
        ('"/" = "absent.views.Home"', (), True),
        ('"/" = "shop.views.application"', (), True),
        ('"/" = {redirect = "/elsewhere/"}', None, False),
        ('"/" = {wsgi = "shop.views.application"}', None, False),
    ],
)
def test_verbs(project: Project, line: str, verbs: tuple[str, ...] | None, has_more: bool) -> None:
    """The manifest's verbs, else those of the View's source; it is told where there may be more."""
    row = _row(project, line)
    assert (verbs, has_more) == (row.verbs, row.has_more_verbs)


@pytest.mark.parametrize(
    ("line", "kind", "target", "status", "view"),
    [
        ('"/" = "shop.views.Home"', "view", "shop.views.Home", None, "shop.views.Home"),
        ('"/" = {redirect = "home"}', "redirect", "home", 308, "-> home (308)"),
        ('"/" = {redirect = "/a/", status = 302}', "redirect", "/a/", 302, "-> /a/ (302)"),
        ('"/" = {static = "public"}', "static", "public/", None, "static public/"),
        ('"/" = {static = "public/robots.txt"}', "static", "public/robots.txt", None,
         "static public/robots.txt"),
        ('"/" = {wsgi = "shop.views:application"}', "wsgi", "shop.views:application", None,
         "wsgi shop.views:application"),
    ],
)  # fmt: skip
def test_what_a_route_leads_to(
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
    line: str,
    kind: str,
    target: str,
    status: int | None,
    view: str,
) -> None:
    """Each kind of target, for programs and in words."""
    project.write("public/robots.txt", "")
    monkeypatch.chdir(project.folder)
    row = _row(project, line)
    assert (kind, target, status, view) == (row.kind, row.target, row.status, row.view)


def test_places(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the View is defined, re-exports followed, and where the route stands."""
    project.write("shop/__init__.py", "from .views import Item as Thing")
    project.write("more.toml", '[routes]\n\n"/mount" = { wsgi = "shop.views.application" }')
    monkeypatch.chdir(project.folder)
    found = _rows(
        project,
        """
        [routes]
        "/thing" = "shop.Thing"
        "/carts" = { GET = "shop.views.Home",
                     PUT = "shop.views.Absent" }
        [routes."/more"]
        include = "more.toml"
        """,
    )
    manifest = str(project.manifest)
    more = str(project.folder / "more.toml")
    assert [str(row.source) for row in found] == [
        "shop/views.py:6",
        "shop/views.py:3",
        "None",
        "shop/views.py:17",
    ]
    assert [f"{manifest}:2", f"{manifest}:3", f"{manifest}:4", f"{more}:3"] == [
        str(row.declared) for row in found
    ]


def test_files_are_named_from_where_the_user_stands(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Relative to the working folder, up as well, unless the whole path is shorter."""
    project.write("elsewhere/x", "")
    monkeypatch.chdir(project.folder / "elsewhere")
    assert str(_row(project, '"/" = "shop.views.Home"').source) == "../shop/views.py:3"
    deep = Path("/tmp") if Path("/tmp").is_dir() else Path("/")
    views = str(project.folder / "shop" / "views.py")
    monkeypatch.chdir(deep)
    expected = min(os.path.relpath(views), views, key=len)
    assert f"{expected}:3" == str(_row(project, '"/" = "shop.views.Home"').source)


def test_what_is_inherited_is_shown(project: Project) -> None:
    """Tags, defaults, middleware and deprecation of groups stand in each row, hosts apart."""
    (row,) = _rows(
        project,
        """
        [routes."//api.<region>.example.com"]
        name = "api"
        tags = ["json"]
        middleware = ["shop.views.outer"]
        defaults = { limit = 5 }
        deprecated = "use v2"
        "/items/<int:id>" = { view = "shop.views.Item", tags = ["item"], middleware = [
            "shop.views.inner" ] }
        """,
    )
    assert (row.path, row.host) == ("/items/<int:id>", "api.<region>.example.com")
    assert row.address == "//api.<region>.example.com/items/<int:id>"
    assert (row.name, row.tags) == ("api.item", ("json", "item"))
    assert row.middleware == ("shop.views.outer", "shop.views.inner")
    assert (dict(row.defaults), row.deprecated) == ({"limit": 5}, "use v2")


MANIFEST = """
    [routes]
    "/b" = { view = "shop.views.Home", tags = ["public", "old"] }
    "/a/[1]" = { view = "shop.views.Item", name = "item" }
    "/c" = { redirect = "home", tags = ["old"] }
    "/d" = { view = "shop.views.Open", name = "open" }
    "/e" = { view = "shop.views.Item", name = "only-built", build_only = true }
    "//api.example.com/a" = { view = "shop.views.Home", name = "api.home" }
"""


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), ["/b", "/a/[1]", "/c", "/d", "/e", "/a"]),
        (Filters(path="/a"), ["/a/[1]", "/a"]),
        (Filters(path="/?"), ["/b", "/c", "/d", "/e", "/a"]),
        (Filters(path="*/[1]"), ["/a/[1]"]),
        (Filters(path="*"), ["/b", "/a/[1]", "/c", "/d", "/e", "/a"]),
        (Filters(name="home"), ["/b", "/a"]),
        (Filters(name="*home"), ["/b", "/a"]),
        (Filters(name="api.*"), ["/a"]),
        (Filters(name=""), ["/b", "/a/[1]", "/d", "/e", "/a"]),
        (Filters(view="Home"), ["/b", "/a"]),
        (Filters(view="-> *"), ["/c"]),
        (Filters(view="home"), ["/c"]),
        (Filters(host="example"), ["/a"]),
        (Filters(host="*.org"), []),
        (Filters(tag="old"), ["/b", "/c"]),
        (Filters(tag="ol"), []),
        (Filters(method="GET"), ["/b", "/a/[1]", "/c", "/d", "/a"]),
        (Filters(method="head"), ["/b", "/a/[1]", "/c", "/d", "/a"]),
        (Filters(method="PUT"), ["/a/[1]", "/c", "/d"]),
        (Filters(method="DELETE"), ["/c", "/d"]),
        (Filters(method="PUT", name="item", path="/a"), ["/a/[1]"]),
    ],
)
def test_filters(project: Project, filters: Filters, expected: list[str]) -> None:
    """All filters must fit; a method fits where the route takes it, or may take it."""
    chosen = selected(_rows(project, MANIFEST), filters, "file")
    assert expected == [row.path for row in chosen]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("file", ["/b", "/a/[1]", "/c", "/d", "/e", "//api.example.com/a"]),
        ("path", ["/a/[1]", "/b", "/c", "/d", "/e", "//api.example.com/a"]),
        ("name", ["//api.example.com/a", "/b", "/a/[1]", "/e", "/d", "/c"]),
        ("view", ["//api.example.com/a", "/b", "/a/[1]", "/e", "/d", "/c"]),
    ],
)
def test_orders(project: Project, sort: str, expected: list[str]) -> None:
    """The order of the file, or by path, name or View; what has none comes last."""
    assert {"file", *SORTS} == {"file", "path", "name", "view"}
    chosen = selected(_rows(project, MANIFEST), Filters(), sort)
    assert expected == [row.address for row in chosen]
