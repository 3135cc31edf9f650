"""TOML syntax errors: found where the parser stops, and told in words that mend the line."""

import re

import pytest
import tomli
from hypothesis import example, given, settings
from hypothesis import strategies as st

from webzeug.diagnostics import Diagnostic
from webzeug.manifest.document import parse_document
from webzeug.manifest.refusals import first_too_deep, refusal_at
from webzeug.manifest.repeats import find_repeat
from webzeug.manifest.syntax import explain
from webzeug.source import Source


def _only(text: str) -> Diagnostic:
    document, (diagnostic,) = parse_document(text.encode(), "routes.toml")
    assert document is None
    return diagnostic


# Keys and tables that are defined twice, with tomli as the reference

_KEYS = st.lists(st.sampled_from(["a", "b", '"a"', "'b'"]), min_size=1, max_size=3).map(".".join)
_VALUES = st.sampled_from(
    ["1", '"x"', "[]", "{}", "{a = 1}", "{a.b = 1}", "{a = 1, a = 2}", "{a.b = 1, a.c = 2}",
     "{a.b = 1, a = 2}", "[{a = 1, a = 2}]", "{a = {b = 1}, a.c = 2}", "[{a = 1}, {a = 2}]"]
)  # fmt: skip
_STATEMENTS = (
    st.builds("{} = {}".format, _KEYS, _VALUES)
    | st.builds("[{}]".format, _KEYS)
    | st.builds("[[{}]]".format, _KEYS)
)
_REPEATED = re.compile(r"overwrite|twice|immutable|redefine|Duplicate")


@given(st.lists(_STATEMENTS, max_size=6).map("\n".join))
@example("a.b = 1\n[a]")
@example("[a.b]\n[a]\nb = 1")
@example("[[a]]\n[a.b]\n[[a]]\n[a.b]")
@example("[a]\nb.c = 1\n[a.b]")
@example("[a]\nb.c = 1\n[a.b.d]")
@example("a = []\n[[a]]")
@example("[a.b]\n[[a]]")
@example("[[a.b]]\n[a]\nb = 1")
@example("[[a]]\nb = {c = 1}\n[a.b.d]")
@settings(deadline=None, database=None, max_examples=500)
def test_repeats(text: str) -> None:
    """What tomli refuses because of an earlier key is found on its line; else nothing is."""
    repeat, error = find_repeat(text), _error(text)
    if error is None:
        assert repeat is None
        return
    assert _REPEATED.search(error.msg)
    assert repeat is not None
    start, end = repeat.key
    assert text.count("\n", 0, start) == error.lineno - 1
    assert text[start:end].strip("\"'") == str(repeat.path[-1])
    first = repeat.first.key
    assert first is not None
    assert first < repeat.key


def _error(text: str) -> tomli.TOMLDecodeError | None:
    try:
        tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        return error
    return None


def test_a_repeat_at_the_end_of_the_text() -> None:
    """A header that repeats a table and is not closed is told as the repeat that it is, or not."""
    diagnostic = _only("[a]\n[a")
    assert diagnostic.kind.code in ("WZ003", "WZ004")
    assert find_repeat("[a]\n[a") is None


@pytest.mark.parametrize(
    ("text", "first", "second", "advice"),
    [
        ('"/a" = "x.A"\n"/a" = "x.B"', '"/a"', '"/a"', "{ GET = ..., POST = ... }"),
        ("a = 1\na = 2", "a", "a", "give them different keys"),
        ('["/a"]\n["/a"]', '["/a"]', '"/a"', "under one header"),
        ('"/a" = "x.A"\n["/a"]', '"/a"', '"/a"', 'view = "x.A"'),
        ("'/a' = 'x.A'\n['/a'.'/b']", "'/a'", "'/a'", "view = 'x.A'"),
        ("a = {b = 1}\n[a]", "a", "a", "in one place"),
        ("a = {b = 1}\na.c = 2", "a", "a", "different keys"),
        ("[[a]]\n[a]", "[[a]]", "a", "one more entry as [[a]]"),
        ("[a]\n[[a]]", "[a]", "a", "under one header"),
        ("[a.b]\n[a]\nb.c = 1", "[a.b]", "b", "under one header"),
        ("a = {b = 1, c = 2, b = 3}", "b", "b", "different keys"),
    ],
)
def test_how_a_repeat_is_mended(text: str, first: str, second: str, advice: str) -> None:
    """Both places are shown, and help says how the two become one."""
    diagnostic = _only(text)
    (label,) = diagnostic.others
    assert (diagnostic.kind.code, label.span.text, diagnostic.span.text) == ("WZ004", first, second)
    assert label.span.start < diagnostic.span.start
    assert advice in diagnostic.help


