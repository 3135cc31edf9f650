"""The answers that a look into the code can give: yes, no, or unknown."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Found:
    """A dotted path leads to something; ``file`` and ``line`` are where it is defined.

    ``verbs`` are a class's upper-case methods, inherited ones included, None if a base cannot
    be read. ``is_view`` is None where it cannot be decided whether it is a View.
    """

    file: str
    line: int
    kind: Literal["class", "function", "module", "value"]
    verbs: frozenset[str] | None = None
    is_view: bool | None = False


@dataclass(frozen=True, slots=True)
class Missing:
    """A dotted path leads nowhere, for certain.

    ``part`` is the missing module (with its package), or the missing name in ``file``.
    """

    part: str
    reason: Literal["module", "name"]
    file: str | None = None
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Broken:
    """The module's file is not valid Python."""

    file: str
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """It cannot be decided by reading; ``reason`` says why."""

    reason: str


Answer = Found | Missing | Broken | Unknown
