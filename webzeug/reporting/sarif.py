"""Diagnostics as SARIF 2.1.0, which code scanning services and editors read.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import webzeug
from webzeug.diagnostics import Diagnostic, Kind
from webzeug.source import Span

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(diagnostics: Sequence[Diagnostic]) -> str:
    """One run of webzeug. Paths are relative to the current folder, columns in code points."""
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [_run(diagnostics)]}
    return json.dumps(log, indent=2) + "\n"


def _run(diagnostics: Sequence[Diagnostic]) -> dict[str, Any]:
    kinds = sorted({diagnostic.kind for diagnostic in diagnostics}, key=lambda kind: kind.code)
    driver = {
        "name": "webzeug",
        "semanticVersion": webzeug.__version__,
        "rules": [_rule(kind) for kind in kinds],
    }
    return {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(diagnostic, kinds.index(diagnostic.kind)) for diagnostic in diagnostics
        ],
    }


def _rule(kind: Kind) -> dict[str, Any]:
    return {
        "id": kind.code,
        "name": "".join(word.capitalize() for word in kind.name.split("-")),
        "shortDescription": {"text": f"{kind.name.replace('-', ' ').capitalize()}."},
        "help": {"text": f"webzeug explain {kind.code}"},
        "defaultConfiguration": {"level": str(kind.severity)},
    }


def _result(diagnostic: Diagnostic, index: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": diagnostic.kind.code,
        "ruleIndex": index,
        "level": str(diagnostic.kind.severity),
        "message": {"text": "\n".join(filter(None, [diagnostic.message, diagnostic.help]))},
        "locations": [_location(diagnostic.span)],
    }
    if diagnostic.others:
        result["relatedLocations"] = [
            {"id": number, "message": {"text": label.text}, **_location(label.span)}
            for number, label in enumerate(diagnostic.others, 1)
        ]
    return result


def _location(span: Span) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": _uri(span.source.path)}}
    if span.source.text:
        end_line, end_column = span.source.position(span.end)
        place["region"] = {
            "startLine": span.line,
            "startColumn": span.column,
            "endLine": end_line,
            "endColumn": end_column,
        }
    return {"physicalLocation": place}


def _uri(path: str) -> str:
    """A path as a URI reference; bytes of a name that are no text are escaped as they are."""
    if os.path.isabs(path):
        return Path(path).as_uri()
    return quote(os.fsencode(path.replace(os.sep, "/")))
