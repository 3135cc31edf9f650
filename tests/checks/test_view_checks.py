"""What lint reads in Views, and where it says nothing. The golden files show the messages."""

import pytest

from tests.support.project import Project
from webzeug.loader import Options, check

HEAD = """\
import datetime as dt
import uuid
from abc import abstractmethod
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, NewType, Optional, Protocol, TypeVar, Union
from uuid import UUID

from webzeug import View

T = TypeVar("T")
UserId = NewType("UserId", int)


class Sized(Protocol): ...


class Text(str): ...


"""


def codes(project: Project, routes: str, views: str, *, strict: bool = False) -> list[str]:
    """The codes of all that lint finds in some routes and their Views."""
    project.write("shop.py", HEAD + views)
    project.write("routes.toml", f"[routes]\n{routes}\n")
    found = check(str(project.manifest), Options(strict=strict)).diagnostics
    return [diagnostic.kind.code for diagnostic in found]


@pytest.mark.parametrize(
    ("converter", "annotation"),
    [
        ("int", "int"),
        ("int", "float"),
        ("int", "complex"),
        ("int", "bool | int"),
        ("float", "complex"),
        ("uuid", "UUID"),
        ("uuid", "uuid.UUID"),
        ("string", "Optional[str]"),
        ("path", "Union[int, str]"),
        ("any(a, b)", "Annotated[str, 'a letter']"),
        ("int", "'int'"),
        ("int", "'Annotated[Union[None, int], 1]'"),
        # What may mean anything.
        ("int", "Any"),
        ("int", "object"),
        ("int", "Sized"),
        ("int", "T"),
        ("int", "UserId"),
        ("int", "Text"),
        ("int", "str | Text"),
        ("int", "Text | None"),
        ("int", "Optional[Text]"),
        ("int", "undefined"),
        ("int", "'not an annotation'"),
        ("int", "'int | '"),
        ("int", "Unknown[str]"),
        ("int", "print('no')"),
        ("int", "T[int]"),
        ("int", "type[int]"),
    ],
)
def test_annotations_that_take_the_value(project: Project, converter: str, annotation: str) -> None:
    """What the converter makes may be so called, or nobody knows."""
    views = f"class A(View):\n    def GET(self, x: {annotation}): ...\n"
    assert codes(project, f'"/<{converter}:x>" = "shop.A"', views) == []


@pytest.mark.parametrize(
    ("converter", "annotation"),
    [
        ("int", "str"),
        ("int", "None"),
        ("int", "bool"),
        ("int", "list[int]"),
        ("int", "Optional[str]"),
        ("int", "Union[str, UUID]"),
        ("int", "Annotated[str, int]"),
        ("int", "'str | None'"),
        ("float", "int"),
        ("string", "int"),
        ("string", "bytes"),
        ("path", "tuple[str, ...]"),
        ("any(a, b)", "dt.date"),
        ("uuid", "str"),
        ("uuid", "Decimal"),
    ],
)
def test_annotations_that_do_not_take_the_value(
    project: Project, converter: str, annotation: str
) -> None:
    """A type checker would not let the converter's value pass."""
    views = f"class A(View):\n    def GET(self, x: {annotation}): ...\n"
    assert codes(project, f'"/<{converter}:x>" = "shop.A"', views) == ["WZ314"]


def test_a_converter_of_the_application_makes_what_it_likes(project: Project) -> None:
    """Also if it goes by the name of one of Werkzeug's, or its class is of Werkzeug's."""
    routes = '"/<int:x>" = "shop.A"\n"/of/<day:x>" = "shop.A"\n'
    converters = '[converters]\nint = "shop.Own"\nday = "shop.Own"'
    views = (
        "from werkzeug.routing import BaseConverter as Own\n\n\n"
        "class A(View):\n    def GET(self, x: str): ...\n"
    )
    assert codes(project, routes + converters, views) == []


