"""Dotted paths to Python objects: imported on first use, and clear about what failed."""

import difflib
import importlib
import os
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeGuard

from webzeug.app import App, ErrorHandler, Handler
from webzeug.diagnostics import described
from webzeug.manifest.model import (
    MountTarget,
    RedirectTarget,
    Reference,
    StaticTarget,
    Target,
    ViewTarget,
)
from webzeug.redirects import RedirectHandler
from webzeug.source import Span, shown_path
from webzeug.static import StaticHandler
from webzeug.views import View, lacks_error
from webzeug.wrappers import Request

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


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
        module_name = module_of(reference)
        with self._lock:
            found: Any = self._import(reference, module_name)
        start = len(module_name) + 1
        for name in reference.path[start:].split("."):
            part = start, start + len(name)
            # Only names that the module or class itself holds: no inherited or computed ones.
            held = getattr(found, "__dict__", {})
            if name not in held:
                raise _no_such_name(reference, found, name, part)
            found = held[name]
            if isinstance(found, ModuleType):
                message = f"`{name}` is the module {found.__name__}, not something in it"
                help_text = f'write "{found.__name__}." and the name in it'
                raise LinkError(reference, message, help_text, part=part)
            start += len(name) + 1
        return found

    def find_view(self, reference: Reference) -> type[View]:
        """The View class that a dotted path names; LinkError if it is anything else."""
        found = self.find(reference)
        if isinstance(found, type) and issubclass(found, View):
            return found
        kind = "class" if isinstance(found, type) else type(found).__name__
        message = f"{reference} is a {kind} that is not a View"
        raise LinkError(reference, message, f"write class {reference.last_name}(View)")

    def find_callable(self, reference: Reference) -> Any:
        """What a dotted path names, if it can be called. Raises LinkError."""
        found = self.find(reference)
        if callable(found):
            return found
        message = f"{reference} is a {type(found).__name__}, which cannot be called"
        raise LinkError(reference, message)

    def _import(self, reference: Reference, module_name: str) -> ModuleType:
        before = set(sys.modules)
        try:
            return importlib.import_module(module_name)
        except BaseException as error:
            if _is_missing(error, module_name):
                raise self._no_such_module(reference, str(error.name)) from None
            self._forget(set(sys.modules) - before)
            if passes_through(error):
                raise
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


def module_of(reference: Reference) -> str:
    """The module of a dotted path: all before the colon, or all but the last part."""
    module_name, colon, _ = reference.path.partition(":")
    return module_name if colon else reference.path.rpartition(".")[0]


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
    elif isinstance(error, SystemExit):
        help_text = 'what ends the program belongs under `if __name__ == "__main__":`'
    message = f"importing {module_name} raised {described(error)}"
    return LinkError(
        reference, message, help_text, part=(0, len(module_name)), module_was_imported=False
    )


def _modules_in(folders: list[str]) -> list[str]:
    names: set[str] = set()
    for folder in filter(os.path.isdir, folders):
        names.update(entry.removesuffix(".py") for entry in os.listdir(folder))
    return sorted(filter(str.isidentifier, names))


def _no_such_name(reference: Reference, holder: Any, name: str, part: tuple[int, int]) -> LinkError:
    names = [other for other in getattr(holder, "__dict__", {}) if not other.startswith("_")]
    near = difflib.get_close_matches(name, names, n=1)
    file = getattr(holder, "__file__", None)
    if near:
        help_text = f"did you mean `{near[0]}`?"
    else:
        help_text = f"define it in {shown_path(file)}" if file else ""
    where = getattr(holder, "__name__", type(holder).__name__)
    return LinkError(reference, f"{where} has no `{name}`", help_text, part=part)


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
            handler = self._view(self.target)
        else:
            handler = MountHandler(self.linker.find_callable(self.target.wsgi))
        self._handler = handler
        return handler

    def _view(self, target: ViewTarget) -> Handler:
        view = self.linker.find_view(target.view)
        if target.verb is None:
            return view.handle
        if target.verb not in view.verbs:
            message = f"{target.view} has no method {target.verb}"
            raise LinkError(target.view, message, f"write def {target.verb}(self, ...)")
        return partial(view.handle, only=target.verb)


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
        view = self.linker.find_view(self.view)
        if not hasattr(view, "ERROR"):
            raise LinkError(self.view, lacks_error(view))
        self._handler = view.handle_error
        return self._handler


def handler_of(target: Target, linker: Linker) -> Handler:
    """The Handler of a route's target; Views and mounted applications are linked lazily."""
    match target:
        case RedirectTarget():
            return RedirectHandler(target)
        case StaticTarget():
            return StaticHandler(target)
        case _:
            return LazyHandler(linker, target)
