"""The extra ``websocket``: what is said where it is missing, or broken."""

import subprocess
import sys

import pytest

from tests.support.project import Project


def complaint(project: Project) -> str:
    """The last line of what Python says of an import of webzeug's WebSocket."""
    done = subprocess.run(
        [sys.executable, "-c", "from webzeug import WebSocket"],
        cwd=project.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    return done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("module", "name"),
    [("raise ModuleNotFoundError(name='websockets')", "websockets"), ("import absent", "absent")],
)
def test_a_missing_module(project: Project, module: str, name: str) -> None:
    """Where it is websockets itself, how to install it is said; another one is named as it is."""
    project.write("websockets.py", module)
    said = complaint(project)
    if name == "websockets":
        assert said.endswith("need the package websockets: pip install 'webzeug[websocket]'")
    else:
        assert said == f"ModuleNotFoundError: No module named '{name}'"
