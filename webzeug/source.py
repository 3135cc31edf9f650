"""The text of one file and places in it."""

import codecs
import os
import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256


class Source:
    """The text of one file, as it was read, with the name it is shown under.

    ``text`` has ``\\n`` line ends only (a TOML parser sees ``\\r\\n`` as ``\\n``), so offsets
    count Unicode code points of that text. Two sources are the same only if they are one object.
    """

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text

    def __repr__(self) -> str:
        return f"Source({self.path!r})"

    @cached_property
    def digest(self) -> str:
        """What ``digest_of`` says of the file's octets."""
        return sha256(self.text.encode("utf-8", errors="surrogateescape")).hexdigest()

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        """The offset at which each line begins."""
        return (0, *(match.end() for match in re.finditer("\n", self.text)))

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both counted from 1, columns in code points."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line, counted from 1, without its line end."""
        start = self.line_starts[number - 1]
        end = self.text.find("\n", start)
        return self.text[start:] if end < 0 else self.text[start:end]


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range ``start`` to ``end`` of offsets in a source."""

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    @property
    def line(self) -> int:
        return self.source.position(self.start)[0]

    @property
    def column(self) -> int:
        return self.source.position(self.start)[1]

    def __str__(self) -> str:
        """``file:line:column``, the form that editors and terminals make clickable."""
        if not self.source.text:
            return self.source.path
        return f"{self.source.path}:{self.line}:{self.column}"


def digest_of(octets: bytes) -> str:
    """The SHA-256 of a text file, in hexadecimal; a byte order mark and CRLF do not count."""
    return sha256(octets.removeprefix(codecs.BOM_UTF8).replace(b"\r\n", b"\n")).hexdigest()


def shown_path(path: str) -> str:
    """A path relative to where the user stands, unless that would be the longer one."""
    try:
        return min(os.path.relpath(path), path, key=len)
    except (OSError, ValueError):  # the folder was deleted, or is on another drive
        return path


def relative_path(path: str) -> str:
    """An absolute path below the current folder, relative to it; any other as it is."""
    try:
        folder = os.path.join(os.getcwd(), "")
    except OSError:  # the folder was deleted
        return path
    is_below = path.startswith(folder) and ".." not in path.split(os.sep)
    return path[len(folder) :].lstrip(os.sep) or path if is_below else path
