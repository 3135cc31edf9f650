"""`webzeug match`: which route answers a request, and why no other does."""

import json
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.support.project import Project

TRANSCRIPT = Path(__file__).parent / "golden" / "match.txt"
"""Commands, each after a ``$``, and what they print for the table below."""

MANIFEST = """
    [[middleware]]
    use = "views.log"

    [converters]
    semver = "views.SemVer"

    [errors]
    404 = "views.NotFound"

    [routes]
    "/" = "views.Home"
    "/people/new" = { view = "views.NewPerson", middleware = ["views.signed_in"] }
    "/people/<name>/" = { view = "views.Person", name = "person" }
    "/people/<int:id>/" = "views.PersonByNumber"
    "/items/<int(min=10):id>" = { view = "views.Item", defaults = { tax = 19 } }
    "/items/<slug>" = { view = "views.ItemBySlug", deprecated = "use /items/<id>" }
    "/carts/<uuid:id>" = { GET = "views.Cart", PUT = "views.Cart" }
    "/old/<name>" = { redirect = "person" }
    "/to/<name>" = { redirect = "/old/<name>", status = 302 }
    "/blog" = { redirect = "https://blog.example.org/", external = true }
    "/here" = { redirect = "/there" }
    "/there" = { redirect = "/here" }
    "/static" = { static = "public" }
    "/metrics" = { wsgi = "views.metrics" }
    "/metrics/raw" = "views.Raw"
    "/versions/<semver:version>" = "views.Version"
    "/versions/<a>/<b>" = "views.Difference"
    "/pages/" = { view = "views.Page", name = "page", defaults = { number = 1 } }
    "/pages/<int:number>/" = { view = "views.Page", name = "page" }
    "/absent" = "views.Absent"
    "/unread" = "views.Unread"

    [routes."//api.example.com"]
    name = "api"
    middleware = ["views.signed_in"]
    "/people/<name>/" = "views.ApiPerson"
"""

VIEWS = """
    from somewhere import Base, log, metrics, signed_in
    from webzeug import View

    class Home(View):
        def GET(self): ...

    class NewPerson(View):
        def POST(self): ...

    class Person(View):
        def GET(self, name): ...

    class PersonByNumber(Person):
        def DELETE(self, id): ...

    class Item(View):
        def GET(self, id, tax): ...

    class ItemBySlug(View):
        def GET(self, slug): ...

    class Cart(View):
        def GET(self, id): ...
        def PUT(self, id): ...

    class Raw(View):
        def GET(self): ...

    class Version(View):
        def GET(self, version): ...

    class Difference(View):
        def GET(self, a, b): ...

    class Page(View):
        def GET(self, number): ...

    class Unread(Base, View):
        def GET(self): ...

    class ApiPerson(View):
        def GET(self, name): ...

    class NotFound(View):
        def ERROR(self, error): ...
"""


HOME = "from webzeug import View\n\nclass "


@pytest.fixture(autouse=True)
def shop(project: Project) -> None:
    project.write("routes.toml", MANIFEST)
    project.write("views.py", VIEWS)
    project.write("public/style.css", "")


def _exchanges() -> Iterator[tuple[str, str]]:
    """The commands of the transcript, each with all that it prints."""
    for part in f"\n{TRANSCRIPT.read_text('utf-8')}".split("\n$ webzeug match ")[1:]:
        command, _, printed = part.partition("\n")
        yield command, printed.rstrip("\n")


@pytest.mark.parametrize(("command", "printed"), list(_exchanges()))
def test_transcript(run: Run, command: str, printed: str) -> None:
    """Each command prints what the transcript says, and exits with the code there, or with 0."""
    done = run("match", *shlex.split(command))
    assert done.err == ""
    ending = f"\n(exit code {done.code})" if done.code else ""
    assert printed == done.out.rstrip("\n") + ending


def test_a_manifest_of_another_name(run: Run, project: Project) -> None:
    """The manifest comes first, if it is not routes.toml."""
    project.write("shop/other.toml", '[routes]\n"/a" = "pages.A"\n')
    project.write("shop/pages.py", f"{HOME}A(View):\n    def GET(self): ...\n")
    done = run("match", "shop/other.toml", "GET", "/a")
    assert (done.code, done.err) == (0, "")
    assert "  answered by  pages.A.GET  shop/pages.py:3\n" in done.out
    assert "  route        /a           shop/other.toml:2\n" in done.out


def test_where_dotted_paths_are_found(run: Run, project: Project) -> None:
    """--app-dir changes the folder."""
    project.write("src/views.py", f"{HOME}Home(View):\n    def GET(self): ...\n")
    assert "src/views.py:3" in run("match", "--app-dir", "src", "GET", "/").out


def test_settings(run: Run) -> None:
    """--set reaches [matching]."""
    args = ["match", "GET", "/people/bob", "--set", "matching.strict_slashes=false"]
    assert run(*args).out.startswith("GET /people/bob\n  answered by  views.Person.GET")


def test_all_near_misses(run: Run, project: Project) -> None:
    """A few unless --all is given."""
    rows = "".join(f'"/item-{number}" = "views.Home{number}"\n' for number in range(9))
    project.write("routes.toml", f"[routes]\n{rows}")
    few, all_of_them = run("match", "GET", "/item"), run("match", "GET", "/item", "--all")
    assert "\n    and 4 more, which --all shows\n" in few.out
    assert (few.out.count("/item-"), all_of_them.out.count("/item-")) == (5, 9)
    assert "more" not in all_of_them.out


def test_json(run: Run) -> None:
    """One object on stdout, with the same exit codes."""
    done = run("match", "--format", "json", "GET", "/people/bob")
    value = json.loads(done.out)
    assert (done.code, value["answered"]) == (0, True)
    assert [step["outcome"] for step in value["steps"]] == ["redirects", "answers"]
    done = run("match", "--format", "json", "GET", "/nowhere/at/all")
    assert (done.code, json.loads(done.out)["answered"]) == (1, False)


@pytest.mark.parametrize(
    ("args", "problem"),
    [
        ([], "say a method and a URL: webzeug match GET /people/bob"),
        (["/people/bob"], "say a method and a URL: webzeug match GET /people/bob"),
        (["routes.toml", "GET", "/", "/"], "say a method and a URL"),
        (["routes.toml", "/"], "say a method: webzeug match routes.toml GET /"),
        (["routes.toml", "/", "GET"], "say a method: webzeug match / GET GET"),
        (["GET", "people"], "`people` is neither a path (/people/bob) nor a URL"),
        (["G@T", "/"], "`G@T` cannot be a method (RFC 9110 9.1)"),
    ],
)
def test_mistakes_in_typing(run: Run, args: list[str], problem: str) -> None:
    """What is missing or wrong is said on stderr, and it exits 2."""
    done = run("match", *args)
    assert (done.code, done.out) == (2, "")
    assert problem in done.err


def test_a_manifest_with_errors(run: Run, project: Project) -> None:
    """Nothing is said of a table that cannot be served, but what is wrong with it."""
    project.write("routes.toml", '[routes]\n"/" = "views.Home"\n"/a" = { veiw = "views.Home" }\n')
    done = run("match", "GET", "/")
    assert (done.code, done.out) == (2, "")
    assert "did you mean `view`?" in done.err


def test_a_manifest_that_is_not_there(run: Run) -> None:
    """It exits 2 as well."""
    done = run("match", "absent.toml", "GET", "/")
    assert (done.code, done.out) == (2, "")
    assert "cannot read absent.toml: there is no such file" in done.err
