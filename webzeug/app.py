"""App: the WSGI callable. It holds a route table, config and resources, and answers requests."""

import logging
import sys
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self

from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed
from werkzeug.test import Client

from webzeug.config import Config, freeze
from webzeug.middleware import Chain, Layer, Middleware
from webzeug.resources import Resources
from webzeug.routing.inline import table_of_triples
from webzeug.routing.table import RouteTable
from webzeug.routing.urls import (
    Base,
    URLOptions,
    base_of_matching,
    base_of_request,
    build_url,
    check_url,
)
from webzeug.routing.verbs import request_verb
from webzeug.wrappers import Request, Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger("webzeug.error")

_SERVING = "webzeug.serving"

Handler = Callable[["App", Request, Mapping[str, Any]], "WSGIApplication"]
"""Answers a matched request: gets the app, the request and the URL's variables."""

ErrorHandler = Callable[["App", Request, HTTPException], "WSGIApplication"]
"""Writes the page of an error."""


class Handles(Protocol):
    """A View class, as the App sees it."""

    def handle(self, app: "App", request: Request, args: Mapping[str, Any], /) -> "WSGIApplication":
        """Answer a request."""
        ...


@dataclass(frozen=True, slots=True)
class Parts:
    """What a swap replaces, all at once: the table, its error pages, the middlewares around it.

    ``layers`` gives the middlewares, the first outermost; it is called when the App opens.
    """

    table: RouteTable[Handler]
    errors: Mapping[int, ErrorHandler] = field(default_factory=dict)
    layers: Callable[[], Sequence[Layer]] = tuple


@dataclass(frozen=True, slots=True)
class Serving:
    """The parts that a request is answered with, from its match to its error page.

    A request keeps the ones that it began with, whatever is swapped in meanwhile.
    """

    app: "App"
    table: RouteTable[Handler]
    errors: Mapping[int, ErrorHandler]

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """The innermost WSGI application: match, then let the route's handler answer."""
        environ[_SERVING] = self
        try:
            match = self.table.match(environ)
        except HTTPException as error:
            return self._unmatched(error, environ)(environ, start_response)
        environ["webzeug.route"] = match.route
        environ["webzeug.args"] = match.args
        try:
            answer = self.answer(match.handler, environ, match.args)
            return answer(environ, start_response)
        except HTTPException as error:
            return self.error_page(error, environ)(environ, start_response)

    @classmethod
    def of(cls, environ: "WSGIEnvironment") -> "Serving | None":
        """The parts that a request is being answered with, if it has come that far."""
        return environ.get(_SERVING)

    def answer(
        self, handler: Handler, environ: "WSGIEnvironment", args: Mapping[str, Any]
    ) -> "WSGIApplication":
        """What a handler answers; an HTTPException, raised or returned, becomes its page."""
        try:
            response = handler(self.app, Request(environ), args)
        except HTTPException as error:
            response = error
        if isinstance(response, HTTPException):
            return self.error_page(response, environ)
        return response

    def _unmatched(self, error: HTTPException, environ: "WSGIEnvironment") -> "WSGIApplication":
        """The answer where no route took the request, OPTIONS (RFC 9110 9.3.7) included."""
        if isinstance(error, MethodNotAllowed) and request_verb(environ) == "OPTIONS":
            return options_response(error.valid_methods or ())
        return self.error_page(error, environ)

    def error_page(self, error: HTTPException, environ: "WSGIEnvironment") -> "WSGIApplication":
        """The response for an error: its own, the page from ``errors``, or Werkzeug's.

        A page keeps the error's status unless it sets one, and the header fields that belong
        to the error, such as ``Allow``.
        """
        handler = self.errors.get(error.code or 0)
        if error.response is not None or handler is None:
            return error.get_response(environ)
        page = handler(self.app, Request(environ), error)
        if isinstance(page, Response):
            if page.status_code == 200 and error.code is not None:
                page.status_code = error.code
            for name, value in error.get_headers(environ):
                if name.lower() != "content-type" and name not in page.headers:
                    page.headers.add(name, value)
        return page


