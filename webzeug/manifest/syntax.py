"""TOML syntax errors in plain words, with the commonest mistakes explained."""

import re
from typing import Any

import tomli

from webzeug.diagnostics import Diagnostic, Kind, Label
from webzeug.manifest.positions import KeyPath, scan
from webzeug.source import Source, Span

SYNTAX = Kind("WZ003", "toml-syntax")
REPEATED_KEY = Kind("WZ004", "repeated-key")

_KEY = r"""(?:"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[A-Za-z0-9_-]+)"""
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_KEY}(?:\s*\.\s*{_KEY})*)\s*\]")
_ASSIGNMENT = re.compile(rf"\s*({_KEY}(?:\s*\.\s*{_KEY})*)\s*=")
_BARE_PATTERN = re.compile(r"/[^\s\]=]*")
_DOTTED_VALUE = re.compile(r"[A-Za-z_][\w]*(?:[.:]\w+)+")
_CURLY_QUOTES = "“”„‘’"


def explain(error: tomli.TOMLDecodeError | RecursionError, source: Source) -> Diagnostic:
    """Turn the parser's error into a diagnostic that says how to mend the line."""
    if isinstance(error, RecursionError):
        return Diagnostic(SYNTAX, "the file is nested too deeply", Span(source, 0, 0))
    offset = min(error.pos, len(source.text))
    if "overwrite" in error.msg or "twice" in error.msg or "immutable" in error.msg:
        return _repeated(source, offset)
    return _bad_syntax(source, offset, error.msg)


def _bad_syntax(source: Source, offset: int, message: str) -> Diagnostic:
    rest = source.text[offset : source.text.find("\n", offset) % (len(source.text) + 1)]
    line_start = source.text.rfind("\n", 0, offset) + 1
    before = source.text[line_start:offset]
    if any(quote in rest[:1] for quote in _CURLY_QUOTES if rest):
        end = offset + 1
        advice = ("curly quotes are not TOML", 'write straight quotes: "')
    elif bare := _BARE_PATTERN.match(rest):
        end = offset + bare.end()
        advice = ("a URL pattern must be quoted", f'write "{bare.group()}"')
    elif dotted := _DOTTED_VALUE.match(rest) if before.rstrip().endswith("=") else None:
        end = offset + dotted.end()
        advice = ("a dotted path must be quoted", f'write "{dotted.group()}"')
    else:
        end = offset + 1 if rest else offset
        advice = _advice(message, before, rest)
    text, help_text = advice
    return Diagnostic(SYNTAX, text, Span(source, offset, end), help=help_text)


def _advice(message: str, before: str, rest: str) -> tuple[str, str]:
    if message.startswith("Invalid value"):
        word = rest.split()[0] if rest.split() else ""
        if word.rstrip(",}").lower() in ("true", "false"):
            return "true and false are written in lower case", f"write {word.lower()}"
        if not word:
            return "the value is missing after `=`", "write a value: a View class path in quotes"
        return "this is not a TOML value", "a string needs quotes around it"
    if message.startswith("Illegal character '\\n'"):
        return "the string is not closed on this line", 'end it with "'
    if message.startswith("Expected '=' after a key"):
        return (
            "there must be `=` between a key and its value",
            'write "/path/" = "package.module.Class"',
        )
    if message.startswith("Expected newline or end of document"):
        return "there is something after the end of the value", "begin a new line here"
    if message.startswith("Expected ']'"):
        return "the table header is not closed", "end the header with ]"
    if message.startswith("Unescaped '\\'"):
        return (
            'a backslash in a "..." string begins an escape',
            "use '...' quotes, where it does not",
        )
    if message.startswith("Unclosed inline table"):
        return (
            "the inline table { ... } is not closed",
            "put a comma between its entries and end it with }",
        )
    if message.startswith("Unclosed array"):
        return "the list [ ... ] is not closed", "put a comma between its items and end it with ]"
    return f"this is not valid TOML: {message[:1].lower()}{message[1:]}", ""


def _repeated(source: Source, offset: int) -> Diagnostic:
    """A key or table that exists already: show both places."""
    start, path, span = _statement(source, offset)
    first = _first_place(source, start, path)
    name = ".".join(str(part) for part in path)
    if first is None:
        return Diagnostic(
            REPEATED_KEY,
            f"`{name}` cannot be extended here" if name else "this key exists already",
            span,
            help="write the whole table in one place",
        )
    return Diagnostic(
        REPEATED_KEY,
        f"`{path[-1]}` is there already",
        span,
        others=(Label(first, "it stands here first"),),
        help=_mend_repeat(source, first, span, str(path[-1])),
    )


def _mend_repeat(source: Source, first: Span, second: Span, key: str) -> str:
    second_is_header = source.text[second.start - 1 : second.start] in ("[", ".")
    if key.startswith("/") and second_is_header and first.text != second.text + "]":
        return f'to give "{key}" both a View and routes below it, write view = "..." in the table'
    if second_is_header:
        return "join the two tables under one header"
    return "remove one of the two, or give them different keys"


def _statement(source: Source, offset: int) -> tuple[int, KeyPath, Span]:
    """The statement that ends at ``offset``: its start, its full key path, its key's span."""
    start = source.text.rfind("\n", 0, max(offset - 1, 0)) + 1
    line = source.text[start:]
    if header := _HEADER.match(line):
        keys = _split(header.group(2))
        return start, tuple(keys), _last_key(source, start + header.start(2), header.group(2))
    while start and not _ASSIGNMENT.match(source.text, start):
        start = source.text.rfind("\n", 0, start - 1) + 1
    assignment = _ASSIGNMENT.match(source.text, start)
    if assignment is None:
        return start, (), Span(source, offset, min(offset + 1, len(source.text)))
    keys = _split(assignment.group(1))
    span = _last_key(source, assignment.start(1), assignment.group(1))
    return start, (*_current_table(source.text[:start]), *keys), span


def _split(keys: str) -> list[str]:
    table: Any = tomli.loads(f"{keys} = 0")
    path: list[str] = []
    while isinstance(table, dict):
        key, table = next(iter(table.items()))
        path.append(key)
    return path


def _last_key(source: Source, start: int, keys: str) -> Span:
    last = list(re.finditer(_KEY, keys))[-1]
    return Span(source, start + last.start(), start + last.end())


def _current_table(before: str) -> KeyPath:
    headers = [match for line in before.split("\n") if (match := _HEADER.match(line))]
    return tuple(_split(headers[-1].group(2))) if headers else ()


def _first_place(source: Source, start: int, path: KeyPath) -> Span | None:
    """Where ``path`` stands in the text before ``start``, which is valid TOML by itself."""
    try:
        tomli.loads(source.text[:start])
    except tomli.TOMLDecodeError:
        return None
    entries = scan(source.text[:start])
    while path and path not in entries:
        path = path[:-1]
    offsets = entries[path].key if path in entries else None
    return Span(source, *offsets) if offsets else None
