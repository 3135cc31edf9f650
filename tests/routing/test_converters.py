"""Our converters, and arguments that a converter does not take."""

import pytest
from werkzeug.routing import BaseConverter

from tests.routing.conftest import TableOf
from tests.support.tables import MISSING, Outcome, ask, hit, request
from webzeug.routing.converters import holds_slashes, known_converters, refusal

REGEX = r"""
[routes]
'/lang/<regex("[a-z]{2}"):lang>' = "v.Lang"
'/dotted/<regex("[^/:]+\.[^/:]+"):name>' = "v.Dotted"
'/tree/<regex("[ab]/[cd]"):branch>/end' = "v.Tree"
'/alternatives/<regex("a|bc"):which>x' = "v.Which"
'/groups/<regex("(\d+)-(\d+)"):range>/<regex("(x)(?:y)"):xy>' = "v.Groups"
"/plain/<name>" = "v.Plain"
'/plain/<regex("\d+"):number>' = "v.Number"
"""


@pytest.mark.parametrize(
    ("target", "outcome"),
    [
        ("/lang/de", hit("lang", lang="de")),
        ("/lang/deu", MISSING),
        ("/lang/DE", MISSING),
        ("/dotted/a.b", hit("dotted", name="a.b")),
        ("/dotted/a.b/c.d", MISSING),
        ("/tree/a/c/end", hit("tree", branch="a/c")),
        ("/tree/a/x/end", MISSING),
        ("/alternatives/ax", hit("which", which="a")),
        ("/alternatives/bcx", hit("which", which="bc")),
        ("/alternatives/a", MISSING),
        ("/groups/1-22/xy", hit("groups", range="1-22", xy="xy")),
        ("/plain/7", hit("plain", name="7")),
    ],
)
def test_regex_matches_text(table: TableOf, target: str, outcome: Outcome) -> None:
    """One segment, unless its expression has a slash; it weighs what a string does."""
    assert ask(table(REGEX), request(target)) == outcome


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("path", "", True),
        ("string", "", False),
        ("regex", '"[a-z]+"', False),
        ("regex", '"a/b"', True),
        ("regex", '"[^/]+"', False),
        ("regex", '"[^/:]+/[^/]"', True),
        ("regex", r'"[^\]/]"', False),
        ("regex", '"[/a]"', True),
    ],
)
def test_which_variables_hold_slashes(name: str, arguments: str, expected: bool) -> None:
    """Those of ``path``, and of expressions with a slash that is not excluded."""
    assert holds_slashes(known_converters({})[name], arguments) is expected


def test_an_applications_converter_wins() -> None:
    """It may replace one of Werkzeug's; ours for hosts it cannot reach."""

    class Own(BaseConverter):
        """Like any other."""

    known = known_converters({"int": Own, "own": Own})
    assert known["int"] is Own
    assert known["own"] is Own
    assert known["path"] is not Own


@pytest.mark.parametrize(
    ("name", "arguments", "reason"),
    [
        ("int", "", None),
        ("int", "min=1, max=5", None),
        ("int", "2, -1", "Cannot parse converter argument"),
        ("int", "2, 1, 5", None),
        ("int", "min=5, max=1", "no number is at least 5 and at most 1"),
        ("float", "min=1.5, max=1", "no number is at least 1.5 and at most 1"),
        ("int", "min='q'", "min must be a number"),
        ("int", "max=x", "max must be a number"),
        ("int", "fixed_digits=x", "fixed_digits must be a number"),
        ("int", "minimum=5", "unexpected keyword argument 'minimum'"),
        ("int", "1,2", "put a space after the comma"),
        ("int", "min=1;max=5", "Cannot parse"),
        ("string", "length=2", None),
        ("string", "1, 5", None),
        ("string", "1,5", "put a space after the comma"),
        ("string", "minlength=5, maxlength=2", "the regular expression is wrong"),
        ("string", "length=x", "invalid literal"),
        ("string", "length=99999999999", "the repetition number is too large"),
        ("any", "", "name what it may be: any(one, other)"),
        ("any", "a, b", None),
        ("any", 'a, "b,1,2"', None),
        ("any", "a1,b2", None),
        ("any", "a1,2", "put numbers into quotes"),
        ("any", "1,2", "put a space after the comma"),
        ("any", '"1", "2"', None),
        ("any", "1, 2", 'put numbers into quotes: any("1", "2")'),
        ("any", 'x1, "a b", True', "put numbers into quotes"),
        ("uuid", "", None),
        ("uuid", "x", "it takes no arguments"),
        ("path", "x", "it takes no arguments"),
        ("path", "x=1", "it takes no arguments"),
        ("path", "", None),
        ("regex", "'[a-z]+'", None),
        ("regex", "", "missing a required argument: 'pattern'"),
        ("regex", "'['", "the regular expression is wrong"),
        ("regex", "'(?i)x'", "the regular expression is wrong"),
        ("regex", r"'(a)\2'", None),
        ("regex", r"'(a)\1'", "the regular expression is wrong"),
        ("regex", "'a', 'b'", "too many positional arguments"),
    ],
)
def test_arguments_that_a_converter_does_not_take(
    name: str, arguments: str, reason: str | None
) -> None:
    """The reason is what its author needs to read; None means that they are sound."""
    found = refusal(known_converters({})[name], arguments)
    if reason is None:
        assert found is None
    else:
        assert found is not None
        assert reason in found
