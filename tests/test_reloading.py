"""A manifest is followed in a running process: swapped in whole, or kept out whole."""

import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent

import pytest

from tests.support.project import Project
from webzeug.loader import Options, build
from webzeug.manifest.changes import Changes, digests
from webzeug.manifest.model import Route
from webzeug.pacing import Made, Pace
from webzeug.reloading import Outcome, Reload, Site
from webzeug.routing.leaves import Leaf

VIEWS = """
    from webzeug import Response, View

    class Index(View):
        def GET(self, word="hello"):
            return Response(word)

    class Word:
        made = []

        def __init__(self, app, word):
            self.app, self.word = app, word
            self.made.append(word)
            if word == "wrong":
                raise ValueError("not this one")

        def __call__(self, environ, start_response):
            def start(status, headers, exc_info=None):
                return start_response(status, [*headers, ("X-Word", self.word)], exc_info)
            return self.app(environ, start)
    """

MANIFEST = """
    [routes]
    "/" = "shop.Index"
    "/more" = "shop.Index"
    """


@pytest.fixture
def shop(project: Project) -> Project:
    project.write("shop.py", VIEWS)
    project.write("routes.toml", MANIFEST)
    return project


def site_of(project: Project, **options: str) -> Site:
    given = Options(environ={}, **options)  # type: ignore[arg-type]
    path = str(project.manifest)
    built = build(path, given)
    assert not built.diagnostics
    return Site(path, given, built)


def status(site: Site, path: str) -> int:
    return site.app.test_client().get(path).status_code


def add(project: Project, text: str) -> None:
    project.manifest.write_text(project.manifest.read_text("utf-8") + text, "utf-8")


def codes(reload: Reload) -> list[str]:
    return [diagnostic.kind.code for diagnostic in reload.diagnostics]


def test_a_sound_manifest_is_swapped_in(shop: Project) -> None:
    """The App stays the same object, and answers by the new table; the routes are compared."""
    site = site_of(shop)
    app, generation, digest = site.app, site.generation, site.digest
    shop.write("routes.toml", MANIFEST.replace("/more", "/less"))
    reload = site.reload()
    assert reload.outcome is Outcome.SWAPPED
    assert reload.changes == Changes(added=("/less",), removed=("/more",))
    assert reload.milliseconds > 0
    assert (site.app, site.generation) == (app, generation + 1)
    assert site.digest != digest
    assert (status(site, "/less"), status(site, "/more")) == (200, 404)


def test_a_route_that_says_something_else_has_changed(shop: Project) -> None:
    """Verbs are a part of what a route is; everything else of what it says."""
    site = site_of(shop)
    shop.write(
        "routes.toml",
        """
        [routes]
        "/" = { view = "shop.Index", methods = ["GET"] }
        "/more" = { view = "shop.Index", defaults = { word = "more" } }
        """,
    )
    changes = site.reload().changes
    assert changes == Changes(added=("GET /",), removed=("/",), changed=("/more",))


def test_an_unchanged_manifest_is_left_alone(shop: Project) -> None:
    """The same text is no reload; other line ends and a byte order mark are the same text."""
    site = site_of(shop)
    octets = shop.manifest.read_bytes()
    shop.manifest.write_bytes(b"\xef\xbb\xbf" + octets.replace(b"\n", b"\r\n"))
    assert site.reload().outcome is Outcome.UNCHANGED
    assert site.generation == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[routes", "WZ003"),
        ('[routes]\n"/" = "shop.Nobody"\n', "WZ305"),
        ('[routes]\n"/<nope:x>" = "shop.Index"\n', "WZ108"),
    ],
)
def test_a_broken_manifest_is_kept_out(shop: Project, text: str, code: str) -> None:
    """The table stays, and the diagnostics say why; a mended one is swapped in."""
    site = site_of(shop)
    shop.manifest.write_text(text, "utf-8")
    reload = site.reload()
    assert (reload.outcome, codes(reload)) == (Outcome.BROKEN, [code])
    assert (status(site, "/"), status(site, "/more"), site.generation) == (200, 200, 1)
    shop.write("routes.toml", MANIFEST.replace("/more", "/less"))
    assert site.reload().outcome is Outcome.SWAPPED


def test_a_manifest_without_routes_is_kept_out(shop: Project) -> None:
    """An emptied file is most likely one that is being written."""
    site = site_of(shop)
    for text in ("", "[routes]\n"):
        shop.manifest.write_text(text, "utf-8")
        reload = site.reload()
        assert reload.outcome is Outcome.BROKEN
        assert reload.diagnostics[-1].is_error
    assert status(site, "/") == 200


def test_what_a_process_cannot_change_is_refused(shop: Project) -> None:
    """[config], [env], [resources] and [server] are named; nothing of the manifest is taken."""
    site = site_of(shop)
    add(shop, '"/new" = "shop.Index"\n[config]\nsize = 1\n[server]\ngrace = 1\n')
    reload = site.reload()
    assert (reload.outcome, reload.refused) == (Outcome.REFUSED, ("config", "server"))
    assert reload.changes.added == ("/new",)
    assert status(site, "/new") == 404
    shop.write("routes.toml", MANIFEST + '    [resources]\n    x = "shop.Index"\n')
    assert site.reload().refused == ("resources",)
    shop.write("routes.toml", MANIFEST + '    [config]\n    x = 1\n    [env]\n    x = "X"\n')
    assert site.reload().refused == ("config", "env")


