"""What is made of an application as it is on disk, sound or not."""

import os

import pytest

from tests.support.project import Project
from webzeug.loader import Options
from webzeug.server.making import Made, explain, make

VIEWS = """
    import os
    from webzeug import Response, View

    class Index(View):
        def GET(self):
            return Response("hello")

    def fails(app):
        if os.path.exists("broken"):
            raise OSError("not there")
        return "open"
    """

MANIFEST = """
    [routes]
    "/" = "shop.Index"
    """


@pytest.fixture
def shop(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(project.folder)
    project.write("shop.py", VIEWS)
    project.write("routes.toml", MANIFEST)
    return project


def made(*, must_be_sound: bool = False, **options: object) -> Made:
    given = Options(environ=os.environ, development=True, **options)  # type: ignore[arg-type]
    return make("routes.toml", given, must_be_sound=must_be_sound)


def codes(made: Made) -> list[str]:
    return [diagnostic.kind.code for diagnostic in made.diagnostics]


@pytest.mark.parametrize("must_be_sound", [True, False])
def test_a_sound_application(shop: Project, must_be_sound: bool) -> None:
    """There is an App whose resources are open, and a Site to reload it."""
    shop.write("routes.toml", MANIFEST + '    [resources]\n    db = "shop.fails"\n')
    done = made(must_be_sound=must_be_sound)
    assert (done.is_sound, done.is_open, done.diagnostics) == (True, True, ())
    assert done.app is not None
    assert done.site is not None
    assert done.app.resources.db == "open"
    assert done.app.development
    done.app.close()


def test_a_broken_view(shop: Project) -> None:
    """What can be imported is served where there is nothing better; else there is no App."""
    shop.write("routes.toml", MANIFEST + '    "/other" = "other.Index"\n')
    strict, lenient = made(must_be_sound=True), made()
    assert (strict.app, strict.is_sound, codes(strict)) == (None, False, ["WZ305"])
    assert (lenient.site, lenient.is_sound, codes(lenient)) == (None, False, ["WZ305"])
    assert lenient.app is not None
    assert lenient.app.test_client().get("/").text == "hello"


def test_a_broken_manifest(shop: Project) -> None:
    """There is no App; the address is that of the manifest as far as it can be read."""
    shop.write(
        "routes.toml", MANIFEST + '    "/<nope:x>" = "shop.Index"\n    [server]\n    grace = 7'
    )
    done = made()
    assert (done.app, codes(done)) == (None, ["WZ108"])
    assert done.server_options(Options()).grace == 7
    shop.write("routes.toml", "[")
    settings = ["config.x=1", "server.bind=:1", "server.bind = :2 "]
    assert made().server_options(Options(settings=settings)).bind == ":2"
    assert made().server_options(Options()).bind == "127.0.0.1:8000"


def test_a_middleware_that_cannot_be_made(shop: Project) -> None:
    """No request would get through, so there is no App."""
    entry = '    [[middleware]]\n    use = "shop.Nobody"\n'
    shop.write("routes.toml", entry + MANIFEST)
    done = made()
    assert (done.app, codes(done)) == (None, ["WZ305"])


@pytest.mark.parametrize("must_be_sound", [True, False])
def test_a_resource_that_cannot_be_opened(shop: Project, must_be_sound: bool) -> None:
    """The App is there, to be opened later; it is not sound until then."""
    shop.write("broken", "")
    shop.write("routes.toml", MANIFEST + '    [resources]\n    db = "shop.fails"\n')
    done = made(must_be_sound=must_be_sound)
    assert (done.is_sound, done.is_open, codes(done)) == (False, False, ["WZ306"])
    assert done.app is not None
    assert done.site is not None


def test_a_manifest_without_routes(shop: Project) -> None:
    """It does not take the place of a sound one; at the first start it is what it is."""
    shop.write("routes.toml", "[routes]\n")
    strict = made(must_be_sound=True)
    assert (strict.app, strict.is_sound) == (None, False)
    assert strict.diagnostics[-1].is_error


def test_explaining_imports_nothing(shop: Project) -> None:
    """The manifest is read, and that is all."""
    shop.write("shop.py", "raise SystemExit")
    done = explain("routes.toml", Options(environ={}))
    assert (done.app, done.is_sound, done.diagnostics) == (None, False, ())
    assert done.manifest is not None
