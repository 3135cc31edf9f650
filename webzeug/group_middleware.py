"""Middleware of a group: plain WSGI wrappers that run after matching, one instance per entry."""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from webzeug.app import App, Handler, Middleware
from webzeug.manifest.model import MiddlewareUse
from webzeug.wrappers import Request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_PENDING = "webzeug.pending"


@dataclass(frozen=True, slots=True)
class _Pending:
    """A matched request on its way in: what it has still to pass."""

    app: App
    chain: tuple["WSGIApplication", ...]
    handler: Handler


@dataclass(slots=True)
class Instances:
    """The built middlewares by entry: all routes of a group share the group's."""

    build: Callable[[MiddlewareUse], Middleware]
    _built: dict[MiddlewareUse, "WSGIApplication"] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def get(self, use: MiddlewareUse, depth: int) -> "WSGIApplication":
        """The instance of an entry that stands at a depth (0 is the outermost) of its chains."""
        with self._lock:
            if use not in self._built:
                self._built[use] = self.build(use)(_Inner(depth))
            return self._built[use]


@dataclass(frozen=True, slots=True)
class _Inner:
    """What the middleware at a depth wraps: the next one, or at last the route's handler.

    It may be called more than once, as a middleware that retries would.
    """

    depth: int

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        pending: _Pending = environ[_PENDING]
        if self.depth + 1 < len(pending.chain):
            return pending.chain[self.depth + 1](environ, start_response)
        answer = pending.app.answer(pending.handler, environ, environ["webzeug.args"])
        return answer(environ, start_response)


@dataclass(frozen=True, slots=True)
class GroupedHandler:
    """A Handler behind its groups' middlewares, the outer group's first."""

    instances: Instances
    uses: tuple[MiddlewareUse, ...]
    handler: Handler

    def __call__(self, app: App, request: Request, args: Mapping[str, Any]) -> "WSGIApplication":
        chain = self.link()
        request.environ[_PENDING] = _Pending(app, chain, self.handler)
        return chain[0]

    def link(self) -> tuple["WSGIApplication", ...]:
        """Build the middlewares that are not built yet. Raises LinkError."""
        return tuple(self.instances.get(use, depth) for depth, use in enumerate(self.uses))
