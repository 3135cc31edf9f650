"""Programs in documents: blocks of code below a comment with the name of a file."""

import re
from pathlib import Path

from tests.support.project import Project

DOCS = Path(__file__).parents[2] / "docs"

_BLOCK = re.compile(r"^<!-- file: (\S+) -->\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def write_program(document: str, project: Project) -> None:
    """Write the files that a page of ``docs/`` shows into the project."""
    found = _BLOCK.findall((DOCS / document).read_text("utf-8"))
    assert found, f"{document} shows no files"
    for name, text in found:
        project.write(name, text)
