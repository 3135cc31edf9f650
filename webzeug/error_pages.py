"""How exceptions are answered: what pages have in common, and the one of status 500."""

import logging
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response as WerkzeugResponse

from webzeug.routing.octets import decoded
from webzeug.tracebacks import shown_frames
from webzeug.wrappers import REQUEST_ID

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger("webzeug.error")

FAILURE = "webzeug.failure"
"""The environ's key of an exception that nobody caught, for who wraps the App to see it."""


def complete(page: WerkzeugResponse, error: HTTPException, environ: "WSGIEnvironment") -> None:
    """Give a page its error's status, unless it has set one, and the header fields it lacks."""
    if page.status_code == 200 and error.code is not None:
        page.status_code = error.code
    own = {name.lower() for name, _ in page.headers} | {"content-type"}
    for name, value in error.get_headers(environ):
        if name.lower() not in own:
            page.headers.add(name, value)


def restarting(start_response: "StartResponse") -> "StartResponse":
    """A ``start_response`` for the answer to the exception that is being handled.

    With ``exc_info``, a server replaces header fields that were set but not sent (PEP 3333).
    """
    exc_info: Any = sys.exc_info()

    def start_again(status: str, headers: list[tuple[str, str]], _: Any = None) -> Any:
        return start_response(status, headers, exc_info)

    return start_again


def log_failure(error: Exception, environ: "WSGIEnvironment") -> None:
    """Log an exception with its traceback, from the application's own code on."""
    method, path = environ.get("REQUEST_METHOD", ""), decoded(environ.get("PATH_INFO", ""))
    exc_info = type(error), error, shown_frames(error)
    log.error("%.100r %.1000r failed%s", method, path, named(environ), exc_info=exc_info)


def named(environ: "WSGIEnvironment") -> str:
    """A request's id, as it stands at the end of a log line; empty if it has none."""
    name = environ.get(REQUEST_ID)
    return "" if name is None else f" (request {name})"


def answer_error(
    error: Exception,
    page_of: "Callable[[HTTPException, WSGIEnvironment], WSGIApplication]",
    environ: "WSGIEnvironment",
    start_response: "StartResponse",
) -> Iterable[bytes]:
    """Answer with an exception's page, or Werkzeug's page of status 500 if that fails as well."""
    if not isinstance(error, HTTPException):
        error = InternalServerError(original_exception=error)
    try:
        page = page_of(error, environ)
    except Exception:
        log.exception("the error page of status %s failed as well", error.code)
        page = InternalServerError().get_response(environ)
    return page(environ, start_response)
