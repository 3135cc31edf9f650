"""Names: joined, shared, dropped where they are unclear, refused where they clash (rule 5)."""

import pytest

from tests.support.manifests import read, sound, told
from tests.support.project import Project


def _names(project: Project, routes: str) -> list[str | None]:
    return [route.name for route in sound(project, f"[routes]\n{routes}\n").routes]


def test_full_names(project: Project) -> None:
    """The full name is the names of the groups and the own one; a group's view has the group's."""
    routes = """
        [routes."/api"]
        name = "api"
        view = "x.Api"
        "/users" = "x.Users"
        "/users/<id>" = { view = "x.User", name = "user" }

        [routes."/api"."/v1"]
        name = "v1.beta"
        "/x" = "x.Thing"

        [routes."/api"."/nameless"]
        view = "x.Own"
        "/y" = "x.Other"
    """
    names = [route.name for route in sound(project, routes).routes]
    assert names == [
        "api", "api.users", "api.user", "api.v1.beta.thing", "api.own", "api.other",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("routes", "names"),
    [
        # Several routes of one View share its name, written with or without a colon.
        ('"/a" = "x.A"\n"/b" = "x.A"', ["a", "a"]),
        ('"/a" = "x.A"\n"/b" = "x:A"', ["a", "a"]),
        ('"/a" = { view = "x.A", name = "n" }\n"/b" = { view = "x.A", name = "n" }', ["n", "n"]),
        # An explicit name that is another's default: the explicit one has it.
        ('"/a" = "x.Page"\n"/b" = { view = "y.V", name = "page" }', [None, "page"]),
        ('"/a" = { view = "x.Page", name = "page" }\n"/b" = "x.Page"', ["page", "page"]),
        # A default name that two Views would have names neither.
        ('"/a" = "x.Page"\n"/b" = "y.Page"\n"/c" = "x.Other"', [None, None, "other"]),
        ('"/a" = "x.Page"\n"/b" = "y.Page"\n"/c" = "x.Page"', [None, None, None]),
        # The verbs of one pattern are one URL, whatever Views answer them.
        ('"/a" = { GET = "x.A", POST = "x.B", name = "n" }', ["n", "n"]),
        ('"/a" = { view = "x.A", methods = ["GET"], name = "n" }\n'
         '[routes."/"]\n"/a" = { view = "x.B", methods = ["PUT"], name = "n" }', ["n", "n"]),
        # A verb table, a redirect and a mount have no default name.
        ('"/a" = { GET = "x.A" }', [None]),
        ('"/a" = "x.A"\n"/b" = { redirect = "/a" }\n"/c" = { wsgi = "x.app" }', ["a", None, None]),
    ],
)  # fmt: skip
def test_shared_names(project: Project, routes: str, names: list[str | None]) -> None:
    """Who may share a name, and who gets none."""
    assert _names(project, routes) == names


def test_what_is_unclear_is_remembered(project: Project) -> None:
    """A default name that names nothing is kept with the routes that would have had it."""
    manifest = sound(project, '[routes]\n"/a" = "x.Page"\n"/b" = "y.Page"\n"/c" = "x.Z"\n')
    assert {
        name: [route.path for route in routes] for name, routes in manifest.unclear_names.items()
    } == {"page": ["/a", "/b"]}


def test_an_explicit_name_is_not_unclear(project: Project) -> None:
    """Where one route has the name explicitly, it is clear."""
    routes = '"/a" = "x.Page"\n"/b" = "y.Page"\n"/c" = { view = "z.V", name = "page" }'
    manifest = sound(project, f"[routes]\n{routes}\n")
    assert [route.name for route in manifest.routes] == [None, None, "page"]
    assert manifest.unclear_names == {}


def test_clashes(project: Project) -> None:
    """An explicit name that leads elsewhere already is told, under the name; both stay."""
    project.write("public/x", "")
    manifest, diagnostics = read(
        project,
        """
        [routes]
        "/a" = { view = "x.A", name = "n" }
        "/b" = { view = "x.B", name = 'n' }
        "/c" = { GET = "x.C", name = "n", POST = "x.D" }
        "/d" = { redirect = "/a", name = "m" }
        "/e" = { redirect = "/b", name = "m" }
        "/f" = { static = "public", name = "m" }
        """,
    )
    assert told(diagnostics) == [
        ("WZ202", "'n'"),
        ("WZ202", '"n"'),
        ("WZ202", '"m"'),
        ("WZ202", '"m"'),
    ]
    assert [d.others[0].span.line for d in diagnostics] == [2, 2, 5, 5]
    assert len(manifest.routes) == 7


@pytest.mark.parametrize("name", ["a", "a.b", "a-b_c", "_x", "A1.b2"])
def test_names_that_can_be_given(project: Project, name: str) -> None:
    """A name is letters, digits, ``_`` and ``-``, with dots between its parts."""
    assert _names(project, f'"/" = {{ view = "x.Y", name = "{name}" }}') == [name]


@pytest.mark.parametrize("name", ["", "a b", "a/b", ".a", "a.", "a..b", "é", "1a", "-a"])
def test_names_that_cannot_be_given(project: Project, name: str) -> None:
    """Anything else is told: a redirect might take it for a path."""
    _, diagnostics = read(project, f'[routes]\n"/" = {{ view = "x.Y", name = "{name}" }}\n')
    assert told(diagnostics) == [("WZ012", f'"{name}"')]
