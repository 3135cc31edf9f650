"""Manifests in tests: read from text or from any tree of values, and what was found in them."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from tests.support.project import Project
from webzeug.diagnostics import Diagnostic
from webzeug.manifest.model import Manifest
from webzeug.manifest.reading import read_manifest
from webzeug.manifest.settings import Overrides


def read(
    project: Project, text: str, overrides: Overrides | None = None
) -> tuple[Manifest, tuple[Diagnostic, ...]]:
    """Write a manifest and read it; it must be TOML."""
    path = project.write("routes.toml", text)
    manifest, diagnostics = read_manifest(str(path), overrides)
    assert manifest is not None, "\n".join(map(str, diagnostics))
    return manifest, diagnostics


def sound(project: Project, text: str, overrides: Overrides | None = None) -> Manifest:
    """Write a manifest and read it; nothing must be wrong with it."""
    manifest, diagnostics = read(project, text, overrides)
    assert not diagnostics, "\n".join(map(str, diagnostics))
    return manifest


def told(diagnostics: Iterable[Diagnostic]) -> list[tuple[str, str]]:
    """The code of each diagnostic, and the text that it points at."""
    return [(diagnostic.kind.code, diagnostic.span.text) for diagnostic in diagnostics]


def toml(data: Mapping[str, Any]) -> str:
    """A tree of values as a TOML document, one line for each key at the top."""
    return "".join(f"{_string(key)} = {_value(value)}\n" for key, value in data.items())


def _value(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return _string(value)
        case datetime() | date() | time():
            return value.isoformat()
        case int() | float():
            return repr(value)
        case list():
            return f"[{', '.join(map(_value, value))}]"
        case _:
            return f"{{{', '.join(f'{_string(key)} = {_value(v)}' for key, v in value.items())}}}"


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
