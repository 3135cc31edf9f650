"""A small application on disk, and the ways to use it: in this process, or as commands."""

import os
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import webzeug
from webzeug import App

COMMAND_TIMEOUT = 60


@dataclass(frozen=True, slots=True)
class Result:
    """How a command ended."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with a manifest and modules. Texts are dedented before they are written."""

    folder: Path

    @property
    def manifest(self) -> Path:
        return self.folder / "routes.toml"

    def write(self, name: str, text: str) -> Path:
        """Write a file below the folder; its own folders are made as needed."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip("\n"), "utf-8")
        return path

    def load(self, **options: Any) -> App:
        """The App of ``routes.toml``; the environment is empty unless given."""
        options.setdefault("environ", {})
        return webzeug.load(self.manifest, **options)

    def run(self, *args: str, environ: dict[str, str] | None = None) -> Result:
        """Run ``python -m webzeug`` with these arguments in the folder, until it ends."""
        done = subprocess.run(
            [sys.executable, "-m", "webzeug", *args],
            cwd=self.folder,
            env={**os.environ, **(environ or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=COMMAND_TIMEOUT,
            check=False,
        )
        return Result(done.returncode, done.stdout, done.stderr)
