"""`webzeug routes`: the whole table, or what is sound of it."""

import json

import click
import pytest

from tests.cli.conftest import Run
from tests.support.project import Project
from webzeug.cli.routes import command
from webzeug.reporting.listing import SORTS
from webzeug.reporting.tables import FORMATS

VIEWS = """
    from webzeug import View

    class Home(View):
        def GET(self): ...

    class Item(View):
        def GET(self, id): ...
        def PUT(self, id): ...
"""

MANIFEST = """
    [routes]
    "/" = "shop.views.Home"
    "/items/<int:id>" = { view = "shop.views.Item", tags = ["public"] }
    "/old" = { redirect = "home" }

    [routes."//api."]
    "/status" = { GET = "shop.views.Home" }

    [matching]
    server_name = "example.com"
"""

TABLE = """\
PATH                      VERBS    NAME  VIEW             SOURCE           DECLARED
/                         GET      home  shop.views.Home  shop/views.py:3  routes.toml:2
/items/<int:id>           GET PUT  item  shop.views.Item  shop/views.py:6  routes.toml:3
/old                      ANY            -> home (308)                     routes.toml:4
//api.example.com/status  GET            shop.views.Home  shop/views.py:3  routes.toml:7
"""


@pytest.fixture
def shop(project: Project) -> Project:
    project.write("shop/views.py", VIEWS)
    project.write("routes.toml", MANIFEST)
    return project


def test_the_table(shop: Project, run: Run) -> None:
    """Without arguments it lists routes.toml, on stdout, and exits 0."""
    done = run("routes")
    assert (done.code, done.out, done.err) == (0, TABLE, "")


