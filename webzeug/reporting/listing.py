"""What a listing of routes shows: one row for each route, read from manifest and source text."""

import fnmatch
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from webzeug.codebase import Codebase, Found
from webzeug.manifest.model import (
    Manifest,
    MountTarget,
    RedirectTarget,
    Route,
    StaticTarget,
    ViewTarget,
)
from webzeug.routing.verbs import WEBSOCKET
from webzeug.source import shown_path

ANY = "ANY"


@dataclass(frozen=True, slots=True)
class Row:
    """One route. ``verbs`` is ("ANY",) where the manifest does not say and the source cannot be
    read; ``source`` is the View's ``file:line``, ``declared`` the manifest's."""

    path: str
    verbs: tuple[str, ...]
    name: str
    view: str
    source: str
    declared: str
    host: str = ""
    tags: tuple[str, ...] = ()
    defaults: tuple[tuple[str, object], ...] = ()
    middleware: tuple[str, ...] = ()
    deprecated: bool | str = False


@dataclass(frozen=True, slots=True)
class Filters:
    """What a row must have. Texts are globs, or parts if they hold no ``*`` or ``?``."""

    path: str | None = None
    name: str | None = None
    method: str | None = None
    view: str | None = None
    tag: str | None = None
    host: str | None = None

    def take(self, row: Row) -> bool:
        return (
            _fits(self.path, row.path)
            and _fits(self.name, row.name)
            and _fits(self.view, row.view)
            and _fits(self.host, row.host)
            and (self.tag is None or self.tag in row.tags)
            and (self.method is None or self._takes_method(row.verbs))
        )

    def _takes_method(self, verbs: tuple[str, ...]) -> bool:
        method = (self.method or "").upper()
        return method in verbs or ANY in verbs or (method == "HEAD" and "GET" in verbs)


def _fits(wanted: str | None, text: str) -> bool:
    if wanted is None:
        return True
    if any(character in wanted for character in "*?"):
        return fnmatch.fnmatchcase(text, wanted)
    return wanted in text


SORTS: dict[str, Callable[[Row], tuple[object, ...]]] = {
    "path": lambda row: (row.host, row.path, row.verbs),
    "name": lambda row: (row.name == "", row.name, row.path),
    "view": lambda row: (row.view, row.path),
}
"""The orders besides that of the file."""


def rows(manifest: Manifest, codebase: Codebase) -> list[Row]:
    """The rows of all routes, in the order of the file. Nothing is imported."""
    return [_row(route, codebase) for route in manifest.routes]


def selected(all_rows: Iterable[Row], filters: Filters, sort: str) -> list[Row]:
    """The rows that the filters take, in file order or in one of SORTS."""
    taken = [row for row in all_rows if filters.take(row)]
    return sorted(taken, key=SORTS[sort]) if sort in SORTS else taken


def _row(route: Route, codebase: Codebase) -> Row:
    found = _found(route, codebase)
    place = route.place
    return Row(
        path=route.path,
        verbs=_verbs(route, found),
        name=route.name or "",
        view=_leads_to(route),
        source=f"{shown_path(found.file)}:{found.line}" if found else "",
        declared=f"{place.document.source.path}:{place.key.line}" if place else "",
        host=route.host.text if route.host else "",
        tags=route.tags,
        defaults=tuple(route.defaults.items()),
        middleware=tuple(use.use.path for use in route.middleware),
        deprecated=route.deprecated,
    )


def _found(route: Route, codebase: Codebase) -> Found | None:
    match route.target:
        case ViewTarget(view=reference) | MountTarget(wsgi=reference):
            found = codebase.find(reference.path)
            return found if isinstance(found, Found) else None
        case _:
            return None


def _verbs(route: Route, found: Found | None) -> tuple[str, ...]:
    if route.methods is not None:
        return route.methods
    if isinstance(route.target, ViewTarget) and found is not None and found.verbs is not None:
        # WEBSOCKET last: the rest is what a plain client can send.
        return tuple(sorted(found.verbs, key=lambda verb: (verb == WEBSOCKET, verb))) or (ANY,)
    return (ANY,)


def _leads_to(route: Route) -> str:
    match route.target:
        case ViewTarget(view=view):
            return view.path
        case RedirectTarget(to=to, status=status):
            return f"-> {to} ({status})"
        case StaticTarget(folder=folder, is_file=is_file):
            return f"static {shown_path(folder)}{'' if is_file else '/'}"
        case MountTarget(wsgi=wsgi):
            return f"wsgi {wsgi.path}"
