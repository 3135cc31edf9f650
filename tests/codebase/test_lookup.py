"""What dotted paths lead to, read from source text."""

import sys

import pytest

from tests.support.project import Project
from webzeug.codebase import Answer, Broken, Codebase, Found, Missing, Unknown


def _find(project: Project, path: str) -> Answer:
    return Codebase([str(project.folder), *sys.path]).find(path)


def _kind(answer: Answer) -> str:
    """How an answer reads in short: ``class views.py:3``, ``missing Hello``, ``unknown``."""
    match answer:
        case Found(file=file, line=line, kind=kind):
            return f"{kind} {file.rpartition('/')[2]}:{line}"
        case Missing(part=part):
            return f"missing {part}"
        case Broken(file=file, line=line):
            return f"broken {file.rpartition('/')[2]}:{line}"
        case Unknown():
            return "unknown"


VIEWS = """
    from webzeug import View

    class Hello(View):
        def GET(self): ...

        class Inner(View): ...
        def method(self): ...
        limit = 3

    def function(): ...
    async def coroutine(): ...
    small = lambda: 1
    number = 3
    made = function()
    Alias = Hello
    import json
    import os.path as paths
"""


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("hello.views.Hello", "class views.py:3"),
        ("hello.views:Hello", "class views.py:3"),
        ("hello.views:Hello.Inner", "class views.py:6"),
        ("hello.views:Hello.method", "function views.py:7"),
        ("hello.views:Hello.limit", "unknown"),
        ("hello.views:Hello.Absent", "missing Absent"),
        ("hello.views:Hello.Inner.Absent", "missing Absent"),
        ("hello.views:function.attribute", "unknown"),
        ("hello.views:Absent.Inner", "missing Absent"),
        ("hello.views.function", "function views.py:10"),
        ("hello.views.coroutine", "function views.py:11"),
        ("hello.views.small", "function views.py:12"),
        ("hello.views.number", "value views.py:13"),
        ("hello.views.made", "value views.py:14"),
        ("hello.views.Alias", "class views.py:3"),
        ("hello.views.json", "module __init__.py:1"),
        ("hello.views.paths", "module views.py:17"),
        ("hello.views", "module views.py:1"),
        ("hello.views.Absent", "missing Absent"),
        ("hello.absent.Hello", "missing hello.absent"),
        ("absent.views.Hello", "missing absent"),
        ("Hello", "missing "),
        ("hello.views:", "missing "),
        ("hello..views", "missing hello."),
        (":", "missing "),
    ],
)
def test_each_kind_of_name(project: Project, path: str, expected: str) -> None:
    """Classes, functions, values, modules and what is missing, each with its place."""
    project.write("hello/__init__.py", "")
    project.write("hello/views.py", VIEWS)
    assert expected == _kind(_find(project, path))


