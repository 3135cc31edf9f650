"""What routes claim of the URLs, who takes one, and why before others."""

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from werkzeug.routing import BaseConverter, ValidationError

from webzeug.manifest.model import Route
from webzeug.manifest.patterns import Pattern, Variable
from webzeug.routing.parts import Fixed, Part, Varying
from webzeug.routing.proving.vocabulary import Ending

ANY_VERB = "-"
"""A verb that no route names: whoever takes it, takes all."""


_REFUSED = object()


@dataclass(frozen=True, slots=True, eq=False)
class Claim:
    """What a route takes: the parts of its host, if hosts count, and of its pattern; and verbs.

    ``host`` and ``pattern`` are as Werkzeug reads them; ``verbs`` None stands for all.
    """

    route: Route
    host: Pattern | None
    pattern: Pattern
    verbs: frozenset[str] | None
    is_strict: bool
    parts: tuple[Part, ...]

    def takes(self, verb: str) -> bool:
        return self.verbs is None or verb in self.verbs

    @property
    def asked(self) -> tuple[str, ...]:
        """Verbs that say all: who takes these of the claim, takes all that are its."""
        if self.verbs is None:
            return (ANY_VERB,)
        written = self.route.methods or ()
        return (*written, *sorted(self.verbs.difference(written)))

    def shared_verb(self, other: "Claim") -> str | None:
        """A verb that both take, if there is one."""
        if self.verbs is None and other.verbs is None:
            return "GET"
        asked = other.asked if self.verbs is None else self.asked
        return next((verb for verb in asked if self.takes(verb) and other.takes(verb)), None)

    @property
    def variables(self) -> tuple[Variable, ...]:
        """Those of host and pattern, in order."""
        return (*(self.host.variables if self.host else ()), *self.pattern.variables)

    @property
    def names(self) -> list[str]:
        """The names of all variables, in order."""
        return [variable.name for variable in self.variables]

    @property
    def converters(self) -> Iterator[BaseConverter]:
        """Those of all variables, in order."""
        for part in self.parts:
            if isinstance(part, Varying):
                yield from part.converters

    @property
    def answered(self) -> tuple[Ending, ...]:
        """The endings of paths that the route may answer; others it redirects or leaves."""
        return (Ending.EXACT,) if self.is_strict else (Ending.EXACT, Ending.SHORT, Ending.LONG)


@dataclass(frozen=True, slots=True)
class Taker:
    """A claim that takes a URL, and the texts of its variables."""

    claim: Claim
    ending: Ending
    values: tuple[str, ...]

    @property
    def redirects(self) -> bool:
        """Whether it sends the client to the path with the slash."""
        return self.ending is Ending.SHORT and self.claim.is_strict

    @property
    def args(self) -> dict[str, Any] | None:
        """The values of the variables; None if a converter refuses one, which is a 404."""
        values = list(self._values())
        return None if _REFUSED in values else dict(zip(self.claim.names, values, strict=True))

    @property
    def refused(self) -> tuple[str, ...]:
        """The variables whose values are refused."""
        values = zip(self.claim.names, self._values(), strict=True)
        return tuple(name for name, value in values if value is _REFUSED)

    def _values(self) -> Iterator[Any]:
        for converter, text in zip(self.claim.converters, self.values, strict=True):
            try:
                yield converter.to_python(text)
            except ValidationError:
                yield _REFUSED

    @property
    def answers(self) -> bool:
        return not self.redirects and self.args is not None


@dataclass(frozen=True, slots=True)
class URL:
    """A request's host, None where hosts do not count, and its path as text."""

    host: str | None
    path: str

    def __str__(self) -> str:
        return self.path if self.host is None else f"//{self.host}{self.path}"

    @property
    def segments(self) -> list[str]:
        """Host and path cut as a Map cuts them: of the slashes in front, it keeps one."""
        host = [] if self.host is None else [self.host]
        return [*host, *f"/{self.path.lstrip('/')}".split("/")]


class Reason(enum.Enum):
    """Why one claim takes a URL before another."""

    HOST = "its host is tried first"
    FIXED = "fixed text goes before a variable"
    MORE_TEXT = "it has more fixed text there, and so goes first"
    MORE_VARIABLES = "it has more variables there, and so goes first"
    CONVERTER = "its converter is tried first"
    ORDER = "it weighs the same, and stands first"
    SAME = "it takes the same URLs, and stands first"
    EXACT = "it has the slash as it is in the URL"
    REDIRECT = "a path that only lacks its slash is redirected to it"
    LENIENT = "the slash at its end does not count"
    DEFAULTS = "its name and defaults are the same, so URLs are redirected to it"


def reason(winner: Claim, ending: Ending, loser: Claim) -> Reason:
    """Why a claim takes a path, which ends as said, before another claim that could."""
    if ending is not Ending.EXACT:
        return Reason.REDIRECT if winner.is_strict else Reason.LENIENT
    index = common_parts(winner, loser)
    if index == min(len(winner.parts), len(loser.parts)):
        return Reason.SAME if len(winner.parts) == len(loser.parts) else Reason.EXACT
    why = _reason(winner.parts[index], loser.parts[index])
    is_host = index == 0 and winner.host is not None
    return Reason.HOST if is_host and why is not Reason.ORDER else why


def common_parts(first: Claim, second: Claim) -> int:
    """How many parts two claims begin with alike."""
    pairs = zip(first.parts, second.parts, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _reason(first: Part, second: Part) -> Reason:
    if isinstance(first, Fixed) or isinstance(second, Fixed):
        return Reason.FIXED
    texts, lengths, variables, weights = zip(first.weight, second.weight, strict=True)
    if texts[0] != texts[1] or lengths[0] != lengths[1]:
        return Reason.MORE_TEXT
    if variables[0] != variables[1]:
        return Reason.MORE_VARIABLES
    return Reason.ORDER if weights[0] == weights[1] else Reason.CONVERTER
