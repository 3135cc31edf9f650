"""Following a manifest in a running process: build it aside, then swap it in whole, or keep.

A swap may change routes, matching, errors, converters and middlewares. Everything else was
handed out when the process started (config, resources, the server's options), so a manifest that
changes it is refused whole, and the process must start anew to have it.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from webzeug.app import App
from webzeug.diagnostics import Diagnostic, Kind
from webzeug.loader import Built, Options, build
from webzeug.manifest.changes import Changes, compare, digests, fingerprints, needs_restart
from webzeug.manifest.model import Manifest
from webzeug.pacing import Pace
from webzeug.source import Span

NO_ROUTES = Kind("WZ024", "no-routes")


class Outcome(StrEnum):
    """What became of a reload."""

    SWAPPED = "swapped"
    UNCHANGED = "unchanged"
    BROKEN = "broken"
    REFUSED = "refused"
    OVERTAKEN = "overtaken"


@dataclass(frozen=True, slots=True)
class Reload:
    """The outcome of a reload.

    ``files`` are the digests of all files by the names they are shown under, None where one
    could not be read. ``refused`` names the tables that only a new start can change.
    ``generation`` and ``digest`` identify the table that answers from now on.
    """

    outcome: Outcome
    milliseconds: float
    diagnostics: tuple[Diagnostic, ...] = ()
    files: Mapping[str, str | None] = field(default_factory=dict)
    changes: Changes = field(default_factory=Changes)
    refused: tuple[str, ...] = ()
    generation: int = 0
    digest: str = ""


class Site:
    """The App of one manifest, and the manifest that it was last built from.

    ``generation`` counts the tables, from 1; ``digest`` identifies the text of the files.
    """

    def __init__(self, path: str, options: Options, built: Built) -> None:
        if built.app is None or built.manifest is None:
            raise ValueError("a manifest with errors cannot be served")
        self.app: App = built.app
        self.manifest: Manifest = built.manifest
        self._path = path
        self._options = replace(options, eager=True)
        self._built = built

    @property
    def generation(self) -> int:
        return self.app.generation

    @property
    def digest(self) -> str:
        return self.app.digest

    def reload(
        self,
        expected: Mapping[str, str] | None = None,
        pace: Pace = Pace(),  # noqa: B008  # it has no state
    ) -> Reload:
        """Read the files again; swap the table if they are sound, and changed.

        ``expected`` are the digests of files that have been seen complete. If any that is read
        is not among them, somebody writes at this moment, and nothing is swapped. With a
        ``pace`` that lets others have their turn, callers must not call it twice at a time.
        """
        start = time.perf_counter()
        built = build(self._path, self._options, self._built.assembly, pace)
        reload = pace.aside(lambda: self._judge(built, expected))
        if reload.outcome is Outcome.SWAPPED:
            assert built.parts is not None
            assert built.manifest is not None
            self.app.swap(built.parts)
            self._built, self.manifest = built, built.manifest
        return replace(
            reload,
            milliseconds=(time.perf_counter() - start) * 1000,
            generation=self.generation,
            digest=self.digest,
        )

    def _judge(self, built: Built, expected: Mapping[str, str] | None) -> Reload:
        manifest = built.manifest
        if manifest is None:
            return Reload(Outcome.BROKEN, 0, built.diagnostics)
        files = digests(manifest)
        if expected is not None and not _are_among(files, expected):
            return Reload(Outcome.OVERTAKEN, 0, built.diagnostics, files)
        if built.parts is None:
            return Reload(Outcome.BROKEN, 0, built.diagnostics, files)
        if files == digests(self.manifest):
            return Reload(Outcome.UNCHANGED, 0, built.diagnostics, files)
        if not manifest.routes:
            return Reload(Outcome.BROKEN, 0, (*built.diagnostics, no_routes(manifest)), files)
        refused = needs_restart(self.manifest, manifest)
        outcome = Outcome.REFUSED if refused else Outcome.SWAPPED
        old, new = fingerprints(self.manifest.routes), fingerprints(manifest.routes)
        return Reload(outcome, 0, built.diagnostics, files, compare(old, new), refused)


def _are_among(files: Mapping[str, str | None], expected: Mapping[str, str]) -> bool:
    return all(digest in (None, expected.get(path)) for path, digest in files.items())


def no_routes(manifest: Manifest) -> Diagnostic:
    """What is wrong with a manifest that has lost all of its routes."""
    span = Span(manifest.documents[0].source, 0, 0)
    return Diagnostic(
        NO_ROUTES, "the manifest has no routes any more", span, help="add one under [routes]"
    )
