"""``webzeug lint``: everything that is wrong with manifests, found without running anything."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from typing import TYPE_CHECKING

import click

from webzeug.cli.options import (
    COULD_NOT_RUN,
    FOUND_PROBLEMS,
    app_dir_option,
    config_option,
    set_option,
    style_of,
)

if TYPE_CHECKING:
    from webzeug.diagnostics import Diagnostic
    from webzeug.loader import Checked, Options


def _codes(
    context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[str, ...]:
    from webzeug.explanations import codes

    wanted = tuple(code.strip() for value in values for code in value.split(","))
    for code in wanted:
        if not (code and any(known.startswith(code) for known in codes())):
            raise click.BadParameter(f"{code!r} is neither a code (WZ210) nor its beginning (WZ2)")
    return wanted


@click.command(name="lint")
@click.argument("manifests", type=click.Path(), nargs=-1, metavar="[MANIFEST]...")
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "concise", "json", "sarif", "github"]),
    default="text",
    show_default=True,
    help="How findings are written to stdout.",
)
@click.option(
    "--select",
    multiple=True,
    metavar="CODE[,CODE]...",
    callback=_codes,
    help="Report only these codes, or those that begin so, such as WZ2.",
)
@click.option(
    "--ignore",
    multiple=True,
    metavar="CODE[,CODE]...",
    callback=_codes,
    help="Leave these codes out; goes before --select.",
)
@click.option("--strict", is_flag=True, help="Report what works now and may break by an edit, too.")
@click.option(
    "--import",
    "imports",
    is_flag=True,
    help="Import the application as well, to know what its text leaves open.",
)
@click.option("--exit-zero", is_flag=True, help="Exit with 0 although there are findings.")
@config_option
@set_option
@app_dir_option
def command(
    manifests: tuple[str, ...],
    output: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    strict: bool,
    imports: bool,
    exit_zero: bool,
    config: str | None,
    settings: tuple[str, ...],
    app_dir: str | None,
) -> None:
    """Report what is wrong with each MANIFEST (routes.toml unless given).

    Nothing of the application is imported or run without --import. `webzeug explain CODE` says
    more about a finding. Exit code: 0 if all is well; 1 if there are findings; 2 if a manifest
    could not be read, which is reported whatever is selected.
    """
    from webzeug.loader import Options

    options = Options(settings=settings, config=config, app_dir=app_dir, strict=strict)
    results = [_check(manifest, options, imports) for manifest in manifests or ("routes.toml",)]
    diagnostics = [
        each
        for each, is_readable in _found(results)
        if not is_readable or _is_wanted(each.kind.code, select, ignore)
    ]
    _write(diagnostics, results, output)
    if any(result.manifest is None for result in results):
        raise SystemExit(COULD_NOT_RUN)
    if diagnostics and not exit_zero:
        raise SystemExit(FOUND_PROBLEMS)


def _check(manifest: str, options: "Options", imports: bool) -> "Checked":
    from webzeug.cli.progress import telling
    from webzeug.loader import check, check_imported
    from webzeug.source import relative_path

    path = relative_path(manifest)
    with telling(f"checking {path} ...", sys.stderr):
        if not imports:
            return check(path, options)
        with redirect_stdout(sys.stderr):  # what the application prints is no finding
            return check_imported(path, options)


def _found(results: "Sequence[Checked]") -> "Iterator[tuple[Diagnostic, bool]]":
    """Each diagnostic once, and whether its manifest could be read."""
    # Manifests that include the same file all report what is wrong with it.
    found = {str(each): (each, result) for result in results for each in result.diagnostics}
    for diagnostic, result in found.values():
        yield diagnostic, result.manifest is not None


def _is_wanted(code: str, select: tuple[str, ...], ignore: tuple[str, ...]) -> bool:
    return (not select or code.startswith(select)) and not code.startswith(ignore)


def _write(diagnostics: "Sequence[Diagnostic]", results: "Sequence[Checked]", output: str) -> None:
    from webzeug.reporting.findings import FOR_PEOPLE, FORMATS
    from webzeug.reporting.text import count, summary

    style = style_of(sys.stdout)
    is_text = output == "text"
    click.echo(
        FORMATS[output](diagnostics, style), nl=is_text and bool(diagnostics), color=style.color
    )
    if output in FOR_PEOPLE:
        number = sum(len(result.manifest.routes) for result in results if result.manifest)
        click.echo(summary(diagnostics) or f"no problems in {count(number, 'route')}")
