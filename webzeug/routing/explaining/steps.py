"""What an explanation is made of: the steps that a client takes, each with what comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from webzeug.manifest.model import Route
from webzeug.routing.explaining.near_misses import NearMiss
from webzeug.routing.explaining.questions import Question
from webzeug.routing.ways import WayTaken

Outcome = Literal[
    "answers",  # the route's View, its file, or the application that is mounted
    "options",  # OPTIONS is answered for the View: 204, and what is allowed
    "redirects",
    "not-found",
    "method-not-allowed",
    "bad-request",
    "fails",  # matching or building the Location raises an exception
    "leaves",  # a redirect leads to another site
    "loops",  # a redirect leads back to a request that was made before, or there are too many
]


@dataclass(frozen=True, slots=True)
class Step:
    """What comes of one request.

    ``status`` is None where the View decides it. ``route`` is the one that answers or redirects,
    or that is chosen and then refuses; ``is_matched`` tells whether it matched, so that its
    middlewares run. ``method`` is the View's method that answers, "" where it is not known.
    ``moved`` are SCRIPT_NAME and PATH_INFO below a mount. ``why`` says what is not obvious.
    ``depends_on`` are converters whose code was not run although it may decide. ``more`` is how
    many near misses are left out. ``way`` is the one that led to the route.
    """

    question: Question
    outcome: Outcome
    status: int | None = None
    why: str = ""
    route: Route | None = None
    is_matched: bool = False
    args: Mapping[str, Any] = field(default_factory=dict)
    method: str = ""
    moved: Mapping[str, str] = field(default_factory=dict)
    location: str = ""
    allowed: tuple[str, ...] = ()
    near_misses: tuple[NearMiss, ...] = ()
    more: int = 0
    depends_on: tuple[str, ...] = ()
    way: WayTaken | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """What comes of a request: each redirect is a step, and the last step is the end of it."""

    steps: tuple[Step, ...]

    @property
    def end(self) -> Step:
        return self.steps[-1]

    @property
    def is_answered(self) -> bool:
        """Whether something answers in the end, be it another site."""
        return self.end.outcome in ("answers", "options", "leaves")

    @property
    def depends_on(self) -> tuple[str, ...]:
        """The converters that any of the steps depends on, sorted."""
        return tuple(sorted({name for step in self.steps for name in step.depends_on}))


class Methods(Protocol):
    """The verbs that a View has methods for, as far as they are known."""

    def has(self, verb: str) -> bool | None:
        """Whether there is a method for a verb; None if that cannot be known."""
        ...

    @property
    def known(self) -> Mapping[str, bool | None]:
        """The same for each verb of which something is known."""
        ...


class Known(Protocol):
    """What is known of the things that routes lead to, without running them."""

    def methods(self, route: Route) -> Methods | None:
        """The methods of a route's View; None if nothing is known of them."""
        ...

    def has_file(self, route: Route, args: Mapping[str, Any]) -> bool | None:
        """Whether the file of a static route is there; None if that is not known."""
        ...


class _NothingKnown:
    def methods(self, route: Route) -> Methods | None:
        return None

    def has_file(self, route: Route, args: Mapping[str, Any]) -> bool | None:
        return None


NOTHING_KNOWN: Known = _NothingKnown()
"""For who has the table alone."""
