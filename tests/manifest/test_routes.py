"""The [routes] table: entries, groups and verbs become routes, in order."""

from pathlib import Path

import pytest

from tests.support.manifests import read, sound, told
from tests.support.project import Project
from webzeug.checks import TABLE_CHECKS, run_checks
from webzeug.checks.context import Context
from webzeug.manifest.model import (
    MountTarget,
    RedirectTarget,
    Reference,
    Route,
    StaticTarget,
    ViewTarget,
)
from webzeug.manifest.targets import snake_case


def _only(project: Project, text: str) -> Route:
    """The one route of a manifest."""
    (route,) = sound(project, f"[routes]\n{text}\n").routes
    return route


def _paths(project: Project, text: str) -> list[str]:
    return [route.path for route in sound(project, text).routes]


# Entries (4.1, rules 1 and 6)


def test_a_string_is_a_view(project: Project) -> None:
    """A string is a View class's path; the route takes every verb, and has a default name."""
    route = _only(project, '"/people/<name>/" = "hello.views.Hello"')
    assert (route.path, route.variables) == ("/people/<name>/", ("name",))
    assert route.target == ViewTarget(Reference("hello.views.Hello"))
    assert (route.methods, route.name, route.explicit_name) == (None, "hello", False)
    assert (route.host, route.defaults, route.tags, route.middleware) == (None, {}, (), ())
    assert (route.deprecated, route.build_only) == (False, False)
    assert (route.strict_slashes, route.merge_slashes) == (None, None)


def test_a_table_has_options(project: Project) -> None:
    """A table says the same and more."""
    route = _only(
        project,
        """
        "/items/" = { view = "shop.items:Outer.Item", name = "item", defaults = { limit = 50 },
          methods = ["GET", "PUT", "GET"], tags = ["public"], deprecated = "use /things/",
          ignore = ["WZ401"], strict_slashes = false, merge_slashes = true, build_only = true }
        """,
    )
    assert route.target == ViewTarget(Reference("shop.items:Outer.Item"))
    assert (route.name, route.explicit_name, route.methods) == ("item", True, ("GET", "PUT"))
    assert (route.defaults, route.tags, route.ignore) == ({"limit": 50}, ("public",), ("WZ401",))
    assert (route.deprecated, route.build_only) == ("use /things/", True)
    assert (route.strict_slashes, route.merge_slashes) == (False, True)


@pytest.mark.parametrize(
    ("entry", "target"),
    [
        ('{ redirect = "item" }', RedirectTarget("item", 308)),
        ('{ redirect = "/x/<id>", status = 302 }', RedirectTarget("/x/<id>", 302)),
        (
            '{ redirect = "https://x.example/", external = true }',
            RedirectTarget("https://x.example/", 308, external=True),
        ),
        ('{ wsgi = "shop.metrics.app" }', MountTarget(Reference("shop.metrics.app"))),
    ],
)
def test_other_targets(project: Project, entry: str, target: RedirectTarget | MountTarget) -> None:
    """A redirect or a mount takes every verb, and has no default name."""
    route = _only(project, f'"/old/" = {entry}')
    assert (route.target, route.methods, route.name) == (target, None, None)


@pytest.mark.parametrize(
    ("to", "is_name"),
    [("item", True), ("api.item", True), ("/item", False), ("https://x/", False), ("a/b", False)],
)
def test_a_redirect_with_a_slash_is_no_name(to: str, is_name: bool) -> None:
    """A redirect's target is a name unless there is a slash in it (rule 10)."""
    assert RedirectTarget(to).is_name is is_name


def test_static(project: Project) -> None:
    """A folder's files lie below the pattern, a file at it; both are found beside the manifest."""
    project.write("public/hello.txt", "hello")
    routes = sound(
        project,
        """
        [routes]
        "/static" = { static = "public" }
        "/files/" = { static = "./public/", name = "files" }
        "/hello" = { static = "public/hello.txt", name = "greeting" }
        """,
    ).routes
    folder = str(project.folder / "public")
    assert [(route.path, route.name, route.target) for route in routes] == [
        ("/static/<path:filename>", "static", StaticTarget(folder)),
        ("/files/<path:filename>", "files", StaticTarget(folder)),
        ("/hello", "greeting", StaticTarget(str(Path(folder, "hello.txt")), is_file=True)),
    ]
    assert {route.methods for route in routes} == {("GET",)}


