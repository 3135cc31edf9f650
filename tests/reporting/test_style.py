"""Colours, and the width of text."""

import pytest

from webzeug.reporting.style import PLAIN, Style, pad, printable, width


def test_colours() -> None:
    """Text is painted only where colours are wanted, and an empty text never."""
    assert PLAIN.paint("x", "red", bold=True) == "x"
    painted = Style(color=True).paint("x", "red", bold=True)
    assert painted == "\x1b[31m\x1b[1mx\x1b[0m"
    assert Style(color=True).paint("", "red") == ""


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0), ("abc", 3), ("é", 1), ("e\u0301", 1), ("日本", 4), ("\uff21", 2), ("😀", 2),
        ("a\u200db", 2),
    ],
)  # fmt: skip
def test_width(text: str, columns: int) -> None:
    """East Asian wide characters take two columns, accents and joiners none."""
    assert width(text) == columns
    assert width(pad(text, 6)) == 6


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a b é 日 😀", "a b é 日 😀"),
        ("a\tb", "a    b"),
        ("\x1b[31m", "<U+001B>[31m"),
        ("a\nb\r\0", "a<U+000A>b<U+000D><U+0000>"),
        ("\u202eabc", "<U+202E>abc"),
        ("a\u200bb\ufeff\u00a0", "a<U+200B>b<U+FEFF><U+00A0>"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("x\udc80", "x<U+DC80>"),
        ("\u2028", "<U+2028>"),
    ],
)
def test_printable(text: str, shown: str) -> None:
    """What could move the cursor, turn the text around or hide is shown as its number."""
    assert printable(text) == shown
    assert "\n" not in printable(text)
    printable(text).encode()
