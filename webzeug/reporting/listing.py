"""What a listing of routes shows: one row for each route, read from manifest and source text."""

import fnmatch
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from webzeug.codebase import Codebase, Found
from webzeug.manifest.model import (
    Manifest,
    MountTarget,
    ProbeTarget,
    RedirectTarget,
    Route,
    StaticTarget,
    Target,
    ViewTarget,
)
from webzeug.routing.verbs import WEBSOCKET
from webzeug.routing.ways import WayTaken
from webzeug.source import shown_path

Kind = Literal["view", "redirect", "static", "wsgi", "probe"]


@dataclass(frozen=True, slots=True)
class Location:
    """A line of a file, which is named relative to where the user stands."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Row:
    """One route.

    ``verbs`` are those that the manifest names, or else those that the View's source shows; None
    means every verb. ``has_more_verbs`` tells that there may be others, because the source of the
    View or of a base class cannot be read. ``source`` is where the View or the mounted
    application is defined, ``declared`` where the route stands in the manifest. ``way`` is the one
    that requests take there, if that was asked for.
    """

    path: str
    host: str | None
    kind: Kind
    target: str
    verbs: tuple[str, ...] | None
    has_more_verbs: bool
    name: str | None
    status: int | None
    source: Location | None
    declared: Location | None
    tags: tuple[str, ...]
    defaults: Mapping[str, Any]
    middleware: tuple[str, ...]
    deprecated: bool | str
    build_only: bool
    way: WayTaken | None = None

    @property
    def address(self) -> str:
        """The path, after the host if there is one, as a key of the manifest."""
        return self.path if self.host is None else f"//{self.host}{self.path}"

    @property
    def view(self) -> str:
        """What answers, for people: a dotted path, or a word and a target."""
        match self.kind:
            case "view":
                return self.target
            case "redirect":
                return f"-> {self.target} ({self.status})"
            case _:
                return f"{self.kind} {self.target}"


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
            and (self.method is None or _takes(row, self.method.upper()))
        )


def _fits(wanted: str | None, text: str | None) -> bool:
    if wanted is None or text is None:
        return wanted is None
    if "*" in wanted or "?" in wanted:
        return fnmatch.fnmatchcase(text, wanted.replace("[", "[[]"))
    return wanted in text


def _takes(row: Row, verb: str) -> bool:
    """Whether a route takes a verb, as far as is known; HEAD is answered by GET."""
    if row.verbs is None or row.has_more_verbs:
        return not row.build_only
    return verb in row.verbs or (verb == "HEAD" and "GET" in row.verbs)


SORTS: Mapping[str, Callable[[Row], tuple[object, ...]]] = {
    "path": lambda row: (row.host or "", row.path, row.verbs or ()),
    "name": lambda row: (row.name is None, row.name or "", row.path),
    "view": lambda row: (row.kind != "view", row.target, row.path),
}
"""The orders besides that of the file."""


def rows(
    manifest: Manifest, codebase: Codebase, ways: Mapping[int, WayTaken] | None = None
) -> list[Row]:
    """One row for each route, in the order of the file. Nothing is imported.

    ``ways`` are those that requests take to the routes, by the routes' ``id``.
    """
    ways = ways or {}
    return [replace(row_of(route, codebase), way=ways.get(id(route))) for route in manifest.routes]


def selected(all_rows: Iterable[Row], filters: Filters, sort: str) -> list[Row]:
    """The rows that the filters take, in file order or in one of SORTS."""
    taken = [row for row in all_rows if filters.take(row)]
    return sorted(taken, key=SORTS[sort]) if sort in SORTS else taken


def row_of(route: Route, codebase: Codebase) -> Row:
    """The row of one route."""
    kind, target = _leads_to(route.target)
    found = codebase.find(target) if kind in ("view", "wsgi") else None
    verbs, has_more_verbs = _verbs(route, found if isinstance(found, Found) else None)
    place = route.place
    return Row(
        path=route.pattern.text,
        host=route.host.text if route.host else None,
        kind=kind,
        target=target,
        verbs=verbs,
        has_more_verbs=has_more_verbs,
        name=route.name,
        status=route.target.status if isinstance(route.target, RedirectTarget) else None,
        source=Location(shown_path(found.file), found.line) if isinstance(found, Found) else None,
        declared=Location(place.document.source.path, place.key.line) if place else None,
        tags=route.tags,
        defaults=route.defaults,
        middleware=tuple(use.use.path for use in route.middleware),
        deprecated=route.deprecated,
        build_only=route.build_only,
    )


def _leads_to(target: Target) -> tuple[Kind, str]:
    match target:
        case ViewTarget(view=view):
            return "view", view.path
        case RedirectTarget(to=to):
            return "redirect", to
        case StaticTarget(folder=folder, is_file=is_file):
            return "static", f"{shown_path(folder)}{'' if is_file else '/'}"
        case MountTarget(wsgi=wsgi):
            return "wsgi", wsgi.path
        case ProbeTarget(kind=kind):
            return "probe", kind


def _verbs(route: Route, found: Found | None) -> tuple[tuple[str, ...] | None, bool]:
    """The verbs of a row, and whether there may be more."""
    if route.build_only:
        return (), False
    if route.methods is not None:
        return route.methods, False
    if not isinstance(route.target, ViewTarget):
        return None, False
    if found is None or found.verbs is None:
        return (), True
    # WEBSOCKET last: the rest is what a plain client can send.
    in_order = sorted(found.verbs.written, key=lambda verb: (verb == WEBSOCKET, verb))
    return tuple(in_order), found.verbs.is_open
