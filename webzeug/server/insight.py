"""What the developer sees in the place of what a visitor would: what is wrong, and why.

It stands around the App of ``serve --dev``. Whoever may not be told gets what the App answers,
octet for octet, and so does everybody where nothing is wrong.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from webzeug.app import App
from webzeug.server.attempt import TEXT, Attempt, send
from webzeug.server.audience import (
    STATE,
    as_visitor,
    asks_as_visitor,
    awaits_change,
    is_navigation,
    may_be_told,
)
from webzeug.server.breakage import Breakage
from webzeug.server.pages import Onlooker, Pages
from webzeug.wrappers import UNLOGGED

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PATIENCE = 10.0
"""Seconds after which a page that waits is told that nothing has changed, if it is still there."""

RETRY = 2.0
"""The same while there is no application: each time, its resources are tried again."""

_UNAVAILABLE = "503 Service Unavailable"
_UNSAID = "the application cannot be served as it is now; the terminal says why\n"


class Insight:
    """Answers for an App. ``is_on``: the server listens where only this machine can connect."""

    def __init__(self, breakage: Breakage, pages: Pages) -> None:
        self.is_on = False
        self._breakage = breakage
        self._pages = pages

    def respond(
        self, app: App | None, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer a request as PEP 3333 has it; there may be no App."""
        if not (self.is_on and may_be_told(environ)):
            if app is not None:
                return app(environ, start_response)
            return send(environ, start_response, _UNAVAILABLE, [TEXT], _UNSAID)
        if awaits_change(environ):
            return self._wait(environ, start_response, PATIENCE if app is not None else RETRY)
        onlooker = self._onlooker(environ)
        if app is None:
            return self._broken(environ, start_response, onlooker, has_app=False)
        if onlooker is not None and asks_as_visitor(environ):
            return app(environ, start_response)
        if onlooker is not None and onlooker.state is not None and self._breakage.problems:
            return self._broken(environ, start_response, onlooker, has_app=True)
        return Attempt(app, environ, start_response, self._pages, onlooker).respond()

    def _onlooker(self, environ: "WSGIEnvironment") -> Onlooker | None:
        """Whoever opens a page. A form that was sent is not sent once more without being asked."""
        if not is_navigation(environ):
            return None
        can_be_repeated = environ["REQUEST_METHOD"] in ("GET", "HEAD")
        state = self._breakage.state if can_be_repeated else None
        return Onlooker(state, f"?{as_visitor(environ)}")

    def _wait(
        self, environ: "WSGIEnvironment", start_response: "StartResponse", timeout: float
    ) -> Iterable[bytes]:
        """200 if the state is not the one that If-None-Match names, else 304 (RFC 9110 13.1.2)."""
        environ[UNLOGGED] = True
        known = environ.get("HTTP_IF_NONE_MATCH", "").strip('"')
        state = self._breakage.wait(known, timeout)
        tag = ("ETag", f'"{state}"')
        if state == known:
            start_response("304 Not Modified", [tag, ("Cache-Control", "no-store")])
            return ()
        return send(environ, start_response, "200 OK", [tag, ("Content-Type", STATE)], state)

    def _broken(
        self,
        environ: "WSGIEnvironment",
        start_response: "StartResponse",
        onlooker: Onlooker | None,
        *,
        has_app: bool,
    ) -> Iterable[bytes]:
        problems = self._breakage.problems
        if onlooker is None:
            body = "\n".join(problem["text"] for problem in problems) or _UNSAID
            return send(environ, start_response, _UNAVAILABLE, [TEXT], body)
        state, visitor = onlooker.state, onlooker.visitor
        body = self._pages.broken(problems, state=state, visitor=visitor, has_app=has_app)
        return send(environ, start_response, _UNAVAILABLE, self._pages.fields, body)
