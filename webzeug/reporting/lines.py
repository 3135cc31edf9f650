"""Diagnostics as one line each: for people who grep, and for GitHub's logs."""

from collections.abc import Iterable

from webzeug.diagnostics import Diagnostic
from webzeug.reporting.style import printable


def concise(diagnostics: Iterable[Diagnostic]) -> str:
    """``file:line:column: error WZ203: message (help)``."""
    return "".join(f"{printable(str(diagnostic))}\n" for diagnostic in diagnostics)


def github(diagnostics: Iterable[Diagnostic]) -> str:
    """Workflow commands that GitHub shows beside the line in a pull request.

    https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
    """
    return "".join(f"{_command(diagnostic)}\n" for diagnostic in diagnostics)


def _command(diagnostic: Diagnostic) -> str:
    span, kind = diagnostic.span, diagnostic.kind
    properties = {"file": span.source.path, "title": f"{kind.code} {kind.name}"}
    if span.source.text:
        end_line, end_column = span.source.position(span.end)
        properties |= {"line": str(span.line), "endLine": str(end_line)}
        if end_line == span.line:
            properties |= {"col": str(span.column), "endColumn": str(end_column)}
    written = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    message = "\n".join(filter(None, [diagnostic.message, diagnostic.help]))
    return f"::{kind.severity} {written}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
