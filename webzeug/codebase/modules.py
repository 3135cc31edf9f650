"""Finding and parsing module files as Python's import system would, without importing packages."""

import ast
import difflib
import os
import sys
import warnings
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.machinery import (
    BYTECODE_SUFFIXES,
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    BuiltinImporter,
    FrozenImporter,
    PathFinder,
)

from webzeug.codebase.answers import Broken, Missing, Unknown
from webzeug.codebase.bindings import Names, names_of
from webzeug.codebase.unseen import ANY_NAME, is_plain_text, names_bound_unseen

MAX_BYTES = 8 * 1024 * 1024

# The order in which the import system tries the files of a folder.
_SUFFIXES = (*EXTENSION_SUFFIXES, *SOURCE_SUFFIXES, *BYTECODE_SUFFIXES)
_STANDARD_FINDERS = (BuiltinImporter, FrozenImporter, PathFinder)
_STANDARD_LIBRARY = os.path.dirname(os.__file__) + os.sep
_MANY_COMPARISONS = 20_000
_MANY_MODULES = 50


@dataclass(frozen=True, slots=True)
class Module:
    """A module that was found. ``folders`` are where its submodules are (empty: no package)."""

    name: str
    file: str
    folders: tuple[str, ...] = ()

    @property
    def package(self) -> str:
        """What relative imports in it start at."""
        return self.name if self.folders else self.name.rpartition(".")[0]


@dataclass(frozen=True)
class Parsed:
    """A module, its syntax tree and the names that it binds.

    ``is_plain`` tells that the text holds none of the words by which names are bound unseen.
    """

    module: Module
    tree: ast.Module
    names: Names
    is_plain: bool = True

    def may_rebind(self, name: str) -> bool:
        """Whether the module may give a name another value than those that it is seen to bind."""
        return self.names.is_dynamic or name in self._rebound or ANY_NAME in self._rebound

    def may_make(self, name: str) -> bool:
        """Whether the module may have a name, or a module of that name, that it is not seen to."""
        return self.may_rebind(name) or "__getattr__" in self.names.bindings

    @cached_property
    def _rebound(self) -> frozenset[str]:
        return frozenset() if self.is_plain else names_bound_unseen(self.tree)


