"""`webzeug lint`: what is wrong with manifests, and its exit codes."""

import json

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
