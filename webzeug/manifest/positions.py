"""Where things stand in a TOML text that the parser has accepted: key paths to offsets."""

import re
from dataclasses import dataclass

KeyPath = tuple[str | int, ...]
"""``("routes", "/items/", "name")``; an int is an index into an array."""

Offsets = tuple[int, int]

# Possessive repeats (*+, ++) because a plain repeat of a group keeps about 100 bytes for each
# round it might go back on: a string of 8 MB would take 900 MB.
_BLANK = re.compile(r"[ \t\n]*+(?:#[^\n]*+[ \t\n]*+)*+")
_SPACES = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BASIC = re.compile(r'"(?:[^"\\\n]++|\\.)*+"')
_LITERAL = re.compile(r"'[^'\n]*'")
_LONG_BASIC = re.compile(r'"""(?:[^"\\]++|\\.|"(?!""))*+""""{0,2}', re.DOTALL)
_LONG_LITERAL = re.compile(r"'''(?:[^']++|'(?!''))*+''''{0,2}")
# A date may hold a blank: 1979-05-27 07:32:00.
_SCALAR = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:[^\s,\]}#]*|[^\s,\]}#]+")
_ESCAPE = re.compile(r"\\(?:x..|u.{4}|U.{8}|.)")
_LINE_CONTINUATION = re.compile(r"\\[ \t]*\n[ \t\n]*")


@dataclass(frozen=True, slots=True)
class Entry:
    """Where one key path stands, each as (start, end).

    ``key``: the key segment as written, None for an array's element. ``value``: the value as
    written, None for a table that headers or dotted keys make. ``header``: the ``[...]`` of a
    table, or of an element of an array of tables.
    """

    key: Offsets | None
    value: Offsets | None
    header: Offsets | None


NOWHERE = Entry(key=None, value=None, header=None)
"""What is known of a key path that stands nowhere in the file."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a dotted key, as it is meant, and where it stands."""

    name: str
    start: int
    end: int


def scan(text: str) -> dict[KeyPath, Entry]:
    """The place of every key path of a TOML 1.1 text whose line ends are ``\\n``.

    The text must be one that the parser accepts; of any other, the result means nothing.
    """
    scanner = Scanner(text)
    scanner.document()
    return scanner.entries


def decode_offsets(text: str, start: int, end: int) -> tuple[int, ...]:
    """The offset of each character of a decoded string or key, and one last for its end.

    ``text[start:end]`` is the literal as written, quotes included. ``offsets[i]`` to
    ``offsets[j]`` is where characters i to j of the decoded string stand in the text.
    """
    quote = next((q for q in ('"""', "'''", '"', "'") if text.startswith(q, start)), "")
    first, last = start + len(quote), end - len(quote)
    if len(quote) == 3 and text.startswith("\n", first):
        first += 1
    if not quote.startswith('"'):
        return tuple(range(first, last + 1))
    offsets: list[int] = []
    position = first
    while position < last:
        continuation = _LINE_CONTINUATION.match(text, position)
        if continuation is not None:
            position = continuation.end()
            continue
        offsets.append(position)
        escape = _ESCAPE.match(text, position)
        position = escape.end() if escape else position + 1
    return (*offsets, last)


@dataclass(slots=True)
class _Container:
    """An array or inline table that is still open."""

    path: KeyPath
    key: Offsets | None
    start: int
    is_table: bool
    length: int = 0


