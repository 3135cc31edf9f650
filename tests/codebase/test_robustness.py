"""Reading never runs what it reads, and never fails, whatever it reads."""

import sys
import tempfile
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.support.project import Project
from webzeug.codebase import Broken, Codebase, Found, Missing, Unknown

TOKENS = (
    "class A", "class B", "(", ")", ":", "\n", "\n    ", "\n        ", "A", "B", "GET", "def GET",
    "(self)", "...", "from", "import", ".", "..", "a", "b", "*", "=", ",", "if A", "else", "try",
    "except", "finally", "with", "as", "for", "in", "match", "case", "{", "}", "[", "]", "lambda",
    ":=", "global", "del", "async", "await", "@", "__all__", "+=", "'A'", "f'{A}'", "#", "\\\n",
    "\t", "\f", "\r", "\0", "é", "\ud800", "type A = B", "yield", "return", "**", "None", "View",
    "from webzeug import View", "from .a import *", "from .b import A", "nonlocal A",
)  # fmt: skip

PATHS = ("p.A", "p.a.A", "p.b:A", "p.a:A.B", "p.b.B.A", "a.b", "p.absent.A", "p.a.GET")

module = st.one_of(
    st.lists(st.sampled_from(TOKENS), max_size=40).map(
        lambda tokens: " ".join(tokens).encode("utf-8", "surrogatepass")
    ),
    st.lists(st.sampled_from(TOKENS), max_size=30).map(
        lambda tokens: "".join(tokens).encode("utf-8", "surrogatepass")
    ),
    st.binary(max_size=60),
    st.builds(
        lambda name, body: b"# coding: " + name + b"\n" + body,
        st.sampled_from([b"latin-1", b"utf-7", b"utf-16", b"rot13", b"idna", b"\xff", b"mbcs"]),
        st.binary(max_size=30),
    ),
)


@settings(deadline=None, database=None, max_examples=200)
@given(st.tuples(module, module, module))
@example((b"from .a import *", b"from .b import *", b"from . import *\nfrom .a import A as B"))
@example((b"if A:\n pass\n" + b"elif A:\n pass\n" * 500 + b"else:\n class A: ...", b"", b""))
@example((b"class A(" + b"A," * 5000 + b"): ...", b"A = B = A", b"B: A = B\nA = A"))
@example((b"x = " + b"[" * 150 + b"]" * 150, b"A" + b".B" * 3000, b"class A(A.B.A[A]): ..."))
def test_any_source_has_an_answer(sources: tuple[bytes, bytes, bytes]) -> None:
    """Whatever the files hold, each path has one of the four answers."""
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder, "p")
        package.mkdir()
        for name, source in zip(("__init__", "a", "b"), sources, strict=True):
            (package / f"{name}.py").write_bytes(source)
        codebase = Codebase([folder])
        for path in PATHS:
            assert isinstance(codebase.find(path), Found | Missing | Broken | Unknown)


@settings(deadline=None, database=None)
@given(st.text(max_size=30))
@example("webzeug.")
@example("os.path:join.")
@example("\ud800.\udfff")
def test_any_path_has_an_answer(path: str) -> None:
    """Whatever a path holds, there is an answer, which is not that it leads to a View."""
    answer = Codebase(sys.path).find(path)
    assert not isinstance(answer, Found)


def test_nothing_is_imported_or_executed(project: Project) -> None:
    """Packages and modules that leave a mark when they run leave none; none is in sys.modules."""
    mark = project.folder / "mark"
    leave = f"open({str(mark)!r}, 'w')\n"
    project.write("hello/__init__.py", leave + "from .views import *")
    project.write("hello/views.py", leave + "from webzeug import View\nclass Hello(View): ...")
    project.write("hello/sub/__init__.py", leave)
    codebase = Codebase([str(project.folder), *sys.path])
    before = set(sys.modules)
    for name in ("hello.Hello", "hello.views.Hello", "hello.sub.absent.X", "hello.sub.X"):
        codebase.find(name)
    assert isinstance(codebase.find("hello.Hello"), Found)
    assert {name for name in set(sys.modules) - before if name.startswith("hello")} == set()
    assert not mark.exists()
