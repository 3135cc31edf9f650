"""`webzeug schema`: JSON Schema for editors, and the line by which they find it."""

import json
import os
import subprocess
import sysconfig
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.support.project import Project
from webzeug.manifest.json_schema import json_schema

EXAMPLE = Path(__file__).parents[2] / "routes.example.toml"
LINE = b"#:schema ./webzeug.schema.json"
ROUTES = '[routes]\n"/" = "shop.Home"\n'


def test_print(run: Run) -> None:
    """Without --write it goes to stdout, and no manifest is needed."""
    done = run("schema")
    assert (done.code, json.loads(done.out), done.err) == (0, json_schema(), "")


def test_write(project: Project, run: Run) -> None:
    """The schema is written beside the manifest, which names it; a second time changes nothing."""
    project.write("routes.toml", ROUTES).chmod(0o640)
    done = run("schema", "--write")
    assert (done.code, done.out) == (0, "")
    assert done.err == (
        "wrote webzeug.schema.json, and its name into the first line of routes.toml\n"
    )
    assert json.loads((project.folder / "webzeug.schema.json").read_text()) == json_schema()
    assert project.manifest.read_bytes() == LINE + b"\n" + ROUTES.encode()
    assert project.manifest.stat().st_mode & 0o777 == 0o640
    again = run("schema", "--write")
    assert again.err == "wrote webzeug.schema.json, which routes.toml names already\n"
    assert project.manifest.read_bytes() == LINE + b"\n" + ROUTES.encode()
    assert sorted(os.listdir(project.folder)) == ["routes.toml", "webzeug.schema.json"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"[routes]\r\n", LINE + b"\r\n[routes]\r\n"),
        (b"\xef\xbb\xbf[routes]\n", b"\xef\xbb\xbf" + LINE + b"\n[routes]\n"),
        (b"", LINE + b"\n"),
        (b"# caf\xe9\n", LINE + b"\n# caf\xe9\n"),
        (b"x = 1\n#:schema webzeug.schema.json\r\n", b"x = 1\n#:schema webzeug.schema.json\r\n"),
    ],
)
def test_the_rest_stays(project: Project, run: Run, before: bytes, after: bytes) -> None:
    """Line ends, a byte order mark, and whatever else the file holds."""
    project.manifest.write_bytes(before)
    assert run("schema", "--write").code == 0
    assert project.manifest.read_bytes() == after


def test_another_folder_and_a_link(project: Project, run: Run) -> None:
    """The schema goes where the manifest is; a link stays a link."""
    project.write("site/real.toml", ROUTES)
    (project.folder / "site/routes.toml").symlink_to("real.toml")
    assert run("schema", "site/routes.toml", "--write").code == 0
    assert (project.folder / "site/routes.toml").is_symlink()
    assert (project.folder / "site/real.toml").read_bytes().startswith(LINE)
    assert (project.folder / "site/webzeug.schema.json").exists()


def test_another_schema(project: Project, run: Run) -> None:
    """A manifest that names another one keeps it, and nothing is written."""
    project.write("routes.toml", f"#:schema https://example.com/x.json\n{ROUTES}")
    done = run("schema", "--write")
    assert (done.code, done.out) == (2, "")
    assert "routes.toml names another schema: https://example.com/x.json" in done.err
    assert os.listdir(project.folder) == ["routes.toml"]


def test_no_manifest(project: Project, run: Run) -> None:
    """A file that is not there is not made."""
    done = run("schema", "absent.toml", "--write")
    assert (done.code, done.out) == (2, "")
    assert "cannot write absent.toml: No such file or directory" in done.err
    assert os.listdir(project.folder) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("max_connections =", "max_conections ="),
        ("redirect =", "redirct ="),
        ("base_url =", "base_ulr ="),
    ],
)
def test_tombi(project: Project, run: Run, old: str, new: str) -> None:
    """The linter Tombi takes the example with it, and refuses a misspelt key where it stands."""
    text = EXAMPLE.read_text("utf-8")
    project.manifest.write_text(text, "utf-8")
    assert run("schema", "--write").code == 0
    assert _tombi(project) == (0, "1 file linted successfully")
    lines = project.manifest.read_text("utf-8").replace(old, new, 1).split("\n")
    project.manifest.write_text("\n".join(lines), "utf-8")
    line = next(number for number, line in enumerate(lines, 1) if new in line)
    code, told = _tombi(project)
    assert code == 1
    assert f"routes.toml:{line}:{lines[line - 1].index(new) + 1}" in told


def _tombi(project: Project) -> tuple[int, str]:
    done = subprocess.run(
        [str(Path(sysconfig.get_path("scripts"), "tombi")), "lint", "--offline", "routes.toml"],
        cwd=project.folder,
        env={**os.environ, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, (done.stdout + done.stderr).strip()
