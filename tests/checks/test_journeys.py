"""Where redirects lead, and when lint says nothing. The golden files show the messages."""

import pytest

from tests.support.project import Project
from webzeug.loader import check

SHOP = """\
from werkzeug.routing import BaseConverter
from webzeug import View
class Base(View):
    def GET(self, **variables): ...
    def POST(self, **variables): ...
    def PURGE(self, **variables): ...
class A(Base): ...
class Word(BaseConverter): ...
"""


def codes(project: Project, routes: str) -> list[str]:
    """What lint finds in some routes."""
    project.write("shop.py", SHOP)
    project.write("routes.toml", f'[routes]\n{routes}\n[converters]\nword = "shop.Word"\n')
    return [found.kind.code for found in check(str(project.manifest)).diagnostics]


@pytest.mark.parametrize(
    ("routes", "expected"),
    [
        ('"/a" = { redirect = "/b" }\n"/b" = "shop.A"', []),
        ('"/a" = { redirect = "/b?x=1#y" }\n"/b" = "shop.A"', []),
        ('"/a" = { redirect = "b" }\n"/b" = { view = "shop.A", name = "b" }', []),
        ('"/a" = { redirect = "/b/" }\n"/b/" = "shop.A"', []),
        ('"/a" = { redirect = "/b" }\n"/b" = { POST = "shop.A" }', []),  # for clients that post
        ('"/a" = { redirect = "/s/x.css" }\n"/s" = { static = "." }', []),
        ('"/a" = { redirect = "/m/x" }\n"/m" = { wsgi = "shop.A" }', []),
        ('"/a/<x>" = { redirect = "/b/<x>" }\n"/b/known" = "shop.A"', []),
        ('"/a" = { redirect = "https://a.example/a", external = true }', []),
        ('"/a/<word:x>" = { redirect = "/a/<x>" }', []),
        ('"/a" = { redirect = "/b" }\n"/<word:x>" = { redirect = "/a" }', []),
        ('"/a" = { redirect = "/a/" }\n"/a/" = "shop.A"', []),
        ('"/a" = { redirect = "/b" }', ["WZ204"]),
        ('"/a" = { redirect = "/b" }\n"/c" = 1', ["WZ011"]),
        ('"/a" = { redirect = "/b/c" }\n"/b/<x>" = { view = "shop.A", build_only = true }', []),
        ('"/a" = { redirect = "/a" }', ["WZ207"]),
        ('"/a" = { redirect = "/b" }\n"/b" = { redirect = "/a" }', ["WZ207"]),
        ('"/a/" = { redirect = "/a" }', ["WZ207"]),
        ('"/<x>" = { redirect = "/b" }', ["WZ207"]),
        ('"/a/<int(min=5):x>" = { redirect = "/a/<x>" }', ["WZ207"]),
        ('"//x.example/a" = { redirect = "/b" }\n"//x.example/b" = { redirect = "/a" }', ["WZ207"]),
        ('"//x.example/a" = { redirect = "/b" }\n"//y.example/b" = "shop.A"', ["WZ204"]),
        ('"//x.example/a" = { redirect = "/b" }\n"/b" = "shop.A"', []),
        ('"/a" = { redirect = "/b" }\n"/b/" = "shop.A"', ["WZ208"]),
        ('"/a" = { redirect = "/b" }\n"/b" = { redirect = "a" }\n"/c" = "shop.A"', ["WZ208"]),
        ('"/a" = { redirect = "/b" }\n"/b" = { redirect = "//x/", external = true }', []),
    ],
)  # fmt: skip
def test_journeys(project: Project, routes: str, expected: list[str]) -> None:
    """Round in circles, over detours, or to where nobody answers."""
    assert codes(project, routes) == expected


def test_more_hops_than_browsers_follow(project: Project) -> None:
    """A long chain is not followed to its end, nor called a loop."""
    hops = "".join(f'"/{n}" = {{ redirect = "/{n + 1}" }}\n' for n in range(30))
    assert set(codes(project, f'{hops}"/30" = "shop.A"')) == {"WZ208"}


@pytest.mark.parametrize(
    ("route", "expected"),
    [
        ('{ PURGE = "shop.A" }', ["WZ215"]),
        ('{ view = "shop.A", methods = ["GET", "PURGE"] }', ["WZ215"]),
        ('{ view = "shop.A", methods = ["GET", "PURGE"], ignore = ["WZ215"] }', []),
        ('"shop.A"', []),
        ('{ view = "shop.A", methods = ["GET", "PSOT"] }', ["WZ310"]),
        ('{ wsgi = "shop.A" }', []),
        ('{ WEBSOCKET = "shop.A" }', ["WZ310"]),
    ],
)
def test_verbs(project: Project, route: str, expected: list[str]) -> None:
    """Those that the manifest writes, and that no registry has."""
    assert codes(project, f'"/a" = {route}') == expected
