"""Werkzeug's own tests of requests, responses and forms, with ours in the place of its classes."""

import re
import subprocess
import sys
import tarfile
from importlib.metadata import version
from pathlib import Path

import pytest

OURS = {
    "from werkzeug import Response": "from webzeug import Response",
    "from werkzeug import wrappers": "import webzeug.wrappers as wrappers",
    "from werkzeug.wrappers import Request": "from webzeug import Request",
    "from werkzeug.wrappers import Response": "from webzeug import Response",
}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source distribution of the Werkzeug that is installed."""
    folder = tmp_path_factory.mktemp("werkzeug")
    name = f"werkzeug=={version('werkzeug')}"
    options = ["--no-deps", "--no-binary", "werkzeug", "--dest", str(folder)]
    command = [sys.executable, "-m", "pip", "download", "--quiet", *options, name]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        pytest.skip("needs PyPI, or a mirror of it")
    [archive] = folder.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    [unpacked] = folder.glob("werkzeug-*/")
    return unpacked / "tests"


@pytest.mark.parametrize("name", ["test_wrappers.py", "test_formparser.py"])
def test_our_classes_are_werkzeugs(source: Path, name: str) -> None:
    """All of them pass: there is no exception to name."""
    written = (source / name).read_text("utf-8")
    for theirs, our in OURS.items():
        written = re.sub(rf"^{re.escape(theirs)}$", our, written, flags=re.MULTILINE)
    assert "webzeug" in written
    ours = source / f"{name.removesuffix('.py')}_of_ours.py"
    ours.write_text(written, "utf-8")
    # Its conftest is about servers, and needs more packages.
    command = [sys.executable, "-m", "pytest", "-q", "--noconftest", "-c", "/dev/null", str(ours)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed
    assert int(passed[1]) >= 20
