"""Options that several commands share, and how they print."""

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

import click

if TYPE_CHECKING:
    from webzeug.diagnostics import Diagnostic
    from webzeug.reporting.style import Style

manifest_argument = click.argument("manifest", type=click.Path(), default="routes.toml")

app_dir_option = click.option(
    "--app-dir",
    type=click.Path(exists=True, file_okay=False),
    help="Where dotted paths are found first; the manifest's folder unless given.",
)

config_option = click.option(
    "--config",
    type=click.Path(),
    metavar="FILE",
    help="A TOML file with config values, on top of [config].",
)

set_option = click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="TABLE.KEY=VALUE",
    help="Override one value of [config], [matching] or [server]; may be repeated.",
)

COULD_NOT_RUN = 2
"""Exit code when there was nothing to judge: no such file, not TOML, wrong options."""

FOUND_PROBLEMS = 1
"""Exit code when the manifest was read, and has problems."""


def style_of(stream: TextIO | None) -> "Style":
    """Colours for a terminal, unless NO_COLOR is set (https://no-color.org).

    The stream is None if it was closed before we were started.
    """
    from webzeug.reporting.style import Style

    is_terminal = stream is not None and stream.isatty()
    return Style(color=is_terminal and not os.environ.get("NO_COLOR"))


def print_diagnostics(diagnostics: "Sequence[Diagnostic]") -> None:
    """Write diagnostics and a line that counts them to stderr."""
    from webzeug.reporting import text

    stream = sys.stderr
    if diagnostics:
        style = style_of(stream)
        click.echo(text.render(diagnostics, style), file=stream, color=style.color)
        click.echo(text.summary(diagnostics), file=stream)


def fail(message: str, code: int = FOUND_PROBLEMS, help: str = "") -> "SystemExit":
    """An exit with one clear message on stderr; raise it."""
    stream = sys.stderr
    style = style_of(stream)
    click.echo(
        f"{style.paint('error', 'red', bold=True)}: {message}", file=stream, color=style.color
    )
    if help:
        click.echo(f"  {style.paint('= help:', 'cyan')} {help}", file=stream, color=style.color)
    return SystemExit(code)
