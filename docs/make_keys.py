"""Writes keys.md, the reference of all keys, from the schema: ``python docs/make_keys.py``."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from webzeug.manifest.schema import TABLES, VERB, Key, Table

HEAD = """\
# Keys

Every key of the manifest. This page is made from the schema by `python docs/make_keys.py`.
"""


def reference() -> str:
    """The whole page."""
    tables = [TABLES[0], VERB, *TABLES[1:]]
    return "\n".join([HEAD, *(line for table in tables for line in _section(table))])


def _section(table: Table) -> Iterator[str]:
    yield f"## {_title(table)}\n"
    yield f"{table.doc}\n"
    if table.names:
        yield f"The keys are {table.names}.\n"
    if table.keys:
        yield "| key | value | default | |"
        yield "| --- | --- | --- | --- |"
        yield from map(_row, table.keys)
        yield ""


def _title(table: Table) -> str:
    if table is VERB:
        return "A verb of a route"
    return f"[[{table.name}]]" if table.name == "middleware" else f"[{table.name}]"


def _row(key: Key) -> str:
    return f"| `{key.name}` | {key.type.value} | {_default(key.default)} | {key.doc} |"


def _default(value: Any) -> str:
    if value is None or value == ():
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


if __name__ == "__main__":
    (Path(__file__).parent / "keys.md").write_text(reference(), "utf-8")