class App:
    """A WSGI application (PEP 3333) over a route table.

    ``routes`` are (pattern, name, View class) triples. ``middleware`` wraps the whole, the first
    outermost. ``resources`` maps names to callables that get the App and return what
    ``app.resources`` shall hold; they are called in order by ``open``, or before the first
    request. ``errors`` maps a status to what writes its page. A manifest's App gets ``Parts``
    instead of routes, middleware and errors.

    Raises ValueError for a pattern that cannot be compiled.
    """

    def __init__(
        self,
        routes: Iterable[tuple[str, str | None, Handles]] | Parts = (),
        *,
        config: Mapping[str, Any] | None = None,
        middleware: Sequence[Middleware] = (),
        resources: Mapping[str, Callable[["App"], Any]] | None = None,
        errors: Mapping[int, ErrorHandler] | None = None,
        propagate_errors: bool = False,
        development: bool = False,
    ) -> None:
        if not isinstance(routes, Parts):
            triples = ((pattern, name, view.handle) for pattern, name, view in routes)
            layers = [partial(Layer.of, wrap) for wrap in middleware]
            routes = Parts(
                table_of_triples(triples), dict(errors or {}), lambda: [build() for build in layers]
            )
        self.config: Config = freeze(config or {})
        self.resources = Resources()
        self.propagate_errors = propagate_errors
        self.development = development
        self._parts = routes
        self._openers = dict(resources or {})
        self._entry: WSGIApplication | None = None
        self._opening = threading.RLock()
        self._is_closed = False

    @property
    def table(self) -> RouteTable[Handler]:
        """The table that the next request is matched with."""
        return self._parts.table

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer one request. What nobody caught becomes the page of status 500, and is logged."""
        try:
            entry = self._entry or self._open_for_requests()
            return entry(environ, start_response)
        except Exception as error:
            if self.propagate_errors or environ.get("x-wsgiorg.throw_errors"):
                raise
            return self._server_error(error, environ, start_response)

    def open(self) -> None:
        """Open the resources and build the middlewares; a no-op if that is done.

        Raises ResourceError if one fails; those before it are closed again.
        """
        with self._opening:
            if self._entry is None:
                self.resources.open(self._openers, self)
                try:
                    self._entry = self._entry_of(self._parts)
                except BaseException:
                    self.resources.close()
                    raise
            self._is_closed = False

    def close(self) -> None:
        """Close the resources, the last opened first; a no-op if none are open."""
        with self._opening:
            self._entry = None
            self._is_closed = True
            self.resources.close()

    def swap(self, parts: Parts) -> None:
        """Answer all further requests with other parts; those under way keep theirs.

        If building a middleware raises, nothing changes.
        """
        with self._opening:
            entry = self._entry_of(parts) if self._entry is not None else None
            self._parts, self._entry = parts, entry

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _open_for_requests(self) -> "WSGIApplication":
        with self._opening:
            if self._is_closed:
                message = "this App is closed: open() it, or use it inside its `with` block"
                raise RuntimeError(message)
            self.open()
            assert self._entry is not None
            return self._entry

    def _serving(self, parts: Parts) -> Serving:
        return Serving(self, parts.table, parts.errors)

    def _entry_of(self, parts: Parts) -> "WSGIApplication":
        layers, serving = parts.layers(), self._serving(parts)
        return Chain.of(layers, serving) if layers else serving

    def _server_error(
        self, error: Exception, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        exc_info = sys.exc_info()
        method, path = environ.get("REQUEST_METHOD", ""), environ.get("PATH_INFO", "")
        log.error("%.100r %.1000r failed", method, path, exc_info=exc_info)
        wrapped = InternalServerError(original_exception=error)
        serving = Serving.of(environ)
        if serving is None or serving.app is not self:
            serving = self._serving(self._parts)
        try:
            page = serving.error_page(wrapped, environ)
        except Exception:
            log.exception("the error page of status 500 failed as well")
            page = InternalServerError().get_response(environ)

        def start_again(status: str, headers: list[tuple[str, str]], _: Any = None) -> Any:
            # With exc_info, a server replaces headers that were set but not sent (PEP 3333).
            return start_response(status, headers, exc_info)

        return page(environ, start_again)

    def url_for(
        self,
        name: str,
        variables: Mapping[str, Any] | None = None,
        /,
        *,
        query: Mapping[str, Any] | None = None,
        anchor: str | None = None,
        external: bool = False,
        **more: Any,
    ) -> str:
        """The URL of a route, outside a request; in a View, ``self.url_for`` knows the host.

        Variables are keyword arguments, or a mapping where a name would clash with an option.
        Raises URLError if there is no such route, or if the variables do not fit it.
        """
        table = self.table
        options = URLOptions(query, anchor, external)
        values = {**(variables or {}), **more}
        return self._build(table, base_of_matching(table.matching), name, values, options)

    def url_for_request(
        self, environ: "WSGIEnvironment", name: str, values: Mapping[str, Any], options: URLOptions
    ) -> str:
        """The URL of a route, relative to a request's host and mount point, from its own table."""
        serving = Serving.of(environ)
        table = serving.table if serving is not None else self.table
        return self._build(table, base_of_request(environ), name, values, options)

    def _build(
        self,
        table: RouteTable[Handler],
        base: Base,
        name: str,
        values: Mapping[str, Any],
        options: URLOptions,
    ) -> str:
        """Build a URL; in development, also check that it leads back to the same name."""
        url = build_url(table, base, name, values, options)
        if self.development:
            check_url(table, base, name, url)
        return url

    def test_client(self) -> Client:
        """Werkzeug's test client for this App."""
        return Client(self, Response)


def options_response(allowed: Iterable[str]) -> Response:
    """The answer to OPTIONS: no content, and what is allowed."""
    response = Response(status=204)
    response.headers.remove("Content-Type")
    response.headers["Allow"] = ", ".join(allowed)
    return response