@pytest.mark.parametrize(
    ("route", "view"),
    [
        # Signatures that take what they are given.
        ('"/<x>" = "shop.A"', "class A(View):\n    def GET(self, **given): ...\n"),
        ('"/<x>" = "shop.A"', "class A(View):\n    def GET(*given, x): ...\n"),
        ('"/<x>" = "shop.A"', "class A(View):\n    def GET(self, y=1, *, x): ...\n"),
        ('"/<x>" = "shop.A"', "class A(View):\n    @staticmethod\n    def GET(x): ...\n"),
        ('"/<x>" = "shop.A"', "class A(View):\n    @classmethod\n    def GET(cls, x): ...\n"),
        ('"/<x>" = "shop.A"', "class A(View):\n    @abstractmethod\n    def GET(self, x): ...\n"),
        # Nobody knows what a decorator makes, or which definition is meant.
        ('"/<x>" = "shop.A"', "class A(View):\n    @cache\n    def GET(self): ...\n"),
        ('"/<x>" = "shop.A"', "class A(View):\n    @cache\n    async def GET(self): ...\n"),
        (
            '"/<x>" = "shop.A"',
            "class A(View):\n    if T:\n        def GET(self): ...\n"
            "    else:\n        def GET(self, x): ...\n",
        ),
        # HEAD and OPTIONS are answered without a method.
        (
            '"/" = { view = "shop.A", methods = ["GET", "HEAD", "OPTIONS"] }',
            "class A(View):\n    def GET(self): ...\n",
        ),
        ('"/" = { OPTIONS = "shop.A" }', "class A(View): ...\n"),
        # Nobody knows what methods there are.
        (
            '"/" = { PUT = "shop.A" }',
            "from elsewhere import Base\n\n\nclass A(Base, View): ...\n",
        ),
        (
            '"/" = { PUT = "shop.A" }',
            "class A(View):\n    def handle(self, request): ...\n",
        ),
        ('"/" = { PUT = "shop.A" }', "@print\nclass A(View): ...\n"),
        ('"/" = { PUT = "shop.A" }', "class A(View): ...\n\n\nsetattr(A, 'PUT', print)\n"),
        # A method that other code calls, or that is inherited.
        (
            '"/" = { GET = "shop.A" }',
            "class A(View):\n    def GET(self):\n        return self.POST()\n\n"
            "    def POST(self): ...\n",
        ),
        (
            '"/" = { GET = "shop.B" }',
            "class A(View):\n    def GET(self): ...\n    def POST(self): ...\n\n\n"
            "class B(A): ...\n",
        ),
        # The URL of it is built and nothing else.
        (
            '"/<x>" = { view = "shop.A", build_only = true }',
            "class A(View):\n    def GET(self): ...\n",
        ),
    ],
)
def test_what_may_be_meant_is_not_reported(project: Project, route: str, view: str) -> None:
    """Where the text leaves a doubt, lint says nothing."""
    assert codes(project, route, view) == []


def test_a_websocket_comes_first(project: Project) -> None:
    """Its method is given the connection before the variables."""
    view = (
        "class A(View):\n    def WEBSOCKET(self, ws, room): ...\n\n\n"
        "class B(View):\n    def WEBSOCKET(self, room): ...\n"
    )
    routes = '"/a/<room>" = "shop.A"\n"/b/<room>" = "shop.B"'
    assert codes(project, routes, view) == ["WZ313"]


def test_a_route_may_ignore_it(project: Project) -> None:
    """``ignore`` at the route silences what is about its View."""
    view = "class A(View):\n    async def GET(self): ...\n"
    assert codes(project, '"/" = { view = "shop.A", ignore = ["WZ312"] }', view) == []


def test_views_that_are_used_are_not_left_over(project: Project) -> None:
    """As a base class, by another name in code, as an error handler, or if it has no verbs."""
    view = (
        "class Base(View):\n    def GET(self): ...\n\n\nclass A(Base): ...\n\n\n"
        "class _Hidden(View):\n    def GET(self): ...\n\n\n"
        "class Listed(View):\n    def GET(self): ...\n\n\nVIEWS = [Listed]\n\n\n"
        "class Nothing(View): ...\n\n\n"
        "class Lost(View):\n    def GET(self): ...\n\n\n"
        "class Sorry(View):\n    def GET(self): ...\n"
    )
    routes = '"/" = "shop.A"\n[errors]\n404 = "shop.Sorry"'
    assert codes(project, routes, view, strict=True) == ["WZ316"]
