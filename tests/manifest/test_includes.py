"""Included manifests (4.1, rule 11)."""

import os

import pytest

from tests.support.manifests import read, sound, told
from tests.support.project import Project
from webzeug.manifest.reading import read_manifest


def test_an_include_brings_routes_and_converters(project: Project) -> None:
    """Its routes stand below the prefix, with the group's name and options, in its place."""
    project.write(
        "admin/routes.toml",
        """
        [routes]
        "/" = "x.Home"
        "/users/<sku:id>" = { view = "x.User", tags = ["inner"], defaults = { y = 2 } }

        [converters]
        sku = "x.Sku"
        """,
    )
    manifest = sound(
        project,
        """
        [routes]
        "/a" = "x.A"

        [routes."/admin"]
        include = "admin/routes.toml"
        name = "admin"
        tags = ["outer"]
        defaults = { x = 1 }
        middleware = ["m.wrap"]

        [routes."/z"]
        view = "x.Z"
        """,
    )
    assert [(route.path, route.name, route.tags) for route in manifest.routes] == [
        ("/a", "a", ()),
        ("/admin/", "admin.home", ("outer",)),
        ("/admin/users/<sku:id>", "admin.user", ("outer", "inner")),
        ("/z", "z", ()),
    ]
    assert manifest.routes[2].defaults == {"x": 1, "y": 2}
    assert [use.use.path for use in manifest.routes[1].middleware] == ["m.wrap"]
    assert {name: str(path) for name, path in manifest.converters.items()} == {"sku": "x.Sku"}


def test_a_list_of_files(project: Project) -> None:
    """A list of files is included in order."""
    project.write("1.toml", '[routes]\n"/1" = "x.A"\n')
    project.write("2.toml", '[routes]\n"/2" = "x.B"\n')
    manifest = sound(project, '[routes."/"]\ninclude = ["2.toml", "1.toml"]\n')
    assert [route.path for route in manifest.routes] == ["/2", "/1"]


def test_paths_are_relative_to_the_including_file(project: Project) -> None:
    """Included files and static folders are found from the file that names them."""
    project.write("a/b/public/x.txt", "x")
    project.write("a/c.toml", '[routes]\n"/c" = "x.C"\n')
    project.write(
        "a/b/b.toml", '[routes]\n"/c" = { include = "../c.toml" }\n"/s" = { static = "public" }\n'
    )
    manifest = sound(project, '[routes]\n"/b" = { include = "a/b/b.toml" }\n')
    assert [route.path for route in manifest.routes] == ["/b/c/c", "/b/s/<path:filename>"]
    shown = [os.path.relpath(file, project.folder) for file in manifest.files]
    assert shown == ["routes.toml", "a/b/b.toml", "a/c.toml"]


def test_a_name_is_looked_up_in_its_scope_first(project: Project) -> None:
    """A redirect of an include remembers the names of the group that includes it."""
    project.write("inner.toml", '[routes]\n"/x" = { redirect = "home" }\n')
    project.write(
        "outer.toml", '[routes."/deep"]\nname = "deep"\ninclude = "inner.toml"\n[routes]\n'
        '"/y" = { redirect = "home" }\n"/home" = "x.Home"\n"/z" = { include = "inner.toml" }\n'
    )  # fmt: skip
    manifest = sound(project, '[routes."/o"]\nname = "o"\ninclude = "outer.toml"\n')
    scopes = [getattr(route.target, "scope", None) for route in manifest.routes]
    assert scopes == ["o.deep", "o", None, "o"]


def test_twice_included(project: Project) -> None:
    """A file may be included twice; what is wrong with it is told once."""
    project.write("users.toml", '[routes]\n"/" = "x.Users"\n"/<bad" = "x.Y"\n')
    manifest, diagnostics = read(
        project,
        """
        [routes]
        "/a" = { include = "users.toml", name = "a" }
        "/b" = { include = "./users.toml", name = "b" }
        """,
    )
    assert [route.name for route in manifest.routes] == ["a.users", "b.users"]
    assert told(diagnostics) == [("WZ101", "<bad")]
    assert len(manifest.documents) == 2


def test_a_file_of_almost_the_name(project: Project) -> None:
    """A missing file is told with one of almost its name, by the path that would include it."""
    project.write("admin/routes.toml", "[routes]\n")
    _, (diagnostic,) = read(project, '[routes]\n"/a" = { include = "admin/route.toml" }\n')
    assert diagnostic.help.startswith("did you mean ")
    assert diagnostic.help.endswith("admin/routes.toml?")


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("missing.toml", "cannot read missing.toml: there is no such file"),
        ("folder", "cannot read folder: it is a folder, not a file"),
        ("", "this is not the path of a file"),
        ("\\u0000", "this is not the path of a file"),
        ("../outside.toml", "../outside.toml is outside the folder of the root manifest"),
        ("folder/../../outside.toml", "../outside.toml is outside the folder of the root manifest"),
        ("/etc/hosts", "/etc/hosts is outside the folder of the root manifest"),
        ("link.toml", "link.toml is outside the folder of the root manifest"),
        ("linked/x.toml", "linked/x.toml is outside the folder of the root manifest"),
    ],
)
def test_files_that_cannot_be_included(
    project: Project, monkeypatch: pytest.MonkeyPatch, path: str, message: str
) -> None:
    """A file must be there, and inside of the root manifest's folder, by symlink as well."""
    outside = project.write("outside.toml", '[routes]\n"/x" = "x.Y"\n')
    project.write("elsewhere/x.toml", '[routes]\n"/x" = "x.Y"\n')
    inner = Project(project.folder / "app")
    inner.write("folder/keep.txt", "")
    (inner.folder / "link.toml").symlink_to(outside)
    (inner.folder / "linked").symlink_to(project.folder / "elsewhere")
    monkeypatch.chdir(inner.folder)
    inner.write("routes.toml", f'[routes]\n"/a" = {{ include = "{path}" }}\n')
    _, (diagnostic,) = read_manifest("routes.toml")
    assert (diagnostic.kind.code, diagnostic.message) == ("WZ017", message)
    assert diagnostic.span.text == f'"{path}"'


