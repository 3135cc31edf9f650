"""The whole manifest: its tables, what is unknown or wrong in them, and all of it at once (4.2)."""

import pytest

from tests.support.manifests import read, sound, told
from tests.support.project import Project
from webzeug.manifest.decoding import did_you_mean
from webzeug.manifest.model import Manifest, Matching, Server
from webzeug.manifest.reading import read_manifest
from webzeug.manifest.schema import MATCHING, MIDDLEWARE, ROUTE, SERVER, TABLES, VERB


def _middleware(manifest: Manifest) -> list[tuple[str, dict[str, object]]]:
    return [(use.use.path, dict(use.options)) for use in manifest.middleware]


# What the tables say


def test_only_routes_are_needed(project: Project) -> None:
    """Everything but [routes] is optional, and has safe defaults."""
    manifest = sound(project, "[routes]\n")
    assert (manifest.routes, manifest.converters, manifest.middleware) == ((), {}, ())
    assert (manifest.config, manifest.env, manifest.resources, manifest.errors) == ({}, (), {}, {})
    assert (manifest.matching, manifest.server) == (Matching(), Server())
    assert manifest.matching == Matching(None, None, True, True, True)


def test_the_defaults_are_those_of_the_schema() -> None:
    """What a key that is not written means is the same in the schema and in the model."""
    for table, model in ((MATCHING, Matching()), (SERVER, Server())):
        for key in table:
            assert getattr(model, key.name) == key.default


def test_every_table(project: Project) -> None:
    """Each table says what it is for."""
    manifest = sound(
        project,
        """
        [routes]
        [converters]
        semver = "shop.SemVer"

        [[middleware]]
        use = "proxy.Fix"
        with = { x_for = 1 }
        [[middleware]]
        use = "other:Outer.wrap"

        [config]
        page_size = 20
        nested = { a = [1, { b = 2 }], day = 2026-11-25 }

        [resources]
        db = "shop.db.open_pool"
        redis = "shop.cache.connect"

        [errors]
        404 = "shop.NotFound"
        "500" = "shop.Oops"

        [matching]
        server_name = "example.com"
        base_url = "https://example.com/shop"
        strict_slashes = false
        merge_slashes = false
        redirect_defaults = false

        [server]
        bind = "unix:/run/app.sock"
        grace = 0.5
        max_connections = 1
        backlog = 1000000
        """,
    )
    assert {name: str(path) for name, path in manifest.converters.items()} == {
        "semver": "shop.SemVer"
    }
    assert _middleware(manifest) == [("proxy.Fix", {"x_for": 1}), ("other:Outer.wrap", {})]
    assert manifest.config["nested"]["a"] == [1, {"b": 2}]
    assert [(name, str(path)) for name, path in manifest.resources.items()] == [
        ("db", "shop.db.open_pool"),
        ("redis", "shop.cache.connect"),
    ]
    assert {code: str(path) for code, path in manifest.errors.items()} == {
        404: "shop.NotFound",
        500: "shop.Oops",
    }
    assert manifest.matching == Matching(
        "example.com", "https://example.com/shop", False, False, False
    )
    assert manifest.server == Server("unix:/run/app.sock", 0.5, 1, 1_000_000)


def test_middleware_as_strings(project: Project) -> None:
    """A string is enough for a middleware without options."""
    manifest = sound(project, 'middleware = ["a.b", { use = "c.d", with = { x = 1 } }]\n[routes]\n')
    assert _middleware(manifest) == [("a.b", {}), ("c.d", {"x": 1})]


def test_the_order_of_tables_does_not_matter(project: Project) -> None:
    """What stands first in the file does not matter but among routes."""
    one = sound(project, '[matching]\nserver_name = "b"\n[routes]\n"//a./" = "x.Y"\n')
    other = sound(project, '[routes]\n"//a./" = "x.Y"\n[matching]\nserver_name = "b"\n')
    assert one == other


