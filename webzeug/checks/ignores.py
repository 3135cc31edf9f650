"""Codes in a route's ``ignore`` that silence nothing, or that no finding has."""

from collections.abc import Iterator, Sequence
from typing import Any

from webzeug.checks.context import Finding
from webzeug.diagnostics import Diagnostic, Kind, Severity
from webzeug.explanations import codes
from webzeug.manifest.decoding import did_you_mean
from webzeug.manifest.document import Document, Place
from webzeug.manifest.model import Manifest, Route

UNUSED_IGNORE = Kind("WZ410", "unused-ignore", Severity.WARNING)
UNKNOWN_IGNORE = Kind("WZ411", "unknown-ignore", Severity.WARNING)

_FROM_THE_TABLE = frozenset(
    ("WZ108", "WZ109", "WZ204", "WZ205", "WZ206", "WZ210", "WZ212", "WZ213", "WZ214")
)
_IF_STRICT = frozenset(("WZ211",))


def check_ignores(
    manifest: Manifest, findings: Sequence[Finding], is_strict: bool
) -> Iterator[Finding]:
    """Report what ``ignore`` lists of the root manifest say in vain.

    ``findings`` are those of all checks, before any is silenced. Only codes that the table alone
    decides are called unused: others depend on which packages are installed.
    """
    judged = _FROM_THE_TABLE | _IF_STRICT if is_strict else _FROM_THE_TABLE
    root, known = manifest.documents[0], codes()
    used = set(_used(findings, root))
    for place, (route, code) in _written(manifest, root).items():
        if code not in known:
            yield Finding(_unknown(code, place, known), route)
        elif code in judged and not used & {(place.path, code), (None, code)}:
            yield Finding(_unused(code, place), route)


def _written(manifest: Manifest, root: Document) -> dict[Place, tuple[Route, str]]:
    """The codes that stand in the root manifest, each with a route that they are for."""
    return {
        place: (route, code) for route in manifest.routes for place, code in _of_route(route, root)
    }


def _used(
    findings: Sequence[Finding], root: Document
) -> Iterator[tuple[tuple[str | int, ...] | None, str]]:
    """What silences something: a place and its code; None for a place is any place."""
    for finding in findings:
        route, code = finding.route, finding.diagnostic.kind.code
        if route is None or code not in route.ignore:
            continue
        if route.place is None or route.place.document is not root:
            yield None, code  # it may have inherited the code from any group with an include
        else:
            yield from ((place.path, code) for place, its in _of_route(route, root) if its == code)


def _of_route(route: Route, root: Document) -> Iterator[tuple[Place, str]]:
    """The elements of the ``ignore`` lists of a route and of the groups around it."""
    if route.place is None or route.place.document is not root or not route.ignore:
        return
    path = route.place.path
    for length in range(len(path) + 1):
        lists = Place(root, (*path[:length], "ignore"))
        if lists.exists:
            for index, code in enumerate(_value(root, lists)):
                yield lists.child(index), code


def _value(root: Document, place: Place) -> list[str]:
    value: Any = root.data
    for key in place.path:
        value = value[key]
    return list(value)


def _unused(code: str, place: Place) -> Diagnostic:
    message = f"`{code}` is ignored, but nothing here gives it"
    return Diagnostic(UNUSED_IGNORE, message, place.key, help="remove it")


def _unknown(code: str, place: Place, known: Sequence[str]) -> Diagnostic:
    is_beginning = any(each.startswith(code) for each in known)
    guess = "" if is_beginning else did_you_mean(code, known)
    advice = guess or "write a whole code, such as WZ213"
    return Diagnostic(UNKNOWN_IGNORE, f"there is no code `{code}`", place.key, help=advice)
