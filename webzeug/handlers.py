"""What answers a manifest's routes and errors: Views and mounts are linked when first needed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from webzeug.app import App, ErrorHandler, Handler
from webzeug.linking import Linker, LinkError
from webzeug.manifest.model import (
    MountTarget,
    ProbeTarget,
    RedirectTarget,
    Reference,
    StaticTarget,
    Target,
    ViewTarget,
)
from webzeug.probes import ProbeHandler
from webzeug.redirects import RedirectHandler
from webzeug.routing.verbs import WEBSOCKET
from webzeug.static import StaticHandler
from webzeug.views import lacks_error
from webzeug.wrappers import Request

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


@dataclass(slots=True)
class LazyHandler:
    """A Handler that is linked at its first request; a failure is not kept, but tried again.

    ``linked`` is what it has become.
    """

    linker: Linker
    target: ViewTarget | MountTarget
    linked: Handler | None = None

    def __call__(self, app: App, request: Request, args: Mapping[str, Any]) -> "WSGIApplication":
        handler = self.linked or self.link()
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
        self.linked = handler
        return handler

    def _view(self, target: ViewTarget) -> Handler:
        view = self.linker.find_view(target.view)
        if WEBSOCKET in view.verbs and target.verb in (None, WEBSOCKET):
            _need_websockets(target.view)
        if target.verb is None:
            return view.handle
        if target.verb not in view.verbs:
            message = f"{target.view} has no method {target.verb}"
            raise LinkError(target.view, message, f"write def {target.verb}(self, ...)")
        return partial(view.handle, only=target.verb)


def _need_websockets(view: Reference) -> None:
    """Raises LinkError without the extra."""
    if find_spec("websockets") is None:
        message = f"the WEBSOCKET of {view} needs the package `websockets`"
        raise LinkError(view, message, "pip install 'webzeug[websocket]'")


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
        case ProbeTarget():
            return ProbeHandler(target)
        case _:
            return LazyHandler(linker, target)
