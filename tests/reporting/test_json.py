"""Diagnostics as JSON."""

import json

from webzeug.diagnostics import Diagnostic, Kind, Label, Severity
from webzeug.reporting.json import render
from webzeug.source import Source, Span

SOURCE = Source("dir/é.toml", "x = 1\n日 = 'a\nb'\n")


def test_everything() -> None:
    """A diagnostic is an object with its code, texts, both ends of its place, and other places."""
    diagnostic = Diagnostic(
        Kind("WZ023", "odd", Severity.WARNING),
        "message",
        Span(SOURCE, 10, 14),
        others=(Label(Span(SOURCE, 0, 1), "first"),),
        help="help",
        trace="Traceback",
    )
    assert json.loads(render([diagnostic])) == [
        {
            "code": "WZ023",
            "name": "odd",
            "severity": "warning",
            "message": "message",
            "help": "help",
            "file": "dir/é.toml",
            "line": 2,
            "column": 5,
            "end_line": 3,
            "end_column": 2,
            "others": [
                {
                    "message": "first",
                    "file": "dir/é.toml",
                    "line": 1,
                    "column": 1,
                    "end_line": 1,
                    "end_column": 2,
                }
            ],
            "trace": "Traceback",
        }
    ]


def test_the_least() -> None:
    """Without a traceback there is no ``trace``; a file that cannot be read is line 1, column 1."""
    diagnostic = Diagnostic(Kind("WZ001", "bad"), "no", Span(Source("x\udc80", ""), 0, 0))
    (value,) = json.loads(render([diagnostic]))
    assert "trace" not in value
    assert (value["severity"], value["help"], value["others"]) == ("error", "", [])
    place = [value[key] for key in ("line", "column", "end_line", "end_column")]
    assert place == [1, 1, 1, 1]


def test_none() -> None:
    """No diagnostics are an empty list; the text is ASCII, and ends with a line end."""
    assert render([]) == "[]\n"
    diagnostic = Diagnostic(Kind("WZ001", "bad"), "日", Span(SOURCE, 0, 1))
    assert render([diagnostic]).isascii()
    assert render([diagnostic]).endswith("]\n")
