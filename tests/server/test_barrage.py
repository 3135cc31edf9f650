"""The quick forms of the programs in benchmarks/ that shake the server."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.project import COMMAND_TIMEOUT

BENCHMARKS = Path(__file__).resolve().parent.parent.parent / "benchmarks"


@pytest.mark.parametrize(
    "command",
    [
        ("barrage.py", "--requests", "4000", "--seeds", "4"),
        ("leaving.py", "--streams", "100", "--at-once", "100"),
        ("swaps.py", "--swaps", "40", "--streams", "20", "--untimed"),
        ("drain.py", "--times", "2"),
    ],
    ids=lambda command: command[0],
)
def test_quick_forms(command: tuple[str, ...]) -> None:
    """Neither do random requests, clients that leave, new tables, or the end under load."""
    name, *args = command
    done = subprocess.run(
        [sys.executable, str(BENCHMARKS / name), *args],
        capture_output=True,
        text=True,
        timeout=COMMAND_TIMEOUT,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
