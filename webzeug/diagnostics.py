"""Problems as values: a diagnostic says what is wrong, where, and how to mend it.

A diagnostic never prints itself; ``webzeug.reporting`` turns it into text or JSON.
"""

import enum
from collections.abc import Iterable
from dataclasses import dataclass

from webzeug.source import Source, Span


class Severity(enum.StrEnum):
    """How bad a problem is: an error stops ``serve``, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Kind:
    """A class of problem. ``code`` (``WZ203``) is stable; ``name`` is for people."""

    code: str
    name: str
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class Label:
    """A place in a file and what is to be said about it."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem: ``message`` what is wrong, ``span`` where, ``help`` what to do.

    ``others`` are second places that matter. ``trace`` is the traceback of the user's own code.
    """

    kind: Kind
    message: str
    span: Span
    others: tuple[Label, ...] = ()
    help: str = ""
    trace: str = ""

    @property
    def is_error(self) -> bool:
        return self.kind.severity is Severity.ERROR

    def __str__(self) -> str:
        text = f"{self.span}: {self.kind.severity} {self.kind.code}: {self.message}"
        return f"{text} ({self.help})" if self.help else text


def in_file_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sort by file in order of appearance, then by place, then by code; drop exact repeats."""
    unique = dict.fromkeys(diagnostics)
    files: dict[Source, int] = {}
    for diagnostic in unique:
        files.setdefault(diagnostic.span.source, len(files))

    def place(diagnostic: Diagnostic) -> tuple[int, int, str]:
        span = diagnostic.span
        return files[span.source], span.start, diagnostic.kind.code

    return tuple(sorted(unique, key=place))
