"""Each part of the benchmarks runs, with sizes so small that its figures mean nothing."""

import math
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks.__main__ import PARTS
from benchmarks.effort import TINY
from benchmarks.figures import Figures
from benchmarks.plots import write_plots
from benchmarks.running import Run
from benchmarks.showing import read_json, table, write_json

FEWER = {"http": ("webzeug serve",), "cold": ("manifest", "falcon", "werkzeug", "load()")}
"""Peers, where each of them would take seconds."""

# Those that are missing have tests of their own, which take their time.
QUICK_PARTS = sorted(PARTS.keys() - {"instructions", "reload"})


NEEDED = {"http": "wrk"}
"""Programs without which a part has nothing but a note."""


@pytest.mark.parametrize("part", QUICK_PARTS)
def test_a_part_runs(part: str, tmp_path: Path) -> None:
    """It measures all that is installed, says what is not, and can be shown in every form."""
    found = list(PARTS[part](Run(TINY, FEWER.get(part, ()), is_quiet=True)))
    assert any(figures.samples or figures.notes for figures in found)
    for figures in found:
        assert figures.part == part
        assert not [note for note in figures.notes if "failed" in note or "wrong" in note]
        _is_shown(figures)
    write_json(tmp_path / "found.json", {"seed": 1}, found)
    assert read_json(tmp_path / "found.json") == ({"seed": 1}, found)
    for plot in write_plots(tmp_path / "plots", found):
        assert ElementTree.parse(plot).getroot().tag == "{http://www.w3.org/2000/svg}svg"
    if part in NEEDED and shutil.which(NEEDED[part]) is None:
        pytest.skip(f"needs {NEEDED[part]}")


def _is_shown(figures: Figures) -> None:
    shown = table(figures)
    assert all(name in shown for name in (*figures.peers, *figures.notes))
    for by_peer in figures.samples.values():
        assert all(math.isfinite(value) for samples in by_peer.values() for value in samples)
