"""View: the class that answers, one method per verb, one instance per request."""

import inspect
import reprlib
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as WerkzeugResponse

from webzeug.app import App, options_response
from webzeug.manifest.model import Route
from webzeug.routing.urls import URLOptions
from webzeug.routing.verbs import (
    ERROR,
    WEBSOCKET,
    allowed_verbs,
    is_verb,
    refusal,
    request_verb,
)
from webzeug.wrappers import Request

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

_SHORT = reprlib.Repr()
_SHORT.maxlevel, _SHORT.maxother = 2, 100


class ViewError(TypeError):
    """A method of a View that cannot take its variables, or returns what cannot be sent."""


class View:
    """Answers requests: subclass it, and write one method per verb.

    A method named ``GET``, ``POST``, ... gets the URL's variables and the route's defaults as
    keyword arguments, and returns a Response or any other WSGI application. HEAD is answered by
    GET unless there is a HEAD; OPTIONS is answered from the verbs that there are.
    ``WEBSOCKET`` gets a WebSocket before them, and returns when it is done with it.
    """

    verbs: ClassVar[frozenset[str]] = frozenset()
    """The verbs that this class has methods for."""

    subprotocols: ClassVar[Sequence[str]] = ()
    """The subprotocols of its WebSocket, the preferred first (RFC 6455 1.9)."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.verbs = frozenset(
            name for name, _ in inspect.getmembers_static(cls, inspect.isroutine) if is_verb(name)
        )

    def __init__(self, app: App, request: Request) -> None:
        self.app = app
        self.request = request

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
        """The URL of a route: a path, or the whole URL if ``external`` or on another host.

        Variables are keyword arguments, or a mapping where a name would clash with an option.
        Raises URLError if there is no such route, or if the variables do not fit it.
        """
        values = {**(variables or {}), **more}
        options = URLOptions(query, anchor, external)
        return self.app.url_for_request(self.request.environ, name, values, options)

    @classmethod
    def handle(
        cls, app: App, request: Request, args: Mapping[str, Any], /, only: str | None = None
    ) -> "WSGIApplication":
        """Answer a request with the method of its verb; with ``only``, no other is used.

        Raises MethodNotAllowed if there is none, ViewError if it cannot take the arguments or
        returns anything but a Response or another WSGI application.
        """
        environ = request.environ
        verb: str = environ["REQUEST_METHOD"]
        # PERF: of a verb that the class has, _verb_of would say the same, but later.
        if verb not in cls.verbs or only is not None or "HTTP_UPGRADE" in environ:
            verbs = cls.verbs if only is None else cls.verbs & {only}
            verb = _verb_of(environ, verbs)
            if verb not in verbs:
                return cls._without_method(verb, verbs, request)
            if verb == WEBSOCKET:
                return cls._upgrade(app, request, args)
        method = getattr(cls(app, request), verb)
        try:
            # PERF: an empty mapping is unpacked as slowly as a full one.
            response = method(**args) if args else method()
        except TypeError as error:
            if error.__traceback__ is None or error.__traceback__.tb_next is not None:
                raise  # it comes from inside the method
            names = ", ".join(args)
            message = f"{full_name(cls)}.{verb} cannot be called with ({names}): {error}"
            raise ViewError(message) from None
        if isinstance(response, WerkzeugResponse):
            return response
        return cls._checked(verb, response)

    @classmethod
    def handle_error(cls, app: App, request: Request, error: HTTPException, /) -> "WSGIApplication":
        """The page of an error, from the method ``ERROR(self, error)``. ViewError without one."""
        method = getattr(cls(app, request), ERROR, None)
        if method is None:
            raise ViewError(lacks_error(cls))
        return cls._checked(ERROR, method(error))

    @classmethod
    def _checked(cls, method: str, response: Any) -> "WSGIApplication":
        if isinstance(response, HTTPException):
            raise response
        # A class can be called as well, but makes an instance of itself, not an answer.
        if not callable(response) or isinstance(response, type):
            raise ViewError(
                f"{full_name(cls)}.{method} returned {_SHORT.repr(response)}, which is neither "
                f"a Response nor a WSGI application{_advice(response)}"
            )
        return response  # type: ignore[no-any-return]

    @classmethod
    def _without_method(
        cls, verb: str, verbs: Iterable[str], request: Request
    ) -> "WSGIApplication":
        route: Route | None = request.environ.get("webzeug.route")
        claimed = route.methods if route is not None else None
        verbs = [v for v in verbs if claimed is None or v in claimed]
        if verb == "OPTIONS":
            return options_response(allowed_verbs(verbs))
        raise refusal(verb, verbs)

    @classmethod
    def _upgrade(cls, app: App, request: Request, args: Mapping[str, Any]) -> "WSGIApplication":
        from webzeug.websocket.upgrade import Upgrade

        method = getattr(cls(app, request), WEBSOCKET)
        try:
            inspect.signature(method).bind(None, **args)
        except TypeError as error:
            names = ", ".join(("ws", *args))
            message = f"{full_name(cls)}.{WEBSOCKET} cannot be called with ({names}): {error}"
            raise ViewError(message) from None
        options = app.serving(request.environ).websocket
        return Upgrade(method, args, options, cls.subprotocols, app.draining)


def _verb_of(environ: "WSGIEnvironment", verbs: frozenset[str]) -> str:
    """The verb of a request; GET for a HEAD that there is no method for."""
    verb = request_verb(environ)
    return "GET" if verb == "HEAD" and verb not in verbs else verb


def _advice(response: object) -> str:
    """What the author probably meant."""
    match response:
        case None:
            return ": is a `return` missing?"
        case str() | bytes():
            return ": write Response(...)"
        case dict() | list():
            return ": write json_response(...)"
        case Coroutine():
            response.close()  # it will not be awaited, and needs no warning that it was not
            return ": the method must not be `async`"
        case _:
            return ""


def full_name(view: type[View]) -> str:
    """``package.module.Class``."""
    return f"{view.__module__}.{view.__qualname__}"


def lacks_error(view: type[View]) -> str:
    """What is wrong with a View class that shall write an error's page and cannot."""
    return f"{full_name(view)} has no method ERROR(self, error), which writes the error's page"
