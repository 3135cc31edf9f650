"""What the supervisor tells the person at the terminal."""

from collections.abc import Sequence
from typing import Protocol

from webzeug.manifest.address import Address
from webzeug.manifest.changes import Changes
from webzeug.server.breakage import Problem


class Report(Protocol):
    """Where the supervisor says what happens.

    Durations are in milliseconds, from the change on. ``causes`` are what has changed. ``mended``
    tells that something was broken until now.
    """

    def problems(self, problems: Sequence[Problem]) -> None:
        """These are the problems of what is served, or of why nothing can be."""

    def serving(self, address: Address, routes: int) -> None:
        """The first process serves a table of so many routes."""

    def swapped(self, milliseconds: float, changes: Changes, *, mended: bool) -> None:
        """The running process answers by another table."""

    def restarted(
        self, milliseconds: float, causes: Sequence[str], changes: Changes, *, mended: bool
    ) -> None:
        """Another process has taken over."""

    def kept(self, problems: Sequence[Problem]) -> None:
        """What is on disk is broken; what was there before is still served."""

    def restored(self) -> None:
        """What is on disk is what is served again."""

    def opened(self) -> None:
        """Resources that could not be opened at first are open."""

    def ended(self, exit_code: int) -> None:
        """The process that serves has ended by itself; a negative code is a signal's number."""

    def crash(self, exit_code: int) -> Problem:
        """The problem of an application whose process ends while it is made."""

    def cannot_listen(self, message: str) -> Problem:
        """The problem of an address that cannot be had."""

    def note(self, message: str, help: str) -> None:
        """Something that is not as it might be."""
