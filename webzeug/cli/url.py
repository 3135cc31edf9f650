"""``webzeug url``: what ``url_for`` would build."""

from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from webzeug.cli.options import (
    COULD_NOT_RUN,
    FOUND_PROBLEMS,
    fail,
    print_diagnostics,
    set_option,
)

if TYPE_CHECKING:
    from webzeug.manifest.model import Manifest
    from webzeug.routing.urls import URLOptions


def _names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The names that the manifest on the command line has, for completion."""
    from webzeug.manifest.reading import read_manifest

    manifest, _ = read_manifest(ctx.params.get("manifest") or "")
    names = dict.fromkeys(route.name for route in manifest.routes) if manifest else {}
    return [CompletionItem(name) for name in names if name and name.startswith(incomplete)]


@click.command(name="url")
@click.argument("manifest", type=click.Path())
@click.argument("name", shell_complete=_names)
@click.argument("values", nargs=-1, metavar="[KEY=VALUE]...")
@click.option("--query", multiple=True, metavar="KEY=VALUE", help="A query argument; repeatable.")
@click.option("--anchor", metavar="TEXT", help="A fragment.")
@click.option("--external", is_flag=True, help="The whole URL, with [matching] base_url.")
@set_option
def command(
    manifest: str,
    name: str,
    values: tuple[str, ...],
    query: tuple[str, ...],
    anchor: str | None,
    external: bool,
    settings: tuple[str, ...],
) -> None:
    """Build the URL of the route NAME of MANIFEST from its variables, as url_for would.

    For example: webzeug url routes.toml item id=7 --query page=2

    Nothing of the application is imported or run. Exit code: 0; 1 if there is no such URL, or if
    the manifest has errors; 2 if it could not be read.
    """
    from webzeug.loader import Options, read
    from webzeug.routing.urls import URLError, URLOptions

    if "=" in name:
        advice = f"the manifest comes first: webzeug url routes.toml {manifest} {name}"
        raise fail(f"`{name}` is not the name of a route", COULD_NOT_RUN, advice)
    variables = dict(_pairs(values))
    arguments: dict[str, list[str]] = {}
    for key, value in _pairs(query):
        arguments.setdefault(key, []).append(value)
    checked = read(manifest, Options(settings=settings))
    if checked.manifest is None or checked.has_errors:
        print_diagnostics(checked.diagnostics)
        raise SystemExit(COULD_NOT_RUN if checked.manifest is None else FOUND_PROBLEMS)
    try:
        url = _build(checked.manifest, name, variables, URLOptions(arguments, anchor, external))
    except URLError as error:
        raise fail(str(error)) from None
    click.echo(url)


def _build(
    manifest: "Manifest", name: str, variables: dict[str, str], options: "URLOptions"
) -> str:
    """The URL; a note tells where it may differ. Raises URLError."""
    from webzeug.routing.standins import compile_without_code, url_of
    from webzeug.routing.urls import base_of_matching, check_url

    built = url_of(manifest, name, variables, options)
    for converter in built.guessed:
        note = f"note: `{converter}` is your own converter: its to_url was not run"
        click.echo(note, err=True)
    if not manifest.converters:
        table = compile_without_code(manifest).table
        check_url(table, base_of_matching(manifest.matching), name, built.url)
    return built.url


def _pairs(texts: tuple[str, ...]) -> list[tuple[str, str]]:
    pairs = []
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or not key:
            raise fail(f"`{text}` is not of the form key=value", COULD_NOT_RUN)
        pairs.append((key, value))
    return pairs
