"""A listing of routes as an aligned table, a tree, JSON, CSV or Markdown; never cut."""

import csv
import io
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from webzeug.reporting.listing import Location, Row
from webzeug.reporting.style import PLAIN, Style, pad, printable, width

_HEADINGS = ("PATH", "VERBS", "NAME", "VIEW", "SOURCE", "DECLARED")
_MORE_HEADINGS = (*_HEADINGS, "WAY")


def _lines(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """Headings and cells; the ways only if they are known."""
    headings = _MORE_HEADINGS if any(row.way for row in rows) else _HEADINGS
    return [headings, *(_cells(row)[: len(headings)] for row in rows)]


def _cells(row: Row) -> tuple[str, ...]:
    texts = (row.address, verbs_text(row), row.name, row.view, row.source, row.declared, row.way)
    return tuple("" if text is None else printable(str(text)) for text in texts)


def verbs_text(row: Row) -> str:
    """``GET POST``; ANY for every verb, ``?`` for those that cannot be known, ``-`` for none."""
    if row.verbs is None:
        return "ANY"
    return " ".join((*row.verbs, "?") if row.has_more_verbs else row.verbs) or "-"


def table(rows: Sequence[Row], style: Style = PLAIN) -> str:
    """Aligned columns under headings; empty without rows."""
    if not rows:
        return ""
    lines = _lines(rows)
    columns = [max(map(width, column)) for column in zip(*lines, strict=True)]
    text = [
        "  ".join(pad(cell, size) for cell, size in zip(line, columns, strict=True)).rstrip()
        for line in lines
    ]
    return "".join(f"{line}\n" for line in (style.paint(text[0], bold=True), *text[1:]))


def markdown(rows: Sequence[Row], _: Style = PLAIN) -> str:
    """A table as GitHub's Markdown has it, cells as code with ``|`` escaped."""
    headings, *cells = _lines(rows)
    lines = [headings, ("---",) * len(headings), *(tuple(map(_code, line)) for line in cells)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _code(text: str) -> str:
    if not text:
        return text
    # A fence is longer than any that the text holds.
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    blank = " " if "`" in text else ""
    return fence + blank + text.replace("|", r"\|") + blank + fence


def csv_table(rows: Sequence[Row], _: Style = PLAIN) -> str:
    """Comma-separated values (RFC 4180, but for lines that end as the system's own)."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    headings, *cells = _lines(rows)
    writer.writerow([heading.lower() for heading in headings])
    writer.writerows(cells)
    return text.getvalue()


def json_table(rows: Sequence[Row], _: Style = PLAIN) -> str:
    """A JSON list with one object for each route, for programs; fields are only ever added.

    - ``path``: the pattern; ``host``: the host's pattern, null for every host.
    - ``kind``: ``view``, ``redirect``, ``static``, ``wsgi`` or ``probe``; ``target``: the dotted
      path, the name, pattern or URL redirected to, the folder (with a slash at its end) or file,
      or the key of the probe; ``status``: a redirect's, else null.
    - ``verbs``: a list, null for every verb; ``more_verbs``: whether there may be others that the
      source does not show.
    - ``name``: what ``url_for`` knows the route by, or null.
    - ``source``: ``{"file", "line"}`` of the View or WSGI application, null where that is
      unknown; ``declared``: ``{"file", "line"}`` of the route in the manifest. Files are relative
      to the working folder, or absolute; lines count from 1.
    - ``tags``, ``middleware`` (dotted paths, the outermost first): lists of strings.
    - ``defaults``: an object; dates and times, and numbers that JSON lacks, are strings.
    - ``deprecated``: true, false, or the reason; ``build_only``: true or false.
    - ``way``: how requests get there, ``exact``, ``tree`` or ``map``; null unless asked for.
    """
    return json.dumps([as_value(row) for row in rows], indent=2, allow_nan=False) + "\n"


def as_value(row: Row) -> dict[str, Any]:
    """A row as a JSON object, as ``json_table`` says."""
    return {
        "path": row.path,
        "host": row.host,
        "kind": row.kind,
        "target": row.target,
        "status": row.status,
        "verbs": row.verbs,
        "more_verbs": row.has_more_verbs,
        "name": row.name,
        "source": place_value(row.source),
        "declared": place_value(row.declared),
        "tags": row.tags,
        "defaults": plain_value(row.defaults),
        "middleware": row.middleware,
        "deprecated": row.deprecated,
        "build_only": row.build_only,
        "way": row.way,
    }


def place_value(location: Location | None) -> dict[str, str | int] | None:
    """A location as a JSON object."""
    return None if location is None else {"file": location.file, "line": location.line}


def plain_value(value: object) -> object:
    """A TOML value as JSON can hold it."""
    match value:
        case Mapping():
            return {key: plain_value(item) for key, item in value.items()}
        case list() | tuple():
            return [plain_value(item) for item in value]
        case float() if not math.isfinite(value):
            return str(value)
        case None | bool() | int() | float() | str():
            return value
    return str(value)


@dataclass(slots=True)
class _Node:
    rows: list[Row] = field(default_factory=list)
    children: dict[str, "_Node"] = field(default_factory=dict)


def tree(rows: Sequence[Row], style: Style = PLAIN) -> str:
    """Paths as trees of their segments, one for each host, and what answers beside them."""
    root = _Node()
    for row in rows:
        node = root
        for segment in _segments(row):
            node = node.children.setdefault(segment, _Node())
        node.rows.append(row)
    lines = [
        (printable(stem), *(_answers(row) if row else ("", ""))) for stem, row in _branches(root)
    ]
    columns = [max((width(line[index]) for line in lines), default=0) for index in (0, 1)]
    return "".join(
        f"{pad(stem, columns[0])}  {pad(verbs, columns[1])}  {view}".rstrip() + "\n"
        for stem, verbs, view in lines
    )


def _segments(row: Row) -> Iterator[str]:
    """``/``, ``a/``, ``b`` for ``/a/b``; slashes inside ``<...>`` split nothing."""
    segment = f"//{row.host}/" if row.host else "/"
    depth = 0
    for character in row.path[1:]:
        if segment.endswith("/") and depth <= 0:
            yield segment
            segment = ""
        depth += (character == "<") - (character == ">")
        segment += character
    yield segment


def _branches(root: _Node) -> Iterator[tuple[str, Row | None]]:
    """The lines of the trees, each with the row that it shows."""
    stack = [(*item, "", "") for item in reversed(root.children.items())]
    while stack:
        segment, node, first, indent = stack.pop()
        # A folder that holds nothing but one other is written in one line with it.
        while not node.rows and len(node.children) == 1:
            ((inner, node),) = node.children.items()
            segment += inner
        yield first + segment, node.rows[0] if node.rows else None
        yield from ((indent + ("│" if node.children else ""), row) for row in node.rows[1:])
        below = list(node.children.items())
        for number, (name, child) in enumerate(reversed(below)):
            branch, further = ("├── ", "│   ") if number else ("└── ", "    ")
            stack.append((name, child, indent + branch, indent + further))


def _answers(row: Row) -> tuple[str, str]:
    name = f"  ({row.name})" if row.name else ""
    return verbs_text(row), printable(f"{row.view}{name}")


FORMATS: Mapping[str, Callable[[Sequence[Row], Style], str]] = {
    "table": table,
    "tree": tree,
    "json": json_table,
    "csv": csv_table,
    "markdown": markdown,
}
