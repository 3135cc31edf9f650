"""How one table differs from another."""

from tests.support.project import Project
from webzeug.loader import read
from webzeug.manifest.changes import Changes, compare, fingerprints

MANIFEST = """
    [routes]
    "/" = "shop.Index"
    "/a/<int(max=5):id>" = { view = "shop.A", defaults = { x = 1 }, tags = ["t"] }
    "/b" = { GET = "shop.B", PUT = "shop.C" }
    "/c" = { redirect = "/" }
    "/d" = { wsgi = "shop.app" }

    [routes."//api.example.com"]
    middleware = [{ use = "shop.M", with = { size = 1 } }]
    "/e" = "shop.E"
    """


def of(project: Project, text: str) -> dict[str, str]:
    project.write("routes.toml", text)
    manifest = read(str(project.manifest)).manifest
    assert manifest is not None
    return fingerprints(manifest.routes)


def test_the_same_text_has_the_same_fingerprints(project: Project) -> None:
    """Nothing in them depends on the objects, or on where in the file a route stands."""
    old = of(project, MANIFEST)
    new = of(project, "\n    # a comment\n" + MANIFEST)
    assert compare(old, new) == Changes()
    assert list(old) == [
        "/",
        "/a/<int(max=5):id>",
        "GET /b",
        "PUT /b",
        "/c",
        "/d",
        "//api.example.com/e",
    ]


def test_what_a_route_says_is_in_its_fingerprint(project: Project) -> None:
    """Its View, defaults, tags, target and middleware."""
    old = of(project, MANIFEST)
    for before, after, route in (
        ("shop.Index", "shop.Other", "/"),
        ("x = 1", "x = 2", "/a/<int(max=5):id>"),
        ('"t"', '"u"', "/a/<int(max=5):id>"),
        ("shop.C", "shop.D", "PUT /b"),
        ('redirect = "/"', 'redirect = "/b"', "/c"),
        ("shop.app", "shop.other", "/d"),
        ("size = 1", "size = 2", "//api.example.com/e"),
    ):
        assert compare(old, of(project, MANIFEST.replace(before, after))).changed == (route,)


def test_routes_that_come_and_go(project: Project) -> None:
    """They are named as people see them, in file order."""
    old = of(project, MANIFEST)
    new = of(project, MANIFEST.replace('"/c"', '"/f"').replace("PUT", "POST"))
    assert compare(old, new) == Changes(added=("POST /b", "/f"), removed=("PUT /b", "/c"))
