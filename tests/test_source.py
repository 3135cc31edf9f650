"""The text of a file, and places in it."""

import os
from pathlib import Path

import pytest

from webzeug.source import Source, Span, digest_of, shown_path

TEXT = "first\n\n  third é\U0001f600x\nlast"


@pytest.mark.parametrize(
    ("fragment", "place"),
    [("first", (1, 1)), ("third", (3, 3)), ("é", (3, 9)), ("x", (3, 11)), ("last", (4, 1))],
)
def test_position(fragment: str, place: tuple[int, int]) -> None:
    """Lines and columns count from 1, columns in code points."""
    source = Source("x.toml", TEXT)
    start = TEXT.index(fragment)
    span = Span(source, start, start + len(fragment))
    assert source.position(start) == place
    assert ((span.line, span.column), span.text) == (place, fragment)
    assert str(span) == f"x.toml:{place[0]}:{place[1]}"


def test_the_ends() -> None:
    """The end of a line, and that of the text, are places too."""
    source = Source("x.toml", TEXT)
    assert [source.position(offset) for offset in (5, 6, len(TEXT))] == [(1, 6), (2, 1), (4, 5)]
    assert Source("x.toml", "a\n").position(2) == (2, 1)


def test_lines() -> None:
    """A line is told without its end; a text that ends with one has an empty line more."""
    source = Source("x.toml", "a\n\nb\n")
    assert [source.line(number) for number in (1, 2, 3, 4)] == ["a", "", "b", ""]


def test_a_source_without_text() -> None:
    """A place in a file that could not be read is the file."""
    assert str(Span(Source("x.toml", ""), 0, 0)) == "x.toml"


def test_identity() -> None:
    """Two sources are the same only if they are one object."""
    source = Source("x.toml", "a")
    assert Span(source, 0, 1) == Span(source, 0, 1)
    assert Span(source, 0, 1) != Span(Source("x.toml", "a"), 0, 1)
    assert repr(source) == "Source('x.toml')"


@pytest.mark.parametrize("octets", [b"a\nb", b"\xef\xbb\xbfa\r\nb", b"a\r\nb"])
def test_digests(octets: bytes) -> None:
    """A file's digest is that of its text: a byte order mark and CRLF do not count."""
    assert digest_of(octets) == Source("x.toml", "a\nb").digest
    assert digest_of(octets) != Source("x.toml", "a\nc").digest


def test_shown_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A path is shown from where the user stands, unless that would be the longer one."""
    (tmp_path / "a").mkdir()
    monkeypatch.chdir(tmp_path / "a")
    assert shown_path(str(tmp_path / "a" / "b.py")) == "b.py"
    assert shown_path(str(tmp_path / "c.py")) == os.path.join("..", "c.py")
    assert shown_path("/x") == "/x"


def test_shown_path_where_there_is_no_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In a folder that was deleted a path is shown as it is."""
    (tmp_path / "a").mkdir()
    monkeypatch.chdir(tmp_path / "a")
    (tmp_path / "a").rmdir()
    assert shown_path("/x/y") == "/x/y"
