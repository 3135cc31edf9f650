"""Places in TOML text, with the parser tomli as the reference."""

import re
import tracemalloc
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import tomli
from hypothesis import example, given, settings
from hypothesis import strategies as st

from webzeug.manifest.positions import Entry, KeyPath, Offsets, decode_offsets, scan

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpora" / "toml-test"
TOML_1_1_LIST = CORPUS / "files-toml-1.1.0"

VALID_BUT_REFUSED: frozenset[str] = frozenset()

# Each is invalid in TOML 1.0 only.
INVALID_BUT_ACCEPTED = frozenset(
    {
        "invalid/datetime/no-secs.toml",
        "invalid/inline-table/linebreak-01.toml",
        "invalid/inline-table/linebreak-02.toml",
        "invalid/inline-table/linebreak-03.toml",
        "invalid/inline-table/linebreak-04.toml",
        "invalid/inline-table/trailing-comma.toml",
        "invalid/local-datetime/no-secs.toml",
        "invalid/local-time/no-secs.toml",
        "invalid/string/basic-byte-escapes.toml",
    }
)

needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason=f"there is no folder {CORPUS}")


# The reference


def _corpus(kind: str) -> list[str]:
    files = (CORPUS / kind).rglob("*.toml")
    return sorted(file.relative_to(CORPUS).as_posix() for file in files)


def _read(name: str) -> str:
    return (CORPUS / name).read_bytes().decode("utf-8-sig").replace("\r\n", "\n")


def _is_accepted(text: str) -> bool:
    try:
        tomli.loads(text)
    except tomli.TOMLDecodeError:
        return False
    return True


def _is_accepted_file(name: str) -> bool:
    try:
        return _is_accepted(_read(name))
    except UnicodeDecodeError:
        return False


def _flatten(data: Mapping[str, Any]) -> dict[KeyPath, Any]:
    """Every key path of parsed data, without recursion."""
    flat: dict[KeyPath, Any] = {}
    rest: list[tuple[KeyPath, Any]] = [((), data)]
    while rest:
        path, value = rest.pop()
        flat[path] = value
        if isinstance(value, dict):
            rest.extend(((*path, key), inner) for key, inner in value.items())
        elif isinstance(value, list):
            rest.extend(((*path, index), inner) for index, inner in enumerate(value))
    del flat[()]
    return flat


def _key_names(written: str) -> list[str]:
    table: Any = tomli.loads(f"{written} = 0")
    names = []
    while isinstance(table, dict):
        ((name, table),) = table.items()
        names.append(name)
    return names


def _check_agreement(text: str) -> None:
    """Assert that ``scan`` and ``decode_offsets`` say of ``text`` what tomli says."""
    values, entries = _flatten(tomli.loads(text)), scan(text)
    assert values.keys() == entries.keys()
    for path, entry in entries.items():
        _check_key(text, path, entry)
        _check_value(text, values[path], entry)
        _check_header(text, path, entry)


def _check_key(text: str, path: KeyPath, entry: Entry) -> None:
    name = path[-1]
    if isinstance(name, int):
        assert entry.key is None
    else:
        assert entry.key is not None
        assert [name] == _key_names(text[slice(*entry.key)])
        _check_characters(text, entry.key, name)


def _check_value(text: str, value: Any, entry: Entry) -> None:
    if entry.value is None:
        assert isinstance(value, dict | list)
        return
    assert entry.header is None
    # repr tells 1 from 1.0 and from True, and finds nan equal to nan.
    assert repr(value) == repr(tomli.loads("v = " + text[slice(*entry.value)])["v"])
    assert text[slice(*entry.value)] == text[slice(*entry.value)].strip()
    if isinstance(value, str):
        _check_characters(text, entry.value, value)


