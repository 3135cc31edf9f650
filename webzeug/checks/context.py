"""What a check gets, and what it gives."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from webzeug.codebase import Codebase
from webzeug.diagnostics import Diagnostic
from webzeug.manifest.model import Manifest, Route


@dataclass(frozen=True, slots=True)
class Context:
    """A decoded manifest, and the code base that its dotted paths lead to."""

    manifest: Manifest
    codebase: Codebase


@dataclass(frozen=True, slots=True)
class Finding:
    """A diagnostic, and the route that it is about (whose ``ignore`` may silence it)."""

    diagnostic: Diagnostic
    route: Route | None = None


Check = Callable[[Context], Iterator[Finding]]
