"""The answers that a look into the code can give: yes, no, or unknown."""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Origin = Callable[[ast.expr], tuple[str, str] | None]
"""The module and the name that an expression such as ``functools.cache`` was imported from."""


@dataclass(frozen=True, slots=True)
class Method:
    """A method as it stands in a class body; ``kind`` is what its decorators make of it.

    ``class_line`` is where its class begins; ``origin`` tells what its annotations mean.
    """

    file: str
    class_line: int
    node: ast.FunctionDef | ast.AsyncFunctionDef
    origin: Origin = field(compare=False, repr=False)
    kind: Literal["plain", "class", "static"] = "plain"


@dataclass(frozen=True, slots=True)
class Verbs:
    """The verbs that a class answers, as far as its source and that of its bases tell.

    ``known`` maps a verb to True if there is a method for it, to None if there may be one (it is
    made by a decorator, or in one branch only), and to False if the attribute is no method.
    ``is_open`` tells that there may be methods for others, because a base cannot be read.
    ``methods`` has those of which it is certain which ``def`` they are.
    """

    known: Mapping[str, bool | None] = field(default_factory=dict)
    is_open: bool = False
    methods: Mapping[str, Method] = field(default_factory=dict, compare=False, repr=False)

    def has(self, verb: str) -> bool | None:
        """Whether the class has a method for a verb; None if that cannot be known."""
        return self.known.get(verb, None if self.is_open else False)

    @property
    def written(self) -> frozenset[str]:
        """The verbs that a method stands in the source for, for certain or not."""
        return frozenset(verb for verb, answer in self.known.items() if answer is not False)


@dataclass(frozen=True, slots=True)
class Found:
    """A dotted path leads to something; ``file`` and ``line`` are where it is defined.

    ``verbs`` are a class's, None of anything else. ``is_view`` tells whether it is a View class,
    None where that cannot be decided.
    """

    file: str
    line: int
    kind: Literal["class", "function", "module", "value"]
    verbs: Verbs | None = None
    is_view: bool | None = False


@dataclass(frozen=True, slots=True)
class Missing:
    """A dotted path leads nowhere, for certain.

    ``part`` is the missing module (with its package), or the missing name in ``file``.
    ``suggestions`` are what may have been meant: modules, names, or whole dotted paths.
    """

    part: str
    reason: Literal["module", "name"]
    file: str | None = None
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Broken:
    """The module's file is not valid Python; ``message`` is the parser's."""

    file: str
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """It cannot be decided by reading; ``reason`` says why."""

    reason: str


Answer = Found | Missing | Broken | Unknown
