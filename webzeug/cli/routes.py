"""``webzeug routes``: the whole table, without importing the application."""

import sys

import click

from webzeug.cli.options import (
    COULD_NOT_RUN,
    FOUND_PROBLEMS,
    app_dir_option,
    manifest_argument,
    print_diagnostics,
    style_of,
)


@click.command(name="routes")
@manifest_argument
@click.option("--path", metavar="TEXT", help="Only paths with this text, or that fit a glob (*).")
@click.option("--name", metavar="TEXT", help="Only names with this text, or that fit a glob.")
@click.option("--view", metavar="TEXT", help="Only Views with this text, or that fit a glob.")
@click.option("--host", metavar="TEXT", help="Only hosts with this text, or that fit a glob.")
@click.option("--method", metavar="VERB", help="Only routes that take this verb.")
@click.option("--tag", metavar="TAG", help="Only routes with this tag.")
@click.option(
    "--sort",
    type=click.Choice(["file", "path", "name", "view"]),
    default="file",
    show_default=True,
    help="The order of the rows.",
)
@click.option(
    "--format",
    "output",
    type=click.Choice(["table", "tree", "json", "csv", "markdown"]),
    default="table",
    show_default=True,
    help="How the rows are written.",
)
@app_dir_option
def command(
    manifest: str, sort: str, output: str, app_dir: str | None, **filters: str | None
) -> None:
    """List the routes of MANIFEST (routes.toml unless given).

    SOURCE is where the View is defined, DECLARED where the route stands. VERBS are those that
    the manifest names or that the View's source shows; ANY if neither tells.
    """
    from webzeug.codebase import Codebase
    from webzeug.loader import Options, read
    from webzeug.reporting.listing import Filters, rows, selected
    from webzeug.reporting.tables import FORMATS

    options = Options(app_dir=app_dir)
    checked = read(manifest, options)
    print_diagnostics(checked.diagnostics)
    if checked.manifest is None:
        raise SystemExit(COULD_NOT_RUN)
    codebase = Codebase([options.folder(manifest), *sys.path])
    listed = selected(rows(checked.manifest, codebase), Filters(**filters), sort)
    style = style_of(sys.stdout)
    click.echo(FORMATS[output](listed, style), nl=False, color=style.color)
    if checked.has_errors:
        raise SystemExit(FOUND_PROBLEMS)
