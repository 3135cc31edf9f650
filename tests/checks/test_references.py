"""Dotted paths that lead to nothing, seen in the source without importing it."""

import re

import pytest

from tests.support.findings import findings
from tests.support.manifests import told
from tests.support.project import Project


@pytest.fixture(autouse=True)
def shop(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package with a View, with what is none, and with a module that is not Python."""
    monkeypatch.chdir(project.folder)
    project.write("shop/__init__.py", "raise SystemExit('imported')\n")
    project.write(
        "shop/views.py",
        """
        from webzeug import View
        from unknown import Base

        class Item(View):
            class Inner(View): ...
        class Plain: ...
        class Perhaps(Base): ...
        def function(app): ...
        """,
    )
    project.write("shop/broken.py", "def f(:\n")


SOUND = """
    [routes]
    "/a" = "shop.views.Item"
    "/b" = "shop.views:Item.Inner"
    "/c" = { GET = "shop.views.Perhaps", POST = { view = "shop.views.Item" } }
    "/d" = { wsgi = "shop.views.function", middleware = ["shop.views.function"] }
    [[middleware]]
    use = "shop.views.Plain"
    [resources]
    db = "shop.views.function"
    [errors]
    404 = "shop.views.Item"
    [converters]
    sku = "shop.views.Plain"
"""


def test_what_is_there(project: Project) -> None:
    """A path that leads to what it should, or that nobody can judge by reading, is silent."""
    assert findings(project, SOUND) == ()


@pytest.mark.parametrize("path", ["shop.viws.X", "shop.views.X", "shop.broken.X"])
def test_every_place_is_looked_at(project: Project, path: str) -> None:
    """Every dotted path of a manifest is judged, each under its own text."""
    code = {"viws": "WZ301", "views": "WZ302", "broken": "WZ304"}[path.split(".")[1]]
    text = re.sub(r'"shop\.[^"]*"', f'"{path}"', SOUND)
    found = findings(project, text)
    assert [d.kind.code for d in found] == [code] * 10
    assert [d.span.line for d in found] == [2, 3, 4, 4, 5, 5, 7, 9, 11, 13]


@pytest.mark.parametrize(
    ("path", "expected", "message", "advice"),
    [
        ("shpo.views.Item", ("WZ301", "shpo"), "there is no module `shpo`", "`shop`"),
        ("shop.viws.Item", ("WZ301", "shop.viws"), "no module `shop.viws`", "`shop.views`"),
        ("shop.shop.Item", ("WZ301", "shop.shop"), "no module `shop.shop`", "--app-dir"),
        ("shop.views.Itme", ("WZ302", "Itme"), "shop/views.py has no `Itme`", "`Item`"),
        ("shop.views:Item.Inenr", ("WZ302", "Inenr"), "has no `Inenr`", "`Inner`"),
        ("shop.views:Itm.Itm", ("WZ302", "Itm"), "has no `Itm`", "`Item`"),
        ("shop.views.xyz", ("WZ302", "xyz"), "has no `xyz`", "define it in shop/views.py"),
        ("shop.views.Plain", ("WZ303", '"shop.views.Plain"'), "is a class, not a View",
         "write class Plain(View) in shop/views.py:6"),
        ("shop.views.function", ("WZ303", '"shop.views.function"'), "is a function, not a View",
         "write a class that inherits from webzeug.View"),
        ("shop.broken.X", ("WZ304", '"shop.broken.X"'), "shop/broken.py:1 is not valid Python", ""),
    ],
)  # fmt: skip
def test_mistakes(
    project: Project, path: str, expected: tuple[str, str], message: str, advice: str
) -> None:
    """What is wrong is told under the part that is, with what may have been meant."""
    (diagnostic,) = findings(project, f'[routes]\n"/" = "{path}"\n')
    assert told([diagnostic]) == [expected]
    assert message in diagnostic.message
    assert advice in diagnostic.help


def test_ignored(project: Project) -> None:
    """A route, or a group for all of its routes, may ignore a code."""
    text = """
        [routes]
        "/a" = { view = "shop.views.Plain", ignore = ["WZ303"] }
        "/b" = "shop.views.Plain"
        [routes."/c"]
        ignore = ["WZ303", "WZ302"]
        "/d" = "shop.views.Plain"
        "/e" = { GET = { view = "shop.views.nothing", ignore = ["WZ401"] } }
    """
    assert [d.span.line for d in findings(project, text)] == [3]
