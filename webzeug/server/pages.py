"""Pages for the developer's browser, as the server asks for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from webzeug.app import App
from webzeug.server.breakage import Problem

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Who opens a page.

    With ``state``, the page waits for another one, and reloads itself then. ``visitor`` is the
    reference (RFC 3986 4.2) to what everybody else gets.
    """

    state: str | None
    visitor: str


class Pages(Protocol):
    """Writes pages in HTML, for an Onlooker. ``fields`` are header fields of each of them."""

    @property
    def fields(self) -> Sequence[tuple[str, str]]: ...

    def broken(
        self, problems: Sequence[Problem], *, state: str | None, visitor: str, has_app: bool
    ) -> str:
        """What is wrong on disk; ``has_app``: everybody else gets an answer nevertheless."""
        ...

    def missed(
        self, app: App, environ: "WSGIEnvironment", status: int, *, state: str | None, visitor: str
    ) -> str | None:
        """Why no route has answered; None if one has, with a 404 or 405 of its own."""
        ...

    def failed(
        self,
        app: App,
        environ: "WSGIEnvironment",
        error: Exception,
        *,
        state: str | None,
        visitor: str,
    ) -> str:
        """Where the application has raised an exception."""
        ...

    def traceback(self, error: Exception) -> str:
        """The same as text."""
        ...