@dataclass(slots=True)
class Modules:
    """The modules below some folders. Each is looked for and parsed at most once."""

    search_path: Sequence[str]
    _found: dict[str, Module | Missing | Unknown] = field(default_factory=dict)
    _parsed: dict[str, Parsed | Broken | Unknown] = field(default_factory=dict)
    _entries: dict[str, frozenset[str] | None] = field(default_factory=dict)
    _compared: int = 0

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

    def parsed_files(self, file: str) -> list[Parsed]:
        """The modules of a file that have been parsed."""
        parsed = [each for each in self._parsed.values() if isinstance(each, Parsed)]
        return [each for each in parsed if each.module.file == file]

    def near(self, name: str, candidates: Collection[str]) -> tuple[str, ...]:
        """The public names that may have been meant; none any more once it would take long."""
        self._compared += len(candidates)
        if self._compared > _MANY_COMPARISONS:
            return ()
        public = [candidate for candidate in candidates if not candidate.startswith("_")]
        return tuple(difflib.get_close_matches(name, public, n=3))

    def near_module(self, name: str) -> tuple[str, ...]:
        """The modules beside a missing one that may have been meant."""
        parent_name, _, last = name.rpartition(".")
        parent = self.find(parent_name) if parent_name else None
        # Of the search path, the first folder is the application's own.
        folders = parent.folders if isinstance(parent, Module) else self.search_path[:1]
        near = self.near(last, self._siblings(folders))
        return tuple(f"{parent_name}.{other}" if parent_name else other for other in near)

    def inside(self, package: Module) -> list[Module]:
        """The modules directly in a package, as many as can be read at once."""
        names = self._siblings(package.folders)[:_MANY_MODULES]
        found = (self.find(f"{package.name}.{name}") for name in names)
        return [module for module in found if isinstance(module, Module)]

    def _find(self, name: str) -> Module | Missing | Unknown:
        parent_name, _, last = name.rpartition(".")
        if not last:
            return Missing(name, "module")
        if not parent_name:
            return self._find_top(name)
        parent = self.find(parent_name)
        if not isinstance(parent, Module):
            return parent
        found = self._on_path(name, parent.folders)
        if found is not None:
            return found
        parsed = self.parse(parent)
        if not isinstance(parsed, Parsed) or parsed.may_make(last):
            return Unknown(f"{parent_name} makes names or modules as it runs")
        return Missing(name, "module")

    def _find_top(self, name: str) -> Module | Missing | Unknown:
        if name in sys.builtin_module_names:
            return Unknown(f"{name} is built into Python")
        found = self._on_path(name, self.search_path) or _from_hooks(name)
        if found is None:
            return Missing(name, "module")
        if name in sys.stdlib_module_names and not _is_standard(found):
            return Unknown(f"Python has a module {name} of its own")
        return found

    def _on_path(self, name: str, folders: Iterable[str]) -> Module | Unknown | None:
        """The first module of this name in some folders, else the namespace package."""
        namespace: list[str] = []
        for folder in folders:
            found = self._look_in(folder or os.curdir, name)
            if isinstance(found, str):
                namespace.append(found)
            elif found is not None:
                return found
        return Module(name, namespace[0], tuple(namespace)) if namespace else None

    def _look_in(self, folder: str, name: str) -> Module | Unknown | str | None:
        """The module in one folder; a text is a part of a namespace package."""
        entries = self._list(folder)
        if entries is None:
            return Unknown(f"{folder} is an archive")
        last = name.rpartition(".")[2]
        base = os.path.join(folder, last)
        is_folder = last in entries and os.path.isdir(base)
        if is_folder:
            found = self._with_suffix(base, "__init__", name, (base,))
            if found is not None:
                return found
        return self._with_suffix(folder, last, name, ()) or (base if is_folder else None)

    def _with_suffix(
        self, folder: str, stem: str, name: str, folders: tuple[str, ...]
    ) -> Module | Unknown | None:
        entries = self._list(folder) or frozenset()
        for suffix in _SUFFIXES:
            file = os.path.join(folder, stem + suffix)
            # By the listing, because the import system minds case even where the disk does not.
            if stem + suffix in entries and os.path.isfile(file):
                is_source = suffix in SOURCE_SUFFIXES
                return Module(name, file, folders) if is_source else Unknown(f"{name} is compiled")
        return None

    def _list(self, folder: str) -> frozenset[str] | None:
        """What a folder contains; None if it is, or lies in, a file: an archive."""
        if folder not in self._entries:
            try:
                self._entries[folder] = frozenset(os.listdir(folder))
            except NotADirectoryError:
                self._entries[folder] = None
            except (OSError, ValueError):
                self._entries[folder] = frozenset()
        return self._entries[folder]

    def _siblings(self, folders: Iterable[str]) -> list[str]:
        """The names of modules in some folders."""
        entries = {entry for folder in folders for entry in self._list(folder or os.curdir) or ()}
        stems = {entry.removesuffix(".py") for entry in entries}
        return sorted(filter(str.isidentifier, stems))


def _from_hooks(name: str) -> Module | Unknown | None:
    """What the finders of editable installs say; they know top modules without importing any."""
    for finder in sys.meta_path:
        if finder in _STANDARD_FINDERS:
            continue
        try:
            spec = finder.find_spec(name, None)
        except Exception as error:
            return Unknown(f"{finder!r} raised {error!r}")
        if spec is not None:
            folders = tuple(spec.submodule_search_locations or ())
            if spec.origin is None or not spec.origin.endswith(".py"):
                return Unknown(f"{name} is found by {finder!r}")
            return Module(name, spec.origin, folders)
    return None


def _is_standard(found: Module | Unknown) -> bool:
    return isinstance(found, Module) and found.file.startswith(_STANDARD_LIBRARY)


def _parse(module: Module) -> Parsed | Broken | Unknown:
    if not module.file.endswith(".py"):
        return Parsed(module, ast.Module([], []), Names())
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
    except ValueError as error:
        return Broken(module.file, 1, str(error))
    except (RecursionError, MemoryError):
        return Unknown(f"{module.file} is nested too deeply")
    return Parsed(module, tree, names_of(tree.body, module.package), is_plain_text(raw))
