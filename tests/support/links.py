"""Another process that really imports what dotted paths name, to compare with."""

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from webzeug import View
from webzeug.linking import Linker, LinkError
from webzeug.manifest.model import Reference


@dataclass(frozen=True, slots=True)
class Linked:
    """What a dotted path led to: ``error`` if it led nowhere, ``verbs`` if to a View class."""

    error: str | None
    verbs: frozenset[str] | None


class LinkingProcess:
    """A Python process of its own, for as long as the ``with`` block lasts."""

    def __enter__(self) -> "LinkingProcess":
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=60)

    def link(self, folder: str, paths: Sequence[str]) -> dict[str, Linked]:
        """Link paths, those of each module as the first ones of a fresh interpreter."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([folder, list(paths)]) + "\n")
        self._process.stdin.flush()
        answers: dict[str, Any] = json.loads(self._process.stdout.readline())
        return {
            path: Linked(error, None if verbs is None else frozenset(verbs))
            for path, (error, verbs) in answers.items()
        }


def _serve() -> None:
    for line in sys.stdin:
        folder, paths = json.loads(line)
        sys.path.insert(0, folder)
        answers: dict[str, tuple[str | None, list[str] | None]] = {}
        for _, group in groupby(paths, lambda path: Reference(path).module):
            _forget(folder)
            answers.update((path, _link(folder, path)) for path in group)
        _forget(folder)
        sys.path.remove(folder)
        print(json.dumps(answers), flush=True)


def _link(folder: str, path: str) -> tuple[str | None, list[str] | None]:
    try:
        found = Linker(folder).find(Reference(path))
    except LinkError as error:
        return str(error), None
    is_view = isinstance(found, type) and issubclass(found, View)
    return None, sorted(found.verbs) if is_view else None


def _forget(folder: str) -> None:
    importlib.invalidate_caches()
    tops = {entry.partition(".")[0] for entry in os.listdir(folder)}
    for name in list(sys.modules):
        if name.partition(".")[0] in tops:
            del sys.modules[name]


if __name__ == "__main__":
    _serve()
