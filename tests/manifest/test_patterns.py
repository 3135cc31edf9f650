"""URL patterns: parsed as Werkzeug parses them, joined without parsing again."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from werkzeug.routing import BaseConverter, Map, Rule, UnicodeConverter
from werkzeug.routing.rules import parse_converter_args

from webzeug.manifest.document import Place, parse_document
from webzeug.manifest.patterns import (
    EMPTY,
    Literal,
    Pattern,
    Variable,
    join,
    parse_pattern,
    without_trailing_slash,
)
from webzeug.routing.converters import refusal

# The reference


class _Anything(BaseConverter):
    """Takes any arguments."""


class _Recording(Rule):
    """Notes the converters that Werkzeug makes, and makes none of them."""

    def __init__(self, text: str) -> None:
        self.seen: list[tuple[str, str, object, object]] = []
        super().__init__(text, endpoint="x")

    def get_converter(
        self, variable_name: str, converter_name: str, args: object, kwargs: object
    ) -> BaseConverter:
        self.seen.append((variable_name, converter_name, args, kwargs))
        return UnicodeConverter(self.map)


def _by_werkzeug(text: str) -> tuple[Map, _Recording] | None:
    """The pattern as Werkzeug compiles it; None if it refuses."""
    rule = _Recording(text)
    map_ = Map(merge_slashes=False)
    try:
        map_.add(rule)
        map_.update()
    except (ValueError, LookupError, TypeError, SyntaxError):
        return None
    return map_, rule


def _accepted(text: str) -> Pattern | None:
    """The pattern, if we accept it and all its arguments."""
    pattern, problems = parse_pattern(text)
    if pattern is None or problems:
        return None
    takes_all = all(refusal(_Anything, v.arguments) is None for v in pattern.variables)
    return pattern if takes_all else None


_PIECES = [
    "/", "a", "é", "日", "<x>", "<y>", "<int:i>", "<any(a, b):c>", "<int(min=1):n>", "<s(1,2):t>",
    '<regex("[a-z]{2}"):r>', "<p('>'):q>", "<", ">", "(", ")", ":", ",", "x", "<b c>", "<:d>",
    "<e:", "<1>", "<f()>", "<f():g>", "<f(x=1, y='z'):h>", "{",
    "|", ".", "-", "%", "$", "*", "+", "\\",
]  # fmt: skip
_texts = st.lists(st.sampled_from(_PIECES) | st.text(max_size=3), max_size=8).map("".join)


@given(_texts.map("/{}".format))
@example("/<any(a,b):x>/<int(min=1,max=2):y>")
@example("/<a(b(c):d>")
@example("/<a():b>")
@example('/<a("x):y>"):b>')
@settings(deadline=None, database=None, max_examples=500)
def test_agrees_with_werkzeug(text: str) -> None:
    """What we accept, Werkzeug parses into the same variables; what it refuses, we refuse."""
    pattern, compiled = _accepted(text), _by_werkzeug(text)
    if pattern is None or text.startswith("//"):  # a host, not a path
        return
    assert compiled is not None
    map_, rule = compiled
    ours = [
        (variable.name, variable.converter, *parse_converter_args(variable.arguments))
        for variable in pattern.variables
    ]
    assert rule.seen == ours
    path = "".join(p.text if isinstance(p, Literal) else "v" for p in pattern.parts)
    endpoint, _ = map_.bind("localhost").match(path)
    assert endpoint == "x"


def test_most_pieces_are_accepted() -> None:
    """The property above is not about nothing: these are all accepted."""
    texts = ["/", "/a", "/<x>/", "/<int:i>-<any(a, b):c>", '/<regex("[a-z]{2}"):r>', "/<f():g>"]
    assert [text for text in texts if _accepted(text) is None] == []


# Parsing


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ()),
        ("/items", (Literal("/items"),)),
        ("/<name>", (Literal("/"), Variable("name"))),
        ("/<int:id>/", (Literal("/"), Variable("id", "int"), Literal("/"))),
        ("/<any(a, b):c>", (Literal("/"), Variable("c", "any", "a, b"))),
        ("/<f():g>", (Literal("/"), Variable("g", "f"))),
        ("/a-<x>.<y>", (Literal("/a-"), Variable("x"), Literal("."), Variable("y"))),
        (r'/<regex("\d/(a)"):x>', (Literal("/"), Variable("x", "regex", r'"\d/(a)"'))),
    ],
)
def test_parts(text: str, parts: tuple[Literal | Variable, ...]) -> None:
    """A pattern is literal parts and variables; a converter's arguments stay raw text."""
    assert parse_pattern(text) == (Pattern(text, parts), [])


