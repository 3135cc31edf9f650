"""Reload, as a part of the one command: how long a change takes to be live, under load."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import reload
from benchmarks.figures import Collection, Figures
from benchmarks.running import Run


def run(run: Run) -> Iterator[Figures]:
    """How long changes take to be live while clients never pause, and what went wrong."""
    run.say(f"reload: {run.effort.edits} edits")
    with tempfile.TemporaryDirectory() as where:
        result = reload.run(Path(where), run.effort.edits, run.effort.code_edits)
    found = Collection()
    for kind, took in {**result.live, "code changed": result.code_live}.items():
        for seconds in took:
            found.add(kind, "webzeug", seconds * 1000)
    found.notes += reload.table(result).rpartition("\n\n")[2].splitlines()
    yield found.figures("reload", "reload: from a change to its answer", "ms", ["webzeug"])
