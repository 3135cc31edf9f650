"""Dotted paths to Python objects: imported on first use, and clear about what failed."""

import difflib
import importlib
import os
import sys
import threading
from dataclasses import dataclass, field
from types import FunctionType, ModuleType
from typing import Any, TypeGuard

from webzeug.manifest.model import Reference
from webzeug.source import Span, shown_path
from webzeug.tracebacks import described, users_frames
from webzeug.views import View


class LinkError(Exception):
    """A dotted path that leads to nothing usable.

    ``part`` is where in the path the wrong piece begins and ends. If the user's own code raised,
    that exception is ``__cause__``, traceback untouched. ``module_was_imported`` tells whether
    the module is there, so that only a name in it is wrong.
    """

    def __init__(
        self,
        reference: Reference,
        message: str,
        help: str = "",
        *,
        part: tuple[int, int] | None = None,
        module_was_imported: bool = True,
    ) -> None:
        super().__init__(message)
        self.reference = reference
        self.message = message
        self.help = help
        self.part = part
        self.module_was_imported = module_was_imported

    def span_in(self, reference: Reference) -> Span:
        """Where the wrong part stands in a path of the manifest that has it too."""
        assert reference.place is not None
        return reference.place.in_value(*self.part) if self.part else reference.place.value

    def __str__(self) -> str:
        where = f"{self.span_in(self.reference)}: " if self.reference.place else ""
        return f"{where}{self.message} ({self.help})" if self.help else f"{where}{self.message}"


@dataclass(slots=True)
class Linker:
    """Imports what dotted paths name. ``folder`` is where the user's own code lives.

    One lock guards all imports: of two requests that need the same module, one waits.
    """

    folder: str
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def find(self, reference: Reference) -> Any:
        """The object that a dotted path names.

        Raises LinkError that tells apart: no such module; the module raised; a module that it
        imports is missing; no such name in it.
        """
        module_name = reference.module
        with self._lock:
            found: Any = self._import(reference, module_name)
        names = reference.path[len(module_name) + 1 :].split(".")
        for index, name in enumerate(names):
            start = len(".".join((module_name, *names[:index], "")))
            part = start, start + len(name)
            # Only names that the module or class itself holds: no inherited or computed ones.
            held = getattr(found, "__dict__", {})
            if name not in held:
                raise LinkError(reference, *self._no_such_name(found, name), part=part)
            found = held[name]
            if isinstance(found, ModuleType):
                raise LinkError(reference, *_module_as_name(found, names[index:]), part=part)
        return found

    def find_view(self, reference: Reference) -> type[View]:
        """The View class that a dotted path names; LinkError if it is anything else."""
        found = self.find(reference)
        if isinstance(found, type) and issubclass(found, View):
            return found
        message = f"{reference} is a {_kind(found)} that is not a View"
        raise LinkError(reference, message, f"write class {reference.last_name}(View)")

    def find_callable(self, reference: Reference) -> Any:
        """What a dotted path names, if it can be called. Raises LinkError."""
        found = self.find(reference)
        if callable(found):
            return found
        raise LinkError(reference, f"{reference} is a {_kind(found)}, which cannot be called")

    def _import(self, reference: Reference, module_name: str) -> ModuleType:
        if sys.modules.get(module_name) is not None:
            # PERF: the set below costs more than everything else of a link.
            return importlib.import_module(module_name)
        before = set(sys.modules)
        try:
            return importlib.import_module(module_name)
        except BaseException as error:
            if _is_missing(error, module_name):
                raise self._no_such_module(reference, str(error.name)) from None
            self._forget(set(sys.modules) - before)
            if passes_through(error):
                raise
            error.__traceback__ = users_frames(error.__traceback__)
            raise _module_raised(reference, module_name, error) from error

    def _forget(self, names: set[str]) -> None:
        """Drop the user's modules that a failed import left behind, so that it can be retried.

        In an import cycle, the module that did not fail holds on to the half-made one.
        """
        for name in names:
            module = sys.modules.get(name)
            if self._is_users(getattr(module, "__file__", None) or ""):
                del sys.modules[name]
                parent, _, child = name.rpartition(".")
                if getattr(sys.modules.get(parent), child, None) is module:
                    delattr(sys.modules[parent], child)

    def _is_users(self, file: str) -> bool:
        """Whether a file is below the folder, and not below a nearer root, as a site-packages."""
        roots = [root for root in (self.folder, *sys.path) if file.startswith(f"{root}{os.sep}")]
        return max(roots, key=len, default="") == self.folder

    def _no_such_name(self, holder: Any, name: str) -> tuple[str, str]:
        """Message and help where a module or a class lacks a name."""
        names = [other for other in getattr(holder, "__dict__", {}) if not other.startswith("_")]
        near = difflib.get_close_matches(name, names, n=1)
        file = getattr(holder, "__file__", None) or ""
        if near:
            help_text = f"did you mean `{near[0]}`?"
        elif self._is_users(file):
            help_text = f"define it in {shown_path(file)}"
        else:
            help_text = f"it was found in {file}" if file else ""
        return f"{getattr(holder, '__name__', type(holder).__name__)} has no `{name}`", help_text

    def _no_such_module(self, reference: Reference, missing: str) -> LinkError:
        parent, _, last = missing.rpartition(".")
        package = sys.modules.get(parent)
        if parent and not hasattr(package, "__path__"):
            help_text = f"`{parent}` is a module, not a package"
        else:
            folders = list(package.__path__) if package else [self.folder]
            near = difflib.get_close_matches(last, _modules_in(folders), n=1)
            full = f"{parent}.{near[0]}" if parent and near else "".join(near)
            help_text = (
                f"did you mean `{full}`?"
                if near
                else "it is looked for in the manifest's folder (or --app-dir), then in sys.path"
            )
        return LinkError(
            reference,
            f"there is no module `{missing}`",
            help_text,
            part=(0, len(missing)),
            module_was_imported=False,
        )


