"""Diagnostics as one line each."""

from webzeug.diagnostics import Diagnostic, Kind, Severity
from webzeug.reporting.lines import concise, github
from webzeug.source import Source, Span

KIND = Kind("WZ999", "odd-thing", Severity.WARNING)


def _diagnostic(path: str, text: str, start: int, end: int, message: str = "odd") -> Diagnostic:
    return Diagnostic(KIND, message, Span(Source(path, text), start, end))


def test_one_line_whatever_is_in_it() -> None:
    """Line ends and control characters of a message or a name stay on the line."""
    assert concise([]) == ""
    lines = concise([_diagnostic("a\nb.toml", "x", 0, 1, "two\nlines\x1b[31m")])
    assert lines == "a<U+000A>b.toml:1:1: warning WZ999: two<U+000A>lines<U+001B>[31m\n"


def test_github_escapes() -> None:
    """What would end a property or a command is escaped."""
    command = github([_diagnostic("a:b,c%.toml", "x", 0, 1, "50%\r\nof: it, all")])
    expected = (
        "::warning file=a%3Ab%2Cc%25.toml,title=WZ999 odd-thing,line=1,endLine=1,col=1,endColumn=2"
        "::50%25%0D%0Aof: it, all\n"
    )
    assert expected == command


def test_github_places() -> None:
    """Columns count only within one line, and a file without text has no lines."""
    over_lines = github([_diagnostic("a.toml", "one\ntwo", 1, 6)])
    assert "file=a.toml,title=WZ999 odd-thing,line=1,endLine=2::odd" in over_lines
    nowhere = github([_diagnostic("a.toml", "", 0, 0)])
    assert nowhere == "::warning file=a.toml,title=WZ999 odd-thing::odd\n"
