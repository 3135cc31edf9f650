"""Diagnostics as text: the line, the caret under exactly the right text, and help."""

import re
import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webzeug.diagnostics import Diagnostic, Kind, Label, Severity
from webzeug.reporting.style import Style, printable
from webzeug.reporting.text import count, render, render_one, summary
from webzeug.source import Source, Span

ERROR = Kind("WZ101", "bad")
WARNING = Kind("WZ023", "odd", Severity.WARNING)


def _at(source: Source, fragment: str) -> Span:
    start = source.text.index(fragment)
    return Span(source, start, start + len(fragment))


def _shown(text: str, fragment: str) -> list[str]:
    """The lines that show a fragment of a text, without the first."""
    source = Source("x.toml", text)
    rendered = render_one(Diagnostic(ERROR, "wrong", _at(source, fragment)))
    return rendered.splitlines()[1:]


def test_a_diagnostic() -> None:
    """Place, code and message; the line with carets; other places of the file in order; help."""
    source = Source("x.toml", "\n".join(f"line {number}" for number in range(1, 12)))
    diagnostic = Diagnostic(
        ERROR,
        "wrong",
        _at(source, "10"),
        others=(Label(_at(source, "line 11"), "later"), Label(_at(source, "2"), "first")),
        help="mend it",
        trace="Traceback:\n\tx\n",
    )
    assert render_one(diagnostic) == textwrap.dedent(
        """\
        x.toml:10:6: error[WZ101]: wrong
           |
         2 | line 2
           |      - first
        10 | line 10
           |      ^^
        11 | line 11
           | ------- later
           = help: mend it
           | Traceback:
           |     x
        """
    )


def test_several() -> None:
    """A blank line stands between two diagnostics; none are no text."""
    source = Source("x.toml", "a b")
    both = [Diagnostic(ERROR, "1", _at(source, "a")), Diagnostic(WARNING, "2", _at(source, "b"))]
    assert render(both) == textwrap.dedent(
        """\
        x.toml:1:1: error[WZ101]: 1
          |
        1 | a b
          | ^

        x.toml:1:3: warning[WZ023]: 2
          |
        1 | a b
          |   ^
        """
    )
    assert render([]) == ""


def test_another_file() -> None:
    """A place in another file is shown last, under its own heading."""
    source, other = Source("x.toml", "a"), Source("a.toml", "\n" * 99 + "b")
    diagnostic = Diagnostic(
        ERROR, "wrong", _at(source, "a"), others=(Label(_at(other, "b"), "other"),)
    )
    assert render_one(diagnostic) == textwrap.dedent(
        """\
        x.toml:1:1: error[WZ101]: wrong
            |
          1 | a
            | ^
           --> a.toml:100:1
        100 | b
            | - other
        """
    )


def test_two_places_on_one_line() -> None:
    """A line with two marks is shown once."""
    source = Source("x.toml", "a = 1, b = 2")
    diagnostic = Diagnostic(
        ERROR, "wrong", _at(source, "b"), others=(Label(_at(source, "a"), "first"),)
    )
    assert render_one(diagnostic).splitlines()[2:] == [
        "1 | a = 1, b = 2",
        "  | - first",
        "  |        ^",
    ]


def test_a_file_that_could_not_be_read() -> None:
    """Without a text there is no snippet; a label in another file is shown all the same."""
    nowhere, other = Span(Source("x.toml", ""), 0, 0), Source("a.toml", "b")
    assert render_one(Diagnostic(ERROR, "no", nowhere, help="h")) == (
        "x.toml: error[WZ101]: no\n  = help: h\n"
    )
    diagnostic = Diagnostic(ERROR, "no", nowhere, others=(Label(_at(other, "b"), "here"),))
    assert render_one(diagnostic).splitlines()[1:] == [
        "  |", " --> a.toml:1:1", "1 | b", "  | - here",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "fragment", "line", "carets"),
    [
        ("\ta = b", "b", "    a = b", "        ^"),
        ("a =\tbc", "bc", "a =    bc", "       ^^"),
        ("日本 = x", "x", "日本 = x", "       ^"),
        ("x = 日本", "日本", "x = 日本", "    ^^^^"),
        ("é = e\u0301 x", "x", "é = e\u0301 x", "      ^"),
        ("a\x1b b", "b", "a<U+001B> b", "          ^"),
        ("a \u200b", "\u200b", "a <U+200B>", "  ^^^^^^^^"),
        ("a = 'b\nc'", "'b\nc'", "a = 'b", "    ^^"),
        ("a   \n", "\n", "a", "    ^"),
        ("  ", "  ", "", "^^"),
    ],
)
def test_carets(text: str, fragment: str, line: str, carets: str) -> None:
    """Carets stand under the text, however wide it and what is before it are."""
    shown = _shown(text, fragment)
    assert shown[1:] == [f"1 | {line}".rstrip(), f"  | {carets}"]


