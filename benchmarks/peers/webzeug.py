"""webzeug, with its table in code, and from a manifest."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

import webzeug
from benchmarks.peers.webzeug_views import Echo, Hello, Person
from benchmarks.routers import Outcome, Router, Row, environ_of, hit, patterns_of, redirect, refused
from benchmarks.wrapping import Wrapper
from webzeug.routing.leaves import ASK, SLASH
from webzeug.routing.matches import Match
from webzeug.routing.table import RouteTable

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

ROOT = str(Path(__file__).parents[2])


def from_code(middlewares: int = 0, routes: int = 0) -> "WSGIApplication":
    """The routes as triples."""
    triples: list[tuple[str, str | None, Any]] = [
        ("/", "hello", Hello),
        ("/people/<name>/", "person", Person),
        ("/echo", "echo", Echo),
        *((f"/filler/{n}/<int:id>", None, Hello) for n in range(routes)),
    ]
    return webzeug.App(triples, middleware=[Wrapper] * middlewares)


def from_manifest(middlewares: int = 0, routes: int = 0) -> "WSGIApplication":
    """The routes in a manifest, everything imported beforehand, as ``webzeug serve`` does."""
    with _written(manifest_text(middlewares, routes)) as path:
        return webzeug.load(path, environ={}, app_dir=ROOT, eager=True)


def manifest_text(middlewares: int = 0, routes: int = 0) -> str:
    """The manifest of the same application."""
    views = "benchmarks.peers.webzeug_views"
    lines = [
        *(middlewares * ("[[middleware]]", 'use = "benchmarks.wrapping.Wrapper"')),
        "[routes]",
        f'"/" = "{views}.Hello"',
        f'"/people/<name>/" = "{views}.Person"',
        f'"/echo" = "{views}.Echo"',
        *(f'"/filler/{n}/<int:id>" = "{views}.Hello"' for n in range(routes)),
    ]
    return "\n".join([*lines, ""])


def table_of(rows: Sequence[Row]) -> RouteTable[Any]:
    """The table of some rows, by way of a manifest. No View is imported."""
    with _written(manifest_of(rows)) as path:
        return webzeug.load(path, environ={}).table


def manifest_of(rows: Sequence[Row]) -> str:
    """The manifest that a person would write: rows of one pattern are a table of verbs."""
    lines = ["[routes]"]
    for pattern, sharing in patterns_of(rows).items():
        if len(sharing) == 1:
            [row] = sharing
            entry = f'view = "{_view(row)}", name = "{row.name}", methods = {list(row.methods)}'
        else:
            entry = ", ".join(
                f'{verb} = {{ view = "{_view(row)}", name = "{row.name}" }}'
                for row in sharing
                for verb in row.methods
            )
        lines.append(f'"{pattern}" = {{ {entry} }}')
    return "\n".join([*lines, ""])


def _view(row: Row) -> str:
    return f"site.views.{row.name.upper()}"


@contextmanager
def _written(text: str) -> Iterator[Path]:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        path = Path(folder) / "routes.toml"
        path.write_text(text, "utf-8")
        yield path


def deciding(rows: Sequence[Row]) -> Router:
    """As the App does it: the fast path first, and the Map where that does not decide."""
    table = table_of(rows)
    find, match_other = table.fast_path.find, table.match_other

    def ask(environ: "WSGIEnvironment") -> Any:
        found = find(environ)
        if found is not ASK and found is not SLASH:
            return found
        try:
            return match_other(environ, found)
        except HTTPException as error:
            return error

    return Router(environ_of, ask, outcome, has_redirects=True)


def matching(rows: Sequence[Row]) -> Router:
    """``RouteTable.match``, which says 404 and 405 by raising."""
    match = table_of(rows).match

    def ask(environ: "WSGIEnvironment") -> Any:
        try:
            return match(environ)
        except HTTPException as error:
            return error

    return Router(environ_of, ask, outcome, has_redirects=True)


def outcome(answer: Any) -> Outcome:
    """What an answer of the fast path, a match, or the exception in its place amounts to."""
    if isinstance(answer, RequestRedirect):
        return redirect(answer.new_url)
    if isinstance(answer, HTTPException):
        return refused(answer.code or 0)
    if isinstance(answer, frozenset):
        return refused(405 if answer else 404)
    if isinstance(answer, Match):
        return hit(answer.route.name, answer.args)
    leaf, args = answer
    return hit(leaf.route.name, args)
