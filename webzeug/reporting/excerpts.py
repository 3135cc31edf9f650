"""Lines of a file with something marked in them, cut if they are long."""

from dataclasses import dataclass

from webzeug.source import Span

_LONG = 120
"""A line of more characters is cut around what is marked."""

_BEFORE, _MARKED, _AFTER = 60, 80, 60
"""How many characters are then shown before, of and after the marked text."""

_SENTENCE = 600
"""A message of more characters is cut."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The first line of a span in three parts; what the span holds of it is marked."""

    before: str
    marked: str
    after: str

    @classmethod
    def of(cls, span: Span) -> "Excerpt":
        line = span.source.line(span.line)
        start = span.column - 1
        end = min(start + span.end - span.start, len(line))
        excerpt = cls(line[:start], line[start:end], line[end:])
        return excerpt if len(line) <= _LONG else excerpt._cut()

    def _cut(self) -> "Excerpt":
        before, marked, after = self.before, self.marked, self.after
        if len(before) > _BEFORE:
            before = f"…{before[-_BEFORE:]}"
        if len(marked) > _MARKED:
            return Excerpt(before, f"{marked[:_MARKED]}…", "")
        if len(after) > _AFTER:
            after = f"{after[:_AFTER]}…"
        return Excerpt(before, marked, after)


def cut_line(line: str) -> str:
    """A line in which nothing is marked."""
    return line if len(line) <= _LONG else f"{line[:_LONG]}…"


def cut_sentence(text: str) -> str:
    """A message or help, cut in the middle if it quotes something very long."""
    if len(text) <= _SENTENCE:
        return text
    return f"{text[: _SENTENCE // 2]}…{text[-_SENTENCE // 2 :]}"
