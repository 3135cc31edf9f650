"""WSGI applications mounted under a prefix: they take what no route takes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map

from webzeug.manifest.model import Route
from webzeug.routing.adapter import bind, find
from webzeug.routing.hosts import names_port
from webzeug.routing.matches import Match
from webzeug.routing.octets import decoded

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

H = TypeVar("H")


@dataclass(frozen=True, slots=True)
class Mounts(Generic[H]):
    """All mounts of a table. ``map`` holds their prefixes alone.

    ``depth`` is the largest number of segments that a prefix has.
    """

    map: Map
    routes: tuple[Route, ...] = ()
    depth: int = 0

    def match(self, environ: "WSGIEnvironment", hosts: Sequence[str]) -> Match[H] | None:
        """The mount with the longest prefix of the path, cut at a slash.

        Its ``moved`` has the prefix at the end of SCRIPT_NAME instead, octet for octet (PEP 3333).
        """
        if not self.routes:
            return None
        path: str = environ.get("PATH_INFO", "")
        for end in self._cuts(path):
            match = self._mount_at(path[:end], hosts)
            if match is not None:
                script_name = environ.get("SCRIPT_NAME", "") + path[:end]
                return match._replace(moved={"SCRIPT_NAME": script_name, "PATH_INFO": path[end:]})
        return None

    def _cuts(self, path: str) -> Iterator[int]:
        """Where the path may be cut: behind a segment, the longest prefix first, or at 0.

        A path of two slashes in front has no prefix: as SCRIPT_NAME it would be taken for a host
        (RFC 3986 4.2) in the URLs that the application builds.
        """
        if path.startswith("/") and not path.startswith("//"):
            slashes = [index for index, letter in enumerate(f"{path}/") if letter == "/"][1:]
            ends = [end for end in slashes[: self.depth] if path[end - 1] != "/"]
            yield from reversed(ends)
        yield 0

    def _mount_at(self, prefix: str, hosts: Sequence[str]) -> Match[H] | None:
        for host in hosts:
            try:
                match = find(bind(self.map, host), decoded(prefix) or "/", "GET")
            except HTTPException:
                continue
            if host is hosts[-1] or names_port(match.route.host):
                return match
        return None
