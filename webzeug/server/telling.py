"""What the person at the terminal, and the process that serves, are told of the state of things."""

import time
from collections.abc import Mapping, Sequence

from webzeug.manifest.address import Address
from webzeug.manifest.changes import compare
from webzeug.server.breakage import Problem
from webzeug.server.generation import Generation
from webzeug.server.process import ChildProcess
from webzeug.server.report import Report

TELL_AFTER = 1.0
"""Seconds after which we do not wait for an earlier process to say that it has left."""


class Telling:
    """Remembers what is broken, and tells each change once.

    ``deadline`` (monotonic) is when to call ``tell`` at the latest.
    """

    def __init__(self, report: Report) -> None:
        self.deadline: float | None = None
        self.has_served = False
        self._report = report
        self._problems: Sequence[Problem] = ()
        self._warnings: Sequence[Problem] = ()
        self._untold: Generation | None = None
        self._leaving: list[ChildProcess] = []
        self._address = Address()

    def keep(self, generation: Generation, problems: Sequence[Problem]) -> None:
        """The files are broken, and this generation stays."""
        self._show(generation, problems)
        self._report.kept(problems)

    def restore(self, generation: Generation) -> None:
        """The files are again as this generation was made."""
        if self._mend(generation):
            self._report.restored()

    def opened(self, generation: Generation) -> None:
        """The resources of this generation are open at last."""
        self._mend(generation)
        self._report.opened()

    def swapped(
        self,
        generation: Generation,
        routes: Mapping[str, str],
        warnings: Sequence[Problem],
        since: float,
        *,
        mends: bool,
    ) -> None:
        """Another table is swapped in; ``mends``: nothing can be broken any more."""
        changes = compare(generation.routes, routes)
        mended = mends and self._mend(generation)
        self._warn(warnings)
        self._report.swapped(_milliseconds(since), changes, mended=mended)

    def taken_over(self, generation: Generation) -> None:
        """A generation is about to serve."""
        if generation.is_sound:
            generation.mends, self._problems = bool(self._problems), ()
        else:
            self._show(generation, generation.problems)

    def serves(
        self, generation: Generation, earlier: Sequence[Generation], address: Address
    ) -> None:
        """A generation serves; that is told when the earlier ones answer nobody any more."""
        self._untold, self._address = generation, address
        generation.before = earlier[-1].routes if earlier else generation.routes
        self._leaving += [former.process for former in earlier]
        self.deadline = time.monotonic() + TELL_AFTER
        self.tell()

    def left(self, process: ChildProcess) -> None:
        """A process answers no new request any more."""
        if process in self._leaving:
            self._leaving.remove(process)
            self.tell()

    def tell(self) -> None:
        """Tell of the generation that serves, if it is alone, or if it is time.

        An earlier one that is too busy to say that it has left answers nobody else either.
        """
        generation = self._untold
        if generation is None or (self._leaving and time.monotonic() < (self.deadline or 0)):
            return
        self._untold = self.deadline = None
        if generation.is_sound:
            self._warn(generation.problems)
        else:
            self._report.problems(generation.problems)
        if not self.has_served:
            self.has_served = True
            self._report.serving(self._address, len(generation.routes))
        elif generation.is_sound:
            changes = compare(generation.before, generation.routes)
            took = _milliseconds(generation.since)
            self._report.restarted(took, generation.causes, changes, mended=generation.mends)

    def _show(self, generation: Generation, problems: Sequence[Problem]) -> None:
        self._problems = problems
        generation.process.channel.send({"do": "show", "problems": list(problems)})

    def _mend(self, generation: Generation) -> bool:
        """Nothing is broken any more; returns whether something was."""
        was_broken = bool(self._problems)
        if was_broken:
            self._show(generation, ())
        return was_broken

    def _warn(self, warnings: Sequence[Problem]) -> None:
        """Show the warnings of a sound application, if they are others than before."""
        if warnings and warnings != self._warnings:
            self._report.problems(warnings)
        self._warnings = warnings


def _milliseconds(since: float) -> float:
    return (time.monotonic() - since) * 1000