def passes_through(error: BaseException) -> bool:
    """What the user's code may raise that is not about it: Ctrl-C, a killed greenlet."""
    return not isinstance(error, (Exception, SystemExit))


def _is_missing(error: BaseException, module_name: str) -> TypeGuard[ModuleNotFoundError]:
    """Whether the module asked for is missing, rather than one that it imports (``name``)."""
    if not isinstance(error, ModuleNotFoundError) or error.name is None:
        return False
    return module_name == error.name or module_name.startswith(f"{error.name}.")


def _module_raised(reference: Reference, module_name: str, error: BaseException) -> LinkError:
    help_text = ""
    if isinstance(error, ModuleNotFoundError) and error.name:
        help_text = f"`{module_name}` is there, but not the module `{error.name}` that it needs"
    elif isinstance(error, ImportError) and "partially initialized" in str(error):
        help_text = (
            "two modules import names from each other: import one of the modules as a whole, "
            "and use its names later"
        )
    elif isinstance(error, SystemExit):
        help_text = 'what ends the program belongs under `if __name__ == "__main__":`'
    message = f"importing {module_name} raised {described(error)}"
    return LinkError(
        reference, message, help_text, part=(0, len(module_name)), module_was_imported=False
    )


def _kind(found: object) -> str:
    if isinstance(found, (type, FunctionType)):
        return "class" if isinstance(found, type) else "function"
    return f"value of type {type(found).__name__}"


def _modules_in(folders: list[str]) -> list[str]:
    names: set[str] = set()
    for folder in filter(os.path.isdir, folders):
        names.update(entry.removesuffix(".py") for entry in os.listdir(folder))
    return sorted(filter(str.isidentifier, names))


def _module_as_name(module: ModuleType, names: list[str]) -> tuple[str, str]:
    """Message and help where a path leads through the names of one module to another."""
    better = ".".join((module.__name__, *names[1:]))
    help_text = f'write "{better}"' if len(names) > 1 else "a path ends with a name in a module"
    return f"`{names[0]}` is the module {module.__name__}", help_text
