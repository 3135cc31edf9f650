"""Where modules are found, with Python's own import system as the reference."""

import importlib.machinery
import importlib.util
import os
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from importlib.machinery import EXTENSION_SUFFIXES, ModuleSpec, PathFinder
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.support.project import Project
from webzeug.codebase.answers import Broken, Missing, Unknown
from webzeug.codebase.modules import MAX_BYTES, Module, Modules, Parsed

FILES = [
    f"{folder}{name}"
    for folder in ("", "m/", "m/n/")
    for name in (
        "m.py",
        "m.pyc",
        f"m{EXTENSION_SUFFIXES[0]}",
        "M.py",
        "m.txt",
        "n.py",
        "n.pyc",
        "__init__.py",
        "__init__.pyc",
        f"__init__{EXTENSION_SUFFIXES[-1]}",
        "n.py/x",
    )
]


def _spec(name: str, folders: Sequence[str]) -> ModuleSpec | None:
    """What the import system finds, level by level, without importing anything."""
    parent, _, last = name.rpartition(".")
    if parent:
        outer = _spec(parent, folders)
        if outer is None or outer.submodule_search_locations is None:
            return None
        folders = list(outer.submodule_search_locations)
    return PathFinder.find_spec(last, folders)


def _expected(spec: ModuleSpec | None, name: str) -> Module | Missing | None:
    """The answer that fits a spec; None for one that only Unknown fits."""
    if spec is None:
        return Missing(name, "module")
    folders = tuple(spec.submodule_search_locations or ())
    if spec.origin is None:
        return Module(name, folders[0], folders)
    return Module(name, spec.origin, folders) if spec.origin.endswith(".py") else None


@settings(deadline=None, database=None, max_examples=150)
@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(FILES)), max_size=8))
@example([("a", "m.py"), ("a", f"m{EXTENSION_SUFFIXES[0]}")])
@example([("a", "m.pyc"), ("a", "m.py"), ("b", "m/__init__.py"), ("b", "m.py"), ("b", "m/n.py")])
@example([("a", "m/n.py"), ("b", "m.py"), ("b", "m/n/__init__.py")])
def test_any_layout_is_searched_as_python_does(files: list[tuple[str, str]]) -> None:
    """Packages, modules, compiled ones and namespaces, in two folders, win as in an import."""
    with tempfile.TemporaryDirectory() as root:
        folders = [os.path.join(root, folder) for folder in "ab"]
        for folder, name in files:
            path = Path(root, folder, name)
            if not any(parent.is_file() for parent in path.parents) and not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch()
        modules = Modules(folders)
        for name in ("m", "n", "m.m", "m.n", "m.n.m", "M"):
            importlib.invalidate_caches()
            found = modules.find(name)
            expected = _expected(_spec(name, folders), name)
            if isinstance(found, Missing):
                # It names the first package that is missing.
                assert isinstance(expected, Missing), name
                assert name == found.part or name.startswith(f"{found.part}.")
            elif expected is None or isinstance(found, Unknown):
                assert isinstance(found, Unknown), name
                assert not isinstance(expected, Module) or "." in name
            else:
                assert expected == found


def test_modules_below_a_compiled_package_are_unknown(project: Project) -> None:
    """Of a package that is compiled, nothing can be said about what is in it."""
    project.write("fast/__init__.pyc", "")
    project.write("fast/views.py", "")
    assert isinstance(Modules([str(project.folder)]).find("fast.views"), Unknown)


def test_modules_in_an_archive_are_unknown(project: Project) -> None:
    """A zip file on the path may hold any module; so may a folder in it."""
    archive = project.folder / "lib.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("hello.py", "")
    for place in (str(archive), f"{archive}/vendor"):
        assert isinstance(Modules([place]).find("hello"), Unknown)


def test_a_folder_that_is_not_there_holds_nothing(project: Project) -> None:
    """A search path may name folders that do not exist, and modules that no file can have."""
    modules = Modules([str(project.folder / "absent"), "", str(project.folder)])
    for name in ("hello", "\0", "a\0b.c", "x" * 5000):
        assert isinstance(modules.find(name), Missing)


