"""One TOML file: its text, its values, and where each of them stands."""

import errno
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import tomli

from webzeug.diagnostics import Diagnostic, Kind
from webzeug.manifest.positions import Entry, KeyPath, decode_offsets, scan
from webzeug.manifest.syntax import explain
from webzeug.source import Source, Span

MAX_BYTES = 32 * 1024 * 1024

UNREADABLE = Kind("WZ001", "unreadable-file")
NOT_UTF8 = Kind("WZ002", "not-utf-8")


class Document:
    """A parsed TOML file. Positions are looked up only when something must be shown."""

    def __init__(self, source: Source, data: Mapping[str, Any]) -> None:
        self.source = source
        self.data = data

    @cached_property
    def _entries(self) -> Mapping[KeyPath, Entry]:
        return scan(self.source.text)

    def place(self, *path: str | int) -> "Place":
        return Place(self, path)

    def entry(self, path: KeyPath) -> Entry:
        """Where a key path stands; of a path that the file lacks, its nearest parent."""
        while path and path not in self._entries:
            path = path[:-1]
        return self._entries.get(path, Entry(key=None, value=None, header=None))


@dataclass(frozen=True, slots=True)
class Place:
    """A key path in a document: what a model remembers instead of offsets."""

    document: Document
    path: KeyPath

    def child(self, *keys: str | int) -> "Place":
        return Place(self.document, self.path + keys)

    @property
    def key(self) -> Span:
        """The key as written (for an array's element, the element)."""
        entry = self.document.entry(self.path)
        return self._span(entry.key or entry.value or entry.header or (0, 0))

    @property
    def value(self) -> Span:
        """The value as written; for a table made by a header, the header."""
        entry = self.document.entry(self.path)
        return self._span(entry.value or entry.header or entry.key or (0, 0))

    def in_key(self, start: int, end: int) -> Span:
        """The part of the key that holds characters ``start`` to ``end`` of its decoded text."""
        return self._part(self.key, start, end)

    def in_value(self, start: int, end: int) -> Span:
        """The part of a string value that holds characters ``start`` to ``end`` of it."""
        return self._part(self.value, start, end)

    def _span(self, offsets: tuple[int, int]) -> Span:
        return Span(self.document.source, *offsets)

    def _part(self, span: Span, start: int, end: int) -> Span:
        offsets = decode_offsets(span.source.text, span.start, span.end)
        last = len(offsets) - 1
        return Span(span.source, offsets[min(start, last)], offsets[min(end, last)])


def read_document(path: str, shown: str) -> tuple[Document | None, list[Diagnostic]]:
    """Read and parse a TOML file; ``shown`` is the name that diagnostics give it.

    The file must be a regular one of at most 32 MiB, in UTF-8; a byte order mark is allowed.
    """
    try:
        raw = _read_regular_file(path)
    except OSError as error:
        nowhere = Span(Source(shown, ""), 0, 0)
        return None, [Diagnostic(UNREADABLE, f"cannot read {shown}: {_reason(error)}", nowhere)]
    return parse_document(raw, shown)


def parse_document(raw: bytes, shown: str) -> tuple[Document | None, list[Diagnostic]]:
    """Parse the bytes of a TOML file. A syntax error is reported alone: the parser stops there."""
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        return None, [_not_utf8(raw, shown, error)]
    source = Source(shown, text)
    try:
        return Document(source, tomli.loads(text)), []
    except (tomli.TOMLDecodeError, RecursionError) as error:
        return None, [explain(error, source)]


def _read_regular_file(path: str) -> bytes:
    # O_NONBLOCK: opening a FIFO that nobody writes to would otherwise stop the whole process.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    with open(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "it is not a regular file")
        if status.st_size > MAX_BYTES:
            raise OSError(errno.EFBIG, f"it is larger than {MAX_BYTES // 2**20} MiB")
        return file.read()


def _reason(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    if isinstance(error, IsADirectoryError):
        return "it is a folder, not a file"
    return error.strerror or str(error)


def _not_utf8(raw: bytes, shown: str, error: UnicodeDecodeError) -> Diagnostic:
    source = Source(shown, raw.decode("utf-8-sig", errors="replace").replace("\r\n", "\n"))
    start = len(raw[: error.start].decode("utf-8-sig").replace("\r\n", "\n"))
    return Diagnostic(
        NOT_UTF8,
        f"the file is not UTF-8: byte 0x{raw[error.start]:02X} is not allowed here",
        Span(source, start, start + 1),
        help="save the file in UTF-8, the only encoding of TOML",
    )
