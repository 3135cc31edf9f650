"""``webzeug explain``: what a code means, and what to write instead."""

import sys

import click
from click.shell_completion import CompletionItem

from webzeug.cli.options import COULD_NOT_RUN, fail, style_of


def _codes(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from webzeug.explanations import codes

    return [CompletionItem(code) for code in codes() if code.startswith(incomplete.upper())]


@click.command(name="explain")
@click.argument("code", required=False, shell_complete=_codes)
def command(code: str | None) -> None:
    """Say what CODE (such as WZ210) means, with an example and what to write instead.

    Without CODE: all codes that there are.
    """
    from webzeug.explanations import codes, explanation
    from webzeug.manifest.decoding import did_you_mean
    from webzeug.reporting.codes import overview, render

    style = style_of(sys.stdout)
    if code is None:
        click.echo(overview(style), nl=False, color=style.color)
        return
    try:
        explained = explanation(code.upper())
    except KeyError:
        near = did_you_mean(code.upper(), codes())
        help_text = near or "webzeug explain lists all of them"
        raise fail(f"there is no code {code}", COULD_NOT_RUN, help_text) from None
    click.echo(render(explained, style), nl=False, color=style.color)
