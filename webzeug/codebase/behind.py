"""What stands behind the routes: their Views as source text, their files on disk."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webzeug.codebase.answers import Found, Verbs
from webzeug.codebase.code import Codebase
from webzeug.manifest.model import Route, StaticTarget, ViewTarget
from webzeug.static import file_of


@dataclass(frozen=True, slots=True)
class Behind:
    """Knows for ``explain`` what a route's View and its files are like; nothing is imported."""

    codebase: Codebase

    def methods(self, route: Route) -> Verbs | None:
        """The methods of a route's View; None if its source cannot be read."""
        if not isinstance(route.target, ViewTarget):
            return None
        found = self.codebase.find(route.target.view.path)
        return found.verbs if isinstance(found, Found) else None

    def has_file(self, route: Route, args: Mapping[str, Any]) -> bool | None:
        """Whether the file of a static route is there now."""
        if not isinstance(route.target, StaticTarget):
            return None
        return file_of(route.target, args) is not None
