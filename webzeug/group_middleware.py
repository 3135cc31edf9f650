"""Middleware of a manifest: one instance per entry, shared by all routes of a group."""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from webzeug.app import App, Handler
from webzeug.manifest.model import MiddlewareUse
from webzeug.middleware import Chain, Layer, Middleware
from webzeug.wrappers import Request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


@dataclass(slots=True)
class Instances:
    """The built middlewares by entry. ``build`` says what callable an entry stands for.

    ``former`` are those of the manifest before this one: an entry that says the same as one of
    them takes its instance over.
    """

    build: Callable[[MiddlewareUse], Middleware]
    former: list[tuple[MiddlewareUse, Layer]] = field(default_factory=list)
    _built: dict[MiddlewareUse, Layer] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def get(self, use: MiddlewareUse) -> Layer:
        """The instance of an entry. What building it raises is not caught, and not kept."""
        return self._built.get(use) or self._make(use)

    def _make(self, use: MiddlewareUse) -> Layer:
        with self._lock:
            if use not in self._built:
                self._built[use] = self._taken_over(use) or Layer.of(self.build(use))
            return self._built[use]

    def _taken_over(self, use: MiddlewareUse) -> Layer | None:
        for index, (old, layer) in enumerate(self.former):
            if use.same_as(old):
                del self.former[index]
                return layer
        return None

    def built(self) -> list[tuple[MiddlewareUse, Layer]]:
        """All instances, for the next manifest to take over."""
        return list(self._built.items())


@dataclass(frozen=True, slots=True)
class GroupedHandler:
    """A Handler behind its groups' middlewares, the outer group's first."""

    instances: Instances
    uses: tuple[MiddlewareUse, ...]
    handler: Handler

    def __call__(self, app: App, request: Request, args: Mapping[str, Any]) -> "WSGIApplication":
        serving = app.serving(request.environ)

        def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
            return serving.answer(self.handler, environ, args)(environ, start_response)

        return Chain.of([self.instances.get(use) for use in self.uses], answer)
