"""Lint: ``webzeug lint`` as a command, over manifests and the modules that they name."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.children import spend
from benchmarks.figures import Collection, Figures
from benchmarks.running import Run
from benchmarks.scale import write_project


def run(run: Run) -> Iterator[Figures]:
    """CPU and wall time of the whole command."""
    found = Collection()
    with tempfile.TemporaryDirectory() as root:
        projects = {}
        for routes, modules in run.effort.lint_sizes:
            folder = Path(root) / str(routes)
            folder.mkdir()
            write_project(folder, routes, per_group=-(-routes // modules))
            projects[f"{routes:,} routes, {modules} modules"] = folder
        command = [sys.executable, "-m", "webzeug", "lint", "routes.toml"]
        for number in range(run.effort.lint_rounds):
            run.say(f"lint: round {number + 1}")
            for case in run.dice.sample(list(projects), len(projects)):
                spent = spend(command, projects[case])
                found.add(case, "CPU", spent.cpu * 1000)
                found.add(case, "wall", spent.wall * 1000)
    yield found.figures("lint", "webzeug lint, the whole command", "ms", ["CPU", "wall"])