def test_offsets_count_in_the_key() -> None:
    """Of a pattern that begins inside of a key, all offsets count from the key's beginning."""
    pattern, problems = parse_pattern("/<a>/{b}", None, offset=6)
    assert pattern is not None
    assert [(v.start, v.end) for v in pattern.variables] == [(7, 10)]
    assert [(p.start, p.end) for p in problems] == [(11, 14)]


def test_a_variable_knows_where_it_is_written() -> None:
    """A variable's span, and those of its converter and arguments, lie in the key's own text."""
    document, _ = parse_document(rb'"/\u0061/<int(min=1):id>/<x>" = 1', "x.toml")
    assert document is not None
    place = Place(document, ("/a/<int(min=1):id>/<x>",))
    pattern, _ = parse_pattern("/a/<int(min=1):id>/<x>", place)
    assert pattern is not None
    first, second = pattern.variables
    spans = (first.span, first.converter_span, first.arguments_span, second.span)
    assert [s and s.text for s in spans] == ["<int(min=1):id>", "int", "min=1", "<x>"]
    assert parse_pattern("/<x>")[0] == Pattern("/<x>", (Literal("/"), Variable("x")))


def test_a_pattern_without_a_file_has_no_spans() -> None:
    """A variable of a pattern that stands in no file has no span."""
    variable = Variable("id", "int", "min=1")
    spans = (variable.span, variable.converter_span, variable.arguments_span)
    assert spans == (None, None, None)


def test_malformed_means_no_pattern() -> None:
    """With one malformed variable there is no pattern, and the others are judged all the same."""
    pattern, problems = parse_pattern("/<a-b>/<int:c/<self>/{d}")
    assert pattern is None
    codes = [problem.kind.code for problem in problems]
    assert codes == ["WZ101", "WZ101", "WZ104", "WZ103"]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("/<name>", "<name>"),
        ("/<default:name>", "<name>"),
        ("/<int:id>", "<int:id>"),
        ("/<any(a, b):c>", "<any(a, b):c>"),
    ],
)
def test_a_variable_as_text(text: str, written: str) -> None:
    """A variable's text is what would be written for it."""
    pattern, _ = parse_pattern(text)
    assert pattern is not None
    assert [str(variable) for variable in pattern.variables] == [written]


# Shapes and joining


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("/<int:a>", "/<int:b>", True),
        ("/<a>", "/<default:b>", True),
        ("/<int:a>", "/<float:a>", False),
        ("/<int(min=1):a>", "/<int:a>", False),
        ("/a", "/a/", False),
        ("/<a>/b", "/<a>/c", False),
    ],
)
def test_shape(one: str, other: str, same: bool) -> None:
    """Two patterns of one shape differ at most in the names of their variables."""
    first, second = parse_pattern(one)[0], parse_pattern(other)[0]
    assert first is not None
    assert second is not None
    assert (first.shape == second.shape) is same


@given(_texts, _texts)
@settings(deadline=None, database=None)
def test_joined_is_parsed(first: str, second: str) -> None:
    """Joining two patterns gives what parsing their joined text gives."""
    one, other = parse_pattern(first)[0], parse_pattern(second)[0]
    if one is not None and other is not None:
        assert join(one, other) == parse_pattern(first + second)[0]


@given(_texts)
@settings(deadline=None, database=None)
def test_without_a_trailing_slash(text: str) -> None:
    """Cutting a trailing slash gives what parsing the shorter text gives."""
    pattern = parse_pattern(text)[0]
    if pattern is not None:
        assert without_trailing_slash(pattern) == parse_pattern(text.removesuffix("/"))[0]


def test_joining_nothing() -> None:
    """The empty pattern changes nothing."""
    pattern = parse_pattern("/<x>/")[0]
    assert pattern is not None
    assert join(EMPTY, pattern) == pattern == join(pattern, EMPTY)
    assert without_trailing_slash(EMPTY) == EMPTY
