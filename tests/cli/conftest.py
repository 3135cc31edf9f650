"""Commands in this process, where no real one is needed."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner

from tests.support.project import Project, Result
from webzeug.cli import main

Run = Callable[..., Result]


@pytest.fixture
def run(project: Project, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs ``webzeug`` with some arguments, in the project's folder."""
    monkeypatch.chdir(project.folder)

    def run(*args: str) -> Result:
        done = CliRunner().invoke(main, args, prog_name="webzeug")
        return Result(done.exit_code, done.stdout, done.stderr)

    return run
