"""`webzeug url`: the URL that url_for builds, from values that are given as text."""

import pytest

from tests.cli.conftest import Run
from tests.support.project import Project

MANIFEST = """
    [routes]
    "/" = "shop.Home"
    "/items/<int:id>/" = { view = "shop.Item", name = "item" }
    "/people/<name>" = { view = "shop.Person", name = "person" }
    "/page/" = { view = "shop.Page", name = "page", defaults = { number = 1, all = false } }
    "/page/<int:number>" = { view = "shop.Page", name = "page", defaults = { all = false } }
    "/files" = { static = "public" }
    "/app" = { wsgi = "shop.app", name = "mounted" }
    "/only/<path:where>" = { view = "shop.Only", name = "only", build_only = true }
    "/a/" = "shop.one.Same"
    "/b/" = "shop.two.Same"

    [routes."//<region>.example.com"]
    "/status" = { view = "shop.Status", name = "status", methods = ["POST"] }
"""


@pytest.fixture(autouse=True)
def shop(project: Project) -> None:
    project.write("public/style.css", "")
    project.write("routes.toml", MANIFEST)


BASE = "matching.base_url=https://shop.example.com/base"


@pytest.mark.parametrize(
    ("args", "url"),
    [
        (["home"], "/"),
        (["item", "id=7"], "/items/7/"),
        (["item", "id=007"], "/items/7/"),
        (["person", "name=José 50%"], "/people/Jos%C3%A9%2050%25"),
        (["person", "name=a=b"], "/people/a=b"),
        (["page"], "/page/"),
        (["page", "number=1"], "/page/"),
        (["page", "number=2"], "/page/2"),
        (["page", "number=2", "all=false"], "/page/2"),
        (["static", "filename=css/style.css"], "/files/css/style.css"),
        (["mounted"], "/app"),
        (["only", "where=a/b"], "/only/a/b"),
        (["status", "region=eu"], "//eu.example.com/status"),
        (["item", "id=7", "--query", "q=a b", "--query", "q=&"], "/items/7/?q=a+b&q=%26"),
        (["item", "id=7", "--anchor", "top & more"], "/items/7/#top%20&%20more"),
        (["item", "id=7", "--external", "--set", BASE], "https://shop.example.com/base/items/7/"),
        (["status", "region=eu", "--set", BASE], "https://eu.example.com/base/status"),
        (["item", "--", "id=7"], "/items/7/"),
    ],
)
def test_urls(run: Run, args: list[str], url: str) -> None:
    """The URL alone stands on stdout."""
    done = run("url", "routes.toml", *args)
    assert (0, f"{url}\n", "") == (done.code, done.out, done.err)


@pytest.mark.parametrize(
    ("args", "problem"),
    [
        (["itme"], "no route has the name `itme`; did you mean `item`?"),
        (["absent"], "no route has the name `absent`"),
        (["same"], "the name `same` is unclear: `/a/` and `/b/` lead to different Views"),
        (["item"], "`item` needs `id`"),
        (["item", "id=7", "idd=8"], "`item` has no variable `idd`; did you mean `id`?"),
        (["item", "id=seven"], "`item`"),
        (["item", "id=-1"], "`item` builds /items/-1/, which does not match its pattern"),
        (["person", "name=a/b"], "`person` builds /people/a/b, which does not match its pattern"),
        (["page", "number=1", "all=true"], "`page` is only for all = False, not True"),
        (["item", "id=7", "--external"], "set base_url under [matching]"),
    ],
)
def test_urls_that_cannot_be_built(run: Run, args: list[str], problem: str) -> None:
    """One line on stderr says why, nothing stands on stdout, and it exits 1."""
    done = run("url", "routes.toml", *args)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("error: ")
    assert problem in done.err


@pytest.mark.parametrize(
    ("args", "problem"),
    [
        (["routes.toml", "item", "id"], "`id` is not of the form key=value"),
        (["routes.toml", "item", "=7"], "`=7` is not of the form key=value"),
        (["routes.toml", "item", "id=7", "--query", "q"], "`q` is not of the form key=value"),
        (["item", "id=7"], "the manifest comes first: webzeug url routes.toml item id=7"),
        (["absent.toml", "item"], "cannot read absent.toml: there is no such file"),
    ],
)
def test_what_cannot_be_run(run: Run, args: list[str], problem: str) -> None:
    """Wrong words, and a manifest that is not there, exit 2."""
    done = run("url", *args)
    assert (done.code, done.out) == (2, "")
    assert problem in done.err


def test_a_manifest_with_errors(project: Project, run: Run) -> None:
    """No URL is built from a manifest that cannot be served: it may not be the one."""
    project.write("routes.toml", MANIFEST.replace('"/" =', '"/<x" = "shop.Home"\n    "/" ='))
    done = run("url", "routes.toml", "home")
    assert (done.code, done.out) == (1, "")
    assert done.err.endswith("\n1 error\n")


def test_converters_of_the_application(project: Project, run: Run) -> None:
    """They are not imported: the value is put in as it is, and a note says so."""
    project.write(
        "routes.toml",
        """
        [routes]
        "/v/<semver:version>" = { view = "shop.Version", name = "version" }
        "/plain/<int:x>" = { view = "shop.Plain", name = "plain" }
        [converters]
        semver = "absent.SemVer"
        """,
    )
    done = run("url", "routes.toml", "version", "version=1.2.3")
    assert (done.code, done.out) == (0, "/v/1.2.3\n")
    assert done.err == "note: `semver` is your own converter: its to_url was not run\n"
    done = run("url", "routes.toml", "plain", "x=1")
    assert (done.code, done.out, done.err) == (0, "/plain/1\n", "")
