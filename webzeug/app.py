"""App: the WSGI callable. It holds a route table, config and resources, and answers requests."""

import atexit
import threading
import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self

from werkzeug.exceptions import HTTPException
from werkzeug.test import Client
from werkzeug.wrappers import Response as WerkzeugResponse
from werkzeug.wsgi import ClosingIterator

from webzeug.config import Config, freeze
from webzeug.error_pages import FAILURE, answer_error, complete, log_failure, restarting
from webzeug.manifest.model import WebSocketOptions
from webzeug.middleware import Bypass, Chain, Layer, Middleware
from webzeug.resources import Resources, open_resources
from webzeug.routing.inline import table_of_triples
from webzeug.routing.leaves import Missed
from webzeug.routing.table import RouteTable
from webzeug.routing.urls import (
    Base,
    URLOptions,
    base_of_matching,
    base_of_request,
    build_url,
    check_url,
)
from webzeug.routing.verbs import WrongVerb, refusal, request_verb
from webzeug.wrappers import Request, Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Handler = Callable[["App", Request, Mapping[str, Any]], "WSGIApplication"]
"""Answers a matched request: gets the app, the request and the URL's variables."""

ErrorHandler = Callable[["App", Request, HTTPException], "WSGIApplication"]
"""Writes the page of an error."""


class Handles(Protocol):
    """A View class, as the App sees it."""

    def handle(self, app: "App", request: Request, args: Mapping[str, Any], /) -> "WSGIApplication":
        """Answer a request."""
        ...


class HandlesErrors(Protocol):
    """A View class with a method ERROR, as the App sees it."""

    def handle_error(
        self, app: "App", request: Request, error: HTTPException, /
    ) -> "WSGIApplication":
        """Write the page of an error."""
        ...


# PERF: calling the class takes twice as long, to the same effect.
_new = object.__new__


@dataclass(frozen=True, slots=True)
class Parts:
    """What a swap replaces, all at once: the table, its error pages, the middlewares around it.

    ``layers`` gives the middlewares, the first outermost; it is called when the App opens.
    ``probes`` are paths that go past them. ``digest`` identifies the files that it was made of.
    """

    table: RouteTable[Handler]
    errors: Mapping[int, ErrorHandler] = field(default_factory=dict)
    layers: Callable[[], Sequence[Layer]] = tuple
    probes: frozenset[str] = frozenset()
    digest: str = ""
    websocket: WebSocketOptions = WebSocketOptions()  # noqa: RUF009  # it is frozen


