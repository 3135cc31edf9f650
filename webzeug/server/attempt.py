"""One request in development: the App answers it, or what it would answer is explained."""

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import HTTPException
from werkzeug.wsgi import ClosingIterator

from webzeug.app import App
from webzeug.error_pages import FAILURE, log_failure
from webzeug.server.audience import is_of_another_site
from webzeug.server.pages import Onlooker, Pages

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

Fields = list[tuple[str, str]]

TEXT = ("Content-Type", "text/plain; charset=utf-8")

_EXPLAINED = ("404", "405", "500")
_KEPT = ("allow", "access-control-")


class Attempt:
    """An answer of an App on its way to a client who may be told what is behind it.

    ``onlooker`` is None where the client is a program: it gets a traceback as text, and any other
    answer as it is.
    """

    def __init__(
        self,
        app: App,
        environ: "WSGIEnvironment",
        start_response: "StartResponse",
        pages: Pages,
        onlooker: Onlooker | None,
    ) -> None:
        self._app = app
        self._environ = environ
        self._start_response = start_response
        self._pages = pages
        self._onlooker = onlooker
        self._held: tuple[str, Fields, Any] | None = None
        self._writer: Any = None
        self._has_begun = False

    def respond(self) -> Iterable[bytes]:
        """Let the App answer; the result is as PEP 3333 has it."""
        result = self._app(self._environ, self._start)
        explained = self._explained()
        if explained is not None:
            _close(result)
            return explained
        self._release()
        if isinstance(result, (list, tuple)):
            return result
        return ClosingIterator(self._blocks(result), [lambda: _close(result)])

    def _start(self, status: str, fields: Fields, exc_info: Any = None) -> Any:
        """What the App begins its answer with; what may have to be explained is held back."""
        self._held = status, fields, exc_info
        if self._has_begun or not status.startswith(_EXPLAINED):
            self._release()
        return self._write

    def _write(self, data: bytes) -> None:
        self._release()
        self._has_begun = True
        self._writer(data)

    def _release(self) -> None:
        """Begin the answer that was held back, if there is one."""
        if self._held is not None:
            held, self._held = self._held, None
            self._writer = self._start_response(*held)

    def _blocks(self, result: Iterable[bytes]) -> Iterator[bytes]:
        """The blocks of a body; what happens before the first of them can still be explained."""
        try:
            for block in result:
                explained = self._explained()
                if explained is not None:
                    yield from explained
                    return
                self._release()
                self._has_begun = self._has_begun or bool(block)
                yield block
        except Exception as error:
            if self._has_begun or isinstance(error, HTTPException):
                raise
            explained = self._failed(error, (), sys.exc_info())
            if explained is None:
                raise
            log_failure(error, self._environ)
            yield from explained
        self._release()

    def _explained(self) -> Iterable[bytes] | None:
        """What stands in the place of the answer that is held back, if something does."""
        if self._held is None:
            return None
        status, fields, exc_info = self._held
        if not status.startswith("500"):
            return self._missed(status, fields, exc_info)
        error = self._environ.get(FAILURE)
        return None if error is None else self._failed(error, fields, exc_info)

    def _missed(
        self, status: str, fields: Iterable[tuple[str, str]], exc_info: Any
    ) -> Iterable[bytes] | None:
        looks = self._onlooker
        if looks is None:
            return None
        code = int(status[:3])
        body = self._pages.missed(
            self._app, self._environ, code, state=looks.state, visitor=looks.visitor
        )
        return None if body is None else self._send(status, fields, body, exc_info)

    def _failed(
        self, error: Exception, fields: Iterable[tuple[str, str]], exc_info: Any
    ) -> Iterable[bytes] | None:
        if is_of_another_site(self._environ):
            return None
        looks = self._onlooker
        if looks is None:
            body = self._pages.traceback(error)
        else:
            body = self._pages.failed(
                self._app, self._environ, error, state=looks.state, visitor=looks.visitor
            )
        return self._send("500 Internal Server Error", fields, body, exc_info)

    def _send(
        self, status: str, fields: Iterable[tuple[str, str]], body: str, exc_info: Any
    ) -> Iterable[bytes]:
        self._held = None
        kept = [field for field in fields if field[0].lower().startswith(_KEPT)]
        own = [TEXT] if self._onlooker is None else self._pages.fields
        return send(
            self._environ, self._start_response, status, [*own, *kept], body, exc_info=exc_info
        )


def send(
    environ: "WSGIEnvironment",
    start_response: "StartResponse",
    status: str,
    fields: Iterable[tuple[str, str]],
    text: str,
    *,
    exc_info: Any = None,
) -> Iterable[bytes]:
    """Answer with a text that nobody keeps; HEAD without its length, as the text may be another."""
    body = text.encode(errors="replace")
    common = ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")
    is_head = environ["REQUEST_METHOD"] == "HEAD"
    length = [] if is_head else [("Content-Length", str(len(body)))]
    start_response(status, [*fields, *common, *length], exc_info)
    return () if is_head else (body,)


def _close(result: Iterable[bytes]) -> None:
    close = getattr(result, "close", None)
    if close is not None:
        close()
