"""The command line. Each command is one module, imported when it is called."""

import io
import sys
from importlib import import_module

import click
from click.exceptions import NoSuchCommand

import webzeug

# name -> what `webzeug --help` says of it; the command is `command` in webzeug.cli.<name>.
_COMMANDS = {
    "serve": "Serve a manifest with gevent.",
    "routes": "List every route, without importing the application.",
    "lint": "Report what is wrong with manifests, without running anything.",
    "explain": "Say what a code means, and what to write instead.",
    "match": "Say which route answers a request, and why no other does.",
    "url": "Build the URL of a route, as url_for would.",
    "schema": "Print the JSON Schema of manifests, for editors.",
}


class _Commands(click.Group):
    """A group that imports a command's module only when it runs: gevent must patch first."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"webzeug.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except NoSuchCommand as error:
            raise NoSuchCommand(error.command_name, possibilities=_COMMANDS, ctx=ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


_COMPLETION = """\b
Completion, for bash: eval "$(_WEBZEUG_COMPLETE=bash_source webzeug)"
(for others: zsh_source, fish_source)"""


@click.command(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=_COMPLETION,
)
@click.version_option(webzeug.__version__, prog_name="webzeug", message="%(prog)s %(version)s")
def main() -> None:
    """A web framework whose routes live in one TOML file."""
    for stream in (sys.stdout, sys.stderr):
        # A character that the terminal lacks, or a file name that is no text, fails nothing.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