# What is open where the parser stops


@pytest.mark.parametrize(
    ("text", "header", "bracket", "quote"),
    [
        ("a = 1", None, None, None),
        ("[a", 0, None, None),
        ("  [a.b", 2, None, None),
        ("[a]\nb = [1, ", None, 8, None),
        ("b = [[1], {c = [", None, 15, None),
        ("b = [1]", None, None, None),
        ("b = [\n[", None, 6, None),
        ("b = '[' # [\n", None, None, None),
        ('b = "[\\"[" ', None, None, None),
        ("b = '''\n[' '''", None, None, None),
        ('b = """\n["" """ ', None, None, None),
        ('b = "[', None, None, 4),
        ("b = {c = 'x", None, 4, 9),
        ('b = """\n[', None, None, 4),
        ("b = ''' '' ", None, None, 4),
        ("]]}}", None, None, None),
    ],
)
def test_what_is_open(
    text: str, header: int | None, bracket: int | None, quote: int | None
) -> None:
    """The header, the innermost bracket and the string that are open at the end of the text."""
    refusal = refusal_at(text, len(text))
    assert (refusal.header, refusal.bracket, refusal.quote) == (header, bracket, quote)


def test_the_line_of_a_refusal() -> None:
    """A refusal knows its line, and the parts before and after the offset."""
    refusal = refusal_at("x\n  a = b c  \ny", 8)
    assert (refusal.before, refusal.rest, refusal.line) == ("  a = ", "b c  ", "a = b c")
    assert (refusal.is_at_end, refusal_at("a  \n", 1).is_at_end) == (False, True)


@pytest.mark.parametrize(
    ("text", "limit", "offsets"),
    [
        ("a = [[[]]]", 2, (6, 7)),
        ("a = [{b = [1]}]", 2, (10, 11)),
        ("a = [[]] # [[[[\nb = '[[[['", 2, (0, 0)),
        ("[a.b.c.d]", 2, (1, 6)),
        ("a . b . c = 1", 2, (0, 9)),
    ],
)
def test_what_is_too_deep(text: str, limit: int, offsets: tuple[int, int]) -> None:
    """The first bracket or key that is nested deeper than a limit."""
    assert first_too_deep(text, limit) == offsets


# Slips


