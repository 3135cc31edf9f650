"""The pipeline: what ``load`` takes, and what it says when there is no App."""

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import chdir
from pathlib import Path

import pytest

import webzeug
from tests.support.project import Project
from webzeug import App, ManifestError
from webzeug.loader import Checked, Options, build, check, load, read

VIEWS = """
    from webzeug import Response, View

    class Index(View):
        def GET(self):
            return Response(self.app.config.get("word", "index"))
"""

MANIFEST = """
    [routes]
    "/" = "views.Index"
    [config]
    word = "manifest"
    [env]
    word = "WORD"
"""


@pytest.fixture(autouse=True)
def path_kept() -> Iterator[None]:
    """``load`` puts a folder first in sys.path; put it back."""
    before = list(sys.path)
    yield
    sys.path[:] = before


def word(app: App) -> str:
    return app.test_client().get("/").text


def test_a_manifest_becomes_an_app(project: Project) -> None:
    """The path may be a string or a Path; ``routes.toml`` where one stands unless given."""
    project.write("views.py", VIEWS)
    project.write("routes.toml", MANIFEST)
    assert word(load(project.manifest, environ={})) == "manifest"
    assert word(load(str(project.manifest), environ={})) == "manifest"
    with chdir(project.folder):
        assert word(load(environ={})) == "manifest"
        assert word(load("./routes.toml", environ={})) == "manifest"


def test_config_from_outside(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file, then the environment, then settings; the real environment unless one is given."""
    project.write("views.py", VIEWS)
    project.write("routes.toml", MANIFEST)
    config = project.write("prod.toml", 'word = "file"\n')
    monkeypatch.setenv("WORD", "real")
    assert word(load(project.manifest)) == "real"
    assert word(load(project.manifest, environ={})) == "manifest"
    assert word(load(project.manifest, environ={}, config=str(config))) == "file"
    given = {"WORD": "given"}
    assert word(load(project.manifest, environ=given, config=str(config))) == "given"
    settings = ["config.word=set"]
    assert word(load(project.manifest, environ=given, settings=settings)) == "set"


def test_a_missing_variable(project: Project) -> None:
    """Without a default, the environment must have it, and all that lack are named."""
    project.write("routes.toml", '[routes]\n[env]\na = "A_URL"\nb = "B_URL"\n')
    with pytest.raises(ManifestError) as caught:
        load(project.manifest, environ={})
    assert [each.kind.code for each in caught.value.diagnostics] == ["WZ021", "WZ021"]
    assert load(project.manifest, environ={"A_URL": "1", "B_URL": "2"}).config["a"] is not None


def test_where_dotted_paths_are_found_first(project: Project) -> None:
    """In the manifest's folder, or in ``app_dir``; and there before all of sys.path."""
    project.write("one/views.py", VIEWS.replace('"index"', '"one"'))
    project.write("two/views.py", VIEWS.replace('"index"', '"two"'))
    project.write("one/routes.toml", '[routes]\n"/" = "views.Index"\n')
    one, two = str(project.folder / "one"), str(project.folder / "two")
    sys.path[:0] = [two]
    sys.path.append(one)
    assert word(load(f"{one}/routes.toml", environ={})) == "one"
    assert sys.path[0] == one
    assert sys.path.count(one) == 1
    del sys.modules["views"]
    assert word(load(f"{one}/routes.toml", environ={}, app_dir=two)) == "two"
    assert sys.path[0] == two


def test_a_relative_folder(project: Project) -> None:
    """Dotted paths stay where they are when the process goes elsewhere."""
    project.write("app/views.py", VIEWS)
    project.write("app/routes.toml", MANIFEST)
    with chdir(project.folder):
        app = load("app/routes.toml", environ={})
    assert word(app) == "manifest"


def test_included_files_change_no_folder(project: Project) -> None:
    """Dotted paths of an included file are found from the root manifest's folder as well."""
    project.write("views.py", VIEWS)
    project.write("admin/routes.toml", '[routes]\n"/in" = "views.Index"\n')
    project.write("routes.toml", '[routes]\n"/admin" = { include = "admin/routes.toml" }\n')
    assert project.load().test_client().get("/admin/in").text == "index"


def test_lazy_or_eager(project: Project) -> None:
    """``load`` imports Views when they are asked for, with ``eager`` at once."""
    project.write("views.py", f"{textwrap.dedent(VIEWS)}\nraise LookupError('not today')\n")
    project.write("routes.toml", MANIFEST)
    app = project.load()
    assert "views" not in sys.modules
    assert app.test_client().get("/").status_code == 500
    with pytest.raises(ManifestError, match="importing views raised LookupError: not today"):
        project.load(eager=True)


def test_the_flags_of_the_app(project: Project) -> None:
    """``development`` and ``propagate_errors`` are handed on."""
    project.write("routes.toml", "[routes]\n")
    app = project.load(development=True, propagate_errors=True)
    assert (app.development, app.propagate_errors) == (True, True)
    app = project.load()
    assert (app.development, app.propagate_errors) == (False, False)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("absent.toml", None, "cannot read {path}: there is no such file"),
        ("folder", None, "cannot read {path}: it is a folder, not a file"),
        ("bad.toml", "[routes", "{path}:1:1: error WZ003: "),
        ("latin.toml", b"# caf\xe9", "the file is not UTF-8"),
    ],
)
def test_a_file_that_is_no_manifest(
    project: Project, name: str, text: str | bytes | None, message: str
) -> None:
    """One problem, in words."""
    (project.folder / "folder").mkdir()
    path = project.folder / name
    if text is not None:
        path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(ManifestError) as caught:
        load(path, environ={})
    assert len(caught.value.diagnostics) == 1
    assert message.format(path=path) in str(caught.value)


