"""Route tables of real programs, from the folder ``shared`` beside the project."""

import gzip
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from tests.support.rules import Row, Rules
from tests.support.tables import request

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

FOLDER = Path(__file__).parents[2].parent / "shared" / "tables"
TEXTS = {"int": "7", "path": "a/b.css", "default": "abc", "string": "abc"}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
FEW_METHODS = ("GET", "POST")

_VARIABLE = re.compile(r"<(?:(\w+)(?:\(.*?\))?:)?(\w+)>")


@dataclass(frozen=True, slots=True)
class RealTable:
    """The rules as the program has them, and those that a person would write into a manifest."""

    rules: Rules
    written: Rules


def read_table(file: str, unsayable: Mapping[str, str] | None = None) -> RealTable:
    """One of the tables; ``unsayable`` are names with a verb that is not written for them.

    Flask adds HEAD and OPTIONS to the methods of each rule, which nobody writes.
    """
    raw = (FOLDER / file).read_bytes()
    data = json.loads(gzip.decompress(raw) if file.endswith(".gz") else raw)
    rows = tuple(_rows(data["rules"]))
    known = ("strict_slashes", "merge_slashes", "redirect_defaults")
    options = {key: value for key, value in data["options"].items() if key in known}
    written = (_without(row, "HEAD", "OPTIONS", (unsayable or {}).get(row.name)) for row in rows)
    said = tuple(row for row in written if row.methods)
    return RealTable(Rules(rows, options), Rules(said, options))


def _rows(rules: Iterable[dict[str, Any]]) -> Iterator[Row]:
    names: dict[str, str] = {}
    for rule in rules:
        name = _name(rule["endpoint"])
        assert names.setdefault(name, rule["endpoint"]) == rule["endpoint"], name
        yield Row(rule["pattern"], name, methods=tuple(rule["methods"]))


def _name(endpoint: str) -> str:
    """An endpoint as a name of a manifest: its words, joined; dots stay."""
    parts = (re.sub(r"[^A-Za-z0-9_]+", "-", part).strip("-") for part in endpoint.split("."))
    return ".".join(part if part[:1].isalpha() or part[:1] == "_" else f"v{part}" for part in parts)


def _without(row: Row, *verbs: str | None) -> Row:
    return replace(row, methods=tuple(verb for verb in row.methods or () if verb not in verbs))


def values_of(row: Row) -> dict[str, str]:
    """A fitting text for each variable of a row."""
    found = _VARIABLE.finditer(row.pattern)
    return {match[2]: TEXTS[match[1] or "default"] for match in found}


def path_of(row: Row, texts: Mapping[str, str] = TEXTS) -> str:
    """A path that a row takes."""
    return _VARIABLE.sub(lambda match: texts[match[1] or "default"], row.pattern)


def paths_near(row: Row) -> Iterator[str]:
    """Paths with slashes too many or too few, with more behind, or with other values."""
    path = path_of(row)
    yield path.removesuffix("/") if path.endswith("/") else f"{path}/"
    yield f"{path[: len(path) // 2]}//{path[len(path) // 2 :].lstrip('/')}"
    yield f"/{path}"
    yield f"{path.removesuffix('/')}/nothing-here"
    yield path_of(row, dict.fromkeys(TEXTS, "-1"))
    yield path_of(row, dict.fromkeys(TEXTS, ""))


def requests_near(rows: Iterable[Row]) -> Iterator["WSGIEnvironment"]:
    """Requests for the path of each row with every method, and for those near it with a few."""
    exact = {path_of(row) for row in rows}
    near = {path for row in rows for path in paths_near(row)}
    for paths, methods in ((exact, METHODS), (near - exact, FEW_METHODS)):
        for path in sorted(paths):
            for method in methods:
                yield request(f"{quote(path)}?q=1", method)
