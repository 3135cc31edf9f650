"""From routes to a table: what is compiled, and what is refused with a reason."""

from pathlib import Path

import pytest
from werkzeug.routing import BaseConverter, Map

from tests.routing.conftest import TableOf
from tests.support.tables import MISSING, ask, hit, read_text, redirect, request
from webzeug.routing.compiling import Compiled, Ingredients, compile_table


class Years(BaseConverter):
    """Two years with a slash between: ``1990/1999``."""

    regex = r"\d{4}/\d{4}"

    def to_python(self, value: str) -> tuple[int, ...]:
        return tuple(map(int, value.split("/")))

    def to_url(self, value: tuple[int, ...]) -> str:
        return "/".join(map(str, value))


class Unmakeable(BaseConverter):
    """Raises something without a message."""

    def __init__(self, map: Map) -> None:
        raise RuntimeError


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    """Where a manifest is written."""
    return tmp_path / "routes.toml"


def compiled(path: Path, text: str) -> Compiled:
    """A manifest compiled with the converters above; the handler is the path."""
    ingredients = Ingredients(converters={"years": Years, "unmakeable": Unmakeable})
    manifest = read_text(path, f'[converters]\nyears = "m.Y"\nunmakeable = "m.U"\n[routes]\n{text}')
    return compile_table(manifest.routes, lambda route: route.path, ingredients)


def test_routes_that_do_not_compile_leave_the_others_alone(manifest: Path) -> None:
    """All of them are told, in the order of the file, in the words of whoever refused them."""
    result = compiled(
        manifest,
        """
        "/a/<nope:x>" = "v.A"
        "/b/<int:x>" = "v.B"
        "/c/<int(minimum=1):x>" = "v.C"
        "/d/<unmakeable:x>" = "v.D"
        "/e/<nope:x>" = { wsgi = "m.app" }
        "//<nope:x>.test/f" = "v.F"
        """,
    )
    problems = [(problem.route.path, problem.message) for problem in result.problems]
    assert problems[0] == ("/a/<nope:x>", "the converter 'nope' does not exist")
    assert problems[1][0] == "/c/<int(minimum=1):x>"
    assert problems[1][1].endswith("got an unexpected keyword argument 'minimum'")
    assert problems[2] == ("/d/<unmakeable:x>", "RuntimeError")
    assert [path for path, _ in problems[3:]] == ["/e/<nope:x>", "//<nope:x>.test/f"]
    assert ask(result.table, request("/b/7")) == hit("/b/<int:x>", x=7)


def test_two_variables_with_slashes_are_the_most(manifest: Path) -> None:
    """With three, one long path keeps a server busy for seconds."""
    result = compiled(
        manifest,
        """
        "/two/<path:a>/<path:b>" = "v.Two"
        "/three/<path:a>/<path:b>/x/<path:c>" = "v.Three"
        "/years/<path:a>/<path:b>/<years:y>" = "v.Years"
        """,
    )
    assert [problem.route.path for problem in result.problems] == [
        "/three/<path:a>/<path:b>/x/<path:c>",
        "/years/<path:a>/<path:b>/<years:y>",
    ]
    expected = (
        "<path:a> and <path:b> and <years:y> all take slashes; 2 such variables are the most, "
        "because with more of them one long URL keeps the server busy for seconds"
    )
    assert result.problems[1].message == expected
    assert ask(result.table, request("/two/1/2"))[0] == "/two/<path:a>/<path:b>"


def test_an_applications_converter_makes_values(manifest: Path) -> None:
    """In both directions, over slashes if it wants to."""
    table = compiled(manifest, '"/<years:span>/" = "v.Span"').table
    assert ask(table, request("/1990/1999/")) == hit("/<years:span>/", span=(1990, 1999))
    assert ask(table, request("/1990/1999")) == redirect("/1990/1999/")
    assert ask(table, request("/1990/99/")) == MISSING


def test_the_table_knows_its_routes_in_the_order_of_the_file(table: TableOf) -> None:
    """Werkzeug's own listing is sorted by endpoint."""
    text = '[routes]\n"/c" = "v.A"\n"/b" = { wsgi = "m.b" }\n"/a" = "v.B"\n"/d" = "v.A"'
    result = table(text)
    assert [route.path for route in result.routes] == ["/c", "/b", "/a", "/d"]
    names = {name: [route.path for route in sharing] for name, sharing in result.names.items()}
    assert names == {"a": ["/c", "/d"], "b": ["/a"]}


def test_order_decides_between_patterns_of_equal_weight(table: TableOf) -> None:
    """What weighs more comes first: a fixed segment, more fixed text, more variables, an int."""
    text = """
    [routes]
    "/<uuid:u>" = "v.Uuid"
    "/<any(new, old):kind>" = "v.Kind"
    "/<text>" = "v.Text"
    "/<string(length=3):three>" = "v.Three"
    "/<path:rest>" = "v.Rest"
    "/<int:number>" = "v.Number"
    "/fixed" = "v.Fixed"
    "/<a>-<b>" = "v.Pair"
    "/v<number>" = "v.Version"
    """
    compiled_table = table(text)
    asked = {
        "/fixed": "fixed",
        "/7": "number",
        "/new": "kind",
        "/abc": "text",
        "/v1": "version",
        "/a-b": "pair",
        "/v1-2": "pair",
        "/x/y": "rest",
        "/2b5b0911-fdcf-4dd2-921b-28ace88db8a0": "pair",
    }
    assert {target: ask(compiled_table, request(target))[0] for target in asked} == asked


def test_a_route_that_only_builds_never_matches(table: TableOf) -> None:
    """Its name works all the same."""
    result = table('[routes]\n"/x" = { view = "v.X", build_only = true }')
    assert ask(result, request("/x")) == MISSING
    assert "x" in result.names


def test_defaults_go_to_the_view(table: TableOf) -> None:
    """None too; those of a group are inherited."""
    text = """
    [routes."/g"]
    defaults = { a = 1, b = { none = true } }
    "/x" = { view = "v.X", defaults = { a = 2, c = [1] } }
    "/<d>" = "v.D"
    """
    assert ask(table(text), request("/g/x")) == hit("x", a=2, b=None, c=[1])
    assert ask(table(text), request("/g/y")) == hit("d", a=1, b=None, d="y")


def test_an_empty_table(table: TableOf) -> None:
    """It answers 404."""
    assert ask(table("[routes]"), request("/")) == MISSING


class Unclosed(BaseConverter):
    """A converter whose regular expression cannot be compiled."""

    regex = "[A-Z{3}"


def test_an_applications_expression_that_is_wrong(manifest: Path) -> None:
    """It is told when the table is compiled, at its route, and the others are compiled."""
    text = '[converters]\ncode = "m.Code"\n[routes]\n"/a/<code:x>" = "v.A"\n"/b" = "v.B"\n'
    read = read_text(manifest, text)
    ingredients = Ingredients(converters={"code": Unclosed})
    result = compile_table(read.routes, lambda route: route.path, ingredients)
    ((path, message),) = [(p.route.path, p.message) for p in result.problems]
    assert path == "/a/<code:x>"
    assert message.startswith("the regular expression of the converter `code` is wrong: ")
    assert ask(result.table, request("/b")) == hit("/b")
