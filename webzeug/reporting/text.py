"""Diagnostics as text: where, what, the line with a caret under it, and how to mend it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from webzeug.diagnostics import Diagnostic, Severity
from webzeug.reporting.excerpts import Excerpt, cut_sentence
from webzeug.reporting.style import PLAIN, Style, printable, width
from webzeug.source import Source, Span

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


@dataclass(frozen=True, slots=True)
class _Mark:
    """A place to show, what stands under it, and what is said about it."""

    span: Span
    character: str
    color: str
    text: str = ""


def _lines(diagnostic: Diagnostic, style: Style) -> Iterator[str]:
    kind = diagnostic.kind
    color = _COLORS[kind.severity]
    head = style.paint(f"{kind.severity}[{kind.code}]", color, bold=True)
    place = style.paint(printable(str(diagnostic.span)), bold=True)
    yield f"{place}: {head}: {_sentence(diagnostic.message)}"
    marks = [_Mark(diagnostic.span, "^", color)]
    marks += [_Mark(label.span, "-", "blue", label.text) for label in diagnostic.others]
    shown = [mark for mark in marks if mark.span.source.text]
    margin = max((len(str(mark.span.line)) for mark in shown), default=1)
    yield from _snippets(shown, diagnostic.span.source, margin, style)
    if diagnostic.help:
        yield f"{' ' * margin} {style.paint('= help:', 'cyan')} {_sentence(diagnostic.help)}"
    for line in diagnostic.trace.splitlines():
        yield f"{' ' * margin} {style.paint('|', 'blue')} {printable(line)}"


def _snippets(marks: list[_Mark], file: Source, margin: int, style: Style) -> Iterator[str]:
    """The marked lines, those of the diagnostic's own file first, each line once."""

    def order(mark: _Mark) -> tuple[bool, str, int]:
        span = mark.span
        return span.source is not file, span.source.path, span.start

    blank = style.paint(f"{' ' * margin} |", "blue")
    if marks:
        yield blank
    last = file, 0, ""
    for mark in sorted(marks, key=order):
        span = mark.span
        if last[0] is not span.source:
            yield f"{' ' * margin}{style.paint('-->', 'blue')} {printable(str(span))}"
        line, marks_line = _marked(mark, style)
        if last != (span.source, span.line, line):
            yield f"{style.paint(f'{span.line:>{margin}} |', 'blue')} {line}".rstrip()
        yield f"{blank} {marks_line}"
        last = span.source, span.line, line


def _marked(mark: _Mark, style: Style) -> tuple[str, str]:
    """The marked line, cut around the mark if it is long, and the mark to stand under it."""
    excerpt = Excerpt.of(mark.span)
    before, marked = printable(excerpt.before), printable(excerpt.marked)
    note = f"{mark.character * max(width(marked), 1)} {printable(mark.text)}"
    indent = " " * width(before)
    shown = (before + marked + printable(excerpt.after)).rstrip()
    return shown, f"{indent}{style.paint(note.rstrip(), mark.color, bold=True)}"


def _sentence(text: str) -> str:
    return printable(cut_sentence(text))
