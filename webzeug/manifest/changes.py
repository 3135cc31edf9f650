"""How one manifest differs from another."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from webzeug.manifest.model import Manifest, Route


@dataclass(frozen=True, slots=True)
class Changes:
    """How one table differs from another: routes as people see them, in file order."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


def shown(route: "Route") -> str:
    """The path, after the verbs if the route names them: ``GET /items``."""
    return f"{','.join(route.methods)} {route.path}" if route.methods else route.path


def fingerprints(routes: "Iterable[Route]") -> dict[str, str]:
    """What tells two tables apart: for each route as people see it, a digest of what it says."""
    return {
        shown(route): sha256(repr(route).encode(errors="backslashreplace")).hexdigest()[:16]
        for route in routes
    }


def compare(old: Mapping[str, str], new: Mapping[str, str]) -> Changes:
    """Which routes came, went, or say something else, by the fingerprints of two tables."""
    return Changes(
        added=tuple(route for route in new if route not in old),
        removed=tuple(route for route in old if route not in new),
        changed=tuple(route for route in new if old.get(route, new[route]) != new[route]),
    )


_FIXED: "Mapping[str, Callable[[Manifest], object]]" = {
    "config": lambda manifest: manifest.config,
    "env": lambda manifest: manifest.env,
    "resources": lambda manifest: list(manifest.resources.items()),
    "server": lambda manifest: manifest.server,
}


def needs_restart(old: "Manifest", new: "Manifest") -> tuple[str, ...]:
    """The tables that differ and that a running process cannot change."""
    return tuple(name for name, part in _FIXED.items() if part(old) != part(new))


def digests(manifest: "Manifest") -> dict[str, str | None]:
    """The digest of each file of a manifest by the name it is shown under; None if unreadable."""
    read = {document.source.path: document.source.digest for document in manifest.documents}
    return {**dict.fromkeys(manifest.files), **read}


def digest(manifest: "Manifest") -> str:
    """The first 12 hexadecimal digits of the SHA-256 of a manifest's files."""
    return sha256(repr(digests(manifest)).encode()).hexdigest()[:12]
