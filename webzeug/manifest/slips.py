"""Slips of the pen in TOML: what the parser's message means to the person who typed the line."""

import re
import unicodedata
from collections.abc import Callable

from webzeug.manifest.refusals import Refusal, Slip, line_end, refusal_at, word_of

_CURLY_QUOTES = "“”„‟‘’‚«»"
_ASSIGNMENT = re.compile(r"""("[^"\n]*"|'[^'\n]*'|[\w.-]+)\s*=""")
_BARE_PATTERN = re.compile(r"/[^\s\]=,}]*")
_LAST_WORD = re.compile(r"[^\s\"'\[\]{},=]*$")
_DOTTED_PATH = re.compile(r"[A-Za-z_]\w*(?:[.:]\w+)+")
_CLASS = '"package.module.Class"'
_SPECIAL_WORDS = {
    "true": "write true, in lower case",
    "false": "write false, in lower case",
    "none": "TOML has no such value: leave the key out",
    "null": "TOML has no such value: leave the key out",
    "nil": "TOML has no such value: leave the key out",
}


def judge(text: str, offset: int, message: str) -> Slip:
    """What went wrong where the parser stopped with this message."""
    refusal = refusal_at(text, offset)
    first = refusal.rest[:1]
    if refusal.quote is not None and offset >= line_end(text, refusal.quote):
        return _open_string(refusal, refusal.quote)
    if first and first in _CURLY_QUOTES:
        return refusal.slip("curly quotes are not TOML", 'write straight quotes: "')
    if first and not first.isprintable() and first not in "\t\n":
        return _invisible_character(refusal)
    if refusal.bracket is not None and (refusal.is_at_end or message.startswith("Unclosed")):
        return _open_bracket(refusal, refusal.bracket)
    if refusal.header is not None and message.startswith(("Invalid initial", "Expected ']")):
        return _header(refusal, refusal.header)
    for beginning, judgement in _JUDGEMENTS.items():
        if message.startswith(beginning):
            return judgement(refusal)
    return refusal.word_slip(f"this is not valid TOML: {message[:1].lower()}{message[1:]}")


def _open_string(refusal: Refusal, start: int) -> Slip:
    """A string without an end on its line or, with three quotes, in the file."""
    text, quote = refusal.text, refusal.text[start]
    if text.startswith(quote * 3, start):
        return Slip("this string has no end", start, start + 3, f"end it with {quote * 3}")
    written = text[start : line_end(text, start)].rstrip()
    if curly := next((character for character in written if character in _CURLY_QUOTES), ""):
        at = start + written.index(curly)
        other = (start, start + 1), "the string begins here"
        message = "a string does not end with a curly quote"
        return Slip(message, at, at + 1, f"write the straight quote {quote}", other)
    word = word_of(written[1:]).rstrip("'\"")
    help_text = f"write {quote}{word}{quote}" if word else f"end it with {quote}"
    return Slip("this string is not closed", start, start + len(written), help_text)


def _open_bracket(refusal: Refusal, start: int) -> Slip:
    """A list or an inline table without an end, or without a comma between two items."""
    closing, name = ("]", "list") if refusal.text[start] == "[" else ("}", "inline table")
    first = refusal.rest[:1]
    if first and first in "]}":
        message = f"this {name} is closed with {first} instead of {closing}"
        return refusal.slip(message, f"write {closing}")
    is_key = _ASSIGNMENT.match(refusal.rest) is not None
    if refusal.is_at_end or first in ("[", "=") or (is_key and name == "list"):
        return Slip(f"this {name} is not closed", start, start + 1, f"end it with {closing}")
    if glued := _glued(refusal):
        return glued
    if is_key and "\n" in refusal.text[start : refusal.offset]:
        end = refusal.offset + len(word_of(refusal.rest))
        other = (start, start + 1), f"the {name} begins here"
        message = f"a comma, or the end of the {name}, is missing before this"
        help_text = f"write , between two entries, or {closing} after the last"
        return Slip(message, refusal.offset, end, help_text, other)
    return refusal.word_slip("a comma is missing before this", "write , between two items")


def _glued(refusal: Refusal) -> Slip | None:
    """A word of which the parser took the beginning for a value: ``127.0.0.1``, ``30s``."""
    match = _LAST_WORD.search(refusal.before)
    if match is None or not match.group():
        return None
    word = match.group() + word_of(refusal.rest)
    start = refusal.offset - len(match.group())
    message, help_text = "this is not a TOML value", f'a text needs quotes: write "{word}"'
    if number := re.fullmatch(r"0+(\d+)", word):
        message, help_text = "a number has no leading zeros", f"write {number.group(1)}"
    elif number := re.fullmatch(r"(\d+)[a-z]+", word):
        message, help_text = "a number has no unit", f"write {number.group(1)}"
    return Slip(message, start, start + len(word), help_text)


