"""``webzeug lint``: everything that is wrong with manifests, found without running anything."""

import sys

import click

from webzeug.cli.options import (
    COULD_NOT_RUN,
    FOUND_PROBLEMS,
    app_dir_option,
    set_option,
    style_of,
)


@click.command(name="lint")
@click.argument("manifests", type=click.Path(), nargs=-1, metavar="[MANIFEST]...")
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How findings are written to stdout.",
)
@set_option
@app_dir_option
def command(
    manifests: tuple[str, ...], output: str, settings: tuple[str, ...], app_dir: str | None
) -> None:
    """Report what is wrong with each MANIFEST (routes.toml unless given).

    Nothing of the application is imported or run. Exit code: 0 if all is well; 1 if there are
    findings; 2 if a manifest could not be read.
    """
    from webzeug.loader import Options, check
    from webzeug.reporting import json, text

    options = Options(settings=settings, app_dir=app_dir)
    results = [check(manifest, options) for manifest in manifests or ("routes.toml",)]
    # Manifests that include the same file all report what is wrong with it.
    found = {str(each): each for result in results for each in result.diagnostics}
    diagnostics = list(found.values())
    if output == "json":
        click.echo(json.render(diagnostics), nl=False)
    elif diagnostics:
        style = style_of(sys.stdout)
        click.echo(text.render(diagnostics, style), color=style.color)
        click.echo(text.summary(diagnostics))
    else:
        number = sum(len(result.manifest.routes) for result in results if result.manifest)
        click.echo(f"no problems in {text.count(number, 'route')}")
    if any(result.manifest is None for result in results):
        raise SystemExit(COULD_NOT_RUN)
    if diagnostics:
        raise SystemExit(FOUND_PROBLEMS)
