"""What the reader says of generated packages, compared with what importing them gives."""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.links import Linked, LinkingProcess
from webzeug.codebase import Answer, Broken, Codebase, Found, Missing

MODULES = ("app", "app.a", "app.b", "app.sub", "app.sub.c")
NAMES = ("Alpha", "Beta", "Gamma", "Delta")
VERBS = ("GET", "POST", "PUT", "LIMIT")

CLASS_BODIES = (
    "def GET(self): ...",
    "def POST(self): ...",
    "async def PUT(self): ...",
    "GET = None",
    "POST = GET",
    "LIMIT = 3",
    "PUT = lambda self: 1",
    "@staticmethod\n    def GET(): ...",
    "@property\n    def GET(self): ...",
    "@decorate\n    def POST(self): ...",
    "if flag:\n        def PUT(self): ...",
    "if not flag:\n        def PUT(self): ...",
    "try:\n        POST\n    except NameError:\n        def POST(self): ...",
    "class GET: ...",
    "class Inner(View):\n        def PUT(self): ...",
    "PUT: int",
    "locals()['POST'] = lambda self: 1",
    "import os as POST",
    "for GET in (decorate,): pass",
    "def __init_subclass__(cls): cls.LIMIT = decorate; super().__init_subclass__()",
    "def __init_subclass__(cls): pass",
    "ERROR = decorate",
)

HEADER = (
    "import sys\nfrom webzeug import View\nflag = len(sys.argv) < 100\ndef decorate(x): return x\n"
)


CLASS = "class {name}({bases}):\n    {body}"

STATEMENTS = (
    CLASS,
    CLASS,
    CLASS,
    "class {name}({other}):\n    {body}",
    "{decorator}\n" + CLASS,
    "class {name}({other}, metaclass=type):\n    {body}",
    "class {name}(View): ...\n{name}.PUT = decorate\nclass Beta({name}): ...",
    "if flag:\n    class {name}({other}): ...\nelse:\n    {name} = None",
    "if not flag:\n    class {name}({other}): ...",
    "from {module} import {name}",
    "from {module} import {name} as {second}",
    "try:\n    from {module} import {name}\nexcept ImportError:\n    {name} = None",
    "from {module} import *",
    "try:\n    from {module} import *\nexcept ImportError:\n    pass",
    "import app.a\nimport app.sub as sub",
    "from . import a, b",
    "{name} = {other}",
    "{name} = None",
    "{name} = decorate({other})",
    "{name} = type('made', ({other},), dict(PUT=decorate))",
    "def {name}(): ...",
    "@decorate\ndef {name}(): ...",
    "del {name}",
    "globals()['{name}'] = {other}",
    "setattr(sys.modules[__name__], '{name}', {other})",
    "exec('{name} = View')",
    "def rebind():\n    global {name}\n    {name} = {other}\nrebind()",
    "def __getattr__(name): return View",
    "__all__ = ['{name}']",
    "__all__ = ['View']\n__all__ += ['{name}']",
    "__all__ = []\n__all__.append('{name}')",
    "for {name} in ({other},): pass",
    "if ({name} := {other}): pass",
    "match {other}:\n    case {name}: pass",
    "[0 for {name} in ()]",
    "try:\n    1 / 0\nexcept ZeroDivisionError as {name}: pass",
    "{name}: int",
)


class _Parts(dict[str, str]):
    """The parts of a statement, drawn when they are asked for."""

    def __init__(self, draw: st.DrawFn, known: Sequence[str]) -> None:
        self.draw, self.known = draw, known

    def __missing__(self, key: str) -> str:
        self[key] = self._draw(key)
        return self[key]

    def _draw(self, key: str) -> str:
        match key:
            case "bases":
                names = self.draw(st.lists(st.sampled_from(self.known), max_size=2, unique=True))
                return ", ".join(names)
            case "body":
                lines = self.draw(st.lists(st.sampled_from(CLASS_BODIES), max_size=4))
                return "\n    ".join(lines or ["pass"])
            case "other":
                return self.draw(st.sampled_from(self.known))
            case "module":
                return self.draw(st.sampled_from(MODULES))
            case "decorator":
                return self.draw(st.sampled_from(["@decorate", "@(lambda c: None)"]))
            case _:
                return self.draw(st.sampled_from(NAMES))


@st.composite
def sources(draw: st.DrawFn) -> str:
    """A module: mostly one that can be imported."""
    known: tuple[str, ...] = ("View", "object")
    text = HEADER
    for template in draw(st.lists(st.sampled_from(STATEMENTS), max_size=6)):
        statement = template.format_map(_Parts(draw, known))
        text += statement + "\n"
        bound = [name for name in NAMES if f"class {name}" in statement or f"{name} =" in statement]
        known = tuple(dict.fromkeys((*bound, *known)))
    return text