def _header(refusal: Refusal, start: int) -> Slip:
    """Something inside the brackets of a table's header."""
    text, offset, rest = refusal.text, refusal.offset, refusal.rest
    written = text[start:offset].rstrip()
    if bare := re.match(r"/[^\]\n]*", rest):
        word = re.sub(r".*[\[.\s]", "", written[-100:])
        pattern = (f"/{word}" if word else "") + bare.group().rstrip()
        table = written[: len(written) - len(word)].strip("[ ") or "routes."
        begin, end = offset - len(word), offset + len(bare.group().rstrip())
        return Slip("a URL pattern must be quoted", begin, end, f'write [{table}"{pattern}"]')
    if rest.startswith("]") and written.startswith("[[") and written != "[[":
        message = "this header is opened with [[ and closed with ]"
        return Slip(message, start, offset + 1, f"write {written}]]")
    if rest.startswith("]"):
        return refusal.slip("a name is missing in this header", "write [routes] for example")
    if not rest.strip() or rest.startswith("#"):
        closing = "]]" if written.startswith("[[") else "]"
        help_text = f"write {written}{closing}"
        return Slip("this header is not closed", start, start + len(written), help_text)
    if rest[0] in "\"'":
        help_text = f"write {written}.{rest.partition(']')[0].rstrip()}]"
        return refusal.word_slip("a dot is missing before this", help_text)
    return _needs_quotes(refusal)


def _statement(refusal: Refusal) -> Slip:
    """A line that begins with something that is no key, header or comment."""
    rest = refusal.rest
    if re.match(r"<{7} |={7}$|>{7} ", rest):
        message = "this is a mark of a merge conflict"
        return refusal.word_slip(message, "keep one of the two sides, and remove the marks")
    if re.match(r"//(\s|$)|;", rest):
        return refusal.word_slip("a comment begins with #", "write # instead")
    if bare := _BARE_PATTERN.match(rest):
        help_text = f'write "{bare.group()}"'
        return refusal.slip("a URL pattern must be quoted", help_text, len(bare.group()))
    if rest.startswith("="):
        return refusal.slip("the key before = is missing", f'write "/path/" = {_CLASS}')
    if rest.startswith("{"):
        help_text = f'begin with [routes], and below it "/" = {_CLASS}'
        return refusal.slip("a manifest is TOML, not JSON", help_text)
    if rest[:1] in ("]", "}"):
        return refusal.slip(f"this {rest[0]} closes nothing", "remove it")
    if rest.startswith(","):
        return refusal.slip("there is a comma too many", "remove it")
    return _needs_quotes(refusal)


def _part(refusal: Refusal) -> Slip:
    """A part of a key that begins with something that is no part of a key."""
    if refusal.bracket is not None and refusal.rest.startswith("["):
        return _open_bracket(refusal, refusal.bracket)
    return _statement(refusal)


def _key(refusal: Refusal) -> Slip:
    """A key without the = that must follow it."""
    before, rest = refusal.before.rstrip(), refusal.rest
    key = before.lstrip()
    if refusal.bracket is not None:
        found = re.search(r"""("[^"]*"|'[^']*'|[\w.-]+)$""", before)
        key = found.group() if found else key
    start = refusal.offset - len(refusal.before) + len(before) - len(key)
    end = start + len(key)
    if key == "--":
        return Slip("a comment begins with #", start, end, "write # instead")
    if re.match(r"""(["']).*=\s*\1$""", key):
        name = key[1:-1].partition("=")[0].rstrip()
        message = "the quotes around this key are not closed"
        return Slip(message, start, end, f"write {key[0]}{name}{key[0]} =")
    if key.startswith('"') and key.count("(") > key.count(")"):
        help_text = "put the key into '...' quotes, inside which \" is only a character"
        return Slip('a " inside of "..." ends the string', end - 1, end, help_text)
    if separator := re.match(r":=|:|=>|->", rest):
        message = f"a key is separated from its value by =, not {separator.group()}"
        help_text = f"write [{key}]" if rest.strip() == ":" else "write ="
        return refusal.slip(message, help_text, len(separator.group()))
    if bare := _BARE_PATTERN.match(rest):
        return _unquoted_pattern(refusal, bare.group())
    if rest.startswith("]"):
        return Slip("this header is not opened", start, refusal.offset + 1, f"write [{key}]")
    if rest[:1] in ("'", '"'):
        return refusal.word_slip("= is missing before this value", f"write {key} = {rest}")
    if not rest.strip() or rest[0] in ",}#":
        is_value = refusal.bracket is not None and key[:1] in ("'", '"')
        help_text = f"write view = {key}" if is_value else f"write {key} = {_CLASS}"
        return Slip("this key has no value", start, end, help_text)
    if key[:1] not in ("'", '"') and not re.match(r"[\w-]", rest, re.ASCII):
        return _needs_quotes(refusal)
    return refusal.word_slip("= is missing before this", f"write {key} =")


