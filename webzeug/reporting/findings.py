"""The formats of ``webzeug lint``."""

from collections.abc import Callable, Mapping, Sequence

from webzeug.diagnostics import Diagnostic
from webzeug.reporting import json, lines, sarif, text
from webzeug.reporting.style import Style

Format = Callable[[Sequence[Diagnostic], Style], str]

FORMATS: Mapping[str, Format] = {
    "text": text.render,
    "concise": lambda diagnostics, _: lines.concise(diagnostics),
    "json": lambda diagnostics, _: json.render(diagnostics),
    "sarif": lambda diagnostics, _: sarif.render(diagnostics),
    "github": lambda diagnostics, _: lines.github(diagnostics),
}

FOR_PEOPLE = frozenset({"text", "concise"})
"""These are followed by a count, or by a line that says that all is well."""
