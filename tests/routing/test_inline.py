"""Tables of (pattern, name, handler) triples."""

import pytest

from tests.support.tables import ask, hit, request
from webzeug.manifest.model import Reference, ViewTarget
from webzeug.routing.inline import table_of_triples
from webzeug.routing.urls import Base, URLError, URLOptions, build_url


def test_triples_match_and_build() -> None:
    """Their handlers answer, also those without a name, whose names build no URL."""
    table = table_of_triples(
        [
            ("/", "index", "first"),
            ("/people/<name>/", "hello", "second"),
            ("/count/", None, "third"),
        ]
    )
    assert ask(table, request("/")) == hit("first")
    assert ask(table, request("/people/bob/")) == hit("second", name="bob")
    assert ask(table, request("/count/", "POST")) == hit("third")
    assert build_url(table, Base(), "hello", {"name": "bob"}, URLOptions()) == "/people/bob/"
    assert sorted(table.names) == ["hello", "index"]


@pytest.mark.parametrize("name", ["#0", "", "0", "None"])
def test_any_text_can_be_a_name(name: str) -> None:
    """No route without a name can be taken for the one with it."""
    table = table_of_triples([("/nameless", None, "x"), ("/named", name, "y")])
    assert build_url(table, Base(), name, {}, URLOptions()) == "/named"
    with pytest.raises(URLError):
        build_url(table, Base(), "#1", {}, URLOptions())


def test_a_handler_may_have_several_patterns_under_one_name() -> None:
    """``url_for`` then picks by the variables."""
    table = table_of_triples([("/list/", "list", "x"), ("/list/<int:page>", "list", "x")])
    assert build_url(table, Base(), "list", {"page": 2}, URLOptions()) == "/list/2"
    assert build_url(table, Base(), "list", {}, URLOptions()) == "/list/"


def test_all_mistakes_are_told_at_once() -> None:
    """Each with its pattern, what is wrong, and how to mend it."""
    triples = [
        ("people", None, "a"),
        ("//api.test/x", None, "b"),
        ("/<int(1,2):x>", None, "c"),
        ("/<nope:x>", None, "d"),
        ("/<a>/<a>", None, "e"),
        ("/twice", None, "f"),
        ("/twice", None, "g"),
        ("/one", "name", "h"),
        ("/two", "name", "i"),
        ("/<path:a>/<path:b>/<path:c>", None, "j"),
        ("/sound", None, "k"),
    ]
    with pytest.raises(ValueError, match="people") as caught:
        table_of_triples(triples)
    lines = str(caught.value).splitlines()
    expected = [
        ("people: ", "write /people"),
        ("//api.test/x: ", "a host needs a manifest"),
        ("/<int(1,2):x>: ", "put a space after the comma"),
        ("/<a>/<a>: ", "the variable `a` stands twice"),
        ("/<nope:x>: ", "the converter 'nope' does not exist"),
        ("/<path:a>/<path:b>/<path:c>: ", "all take slashes"),
        ("/twice: ", "is a route already"),
        ("/two: ", "the name `name` is given to another View already"),
    ]
    assert len(lines) == len(expected)
    for line, (start, part) in zip(lines, expected, strict=True):
        assert line.startswith(start)
        assert part in line


def test_a_pattern_that_does_not_parse_is_told_once() -> None:
    """Nothing follows from it."""
    with pytest.raises(ValueError, match="is not a variable") as caught:
        table_of_triples([("/<int:>", "x", "y")])
    assert len(str(caught.value).splitlines()) == 1


class Greeting:
    """A handler's owner."""

    @classmethod
    def handle(cls) -> None:
        """Nothing."""


def test_a_route_tells_where_its_handler_is() -> None:
    """For what lists routes: the class of a bound method, a function, or an object's class."""
    table = table_of_triples(
        [("/a", None, Greeting.handle), ("/b", None, Greeting), ("/c", None, Greeting())]
    )
    expected = ViewTarget(Reference(f"{__name__}:Greeting"))
    assert [route.target for route in table.routes] == [expected] * 3


def test_many_triples_compile() -> None:
    """Looking for repetitions takes no time that grows with the square of their number."""
    table = table_of_triples((f"/{number}", None, str(number)) for number in range(3000))
    assert ask(table, request("/2999")) == hit("2999")