def test_verbs(project: Project) -> None:
    """Each upper-case key is a verb, its value a View or a table with its own options."""
    routes = sound(
        project,
        """
        [routes]
        "/carts/<uuid:id>" = { GET = "shop.Show", PUT = { view = "shop.Change", name = "change",
          tags = ["write"], defaults = { x = 1 }, deprecated = true, ignore = ["WZ401"] },
          tags = ["cart"], M-SEARCH = "shop.Search", defaults = { y = 2 } }
        """,
    ).routes
    assert [(route.target, route.methods, route.name) for route in routes] == [
        (ViewTarget(Reference("shop.Show"), "GET"), ("GET",), None),
        (ViewTarget(Reference("shop.Change"), "PUT"), ("PUT",), "change"),
        (ViewTarget(Reference("shop.Search"), "M-SEARCH"), ("M-SEARCH",), None),
    ]
    assert [route.path for route in routes] == ["/carts/<uuid:id>"] * 3
    assert [route.tags for route in routes] == [("cart",), ("cart", "write"), ("cart",)]
    assert [route.defaults for route in routes] == [{"y": 2}, {"y": 2, "x": 1}, {"y": 2}]
    assert [route.deprecated for route in routes] == [False, True, False]


def test_verbs_share_the_name_of_their_table(project: Project) -> None:
    """A verb table's name is that of every verb without one of its own."""
    routes = sound(
        project,
        """
        [routes."/carts"]
        name = "carts"
        GET = "shop.List"
        POST = { view = "shop.New", name = "new-cart" }
        PUT = { view = "shop.Change" }
        build_only = true
        """,
    ).routes
    assert [route.name for route in routes] == ["carts", "new-cart", "carts"]
    assert {route.build_only for route in routes} == {True}


def test_every_kind_of_websocket_row(project: Project) -> None:
    """WEBSOCKET is a verb as any other, in a list and as a key."""
    routes = sound(
        project,
        """
        [routes]
        "/a" = { view = "x.A", methods = ["WEBSOCKET", "GET"] }
        "/b" = { WEBSOCKET = "x.B" }
        """,
    ).routes
    assert [route.methods for route in routes] == [("WEBSOCKET", "GET"), ("WEBSOCKET",)]


def test_how_a_table_is_written_does_not_matter(project: Project) -> None:
    """Inline tables, headers and dotted keys say the same."""
    inline = sound(project, '[routes]\n"/a" = { view = "x.A", "/b" = { view = "x.B" } }\n')
    headers = sound(project, '[routes."/a"]\nview = "x.A"\n[routes."/a"."/b"]\nview = "x.B"\n')
    dotted = sound(project, 'routes."/a".view = "x.A"\nroutes."/a"."/b" = "x.B"\n')
    assert inline == headers == dotted


# Joining (rule 2)


@pytest.mark.parametrize(
    ("group", "child", "path"),
    [
        ("/api/v1", "/users", "/api/v1/users"),
        ("/api/v1/", "/users", "/api/v1/users"),
        ("/api/v1/", "/users/", "/api/v1/users/"),
        ("/api", "/", "/api/"),
        ("/api/", "/", "/api/"),
        ("/", "/users", "/users"),
        ("/", "/", "/"),
        ("/<lang>", "/<int:id>", "/<lang>/<int:id>"),
        ("/a//", "/b", "/a//b"),
        ("/x.y", "/z", "/x.y/z"),
    ],
)
def test_joining(project: Project, group: str, child: str, path: str) -> None:
    """The full pattern is the prefix minus one slash at its end, and the child's key."""
    assert _paths(project, f'[routes."{group}"]\n"{child}" = "x.Y"\n') == [path]


@pytest.mark.parametrize("key", ["/api", "/api/", "/", "/<x>/"])
def test_a_groups_own_view_keeps_its_key(project: Project, key: str) -> None:
    """The group's own view has the key as it is typed."""
    assert _paths(project, f'[routes."{key}"]\nview = "x.Y"\n') == [key]


def test_nested_groups(project: Project) -> None:
    """Prefixes of groups in groups add up."""
    text = '[routes."/a/"."/b/"."/"."/<c>"]\n"/d" = "x.Y"\n'
    assert _paths(project, text) == ["/a/b/<c>/d"]


# Order (rule 3)


def test_order(project: Project) -> None:
    """Depth first in the parsed table: a group's own view first, an include in its place."""
    project.write("more.toml", '[routes]\n"/3" = "x.C"\n"/4" = "x.D"\n')
    paths = _paths(
        project,
        """
        [routes]
        "/0" = "x.Z"

        [routes."/g"]
        "/2" = { "/deep" = "x.B", view = "x.A" }
        "/include" = { include = "more.toml" }
        view = "x.G"

        [routes."/h"]
        "/5" = { POST = "x.E", GET = "x.F" }

        [routes."/g"."/late"]
        view = "x.L"
        """,
    )
    assert paths == [
        "/0", "/g", "/g/2", "/g/2/deep", "/g/include/3", "/g/include/4", "/g/late", "/h/5", "/h/5",
    ]  # fmt: skip