def test_a_config_file_counts(shop: Project) -> None:
    """A change of --config is refused as one of [config], and a broken one is broken."""
    shop.write("more.toml", "size = 1\n")
    more = shop.folder / "more.toml"
    site = site_of(shop, config=str(more))
    more.write_text("size = 1 # one\n")
    assert site.reload().outcome is Outcome.SWAPPED
    more.write_text("size = 2\n")
    assert site.reload().refused == ("config",)
    more.write_text("size = \n")
    reload = site.reload()
    assert (reload.outcome, reload.files[str(more)]) == (Outcome.BROKEN, None)


def test_middlewares_whose_entry_is_the_same_stay(shop: Project) -> None:
    """One that is unchanged is not built again; one that is changed is; a wrong one is kept out."""
    entry = '    [[middleware]]\n    use = "shop.Word"\n    with = {{ word = "{}" }}\n'
    shop.write("routes.toml", entry.format("one") + MANIFEST)
    site = site_of(shop)
    client = site.app.test_client()
    assert client.get("/").headers["X-Word"] == "one"
    shop.write("routes.toml", entry.format("one") + MANIFEST + '    "/x" = "shop.Index"\n')
    assert site.reload().outcome is Outcome.SWAPPED
    assert sys.modules["shop"].Word.made == ["one"]
    shop.write("routes.toml", entry.format("wrong") + MANIFEST)
    assert codes(site.reload()) == ["WZ305"]
    assert (client.get("/").headers["X-Word"], status(site, "/x")) == ("one", 200)
    shop.write("routes.toml", entry.format("two") + MANIFEST)
    assert site.reload().outcome is Outcome.SWAPPED
    assert client.get("/").headers["X-Word"] == "two"


def test_files_that_are_not_as_expected_are_left_alone(shop: Project) -> None:
    """What was not seen complete before is not swapped in, a new include included."""
    site = site_of(shop)
    expected = {path: digest for path, digest in digests(site.manifest).items() if digest}
    add(shop, '"/new" = "shop.Index"\n')
    reload = site.reload(expected)
    assert (reload.outcome, status(site, "/new")) == (Outcome.OVERTAKEN, 404)
    complete = {path: digest for path, digest in reload.files.items() if digest}
    shop.write("more.toml", '[routes]\n"/a" = "shop.Index"\n')
    add(shop, '[routes."/in"]\ninclude = "more.toml"\n')
    again = site.reload(complete)
    assert (again.outcome, len(again.files)) == (Outcome.OVERTAKEN, 2)
    seen = {path: digest for path, digest in again.files.items() if digest}
    assert site.reload(seen).outcome is Outcome.SWAPPED
    assert status(site, "/in/a") == 200


def test_files_that_cannot_be_read_are_known(shop: Project) -> None:
    """A missing include, and one that is no TOML, are among the files, without a digest."""
    site = site_of(shop)
    shop.write("bad.toml", "[")
    add(shop, '[routes."/in"]\ninclude = ["bad.toml", "missing.toml"]\n')
    reload = site.reload()
    assert reload.outcome is Outcome.BROKEN
    names = {Path(name).name: digest for name, digest in reload.files.items()}
    assert (names["bad.toml"], names["missing.toml"]) == (None, None)
    assert names["routes.toml"] is not None


def test_a_site_needs_a_sound_manifest(shop: Project) -> None:
    """There is no Site of a manifest with errors."""
    shop.manifest.write_text("[", "utf-8")
    options = Options(environ={})
    path = str(shop.manifest)
    with pytest.raises(ValueError, match="with errors"):
        Site(path, options, build(path, options))


class Watched(Pace):
    """One that says, in an environment variable, whether it computes aside."""

    def __init__(self) -> None:
        self.pauses = 0

    def aside(self, work: Callable[[], Made]) -> Made:
        os.environ["IS_ASIDE"] = "yes"
        try:
            return work()
        finally:
            os.environ["IS_ASIDE"] = "no"

    def pause(self) -> None:
        self.pauses += 1


def test_the_applications_code_never_runs_aside(
    shop: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not where it is imported: Views, converters, middlewares, pages. Between two, others come."""
    monkeypatch.setenv("IS_ASIDE", "no")
    code = "import os\nassert os.environ['IS_ASIDE'] == 'no'\n"
    for name in ("views", "converters", "wrappers", "pages"):
        shop.write(f"{name}.py", code + "from shop import *\n")
    shop.write("converters.py", code + "from werkzeug.routing import PathConverter as Own\n")
    shop.write("pages.py", code + "from shop import Page\n")
    page = "class Page(View):\n    def ERROR(self, error):\n        return Response('')\n"
    shop.write("shop.py", dedent(VIEWS) + page)
    site = site_of(shop)
    shop.write(
        "routes.toml",
        """
        middleware = [{ use = "wrappers.Word", with = { word = "x" } }]
        [routes]
        "/" = "views.Index"
        "/<own:x>" = "views.Index"
        [converters]
        own = "converters.Own"
        [errors]
        404 = "pages.Page"
        """,
    )
    pace = Watched()
    reload = site.reload(None, pace)
    assert (reload.outcome, reload.diagnostics) == (Outcome.SWAPPED, ())
    assert pace.pauses >= 4


def test_what_was_swapped_out_goes_at_once(shop: Project) -> None:
    """It is no cyclic garbage: going through that would hold up all requests."""
    add(
        shop,
        '"/<word>/" = "shop.Index"\n[[middleware]]\nuse = "shop.Word"\nwith = { word = "a" }\n',
    )
    site = site_of(shop)
    with gc_off():
        before = _made_of_routes()
        for number in range(2):
            add(shop, f"# {number}\n")
            assert (status(site, "/"), status(site, "/word/")) == (200, 200)
            assert site.reload().outcome is Outcome.SWAPPED
            assert _made_of_routes() == before


def _made_of_routes() -> int:
    return sum(isinstance(each, (Leaf, Route)) for each in gc.get_objects())


@contextmanager
def gc_off() -> Iterator[None]:
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
