"""Which verbs a class has, read from its source and that of its bases."""

import sys

import pytest

from tests.support.project import Project
from webzeug.codebase import Codebase, Found, Verbs

HEADER = """
from functools import cache
from webzeug import View
import abc, typing, dataclasses

def decorate(x): return x

class Base(View):
    def GET(self): ...
    def POST(self): ...

class Mixin:
    def PUT(self): ...

class Registry:
    def __init_subclass__(cls): cls.PUT = decorate

class Meta(View, metaclass=decorate):
    def GET(self): ...
"""


def _verbs(project: Project, source: str) -> Verbs:
    project.write("m.py", HEADER + source)
    answer = Codebase([str(project.folder), *sys.path]).find("m.Hello")
    assert isinstance(answer, Found)
    assert answer.verbs is not None
    return answer.verbs


def _shown(verbs: Verbs) -> str:
    """``GET POST? ...`` for one that is there, one that may be, and perhaps others."""
    marks = {True: "", None: "?"}
    words = [f"{verb}{marks[verbs.has(verb)]}" for verb in sorted(verbs.written)]
    return " ".join([*words, "..."] if verbs.is_open else words)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("...", ""),
        ("def GET(self): ...", "GET"),
        ("async def GET(self): ...", "GET"),
        ("def GET(self): ...\n  def POST(self): ...", "GET POST"),
        ("def WEBSOCKET(self): ...", "WEBSOCKET"),
        ("def get(self): ...\n  def _GET(self): ...\n  def Get(self): ...", ""),
        ("def ERROR(self, error): ...", ""),
        ("GET = lambda self: 1", "GET"),
        ("GET: object = lambda self: 1", "GET"),
        ("GET: object", ""),
        ("LIMIT = 3\n  NAMES = ['a']\n  class FORM: ...\n  import os as OS", ""),
        ("def GET(self): ...\n  POST = GET", "GET POST"),
        ("def GET(self): ...\n  POST = PUT = GET", "GET POST? PUT?"),
        ("POST = decorate", "POST?"),
        ("POST = Base.GET", "POST?"),
        ("POST = decorate(1)", "POST?"),
        ("from m import decorate as POST", "POST?"),
        ("def GET(self): ...\n  GET = None", ""),
        ("def GET(self): ...\n  del GET", "GET?"),
        ("if View:\n    def GET(self): ...", "GET?"),
        ("def GET(self): ...\n  if View:\n    def GET(self): ...", "GET"),
        ("def GET(self): ...\n  if View:\n    GET = None", "GET?"),
        ("@staticmethod\n  def GET(): ...", "GET"),
        ("@classmethod\n  def GET(cls): ...", "GET"),
        ("@abc.abstractmethod\n  def GET(self): ...", "GET"),
        ("@typing.override\n  def GET(self): ...", "GET"),
        ("@decorate\n  def GET(self): ...", "GET?"),
        ("@decorate(1)\n  def GET(self): ...", "GET?"),
        ("@property\n  def GET(self): ...", "GET?"),
        ("locals()['GET'] = decorate", "..."),
        ("def GET(self): setattr(self, 'x', 1)", "GET"),
        ("def GET(self): exec('1')", "GET? ..."),
    ],
)
def test_what_a_class_body_says(project: Project, body: str, expected: str) -> None:
    """Methods are verbs if their name is in upper case; values are not; the rest may be."""
    assert expected == _shown(_verbs(project, f"class Hello(View):\n  {body}"))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("class Hello(Base): ...", "GET POST"),
        ("class Hello(Base):\n  def PUT(self): ...", "GET POST PUT"),
        ("class Hello(Base):\n  POST = None", "GET"),
        ("class Middle(Base):\n  POST = None\nclass Hello(Middle): ...", "GET"),
        ("class Hello(Mixin, Base): ...", "GET POST PUT"),
        ("class Hello(Base, typing.Generic[int]): ...", "GET POST"),
        ("class Hello(Base, Exception): ...", "GET POST"),
        (
            "class A(Base): ...\nclass B(Base):\n  GET = None\nclass Hello(A, B): ...",
            "GET? POST",
        ),
        ("class Hello(absent.Base): ...", "..."),
        ("class Hello(absent.Base):\n  def GET(self): ...", "GET ..."),
        ("class Hello(absent.Mixin, Base): ...", "GET? POST? ..."),
        ("class Hello(Registry, Base): ...", "GET? POST? ..."),
        ("class Hello(Registry):\n  def GET(self): ...", "GET? ..."),
        ("class Hello(Meta): ...", "GET? ..."),
        ("class Hello(Base, metaclass=abc.ABCMeta): ...", "GET POST"),
        ("class Hello(Base, metaclass=type(Base)): ...", "GET? POST? ..."),
        ("class Hello(Base, key=1): ...", "GET? POST? ..."),
        ("@decorate\nclass Hello(Base): ...", "GET? POST? ..."),
        ("@typing.final\nclass Hello(Base): ...", "GET POST"),
        ("@dataclasses.dataclass(slots=True)\nclass Hello(Base): ...", "GET POST"),
        ("Hello = Base", "GET POST"),
        (
            "if View:\n  Hello = Base\nelse:\n  class Hello(Base):\n    def PUT(self): ...",
            "GET POST PUT?",
        ),
        ("class Hello(Base): ...\nBase = None", "GET POST"),
        ("Base.PUT = decorate\nclass Hello(Base): ...", "GET? POST? ..."),
        (
            "class Hello(Base): ...\nHello = decorate(Hello)\nclass Hello(Base): ...",
            "GET POST",
        ),
    ],
)
def test_what_bases_add(project: Project, source: str, expected: str) -> None:
    """Verbs are inherited and shadowed as Python does, where the source tells."""
    assert expected == _shown(_verbs(project, source))


def test_a_verb_that_is_not_written(project: Project) -> None:
    """Of a class that can be read as a whole, no other verb is there; else it may be."""
    assert _verbs(project, "class Hello(Base): ...").has("PATCH") is False
    assert _verbs(project, "class Hello(Base, absent.Mixin): ...").has("PATCH") is None


def test_a_class_in_a_class(project: Project) -> None:
    """Its bases are names of the module, unless the outer class has such a name itself."""
    source = "class Outer:\n  class Base: ...\n  class Hello({}): ..."
    project.write("m.py", f"{HEADER}\n{source.format('Mixin')}")
    project.write("n.py", f"{HEADER}\n{source.format('Base')}")
    codebase = Codebase([str(project.folder), *sys.path])
    inner, shadowed = codebase.find("m:Outer.Hello"), codebase.find("n:Outer.Hello")
    assert isinstance(inner, Found)
    assert isinstance(shadowed, Found)
    assert (Verbs({"PUT": True}), Verbs(is_open=True)) == (inner.verbs, shadowed.verbs)