def test_two_spellings_are_two_groups(project: Project) -> None:
    """The same prefix written in two ways is two groups, with options of their own."""
    routes = sound(
        project,
        '[routes."/a"]\ntags = ["x"]\n"/1" = "x.A"\n[routes."/a/"]\n"/2" = "x.B"\n',
    ).routes
    assert [(route.path, route.tags) for route in routes] == [("/a/1", ("x",)), ("/a/2", ())]


# Inheritance (rule 4)


def test_inheritance(project: Project) -> None:
    """What a group says is joined, added or overridden by the route, or stays in the group."""
    routes = sound(
        project,
        """
        [routes."/a"]
        name = "a"
        tags = ["t", "u"]
        ignore = ["WZ401"]
        middleware = ["m.outer"]
        defaults = { x = 1, y = 1 }
        strict_slashes = false
        merge_slashes = false
        deprecated = "soon"
        view = "x.Own"
        methods = ["GET"]
        build_only = true

        [routes."/a"."/b"]
        name = "b"
        tags = ["u", "v"]
        ignore = ["WZ402"]
        middleware = [{ use = "m.inner", with = { n = 2 } }]
        defaults = { y = 2, z = 2 }
        strict_slashes = true
        deprecated = false
        "/c" = { view = "x.C", name = "c" }
        "/d" = "x.D"
        """,
    ).routes
    own, *below = routes
    assert (own.name, own.methods, own.build_only) == ("a", ("GET",), True)
    assert (own.tags, own.deprecated) == (("t", "u"), "soon")
    for route, name in zip(below, ["a.b.c", "a.b.d"], strict=True):
        assert (route.name, route.methods, route.build_only) == (name, None, False)
        assert (route.tags, route.ignore) == (("t", "u", "v"), ("WZ401", "WZ402"))
        assert route.defaults == {"x": 1, "y": 2, "z": 2}
        assert (route.strict_slashes, route.merge_slashes) == (True, False)
        assert route.deprecated is False
        uses = [(use.use.path, use.options) for use in route.middleware]
        assert uses == [("m.outer", {}), ("m.inner", {"n": 2})]


def test_middleware_of_a_group_is_one_instance(project: Project) -> None:
    """All routes of a group share its entry (rule 12), and not one that says the same."""
    first, second, other = sound(
        project,
        """
        [routes."/a"]
        middleware = ["m.wrap"]
        "/1" = "x.A"
        "/2" = "x.B"

        [routes."/b"]
        middleware = [{ use = "m.wrap" }]
        "/3" = "x.C"
        """,
    ).routes
    assert first.middleware == second.middleware
    assert first.middleware != other.middleware
    assert first.middleware[0].same_as(other.middleware[0])


# Defaults (rule 9)


def test_none_as_a_default(project: Project) -> None:
    """``{ none = true }`` stands for None; any other table is a table."""
    entry = '{ view = "x.Y", defaults = { a = { none = true }, b = { none = false }, c = [] } }'
    route = _only(project, f'"/" = {entry}')
    assert route.defaults == {"a": None, "b": {"none": False}, "c": []}


def test_a_default_of_the_hosts_variable(project: Project) -> None:
    """A variable of the host cannot have a default either."""
    text = '[routes."//<region>.test"]\ndefaults = { region = "eu" }\n"/" = "x.Y"\n'
    _, diagnostics = read(project, text)
    assert told(diagnostics) == [("WZ107", "<region>")]


# What a mistake hides


def test_a_broken_entry_hides_nothing(project: Project) -> None:
    """Below a bad pattern, an unclear table or a key that is no pattern, every mistake is told."""
    _, diagnostics = read(
        project,
        """
        [routes."/<bad"]
        "/1" = "x.A()"

        [routes."/unclear"]
        view = "x.Y"
        redirect = "/"
        "/2" = "x.B()"

        [routes."/static"]
        static = "nowhere"
        "/3" = "x.C()"

        [routes.group]
        "/4" = { GET = { viev = "x.D()" } }
        option = 1

        [routes."/verbs"]
        GET = { name = 1 }
        POST = 2
        PUT = "x.E()"
        """,
    )
    assert told(diagnostics) == [
        ("WZ101", "<bad"),
        ("WZ014", "()"),
        ("WZ016", "redirect"),
        ("WZ014", "()"),
        ("WZ016", '"/3"'),
        ("WZ014", "()"),
        ("WZ015", "group"),
        ("WZ013", "GET"),
        ("WZ010", "viev"),
        ("WZ013", "GET"),
        ("WZ011", "1"),
        ("WZ011", "2"),
        ("WZ014", "()"),
    ]


