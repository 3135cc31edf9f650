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
    return sum(_character_width(character) for character in text)


def _character_width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def pad(text: str, columns: int) -> str:
    """Text filled with blanks to a number of terminal columns."""
    return text + " " * (columns - width(text))


def printable(text: str) -> str:
    """Text safe to print: tabs as four blanks, other control characters as pictures."""
    text = text.replace("\t", "    ")
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(character) == "Cc" else character
        for character in text
    )
