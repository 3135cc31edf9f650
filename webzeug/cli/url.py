"""``webzeug url``: what ``url_for`` would build."""

import click

from webzeug.cli.options import (
    COULD_NOT_RUN,
    fail,
    manifest_argument,
    print_diagnostics,
    set_option,
)


@click.command(name="url")
@manifest_argument
@click.argument("name")
@click.argument("values", nargs=-1, metavar="[KEY=VALUE]...")
@click.option("--query", multiple=True, metavar="KEY=VALUE", help="A query argument; repeatable.")
@click.option("--anchor", help="A fragment.")
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
    """Build the URL of the route NAME with variables, as url_for would.

    For example: webzeug url routes.toml item id=7 --query page=2
    """
    from webzeug.loader import Options, read
    from webzeug.routing.standins import url_of
    from webzeug.routing.urls import URLError, URLOptions

    checked = read(manifest, Options(settings=settings))
    if checked.manifest is None or checked.has_errors:
        print_diagnostics(checked.diagnostics)
        raise SystemExit(COULD_NOT_RUN)
    arguments: dict[str, list[str]] = {}
    for key, value in _pairs(query):
        arguments.setdefault(key, []).append(value)
    options = URLOptions(arguments, anchor, external)
    try:
        built = url_of(checked.manifest, name, dict(_pairs(values)), options)
    except URLError as error:
        raise fail(str(error)) from None
    for converter in built.guessed:
        note = f"note: `{converter}` is your own converter: its to_url was not run"
        click.echo(note, err=True)
    click.echo(built.url)


def _pairs(texts: tuple[str, ...]) -> list[tuple[str, str]]:
    pairs = []
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals:
            raise fail(f"`{text}` is not of the form key=value", COULD_NOT_RUN)
        pairs.append((key, value))
    return pairs