@pytest.mark.parametrize(
    ("line", "under", "message", "advice"),
    [
        # strings
        ('a = "b', '"b', "this string is not closed", 'write "b"'),
        ('a = " b', '" b', "this string is not closed", 'end it with "'),
        ("a = 'b c", "'b c", "this string is not closed", "write 'b'"),
        ("a = 'b\"", "'b\"", "this string is not closed", "write 'b'"),
        ("a = 'b”", "”", "a string does not end with a curly quote", "write the straight quote '"),
        ("a = '''b", "'''", "this string has no end", "end it with '''"),
        ("a = «b»", "«", "curly quotes are not TOML", 'write straight quotes: "'),
        # headers
        ("[/a b]", "/a b", "a URL pattern must be quoted", 'write [routes."/a b"]'),
        ("[routes./a", "/a", "a URL pattern must be quoted", 'write [routes."/a"]'),
        ("[routes.'/a' . /b/<c>]", "/b/<c>", "a URL pattern must be quoted", "'/a' .\"/b/<c>\"]"),
        ("[[middleware", "[[middleware", "this header is not closed", "write [[middleware]]"),
        ("[a # b", "[a", "this header is not closed", "write [a]"),
        ("[a.]", "]", "a name is missing in this header", "write [routes] for example"),
        ("[[]]", "]", "a name is missing in this header", "write [routes] for example"),
        ("[a 'b']", "'b'", "a dot is missing before this", "write [a.'b']"),
        ("[é]", "é", "`é` cannot stand in a key without quotes", 'write "é"'),
        ("[a é]", "é", "`é` cannot stand in a key without quotes", 'write "a é"'),
        # statements
        ("-- a", "--", "a comment begins with #", "write # instead"),
        ("//", "//", "a comment begins with #", "write # instead"),
        ("//host/a = 'b'", "//host/a", "a URL pattern must be quoted", 'write "//host/a"'),
        ("}", "}", "this } closes nothing", "remove it"),
        (", a = 1", ",", "there is a comma too many", "remove it"),
        ("=======", "=======", "this is a mark of a merge conflict", "keep one of the two sides"),
        ("@a = 1", "@", "`@` cannot stand in a key without quotes", 'write "@a"'),
        ("a.'é'.ü = 1", "ü", "`ü` cannot stand in a key without quotes", ""),
        # keys
        ("a := 1", ":=", "a key is separated from its value by =, not :=", "write ="),
        ("a b = 1", "b", "= is missing before this", "write a ="),
        ("a b/c = 1", "b/c", "= is missing before this", "write a ="),
        ("'a = 1'", "'a = 1'", "this key has no value", ""),
        ("POST /a/<b> = 'x'", "/a/<b>", "a URL pattern must be quoted", '"/a/<b>" = { POST = '),
        ("a = { 'b = 'c' }", "'b = '", "the quotes around this key are not closed", "write 'b' ="),
        ("a = { b, c = 1 }", "b", "this key has no value", 'write b = "package.module.Class"'),
        ("a = { b: 1 }", ":", "a key is separated from its value by =, not :", "write ="),
        # values
        ("a = None", "None", "None is not a TOML value", "leave the key out"),
        ("a = FALSE", "FALSE", "FALSE is not a TOML value", "write false, in lower case"),
        ("a = # b", "=", "a value is missing after =", 'write a = "..."'),
        ("a = [1, , 2]", ",", "there is a comma too many", "remove it"),
        ("a = [, 1]", ",", "there is a comma too many", "remove it"),
        ("a = b:c.d()", "b:c.d()", "a dotted path must be quoted", 'write "b:c.d"'),
        ("a = [b = 1]", "[", "a table is written { ... }, not [ ... ]", "write {"),
        ("a = %", "%", "this is not a TOML value", 'write "%"'),
        ("a = ]", "]", "this is not a TOML value", ""),
        ("a = 12abc", "12abc", "a number has no unit", "write 12"),
        ("a = 1.2.3", "1.2.3", "this is not a TOML value", 'write "1.2.3"'),
        ("a = [1.2.3]", "1.2.3", "this is not a TOML value", 'write "1.2.3"'),
        ("a = 007", "007", "a number has no leading zeros", "write 7"),
        ("a = truely", "truely", "this is not a TOML value", 'write "truely"'),
        ("a = 2026-11-31", "2026-11-31", "there is no such date or time", ""),
        # after values
        ("a = 1 b", "b", "the line must end after the value", "begin a new line here"),
        ("a = 'b';", ";", "the line must end after the value", "remove the ;"),
        ("a = 1]", "]", "this ] closes nothing", "remove it"),
        ("[a] b = 1", "b", "the line must end after", ""),
        # brackets
        ("a = [1", "[", "this list is not closed", "end it with ]"),
        ("a = [1}", "}", "this list is closed with } instead of ]", "write ]"),
        ("a = { b = [1 }", "}", "this list is closed with } instead of ]", "write ]"),
        ("a = { b = 1 ]", "]", "this inline table is closed with ] instead of }", "write }"),
        ("a = { b = 1 c = 2 }", "c", "a comma is missing before this", "write , between"),
        ("a = [1 2]", "2", "a comma is missing before this", "write , between"),
        ("a = { b = 1,", "{", "this inline table is not closed", "end it with }"),
        ("a = {", "{", "this inline table is not closed", "end it with }"),
        # escapes
        (r'a = "\q"', r"\q", r"a backslash in \"...\" begins an escape", "use '...' quotes"),
        (r'a = "\x4"', r"\x", r"after \x there must be two", "use '...' quotes"),
        (r'a = "\u12"', r"\u", r"after \u there must be four", "use '...' quotes"),
        (r'a = "\U0011FFFF"', r"\U0011FFFF", r"\U0011FFFF is not a character", "itself"),
        # characters that nobody sees
        ("a\u00a0= 1", "\u00a0", "there is an invisible character here: U+00A0", "remove it"),
        ("a = 1 \u200b", "\u200b", "there is an invisible character here: U+200B", "remove it"),
        ("a = '\x07'", "\x07", "U+0007, a control character", "remove it"),
        ("# \x7f", "\x7f", "U+007F, a control character", "remove it"),
        ("a = 1\rb = 2", "\r", "a carriage return (U+000D)", "line ends of Unix or Windows"),
    ],
)  # fmt: skip
def test_slips(line: str, under: str, message: str, advice: str) -> None:
    """The commonest slips are told under exactly the text that is wrong."""
    diagnostic = _only(f"# é\n{line}\n\n")
    assert (diagnostic.kind.code, diagnostic.span.text) == ("WZ003", under)
    assert message.replace('\\"', '"') in diagnostic.message
    assert advice in diagnostic.help


