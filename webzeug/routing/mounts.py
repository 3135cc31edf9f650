"""WSGI applications mounted under a prefix: they take what no route takes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map

from webzeug.manifest.model import Route
from webzeug.routing.converters import ANY_HOST

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

H = TypeVar("H")


@dataclass(frozen=True, slots=True)
class MountMatch(Generic[H]):
    """A mount that takes a request; the environ has been moved below its prefix."""

    route: Route
    handler: H
    args: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Mounts(Generic[H]):
    """All mounts of a table. ``map`` holds their prefixes alone; its endpoints are indices.

    ``depth`` is the largest number of segments that a prefix can have, None without a bound.
    """

    map: Map
    mounted: tuple[tuple[Route, H], ...] = ()
    depth: int | None = 0

    def match(self, environ: "WSGIEnvironment", host: str) -> MountMatch[H] | None:
        """The mount with the longest prefix of the path, cut at a slash.

        Moves the prefix from PATH_INFO to SCRIPT_NAME, octet for octet (PEP 3333).
        """
        if not self.mounted:
            return None
        raw: str = environ.get("PATH_INFO", "")
        for end in self._cuts(raw):
            found = self._mount_at(raw[:end], host)
            if found is not None:
                index, args = found
                environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + raw[:end]
                environ["PATH_INFO"] = raw[end:]
                return MountMatch(*self.mounted[index], args)
        return None

    def _cuts(self, path: str) -> Iterator[int]:
        """Where the path may be cut: its end and its slashes, the longest prefix first."""
        cuts = [index for index, character in enumerate(path) if character == "/"]
        cuts = [*cuts[1:], len(path)] if cuts[:1] == [0] else [len(path)]
        if self.depth is not None:
            cuts = cuts[: self.depth]
        yield from reversed(cuts)
        if path:
            yield 0

    def _mount_at(self, raw: str, host: str) -> tuple[int, dict[str, Any]] | None:
        prefix = raw.encode("latin-1").decode("utf-8", errors="replace")
        try:
            index, args = self.map.bind(host, path_info=prefix or "/").match()
        except HTTPException:
            return None
        return index, {name: value for name, value in args.items() if name != ANY_HOST}
