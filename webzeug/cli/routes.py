"""``webzeug routes``: the whole table, without importing the application."""

import sys

import click

from webzeug.cli.options import (
    COULD_NOT_RUN,
    FOUND_PROBLEMS,
    app_dir_option,
    manifest_argument,
    print_diagnostics,
    set_option,
    style_of,
)


@click.command(name="routes")
@manifest_argument
@click.option("--path", metavar="TEXT", help="Only these paths.")
@click.option("--name", metavar="TEXT", help="Only these names.")
@click.option("--view", metavar="TEXT", help="Only what leads to these Views.")
@click.option("--host", metavar="TEXT", help="Only these hosts.")
@click.option("--method", metavar="VERB", help="Only what takes this verb.")
@click.option("--tag", metavar="TAG", help="Only what has this tag.")
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
@click.option("--verbose", is_flag=True, help="Also show the way that requests take there.")
@set_option
@app_dir_option
def command(
    manifest: str,
    sort: str,
    output: str,
    verbose: bool,
    settings: tuple[str, ...],
    app_dir: str | None,
    **filters: str | None,
) -> None:
    """List the routes of MANIFEST (routes.toml unless given).

    SOURCE is where the View is defined, DECLARED where the route stands. VERBS are those that
    the manifest names or that the View's source shows: ANY is every verb, ? one that cannot be
    seen in the source, - none.

    WAY (--verbose) is how a request gets to its route: exact by one look-up of its whole path,
    tree part by part, map by Werkzeug's Map, which decides what the others leave to it.

    The TEXT of a filter is a part, or a glob if it holds * or ?, such as '/api/*'.

    Nothing of the application is imported or run. Exit code: 0; 1 if the manifest has errors,
    and what is sound is listed all the same; 2 if it could not be read.
    """
    from webzeug.codebase import Codebase
    from webzeug.loader import Options, read
    from webzeug.reporting.listing import Filters, rows, selected
    from webzeug.reporting.tables import FORMATS
    from webzeug.reporting.text import count
    from webzeug.routing.standins import compile_without_code
    from webzeug.routing.ways import ways_of

    options = Options(settings=settings, app_dir=app_dir)
    checked = read(manifest, options)
    print_diagnostics(checked.diagnostics)
    if checked.manifest is None:
        raise SystemExit(COULD_NOT_RUN)
    codebase = Codebase([options.folder(manifest), *sys.path])
    ways = ways_of(compile_without_code(checked.manifest).table) if verbose else None
    everything = rows(checked.manifest, codebase, ways)
    listed = selected(everything, Filters(**filters), sort)
    style = style_of(sys.stdout)
    click.echo(FORMATS[output](listed, style), nl=False, color=style.color)
    if not listed:
        number = count(len(everything), "route")
        click.echo(f"none of {number} fits" if everything else "there are no routes", err=True)
    if checked.has_errors:
        raise SystemExit(FOUND_PROBLEMS)
