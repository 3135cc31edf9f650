"""Whether somebody is writing a file is what the system says."""

import os
import sys
import threading
from pathlib import Path

import pytest

from webzeug.server import writers
from webzeug.server.writers import has_writer

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")


def test_a_writer(tmp_path: Path) -> None:
    """From the moment when it opens the file until it closes it; a reader is none."""
    path = tmp_path / "file"
    path.write_text("x")
    seen = [has_writer(str(path))]
    with path.open():
        seen.append(has_writer(str(path)))
    with path.open("a"):
        seen.append(has_writer(str(path)))
        path.rename(tmp_path / "other")
        seen.append(has_writer(str(tmp_path / "other")))
    seen.append(has_writer(str(tmp_path / "other")))
    assert seen == [False, False, True, True, False]


def test_where_it_cannot_be_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what is missing or no file, and on other systems."""
    os.mkfifo(tmp_path / "fifo")
    path = tmp_path / "file"
    path.write_text("x")
    assert has_writer(str(tmp_path / "missing")) is None
    assert has_writer(str(tmp_path / "fifo")) is None
    assert has_writer(str(tmp_path)) is None
    monkeypatch.setattr(writers, "_SET_LEASE", None)
    assert has_writer(str(path)) is None


def test_asking_disturbs_nobody(tmp_path: Path) -> None:
    """Whoever opens the file meanwhile gets it, and we live on."""
    path = tmp_path / "file"
    path.write_text("x")
    is_over = threading.Event()
    written = 0

    def write() -> None:
        nonlocal written
        while not is_over.is_set():
            path.write_text("y")
            written += 1

    thread = threading.Thread(target=write)
    thread.start()
    seen = {has_writer(str(path)) for _ in range(20_000)}
    is_over.set()
    thread.join()
    assert written > 0
    assert seen <= {True, False}