def _check_header(text: str, path: KeyPath, entry: Entry) -> None:
    if entry.header is None:
        return
    written = text[slice(*entry.header)]
    assert [name for name in path if isinstance(name, str)] == _key_names(written.strip("[]"))
    if isinstance(path[-1], int):
        assert (written[:2], written[-2:]) == ("[[", "]]")


def _check_characters(text: str, literal: Offsets, decoded: str) -> None:
    """Assert that each character, put alone between the same quotes, is that character."""
    offsets = decode_offsets(text, *literal)
    assert len(decoded) + 1 == len(offsets)
    found = re.match(r'"""|\'\'\'|"|\'|', text[literal[0] :])
    quote = found.group() if found else ""
    for character, start, end in zip(decoded, offsets[:-1], offsets[1:], strict=True):
        # The x keep a newline or a quote from being taken as part of the opening.
        lone = f"x{text[start:end]}x"
        parsed = tomli.loads(f"v = {quote}{lone}{quote}")["v"] if quote else lone
        assert f"x{character}x" == parsed


# The corpus


@needs_corpus
@pytest.mark.parametrize("name", [n for n in _corpus("valid") if n not in VALID_BUT_REFUSED])
def test_agrees_on_a_valid_file(name: str) -> None:
    """On a valid file of toml-test, paths, keys, values and headers are those of tomli."""
    _check_agreement(_read(name))


@needs_corpus
@pytest.mark.parametrize("name", sorted(INVALID_BUT_ACCEPTED))
def test_agrees_on_an_accepted_invalid_file(name: str) -> None:
    """On a file that only TOML 1.0 forbids, the scanner agrees with tomli too."""
    _check_agreement(_read(name))


@needs_corpus
def test_valid_files_that_tomli_refuses() -> None:
    """The valid files that tomli refuses are those named here."""
    refused = {name for name in _corpus("valid") if not _is_accepted_file(name)}
    assert refused == VALID_BUT_REFUSED


@needs_corpus
def test_invalid_files_that_tomli_accepts() -> None:
    """The invalid files that tomli accepts are those named here."""
    accepted = {name for name in _corpus("invalid") if _is_accepted_file(name)}
    assert accepted == INVALID_BUT_ACCEPTED


@needs_corpus
def test_tomli_is_right_about_toml_1_1() -> None:
    """Of the files listed for TOML 1.1, tomli accepts the valid ones and no other."""
    listed = [n for n in TOML_1_1_LIST.read_text("utf-8").split() if n.endswith(".toml")]
    valid = [name for name in listed if name.startswith("valid/")]
    assert valid
    assert valid == [name for name in listed if _is_accepted_file(name)]


# Generated documents

_NAMES = ["a", "b", "c", "1", "-", "é", "", "#", "]", "=", "a.b", '"', "'", "\t", "\n", "/<int:i>/"]
_SCALARS = [
    "true", "false", "0", "-17", "+1_000", "0xDEAD_beef", "0o17", "0b1", "6.5", "-1e-7", "nan",
    "-inf", "1979-05-27", "1979-05-27T07:32:00Z", "1979-05-27 07:32", "1979-05-27 07:32:00.5-07:00",
    "07:32", "07:32:00.999",
]  # fmt: skip
_SHORT_ESCAPES = {
    "\b": r"\b", "\t": r"\t", "\n": r"\n", "\f": r"\f", "\r": r"\r", "\x1b": r"\e",
    '"': r"\"", "\\": r"\\",
}  # fmt: skip

_characters = st.sampled_from("ab \t\n\r\"'\\#=[]{},.é\U0001f600\x00\x1b") | st.characters(
    exclude_categories=["Cs"]
)
_strings = st.text(_characters, max_size=8)
_spaces = st.text(" \t", max_size=2)
_comments = st.text("a \t\"'#=[]{},.\\é", max_size=6).map(lambda text: f"#{text}")
_line_ends = st.builds("{}{}\n".format, _spaces, st.just("") | _comments)
_gaps = st.lists(_spaces | _line_ends, max_size=2).map("".join)