def test_links_inside_of_the_folder(project: Project) -> None:
    """A symlink that stays inside is followed, as ConfigMaps of Kubernetes are made."""
    project.write("..data/more.toml", '[routes]\n"/x" = "x.Y"\n')
    project.write("..data/routes.toml", '[routes]\n"/a" = { include = "more.toml" }\n')
    (project.folder / "more.toml").symlink_to("..data/more.toml")
    (project.folder / "routes.toml").symlink_to("..data/routes.toml")
    manifest = sound(project, (project.folder / "routes.toml").read_text("utf-8"))
    assert [route.path for route in manifest.routes] == ["/a/x"]


def test_a_folder_that_is_itself_a_link(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Inside means inside of the real folder, by whatever way one came there."""
    project.write("releases/7/more.toml", '[routes]\n"/x" = "x.Y"\n')
    project.write("releases/7/routes.toml", '[routes]\n"/a" = { include = "more.toml" }\n')
    (project.folder / "current").symlink_to("releases/7")
    manifest, diagnostics = read_manifest(str(project.folder / "current" / "routes.toml"))
    assert manifest is not None
    assert ([route.path for route in manifest.routes], diagnostics) == (["/a/x"], ())


@pytest.mark.parametrize(
    ("files", "chain"),
    [
        ({"routes.toml": "routes.toml"}, "routes.toml -> routes.toml"),
        (
            {"routes.toml": "a.toml", "a.toml": "b/b.toml", "b/b.toml": "../a.toml"},
            "a.toml -> b/b.toml -> a.toml",
        ),
        ({"routes.toml": "link.toml"}, "routes.toml -> link.toml"),
    ],
)
def test_cycles(
    project: Project, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], chain: str
) -> None:
    """An include that comes back to a file that is being read is told with its whole way."""
    monkeypatch.chdir(project.folder)
    (project.folder / "link.toml").symlink_to("routes.toml")
    for name, included in files.items():
        project.write(name, f'[routes]\n"/a" = {{ include = "{included}" }}\n')
    _, (diagnostic,) = read_manifest("routes.toml")
    assert diagnostic.kind.code == "WZ018"
    assert diagnostic.message == f"the include comes back to itself: {chain}"


def test_other_tables_of_an_include(project: Project) -> None:
    """Every other table of an include is told, whether it is known or not."""
    project.write(
        "more.toml",
        """
        env = { a = "A" }
        bnid = 1
        [routes]
        "/x" = "x.Y"
        [server]
        [[middleware]]
        use = 5
        [errors]
        [resources]
        [matching]
        [config]
        [rotues]
        """,
    )
    manifest, diagnostics = read(project, '[routes]\n"/a" = { include = "more.toml" }\n')
    assert told(diagnostics) == [
        ("WZ015", "env"), ("WZ010", "bnid"), ("WZ015", "server"), ("WZ015", "middleware"),
        ("WZ015", "errors"), ("WZ015", "resources"), ("WZ015", "matching"), ("WZ015", "config"),
        ("WZ010", "rotues"),
    ]  # fmt: skip
    assert [route.path for route in manifest.routes] == ["/a/x"]


def test_an_include_without_routes(project: Project) -> None:
    """A file with converters alone may be included."""
    project.write("more.toml", '[converters]\nsku = "x.Sku"\n')
    manifest = sound(project, '[routes]\n"/a" = { include = "more.toml" }\n')
    assert (manifest.routes, list(manifest.converters)) == ((), ["sku"])


def test_the_same_converter_twice(project: Project) -> None:
    """Two files may bring the same converter; another class of the same name is told."""
    project.write("same.toml", '[converters]\nsku = "x.Sku"\n')
    project.write("other.toml", '[converters]\nsku = "x.Other"\n')
    text = '[routes]\n"/a" = { include = "FILE" }\n[converters]\nsku = "x.Sku"\n'
    sound(project, text.replace("FILE", "same.toml"))
    _, diagnostics = read(project, text.replace("FILE", "other.toml"))
    assert told(diagnostics) == [("WZ203", '"x.Other"')]


@pytest.mark.parametrize("content", ["[routes", '[routes]\n"/\\q" = 1', "\ufeff\ufeff"])
def test_a_broken_include(project: Project, content: str) -> None:
    """A syntax error in an include is told in its own file; what it would have brought is open."""
    project.write("broken.toml", content)
    manifest, (diagnostic,) = read(
        project,
        '[routes]\n"/a" = { include = "broken.toml", name = "a" }\n'
        '"/b" = { include = "broken.toml" }\n',
    )
    assert diagnostic.kind.code == "WZ003"
    assert diagnostic.span.source.path.endswith("broken.toml")
    assert manifest.lost.may_name("a.anything")
    assert manifest.lost.may_name("whatever")
    assert manifest.lost.may_convert("anything")
    assert [os.path.basename(file) for file in manifest.files] == ["routes.toml", "broken.toml"]


def test_what_is_lost_with_an_include(project: Project) -> None:
    """Of a file that is missing, only names with its group's prefix are open."""
    manifest, _ = read(project, '[routes]\n"/a" = { include = "missing.toml", name = "a" }\n')
    assert [manifest.lost.may_name(name) for name in ("a.b", "a", "b")] == [True, False, False]
