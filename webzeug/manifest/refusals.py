"""Where the TOML parser stopped, and what was open there."""

import re
from dataclasses import dataclass

Offsets = tuple[int, int]

# Some of the expressions that look at a line are quadratic in what they look at.
_NEAR = 500

_TOKEN = re.compile(
    r"""
    \#[^\n]*
    | \"{3}(?:[^"\\]++|\\.|"(?!""))*+"{3,5}
    | '{3}(?:[^']++|'(?!''))*+'{3,5}
    | "(?!"")(?:[^"\\\n]++|\\[^\n])*+"
    | '(?!'')[^'\n]*'
    | [^#"'\[\]{}]+
    | .
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Slip:
    """What is wrong between two offsets, another place that matters, and how to mend it."""

    message: str
    start: int
    end: int
    help: str = ""
    other: tuple[Offsets, str] | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """The parser stopped at ``offset``; up to there, the text is valid.

    ``header`` is the ``[`` of a table's header, ``bracket`` the innermost ``[`` or ``{`` of a
    value, ``quote`` the quote of a string without an end, each if it is open at the offset.
    """

    text: str
    offset: int
    header: int | None = None
    bracket: int | None = None
    quote: int | None = None

    @property
    def line(self) -> str:
        """The line of the offset, without the blanks around it."""
        return f"{self.before}{self.rest}".strip()

    @property
    def before(self) -> str:
        """The part of the line before the offset, or the end of that if it is long."""
        start = self.text.rfind("\n", 0, self.offset) + 1
        return self.text[max(start, self.offset - _NEAR) : self.offset]

    @property
    def rest(self) -> str:
        """The part of the line from the offset on, or the beginning of that if it is long."""
        end = line_end(self.text, self.offset)
        return self.text[self.offset : min(end, self.offset + _NEAR)]

    @property
    def is_at_end(self) -> bool:
        return not self.text[self.offset :].strip()

    def slip(self, message: str, help: str = "", length: int = 1) -> Slip:
        """A slip at the offset."""
        end = min(self.offset + length, len(self.text))
        return Slip(message, self.offset, end, help)

    def word_slip(self, message: str, help: str = "") -> Slip:
        """A slip under the word that begins at the offset."""
        return self.slip(message, help, len(word_of(self.rest)) or 1)


def refusal_at(text: str, offset: int) -> Refusal:
    """What is open at the offset."""
    opened: list[int] = []
    quote = None
    for match in _TOKEN.finditer(text):
        if match.start() >= offset:
            break
        token = match.group()
        if token in ("[", "{"):
            opened.append(match.start())
        elif token in ("]", "}"):
            opened = opened[:-1]
        elif token in ("'", '"'):
            quote = match.start()
            break
    if opened and not text[text.rfind("\n", 0, opened[0]) + 1 : opened[0]].strip():
        return Refusal(text, offset, header=opened[0], quote=quote)
    return Refusal(text, offset, bracket=opened[-1] if opened else None, quote=quote)


def first_too_deep(text: str, limit: int) -> Offsets:
    """The first bracket that more than ``limit`` are open around, or a key of more parts."""
    depth = 0
    for match in _TOKEN.finditer(text):
        depth += (match.group() in ("[", "{")) - (match.group() in ("]", "}"))
        if depth > limit:
            return match.span()
    parts = re.search(rf"(?:[\w-]+\s*\.\s*){{{limit}}}[\w-]+", text)
    return parts.span() if parts else (0, 0)


def line_end(text: str, offset: int) -> int:
    end = text.find("\n", offset)
    return len(text) if end < 0 else end


def word_of(text: str) -> str:
    """What a person would call the first word of a value: up to a blank, comma or bracket."""
    match = re.match(r"[^\s,\]}#]+", text)
    return match.group() if match else ""
