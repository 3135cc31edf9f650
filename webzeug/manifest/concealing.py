"""Diagnostics without the values of ``[config]``, fit for a log: there may be passwords among them.

Files that are not TOML have values as well, so what is one is decided line by line, and where that
is not clear, the whole line is.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from webzeug.diagnostics import Diagnostic
from webzeug.manifest.schema import TABLES
from webzeug.source import Source, Span

_HEADER = re.compile(rf"\s*\[\[?\s*({'|'.join(table.name for table in TABLES)})\b")
_WRITTEN_AT_THE_TOP = re.compile(r"""\s*["']?config["']?\s*[.=]""")
_KEY = re.compile(r"""\s*[A-Za-z0-9_-]+(\s*\.\s*[A-Za-z0-9_-]+)*\s*=(?=\s*["'\[{0-9tf])""")
_SETTING = re.compile(r"\s*config\b[^=]*=?")


def conceal(diagnostics: Iterable[Diagnostic], config: str | None) -> tuple[Diagnostic, ...]:
    """Diagnostics in which each character of a value of ``[config]`` is a star.

    ``config`` is the path of the file with values on top of these, all of which are concealed.
    """
    concealed: dict[Source, Source] = {}

    def moved(span: Span) -> Span:
        source = concealed.setdefault(span.source, _concealed(span.source, config))
        return replace(span, source=source)

    def one(diagnostic: Diagnostic) -> Diagnostic:
        others = tuple(replace(label, span=moved(label.span)) for label in diagnostic.others)
        span = moved(diagnostic.span)
        secret = span.source.line(span.line) != diagnostic.span.source.line(span.line)
        told = _told(diagnostic) if secret else diagnostic
        return replace(told, span=span, others=others)

    return tuple(map(one, diagnostics))


def _told(diagnostic: Diagnostic) -> Diagnostic:
    """A diagnostic without the words that quote the value it is about."""
    from webzeug.manifest.syntax import SYNTAX

    if diagnostic.kind is SYNTAX:
        message = "this is not TOML; values of [config] are not shown here"
        return replace(diagnostic, message=message, help="see it with `webzeug lint`")
    return replace(diagnostic, message=diagnostic.message.partition(", not ")[0])


def _concealed(source: Source, config: str | None) -> Source:
    if source.path == "--set":
        return Source(source.path, _after(_SETTING, source.text, otherwise=source.text))
    lines = _lines(source.text, is_config=source.path == config)
    return Source(source.path, "\n".join(lines))


def _lines(text: str, *, is_config: bool) -> Iterator[str]:
    is_root = not is_config
    for line in text.split("\n"):
        if is_root and (header := _HEADER.match(line)):
            is_config = header[1] == "config"
            yield line
            continue
        if is_root and _WRITTEN_AT_THE_TOP.match(line):
            is_config = True
        yield _after(_KEY, line) if is_config else line


def _after(pattern: re.Pattern[str], line: str, otherwise: str | None = None) -> str:
    """A line with stars in place of all that stands after what a pattern matches."""
    match = pattern.match(line)
    if match is None and otherwise is not None:
        return otherwise
    start = match.end() if match else 0
    return line[:start] + re.sub(r"\S", "*", line[start:])