def packages() -> st.SearchStrategy[dict[str, str]]:
    """The sources of some of MODULES, by file name; a folder may lack its ``__init__.py``."""
    others = ("app/__init__.py", "app/b.py", "app/sub/__init__.py", "app/sub/c.py")
    return st.fixed_dictionaries(
        {"app/a.py": sources()}, optional={name: sources() for name in others}
    )


PATHS = [
    f"{module}:{name}"
    for module in MODULES
    for name in (*NAMES, *(f"{name}.Inner" for name in NAMES), "View", "absent")
]


@pytest.fixture(scope="module")
def process() -> Iterator[LinkingProcess]:
    with LinkingProcess() as process:
        yield process


def _contradiction(answer: Answer, linked: Linked) -> str | None:
    """How what was read contradicts what was linked; None if it does not."""
    match answer:
        case Missing() | Broken():
            return None if linked.error else "it can be linked"
        case Found() if linked.error is None:
            if answer.is_view is not None and answer.is_view != (linked.verbs is not None):
                return "is it a View?"
            if answer.verbs is not None and linked.verbs is not None:
                for verb in VERBS:
                    if answer.verbs.has(verb) not in (None, verb in linked.verbs):
                        return f"has it {verb}?"
    return None


@st.composite
def plain_packages(draw: st.DrawFn) -> dict[str, str]:
    """Modules of Views without anything that cannot be read, each importing from those before."""
    files: dict[str, str] = {}
    known: dict[str, str] = {}
    for number, file in enumerate(("app/__init__.py", "app/a.py", "app/b.py", "app/sub/c.py")):
        lines = ["from webzeug import View", "import abc, typing"]
        bases = ["View", "View, typing.Generic[typing.TypeVar('T')]", "abc.ABC, View"]
        for name, module in draw(st.permutations(sorted(known.items()))):
            lines.append(
                draw(
                    st.sampled_from(
                        [
                            f"from {module} import {name}",
                            f"from {module} import *",
                            f"import {module}\n{name} = {module}.{name}",
                            f"import {module} as m\n{name} = m.{name}",
                            f"from {module} import {name} as old\n{name} = old",
                        ]
                    )
                )
            )
            bases.append(name)
        for letter in range(draw(st.integers(1, 3))):
            name = f"View{number}{letter}"
            body = draw(st.lists(st.sampled_from(PLAIN_BODIES), max_size=3)) or ["pass"]
            lines.append(f"class Mixin{name}:\n    def MIXED(self): ...")
            mixin = draw(st.sampled_from(["", f"Mixin{name}, "]))
            lines.append(f"class {name}({mixin}{draw(st.sampled_from(bases))}):")
            lines += [f"    {line}" for line in body]
            bases.append(name)
            known[name] = file.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        files[file] = "\n".join(lines) + "\n"
    return files


PLAIN_BODIES = (
    "def GET(self): ...",
    "async def POST(self): ...",
    "GET = None",
    "POST = lambda self: 1",
    "LIMIT = 3",
    "@staticmethod\n    def PUT(): ...",
    "def helper(self): ...",
    "class Form: ...",
)


def _write(folder: str, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = Path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


@settings(deadline=None, database=None, max_examples=30)
@given(plain_packages())
def test_plain_code_is_read_completely(process: LinkingProcess, files: dict[str, str]) -> None:
    """Of Views without tricks, every one is found, with exactly the verbs that it has."""
    modules = ["app.a", "app.b", "app.sub.c"]
    paths = [f"{m}.View{n}{letter}" for m in modules for n in range(4) for letter in range(3)]
    with tempfile.TemporaryDirectory() as folder:
        _write(folder, files)
        linked = process.link(folder, paths)
        codebase = Codebase([folder, *sys.path])
        read = {path: codebase.find(path) for path in paths}
    for path in paths:
        answer, verbs = read[path], linked[path].verbs
        if verbs is None:
            assert isinstance(answer, Missing), (path, linked[path])
        else:
            assert isinstance(answer, Found)
            assert answer.verbs is not None
            assert (answer.is_view, answer.verbs.is_open) == (True, False)
            assert verbs == answer.verbs.written, path


@settings(deadline=None, database=None, max_examples=80)
@given(packages())
def test_nothing_that_is_read_is_contradicted(
    process: LinkingProcess, files: dict[str, str]
) -> None:
    """What is said to be missing cannot be linked; Views and verbs are as they are said to be."""
    with tempfile.TemporaryDirectory() as folder:
        _write(folder, files)
        linked = process.link(folder, PATHS)
        codebase = Codebase([folder])
        read = {path: codebase.find(path) for path in PATHS}
    contradictions = {
        path: (problem, read[path], linked[path])
        for path in PATHS
        if (problem := _contradiction(read[path], linked[path]))
    }
    assert contradictions == {}
