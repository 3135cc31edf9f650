"""The gate without noise: how many instructions a call takes, beside raw Werkzeug's."""

import shutil
from dataclasses import replace

import pytest

from benchmarks.effort import TINY
from benchmarks.instructions import BASELINE, run
from benchmarks.running import Run

MOST = 0.145
"""The gate, of raw Werkzeug's instructions in the same run: what is reached, and a little more."""

WEBZEUG = "webzeug, manifest"


@pytest.mark.skipif(shutil.which("valgrind") is None, reason="needs valgrind, to count")
def test_a_hello_call_takes_a_fraction_of_raw_werkzeugs_instructions() -> None:
    """Cachegrind counts them, so it is the same on a busy machine."""
    [figures] = run(Run(replace(TINY, calls=1000), (WEBZEUG, BASELINE), is_quiet=True))
    ratio = figures.ratio("hello", WEBZEUG)
    assert ratio is not None
    assert ratio <= MOST, f"{ratio:.3f} of {figures.samples}"
