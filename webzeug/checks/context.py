"""What a check gets, and what it gives."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from webzeug.diagnostics import Diagnostic
from webzeug.manifest.model import Manifest, Route

if TYPE_CHECKING:
    from webzeug.codebase import Codebase
    from webzeug.routing.proving.search import Search
    from webzeug.routing.proving.vocabulary import Vocabulary
    from webzeug.routing.table import RouteTable


@dataclass(frozen=True)
class Context:
    """A decoded manifest, and the folders in which its dotted paths are looked up.

    ``is_whole`` tells that no route was left out because something is wrong with it. What else a
    check may ask for is made, and imported, when it is first asked for.
    """

    manifest: Manifest
    folders: Sequence[str] = ()
    is_whole: bool = True

    @cached_property
    def codebase(self) -> "Codebase":
        """The code that the dotted paths lead to."""
        from webzeug.codebase import Codebase

        return Codebase(self.folders)

    @cached_property
    def vocabulary(self) -> "Vocabulary":
        """What the manifest's converters take."""
        from webzeug.routing.proving.vocabulary import Vocabulary

        return Vocabulary(self.manifest.converters)

    @cached_property
    def search(self) -> "Search":
        """The manifest's routes, in the order in which they are tried."""
        from webzeug.routing.proving.search import Search

        return Search(self.manifest.routes, self.manifest.matching, self.vocabulary)

    @cached_property
    def table(self) -> "RouteTable[Any]":
        """The compiled table, with a stand-in for each converter of the application's own."""
        from webzeug.routing.standins import compile_without_code

        return compile_without_code(self.manifest).table


@dataclass(frozen=True, slots=True)
class Finding:
    """A diagnostic, and the route that it is about (whose ``ignore`` may silence it)."""

    diagnostic: Diagnostic
    route: Route | None = None


Check = Callable[[Context], Iterator[Finding]]