def test_the_end_of_the_text() -> None:
    """A place without any text has one caret."""
    source = Source("x.toml", "a =\nb =")
    for offset, line, indent in ((3, "1 | a =", "   "), (7, "2 | b =", "   ")):
        rendered = render_one(Diagnostic(ERROR, "wrong", Span(source, offset, offset)))
        assert rendered.splitlines()[2:] == [line, f"  | {indent}^"]


@pytest.mark.parametrize(
    ("text", "line", "carets"),
    [
        ("a" * 60 + "X" + "b" * 59, "a" * 60 + "X" + "b" * 59, " " * 60 + "^"),
        ("a" * 60 + "X" + "b" * 61, "a" * 60 + "X" + "b" * 60 + "…", " " * 60 + "^"),
        ("a" * 90 + "X" + "b" * 61, "…" + "a" * 60 + "X" + "b" * 60 + "…", " " * 61 + "^"),
        ("X" * 8_000_000, "X" * 80 + "…", "^" * 81),
        ("a" * 8_000_000 + "X", "…" + "a" * 60 + "X", " " * 61 + "^"),
    ],
)
def test_long_lines(text: str, line: str, carets: str) -> None:
    """A line of more than 120 characters is cut around what is marked."""
    source = Source("x.toml", text)
    span = Span(source, text.index("X"), text.rindex("X") + 1)
    rendered = render_one(Diagnostic(ERROR, "wrong", span))
    assert rendered.splitlines()[2:] == [f"1 | {line}", f"  | {carets}"]


def test_long_messages() -> None:
    """A message that quotes something very long is cut in the middle, and so is help."""
    source = Source("x.toml", "a")
    diagnostic = Diagnostic(ERROR, f"`{'m' * 5000}` is bad", _at(source, "a"), help="h" * 601)
    first, *_, last = render_one(diagnostic).splitlines()
    assert first == f"x.toml:1:1: error[WZ101]: `{'m' * 299}…{'m' * 292}` is bad"
    assert last == f"  = help: {'h' * 300}…{'h' * 300}"


def test_nothing_controls_the_terminal() -> None:
    """Control characters of names, keys and messages are shown as numbers."""
    source = Source("x\x1b.toml", "a")
    diagnostic = Diagnostic(
        ERROR, "a\nb", _at(source, "a"), others=(Label(_at(source, "a"), "\x1b"),), help="\r"
    )
    assert render_one(diagnostic).splitlines() == [
        "x<U+001B>.toml:1:1: error[WZ101]: a<U+000A>b",
        "  |",
        "1 | a",
        "  | ^",
        "  | - <U+001B>",
        "  = help: <U+000D>",
    ]


@given(st.text("ab é\t\x1b\n", min_size=1, max_size=30), st.integers(0, 30), st.integers(0, 30))
@settings(deadline=None, database=None)
def test_carets_stand_under_what_is_marked(text: str, start: int, length: int) -> None:
    """What stands above the carets is the marked text, on any line of any text."""
    source = Source("x.toml", text)
    span = Span(source, min(start, len(text)), min(start + length, len(text)))
    _, blank, *snippet = render_one(Diagnostic(ERROR, "wrong", span)).split("\n")
    assert blank.strip() == "|"
    line, carets = (part.partition("|")[2][1:] for part in snippet[:2])
    indent = len(carets) - len(carets.lstrip())
    marked = printable(span.text.partition("\n")[0])
    assert carets == " " * indent + "^" * max(len(marked), 1)
    assert marked.rstrip() in ("", line[indent : len(carets)].rstrip())


def test_colours() -> None:
    """With colours the text is the same."""
    source = Source("x.toml", "a b")
    diagnostic = Diagnostic(
        ERROR, "wrong", _at(source, "a"), others=(Label(_at(source, "b"), "first"),), help="h"
    )
    painted = render_one(diagnostic, Style(color=True))
    assert painted != render_one(diagnostic)
    assert re.sub(r"\x1b\[\d*m", "", painted) == render_one(diagnostic)


@pytest.mark.parametrize(
    ("errors", "warnings", "text"),
    [
        (0, 0, ""), (1, 0, "1 error"), (2, 0, "2 errors"), (0, 1, "1 warning"),
        (0, 3, "3 warnings"), (1, 2, "1 error, 2 warnings"),
    ],
)  # fmt: skip
def test_summary(errors: int, warnings: int, text: str) -> None:
    """How many of each there are, without those that there are none of."""
    span = Span(Source("x.toml", "a"), 0, 1)
    diagnostics = [Diagnostic(ERROR, "", span)] * errors + [
        Diagnostic(WARNING, "", span)
    ] * warnings
    assert summary(diagnostics) == text


def test_count() -> None:
    """A number and its noun."""
    assert [count(number, "route") for number in (0, 1, 2)] == ["0 routes", "1 route", "2 routes"]
