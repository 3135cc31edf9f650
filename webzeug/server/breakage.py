"""What is wrong with an application in development, for whoever shows it."""

import secrets
import threading
from collections.abc import Sequence
from typing import Any

Problem = dict[str, Any]
"""A diagnostic as ``lint --format json`` writes it; ``text`` is how a terminal shows it, ``html``
how a browser does."""


class Breakage:
    """The problems that the application on disk has; none if all is well.

    ``state`` is another word after each change of what clients may see: of the problems, of the
    table, and of the process.
    """

    def __init__(self) -> None:
        self.problems: tuple[Problem, ...] = ()
        self._process = secrets.token_hex(8)
        self._changes = 0
        self._is_over = False
        self._changed = threading.Condition()

    @property
    def state(self) -> str:
        return f"{self._process}-{self._changes}"

    def show(self, problems: Sequence[Problem]) -> None:
        """From now on, these are the problems."""
        with self._changed:
            self.problems = tuple(problems)
            self.change()

    def change(self) -> None:
        """Something else is different."""
        with self._changed:
            self._changes += 1
            self._changed.notify_all()

    def end(self) -> None:
        """Let nobody wait any more: this process has no further changes to tell of."""
        with self._changed:
            self._is_over = True
            self._changed.notify_all()

    def wait(self, state: str, timeout: float) -> str:
        """Wait until the state is another one, at most so many seconds; returns it."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_over or self.state != state, timeout)
            return self.state
