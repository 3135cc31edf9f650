"""Colours for terminals, and the width that text takes there."""

import unicodedata
from dataclasses import dataclass

import click


@dataclass(frozen=True, slots=True)
class Style:
    """Adds ANSI colours, or leaves text as it is."""

    color: bool = False

    def paint(self, text: str, color: str | None = None, *, bold: bool = False) -> str:
        return click.style(text, fg=color, bold=bold) if self.color and text else text


PLAIN = Style()


def width(text: str) -> int:
    """The columns that text takes in a terminal: East Asian wide characters take two."""
    return len(text) if text.isascii() else sum(map(_character_width, text))


def _character_width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def pad(text: str, columns: int) -> str:
    """Text filled with blanks to a number of terminal columns."""
    return text + " " * (columns - width(text))


def printable(text: str) -> str:
    """Text safe to print on one line: tabs as four blanks, what is invisible as its number.

    The joiners that scripts need (U+200C, U+200D) stay.
    """
    if text.isprintable():
        return text
    return "".join(map(_printable, text.replace("\t", "    ")))


def _printable(character: str) -> str:
    if character.isprintable() or character in "\u200c\u200d":
        return character
    return f"<U+{ord(character):04X}>"