def _escapes(character: str) -> list[str]:
    """Every way to escape a character."""
    code = ord(character)
    ways = [f"\\U{code:08x}"]
    ways += [f"\\u{code:04X}"] if code < 0x10000 else []
    ways += [f"\\x{code:02x}"] if code < 0x100 else []
    ways += [_SHORT_ESCAPES[character]] if character in _SHORT_ESCAPES else []
    return ways


def _is_plain(character: str) -> bool:
    """Whether a character may stand in any literal without an escape, its quote apart."""
    return character == "\t" or (character >= " " and character != "\x7f")


@st.composite
def _basic(draw: st.DrawFn, strings: st.SearchStrategy[str]) -> str:
    written = ""
    for character in draw(strings):
        plain = [character] if _is_plain(character) and character not in '"\\' else []
        written += draw(st.sampled_from(plain + _escapes(character)))
    return f'"{written}"'


@st.composite
def _long_basic(draw: st.DrawFn) -> str:
    written = draw(st.sampled_from(["", "\n"]))
    for character in draw(_strings):
        if draw(st.integers(0, 5)) == 5:
            written += "\\" + draw(_spaces) + "\n" + draw(st.text(" \t\n", max_size=3))
        plain = (_is_plain(character) and character != "\\") or character == "\n"
        if character == '"' and written.endswith('""'):
            plain = False
        ways = [character] if plain else []
        written += draw(st.sampled_from(ways + _escapes(character)))
    return f'"""{written}"""'


@st.composite
def _literal(draw: st.DrawFn) -> str:
    plain = "".join(filter(_is_plain, draw(_strings)))
    if draw(st.booleans()):
        return "'" + plain.replace("'", "") + "'"
    lines = draw(st.sampled_from(["", "\n", "\n\n"])) + plain + draw(st.sampled_from(["", "\n"]))
    return "'''" + re.sub("'{3,}", "''", lines) + "'''"


@st.composite
def _key_segments(draw: st.DrawFn) -> str:
    name = draw(st.sampled_from(_NAMES))
    if re.fullmatch(r"[A-Za-z0-9_-]+", name) and draw(st.booleans()):
        return name
    if "'" not in name and "\n" not in name and draw(st.booleans()):
        return f"'{name}'"
    return draw(_basic(st.just(name)))


@st.composite
def _keys(draw: st.DrawFn) -> str:
    written = draw(_key_segments())
    for segment in draw(st.lists(_key_segments(), max_size=2)):
        written += draw(_spaces) + "." + draw(_spaces) + segment
    return written


@st.composite
def _assignments(draw: st.DrawFn, values: st.SearchStrategy[str]) -> str:
    return draw(_keys()) + draw(_spaces) + "=" + draw(_spaces) + draw(values)


@st.composite
def _items(draw: st.DrawFn, items: list[str]) -> str:
    """Items with gaps, commas between them, and perhaps one after the last."""
    written = draw(_gaps)
    for index, item in enumerate(items):
        is_last = index == len(items) - 1
        comma = draw(st.sampled_from(["", ","])) if is_last else ","
        written += item + draw(_gaps) + comma + draw(_gaps)
    return written


@st.composite
def _arrays(draw: st.DrawFn, values: st.SearchStrategy[str]) -> str:
    return "[" + draw(_items(draw(st.lists(values, max_size=3)))) + "]"


@st.composite
def _inline_tables(draw: st.DrawFn, values: st.SearchStrategy[str]) -> str:
    kept: list[str] = []
    for item in draw(st.lists(_assignments(values), max_size=3)):
        if _is_accepted("v = {" + ",".join([*kept, item]) + "}"):
            kept.append(item)
    return "{" + draw(_items(kept)) + "}"


_scalars = st.sampled_from(_SCALARS) | _basic(_strings) | _long_basic() | _literal()
_values = st.recursive(_scalars, lambda inner: _arrays(inner) | _inline_tables(inner), max_leaves=6)


