"""Dotted paths to Python objects: imported on first use, and clear about what failed."""

import difflib
import importlib
import os
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from webzeug.app import App, ErrorHandler, Handler
from webzeug.manifest.model import (
    MountTarget,
    RedirectTarget,
    Reference,
    StaticTarget,
    Target,
    ViewTarget,
)
from webzeug.redirects import RedirectHandler
from webzeug.static import StaticHandler
from webzeug.views import View, error_handler, view_handler
from webzeug.wrappers import Request

if TYPE_CHECKING:
    from types import ModuleType

    from _typeshed.wsgi import WSGIApplication


class LinkError(Exception):
    """A dotted path that leads to nothing usable; ``reference`` is the path.

    If the user's own module raised, that exception is ``__cause__``, traceback untouched.
    ``module_was_imported`` tells whether the module is there, so that only a name is wrong.
    """

    def __init__(
        self,
        reference: Reference,
        message: str,
        help: str = "",
        *,
        module_was_imported: bool = True,
    ) -> None:
        super().__init__(f"{message} ({help})" if help else message)
        self.reference = reference
        self.message = message
        self.help = help
        self.module_was_imported = module_was_imported


@dataclass(slots=True)
class Linker:
    """Imports what dotted paths name. ``folder`` is where the user's own code lives.

    One lock guards all imports: of two requests that need the same module, one waits.
    """

    folder: str
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def find(self, reference: Reference) -> Any:
        """The object that a dotted path names.

        Raises LinkError that tells apart: no such module; the module raised; no such name in it.
        """
        with self._lock:
            module, names = self._import(reference)
        found: Any = module
        for name in names:
            # Only names that the module or class itself holds: no inherited or computed ones.
            holder = vars(found)
            if name not in holder:
                raise _no_such_name(reference, found, name)
            found = holder[name]
        return found

    def find_view(self, reference: Reference) -> type[View]:
        """The View class that a dotted path names; LinkError if it is anything else."""
        found = self.find(reference)
        if isinstance(found, type) and issubclass(found, View):
            return found
        kind = "class" if isinstance(found, type) else type(found).__name__
        message = f"{reference} is a {kind} that is not a View"
        raise LinkError(reference, message, f"write class {reference.last_name}(View)")

    def _import(self, reference: Reference) -> "tuple[ModuleType, list[str]]":
        """The module of a dotted path, and the names to follow in it."""
        module_name = module_of(reference)
        rest = reference.path[len(module_name) + 1 :]
        before = set(sys.modules)
        try:
            return importlib.import_module(module_name), rest.split(".")
        except BaseException as error:
            self._forget(set(sys.modules) - before)
            if _passes_through(error):
                raise
            raise _import_failure(reference, module_name, error) from _cause(error, module_name)

    def _forget(self, names: set[str]) -> None:
        """Drop the user's modules that a failed import left behind, so that it can be retried.

        In an import cycle, the module that did not fail holds on to the half-made one.
        """
        for name in names:
            module = sys.modules.get(name)
            file = getattr(module, "__file__", None) or ""
            if file.startswith(self.folder + os.sep):
                del sys.modules[name]
                parent, _, child = name.rpartition(".")
                if getattr(sys.modules.get(parent), child, None) is module:
                    delattr(sys.modules[parent], child)


def module_of(reference: Reference) -> str:
    """The module of a dotted path: all before the colon, or all but the last part."""
    module_name, colon, _ = reference.path.partition(":")
    return module_name if colon else reference.path.rpartition(".")[0]


def _passes_through(error: BaseException) -> bool:
    """What an import may raise that is not about the import: Ctrl-C, a killed greenlet."""
    return not isinstance(error, (Exception, SystemExit))


def _is_ours(error: BaseException, module_name: str) -> bool:
    """Whether the module asked for is missing, rather than one that it imports (``exc.name``)."""
    if not isinstance(error, ModuleNotFoundError) or error.name is None:
        return False
    return module_name == error.name or module_name.startswith(f"{error.name}.")


def _cause(error: BaseException, module_name: str) -> BaseException | None:
    return None if _is_ours(error, module_name) else error


def _import_failure(reference: Reference, module_name: str, error: BaseException) -> LinkError:
    if _is_ours(error, module_name):
        missing = getattr(error, "name", module_name)
        return LinkError(
            reference,
            f"there is no module {missing}",
            "modules are looked for in the manifest's folder (or --app-dir), then in sys.path",
            module_was_imported=False,
        )
    message = f"importing {module_name} raised {described(error)}"
    return LinkError(reference, message, module_was_imported=False)


def described(error: BaseException) -> str:
    """``ValueError: what it says``, or the type alone."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _no_such_name(reference: Reference, holder: Any, name: str) -> LinkError:
    names = [other for other in vars(holder) if not other.startswith("_")]
    near = difflib.get_close_matches(name, names, n=1)
    help_text = f"did you mean {near[0]}?" if near else ""
    where = getattr(holder, "__name__", str(holder))
    return LinkError(reference, f"{where} has no {name}", help_text)


@dataclass(slots=True)
class LazyHandler:
    """A Handler that is linked at its first request; a failure is not kept, but tried again."""

    linker: Linker
    target: ViewTarget | MountTarget
    _handler: Handler | None = None

    def __call__(self, app: App, request: Request, args: Mapping[str, Any]) -> "WSGIApplication":
        handler = self._handler or self.link()
        return handler(app, request, args)

    @property
    def reference(self) -> Reference:
        return self.target.view if isinstance(self.target, ViewTarget) else self.target.wsgi

    def link(self) -> Handler:
        """Import now. Raises LinkError."""
        if isinstance(self.target, ViewTarget):
            handler = view_handler(self.linker.find_view(self.target.view), self.target.verb)
        else:
            handler = MountHandler(find_callable(self.linker, self.target.wsgi))
        self._handler = handler
        return handler


@dataclass(frozen=True, slots=True)
class MountHandler:
    """Answers with a mounted WSGI application."""

    wsgi: "WSGIApplication"

    def __call__(self, app: App, request: Request, args: Mapping[str, Any]) -> "WSGIApplication":
        return self.wsgi


@dataclass(slots=True)
class LazyErrorHandler:
    """An ErrorHandler that is linked at its first error."""

    linker: Linker
    view: Reference
    _handler: ErrorHandler | None = None

    def __call__(self, app: App, request: Request, error: Any) -> "WSGIApplication":
        handler = self._handler or self.link()
        return handler(app, request, error)

    def link(self) -> ErrorHandler:
        """Import now. Raises LinkError."""
        try:
            self._handler = error_handler(self.linker.find_view(self.view))
        except TypeError as error:
            raise LinkError(self.view, str(error)) from None
        return self._handler


def find_callable(linker: Linker, reference: Reference) -> Any:
    """What a dotted path names, if it can be called. Raises LinkError."""
    found = linker.find(reference)
    if not callable(found):
        raise LinkError(
            reference, f"{reference} is a {type(found).__name__}, which cannot be called"
        )
    return found


def handler_of(target: Target, linker: Linker) -> Handler:
    """The Handler of a route's target; Views and mounted applications are linked lazily."""
    match target:
        case RedirectTarget():
            return RedirectHandler(target)
        case StaticTarget():
            return StaticHandler(target)
        case _:
            return LazyHandler(linker, target)
