"""What a page leaves out of a file: the values of ``[config]``, for they may be passwords."""

import re

from webzeug.manifest.schema import TABLES
from webzeug.reporting.excerpts import Excerpt, cut_line, cut_sentence
from webzeug.source import Source, Span

_OPEN = frozenset(table.name for table in TABLES) - {"config"}
"""The tables whose values are shown."""

_HEADER = re.compile(r"\s*\[{1,2}\s*([A-Za-z0-9_-]+)\s*[].]")
_ROUTES = re.compile(r"^\s*\[?\s*routes\s*[].=]", re.MULTILINE)
_WORD = re.compile(r"""[^\s"',=\[\]{}]{3,}""")


def line_of(source: Source, number: int) -> str:
    """A line in which nothing is marked."""
    line = source.line(number).rstrip()
    if not line or _HEADER.match(line) or not _is_hidden(source, number):
        return cut_line(line)
    key, equals, _ = line.partition("=")
    return cut_line(f"{key}= …") if equals else "…"


def excerpt_of(span: Span) -> Excerpt:
    """The marked line of a span."""
    line, start = span.source.line(span.line), span.column - 1
    if _HEADER.match(line) or not _is_hidden(span.source, span.line):
        return Excerpt.of(span)
    key = line[: line.find("=") + 1]
    if start >= len(key):
        return Excerpt(f"{key} " if key else "", "…", "")
    end = min(start + span.end - span.start, len(key))
    return Excerpt(key[:start], key[start:end], f"{key[end:]} …")


def words_about(span: Span, text: str) -> str:
    """A message or help about a place, without the words of a value that is left out there."""
    text = cut_sentence(text)
    if span.source.text and _is_hidden(span.source, span.line):
        _, _, value = span.source.line(span.line).rpartition("=")
        for word in _WORD.findall(value):
            text = text.replace(word, "…")
    return text


def _is_hidden(source: Source, number: int) -> bool:
    """Whether a line may hold such a value; if in doubt, it does. Code is not meant."""
    if source.path.endswith(".py"):
        return False
    if _ROUTES.search(source.text) is None:  # a file for --config, or what --set says
        return True
    for earlier in range(number, 0, -1):
        header = _HEADER.match(source.line(earlier))
        if header is not None:
            return header[1] not in _OPEN
    return not source.line(number).lstrip().startswith(tuple(_OPEN))
