"""Imports go one way, and each outside library has its place."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "webzeug"


def test_contracts() -> None:
    """The contracts of import-linter in pyproject.toml hold."""
    check = "import sys; from importlinter import cli; sys.exit(cli.lint_imports(no_cache=True))"
    done = subprocess.run(
        [sys.executable, "-c", check],
        cwd=PACKAGE.parent,
        env={**os.environ, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_only_routing_knows_werkzeugs_routing() -> None:
    """No module outside webzeug.routing imports werkzeug.routing."""
    users = {path for path, module in _imports() if module.startswith("werkzeug.routing")}
    assert users
    assert {path for path in users if not path.is_relative_to(PACKAGE / "routing")} == set()


def _imports() -> Iterator[tuple[Path, str]]:
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Import):
                yield from ((path, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield path, node.module
