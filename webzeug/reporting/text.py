"""Diagnostics as text: where, what, the line with a caret under it, and how to mend it."""

from collections.abc import Iterable, Iterator, Sequence

from webzeug.diagnostics import Diagnostic, Severity
from webzeug.reporting.style import PLAIN, Style, printable, width
from webzeug.source import Span

_MAX_WIDTH = 120
_COLORS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}


def render(diagnostics: Iterable[Diagnostic], style: Style = PLAIN) -> str:
    """All diagnostics, a blank line between two; empty if there are none."""
    return "\n".join(render_one(diagnostic, style) for diagnostic in diagnostics)


def render_one(diagnostic: Diagnostic, style: Style = PLAIN) -> str:
    """One diagnostic, ending with a line end."""
    return "".join(f"{line}\n" for line in _lines(diagnostic, style))


def summary(diagnostics: Sequence[Diagnostic]) -> str:
    """``2 errors, 1 warning``; empty if there are none."""
    errors = sum(diagnostic.is_error for diagnostic in diagnostics)
    warnings = len(diagnostics) - errors
    counted = [count(errors, "error")] if errors else []
    if warnings:
        counted.append(count(warnings, "warning"))
    return ", ".join(counted)


def count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _lines(diagnostic: Diagnostic, style: Style) -> Iterator[str]:
    kind = diagnostic.kind
    color = _COLORS[kind.severity]
    head = style.paint(f"{kind.severity}[{kind.code}]", color, bold=True)
    yield f"{style.paint(str(diagnostic.span), bold=True)}: {head}: {diagnostic.message}"
    places = [(diagnostic.span, "", "^", color)]
    places += [(label.span, label.text, "-", "blue") for label in diagnostic.others]
    shown = [place for place in places if place[0].source.text]
    margin = max((len(str(place[0].line)) for place in shown), default=1)
    blank = style.paint(f"{' ' * margin} |", "blue")
    if shown:
        yield blank
    file = diagnostic.span.source
    for span, text, mark, mark_color in sorted(shown, key=lambda place: _order(place[0], file)):
        if span.source is not file:
            file = span.source
            yield f"{' ' * margin}{style.paint('-->', 'blue')} {span}"
        yield from _snippet(span, text, mark, mark_color, margin, style)
    if diagnostic.help:
        yield f"{' ' * margin} {style.paint('= help:', 'cyan')} {diagnostic.help}"
    for line in diagnostic.trace.splitlines():
        yield f"{' ' * margin} {style.paint('|', 'blue')} {printable(line)}"


def _order(span: Span, file: object) -> tuple[bool, str, int]:
    return span.source is not file, span.source.path, span.start


def _snippet(
    span: Span, text: str, mark: str, color: str, margin: int, style: Style
) -> Iterator[str]:
    line = span.source.line(span.line)
    start = span.column - 1
    end = min(start + max(span.end - span.start, 1), max(len(line), start + 1))
    before, marked, after = line[:start], line[start:end], line[end:]
    before, after = _trimmed(before, marked, after)
    shown = printable(before + marked + after).rstrip()
    number = style.paint(f"{span.line:>{margin}} |", "blue")
    yield f"{number} {shown}".rstrip()
    carets = mark * max(width(printable(marked)), 1)
    note = style.paint(f"{carets} {text}".rstrip(), color, bold=True)
    yield f"{style.paint(f'{chr(32) * margin} |', 'blue')} {' ' * width(printable(before))}{note}"


def _trimmed(before: str, marked: str, after: str) -> tuple[str, str]:
    """What to show around the marked text of a very long line."""
    if len(before) + len(marked) + len(after) <= _MAX_WIDTH:
        return before, after
    if len(before) > _MAX_WIDTH // 2:
        before = "… " + before[-_MAX_WIDTH // 3 :]
    if len(after) > _MAX_WIDTH // 2:
        after = after[: _MAX_WIDTH // 3] + " …"
    return before, after
