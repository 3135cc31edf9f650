"""TOML syntax errors in plain words: the parser's own, and a repeated key with both its places."""

import re

import tomli

from webzeug.diagnostics import Diagnostic, Kind, Label
from webzeug.manifest.document import MAX_DEPTH
from webzeug.manifest.refusals import Slip, first_too_deep
from webzeug.manifest.repeats import Repeat, find_repeat
from webzeug.manifest.slips import judge
from webzeug.source import Source, Span

SYNTAX = Kind("WZ003", "toml-syntax")
REPEATED_KEY = Kind("WZ004", "repeated-key")

_REPEATED = re.compile(r"overwrite|twice|immutable|redefine|Duplicate")
_LONG_NUMBER = re.compile(r"[0-9_]{4300,}")


def explain(error: ValueError | RecursionError, source: Source) -> Diagnostic:
    """Turn what the parser raised into a diagnostic that says how to mend the line."""
    if isinstance(error, RecursionError):
        return too_deep(Span(source, *first_too_deep(source.text, MAX_DEPTH)))
    if not isinstance(error, tomli.TOMLDecodeError):
        return _long_number(source)
    repeat = find_repeat(source.text) if _REPEATED.search(error.msg) else None
    if repeat is not None:
        return _repeated(repeat, source)
    return _syntax_error(judge(source.text, min(error.pos, len(source.text)), error.msg), source)


def too_deep(span: Span) -> Diagnostic:
    """Tables and lists in each other, deeper than any use."""
    help_text = f"at most {MAX_DEPTH} may stand in each other"
    return Diagnostic(SYNTAX, "tables and lists are nested too deeply", span, help=help_text)


def _long_number(source: Source) -> Diagnostic:
    """Python refuses to read an integer of more than 4300 digits."""
    match = _LONG_NUMBER.search(source.text)
    start, end = match.span() if match else (0, 0)
    return Diagnostic(SYNTAX, "this number has too many digits", Span(source, start, end))


def _syntax_error(slip: Slip, source: Source) -> Diagnostic:
    others = (Label(Span(source, *slip.other[0]), slip.other[1]),) if slip.other else ()
    span = Span(source, slip.start, slip.end)
    return Diagnostic(SYNTAX, slip.message, span, others=others, help=slip.help)


def _repeated(repeat: Repeat, source: Source) -> Diagnostic:
    """A key or table that exists already: show both places."""
    name = str(repeat.path[-1])
    first = Span(source, *(repeat.first.header or repeat.first.key or (0, 0)))
    return Diagnostic(
        REPEATED_KEY,
        f"`{name}` is defined twice",
        Span(source, *repeat.key),
        others=(Label(first, "first here"),),
        help=_mend(repeat, name, source.text),
    )


def _mend(repeat: Repeat, name: str, text: str) -> str:
    value = text[slice(*repeat.first.value)] if repeat.first.value else ""
    if repeat.in_header and name.startswith("/") and value[:1] in ("'", '"'):
        return f"a route that has others below it is a table: write view = {value} under its header"
    if repeat.in_header and value:
        return "write the table in one place: all of it above, or all of it here"
    if repeat.in_header and repeat.first.header and text.startswith("[[", repeat.first.header[0]):
        return f"write one more entry as [[{name}]]"
    if repeat.in_header or repeat.first.header:
        return "write the whole table under one header"
    if name.startswith("/"):
        return "remove one of the two; a View for each verb is written { GET = ..., POST = ... }"
    return "remove one of the two, or give them different keys"
