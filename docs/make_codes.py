"""Writes codes.md, the reference of all codes: ``python docs/make_codes.py``."""

from collections.abc import Iterator
from pathlib import Path

from webzeug.explanations import WHAT, Explanation, codes, explanation

HEAD = """\
# Codes

Every problem that webzeug reports. `webzeug explain CODE` prints the same. An error stops `serve`,
a warning does not. `ignore = ["WZ213"]` at a route or a group silences a code there. This page is
made by `python docs/make_codes.py`.

WZ0xx: files, keys and settings; WZ1xx: patterns; WZ2xx: the table; WZ3xx: dotted paths; WZ4xx: uses
and policy.
"""


def reference() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(line for code in codes() for line in _section(explanation(code)))])


def _section(explained: Explanation) -> Iterator[str]:
    yield f"## {explained.code} {explained.name} ({explained.severity})\n"
    for heading, body in explained.parts.items():
        if heading != WHAT:
            yield f"**{heading}**\n"
        yield f"{body}\n"


if __name__ == "__main__":
    (Path(__file__).parent / "codes.md").write_text(reference(), "utf-8")