class Scanner:
    """Goes through the text once; nesting is kept in a list, not in recursion.

    ``last_index`` has the index of the last element of each array of tables.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.entries: dict[KeyPath, Entry] = {}
        self.last_index: dict[KeyPath, int] = {}

    def document(self) -> None:
        table: KeyPath = ()
        position = self._skip_blank(0)
        while position < len(self.text):
            if self.text[position] == "[":
                table, position = self._header(position)
            else:
                position = self._assignment(table, position)
            position = self._skip_blank(position)

    def _header(self, start: int) -> tuple[KeyPath, int]:
        """``[a.b]`` or ``[[a.b]]``: the path of the table that begins, and the offset after."""
        brackets = 2 if self.text.startswith("[[", start) else 1
        segments, position = self._key(self._skip_spaces(start + brackets))
        end = position + brackets
        outer: KeyPath = ()
        for segment in segments[:-1]:
            outer = self._into((*outer, segment.name), segment)
        last = segments[-1]
        path: KeyPath = (*outer, last.name)
        entry = Entry((last.start, last.end), None, (start, end))
        if brackets == 1:
            self.define(path, entry)
            return path, end
        self.append(path, entry)
        index = self.last_index[path] = self.last_index.get(path, -1) + 1
        element = (*path, index)
        self.entries[element] = Entry(None, None, (start, end))
        return element, end

    def _into(self, path: KeyPath, segment: Segment) -> KeyPath:
        """Where a segment of a header leads: for an array of tables, to its last element."""
        self.imply(path, segment, in_header=True)
        return (*path, self.last_index[path]) if path in self.last_index else path

    def define(self, path: KeyPath, entry: Entry) -> None:
        """Note a table that a header of its own makes."""
        self.entries[path] = entry

    def append(self, path: KeyPath, entry: Entry) -> None:
        """Note an array of tables, to which a header adds one."""
        self.entries.setdefault(path, entry)

    def imply(self, path: KeyPath, segment: Segment, *, in_header: bool) -> None:
        """Note a table that is there because something inside it is."""
        self.entries.setdefault(path, Entry((segment.start, segment.end), None, None))

    def claim(self, path: KeyPath, segment: Segment) -> None:
        """Called with each key that a value follows, before that is noted."""

    def _assignment(self, table: KeyPath, position: int) -> int:
        path, key, position = self._key_of_value(table, position)
        return self._value(path, key, position)

    def _key_of_value(self, table: KeyPath, position: int) -> tuple[KeyPath, Offsets, int]:
        """``a.b = ``: the full path, the last segment, and where the value begins."""
        segments, position = self._key(position)
        path = table
        for segment in segments[:-1]:
            path = (*path, segment.name)
            self.imply(path, segment, in_header=False)
        last = segments[-1]
        self.claim((*path, last.name), last)
        position = self._skip_blank(position + 1)  # past the =
        return (*path, last.name), (last.start, last.end), position

    def _key(self, position: int) -> tuple[list[Segment], int]:
        """The segments of a key, and the offset of what follows it and its blanks."""
        segments: list[Segment] = []
        while True:
            end = self._segment_end(position)
            segments.append(Segment(self._decode(position, end), position, end))
            position = self._skip_spaces(end)
            if self.text[position] != ".":
                return segments, position
            position = self._skip_spaces(position + 1)

    def _segment_end(self, position: int) -> int:
        return (
            _end(_BASIC, self.text, position)
            or _end(_LITERAL, self.text, position)
            or (_end(_BARE_KEY, self.text, position) or position + 1)
        )

    def _decode(self, start: int, end: int) -> str:
        raw = self.text[start:end]
        if raw[0] == "'":
            return raw[1:-1]
        if raw[0] != '"':
            return raw
        return _ESCAPE.sub(lambda match: _unescape(match.group()), raw[1:-1])

    def _value(self, path: KeyPath, key: Offsets | None, position: int) -> int:
        """Note the value at ``position`` and all inside it; return the offset after it."""
        containers: list[_Container] = []
        while True:
            opening = self.text[position]
            if opening in "[{":
                containers.append(_Container(path, key, position, opening == "{"))
                position += 1
            else:
                end = self._scalar_end(position)
                self.entries[path] = Entry(key, (position, end), None)
                position = end
            position = self._close(containers, position)
            if not containers:
                return position
            inner = containers[-1]
            if inner.is_table:
                path, key, position = self._key_of_value(inner.path, position)
            else:
                path, key = (*inner.path, inner.length), None
                inner.length += 1

    def _close(self, containers: list[_Container], position: int) -> int:
        """Close what ends here; return the offset of the next item, or after the last close."""
        while containers:
            position = self._skip_blank(position)
            if self.text[position] == ",":
                position = self._skip_blank(position + 1)
            if self.text[position] not in "]}":
                return position
            position += 1
            closed = containers.pop()
            self.entries[closed.path] = Entry(closed.key, (closed.start, position), None)
        return position

    def _scalar_end(self, position: int) -> int:
        for regex in (_LONG_BASIC, _LONG_LITERAL, _BASIC, _LITERAL):
            end = _end(regex, self.text, position)
            if end:
                return end
        return _end(_SCALAR, self.text, position) or position + 1

    def _skip_blank(self, position: int) -> int:
        return _end(_BLANK, self.text, position) or position

    def _skip_spaces(self, position: int) -> int:
        return _end(_SPACES, self.text, position) or position


def _end(regex: re.Pattern[str], text: str, position: int) -> int:
    """Where a match at ``position`` ends; 0 if there is none."""
    match = regex.match(text, position)
    return match.end() if match else 0


_SHORT_ESCAPES = {
    "b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b", '"': '"', "\\": "\\",
}  # fmt: skip


def _unescape(escape: str) -> str:
    """The character of an escape such as ``\\n`` or ``\\u00e9``."""
    kind = escape[1]
    return chr(int(escape[2:], 16)) if kind in "xuU" else _SHORT_ESCAPES.get(kind, "")
