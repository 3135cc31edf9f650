"""Redirects that lead nowhere, or out of the site unasked."""

import pytest

from tests.support.findings import findings
from tests.support.manifests import told
from tests.support.project import Project
from webzeug.checks.redirects import is_off_site


@pytest.fixture(autouse=True)
def shop(project: Project) -> None:
    """Views to lead to."""
    project.write("shop.py", "from webzeug import View\nclass A(View): ...\nclass B(View): ...\n")
    project.write("blog.py", "from webzeug import View\nclass A(View): ...\n")


@pytest.mark.parametrize(
    "routes",
    [
        '"/a" = "shop.A"\n"/b" = { redirect = "a" }',
        '"/a/<x>" = "shop.A"\n"/b/<x>/<y>" = { redirect = "a" }',
        '"/a/<x>" = "shop.A"\n"/b" = { redirect = "a", defaults = { x = 1 } }',
        '"/a/<x>" = { view = "shop.A", name = "n" }\n"/a" = { view = "shop.A", name = "n", '
        'defaults = { x = 1 } }\n"/b" = { redirect = "n" }',
        '"//<r>.test/a" = "shop.A"\n"//<r>.test/b" = { redirect = "a" }',
        '"/b" = { redirect = "/anything?a=b#c" }',
        '"/b/<x>" = { redirect = "/<x>/<int:x>" }',
        '"/b" = { redirect = "https://x.test/?a=b", external = true }',
        '"/b" = { redirect = "//x.test/", external = true }',
        '"/b/<x>" = { redirect = "https://x.test/<x>", external = true }',
        '"/b" = { redirect = "g.a" }\n[routes."/g"]\nname = "g"\n"/x" = "shop.A"',
        '"/a" = { redirect = "b", name = "a" }\n"/b" = { redirect = "a", name = "b" }',
    ],
)
def test_sound_redirects(project: Project, routes: str) -> None:
    """A redirect to a name, a path or another site, with all its variables, is silent."""
    assert findings(project, f"[routes]\n{routes}\n") == ()


@pytest.mark.parametrize(
    ("routes", "expected", "advice"),
    [
        ('"/item" = { redirect = "itme" }\n"/a" = { view = "shop.A", name = "item" }',
         ("WZ204", '"itme"'), "did you mean `item`?"),
        ('"/b" = { redirect = "nothing" }', ("WZ204", '"nothing"'), "write a route's name"),
        ('"/b" = { redirect = "" }', ("WZ204", '""'), "write a route's name"),
        ('"/b" = { redirect = "new/x" }', ("WZ204", '"new/x"'), 'write "/new/x"'),
        ('"/b" = { redirect = "../x" }', ("WZ204", '"../x"'), 'write "/x"'),
        ('"/b" = { redirect = "https://x.test/" }', ("WZ206", '"https://x.test/"'), "external"),
        ('"/b" = { redirect = "//x.test/" }', ("WZ206", '"//x.test/"'), "external"),
        ("'/b' = { redirect = '/\\x.test/' }", ("WZ206", "'/\\x.test/'"), "external"),
        ('"/b" = { redirect = "/<x>" }', ("WZ205", "<x>"), "add it to the pattern"),
        ('"/b" = { redirect = "/\\u00e9/<x" }', ("WZ101", "<x"), "write <x>"),
        ('"/b" = { redirect = "/{x}" }', ("WZ104", "{x}"), "write <x>"),
        ('"/a/<x>/<y>" = "shop.A"\n"/b/<x>" = { redirect = "a" }', ("WZ205", '"a"'), "add it"),
    ],
)  # fmt: skip
def test_mistakes(project: Project, routes: str, expected: tuple[str, str], advice: str) -> None:
    """A redirect that leads nowhere is told under the target, or the part that is wrong."""
    (diagnostic,) = findings(project, f"[routes]\n{routes}\n")
    assert told([diagnostic]) == [expected]
    assert advice in diagnostic.help


def test_all_missing_variables_are_named(project: Project) -> None:
    """The variables that a target needs are named together."""
    (diagnostic,) = findings(
        project, '[routes]\n"/a/<x>/<y>/<z>" = "shop.A"\n"/b/<y>" = { redirect = "a" }\n'
    )
    assert diagnostic.message == "the target needs `x` and `z`, which `/b/<y>` does not have"


def test_an_unclear_name(project: Project) -> None:
    """A default name of two Views names neither: both are shown."""
    (diagnostic,) = findings(
        project, '[routes]\n"/1" = "shop.A"\n"/2" = "blog.A"\n"/3" = { redirect = "a" }\n'
    )
    assert told([diagnostic]) == [("WZ204", '"a"')]
    assert [label.span.text for label in diagnostic.others] == ['"/1"', '"/2"']
    assert diagnostic.help == 'give the one that is meant a name of its own: name = "a"'


def test_a_name_in_an_include(project: Project) -> None:
    """In an include a name is looked up with the group's prefix first, then as it stands."""
    project.write(
        "more.toml",
        """
        [routes]
        "/x/<id>" = { view = "shop.A", name = "x" }
        "/1" = { redirect = "x" }
        "/2/<id>" = { redirect = "x" }
        "/3" = { redirect = "y" }
        "/4" = { redirect = "yy" }
        "/5" = { redirect = "g.x" }
        """,
    )
    found = findings(
        project,
        """
        [routes."/g"]
        name = "g"
        include = "more.toml"
        [routes]
        "/x" = { view = "shop.A", name = "x" }
        "/y" = { view = "shop.A", name = "y" }
        """,
    )
    assert [(d.kind.code, d.span.line) for d in found] == [("WZ205", 3), ("WZ204", 6), ("WZ205", 7)]
    assert found[1].help == "did you mean `y`?"


@pytest.mark.parametrize(
    ("url", "off_site"),
    [
        ("/a", False), ("/", False), ("a/b", False), ("/a//b", False), ("/a:b", False),
        ("//x", True), ("https://x/", True), ("mailto:a/b", True), ("/\\x", True), ("\\\\x/", True),
        ("JavaScript:x/", True),
    ],
)  # fmt: skip
def test_is_off_site(url: str, off_site: bool) -> None:
    """A target with a scheme, or with two slashes (or backslashes) in front, is another site."""
    assert is_off_site(url) is off_site
