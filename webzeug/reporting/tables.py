"""A listing of routes as an aligned table, a tree, JSON, CSV or Markdown; never cut."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field

from webzeug.reporting.listing import Row
from webzeug.reporting.style import PLAIN, Style, pad, width

_HEADINGS = ("PATH", "VERBS", "NAME", "VIEW", "SOURCE", "DECLARED")


def _cells(row: Row) -> tuple[str, ...]:
    return row.path, " ".join(row.verbs), row.name, row.view, row.source, row.declared


def table(rows: Sequence[Row], style: Style = PLAIN) -> str:
    """Aligned columns under headings."""
    lines = [_HEADINGS, *(_cells(row) for row in rows)]
    columns = [max(width(line[index]) for line in lines) for index in range(len(_HEADINGS))]
    text = [
        "  ".join(pad(cell, size) for cell, size in zip(line, columns, strict=True)).rstrip()
        for line in lines
    ]
    return "".join(f"{line}\n" for line in (style.paint(text[0], bold=True), *text[1:]))


def markdown(rows: Sequence[Row], _: Style = PLAIN) -> str:
    """A Markdown table (GitHub's), with ``|`` escaped."""
    lines = [_HEADINGS, ("---",) * len(_HEADINGS), *(_cells(row) for row in rows)]
    return "".join(f"| {' | '.join(map(_markdown_cell, line))} |\n" for line in lines)


def _markdown_cell(text: str) -> str:
    if not text or text == "---" or text in _HEADINGS:
        return text
    return f"`{text.replace('|', chr(92) + '|')}`"


def csv_table(rows: Sequence[Row], _: Style = PLAIN) -> str:
    """Comma-separated values (RFC 4180), the headings in lower case."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([heading.lower() for heading in _HEADINGS])
    writer.writerows(_cells(row) for row in rows)
    return text.getvalue()


def json_table(rows: Sequence[Row], _: Style = PLAIN) -> str:
    """A JSON list of objects, with tags, defaults and middleware as well."""
    values = [{**asdict(row), "defaults": dict(row.defaults)} for row in rows]
    return json.dumps(values, indent=2, default=str) + "\n"


@dataclass(slots=True)
class _Node:
    rows: list[Row] = field(default_factory=list)
    children: dict[str, "_Node"] = field(default_factory=dict)


def tree(rows: Sequence[Row], style: Style = PLAIN) -> str:
    """Paths as a tree of their segments, what answers beside them."""
    root = _Node()
    for row in rows:
        node = root
        for segment in _segments(row):
            node = node.children.setdefault(segment, _Node())
        node.rows.append(row)
    lines = list(_branches(root, ""))
    columns = max((width(stem) for stem, _ in lines), default=0)
    return "".join(
        f"{pad(stem, columns)}  {_answers(row)}".rstrip() + "\n" if row else f"{stem}\n"
        for stem, row in lines
    )


def _segments(row: Row) -> Iterator[str]:
    """``//host/a/b/`` -> ``//host``, ``/``, ``a/``, ``b/``; slashes inside <...> split nothing."""
    path = row.path
    if row.host:
        yield f"//{row.host}"
        path = path[2 + len(row.host) :]
    yield "/"
    depth, segment = 0, ""
    for character in path[1:]:
        depth += (character == "<") - (character == ">")
        segment += character
        if character == "/" and depth <= 0:
            yield segment
            segment = ""
    if segment:
        yield segment


def _branches(node: _Node, indent: str) -> Iterator[tuple[str, Row | None]]:
    items = list(node.children.items())
    for number, (segment, child) in enumerate(items):
        is_last = number == len(items) - 1
        stem = (
            f"{indent}{'└── ' if is_last else '├── '}{segment}"
            if indent or len(items) > 1
            else segment
        )
        yield stem, child.rows[0] if child.rows else None
        below = f"{indent}{'    ' if is_last else '│   '}"
        for row in child.rows[1:]:
            yield below, row
        yield from _branches(child, below)


def _answers(row: Row) -> str:
    name = f"  ({row.name})" if row.name else ""
    return f"{' '.join(row.verbs)}  {row.view}{name}"


FORMATS: dict[str, Callable[[Sequence[Row], Style], str]] = {
    "table": table,
    "tree": tree,
    "json": json_table,
    "csv": csv_table,
    "markdown": markdown,
}