@pytest.mark.parametrize(
    ("init", "expected"),
    [
        ("from .views import Hello", "class views.py:3"),
        ("from hello.views import Hello", "class views.py:3"),
        ("from .views import function as Hello", "function views.py:10"),
        ("from .views import *", "class views.py:3"),
        ("from . import views\nHello = views.Hello", "class views.py:3"),
        ("import hello.views\nHello = hello.views.Hello", "class views.py:3"),
        ("import hello.views as v\nHello = v.Hello", "class views.py:3"),
        ("from hello import views as Hello", "module views.py:1"),
        ("from .views import Absent as Hello", "unknown"),
        ("from .absent import Hello", "unknown"),
        ("from absent import Hello", "unknown"),
        ("from absent import *", "unknown"),
        ("from . import absent as Hello", "unknown"),
        ("from ... import Hello", "value __init__.py:1"),
        ("from .broken import Hello", "broken broken.py:1"),
        ("from webzeug import View as Hello", "class __init__.py:1"),
        ("Hello = Exception", "class __init__.py:1"),
        ("Hello = print", "unknown"),
        ("Hello = absent", "unknown"),
        ("Hello = absent.Hello", "unknown"),
        ("from sys import *", "unknown"),
        ("from .lists import *", "missing Hello"),
        ("from .lists import *\nfrom .views import *", "class views.py:3"),
        ("from .adds import *", "class views.py:3"),
        ("from .computes import *", "class views.py:3"),
        ("from .views import _private as Hello", "class views.py:3"),
    ],
)
def test_re_exports(project: Project, init: str, expected: str) -> None:
    """Imports are followed through modules, star imports through ``__all__``."""
    project.write("hello/__init__.py", init)
    project.write("hello/views.py", VIEWS + "    _private = Hello\n")
    project.write("hello/broken.py", "def (")
    project.write("hello/lists.py", "__all__ = ['Other']\nfrom .views import *")
    project.write("hello/computes.py", "__all__ = [str(), 'Other']\nfrom .views import *")
    project.write("hello/adds.py", "__all__ = []\n__all__ += ['Hello']\nfrom .views import *")
    assert expected == _kind(_find(project, "hello.Hello"))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("class Hello(View): ...\nHello = None", "value m.py:3"),
        ("Hello = None\nclass Hello(View): ...", "class m.py:3"),
        ("class Hello(View): ...\ndel Hello", "unknown"),
        ("Hello: type", "missing Hello"),
        ("Hello: type = View", "class m.py:2"),
        ("Hello = Other = View", "value m.py:2"),
        ("Hello, Other = View, View", "value m.py:2"),
        ("for Hello in (View,): ...", "value m.py:2"),
        ("with open('x') as Hello: ...", "value m.py:2"),
        ("if (Hello := View): ...", "value m.py:2"),
        ("match View:\n  case Hello: ...", "value m.py:2"),
        ("match [View]:\n  case [*Hello]: ...", "value m.py:2"),
        ("match {}:\n  case {**Hello}: ...", "value m.py:2"),
        ("try: ...\nexcept OSError as Hello: ...", "value m.py:2"),
        ("def f():\n  global Hello\n  Hello = View", "unknown"),
        ("def f(Hello): ...\n[Hello for Hello in ()]\nlambda: (Hello := 1)", "missing Hello"),
        ("while 1:\n  try: ...\n  finally:\n    class Hello(View): ...", "class m.py:5"),
        ("def __getattr__(name): ...", "unknown"),
        ("globals()['Hello'] = View", "unknown"),
        ("def f(): globals()['Hello'] = View", "unknown"),
        ("import sys\nsetattr(sys.modules[__name__], 'Hello', View)", "unknown"),
        ("exec('Hello = View')", "unknown"),
        ("from builtins import exec as run\nrun('Hello = View')", "unknown"),
        ("import enum\n@enum.global_enum\nclass E(enum.Enum): Hello = 1", "unknown"),
        ("ｇlobals()['Hello'] = View", "unknown"),
        ("def f(): ｅxec('Hello = View')", "unknown"),
        ("def f(user): setattr(user, 'Hello', View)", "missing Hello"),
    ],
)
def test_statements_that_bind(project: Project, source: str, expected: str) -> None:
    """Every statement that can bind a name is seen; the last certain one counts."""
    project.write("m.py", f"from webzeug import View\n{source}")
    assert expected == _kind(_find(project, "m.Hello"))


@pytest.mark.parametrize(
    "source",
    [
        "try:\n  from absent import Hello\nexcept ImportError:\n  class Hello(View): ...",
        "try:\n  from absent import Hello\nexcept ImportError:\n  Hello = None",
        "if View:\n  class Hello(View): ...\nelse:\n  class Hello: ...",
        "if View:\n  Hello = 3\nelse:\n  Hello = print()",
        "@print\nclass Hello(View): ...",
        "class Hello(View, metaclass=print): ...",
        "class Hello(View, **{}): ...",
        "class Hello(absent.View): ...",
        "class Hello(*[View]): ...",
        "class Hello(print()): ...",
        "class Hello(Hello): ...",
        "Hello = print()",
        "@print\ndef Hello(): ...",
        "Hello = None\ndef f():\n  global Hello\n  Hello = View",
        "class Hello: ...\nvars()['Hello'] = View",
    ],
)
def test_whether_it_is_a_view_may_be_unknown(project: Project, source: str) -> None:
    """Definitions in branches, decorators, metaclasses and calls leave it open."""
    project.write("m.py", f"from webzeug import View\n{source}")
    answer = _find(project, "m.Hello")
    assert isinstance(answer, Found)
    assert answer.is_view is None


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("class Hello(View): ...", True),
        ("class Base(View): ...\nclass Hello(Base): ...", True),
        ("class Mixin: ...\nclass Hello(Mixin, View): ...", True),
        ("class Hello(absent.Mixin, View): ...", True),
        ("from abc import ABC, ABCMeta\nclass Hello(View, ABC, metaclass=ABCMeta): ...", True),
        ("from typing import *\nclass Hello(View, Generic[int]): ...", True),
        ("import typing\n@typing.final\nclass Hello(View): ...", True),
        ("import webzeug\nclass Hello(webzeug.View): ...", True),
        ("from webzeug import views\nclass Hello(views.View): ...", True),
        ("if View:\n  class Hello(View): ...\nelse:\n  Hello = View", True),
        ("class Hello: ...", False),
        ("class Hello(Exception, dict[str, int]): ...", False),
        ("class Base: ...\nclass Hello(Base): ...", False),
        ("def Hello(): ...", False),
        ("Hello = 'text'", False),
        ("import json as Hello", False),
    ],
)
def test_whether_it_is_a_view(project: Project, source: str, expected: bool) -> None:
    """Inheritance from View is followed through modules; the rest is certainly no View."""
    project.write("m.py", f"from webzeug import View\n{source}")
    answer = _find(project, "m.Hello")
    assert isinstance(answer, Found)
    assert answer.is_view is expected