@st.composite
def _statements(draw: st.DrawFn) -> str:
    kind = draw(st.sampled_from(["=", "=", "[", "[["]))
    if kind == "=":
        return draw(_assignments(_values))
    return kind + draw(_spaces) + draw(_keys()) + draw(_spaces) + "]" * len(kind)


@st.composite
def _documents(draw: st.DrawFn) -> str:
    """A valid document: a statement that would make it invalid is left out."""
    text = draw(_gaps)
    for statement in draw(st.lists(_statements(), max_size=8)):
        longer = text + draw(_spaces) + statement + draw(_line_ends) + draw(_gaps)
        if _is_accepted(longer):
            text = longer
    return text.rstrip("\n") if draw(st.booleans()) else text


@given(_documents())
@example("")
@example("# nothing")
@example(r'"\b\t\n\f\r\e\"\\\x41\u00e9\U0001F600" = 1')
@example("[[a]]\n[[a.b]]\n[[a.b]]\n[a.b.c]\n[[a]]\n[[a.b]]\nd.e = 1")
@example("a.b.c = 1\na.b.d = 2\n[e.f]\n[e]\ng = {h.i = 1, h.j = 2}")
@example('a = """""x"""""\nb = """a"b""c"""\nc = """""""\nd = \'\'\'\'\'x\'\'\'\'\'')
@settings(deadline=None, database=None)
def test_agrees_on_generated_documents(text: str) -> None:
    """On any document that tomli accepts, scan and decode_offsets agree with it."""
    _check_agreement(text)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a = " + "[" * 400 + "]" * 400, 400),
        ("a = " + "{a=" * 400 + "1" + "}" * 400, 401),
        ("[" + ".".join("a" * 900) + "]", 900),
    ],
    ids=["arrays", "inline-tables", "key-segments"],
)
def test_nesting_as_deep_as_tomli_allows(text: str, count: int) -> None:
    """The deepest text that tomli accepts has an entry per level."""
    assert _is_accepted(text)
    assert count == len(scan(text))


@pytest.mark.parametrize(
    "text",
    [
        'a = "' + "x" * 500_000 + '"',
        'a = """' + "x\n" * 250_000 + '"""',
        "a = '''" + "x\n" * 250_000 + "'''",
        "#\n" * 250_000,
        "\n \n" * 150_000,
    ],
    ids=["basic", "long-basic", "long-literal", "comments", "blank-lines"],
)
def test_a_long_stretch_takes_no_memory(text: str) -> None:
    """A match keeps nothing per character: its memory is far below the length of the text."""
    tracemalloc.start()
    try:
        scan(text)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < len(text) // 10


# decode_offsets


@given(st.data())
@settings(deadline=None, database=None)
def test_offsets_of_a_basic_string(data: st.DataObject) -> None:
    """Each character of a basic string stands between its offset and the next."""
    literal = data.draw(_basic(_strings))
    before = data.draw(st.sampled_from(["", "k = ", '"q" = ']))
    text = before + literal + " # after"
    decoded = tomli.loads(f"v = {literal}")["v"]
    offsets = decode_offsets(text, len(before), len(before) + len(literal))
    assert len(decoded) + 1 == len(offsets)
    pieces = [text[i:j] for i, j in pairwise(offsets)]
    assert list(decoded) == [tomli.loads(f'v = "{piece}"')["v"] for piece in pieces]
    assert literal == '"' + "".join(pieces) + '"'


