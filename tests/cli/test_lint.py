"""`webzeug lint`: what is wrong with manifests, and its exit codes."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.support.project import Project

GOOD = """
    [routes]
    "/" = "shop.Home"
    "/b" = "shop.Home"
"""
BAD = """
    [routes]
    "/" = "shop.Hom"
    "/b" = "shp.Home"
"""
FINDINGS = """\
routes.toml:2:13: error[WZ302]: shop.py has no `Hom`
  |
2 | "/" = "shop.Hom"
  |             ^^^
  = help: did you mean `Home`?

routes.toml:3:9: error[WZ301]: there is no module `shp`
  |
3 | "/b" = "shp.Home"
  |         ^^^
  = help: did you mean `shop`?

2 errors
"""


@pytest.fixture(autouse=True)
def shop(project: Project) -> None:
    project.write("shop.py", "from webzeug import View\nclass Home(View):\n    def GET(self): ...")


def test_a_sound_manifest(project: Project, run: Run) -> None:
    """It says how much it looked at, and exits 0."""
    project.write("routes.toml", GOOD)
    done = run("lint")
    assert (done.code, done.out, done.err) == (0, "no problems in 2 routes\n", "")


def test_findings(project: Project, run: Run) -> None:
    """All findings stand on stdout with their count, and it exits 1."""
    project.write("routes.toml", BAD)
    done = run("lint")
    assert (done.code, done.out, done.err) == (1, FINDINGS, "")


def test_several_manifests(project: Project, run: Run) -> None:
    """Each is linted; what several of them include is reported once."""
    project.write("shared.toml", '[routes]\n"/shared" = "shop.Absent"')
    for name, more in (("a.toml", ""), ("b.toml", ""), ("c.toml", '"/" = "shop.Hom"')):
        project.write(name, f'[routes]\n{more}\n[routes."/x"]\ninclude = "shared.toml"')
    project.write("good.toml", GOOD)
    done = run("lint", "a.toml", "b.toml", "good.toml", "c.toml")
    assert done.code == 1
    heads = [line for line in done.out.splitlines() if "error[" in line]
    assert [head.partition(":")[0] for head in heads] == ["shared.toml", "c.toml"]
    assert done.out.endswith("\n2 errors\n")
    sound = run("lint", "good.toml", "good.toml")
    assert (sound.code, sound.out) == (0, "no problems in 4 routes\n")


@pytest.mark.parametrize("others", [[], ["good.toml"], ["bad.toml"]])
def test_what_cannot_be_read(project: Project, run: Run, others: list[str]) -> None:
    """If one manifest cannot be read it exits 2, whatever the others are; they are linted too."""
    project.write("good.toml", GOOD)
    project.write("bad.toml", BAD)
    done = run("lint", *others, "absent.toml")
    assert done.code == 2
    assert "cannot read absent.toml: there is no such file" in done.out
    assert ("WZ302" in done.out) is ("bad.toml" in others)
    assert run("lint").code == 2


def test_json(project: Project, run: Run) -> None:
    """For programs: a list of findings with code, place and help; an empty one if all is well."""
    project.write("routes.toml", BAD)
    done = run("lint", "--format", "json")
    assert (done.code, done.err) == (1, "")
    first, second = json.loads(done.out)
    assert first == {
        "code": "WZ302",
        "name": "no-such-name",
        "severity": "error",
        "message": "shop.py has no `Hom`",
        "help": "did you mean `Home`?",
        "file": "routes.toml",
        "line": 2,
        "column": 13,
        "end_line": 2,
        "end_column": 16,
        "others": [],
    }
    assert second["code"] == "WZ301"
    project.write("routes.toml", GOOD)
    done = run("lint", "--format", "json")
    assert (done.code, done.out) == (0, "[]\n")


def test_settings_and_folder(project: Project, run: Run) -> None:
    """--set is checked with the manifest, and --app-dir says where the code is."""
    project.write("conf/routes.toml", GOOD)
    assert run("lint", "conf/routes.toml").code == 1
    assert run("lint", "conf/routes.toml", "--app-dir", ".").code == 0
    done = run("lint", "conf/routes.toml", "--app-dir", ".", "--set", "server.grce=1")
    assert done.code == 1
    assert "grce" in done.out
    done = run("lint", "conf/routes.toml", "--app-dir", ".", "--set", "server.grace=1")
    assert done.code == 0


def test_concise(project: Project, run: Run) -> None:
    """One line for each finding, and their count."""
    project.write("routes.toml", BAD)
    done = run("lint", "--format", "concise")
    assert done.out.splitlines() == [
        "routes.toml:2:13: error WZ302: shop.py has no `Hom` (did you mean `Home`?)",
        "routes.toml:3:9: error WZ301: there is no module `shp` (did you mean `shop`?)",
        "2 errors",
    ]
    project.write("routes.toml", GOOD)
    assert run("lint", "--format", "concise").out == "no problems in 2 routes\n"


def test_for_github(project: Project, run: Run) -> None:
    """One workflow command for each finding, and nothing else."""
    project.write("routes.toml", BAD)
    done = run("lint", "--format", "github")
    assert (done.code, done.err) == (1, "")
    first, _ = done.out.splitlines()
    expected = (
        "::error file=routes.toml,title=WZ302 no-such-name,line=2,endLine=2,col=13,endColumn=16"
        "::shop.py has no `Hom`%0Adid you mean `Home`?"
    )
    assert expected == first
    project.write("routes.toml", GOOD)
    assert (
        run("lint", "--format", "github").code,
        run("lint", "--format", "github").out,
    ) == (0, "")


def _codes(out: str) -> list[str]:
    return re.findall(r"WZ\d+", out)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--select", "WZ301"], ["WZ301"]),
        (["--select", "WZ3"], ["WZ302", "WZ301"]),
        (["--select", "WZ2,WZ302"], ["WZ302"]),
        (["--select", "WZ2", "--select", "WZ301"], ["WZ301"]),
        (["--ignore", "WZ301"], ["WZ302"]),
        (["--select", "WZ3", "--ignore", "WZ302"], ["WZ301"]),
        (["--select", "WZ302", "--ignore", "WZ3"], []),
        (["--ignore", "WZ"], []),
    ],
)
def test_chosen_codes(project: Project, run: Run, options: list[str], expected: list[str]) -> None:
    """Codes and their beginnings are selected and ignored; only what is left counts."""
    project.write("routes.toml", BAD)
    done = run("lint", "--format", "concise", *options)
    assert (expected, 1 if expected else 0) == (_codes(done.out), done.code)


@pytest.mark.parametrize("code", ["E501", "wz2", "WZ2x", "WZ299", "", "WZ1,,WZ2"])
@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_what_is_no_code(project: Project, run: Run, option: str, code: str) -> None:
    """A slip in a code is said, instead of selecting nothing."""
    project.write("routes.toml", GOOD)
    done = run("lint", option, code)
    assert done.code == 2
    assert "is neither a code (WZ210) nor its beginning (WZ2)" in done.err


def test_what_cannot_be_read_is_always_said(project: Project, run: Run) -> None:
    """A manifest that cannot be read is reported and exits 2, whatever is chosen."""
    project.write("routes.toml", "[routes")
    done = run("lint", "--ignore", "WZ0", "--select", "WZ3", "--exit-zero")
    assert (done.code, _codes(done.out)) == (2, ["WZ003"])


def test_exit_zero(project: Project, run: Run) -> None:
    """Findings are written, and do not count."""
    project.write("routes.toml", BAD)
    done = run("lint", "--exit-zero")
    assert (done.code, done.out) == (0, FINDINGS)


def test_strict(project: Project, run: Run) -> None:
    """What works by the order of the file alone is reported only if asked for."""
    view = "class Home(View):\n    def GET(self, **variables): ..."
    project.write("shop.py", f"from webzeug import View\n{view}")
    project.write("routes.toml", '[routes]\n"/<uuid:id>" = "shop.Home"\n"/<name>" = "shop.Home"')
    assert run("lint").code == 0
    done = run("lint", "--strict", "--format", "concise")
    assert (done.code, _codes(done.out)) == (1, ["WZ211"])


def test_config(project: Project, run: Run) -> None:
    """The values of a --config file are checked with the manifest's [config]."""
    project.write("routes.toml", f"{GOOD}\n    [config]\n    page_size = 20")
    project.write("prod.toml", 'page_size = "many"')
    done = run("lint", "--config", "prod.toml", "--format", "concise")
    assert done.code == 1
    assert done.out.startswith("prod.toml:1:13: error WZ011: ")
    absent = run("lint", "--config", "absent.toml", "--format", "concise")
    assert (absent.code, _codes(absent.out)) == (1, ["WZ001"])


