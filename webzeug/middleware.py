"""Middleware: plain WSGI wrappers (PEP 3333), one inside the other, each built once.

What a wrapper wraps is looked up in the environ of each request. So one instance can stand in
many chains, and outlives a swap of the table that it leads to.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Middleware = Callable[["WSGIApplication"], "WSGIApplication"]
"""Wraps a WSGI application in another."""


class Inner:
    """What a wrapper gets to wrap: it passes a request on to what follows in its chain.

    It may be called more than once, as a middleware that retries would.
    """

    __slots__ = ("key",)

    def __init__(self) -> None:
        self.key = f"webzeug.next.{id(self):x}"

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        following: WSGIApplication = environ[self.key]
        return following(environ, start_response)


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """A built middleware: the wrapper, and the place inside it."""

    wsgi: "WSGIApplication"
    inner: Inner

    @classmethod
    def of(cls, middleware: Middleware) -> Self:
        """Build a middleware; what it raises is not caught.

        Raises TypeError if it returns anything but a WSGI application.
        """
        inner = Inner()
        wsgi = middleware(inner)
        if not callable(wsgi):
            raise TypeError(f"a middleware must return a WSGI application, not {wsgi!r}")
        return cls(wsgi, inner)


@dataclass(frozen=True, slots=True)
class Chain:
    """Layers, the first outermost, around an application."""

    first: "WSGIApplication"
    links: "dict[str, WSGIApplication]"

    @classmethod
    def of(cls, layers: Sequence[Layer], last: "WSGIApplication") -> Self:
        """A chain of at least one layer."""
        following = [*(layer.wsgi for layer in layers[1:]), last]
        inner = (layer.inner.key for layer in layers)
        return cls(layers[0].wsgi, dict(zip(inner, following, strict=True)))

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        environ.update(self.links)
        return self.first(environ, start_response)


@dataclass(frozen=True, slots=True)
class Bypass:
    """A way past a chain for some paths: what looks after the process needs no middleware."""

    paths: frozenset[str]
    inside: "WSGIApplication"
    chain: "WSGIApplication"

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        wsgi = self.inside if environ.get("PATH_INFO") in self.paths else self.chain
        return wsgi(environ, start_response)