@pytest.mark.parametrize(
    "lost",
    [
        '"/<bad" = { view = "x.Y", name = "lost" }',
        '"/<bad" = "x.Lost"',
        '"/a" = { view = "x.Y", redirect = "/", name = "lost" }',
        '"/a" = { view = "x.Y()", name = "lost" }',
        '"/a" = { static = "nowhere", name = "lost" }',
        '"/a" = { GET = "x.Y()", name = "lost" }',
        '"/a" = { GET = { view = "x.Y()", name = "lost" } }',
        '"/a" = { GET = { name = "lost" } }',
        '"/a" = { veiw = "x.Y", name = "lost" }',
        '"/" = { "/old" = { view = "x.Y", name = "lost" } }',
        '"//a..b/" = { view = "x.Y", name = "lost" }',
        'group = { "/a" = { view = "x.Y", name = "lost" } }',
        '"/a" = { "//b/" = { view = "x.Y", name = "lost" } }',
        '"/<id>" = { "/<id>" = { view = "x.Y", name = "lost" } }',
        '"/<id>" = { view = "x.Y", name = "lost", defaults = { id = 1 } }',
        '"/<id>" = { GET = { view = "x.Y", name = "lost", defaults = { id = 1 } } }',
        '"/a" = { view = "x.Y", name = "lost", methods = [] }',
    ],
)
def test_one_mistake_is_not_told_twice(project: Project, lost: str) -> None:
    """A redirect to a route that was left out because of a mistake is not called wrong."""
    manifest, diagnostics = read(project, f'[routes]\n"/old" = {{ redirect = "lost" }}\n{lost}\n')
    assert manifest.lost.may_name("lost")
    assert not manifest.lost.may_name("found")
    assert len(diagnostics) == 1
    checks = run_checks(TABLE_CHECKS, Context(manifest))
    assert [finding.diagnostic.message for finding in checks] == []


@pytest.mark.parametrize(
    ("methods", "left"),
    [('["get", "PUT"]', [("PUT",)]), ('["get"]', []), ("[]", []), ('"GET"', [None])],
)
def test_methods_that_are_wrong(
    project: Project, methods: str, left: list[tuple[str, ...] | None]
) -> None:
    """Sound verbs count; a list without any leaves the route out, which would match nothing."""
    manifest, (_,) = read(project, f'[routes]\n"/a" = {{ view = "x.Y", methods = {methods} }}\n')
    assert [route.methods for route in manifest.routes] == left


def test_a_stray_route_is_read(project: Project) -> None:
    """A route outside of [routes] is told, its own mistakes as well, and it is no route."""
    manifest, diagnostics = read(
        project, '"/a" = { view = "x.Y()", name = "a" }\n[routes]\n"/b" = "x.Y"\n'
    )
    assert told(diagnostics) == [("WZ015", '"/a"'), ("WZ014", "()")]
    assert [route.path for route in manifest.routes] == ["/b"]


@pytest.mark.parametrize(
    ("entry", "advice"),
    [
        ('users = "x.Y"', 'write "/users"'),
        ('"users/" = "x.Y"', 'write "/users"'),
        ('"" = "x.Y"', 'write "/"'),
        ("users = {}", 'write [routes."/users"]'),
        ('"https://a.test/b" = "x.Y"', 'write "//a.test/b"'),
        ('GET = "x.Y"', 'write "/" = { GET = "package.module.Class" }'),
        ('include = "x.toml"', 'write "/" = { include = "x.toml" }'),
        ('tags = ["x"]', 'write it below [routes."/"]'),
    ],
)
def test_keys_that_are_no_patterns(project: Project, entry: str, advice: str) -> None:
    """A key directly in [routes] that is no pattern is told with what it should be."""
    _, (diagnostic,) = read(project, f"[routes]\n{entry}\n")
    assert diagnostic.kind.code == "WZ015"
    assert advice in diagnostic.help


@pytest.mark.parametrize(
    ("class_name", "name"),
    [
        ("Home", "home"),
        ("PeopleList", "people_list"),
        ("HTTPServer", "http_server"),
        ("ListHTTP", "list_http"),
        ("V2Users", "v2_users"),
        ("already_snake", "already_snake"),
        ("A", "a"),
    ],
)
def test_snake_case(class_name: str, name: str) -> None:
    """A default name is the class name in snake_case."""
    assert snake_case(class_name) == name
