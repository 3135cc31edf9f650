"""What the reader says of generated packages, compared with what importing them gives."""

import tempfile
from collections.abc import Iterator
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


@st.composite
def statements(draw: st.DrawFn, known: tuple[str, ...]) -> str:
    """One statement of a module; ``known`` are names that probably mean something there."""
    name, other = draw(st.sampled_from(NAMES)), draw(st.sampled_from(known))
    module = draw(st.sampled_from(MODULES))
    body = draw(st.lists(st.sampled_from(CLASS_BODIES), max_size=4)) or ["pass"]
    bases = ", ".join(dict.fromkeys(draw(st.lists(st.sampled_from(known), max_size=2))))
    decorator = draw(st.sampled_from(["", "", "", "@decorate\n", "@(lambda c: None)\n"]))
    keyword = draw(st.sampled_from(["", "", "", ", metaclass=type"])) if bases else ""
    plain_class = f"{decorator}class {name}({bases}{keyword}):\n    " + "\n    ".join(body)
    return draw(
        st.sampled_from(
            [
                plain_class,
                plain_class,
                plain_class,
                f"class {name}({other}):\n    " + "\n    ".join(body),
                f"if flag:\n    class {name}({other}): ...\nelse:\n    {name} = None",
                f"if not flag:\n    class {name}({other}): ...",
                f"from {module} import {name}",
                f"from {module} import {name} as {draw(st.sampled_from(NAMES))}",
                f"try:\n    from {module} import {name}\nexcept ImportError:\n    {name} = None",
                f"from {module} import *",
                f"try:\n    from {module} import *\nexcept ImportError:\n    pass",
                f"{name} = {other}",
                f"{name} = None",
                f"{name} = decorate({other})",
                f"{name} = type({name!r}, ({other},), {{'PUT': decorate}})",
                f"def {name}(): ...",
                f"@decorate\ndef {name}(): ...",
                f"del {other}" if other in NAMES else "pass",
                f"globals()[{name!r}] = {other}",
                f"setattr(sys.modules[__name__], {name!r}, {other})",
                f"class {name}(View): ...\n{name}.PUT = decorate\nclass Beta({name}): ...",
                f"def rebind():\n    global {name}\n    {name} = {other}\nrebind()",
                f"__all__ = [{name!r}]",
                f"__all__ = ['View']\n__all__ += [{name!r}]",
                f"__all__ = []\n__all__.append({name!r})",
                f"for {name} in ({other},): pass",
                f"if ({name} := {other}): pass",
                f"match {other}:\n    case {name}: pass",
                f"[0 for {name} in ()]",
                f"try:\n    1 / 0\nexcept ZeroDivisionError as {name}: pass",
                f"{name}: int",
                "def __getattr__(name): return View",
                "import app.a\nimport app.sub as sub",
                "from . import a, b",
                f"exec('{name} = View')",
            ]
        )
    )


@st.composite
def sources(draw: st.DrawFn) -> str:
    """A module: mostly one that can be imported."""
    known: tuple[str, ...] = ("View", "object")
    text = HEADER
    for _ in range(draw(st.integers(0, 6))):
        statement = draw(statements(known))
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


@settings(deadline=None, database=None, max_examples=150)
@given(packages())
def test_nothing_that_is_read_is_contradicted(
    process: LinkingProcess, files: dict[str, str]
) -> None:
    """What is said to be missing cannot be linked; Views and verbs are as they are said to be."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        linked = process.link(folder, PATHS)
        codebase = Codebase([folder])
        read = {path: codebase.find(path) for path in PATHS}
    contradictions = {
        path: (problem, read[path], linked[path])
        for path in PATHS
        if (problem := _contradiction(read[path], linked[path]))
    }
    assert contradictions == {}