def test_paths_are_those_of_the_current_folder(project: Project, run: Run) -> None:
    """A manifest below the current folder is shown relative to it, however it was named."""
    project.write("conf/routes.toml", '[routes."/x"]\ninclude = "more.toml"')
    project.write("conf/more.toml", "[routes]\nx = 1")
    absolute = run("lint", str(project.folder / "conf" / "routes.toml"), "--format", "concise")
    assert absolute.out.startswith("conf/more.toml:2:1: ")
    assert absolute == run("lint", "conf/routes.toml", "--format", "concise")


def test_paths_elsewhere(
    project: Project, run: Run, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A manifest outside the current folder is shown as it was named."""
    elsewhere: Path = tmp_path_factory.mktemp("elsewhere") / "routes.toml"
    elsewhere.write_text("[routes]\nx = 1", "utf-8")
    done = run("lint", str(elsewhere), "--format", "concise")
    assert done.out.startswith(f"{elsewhere}:2:1: ")


def test_lint_runs_nothing(project: Project, run: Run) -> None:
    """A package whose modules would leave a mark when imported leaves none."""
    mark = f"open({str(project.folder / 'mark')!r}, 'w').close()\n"
    project.write("marking/__init__.py", mark)
    project.write("marking/views.py", f"{mark}from webzeug import View\nclass Home(View): ...")
    project.write(
        "routes.toml",
        """
        [routes]
        "/<mark:x>" = "marking.views.Home"
        "/app" = { wsgi = "marking.app", middleware = ["marking.wrap"] }
        [converters]
        mark = "marking.Mark"
        [[middleware]]
        use = "marking.wrap"
        [resources]
        db = "marking.open_db"
        """,
    )
    run("lint", "--strict")
    assert not (project.folder / "mark").exists()
