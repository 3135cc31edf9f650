"""Explanations of codes as text for terminals."""

from collections.abc import Iterator

from webzeug.explanations import WHAT, Explanation, codes, explanation
from webzeug.reporting.style import PLAIN, Style

_COLORS = {"error": "red", "warning": "yellow"}


def render(explained: Explanation, style: Style = PLAIN) -> str:
    """One explanation: its parts below their headings, code indented."""
    return "\n".join(_blocks(explained, style))


def overview(style: Style = PLAIN) -> str:
    """All codes, a line for each."""
    return "".join(f"{_title(explanation(code), style)}\n" for code in codes())


def _title(explained: Explanation, style: Style) -> str:
    code = style.paint(explained.code, _COLORS[explained.severity], bold=True)
    return f"{code}  {explained.name} ({explained.severity})"


def _blocks(explained: Explanation, style: Style) -> Iterator[str]:
    yield f"{_title(explained, style)}\n"
    for heading, body in explained.parts.items():
        if heading != WHAT:
            yield f"{style.paint(heading, bold=True)}\n"
        yield "".join(f"{line}\n" for line in _lines(body))


def _lines(body: str) -> Iterator[str]:
    """The lines of Markdown, those of code indented, without their fences."""
    is_code = False
    for line in body.splitlines():
        if line.startswith("```"):
            is_code = not is_code
        else:
            yield f"    {line}" if is_code and line else line
