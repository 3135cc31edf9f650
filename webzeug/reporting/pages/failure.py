"""An exception in a page: the calls of the user's own code, each with its lines.

The values of variables are not shown: there may be passwords among them.
"""

import linecache
from collections.abc import Iterator, Sequence
from traceback import FrameSummary, TracebackException, walk_tb

from markupsafe import Markup

from webzeug.reporting.excerpts import cut_line
from webzeug.reporting.pages.page import block, code, lines, plain
from webzeug.reporting.text import count
from webzeug.source import shown_path
from webzeug.tracebacks import described, is_installed, shown_frames

AROUND = 3
"""So many lines are shown before and after the one where a call is."""

MOST = 20
"""So many calls of an exception are shown by themselves."""

_CAUSE = Markup("<h2>{}: {}</h2>")
_CALLS = Markup("<h2>Your code, most recent call first</h2>")
_CALL = Markup(
    """<article class="call">
<h3><code class="place">{}</code> in <code>{}</code></h3>
<pre class="lines">{}</pre>
</article>"""
)
_LINE = Markup('<span class="line{}" data-line="{}">{}</span>')
_MARKED = Markup("{}<mark>{}</mark>{}")
_MORE = Markup("<p>{} more in the whole traceback.</p>")
_NO_CALL = Markup("<p>Your own code is not in the traceback.</p>")
_MESSAGE = Markup('<pre class="message">{}</pre>')
_WHOLE = Markup(
    """<details{}>
<summary>Whole traceback, most recent call last</summary>
<pre class="trace" tabindex="0" role="region" aria-label="Whole traceback">{}</pre>
</details>"""
)

_Call = tuple[FrameSummary, str]
"""A frame, and its function's qualified name."""


def traceback_text(error: BaseException) -> str:
    """What Python prints, from the user's own code on if that is in it."""
    frames = first = shown_frames(error)
    while first is not None and is_installed(first.tb_frame.f_code.co_filename):
        first = first.tb_next
    return "".join(TracebackException(type(error), error, first or frames).format())


def failure(error: BaseException) -> Markup:
    """An exception, those behind it, and the whole traceback."""
    calls = users_calls(error)
    parts = [*_message(error), _CALLS if calls else _NO_CALL, *_shown(calls)]
    for relation, cause in _behind(error):
        parts += [_CAUSE.format(relation, code(described(cause))), *_message(cause)]
        parts += _shown(users_calls(cause))
    is_open = Markup("") if calls else Markup(" open")
    return lines([*parts, _WHOLE.format(is_open, block(traceback_text(error)))])


def users_calls(error: BaseException) -> list[_Call]:
    """The calls of code that is not installed, the most recent first."""
    stack = TracebackException(type(error), error, error.__traceback__, lookup_lines=False).stack
    frames = (frame for frame, _ in walk_tb(error.__traceback__))
    calls = [
        (summary, frame.f_code.co_qualname)
        for summary, frame in zip(stack, frames, strict=True)
        if not is_installed(summary.filename)
    ]
    return calls[::-1]


def _behind(error: BaseException) -> Iterator[tuple[str, BaseException]]:
    """The exceptions that led to an exception, as Python tells of them."""
    seen = {id(error)}
    while True:
        if error.__cause__ is not None:
            relation, following = "Caused by", error.__cause__
        elif error.__context__ is not None and not error.__suppress_context__:
            relation, following = "While handling", error.__context__
        else:
            return
        if id(following) in seen:
            return
        seen.add(id(following))
        yield relation, following
        error = following


def _message(error: BaseException) -> Iterator[Markup]:
    """What an exception says beyond the first line, and the notes that were added to it."""
    said = TracebackException(type(error), error, None).format_exception_only()
    text = "".join(said).rstrip("\n")
    if "\n" in text:
        yield _MESSAGE.format(block(text))


def _shown(calls: Sequence[_Call]) -> Iterator[Markup]:
    for summary, function in calls[:MOST]:
        place = f"{shown_path(summary.filename)}:{summary.lineno}"
        yield _CALL.format(plain(place), plain(function), lines(_lines(summary)))
    if len(calls) > MOST:
        yield _MORE.format(count(len(calls) - MOST, "call"))


def _lines(call: FrameSummary) -> Iterator[Markup]:
    here = call.lineno or 1
    numbers = range(max(here - AROUND, 1), here + AROUND + 1)
    near = {number: linecache.getline(call.filename, number).rstrip() for number in numbers}
    written = [number for number in near if number == here or near[number]]
    for number in range(written[0], written[-1] + 1):
        if number == here:
            yield _LINE.format(" here", number, _marked(call, near[number]))
        else:
            yield _LINE.format("", number, plain(cut_line(near[number])))


def _marked(call: FrameSummary, line: str) -> Markup:
    """The line of a call, with the expression marked that Python was at."""
    octets = line.encode()
    start, end = call.colno, call.end_colno
    if start is None or end is None:
        return plain(line)
    if call.end_lineno != call.lineno:
        end = len(octets)
    parts = (octets[:start], octets[start:end], octets[end:])
    before, marked, after = (part.decode(errors="replace") for part in parts)
    return _MARKED.format(plain(before), plain(marked), plain(after))
