"""Diagnostics in a page: what is wrong, where, the lines around it, and how to mend it."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from markupsafe import Markup

from webzeug.diagnostics import Diagnostic, Label
from webzeug.reporting.pages.discretion import excerpt_of, line_of, words_about
from webzeug.reporting.pages.page import block, lines, plain, sentence
from webzeug.source import Source

AROUND = 2
"""So many lines are shown before and after one that is marked."""

_PROBLEM = Markup(
    """<article class="{severity}">
<h2>{message}</h2>
<p class="place"><code>{place}</code> <span class="kind">{severity} {code}</span></p>
{parts}
</article>"""
)
_HELP = Markup('<p class="help"><b>Help:</b> {}</p>')
_TRACE = Markup('<pre class="trace" tabindex="0" role="region" aria-label="Traceback">{}</pre>')
_FILE = Markup('<p class="place"><code>{}</code></p>')
_LINES = Markup('<pre class="lines">{}</pre>')
_LINE = Markup('<span class="line" data-line="{}">{}</span>')
_MAIN = Markup("{}<mark>{}</mark>{}")
_OTHER = Markup('{}<mark class="other">{}</mark>{}')
_NOTE = Markup(' <span class="note">{}</span>')
_GAP = Markup('<span class="line gap">⋯</span>')


def article(diagnostic: Diagnostic) -> Markup:
    """One diagnostic."""
    kind, span = diagnostic.kind, diagnostic.span
    parts = list(_files([Label(span, ""), *diagnostic.others]))
    if diagnostic.trace:
        parts.insert(0, _TRACE.format(block(diagnostic.trace)))
    if diagnostic.help:
        parts.append(_HELP.format(sentence(words_about(span, diagnostic.help))))
    return _PROBLEM.format(
        severity=kind.severity,
        message=sentence(headline(diagnostic)),
        place=plain(span),
        code=kind.code,
        parts=lines(parts),
    )


def headline(diagnostic: Diagnostic) -> str:
    """What is wrong, in plain text."""
    return words_about(diagnostic.span, diagnostic.message)


def _files(labels: Sequence[Label]) -> Iterator[Markup]:
    """The marked lines of each file, the first one's first."""
    sources = dict.fromkeys(label.span.source for label in labels if label.span.source.text)
    for source in sources:
        own = [label for label in labels if label.span.source is source]
        if source is not labels[0].span.source:
            yield _FILE.format(plain(own[0].span))
        yield _LINES.format(lines(_lines(source, own)))


def _lines(source: Source, labels: Sequence[Label]) -> Iterator[Markup]:
    """The lines around what is marked, a gap where some are left out.

    The main place is the one of which nothing is said.
    """
    in_order = sorted(labels, key=lambda label: label.span.start)
    marked = {number: [*same] for number, same in groupby(in_order, lambda label: label.span.line)}
    last = None
    for number in _around(source, marked):
        if last is not None and number > last + 1:
            yield _GAP
        last = number
        if number not in marked:
            yield _LINE.format(number, plain(line_of(source, number)))
        for label in marked.get(number, ()):
            yield _LINE.format(number, _marked(label))


def _around(source: Source, marked: Iterable[int]) -> list[int]:
    """The lines that are marked, and those near them; none that is blank stands at an end."""
    count = len(source.line_starts)
    near: set[int] = set()
    for number in marked:
        lines = range(max(number - AROUND, 1), min(number + AROUND, count) + 1)
        written = [line for line in lines if line == number or source.line(line).strip()]
        near |= set(range(written[0], written[-1] + 1))
    return sorted(near)


def _marked(label: Label) -> Markup:
    excerpt = excerpt_of(label.span)
    marked = _OTHER if label.text else _MAIN
    text = marked.format(plain(excerpt.before), plain(excerpt.marked or " "), plain(excerpt.after))
    return text + _NOTE.format(sentence(label.text)) if label.text else text
