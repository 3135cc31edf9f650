"""The pages of ``serve --dev``, as the server asks for them."""

import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from webzeug.app import App
from webzeug.codebase import Codebase
from webzeug.codebase.behind import Behind
from webzeug.manifest.model import Route
from webzeug.reporting.excerpts import cut_sentence
from webzeug.reporting.following import counted
from webzeug.reporting.pages.failure import failure, traceback_text
from webzeug.reporting.pages.page import FIELDS, Page, code, lines, plain, sentence
from webzeug.reporting.pages.routes import near_misses, summary, table
from webzeug.routing.explaining import Step, explain, question_of_environ
from webzeug.tracebacks import described

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_LEAD = Markup('<p class="lead">{}</p>')
_VISITOR = Markup('<p><a href="{}">{}</a></p>')
_OTHERS_GET = Markup(
    '<p class="lead">Everybody else gets <a href="{}">the last state that could be served</a>.</p>'
)
_TERMINAL = Markup("The terminal shows the same.")
_BECAUSE = Markup('<p class="lead">Because {}.</p>')
_ALLOWED = Markup("<p>Allowed: {}</p>")
_NO_ROUTE = Markup("No route answers {}")
_NOT_FOUND = Markup("{} is not found")
_NOT_ALLOWED = Markup("{} is not allowed")
_MATCH = Markup("The terminal says the same with <code>{}</code>.")


@dataclass(frozen=True, slots=True)
class DevelopmentPages:
    """Pages for a manifest, named as it was on the command line, and its application's folder.

    ``state`` and ``visitor`` are as the server hands them on: what a page waits to be another,
    None if it shall not reload itself, and where everybody else's answer is to be seen.
    """

    manifest: str
    folder: str

    @property
    def fields(self) -> Sequence[tuple[str, str]]:
        """The header fields of each page."""
        return FIELDS

    def broken(
        self,
        problems: Sequence[Mapping[str, Any]],
        *,
        state: str | None,
        visitor: str,
        has_app: bool,
    ) -> str:
        """All problems, as ``as_problem`` makes them."""
        told = counted(problems)
        worst_first = sorted(problems, key=lambda problem: problem["severity"] != "error")
        first = f": {worst_first[0]['headline']}" if problems else ""
        if has_app:
            lead = _OTHERS_GET.format(visitor)
        else:
            lead = _LEAD.format("Until it is mended, nobody gets anything.")
        page = Page(
            title=f"{told}{first}",
            status="What is on disk cannot be served",
            heading=plain(told or "It has not been said why"),
            lead=lead,
            body=lines(Markup(problem["html"]) for problem in worst_first),
            elsewhere=_TERMINAL,
            state=state,
        )
        return str(page)

    def missed(
        self,
        app: App,
        environ: "WSGIEnvironment",
        status: int,
        *,
        state: str | None,
        visitor: str,
    ) -> str | None:
        """Why no route has answered; None if one has, or a middleware before any was asked."""
        if app.serving_key not in environ:
            return None
        serving, question = app.serving(environ), question_of_environ(environ)
        codebase = Codebase([self.folder, *sys.path])
        step = explain(serving.table, question, Behind(codebase)).steps[0]
        if step.status != status:
            return None
        request = f"{question.verb} {question.target}"
        parts = [*_reasons(step), *_route(step.route, codebase)]
        if status in serving.errors:
            parts.append(_VISITOR.format(visitor, f"Show the application's own {status} page"))
        command = self._command("match", question.verb, question.target)
        everything = self._command("match", "--all", question.verb, question.target)
        routes = table(serving.table.routes, codebase, environ.get("SCRIPT_NAME", ""))
        page = Page(
            title=f"{status}: {request}",
            status=_status(status),
            heading=_heading(step, request),
            lead=lines(parts),
            body=lines([near_misses(step, codebase, everything), routes]),
            elsewhere=_MATCH.format(plain(command)),
            state=state,
            has_filter=True,
        )
        return str(page)

    def failed(
        self,
        app: App,
        environ: "WSGIEnvironment",
        error: Exception,
        *,
        state: str | None,
        visitor: str,
    ) -> str:
        """An exception that nobody caught: the user's own calls first."""
        question = question_of_environ(environ)
        described_error = cut_sentence(described(error))
        codebase = Codebase([self.folder, *sys.path])
        parts = list(_route(environ.get("webzeug.route"), codebase))
        if 500 in app.serving(environ).errors:
            parts.append(_VISITOR.format(visitor, "Show the application's own 500 page"))
        page = Page(
            title=described_error,
            status=f"{_status(500)}: {question.verb} {question.target}",
            heading=code(described_error),
            lead=lines(parts),
            body=failure(error),
            elsewhere=_TERMINAL,
            state=state,
        )
        return str(page)

    def traceback(self, error: Exception) -> str:
        """An exception as Python prints it, from the user's code on."""
        return traceback_text(error)

    def _command(self, *words: str) -> str:
        """What to type to learn the same in a terminal."""
        command, *arguments = words
        manifest = [] if self.manifest == "routes.toml" else [self.manifest]
        return shlex.join(["webzeug", command, *manifest, *arguments])


def _status(status: int) -> str:
    return f"{status} {HTTPStatus(status).phrase}"


def _heading(step: Step, request: str) -> Markup:
    if step.outcome == "method-not-allowed":
        return _NOT_ALLOWED.format(code(request))
    return (_NO_ROUTE if step.route is None else _NOT_FOUND).format(code(request))


def _reasons(step: Step) -> Iterator[Markup]:
    """Why, and what is allowed."""
    if step.why:
        yield _BECAUSE.format(sentence(step.why))
    elif not step.near_misses:
        yield _LEAD.format("The manifest has nothing like this path.")
    if step.allowed:
        verbs = Markup(", ").join(map(code, step.allowed))
        yield _ALLOWED.format(verbs)


def _route(route: Route | None, codebase: Codebase) -> Iterator[Markup]:
    """The route that was asked."""
    if route is not None:
        yield summary(route, codebase)