def test_manifest_error_says_all(project: Project) -> None:
    """Its text has each problem's place, code, message and help, and the user's traceback."""
    project.write("broken.py", "def f():\n    raise LookupError('not today')\n\nf()\n")
    manifest = project.write(
        "routes.toml",
        """
        [routes]
        "/" = "broken.Index"
        "/b" = { viw = "broken.Index" }
        """,
    )
    with pytest.raises(ManifestError) as caught:
        project.load(eager=True)
    broken = project.folder / "broken.py"
    first, *_ = str(caught.value).split(f"\n{manifest}:3:")
    assert (
        first
        == f"""\
{manifest}:2:8: error WZ305: importing broken raised LookupError: not today
Traceback (most recent call last):
  File "{broken}", line 4, in <module>
    f()
  File "{broken}", line 2, in f
    raise LookupError('not today')
LookupError: not today"""
    )
    assert "a route has no key `viw`" in str(caught.value)
    assert all(each.is_error for each in caught.value.diagnostics)


def test_warnings_keep_no_app_back(project: Project) -> None:
    """They are among the diagnostics of a build, and ``load`` goes on."""
    project.write("views.py", VIEWS)
    project.write("routes.toml", MANIFEST)
    config = project.write("prod.toml", "wrod = 3\n")
    options = Options(config=str(config), environ={})
    built = build(str(project.manifest), options)
    assert [each.kind.code for each in built.diagnostics] == ["WZ023"]
    assert built.app is not None
    assert word(load(project.manifest, config=str(config), environ={})) == "manifest"


def test_reading_and_checking_import_nothing(project: Project) -> None:
    """``read`` looks at the manifest alone, ``check`` at the source as well; neither runs it."""
    project.write("views.py", "raise SystemExit('this ran')\n")
    project.write("conv.py", "raise SystemExit('this ran')\n")
    project.write(
        "routes.toml",
        """
        middleware = ["views.absent"]
        [routes]
        "/" = "views.Index"
        "/<own:x>" = { redirect = "nowhere" }
        [converters]
        own = "conv.Own"
        """,
    )
    path = str(project.manifest)
    assert [each.kind.code for each in read(path).diagnostics] == ["WZ204"]
    checked = check(path)
    assert checked.has_errors
    assert {each.kind.code for each in checked.diagnostics} == {"WZ204", "WZ302"}
    assert not {"views", "conv"} & set(sys.modules)
    assert str(project.folder) not in sys.path


@pytest.mark.parametrize("look", [read, check])
def test_looking_at_a_file_that_is_not_there(
    project: Project, look: Callable[[str], Checked]
) -> None:
    """There is no model then, and one problem."""
    checked = look(str(project.manifest))
    assert checked.manifest is None
    assert [each.kind.code for each in checked.diagnostics] == ["WZ001"]


def test_checking_a_sound_manifest(project: Project) -> None:
    """Nothing to say, and the model is there."""
    project.write("views.py", VIEWS)
    project.write("routes.toml", MANIFEST)
    checked = check(str(project.manifest))
    assert (checked.diagnostics, checked.has_errors) == ((), False)
    assert checked.manifest is not None
    assert [route.path for route in checked.manifest.routes] == ["/"]


def test_another_server_loads_it(project: Project) -> None:
    """Importing webzeug and loading a manifest is all that a WSGI server has to do."""
    project.write("views.py", VIEWS)
    project.write("routes.toml", MANIFEST)
    program = """
        import webzeug
        from wsgiref.handlers import CGIHandler
        CGIHandler().run(webzeug.load("routes.toml"))
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        cwd=project.folder,
        env={
            **os.environ,
            "PYTHONPATH": str(Path(webzeug.__file__).parents[1]),
            "REQUEST_METHOD": "GET",
            "PATH_INFO": "/",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "WORD": "over CGI",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("Status: 200 OK\n")
    assert done.stdout.endswith("\nover CGI")
    assert done.stderr == ""
