"""What lint says of single patterns, and where it says nothing. The golden files show messages."""

import re

import pytest

from tests.support.project import Project
from webzeug.loader import check

SHOP = """\
from werkzeug.routing import BaseConverter
from webzeug import View
class A(View):
    def GET(self, **variables): ...
class Slow(BaseConverter):
    regex: str = "(a+)+"
class Fine(BaseConverter):
    regex = "a+"
class Twice(BaseConverter):
    regex = "(a+)+"
    regex = "a+"
class Computed(BaseConverter):
    regex = "(a+)+" + "b"
class Heir(Slow):
    other = "(a+)+"
"""


def codes(project: Project, routes: str) -> list[str]:
    """What lint finds in some routes."""
    project.write("shop.py", SHOP)
    project.write("routes.toml", f"[routes]\n{routes}\n")
    return [found.kind.code for found in check(str(project.manifest)).diagnostics]


@pytest.mark.parametrize(
    ("expression", "is_slow"),
    [
        ("(a+)+b", True),
        ("x(a+)+b", True),
        (r"(\d+)*", True),
        (r"(\w+\s?)*", True),
        ("((a|b)+)*c", True),
        ("(x(a+)+y)+z", True),
        ("(a{1,5}){2,}", True),
        ("(.*)*", True),
        ("a+b*c{2,}", False),
        ("([a-z]+-)*[a-z]+", False),
        ("[a-z0-9]+(?:-[a-z0-9]+)*", False),
        (r"(\d{1,3}\.){3}\d{1,3}", False),
        ("([0-9]{4}-[0-9]{2})+", False),
        ("(?:[A-Za-z0-9+]{4})*(?:[A-Za-z0-9+]{2}==)?", False),
        ("([^/]+)+", False),  # it takes all that a segment can be
        (r"[(]a+\)+b", False),
    ],
)
def test_slow_expressions(project: Project, expression: str, is_slow: bool) -> None:
    """Only what was seen to take long is reported."""
    found = codes(project, f"""'/<regex("{expression}"):x>' = "shop.A" """)
    assert found == ["WZ113"] * is_slow


@pytest.mark.parametrize(
    ("converter", "expected"),
    [("Slow", ["WZ113"]), ("Fine", []), ("Twice", []), ("Computed", []), ("Heir", [])],
)
def test_converters_of_ones_own(project: Project, converter: str, expected: list[str]) -> None:
    """An expression counts if it stands in the class as it is."""
    routes = f'"/<word:x>" = "shop.A"\n[converters]\nword = "shop.{converter}"'
    assert codes(project, routes) == expected


def test_an_expression_that_is_none(project: Project) -> None:
    """It has been reported, and what cannot be compiled is not tried."""
    assert codes(project, """'/<regex("(a+)+("):x>' = "shop.A" """) == ["WZ109"]
    assert codes(project, """'/<regex("(a+)+", 1):x>' = "shop.A" """) == ["WZ109"]


@pytest.mark.parametrize(
    ("default", "variable", "expected"),
    [
        ("1", "<int:n>", []),
        ("'1'", "<int:n>", ["WZ114"]),
        ("0", "<int(min=1):n>", ["WZ114"]),
        ("1.5", "<float:n>", []),
        ("'a'", "<string:n>", []),
        ("1", "<string:n>", ["WZ114"]),
        ("'a/b'", "<string:n>", ["WZ114"]),
        ("'a/b'", "<path:n>", []),
        ("'c'", "<any(a, b):n>", ["WZ114"]),
        ("'b'", "<any(a, b):n>", []),
        ("'6e2b9a4e-1f5a-4c9e-8b43-0c7a1d9c1e0f'", "<uuid:n>", []),
        ("'x'", "<uuid:n>", ["WZ114"]),
        ("{ none = true }", "<int:n>", ["WZ114"]),
        ("1", "<int(min='a'):n>", ["WZ109"]),
        ("1", "<word:n>", []),
    ],
)
def test_defaults(project: Project, default: str, variable: str, expected: list[str]) -> None:
    """A default is judged by the built-in converter of the same name's variable."""
    routes = (
        f'"/a" = {{ view = "shop.A", defaults = {{ n = {default} }} }}\n'
        f'"/a/{variable}" = "shop.A"\n[converters]\nword = "shop.Fine"'
    )
    assert codes(project, routes) == expected


@pytest.mark.parametrize(
    ("routes", "expected"),
    [
        ('"/a//b" = "shop.A"', ["WZ105"]),
        ('"/<x>//b" = "shop.A"', ["WZ105"]),
        ('"/a//b" = { view = "shop.A", merge_slashes = false }', []),
        ('"/a//b" = "shop.A"\n[matching]\nmerge_slashes = false', []),
        ('[routes."/a/"]\n"/b" = "shop.A"', []),
        ('"/<path:a>/x" = "shop.A"', []),
        ('"/<path:a>/x/<path:b>" = "shop.A"', ["WZ112"]),
        ('[routes."/<path:a>/x"]\n"/<path:b>" = "shop.A"', ["WZ112"]),
        ('[routes."/<path:a>/x"]\n"/<path:b>/y/<path:c>" = "shop.A"', ["WZ111"]),
        ('"/<path:a>/x/<w:b>/<w:c>" = "shop.A"\n[converters]\nw = "shop.Fine"', []),
        ('"/<path:a>/x/<path:b>" = "shop.A"\n[converters]\npath = "shop.Fine"', []),
        ('"/<path:a>/x/<nothing:b>" = "shop.A"', ["WZ108"]),
    ],
)
def test_slashes(project: Project, routes: str, expected: list[str]) -> None:
    """Doubled ones, and variables that take them, over groups as well."""
    assert codes(project, routes) == expected


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ("string(length=0)", "the empty text alone"),
        ("string(maxlength=0)", "the empty text alone"),
        ("string(1, 0)", "the empty text alone"),
        ("string(minlength=3, maxlength=2)", "min repeat greater than max repeat"),
        ("int(fixed_digits=2, min=100)", "no number of 2 digits is at least 100"),
        ("int(2, 100)", "no number of 2 digits is at least 100"),
        ("int(min=2, max=1)", "no number is at least 2 and at most 1"),
    ],
)
def test_converters_that_take_nothing(project: Project, arguments: str, reason: str) -> None:
    """Or hardly anything: with the reason, and nothing else of the same route."""
    assert codes(project, f'"/a/<{arguments}:x>" = "shop.A"\n"/<int(min=1):y>" = "shop.A"') == [
        "WZ109"
    ]
    (found,) = check(str(project.manifest)).diagnostics
    assert re.search(reason, found.help)


@pytest.mark.parametrize(
    ("pattern", "advice"),
    [
        ("/[id]", "<id>"),
        ("/a/[...rest]/b", "<path:rest>"),
        ("/[[slug]]", "<slug>"),
        ("/a}", "<name>"),
        ("/a]", "<name>"),
    ],
)
def test_brackets(project: Project, pattern: str, advice: str) -> None:
    """Square ones are how other frameworks write variables."""
    project.write("shop.py", SHOP)
    project.write("routes.toml", f'[routes]\n"{pattern}" = "shop.A"\n"//[::1]/x" = "shop.A"\n')
    (found,) = check(str(project.manifest)).diagnostics
    assert f"write {advice}" in found.help
