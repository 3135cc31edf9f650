"""``webzeug serve --dev``: what it is started with, and what it says."""

import sys
from collections.abc import Sequence

import click

from webzeug.cli.options import style_of
from webzeug.diagnostics import Diagnostic, Kind
from webzeug.manifest.address import Address
from webzeug.manifest.changes import Changes
from webzeug.reporting import following
from webzeug.server.breakage import Problem
from webzeug.server.generation import Order
from webzeug.server.supervisor import Supervisor
from webzeug.source import Source, Span

CHILD = "webzeug.cli.child"

PROCESS_ENDED = Kind("WZ307", "process-ended")
CANNOT_LISTEN = Kind("WZ030", "cannot-listen")


def serve_in_development(order: Order, *, poll: bool) -> int:
    """Serve, and follow every change, until a signal; returns the exit code."""
    return Supervisor(order, Terminal(order), CHILD, poll=poll).run()


class Terminal:
    """Says on stderr what the supervisor does."""

    def __init__(self, order: Order) -> None:
        self._manifest = order.manifest
        self._style = style_of(sys.stderr)

    def _say(self, line: str) -> None:
        click.echo(line, err=True, color=self._style.color)

    def problems(self, problems: Sequence[Problem]) -> None:
        """Each problem with its place, and how many there are."""
        self._say("\n".join(problem["terminal"] for problem in problems))
        self._say(following.counted(problems))

    def serving(self, address: Address, routes: int) -> None:
        """Where it serves."""
        self._say(following.serves(self._manifest, routes, address))
        self._say("it follows every change; press Ctrl-C to stop")

    def swapped(self, milliseconds: float, changes: Changes, *, mended: bool) -> None:
        """What is different in the table."""
        self._say(following.swapped(milliseconds, changes, mended=mended, style=self._style))

    def restarted(
        self, milliseconds: float, causes: Sequence[str], changes: Changes, *, mended: bool
    ) -> None:
        """What has changed, and what is different in the table."""
        self._say(
            following.restarted(milliseconds, causes, changes, mended=mended, style=self._style)
        )

    def kept(self, problems: Sequence[Problem]) -> None:
        """What is wrong, and that nothing was changed."""
        self._say("\n".join(problem["terminal"] for problem in problems))
        kept = self._style.paint("kept the last good state", "yellow", bold=True)
        self._say(f"{kept}: {following.counted(problems)}")

    def restored(self) -> None:
        """That all is as before."""
        mended = self._style.paint("mended", "green", bold=True)
        self._say(f"{mended}: the files are again as they are served")

    def opened(self) -> None:
        """That the resources are open."""
        mended = self._style.paint("mended", "green", bold=True)
        self._say(f"{mended}: the resources could be opened")

    def ended(self, exit_code: int) -> None:
        """Why there is another process."""
        ended = self._style.paint("the process that served has ended", "yellow", bold=True)
        self._say(f"{ended} ({_manner(exit_code)}); another takes its place")

    def crash(self, exit_code: int) -> Problem:
        """The problem of a process that ended before it could serve."""
        message = f"the process ended ({_manner(exit_code)}) when it made the application"
        help_text = "something that the application imports or opens ends the whole process"
        return self._problem(PROCESS_ENDED, message, help_text)

    def cannot_listen(self, message: str) -> Problem:
        """The problem of an address that cannot be listened on."""
        return self._problem(CANNOT_LISTEN, message)

    def _problem(self, kind: Kind, message: str, help: str = "") -> Problem:
        nowhere = Span(Source(self._manifest, ""), 0, 0)
        diagnostic = Diagnostic(kind, message, nowhere, help=help)
        return following.as_problem(diagnostic, self._style)

    def note(self, message: str, help: str) -> None:
        """Something to know, and what may be done about it."""
        self._say(f"{self._style.paint('note', 'cyan', bold=True)}: {message}")
        self._say(f"  {self._style.paint('= help:', 'cyan')} {help}")


def _manner(exit_code: int) -> str:
    return f"signal {-exit_code}" if exit_code < 0 else f"exit code {exit_code}"
