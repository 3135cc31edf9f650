"""Diagnostics as JSON, for editors and programs."""

import json
from collections.abc import Iterable
from typing import Any

from webzeug.diagnostics import Diagnostic
from webzeug.source import Span


def render(diagnostics: Iterable[Diagnostic]) -> str:
    """A JSON list; lines and columns count from 1, columns in code points, ends are exclusive."""
    return json.dumps([as_value(diagnostic) for diagnostic in diagnostics], indent=2) + "\n"


def as_value(diagnostic: Diagnostic) -> dict[str, Any]:
    """One diagnostic as a JSON object."""
    value: dict[str, Any] = {
        "code": diagnostic.kind.code,
        "name": diagnostic.kind.name,
        "severity": str(diagnostic.kind.severity),
        "message": diagnostic.message,
        "help": diagnostic.help,
        **_place(diagnostic.span),
        "others": [{"message": label.text, **_place(label.span)} for label in diagnostic.others],
    }
    if diagnostic.trace:
        value["trace"] = diagnostic.trace
    return value


def _place(span: Span) -> dict[str, Any]:
    end_line, end_column = span.source.position(span.end)
    return {
        "file": span.source.path,
        "line": span.line,
        "column": span.column,
        "end_line": end_line,
        "end_column": end_column,
    }