def test_the_working_folder_is_the_empty_path(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty entry of the search path is the folder where the user stands."""
    project.write("hello.py", "")
    monkeypatch.chdir(project.folder)
    assert Module("hello", "./hello.py") == Modules([""]).find("hello")


def test_what_is_no_regular_file_is_no_module(project: Project) -> None:
    """A FIFO with the name of a module is not opened, let alone waited for; nor a dead link."""
    os.mkfifo(project.folder / "hello.py")
    (project.folder / "world.py").symlink_to("absent.py")
    assert Missing("world", "module") == Modules([str(project.folder)]).find("world")
    assert Missing("hello", "module") == Modules([str(project.folder)]).find("hello")


def test_a_module_is_not_a_package(project: Project) -> None:
    """Below a plain module there are no modules."""
    project.write("hello.py", "")
    project.write("world/__init__.py", "")
    modules = Modules([str(project.folder)])
    assert Missing("hello.views", "module") == modules.find("hello.views")
    assert Missing("world.views", "module") == modules.find("world.views.deep")


@pytest.mark.parametrize(
    "init",
    [
        "from pkgutil import extend_path\n__path__ = extend_path(__path__, __name__)",
        "__path__.append('/elsewhere')",
        "import sys\nsys.modules[__name__ + '.views'] = sys",
        "def __getattr__(name): ...",
        "def (",
    ],
)
def test_a_package_may_make_modules(project: Project, init: str) -> None:
    """Where a package changes its path, or what is imported, no module is certainly missing."""
    project.write("hello/__init__.py", init)
    assert isinstance(Modules([str(project.folder)]).find("hello.views"), Unknown)


def test_modules_built_into_python_are_unknown() -> None:
    """They have no file, and come before every file of that name."""
    assert isinstance(Modules(sys.path).find("time"), Unknown)


def test_modules_of_pythons_own_come_first(project: Project) -> None:
    """A file with the name of a module of Python's own may be the one that is imported, or not."""
    project.write("calendar.py", "")
    assert isinstance(Modules([str(project.folder), *sys.path]).find("calendar"), Unknown)
    assert isinstance(Modules(sys.path).find("calendar"), Module)


class _Finder:
    """As an editable install makes it: it knows where one top module is."""

    def __init__(self, name: str, spec: ModuleSpec | None) -> None:
        self.name, self.spec = name, spec

    def find_spec(
        self, fullname: str, path: object = None, target: object = None
    ) -> ModuleSpec | None:
        if fullname != self.name:
            return None
        if self.spec is None:
            raise RuntimeError("broken")
        return self.spec


def test_editable_installs_are_found(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """A finder on sys.meta_path is asked for top modules, after the folders."""
    init = project.write("far/hello/__init__.py", "")
    views = project.write("far/hello/views.py", "")
    spec = importlib.util.spec_from_file_location("hello", init)
    assert spec is not None
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, _Finder("hello", spec)])
    modules = Modules([str(project.folder)])
    assert Module("hello", str(init), (str(init.parent),)) == modules.find("hello")
    assert Module("hello.views", str(views)) == modules.find("hello.views")
    assert "hello" not in sys.modules


@pytest.mark.parametrize(
    "spec", [None, importlib.machinery.ModuleSpec("hello", None, origin="hello.so")]
)
def test_finders_that_cannot_say_make_unknown(
    monkeypatch: pytest.MonkeyPatch, spec: ModuleSpec | None
) -> None:
    """A finder that raises, or that knows no source file, leaves the module unknown."""
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, _Finder("hello", spec)])
    assert isinstance(Modules([]).find("hello"), Unknown)


def test_near_modules_are_suggested(project: Project) -> None:
    """Of a missing module, those beside it with a near name, in the application's own folder."""
    project.write("hello/views.py", "")
    project.write("hello/readme.txt", "")
    modules = Modules([str(project.folder), *sys.path])
    assert modules.near_module("hello.viws") == ("hello.views",)
    assert modules.near_module("helo") == ("hello",)
    assert modules.near_module("jsn") == ()


def test_suggestions_stop_before_they_take_long() -> None:
    """Thousands of missing names among thousands of near ones are not all compared."""
    modules = Modules([])
    names = [f"View{number}" for number in range(3000)]
    near = [modules.near("View", names) for _ in range(10)]
    assert near[0]
    assert near[-1] == ()


def _parsed(project: Project, source: bytes) -> Parsed | Broken | Unknown:
    (project.folder / "hello.py").write_bytes(source)
    modules = Modules([str(project.folder)])
    module = modules.find("hello")
    assert isinstance(module, Module)
    return modules.parse(module)


@pytest.mark.parametrize(
    "source",
    [
        b"class Hello: ...",
        b"\xef\xbb\xbfclass Hello: ...",
        b"# coding: latin-1\nx = '\xe9'\nclass Hello: ...",
        b"#!/usr/bin/python\n# -*- coding: koi8-r -*-\r\nx = '\xe9'\rclass Hello: ...",
        b"'\\d'\nassert (1, '')\nclass Hello: ...",
    ],
)
def test_encodings_are_read_as_python_does(project: Project, source: bytes) -> None:
    """Byte order marks, PEP 263 declarations and line ends of all kinds; warnings are not shown."""
    parsed = _parsed(project, source)
    assert isinstance(parsed, Parsed)
    assert [binding.kind for binding in parsed.names.bindings["Hello"]] == ["class"]


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (b"x = 1\nclass Hello(:", 2),
        (b"x = '\xff'", 1),
        (b"# coding: nonesuch\n", 1),
        (b"# coding: ascii\nx = '\xe9'", 1),
        (b"x = 1\0", 1),
        (b"x = " + b"9" * 5000, 1),
        (b"(" * 1000, 1),
    ],
)
def test_what_is_not_python_is_broken(project: Project, source: bytes, line: int) -> None:
    """Files that Python refuses to compile, with the line if it says one."""
    broken = _parsed(project, source)
    assert isinstance(broken, Broken)
    assert (str(project.folder / "hello.py"), line) == (broken.file, broken.line)
    assert broken.message


@pytest.mark.parametrize(
    "source",
    [b"-" * 100_000 + b"1", b"a" + b".b" * 100_000, b"#" * (MAX_BYTES + 1)],
    ids=["operators", "attributes", "size"],
)
def test_what_is_too_much_is_unknown(project: Project, source: bytes) -> None:
    """Files beyond what the parser, or we, can hold are given up, not called broken."""
    assert isinstance(_parsed(project, source), Unknown)


def test_a_file_that_cannot_be_read_is_unknown(project: Project) -> None:
    """A file that vanishes between finding and reading is not called broken."""
    path = project.write("hello.py", "")
    modules = Modules([str(project.folder)])
    module = modules.find("hello")
    assert isinstance(module, Module)
    path.unlink()
    assert isinstance(modules.parse(module), Unknown)
