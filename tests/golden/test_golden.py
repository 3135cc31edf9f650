"""What lint prints for each mistake: every folder here is a case, ``expected.txt`` its output.

Python modules end with ``.py.txt``, so that no tool takes them for a part of this project.
``options.toml``, where there is one, holds what a person would add on the command line.
``pytest tests/golden --update-golden`` writes the outputs anew: read the difference aloud.
"""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import tomli
from click.testing import CliRunner

from webzeug.cli.lint import command
from webzeug.loader import Options, check
from webzeug.reporting import text

PACKAGE = Path(__file__).parents[2] / "webzeug"

# Found as the application is imported, started or reloaded, not by reading.
NOT_BY_READING = {"WZ024", "WZ030", "WZ110", "WZ305", "WZ306", "WZ307", "WZ308"}

CASES = sorted(path for path in Path(__file__).parent.iterdir() if path.name.startswith("WZ"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_lint_prints_as_expected(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, update_golden: bool
) -> None:
    """Lint prints the text of ``expected.txt``, and names the code that the folder is for."""
    folder = tmp_path / "case"
    shutil.copytree(case, folder)
    for module in folder.rglob("*.py.txt"):
        module.rename(module.with_suffix(""))
    monkeypatch.chdir(folder)
    expected, printed = case / "expected.txt", _lint(folder / "options.toml")
    if update_golden:
        expected.write_text(printed, "utf-8")
    assert expected.read_text("utf-8") == printed
    assert f"[{case.name.partition('-')[0]}]" in printed


def test_every_code_has_a_case() -> None:
    """Each code stands for one kind of problem, and has a case if lint can find it."""
    found = [
        code
        for file in PACKAGE.rglob("*.py")
        for code in re.findall(r'Kind\(\s*"(WZ\d+)"', file.read_text("utf-8"))
    ]
    assert sorted(found) == sorted(set(found))
    cases = {case.name.partition("-")[0] for case in CASES}
    assert cases | NOT_BY_READING == set(found)


def _lint(file: Path) -> str:
    """What ``webzeug lint`` prints in the current folder, with the options of a file."""
    options: dict[str, Any] = tomli.loads(file.read_text("utf-8")) if file.exists() else {}
    if options.keys() & {"config", "environ", "strict"}:
        found = check("routes.toml", Options(**options)).diagnostics
        return f"{text.render(found)}\n{text.summary(found)}\n"
    settings = [f"--set={setting}" for setting in options.get("settings", ())]
    result = CliRunner().invoke(command, settings, catch_exceptions=False)
    assert result.exit_code in (1, 2)
    return result.stdout
