"""One TOML file: its text, its values, and where each of them stands."""

import codecs
import difflib
import errno
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import tomli

from webzeug.diagnostics import Diagnostic, Kind
from webzeug.source import Source, Span

if TYPE_CHECKING:
    from webzeug.manifest.positions import Entry, KeyPath

# What only mistakes need is imported for them: a start waits for every regular expression.

MAX_DEPTH = 64
"""How deep tables and lists may be nested: far deeper than any use, far below recursion limits."""

MAX_BYTES = 32 * 1024 * 1024

UNREADABLE = Kind("WZ001", "unreadable-file")
NOT_UTF8 = Kind("WZ002", "not-utf-8")


class Document:
    """A parsed TOML file. Positions are looked up only when something must be shown."""

    def __init__(self, source: Source, data: Mapping[str, Any]) -> None:
        self.source = source
        self.data = data

    @cached_property
    def _entries(self) -> "Mapping[KeyPath, Entry]":
        from webzeug.manifest.positions import scan

        return scan(self.source.text)

    def place(self, *path: str | int) -> "Place":
        return Place(self, path)

    def has(self, path: "KeyPath") -> bool:
        return path in self._entries

    def entry(self, path: "KeyPath") -> "Entry":
        """Where a key path stands; of a path that the file lacks, its nearest parent."""
        from webzeug.manifest.positions import NOWHERE

        while path and path not in self._entries:
            path = path[:-1]
        return self._entries.get(path, NOWHERE)


@dataclass(frozen=True, slots=True)
class Place:
    """A key path in a document: what a model remembers instead of offsets."""

    document: Document
    path: "KeyPath"

    def child(self, *keys: str | int) -> "Place":
        return Place(self.document, self.path + keys)

    @property
    def exists(self) -> bool:
        """Whether the file writes this key path."""
        return self.document.has(self.path)

    def above(self, *keys: str | int) -> "Place | None":
        """The nearest place of these keys in a table around this one."""
        for length in range(len(self.path), -1, -1):
            place = Place(self.document, self.path[:length] + keys)
            if place.exists:
                return place
        return None

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
        from webzeug.manifest.positions import decode_offsets

        offsets = decode_offsets(span.source.text, span.start, span.end)
        last = len(offsets) - 1
        return Span(span.source, offsets[min(start, last)], offsets[min(end, last)])


def read_document(path: str, shown: str) -> tuple[Document | None, list[Diagnostic]]:
    """Read and parse a TOML file; ``shown`` is the name that diagnostics give it.

    The file must be a regular one of at most 32 MiB, in UTF-8; a byte order mark is allowed.
    """
    try:
        raw = _read_regular_file(path)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        nowhere = Span(Source(shown, ""), 0, 0)
        message = f"cannot read {shown}: {_reason(error)}"
        help_text = _near(path, shown) if isinstance(error, FileNotFoundError) else ""
        return None, [Diagnostic(UNREADABLE, message, nowhere, help=help_text)]
    return parse_document(raw, shown)


def parse_document(raw: bytes, shown: str) -> tuple[Document | None, list[Diagnostic]]:
    """Parse the bytes of a TOML file. A syntax error is reported alone: the parser stops there."""
    raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        text = raw.decode().replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        return None, [_not_utf8(raw, shown, error)]
    source = Source(shown, text)
    try:
        data = tomli.loads(text)
    except (ValueError, RecursionError) as error:
        from webzeug.manifest.syntax import explain

        return None, [explain(error, source)]
    document = Document(source, data)
    deep = _too_deep(data)
    if deep is not None:
        from webzeug.manifest.syntax import too_deep

        return None, [too_deep(document.place(*deep).key)]
    return document, []


def _too_deep(data: Mapping[str, Any]) -> "KeyPath | None":
    """A key path of more than MAX_DEPTH parts, if there is one; found without recursion."""
    if not _is_too_deep(data):
        return None
    level: list[tuple[KeyPath, Any]] = [((), data)]
    for _ in range(MAX_DEPTH):
        level = [item for path, value in level for item in _inside(path, value)]
    return level[0][0] if level else None


def _is_too_deep(data: Mapping[str, Any]) -> bool:
    # Apart from the path, because nearly all files are not, and a path is built for each table.
    level: list[Any] = [data]
    for _ in range(MAX_DEPTH):
        inside = (value.values() if isinstance(value, dict) else value for value in level)
        level = [item for items in inside for item in items if isinstance(item, (dict, list))]
    return bool(level)


def _inside(
    path: "KeyPath", value: Mapping[str, Any] | list[Any]
) -> "Iterator[tuple[KeyPath, Any]]":
    """The tables and lists directly inside a table or a list, with their key paths."""
    items = value.items() if isinstance(value, Mapping) else enumerate(value)
    return (((*path, key), item) for key, item in items if isinstance(item, (dict, list)))


def _read_regular_file(path: str) -> bytes:
    # O_NONBLOCK: opening a FIFO that nobody writes to would otherwise stop the whole process.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with open(path, "rb", opener=lambda name, _: os.open(name, flags)) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "it is not a regular file")
        raw = file.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise OSError(errno.EFBIG, f"it is larger than {MAX_BYTES // 2**20} MiB")
    return raw


def _reason(error: OSError | ValueError) -> str:
    match error:
        case FileNotFoundError():
            return "there is no such file"
        case IsADirectoryError():
            return "it is a folder, not a file"
        case PermissionError():
            return "this user may not read it"
        case OSError(strerror=str(reason)):
            return reason[:1].lower() + reason[1:]
        case _:
            return str(error)


def _near(path: str, shown: str) -> str:
    """A question that names a TOML file of almost this name in the same folder."""
    folder, name = os.path.split(path)
    try:
        names = [entry for entry in os.listdir(folder or ".") if entry.endswith(".toml")]
    except OSError:
        return ""
    near = difflib.get_close_matches(name, names, n=1)
    return f"did you mean {os.path.join(os.path.dirname(shown), near[0])}?" if near else ""


def _not_utf8(raw: bytes, shown: str, error: UnicodeDecodeError) -> Diagnostic:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text, start = raw.decode("utf-16", errors="replace"), 0
        message = "the file is UTF-16, and TOML is always UTF-8"
    else:
        text, start = raw.decode(errors="replace"), len(raw[: error.start].decode())
        message = f"the file is not UTF-8: byte 0x{raw[error.start]:02X} is not allowed here"
    source = Source(shown, text.replace("\r\n", "\n"))
    start -= text.count("\r\n", 0, start)
    span = Span(source, start, min(start + 1, len(source.text)))
    help_text = "save the file as UTF-8, the only encoding of TOML"
    return Diagnostic(NOT_UTF8, message, span, help=help_text)