@pytest.mark.parametrize(
    ("literal", "offsets"),
    [
        ("bare-key", (0, 1, 2, 3, 4, 5, 6, 7, 8)),
        ('""', (1,)),
        ("''", (1,)),
        ('""""""', (3,)),
        ("''''''", (3,)),
        (r"'a\n'", (1, 2, 3, 4)),
        (r'"a\n\x41\u00e9\U0001F600\e"', (1, 2, 4, 8, 14, 24, 26)),
        (r'"\\n"', (1, 3, 4)),
        ('"""\nab"""', (4, 5, 6)),
        ("'''\nab'''", (4, 5, 6)),
        ('"""a\\\n  b"""', (3, 8, 9)),
        ('"""\\ \t\n\n a\\\n"""', (9, 12)),
        ('"""a"""""', (3, 4, 5, 6)),
        ("'''a'''''", (3, 4, 5, 6)),
    ],
)
def test_offsets_by_hand(literal: str, offsets: tuple[int, ...]) -> None:
    """The offsets of each kind of literal, counted by hand."""
    assert offsets == decode_offsets(literal, 0, len(literal))


# Spans by hand

EXAMPLE = """\
# manifest
title = "été" # comment "x" = 1

[ routes . "/items/" ]
GET = 'shop.items'
"größe\\u0021" = 1979-05-27 07:32

[site.deep]
on = true

[site]
limits.low = 1
limits.high = [
  2,  # [no]
  { unit = "kg",
    tags = [], },
]

[[ use ]]
class = '''
m.A'''

[use.options]
level = 0x1F

[["use"]]
"""


def _at(fragment: str, within: str = "") -> Offsets:
    """Where a fragment stands: it and ``within``, in which it is looked for, occur once."""
    context = within or fragment
    assert EXAMPLE.count(context) == context.count(fragment) == 1
    start = EXAMPLE.index(context) + context.index(fragment)
    return start, start + len(fragment)


def test_spans_by_hand() -> None:
    """Each span of a small manifest is exactly the text as written."""
    routes_header, site_header = _at('[ routes . "/items/" ]'), _at("[site]")
    array = '[\n  2,  # [no]\n  { unit = "kg",\n    tags = [], },\n]'
    expected: dict[KeyPath, Entry] = {
        ("title",): Entry(_at("title"), _at('"été"'), None),
        ("routes",): Entry(_at("routes"), None, None),
        ("routes", "/items/"): Entry(_at('"/items/"'), None, routes_header),
        ("routes", "/items/", "GET"): Entry(_at("GET"), _at("'shop.items'"), None),
        ("routes", "/items/", "größe!"): Entry(
            _at('"größe\\u0021"'), _at("1979-05-27 07:32"), None
        ),
        ("site",): Entry(_at("site", "[site]"), None, site_header),
        ("site", "deep"): Entry(_at("deep"), None, _at("[site.deep]")),
        ("site", "deep", "on"): Entry(_at("on", "on = true"), _at("true"), None),
        ("site", "limits"): Entry(_at("limits", "limits.low"), None, None),
        ("site", "limits", "low"): Entry(_at("low"), _at("1", "low = 1"), None),
        ("site", "limits", "high"): Entry(_at("high"), _at(array), None),
        ("site", "limits", "high", 0): Entry(None, _at("2", "  2,"), None),
        ("site", "limits", "high", 1): Entry(None, _at('{ unit = "kg",\n    tags = [], }'), None),
        ("site", "limits", "high", 1, "unit"): Entry(_at("unit"), _at('"kg"'), None),
        ("site", "limits", "high", 1, "tags"): Entry(_at("tags"), _at("[]"), None),
        ("use",): Entry(_at("use", "[[ use ]]"), None, _at("[[ use ]]")),
        ("use", 0): Entry(None, None, _at("[[ use ]]")),
        ("use", 0, "class"): Entry(_at("class"), _at("'''\nm.A'''"), None),
        ("use", 0, "options"): Entry(_at("options"), None, _at("[use.options]")),
        ("use", 0, "options", "level"): Entry(_at("level"), _at("0x1F"), None),
        ("use", 1): Entry(None, None, _at('[["use"]]')),
    }
    assert expected == scan(EXAMPLE)
