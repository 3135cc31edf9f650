"""Converters that do not exist, and arguments that they do not take."""

import pytest

from tests.support.findings import findings
from tests.support.manifests import read, told
from tests.support.project import Project
from webzeug.checks import TABLE_CHECKS, run_checks
from webzeug.checks.context import Context


@pytest.fixture(autouse=True)
def shop(project: Project) -> None:
    """A View to lead to."""
    project.write("shop.py", "from webzeug import View\nclass A(View): ...\nSku = object()\n")


@pytest.mark.parametrize(
    "pattern",
    [
        "/<a>/<default:b>/<string:c>/<int:d>/<float:e>/<uuid:f>/<path:g>",
        "/<any(a, b):c>",
        "/<int(min=1, max=5, signed=True):a>",
        "/<float(min=1.5):a>",
        "/<string(length=2):a>/<string(minlength=1, maxlength=3):b>",
        r'/<regex("[a-z]{2}\d"):a>',
        "//<any(eu, us):region>.example.com/",
    ],
)
def test_known_converters(project: Project, pattern: str) -> None:
    """Werkzeug's converters and ours are known, with the arguments that they take."""
    assert findings(project, f"[routes]\n'{pattern}' = 'shop.A'\n") == ()


def test_the_applications_own_converters(project: Project) -> None:
    """A converter of [converters] is known, whatever its arguments, in an include as well."""
    project.write("more.toml", "[routes]\n'/<sku:a>' = 'shop.A'\n")
    text = """
        [routes]
        "/<sku(1, x='y'):a>" = "shop.A"
        "/<int(min='q'):b>/x" = "shop.A"
        "/more" = { include = "more.toml" }
        [converters]
        sku = "shop.Sku"
        int = "shop.Sku"
    """
    assert findings(project, text) == ()


@pytest.mark.parametrize(
    ("pattern", "expected", "advice"),
    [
        ("/<integer:a>", ("WZ108", "integer"), "did you mean `int`?"),
        ("/<str:a>", ("WZ108", "str"), "did you mean `string`?"),
        ("/<a:int>", ("WZ108", "a"), "write <int:a>"),
        ("/<slug(1):a>", ("WZ108", "slug"), "allowed here: default, string, any"),
        ("//<sub:a>.test/", ("WZ108", "sub"), "allowed here"),
        ("/<int(min=5, max=1):a>", ("WZ109", "min=5, max=1"), ""),
        ("/<int(mni=5):a>", ("WZ109", "mni=5"), ""),
        ("/<string(1,5):a>", ("WZ109", "1,5"), ""),
        ('/<regex("("):a>', ("WZ109", '"("'), ""),
        ("/<regex:a>", ("WZ109", "regex"), ""),
        ("/<regex():a>", ("WZ109", "regex"), ""),
        ("/<int(a b):a>", ("WZ109", "a b"), ""),
        ("/<any:a>", ("WZ109", "any"), ""),
        ("/<string(length=99999999999):a>", ("WZ109", "length=99999999999"), ""),
        ("/<string(length=x):a>", ("WZ109", "length=x"), ""),
        ('/<regex("(?i)a"):a>', ("WZ109", '"(?i)a"'), ""),
    ],
)
def test_mistakes(project: Project, pattern: str, expected: tuple[str, str], advice: str) -> None:
    """A mistake is told under the converter's name or its arguments, with a reason or advice."""
    (diagnostic,) = findings(project, f"[routes]\n'{pattern}' = 'shop.A'\n")
    assert told([diagnostic]) == [expected]
    assert diagnostic.help
    assert advice in diagnostic.help


def test_a_groups_mistake_is_told_once(project: Project) -> None:
    """A variable of a group is judged where the group writes it, once for all routes below."""
    project.write("more.toml", "[routes]\n'/x' = 'shop.A'\n")
    found = findings(
        project,
        """
        [routes."/<slug:a>"]
        "/1" = "shop.A"
        "/2" = { GET = "shop.A", POST = "shop.A" }
        "/3" = { include = "more.toml" }
        """,
    )
    assert [(d.kind.code, d.span.line, d.span.text) for d in found] == [("WZ108", 1, "slug")]


def test_the_same_text_in_two_places(project: Project) -> None:
    """The same mistake in two keys is told twice, each under its own."""
    text = "[routes]\n'/a/<slug:a>/<slug:b>' = 'shop.A'\n'/b/<slug:a>' = 'shop.A'\n"
    found = [(d.span.line, d.span.column) for d in findings(project, text)]
    assert found == [(2, 6), (2, 15), (3, 6)]


def test_ignored(project: Project) -> None:
    """A route that ignores a code is not reported for it; the others are."""
    ignoring = "'/<slug:a>' = { view = 'shop.A', ignore = ['WZ108'] }"
    text = f"[routes]\n{ignoring}\n'/b/<slug:a>' = 'shop.A'\n"
    assert [d.span.line for d in findings(project, text)] == [3]


@pytest.mark.parametrize(
    "converters", ["[converters]\nsku = 'x'\n", "[routes.'/x']\ninclude = 'missing.toml'\n"]
)
def test_a_lost_converter_is_not_told_again(project: Project, converters: str) -> None:
    """A converter that is there but wrong, or in a file that is, is not called unknown."""
    manifest, diagnostics = read(project, f"[routes]\n'/<sku:a>' = 'shop.A'\n{converters}")
    found = run_checks(TABLE_CHECKS, Context(manifest))
    assert (len(diagnostics), found) == (1, [])


def test_groups_of_one_name(project: Project) -> None:
    """Two expressions of one segment become one, in which a name stands once."""
    one, two = '<regex("(?P<y>[0-9]{4})"):a>', '<regex("(?P<y>[0-9]{2})"):b>'
    text = f"[routes]\n'/{one}-{two}' = 'shop.A'\n'/{one}/{two}' = 'shop.A'\n"
    [found] = findings(project, text)
    assert (found.kind.code, found.span.line, found.span.text) == (
        "WZ109", 2, '"(?P<y>[0-9]{2})"',
    )  # fmt: skip
