"""How a table is built in a process that also answers requests: beside them, or at once."""

from collections.abc import Callable
from typing import TypeVar

Made = TypeVar("Made")


class Pace:
    """At once, for nobody else waits. A server has one that makes room for requests."""

    def aside(self, work: Callable[[], Made]) -> Made:
        """The result of computing that runs none of the application's code."""
        return work()

    def pause(self) -> None:
        """Let others have their turn, if it is time; called often."""
