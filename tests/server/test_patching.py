"""The standard library is patched first, and what was imported before is named."""

import subprocess
import sys

import pytest

from webzeug.server.patching import imported_before


def run(code: str) -> str:
    """What a fresh process writes to stderr."""
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True
    )
    return result.stderr


def test_nothing_was_imported_before() -> None:
    """Then nothing is said; and importing this package imports nothing that matters."""
    code = "from webzeug.server.patching import patch; patch(); import ssl, socket, queue"
    assert run(code) == ""


@pytest.mark.parametrize("name", ["ssl", "urllib3", "requests", "psycopg"])
def test_what_was_imported_before_is_named(name: str) -> None:
    """In one line for each, with what to do; and gevent's own warning is not added."""
    pytest.importorskip(name)
    lines = run(f"import {name}; from webzeug.server.patching import patch; patch()").splitlines()
    assert any(line.startswith(f"`{name}` was imported before gevent patched") for line in lines)
    assert all(line.endswith("call gevent.monkey.patch_all() before it") for line in lines)


def test_what_is_imported_after() -> None:
    """A second call, or one after the program has patched by itself, names nothing."""
    code = (
        "from gevent import monkey; monkey.patch_all(); import ssl\n"
        "from webzeug.server.patching import patch; patch()"
    )
    assert run(code) == ""


def test_without_the_packages() -> None:
    """What nobody has imported is not named."""
    assert imported_before(["os", "json"]) == []
