"""What each code means: one Markdown file for each code, its single source.

``webzeug explain`` prints them, docs/codes.md is made of them, and the tests run their examples.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

WHAT, WHY, EXAMPLE, INSTEAD, SILENT = PARTS = (
    "What it does",
    "Why it is bad",
    "Example",
    "Use instead",
    "Silent",
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a code means: ``parts`` are Markdown, one for each of PARTS."""

    code: str
    name: str
    severity: str
    parts: Mapping[str, str]


def codes() -> tuple[str, ...]:
    """All codes, in order."""
    names = (file.name for file in resources.files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".md") for name in names if name.endswith(".md")))


def explanation(code: str) -> Explanation:
    """The explanation of a code. Raises KeyError if there is no such code."""
    if code not in codes():
        raise KeyError(code)
    text = resources.files(__name__).joinpath(f"{code}.md").read_text("utf-8")
    head, *sections = re.split(r"^## ", text, flags=re.MULTILINE)
    title, _, what = head.partition("\n")
    match = re.fullmatch(r"# (WZ\d{3}) (\S+) \((error|warning)\)", title)
    assert match is not None, f"{code}.md begins with `{title}`"
    parts = {WHAT: what.strip()}
    for section in sections:
        heading, _, body = section.partition("\n")
        parts[heading] = body.strip()
    return Explanation(match[1], match[2], match[3], parts)