def test_the_place_of_a_manifest_does_not_matter(project: Project) -> None:
    """Two manifests are equal if they mean the same, wherever and however it is written."""
    text = '[routes]\n"/a" = { view = "x.A", tags = ["t"] }\n"//h/<i>" = { GET = "x.B" }\n'
    commented = f"# a comment\n\n{text}".replace(" = ", "  =  ")
    assert sound(project, text) == sound(project, commented)


# What is wrong in them


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[rotues]", ("WZ010", "rotues")),
        ("bind = ':80'\n[routes]", ("WZ015", "bind")),
        ("strict_slashes = true\n[routes]", ("WZ015", "strict_slashes")),
        ("include = 'x.toml'\n[routes]", ("WZ015", "include")),
        ("'/a' = 'x.Y'\n[routes]", ("WZ015", "'/a'")),
        ("[routes]\n[[server]]", ("WZ011", "[[server]]")),
        ("[routes]\n[middleware]", ("WZ011", "[middleware]")),
        ("routes = 1", ("WZ011", "1")),
        ("middleware = 'x.y'\n[routes]", ("WZ011", "'x.y'")),
        ("middleware = [1]\n[routes]", ("WZ011", "1")),
        ("[routes]\n[[middleware]]", ("WZ013", "[[middleware]]")),
        ("[routes]\n[[middleware]]\nuse = 1", ("WZ011", "1")),
        ("[routes]\n[[middleware]]\nuse = 'x.y'\nwith = 1", ("WZ011", "1")),
        ("[routes]\n[[middleware]]\nuse = 'x.y'\nx = 1", ("WZ010", "x")),
        ("[routes]\n[[middleware]]\nuse = 'y'", ("WZ014", "'y'")),
        ("[routes]\n[server]\nbackog = 1", ("WZ010", "backog")),
        ("[routes]\n[server]\nbacklog = 1.0", ("WZ011", "1.0")),
        ("[routes]\n[server]\nbacklog = true", ("WZ011", "true")),
        ("[routes]\n[server]\nbacklog = 0", ("WZ012", "0")),
        ("[routes]\n[server]\ngrace = nan", ("WZ012", "nan")),
        ("[routes]\n[server]\ngrace = inf", ("WZ012", "inf")),
        ("[routes]\n[server]\ngrace = false", ("WZ011", "false")),
        ("[routes]\n[matching]\nbase_url = 'ftp://x'", ("WZ012", "'ftp://x'")),
        ("[routes]\n[matching]\nserver_name = 'a/b'", ("WZ012", "'a/b'")),
        ("[routes]\n[matching]\nmerge_slashes = 'true'", ("WZ011", "'true'")),
        ("[routes]\n[resources]\na-b = 'x.y'", ("WZ012", "a-b")),
        ("[routes]\n[resources]\n_a = 'x.y'", ("WZ012", "_a")),
        ("[routes]\n[resources]\nimport = 'x.y'", ("WZ012", "import")),
        ("[routes]\n[resources]\n'é' = 'x.y'", ("WZ012", "'é'")),
        ("[routes]\n[converters]\na = { use = 'x.y' }", ("WZ011", "{ use = 'x.y' }")),
        ("[routes]\n[converters]\na = 'y'", ("WZ014", "'y'")),
        ("[routes]\n[errors]\n399 = 'x.y'", ("WZ012", "399")),
        ("[routes]\n[errors]\n4040 = 'x.y'", ("WZ012", "4040")),
        ("[routes]\n[errors]\nNotFound = 'x.y'", ("WZ012", "NotFound")),
        ("[routes]\n[errors]\n404 = 404", ("WZ011", "404")),
        ("[routes]\n[errors.404]\nview = 'x.y'", ("WZ011", "[errors.404]")),
    ],
)
def test_mistakes(project: Project, text: str, expected: tuple[str, str]) -> None:
    """One mistake is told once, under exactly the text that is wrong."""
    _, diagnostics = read(project, f"{text}\n")
    assert told(diagnostics) == [expected]


