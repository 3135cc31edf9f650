"""App: the WSGI callable. It holds a route table, config and resources, and answers requests."""

import logging
import sys
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self

from werkzeug.exceptions import (
    HTTPException,
    InternalServerError,
    MethodNotAllowed,
)
from werkzeug.test import Client

from webzeug.config import Config, freeze
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

Handler = Callable[["App", Request, Mapping[str, Any]], "WSGIApplication"]
"""Answers a matched request: gets the app, the request and the URL's variables."""

ErrorHandler = Callable[["App", Request, HTTPException], "WSGIApplication"]
"""Writes the page of an error."""

Middleware = Callable[["WSGIApplication"], "WSGIApplication"]
"""Wraps a WSGI application in another."""


class Handles(Protocol):
    """A View class, as the App sees it."""

    def handle(self, app: "App", request: Request, args: Mapping[str, Any], /) -> "WSGIApplication":
        """Answer a request."""
        ...


class App:
    """A WSGI application (PEP 3333) over a route table.

    ``routes`` are (pattern, name, View class) triples, or a compiled table. ``middleware`` wraps
    the whole, the first outermost. ``resources`` maps names to callables that get the App and
    return what ``app.resources`` shall hold; they are called in order by ``open``, or before the
    first request. ``errors`` maps a status to what writes its page.

    Raises ValueError for a pattern that cannot be compiled.
    """

    def __init__(
        self,
        routes: Iterable[tuple[str, str | None, Handles]] | RouteTable[Handler] = (),
        *,
        config: Mapping[str, Any] | None = None,
        middleware: Sequence[Middleware] = (),
        resources: Mapping[str, Callable[["App"], Any]] | None = None,
        errors: Mapping[int, ErrorHandler] | None = None,
        propagate_errors: bool = False,
        development: bool = False,
    ) -> None:
        self.table: RouteTable[Handler] = (
            routes
            if isinstance(routes, RouteTable)
            else table_of_triples((pattern, name, view.handle) for pattern, name, view in routes)
        )
        self.config: Config = freeze(config or {})
        self.resources = Resources()
        self.errors: Mapping[int, ErrorHandler] = dict(errors or {})
        self.propagate_errors = propagate_errors
        self.development = development
        self._openers = dict(resources or {})
        self._middleware = tuple(middleware)
        self._entry: WSGIApplication | None = None
        self._opening = threading.Lock()
        self._is_closed = False

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
                    self._entry = self._wrapped()
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
        if self._is_closed:
            raise RuntimeError("this App is closed: open() it, or use it inside its `with` block")
        self.open()
        assert self._entry is not None
        return self._entry

    def _wrapped(self) -> "WSGIApplication":
        entry: WSGIApplication = self._dispatch
        for wrap in reversed(self._middleware):
            entry = wrap(entry)
        return entry

    def _dispatch(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """The innermost WSGI application: match, then let the route's handler answer."""
        table = self.table
        try:
            match = table.match(environ)
        except HTTPException as error:
            return self._unmatched(error, environ)(environ, start_response)
        environ["webzeug.route"] = match.route
        environ["webzeug.args"] = match.args
        try:
            answer = self.answer(match.handler, environ, match.args)
            return answer(environ, start_response)
        except HTTPException as error:
            return self.error_page(error, environ)(environ, start_response)

    def answer(
        self, handler: Handler, environ: "WSGIEnvironment", args: Mapping[str, Any]
    ) -> "WSGIApplication":
        """What a handler answers; an HTTPException, raised or returned, becomes its page."""
        try:
            response = handler(self, Request(environ), args)
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
        page = handler(self, Request(environ), error)
        if isinstance(page, Response):
            if page.status_code == 200 and error.code is not None:
                page.status_code = error.code
            for name, value in error.get_headers(environ):
                if name.lower() != "content-type" and name not in page.headers:
                    page.headers.add(name, value)
        return page

    def _server_error(
        self, error: Exception, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        exc_info = sys.exc_info()
        method, path = environ.get("REQUEST_METHOD", ""), environ.get("PATH_INFO", "")
        log.error("%.100r %.1000r failed", method, path, exc_info=exc_info)
        wrapped = InternalServerError(original_exception=error)
        try:
            page = self.error_page(wrapped, environ)
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
        base = base_of_matching(self.table.matching)
        return self.build(
            base, name, {**(variables or {}), **more}, URLOptions(query, anchor, external)
        )

    def url_for_request(
        self, environ: "WSGIEnvironment", name: str, values: Mapping[str, Any], options: URLOptions
    ) -> str:
        """The URL of a route, relative to a request's host and mount point."""
        return self.build(base_of_request(environ), name, values, options)

    def build(self, base: Base, name: str, values: Mapping[str, Any], options: URLOptions) -> str:
        """Build a URL; in development, also check that it leads back to the same name."""
        url = build_url(self.table, base, name, values, options)
        if self.development:
            check_url(self.table, base, name, url)
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