def test_an_open_list_before_a_statement() -> None:
    """A list that runs into the next statement is not closed, wherever that stands."""
    for rest in ("b = 1", "'/b' = 'x'", "[b]", "[[b]]\nc = 1"):
        diagnostic = _only(f"a = [1, 2\n\n# comment\n{rest}\n")
        assert (diagnostic.message, diagnostic.span.start) == ("this list is not closed", 4)


def test_an_open_table_before_an_entry() -> None:
    """Before a key on a later line either a comma or the end of the table is missing."""
    diagnostic = _only("a = { b = 1\nc = 2\n")
    assert diagnostic.span.text == "c"
    assert [label.span.text for label in diagnostic.others] == ["{"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f'a = "{"x" * 200_000}" y', "the line must end after the value"),
        (f"a = {{ b = 1, {'x' * 200_000}! }}", "`!` cannot stand in a key without quotes"),
        (f"a{' ' * 200_000}b = 1", "= is missing before this"),
        (f"{'x' * 200_000} =", "a value is missing after ="),
        (f"@{' x' * 200_000} = 1", "`@` cannot stand in a key without quotes"),
        (f"[{'x' * 200_000}/a]", "a URL pattern must be quoted"),
        (f"{'x' * 200_000}/a = 1", "a URL pattern must be quoted"),
        (f'a = "{"x" * 200_000}', "this string is not closed"),
        (f"a = [{'1,' * 200_000}", "this list is not closed"),
    ],
)
def test_long_lines(text: str, message: str) -> None:
    """A slip on a very long line is judged by what is near."""
    assert _only(text).message == message


def test_what_no_judgement_knows() -> None:
    """A message of the parser that nobody has foreseen is passed on."""
    error = tomli.TOMLDecodeError("Something new", "a = b c", 4)
    diagnostic = explain(error, Source("x.toml", "a = b c"))
    assert diagnostic.message == "this is not valid TOML: something new"
    assert diagnostic.span.text == "b"


def test_a_number_that_python_refuses() -> None:
    """An integer of more than 4300 digits is found in the text."""
    diagnostic = _only(f"a = 1\nb = [{'1_2' * 2500}]")
    assert (diagnostic.message, diagnostic.span.line) == ("this number has too many digits", 2)
