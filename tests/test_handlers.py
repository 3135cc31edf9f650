"""What answers a manifest's routes: linked when first needed, tried again after a failure."""

import sys

import pytest

from tests.support.project import Project
from webzeug import ManifestError

VIEWS = """
    from webzeug import Response, View

    class Index(View):
        def GET(self):
            return Response("index")

        def ERROR(self, error):
            return Response(f"page of {error.code}")

    class Silent(View):
        pass

    def app(environ, start_response):
        return Response("mounted")(environ, start_response)
"""


def test_every_kind_of_target(project: Project) -> None:
    """A View, one verb of it, a redirect, a file, a folder, a mount."""
    project.write("views.py", VIEWS)
    project.write("public/a.txt", "file")
    project.write(
        "routes.toml",
        """
        [routes]
        "/view" = "views.Index"
        "/verb" = { GET = "views.Index" }
        "/redirect" = { redirect = "/view" }
        "/file" = { static = "public/a.txt", name = "file" }
        "/folder" = { static = "public" }
        "/mount" = { wsgi = "views.app" }
        [errors]
        404 = "views.Index"
        """,
    )
    client = project.load(eager=True).test_client()
    assert client.get("/view").text == "index"
    assert client.get("/verb").text == "index"
    assert client.get("/redirect").headers["Location"] == "/view"
    assert client.get("/file", buffered=True).text == "file"
    assert client.get("/folder/a.txt", buffered=True).text == "file"
    assert client.get("/mount/x").text == "mounted"
    assert client.get("/folder/b.txt").text == "page of 404"


@pytest.mark.parametrize("path", ["/view", "/mount/x", "/missing"])
def test_a_failure_is_tried_again(project: Project, path: str) -> None:
    """While a module is broken its routes are 500, and well once it is mended."""
    project.write("views.py", "1 / 0\n")
    project.write(
        "routes.toml",
        """
        [routes]
        "/view" = "views.Index"
        "/mount" = { wsgi = "views.app" }
        [errors]
        404 = "views.Index"
        """,
    )
    client = project.load().test_client()
    assert [client.get(path).status_code for _ in range(2)] == [500, 500]
    project.write("views.py", VIEWS)
    assert client.get(path).status_code == (404 if path == "/missing" else 200)


def test_what_is_linked_stays_linked(project: Project) -> None:
    """The path is followed once, not at each request."""
    project.write("views.py", VIEWS)
    project.write(
        "routes.toml",
        """
        [routes]
        "/view" = "views.Index"
        "/mount" = { wsgi = "views.app" }
        [errors]
        404 = "views.Index"
        """,
    )
    client = project.load().test_client()
    paths = ["/view", "/mount", "/missing"]
    first = [client.get(path).text for path in paths]
    (project.folder / "views.py").unlink()
    del sys.modules["views"]
    assert [client.get(path).text for path in paths] == first


def test_nothing_is_imported_before_it_is_needed(project: Project) -> None:
    """One broken View is no matter to the others, nor to the error pages."""
    project.write("views.py", VIEWS)
    project.write("broken.py", "1 / 0\n")
    project.write(
        "routes.toml",
        """
        [routes]
        "/" = "views.Index"
        "/broken" = "broken.View"
        "/absent" = { wsgi = "absent.app" }
        [errors]
        500 = "broken.Page"
        """,
    )
    client = project.load().test_client()
    assert client.get("/").text == "index"
    assert "<h1>Not Found</h1>" in client.get("/missing").text
    assert client.get("/broken").status_code == 500
    assert client.get("/").text == "index"


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        (
            '[routes]\n"/" = { PUT = "views.Index" }',
            '"/" = { PUT = "views.Index" } | views.Index has no method PUT',
        ),
        (
            '[routes]\n"/" = { HEAD = "views.Index" }',
            '"/" = { HEAD = "views.Index" } | views.Index has no method HEAD',
        ),
        (
            '[routes]\n[errors]\n404 = "views.Silent"',
            '404 = "views.Silent" | views.Silent has no method ERROR(self, error), which writes '
            "the error's page",
        ),
        (
            '[routes]\n"/" = { wsgi = "views.absent" }',
            '"/" = { wsgi = "views.absent" } | views has no `absent`',
        ),
    ],
)
def test_what_cannot_answer(project: Project, manifest: str, message: str) -> None:
    """It is said where the dotted path stands."""
    project.write("views.py", VIEWS)
    project.write("routes.toml", manifest)
    with pytest.raises(ManifestError) as caught:
        project.load(eager=True)
    (diagnostic,) = caught.value.diagnostics
    span = diagnostic.span
    assert f"{span.source.line(span.line)} | {diagnostic.message}" == message
