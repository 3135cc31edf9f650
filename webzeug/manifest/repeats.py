"""Keys and tables that a TOML text defines a second time."""

from dataclasses import dataclass

from webzeug.manifest.positions import Entry, KeyPath, Offsets, Scanner, Segment


@dataclass(frozen=True, slots=True)
class Repeat:
    """A key path, where the key stands that repeats it, and what stands there first.

    ``in_header`` tells whether the second key stands in a ``[...]``.
    """

    path: KeyPath
    key: Offsets
    first: Entry
    in_header: bool


def find_repeat(text: str) -> Repeat | None:
    """The first key or table that cannot stand where it does, because of an earlier one.

    Up to there the text must be one that the parser accepts; after it, it may be anything.
    """
    finder = _RepeatFinder(text)
    try:
        finder.document()
    except _Found as found:
        return found.repeat
    except IndexError:  # the text ends in the middle of a header
        return None
    return None


class _Found(Exception):  # noqa: N818
    """Ends the search."""

    def __init__(self, repeat: Repeat) -> None:
        self.repeat = repeat


class _RepeatFinder(Scanner):
    """Stops at the first key path that cannot be defined or extended again."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._dotted: set[KeyPath] = set()

    def define(self, path: KeyPath, entry: Entry) -> None:
        first = self.entries.get(path)
        if first is not None and (first.value or first.header or path in self._dotted):
            raise _Found(Repeat(path, _offsets(entry), first, in_header=True))
        super().define(path, entry)

    def append(self, path: KeyPath, entry: Entry) -> None:
        first = self.entries.get(path)
        if first is not None and path not in self.last_index:
            raise _Found(Repeat(path, _offsets(entry), first, in_header=True))
        super().append(path, entry)

    def imply(self, path: KeyPath, segment: Segment, *, in_header: bool) -> None:
        first = self.entries.get(path)
        if first is not None and (first.value or (first.header and not in_header)):
            raise _Found(Repeat(path, (segment.start, segment.end), first, in_header))
        if not in_header:
            self._dotted.add(path)
        super().imply(path, segment, in_header=in_header)

    def claim(self, path: KeyPath, segment: Segment) -> None:
        first = self.entries.get(path)
        if first is not None:
            raise _Found(Repeat(path, (segment.start, segment.end), first, in_header=False))


def _offsets(entry: Entry) -> Offsets:
    assert entry.key is not None, "only an element of an array has no key"
    return entry.key