@pytest.mark.parametrize("text", ["", "# nothing\n", "[server]\n", "[config]\na = 1\n"])
def test_a_manifest_without_routes(project: Project, text: str) -> None:
    """A file without [routes], as a cut one may be, is told; [routes] alone is enough."""
    _, (diagnostic,) = read(project, text)
    assert (diagnostic.kind.code, diagnostic.span.start) == ("WZ013", 0)
    assert "[routes]" in diagnostic.help


def test_all_at_once(project: Project) -> None:
    """Every mistake of every table and file is told in one go, in the order of the files."""
    project.write("more.toml", '[routes]\n"/<bad" = "x.Y"\n[server]\n')
    _, diagnostics = read(
        project,
        """
        bnid = 1
        [routes]
        "/a" = "x"
        "/b" = { include = "more.toml" }
        "/c" = { view = "x.Y", methods = ["get"] }
        [server]
        bind = "x"
        [errors]
        1 = 2
        [env]
        a = "a b"
        """,
    )
    assert told(diagnostics) == [
        ("WZ010", "bnid"), ("WZ014", '"x"'), ("WZ012", '"get"'), ("WZ012", '"x"'), ("WZ012", "1"),
        ("WZ011", "2"), ("WZ022", '"a b"'), ("WZ101", "<bad"), ("WZ015", "server"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("metods", "did you mean `methods`?"),
        ("View", "did you mean `view`?"),
        ("STATUS", "did you mean `status`?"),
        ("tag", "did you mean `tags`?"),
        ("zzz", ""),
        ("", ""),
    ],
)
def test_did_you_mean(name: str, near: str) -> None:
    """The nearest name is proposed, whatever its case; none if none is near."""
    assert did_you_mean(name, [key.name for key in ROUTE]) == near


@pytest.mark.parametrize(
    ("entry", "advice"),
    [
        ('methods = "GET"', 'write ["GET"]'),
        ('middleware = "x.y"', 'write ["x.y"]'),
        ("tags = [1]", 'write "1"'),
        ("deprecated = 1", ""),
        ("name = 2026-11-25", 'write "2026-11-25"'),
        ("name = [1]", ""),
        ('build_only = "True"', "write true, without quotes"),
        ('build_only = "yes"', ""),
    ],
)
def test_what_to_write_for_a_wrong_type(project: Project, entry: str, advice: str) -> None:
    """Where only quotes or brackets are wrong, help says what to type."""
    _, (diagnostic,) = read(project, f'[routes]\n"/" = {{ view = "x.Y", {entry} }}\n')
    assert (diagnostic.kind.code, diagnostic.help) == ("WZ011", advice)


def test_a_very_large_number(project: Project) -> None:
    """A number that Python refuses to print is told all the same."""
    _, (diagnostic,) = read(project, f'[routes]\n"/" = 0x{"f" * 5000}\n')
    assert "a very large number" in diagnostic.message


# The schema


def test_every_key_is_explained() -> None:
    """Every table and key of the schema has a sentence, and the names of a table are unique."""
    for table in (*TABLES, VERB, MIDDLEWARE):
        names = [key.name for key in table]
        assert len(names) == len(set(names))
        assert all(text.endswith(".") for text in (table.doc, *(key.doc for key in table)))
        assert table.keys or table.names


def test_a_default_passes_its_own_check() -> None:
    """The default of a key is a value that may be written."""
    for table in (ROUTE, MATCHING, SERVER, VERB):
        for key in table:
            if key.default is not None and key.default != ():
                assert key.problem(key.default) is None


# What cannot be read


def test_a_missing_manifest(project: Project) -> None:
    """A file that is not there has one diagnostic, and there is no manifest."""
    manifest, (diagnostic,) = read_manifest(str(project.folder / "nowhere.toml"))
    assert (manifest, diagnostic.kind.code) == (None, "WZ001")


def test_a_broken_manifest(project: Project) -> None:
    """A syntax error is told alone."""
    path = project.write("routes.toml", '[routes]\n"/a" = x.Y\n"/b" = z\n[rotues]\n')
    manifest, (diagnostic,) = read_manifest(str(path))
    assert (manifest, diagnostic.kind.code, diagnostic.span.line) == (None, "WZ003", 2)