def _unquoted_pattern(refusal: Refusal, bare: str) -> Slip:
    """``users/<id>``, or ``GET /users``."""
    last_word = _LAST_WORD.search(refusal.before)
    word = last_word.group() if last_word else ""
    help_text = f'write "{f"/{word}" if word else ""}{bare}"'
    if re.fullmatch(r"[A-Z]+", refusal.before.strip()) and not word:
        help_text = f'write "{bare}" = {{ {refusal.before.strip()} = {_CLASS} }}'
    start, end = refusal.offset - len(word), refusal.offset + len(bare)
    return Slip("a URL pattern must be quoted", start, end, help_text)


def _value(refusal: Refusal) -> Slip:
    """Something that is no value, where one must stand."""
    rest, word = refusal.rest, word_of(refusal.rest)
    if not rest.strip() or rest[0] in "#}":
        return _missing_value(refusal)
    if rest.startswith(","):
        return refusal.slip("there is a comma too many", "remove it")
    if word.lower() in _SPECIAL_WORDS:
        return refusal.word_slip(f"{word} is not a TOML value", _SPECIAL_WORDS[word.lower()])
    if separator := re.match(r"[=>]+", rest):
        message = "a key is separated from its value by a single ="
        return refusal.slip(message, "remove this", len(separator.group()))
    if bare := _BARE_PATTERN.match(rest):
        help_text = f'write "{bare.group()}"'
        return refusal.slip("a URL pattern must be quoted", help_text, len(bare.group()))
    if _ASSIGNMENT.match(rest) and refusal.bracket is not None:
        start = refusal.bracket
        return Slip("a table is written { ... }, not [ ... ]", start, start + 1, "write {")
    if path := re.fullmatch(rf"({_DOTTED_PATH.pattern})(?:\(\))?", word):
        return refusal.word_slip("a dotted path must be quoted", f'write "{path.group(1)}"')
    help_text = f'a text needs quotes: write "{word}"' if word else ""
    return refusal.word_slip("this is not a TOML value", help_text)


def _missing_value(refusal: Refusal) -> Slip:
    before = refusal.before.rstrip()
    key = re.sub(r".*[{,]", "", before.rstrip("= ")).strip()
    value = _CLASS if key.startswith('"/') else '"..."'
    start = refusal.offset - len(refusal.before) + len(before) - 1
    return Slip("a value is missing after =", start, start + 1, f"write {key} = {value}")


def _after_value(refusal: Refusal) -> Slip:
    """Something after the end of a value, on the same line."""
    rest = refusal.rest
    if rest[0] in ",;":
        return refusal.slip("the line must end after the value", f"remove the {rest[0]}")
    if rest[0] in "]}":
        return refusal.slip(f"this {rest[0]} closes nothing", "remove it")
    help_text = 'begin a new line here; a route with options is a table: { view = "...", ... }'
    return _glued(refusal) or refusal.word_slip("the line must end after the value", help_text)


def _escape(refusal: Refusal) -> Slip:
    """A backslash in a basic string; the parser stops after what follows it."""
    start = refusal.text.rfind("\\", 0, refusal.offset)
    written = refusal.text[start : refusal.offset]
    message = f'a backslash in "..." begins an escape, and there is no {written}'
    help_text = "use '...' quotes, inside which a backslash is only a character"
    return Slip(message, start, refusal.offset, help_text)


def _code_point(refusal: Refusal) -> Slip:
    start = refusal.text.rfind("\\", 0, refusal.offset)
    written = refusal.text[start : refusal.offset]
    if len(written) > 2:
        help_text = "write the character itself"
        return Slip(f"{written} is not a character", start, refusal.offset, help_text)
    digits = {"x": "two", "u": "four", "U": "eight"}[written[1]]
    message = f"after {written} there must be {digits} hexadecimal digits of a character"
    help_text = "use '...' quotes, inside which a backslash is only a character"
    return Slip(message, start, refusal.offset, help_text)


def _invisible_character(refusal: Refusal) -> Slip:
    character = refusal.text[refusal.offset]
    if character == "\r":
        message = "a carriage return (U+000D) ends a line only before a line feed"
        return refusal.slip(message, "save the file with the line ends of Unix or Windows")
    name = unicodedata.name(character, "a control character")
    message = f"there is an invisible character here: U+{ord(character):04X}, {name}"
    return refusal.slip(message, "remove it")


def _needs_quotes(refusal: Refusal) -> Slip:
    """A key with a character that cannot stand in a key without quotes."""
    key = re.sub(r"^.*[{,\[]|\s*[=\]].*$", "", refusal.line).strip()
    help_text = "" if re.search(r"[\"'\\.]", key) else f'write "{key}"'
    message = f"`{refusal.rest[:1]}` cannot stand in a key without quotes"
    return refusal.slip(message, help_text)


_JUDGEMENTS: dict[str, Callable[[Refusal], Slip]] = {
    "Invalid statement": _statement,
    "Invalid initial character": _part,
    "Expected '='": _key,
    "Invalid value": _value,
    "Expected newline": _after_value,
    "Unescaped": _escape,
    "Invalid hex": _code_point,
    "Escaped character": _code_point,
    "Invalid date": lambda refusal: refusal.word_slip("there is no such date or time"),
}