@dataclass(frozen=True, slots=True)
class Serving:
    """The parts that a request is answered with, from its match to its error page.

    A request keeps the ones that it began with, whatever is swapped in meanwhile.
    """

    app: "App"
    key: str
    """What the parts of an App are under in the environ, for it alone."""

    table: RouteTable[Handler]
    errors: Mapping[int, ErrorHandler]
    websocket: WebSocketOptions

    def respond(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """The innermost WSGI application: match, then let the route's handler answer."""
        environ[self.key] = self
        try:
            found = self.table.fast_path.find(environ)
            if not isinstance(found, tuple):
                return self._respond_otherwise(found, environ, start_response)
        except HTTPException as error:
            return self._unmatched(error, environ)(environ, start_response)
        # PERF: as in _respond_otherwise, without the calls in between and what only mounts need.
        leaf, args = found
        environ["webzeug.route"] = leaf.route
        environ["webzeug.args"] = args
        request = _new(Request)
        request.environ = environ
        try:
            try:
                response = leaf.handler(self.app, request, args)
            except HTTPException as error:
                response = self.error_page(error, environ)
            if "CONTENT_TYPE" in environ and "files" in vars(request):
                response = closing(response, request)
            return response(environ, start_response)
        except HTTPException as error:
            return self.error_page(error, environ)(environ, restarting(start_response))

    def _respond_otherwise(
        self,
        missed: Missed,
        environ: "WSGIEnvironment",
        start_response: "StartResponse",
    ) -> Iterable[bytes]:
        """Let the Map or a mount decide, where the fast path has found nothing, or not decided."""
        try:
            match = self.table.match_other(environ, missed)
        except HTTPException as error:
            return self._unmatched(error, environ)(environ, start_response)
        environ["webzeug.route"] = match.route
        environ["webzeug.args"] = match.args
        inside = {**environ, **match.moved} if match.moved else environ
        try:
            return self.answer(match.handler, inside, match.args)(inside, start_response)
        except HTTPException as error:
            # A group's middleware or a mounted application raised it.
            return self.error_page(error, environ)(environ, restarting(start_response))

    def answer(
        self, handler: Handler, environ: "WSGIEnvironment", args: Mapping[str, Any]
    ) -> "WSGIApplication":
        """What a handler answers; an HTTPException becomes its page.

        Uploaded files are closed with the response.
        """
        request = Request(environ, populate_request=False)
        try:
            response = handler(self.app, request, args)
        except HTTPException as error:
            response = self.error_page(error, environ)
        return closing(response, request) if "files" in vars(request) else response

    def _unmatched(self, error: HTTPException, environ: "WSGIEnvironment") -> "WSGIApplication":
        """The answer where no route took the request, OPTIONS (RFC 9110 9.3.7) included."""
        if isinstance(error, WrongVerb):
            verb = request_verb(environ)
            if verb == "OPTIONS":
                return options_response(error.valid_methods or ())
            error = refusal(verb, error.verbs)
        return self.error_page(error, environ)

    def error_page(self, error: HTTPException, environ: "WSGIEnvironment") -> "WSGIApplication":
        """The response for an error: its own, the page from ``errors``, or Werkzeug's.

        A page keeps the error's status unless it sets one, and the header fields that belong
        to the error, such as ``Allow``. An HTTPException that the page raises is answered as
        Werkzeug does; what else it raises is not caught.
        """
        handler = self.errors.get(error.code or 0)
        if error.response is not None or handler is None:
            return error.get_response(environ)
        environ[self.key] = self
        try:
            page = handler(self.app, Request(environ), error)
        except HTTPException as failure:
            return failure.get_response(environ)
        if isinstance(page, WerkzeugResponse):
            complete(page, error, environ)
        return page


class App:
    """A WSGI application (PEP 3333) over a route table.

    ``routes`` are (pattern, name, View class) triples. ``middleware`` wraps the whole, the first
    outermost. ``resources`` maps names to callables that get the App and return what
    ``app.resources`` shall hold; they are called in order by ``open``, or before the first
    request. ``errors`` maps a status to the View class that writes its page. A manifest's App
    gets ``Parts`` instead of routes, middleware, errors and what WebSockets may.

    ``draining`` is an event that the server sets when it is about to stop: streams and WebSockets
    wait for it with ``app.draining.wait(seconds)``, and end. In a process that gevent has patched
    it is one of gevent's. ``generation`` counts the tables that were swapped in, from 1.

    Raises ValueError for a pattern that cannot be compiled.
    """

    def __init__(
        self,
        routes: Iterable[tuple[str, str | None, Handles]] | Parts = (),
        *,
        config: Mapping[str, Any] | None = None,
        middleware: Sequence[Middleware] = (),
        resources: Mapping[str, Callable[["App"], Any]] | None = None,
        errors: Mapping[int, HandlesErrors] | None = None,
        websocket: WebSocketOptions = WebSocketOptions(),  # noqa: B008  # it is frozen
        propagate_errors: bool = False,
        development: bool = False,
    ) -> None:
        if not isinstance(routes, Parts):
            triples = ((pattern, name, view.handle) for pattern, name, view in routes)
            pages = {code: page.handle_error for code, page in (errors or {}).items()}
            layers = partial(_build_all, tuple(middleware))
            table = table_of_triples(triples)
            routes = Parts(table, pages, layers, websocket=websocket)
        self.config: Config = freeze(config or {})
        self.resources = Resources()
        self.draining = threading.Event()
        self.generation = 1
        self.propagate_errors = propagate_errors
        self.development = development
        self.serving_key = f"webzeug.serving.{id(self):x}"
        self._parts = routes
        self._openers = dict(resources or {})
        self._opened = ExitStack()
        self._entry: tuple[WSGIApplication, Serving] | None = None
        self._opening = threading.RLock()
        self._is_closed = False

    @property
    def table(self) -> RouteTable[Handler]:
        """The table that the next request is matched with."""
        return self._parts.table

    @property
    def digest(self) -> str:
        """The first 12 hexadecimal digits of the SHA-256 of the manifest's files; else empty."""
        return self._parts.digest

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer one request. What nobody caught becomes the page of status 500, and is logged."""
        serving = None
        try:
            entry, serving = self._entry or self._open_for_requests()
            return entry(environ, start_response)
        except Exception as error:
            is_failure = not isinstance(error, HTTPException)
            if is_failure and (self.propagate_errors or environ.get("x-wsgiorg.throw_errors")):
                raise
            if is_failure:
                environ[FAILURE] = error
            page_of = (serving or self._serving(self._parts)).error_page
            answer = answer_error(error, page_of, environ, restarting(start_response))
            # Where an answer had begun, the server has got the exception back, and logs it.
            if is_failure:
                log_failure(error, environ)
            return answer

    def open(self) -> None:
        """Open the resources and build the middlewares; a no-op if that is done.

        Raises ResourceError if one fails; those before it are closed again.
        """
        with self._opening:
            if self._entry is None:
                with open_resources(self.resources, self._openers, self) as opened:
                    self._entry = self._entry_of(self._parts)
                    self._opened = opened.pop_all()

    def close(self) -> None:
        """Close the resources, the last opened first; a no-op if none are open.

        Raises ResourceError, after all have been closed, if one fails.
        """
        with self._opening:
            self._entry = None
            self._is_closed = True
            self._opened.close()

    def swap(self, parts: Parts) -> None:
        """Answer all further requests with other parts; those under way keep theirs.

        If building a middleware raises, nothing changes.
        """
        with self._opening:
            entry = self._entry_of(parts) if self._entry is not None else None
            self._parts, self._entry = parts, entry
            self.generation += 1

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

    def _open_for_requests(self) -> "tuple[WSGIApplication, Serving]":
        with self._opening:
            if self._is_closed:
                message = "this App is closed: open() it, or use it inside its `with` block"
                raise RuntimeError(message)
            self.open()
            assert self._entry is not None
            # A server that only calls us never says that it is over.
            atexit.register(_close_if_there, weakref.ref(self))
            return self._entry

    def _serving(self, parts: Parts) -> Serving:
        return Serving(self, self.serving_key, parts.table, parts.errors, parts.websocket)

    def _entry_of(self, parts: Parts) -> "tuple[WSGIApplication, Serving]":
        """What requests enter by, and what it leads to."""
        layers, serving = parts.layers(), self._serving(parts)
        if not layers:
            return serving.respond, serving
        chain = Chain.of(layers, serving.respond)
        if not parts.probes:
            return chain, serving
        return Bypass(parts.probes, serving.respond, chain), serving

    def serving(self, environ: "WSGIEnvironment") -> Serving:
        """The parts that a request is being answered with; for any other environ, the present."""
        serving: Serving | None = environ.get(self.serving_key)
        return serving or self._serving(self._parts)

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
        table = self.serving(environ).table
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
        """Werkzeug's test client for this App; a View that fails gives the page of status 500."""

        def without_exc_info(
            environ: "WSGIEnvironment", start_response: "StartResponse"
        ) -> Iterable[bytes]:
            # Werkzeug's client would raise what it finds there; `propagate_errors` is for that.
            return self(environ, lambda status, headers, _=None: start_response(status, headers))

        return Client(without_exc_info, Response)


def _close_if_there(reference: "weakref.ref[App]") -> None:
    app = reference()
    if app is not None:
        app.close()


def _build_all(middlewares: Iterable[Middleware]) -> list[Layer]:
    return [Layer.of(middleware) for middleware in middlewares]


def closing(wsgi: "WSGIApplication", request: Request) -> "WSGIApplication":
    """A WSGI application that closes a request when its answer is closed."""

    def wrapped(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        return ClosingIterator(wsgi(environ, start_response), request.close)

    return wrapped


def options_response(allowed: Iterable[str]) -> Response:
    """The answer to OPTIONS: no content, and what is allowed."""
    return Response(status=204, headers={"Allow": ", ".join(allowed)})