def test_a_manifest_elsewhere(shop: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are named relative to where the user stands, the manifest as it was given."""
    shop.write("deep/down/x", "")
    monkeypatch.chdir(shop.folder / "deep" / "down")
    done = run("routes", "../../routes.toml", "--name", "item")
    assert done.out.splitlines()[1].split() == [
        "/items/<int:id>",
        "GET",
        "PUT",
        "item",
        "shop.views.Item",
        "../../shop/views.py:6",
        "../../routes.toml:3",
    ]


@pytest.mark.parametrize(
    ("args", "paths"),
    [
        (["--path", "/items"], ["/items/<int:id>"]),
        (["--path", "/*s*"], ["/items/<int:id>", "/status"]),
        (["--name", "home"], ["/"]),
        (["--view", "*.Home"], ["/", "/status"]),
        (["--method", "put"], ["/items/<int:id>", "/old"]),
        (["--tag", "public"], ["/items/<int:id>"]),
        (["--host", "api.*"], ["/status"]),
        (["--host", "api.*", "--set", "matching.server_name=other.org"], ["/status"]),
        (["--sort", "path"], ["/", "/items/<int:id>", "/old", "/status"]),
        (["--sort", "view", "--method", "GET"], ["/", "/status", "/items/<int:id>", "/old"]),
    ],
)
def test_filters_and_orders(shop: Project, run: Run, args: list[str], paths: list[str]) -> None:
    """Options choose the rows, and their order, in every format."""
    done = run("routes", *args, "--format", "json")
    assert (done.code, done.err) == (0, "")
    assert paths == [row["path"] for row in json.loads(done.out)]


def test_settings_count(shop: Project, run: Run) -> None:
    """--set reaches [matching], on which the hosts depend."""
    done = run("routes", "--set", "matching.server_name=other.org", "--format", "csv")
    assert "//api.other.org/status," in done.out


@pytest.mark.parametrize("output", ["table", "tree", "json", "csv", "markdown"])
def test_formats(shop: Project, run: Run, output: str) -> None:
    """Each format shows every route."""
    done = run("routes", "--format", output)
    assert (done.code, done.err) == (0, "")
    for text in ("items/<int:id>", "shop.views.Item", "api.example.com"):
        assert text in done.out


@pytest.mark.parametrize(
    ("manifest", "args", "err", "out"),
    [
        ("[routes]", [], "there are no routes\n", ""),
        ("[routes]", ["--format", "json"], "there are no routes\n", "[]\n"),
        (MANIFEST, ["--name", "x"], "none of 4 routes fits\n", ""),
        (MANIFEST, ["--tag", "x", "--format", "json"], "none of 4 routes fits\n", "[]\n"),
    ],
)
def test_nothing_to_list(
    project: Project, run: Run, manifest: str, args: list[str], err: str, out: str
) -> None:
    """An empty listing says why on stderr, stays readable on stdout, and is no failure."""
    project.write("routes.toml", manifest)
    done = run("routes", *args)
    assert (0, out, err) == (done.code, done.out, done.err)


def test_a_manifest_with_errors(shop: Project, run: Run) -> None:
    """What is sound is listed on stdout, what is wrong said on stderr, and it exits 1."""
    shop.write("routes.toml", MANIFEST.replace('"/" =', '"/<x" = "shop.views.Home"\n    "/" ='))
    done = run("routes")
    assert done.code == 1
    assert [line.split()[0] for line in done.out.splitlines()[1:]] == [
        "/",
        "/items/<int:id>",
        "/old",
        "//api.example.com/status",
    ]
    assert done.err.startswith("routes.toml:2:")
    assert done.err.endswith("\n1 error\n")


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("absent.toml", None, "cannot read absent.toml: there is no such file"),
        ("shop", None, "cannot read shop: it is a folder, not a file"),
        ("routes.toml", "[routes", "routes.toml:1:"),
    ],
)
def test_a_manifest_that_cannot_be_read(
    shop: Project, run: Run, name: str, text: str | None, problem: str
) -> None:
    """Nothing is listed, the reason is on stderr, and it exits 2."""
    if text is not None:
        shop.write(name, text)
    done = run("routes", name)
    assert (done.code, done.out) == (2, "")
    assert problem in done.err


def test_the_folder_of_the_code(project: Project, run: Run) -> None:
    """Code is found from the manifest's folder, or from --app-dir instead."""
    project.write("src/shop/views.py", VIEWS)
    project.write("conf/routes.toml", '[routes]\n"/" = "shop.views.Home"')
    unseen = json.loads(run("routes", "conf/routes.toml", "--format", "json").out)[0]
    args = ("routes", "conf/routes.toml", "--app-dir", "src", "--format", "json")
    seen = json.loads(run(*args).out)[0]
    assert (unseen["source"], unseen["verbs"], unseen["more_verbs"]) == (None, [], True)
    assert seen["source"] == {"file": "src/shop/views.py", "line": 3}
    assert (seen["verbs"], seen["more_verbs"]) == (["GET"], False)


def test_a_big_table(project: Project, run: Run) -> None:
    """Thousands of routes to Views of one file, most of them missing, are listed at once."""
    count = 3000
    project.write("shop.py", "from webzeug import View\n" + "class View1(View): ...\n" * 2)
    lines = "\n".join(f'"/{number}/<x>" = "shop.View{number}"' for number in range(count))
    project.write("routes.toml", f"[routes]\n{lines}\n")
    done = run("routes")
    assert done.code == 0
    assert count + 1 == len(done.out.splitlines())


def test_the_choices_are_those_that_there_are() -> None:
    """The command offers every format and order; it names them without importing them."""
    choices = {
        option.name: option.type.choices
        for option in command.params
        if isinstance(option.type, click.Choice)
    }
    assert {"sort": ["file", *SORTS], "output": list(FORMATS)} == {
        name: list(values) for name, values in choices.items()
    }


def test_verbose(project: Project, run: Run) -> None:
    """The way to each route is one column, and one field, more."""
    project.write(
        "shop.py", "from webzeug import View\nclass A(View):\n    def GET(self, x=1): ..."
    )
    project.write("routes.toml", '[routes]\n"/" = "shop.A"\n"/<x>" = "shop.A"\n')
    lines = run("routes", "--verbose").out.splitlines()
    assert [line.split()[-1] for line in lines] == ["WAY", "exact", "tree"]
    assert run("routes", "--verbose", "--format", "csv").out.startswith("path,")
    ways = [row["way"] for row in json.loads(run("routes", "--verbose", "--format", "json").out)]
    assert ways == ["exact", "tree"]
    assert "WAY" not in run("routes").out
