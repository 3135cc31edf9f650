"""Finding and parsing module files, level by level, without importing their packages."""

import ast
import difflib
import os
import stat
import sys
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.machinery import EXTENSION_SUFFIXES

from webzeug.codebase.answers import Broken, Missing, Unknown
from webzeug.codebase.bindings import Names, names_of

MAX_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Module:
    """A module that was found. ``folders`` are where its submodules are (empty: no package)."""

    name: str
    file: str
    folders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parsed:
    """A module and the names that its source binds."""

    module: Module
    names: Names


@dataclass(slots=True)
class Modules:
    """The modules below some folders. Each is looked for and parsed at most once."""

    search_path: Sequence[str]
    _found: dict[str, Module | Missing | Unknown] = field(default_factory=dict)
    _parsed: dict[str, Parsed | Broken | Unknown] = field(default_factory=dict)

    def find(self, name: str) -> Module | Missing | Unknown:
        """The file of a module; of a namespace package, its folder."""
        if name not in self._found:
            self._found[name] = self._find(name)
        return self._found[name]

    def parse(self, module: Module) -> Parsed | Broken | Unknown:
        """The names that a module's source binds."""
        if module.name not in self._parsed:
            self._parsed[module.name] = _parse(module)
        return self._parsed[module.name]

    def _find(self, name: str) -> Module | Missing | Unknown:
        parent_name, _, last = name.rpartition(".")
        folders: Sequence[str] = self.search_path
        if parent_name:
            parent = self.find(parent_name)
            if not isinstance(parent, Module):
                return parent
            folders = parent.folders
        elif last in sys.builtin_module_names:
            return Unknown(f"{last} is built into Python")
        namespace: list[str] = []
        for folder in folders:
            found = _look_in(folder or os.curdir, name, last)
            if isinstance(found, str):
                namespace.append(found)
            elif found is not None:
                return found
        if namespace:
            return Module(name, namespace[0], tuple(namespace))
        if not parent_name and _has_import_hooks():
            return Unknown("a package may be installed in editable mode")
        return Missing(name, "module", suggestions=_suggestions(name, folders))


def _look_in(folder: str, name: str, last: str) -> Module | Unknown | str | None:
    """The module in one folder; a text is a part of a namespace package."""
    package = os.path.join(folder, last)
    init = os.path.join(package, "__init__.py")
    if _is_regular(init):
        return Module(name, init, (package,))
    if _is_regular(f"{package}.py"):
        return Module(name, f"{package}.py")
    for suffix in EXTENSION_SUFFIXES:
        if os.path.exists(package + suffix):
            return Unknown(f"{name} is compiled")
    if os.path.isfile(folder):
        return Unknown(f"{folder} is an archive")
    return package if os.path.isdir(package) else None


def _is_regular(path: str) -> bool:
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except (OSError, ValueError):
        return False


def _has_import_hooks() -> bool:
    return any(
        getattr(finder, "__module__", "").startswith("__editable__") for finder in sys.meta_path
    )


def _suggestions(name: str, folders: Sequence[str]) -> tuple[str, ...]:
    """Modules beside a missing one whose names are near; of the search path, only the first
    folder's, which is the application's own."""
    parent, _, last = name.rpartition(".")
    siblings: set[str] = set()
    for folder in folders if parent else folders[:1]:
        try:
            entries = os.listdir(folder or os.curdir)
        except OSError:
            continue
        siblings.update(entry.removesuffix(".py") for entry in entries)
    near = difflib.get_close_matches(last, sorted(filter(str.isidentifier, siblings)), n=3)
    return tuple(f"{parent}.{other}" if parent else other for other in near)


def _parse(module: Module) -> Parsed | Broken | Unknown:
    if module.folders and not module.file.endswith(".py"):
        return Parsed(module, Names())
    try:
        with open(module.file, "rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        return Unknown(f"{module.file} cannot be read: {error.strerror}")
    if len(raw) > MAX_BYTES:
        return Unknown(f"{module.file} is too large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(raw, module.file)
    except SyntaxError as error:
        return Broken(module.file, error.lineno or 1, error.msg)
    except (ValueError, RecursionError, MemoryError) as error:
        return Broken(module.file, 1, str(error) or type(error).__name__)
    package = module.name if module.folders else module.name.rpartition(".")[0]
    return Parsed(module, names_of(tree.body, package, tree))
