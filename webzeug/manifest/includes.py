"""Included manifests: found, kept inside the root manifest's folder, and read once."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from webzeug.diagnostics import Diagnostic, Kind
from webzeug.manifest.decoding import Findings
from webzeug.manifest.document import UNREADABLE, Document, Place, read_document

BAD_INCLUDE = Kind("WZ017", "bad-include")
INCLUDE_CYCLE = Kind("WZ018", "include-cycle")


@dataclass(slots=True)
class Includes:
    """The files of one reading. ``folder`` is the real path of the root manifest's folder.

    ``files`` are all that were read, by their real paths; ``chain`` are those that are being
    read, each with the name that it is shown under; ``wanted`` are the names of all, those that
    could not be read included.
    """

    folder: str
    findings: Findings
    files: dict[str, Document | None] = field(default_factory=dict)
    chain: dict[str, str] = field(default_factory=dict)
    wanted: dict[str, None] = field(default_factory=dict)

    @property
    def documents(self) -> tuple[Document, ...]:
        return tuple(document for document in self.files.values() if document is not None)

    @contextmanager
    def reading(self, document: Document) -> Iterator[None]:
        """While this file is read, an include of it is a cycle."""
        real = os.path.realpath(document.source.path)
        self.files[real] = document
        self.wanted[document.source.path] = None
        self.chain[real] = document.source.path
        yield
        del self.chain[real]

    def find(self, file: str, place: Place) -> Document | None:
        """The file that an include at ``place`` names; None, after a report, if there is none."""
        shown = os.path.normpath(os.path.join(os.path.dirname(place.document.source.path), file))
        problem = self._problem(file, shown)
        if problem is not None:
            kind, message, help_text = problem
            self.findings.add(kind, message, place.value, help=help_text)
            return None
        real = os.path.realpath(shown)
        self.wanted[shown] = None
        if real in self.files:
            return self.files[real]
        document, diagnostics = read_document(real, shown)
        if any(diagnostic.kind is UNREADABLE for diagnostic in diagnostics):
            self._unreadable(diagnostics, place)
            return None
        self.findings.diagnostics += diagnostics
        self.files[real] = document
        return document

    def _problem(self, file: str, shown: str) -> tuple[Kind, str, str] | None:
        if not file or "\0" in file:
            return BAD_INCLUDE, "this is not the path of a file", "write a path such as admin.toml"
        real = os.path.realpath(shown)
        if real in self.chain:
            names = list(self.chain.values())[list(self.chain).index(real) :]
            cycle = " -> ".join([*names, shown])
            return INCLUDE_CYCLE, f"the include comes back to itself: {cycle}", "remove one of them"
        if not real.startswith(os.path.join(self.folder, "")):
            help_text = "includes stay inside the root manifest's folder: move the file there"
            return BAD_INCLUDE, f"{shown} is outside the folder of the root manifest", help_text
        return None

    def _unreadable(self, diagnostics: list[Diagnostic], place: Place) -> None:
        for diagnostic in diagnostics:
            help_text = diagnostic.help or "the path is relative to the file that includes it"
            self.findings.add(BAD_INCLUDE, diagnostic.message, place.value, help=help_text)
