"""Problems as values."""

from webzeug.diagnostics import Diagnostic, Kind, Label, Severity, in_file_order
from webzeug.source import Source, Span

ERROR = Kind("WZ101", "an-error")
WARNING = Kind("WZ023", "a-warning", Severity.WARNING)
ONE, OTHER = Source("b.toml", "abc\ndef"), Source("a.toml", "ghi")


def test_as_text() -> None:
    """A diagnostic's text is its place, how bad it is, its code, its message and its help."""
    span = Span(ONE, 4, 7)
    assert str(Diagnostic(ERROR, "wrong", span)) == "b.toml:2:1: error WZ101: wrong"
    helped = Diagnostic(WARNING, "odd", span, help="mend it")
    assert str(helped) == "b.toml:2:1: warning WZ023: odd (mend it)"
    assert [Diagnostic(kind, "", span).is_error for kind in (ERROR, WARNING)] == [True, False]


def test_in_file_order() -> None:
    """Files in the order in which they came up, then places, then codes; repeats are dropped."""
    late = Diagnostic(ERROR, "late", Span(ONE, 4, 5))
    early = Diagnostic(ERROR, "early", Span(ONE, 0, 1))
    warning = Diagnostic(WARNING, "early", Span(ONE, 0, 1))
    second = Diagnostic(ERROR, "second file", Span(OTHER, 0, 1))
    repeat = Diagnostic(ERROR, "late", Span(ONE, 4, 5), others=(Label(Span(OTHER, 0, 1), "here"),))
    given = [late, second, early, warning, late, repeat]
    assert in_file_order(given) == (warning, early, late, repeat, second)


def test_texts_of_one_name_keep_their_order() -> None:
    """Two texts that are shown under one name are two, in the order in which they came up."""
    first, second = Source("--set", "zz"), Source("--set", "a")
    given = [Diagnostic(ERROR, "1", Span(first, 1, 2)), Diagnostic(ERROR, "2", Span(second, 0, 1))]
    assert in_file_order(given) == tuple(given)
