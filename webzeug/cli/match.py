"""``webzeug match``: which route answers a request, and why no other does."""

import sys
from typing import TYPE_CHECKING

import click

from webzeug.cli.options import (
    COULD_NOT_RUN,
    FOUND_PROBLEMS,
    app_dir_option,
    print_diagnostics,
    set_option,
    style_of,
)

if TYPE_CHECKING:
    from webzeug.manifest.model import Manifest
    from webzeug.routing.explaining import Question


@click.command(name="match")
@click.argument("words", nargs=-1, metavar="[MANIFEST] METHOD URL")
@click.option("--all", "shows_all", is_flag=True, help="All near misses, not only the nearest.")
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How the answer is written.",
)
@set_option
@app_dir_option
def command(
    words: tuple[str, ...],
    shows_all: bool,
    output: str,
    settings: tuple[str, ...],
    app_dir: str | None,
) -> None:
    """Say which route of MANIFEST (routes.toml unless given) answers METHOD URL, and why.

    For example: webzeug match GET /people/bob

    URL is a path, perhaps with a query, or has a host as well: //api.example.com/status or
    http://api.example.com/status. Without one, the host is localhost. The METHOD of a WebSocket
    handshake is WEBSOCKET.

    Redirects are followed. Near misses are routes that might have answered, each with the
    reasons why it does not.

    Nothing of the application is imported or run. Exit code: 0 if something answers, 1 if
    nothing does, 2 if the manifest has errors or could not be read.
    """
    from webzeug.loader import Options, read

    path, question = _asked(words)
    options = Options(settings=settings, app_dir=app_dir)
    checked = read(path, options)
    if checked.manifest is None or checked.has_errors:
        print_diagnostics(checked.diagnostics)
        raise SystemExit(COULD_NOT_RUN)
    _explain(checked.manifest, question, options.folder(path), shows_all=shows_all, output=output)


def _explain(
    manifest: "Manifest", question: "Question", folder: str, *, shows_all: bool, output: str
) -> None:
    from webzeug.codebase import Codebase
    from webzeug.codebase.behind import Behind
    from webzeug.reporting import explanation as text
    from webzeug.reporting import explanation_json as json
    from webzeug.routing.explaining import NEAREST, explain
    from webzeug.routing.standins import compile_without_code

    codebase = Codebase([folder, *sys.path])
    table = compile_without_code(manifest).table
    limit = None if shows_all else NEAREST
    explanation = explain(table, question, Behind(codebase), limit)
    report = text.Report(explanation, manifest, codebase)
    style = style_of(sys.stdout)
    written = json.render(report) if output == "json" else text.text(report, style)
    click.echo(written, nl=False, color=style.color)
    if not explanation.is_answered:
        raise SystemExit(FOUND_PROBLEMS)


def _asked(words: tuple[str, ...]) -> "tuple[str, Question]":
    """The manifest's path, and the question. Raises UsageError."""
    from webzeug.routing.explaining import question_of_url

    match words:
        case (manifest, method, url):
            pass
        case (method, url):
            manifest = "routes.toml"
        case _:
            raise click.UsageError("say a method and a URL: webzeug match GET /people/bob")
    if "/" in method or method.endswith(".toml"):
        raise click.UsageError(f"say a method: webzeug match {method} GET {url}")
    try:
        return manifest, question_of_url(method, url)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