def test_webzeugs_own_view_has_a_place() -> None:
    """View itself is found where it is defined, by both of its names."""
    codebase = Codebase(sys.path)
    for path in ("webzeug.View", "webzeug.views.View"):
        answer = codebase.find(path)
        assert isinstance(answer, Found)
        assert (answer.is_view, answer.kind) == (True, "class")
        assert answer.file.endswith(".py")


@pytest.mark.parametrize(
    ("path", "suggestions"),
    [
        ("hello.views.Helo", ("Hello",)),
        ("hello.views.HELLO", ()),
        ("hello.viws.Hello", ("hello.views",)),
        ("helo.views.Hello", ("hello",)),
        ("hello.views.Hello.Inner", ("hello.views:Hello.Inner",)),
        ("hello.views.Hello.Inner.More", ("hello.views:Hello.Inner.More",)),
        ("hello.views:Hello.Iner", ("Inner",)),
        ("hello.views:Helo.Inner", ("Hello",)),
        ("hello.views.Absent.Inner", ()),
        ("hello.Hello", ("hello.views.Hello",)),
        ("hello.function", ("hello.views.function",)),
    ],
)
def test_suggestions(project: Project, path: str, suggestions: tuple[str, ...]) -> None:
    """What is missing comes with what may have been meant."""
    project.write("hello/views.py", VIEWS)
    answer = _find(project, path)
    assert isinstance(answer, Missing)
    assert suggestions == answer.suggestions


def test_a_broken_package_breaks_what_is_in_it(project: Project) -> None:
    """A module cannot be imported if one of the packages around it is not Python."""
    project.write("hello/__init__.py", "\n\ndef (")
    project.write("hello/sub/views.py", VIEWS)
    assert _kind(_find(project, "hello.sub.views.Hello")) == "broken __init__.py:1"


def test_namespaces_and_folders_of_their_own(project: Project) -> None:
    """Parts of a namespace package may lie in several folders of the search path."""
    project.write("one/space/first.py", "class First: ...")
    project.write("two/space/second.py", "from space.first import First")
    codebase = Codebase([str(project.folder / name) for name in ("one", "two")])
    assert _kind(codebase.find("space.second.First")) == "class first.py:1"
    assert _kind(codebase.find("space.third")) == "missing third"


def test_modules_that_import_each_other(project: Project) -> None:
    """An import cycle is no obstacle, unless a name leads back to itself."""
    project.write("a.py", "from webzeug import View\nfrom b import B\nclass A(View): ...")
    project.write("b.py", "from webzeug import View\nfrom a import A, C\nclass B(View): ...")
    project.write("c.py", "from d import *\nfrom d import X")
    project.write("d.py", "from c import *\nfrom c import X\nclass Y: ...")
    assert _kind(_find(project, "b.A")) == "class a.py:3"
    assert _kind(_find(project, "a.B")) == "class b.py:3"
    assert _kind(_find(project, "c.X")) == "unknown"
    assert _kind(_find(project, "c.Y")) == "class d.py:3"


def test_star_imports_in_a_knot(project: Project) -> None:
    """Many modules that import all of each other are each looked at once."""
    for number in range(30):
        stars = "\n".join(f"from m{other} import *" for other in range(30) if other != number)
        project.write(f"m{number}.py", stars)
    assert _kind(_find(project, "m0.Hello")) == "unknown"


def test_what_leads_too_far_is_unknown(project: Project) -> None:
    """Longer chains of imports and base classes than Python's stack can follow are given up."""
    chain = "\n".join(f"class C{number}(C{number - 1}): ..." for number in range(1, 2000))
    project.write("m.py", f"from webzeug import View\nclass C0(View): ...\n{chain}")
    assert _kind(_find(project, "m.C1999")) == "unknown"
    short = _find(project, "m.C30")
    assert isinstance(short, Found)
    assert short.is_view is True


def test_names_bound_unseen_in_other_encodings(project: Project) -> None:
    """A declared encoding may hide the words by which names are bound."""
    text = "# coding: utf-7\r\ndef f():\r\n    +AGc-lobals()['Hello'] = 1\r\n"
    project.write("m.py", text)
    assert _kind(_find(project, "m.Hello")) == "unknown"
