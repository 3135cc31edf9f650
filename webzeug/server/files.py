"""The files that an application is made of: where they are, and what they hold.

They are compared by content, so touching a file changes nothing. Symbolic links are followed
name by name, because exchanging one of them changes what is at the end.
"""

import os
import stat
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from webzeug.source import digest_of

MAX_FOLDERS = 1000
"""So many folders are looked through, those nearest to the application's folder first."""

MAX_BYTES = 64 * 1024 * 1024
"""The content of a larger file is not read; that it was written tells that it has changed."""

MISSING = "missing"
FOLDER = "a folder"
SPECIAL = "a special file"
UNREADABLE = "unreadable"
EMPTY = digest_of(b"")

GONE = frozenset((MISSING, FOLDER, SPECIAL, UNREADABLE, EMPTY))
"""What is where a file was, or will be, while somebody replaces it."""

_RACY = 2.0
"""Seconds within which a file may be written again without a new time stamp (FAT: 2 s)."""

_MAX_LINKS = 40


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds: a digest, or one of GONE; and when it was modified (Unix time)."""

    digest: str
    modified: float = 0.0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Digests of all files: the manifest's by the names they are shown under, code by path."""

    manifest: Mapping[str, str] = field(default_factory=dict)
    code: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scan:
    """A look at all files.

    ``contents`` and ``trails`` have a key for each file; a trail is every name whose exchange
    changes the file, itself the last. What matters are the ``names``, and any code or folder in
    the ``code_folders``; ``folders`` are those to watch for it. ``is_cut`` tells that there are
    too many.
    """

    snapshot: Snapshot
    contents: Mapping[str, Content]
    trails: Mapping[str, tuple[str, ...]]
    names: frozenset[str]
    code_folders: frozenset[str]
    folders: frozenset[str]
    is_cut: bool


class Contents:
    """Digests of files, taken anew only where a time stamp says so."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[os.stat_result, str]] = {}

    def look(self, path: str) -> Content:
        """What a file holds now."""
        try:
            status = os.stat(path)
            if stat.S_ISDIR(status.st_mode):
                return Content(FOLDER)
            if not stat.S_ISREG(status.st_mode):
                return Content(SPECIAL)
            return Content(self._digest(path, status), status.st_mtime)
        except PermissionError:
            return Content(UNREADABLE)
        except (OSError, ValueError):
            return Content(MISSING)

    def _digest(self, path: str, status: os.stat_result) -> str:
        if status.st_size > MAX_BYTES:
            return repr(_signature(status))
        known = self._known.get(path)
        if known is not None and _signature(known[0]) == _signature(status):
            return known[1]
        digest = digest_of(_read(path))
        if time.time() - max(status.st_mtime, status.st_ctime) > _RACY:
            self._known[path] = (status, digest)
        return digest


def _signature(status: os.stat_result) -> tuple[int, ...]:
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def _read(path: str) -> bytes:
    # O_NONBLOCK: if it is a FIFO by now, opening it would wait for a writer.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    with open(descriptor, "rb") as file:
        return file.read()


class Files:
    """The manifest's files and the code. ``app_folder`` is where the application's code lives.

    ``manifest`` are the files of the manifest, by the names they are shown under; ``elsewhere``
    are the real paths of folders outside of the application's, of which only the code directly
    in them counts. Both may change between two scans.
    """

    def __init__(self, manifest: Iterable[str], app_folder: str) -> None:
        self.manifest = tuple(manifest)
        self.elsewhere: set[str] = set()
        self._app_folder = app_folder
        self._contents = Contents()

    def scan(self) -> Scan:
        """Look at all files."""
        looking = _Looking(self._contents)
        for path in self.manifest:
            links, end = _followed(path)
            looking.look(path, (*links, os.path.dirname(end), end))
        manifest = looking.digests()
        links, end = _followed(self._app_folder)
        looking.watch((*links, end))
        below, is_cut = _folders_below(self._app_folder)
        code_folders = frozenset(below) | self.elsewhere
        for folder in code_folders:
            looking.look_through(folder)
        code = {key: value for key, value in looking.digests().items() if key not in manifest}
        return Scan(
            Snapshot(manifest, code),
            looking.contents,
            looking.trails,
            frozenset(looking.names),
            code_folders,
            frozenset(looking.folders),
            is_cut,
        )


@dataclass(slots=True)
class _Looking:
    """What one scan has found so far."""

    source: Contents
    contents: dict[str, Content] = field(default_factory=dict)
    trails: dict[str, tuple[str, ...]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    folders: set[str] = field(default_factory=set)

    def digests(self) -> dict[str, str]:
        return {key: content.digest for key, content in self.contents.items()}

    def look(self, path: str, trail: tuple[str, ...]) -> None:
        """Look at a file, and watch for it."""
        self.contents[path] = self.source.look(path)
        self.trails[path] = trail
        self.watch(trail)

    def watch(self, names: Iterable[str]) -> None:
        """Watch for names; where the folder of one is missing, for that."""
        for name in names:
            self.names.add(name)
            while not os.path.isdir(folder := os.path.dirname(name)):
                self.names.add(folder)
                name = folder
            self.folders.add(folder)

    def look_through(self, folder: str) -> None:
        """Look at the code directly in a folder."""
        self.folders.add(folder)
        for entry in _entries(folder):
            if not is_code(entry.name):
                continue
            if entry.is_symlink():
                links, end = _followed(entry.path)
                self.look(entry.path, (*links, end))
            else:
                self.contents[entry.path] = self.source.look(entry.path)
                self.trails[entry.path] = (entry.path,)


def _followed(path: str) -> tuple[list[str], str]:
    """The symbolic links on the way to a file or folder, and where it is itself.

    None of these names has a link in its own path.
    """
    links: list[str] = []
    here = os.sep
    ahead = os.path.join(os.getcwd(), path).split(os.sep)[::-1]
    while ahead:
        part = ahead.pop()
        if part == os.pardir:
            here = os.path.dirname(here)
        elif part not in ("", os.curdir):
            here = os.path.join(here, part)
            target = _link(here) if len(links) < _MAX_LINKS else None
            if target is not None:
                links.append(here)
                here = os.sep if os.path.isabs(target) else os.path.dirname(here)
                ahead += target.split(os.sep)[::-1]
    return links, here


def _link(path: str) -> str | None:
    try:
        return os.readlink(path)
    except OSError:
        return None


def is_code(name: str) -> bool:
    """Whether a file of this name is code. Hidden ones are not: Emacs locks a file with one."""
    return name.endswith(".py") and not name.startswith(".")


def _folders_below(root: str) -> tuple[list[str], bool]:
    """The folders that code may be in, without links in their paths, those nearest first.

    The second value tells whether there are more than MAX_FOLDERS. Hidden folders, virtual
    environments, caches and ``node_modules`` are left out.
    """
    folders: dict[str, None] = {}
    waiting = deque([os.path.realpath(root)])
    while waiting:
        folder = waiting.popleft()
        if folder in folders:
            continue
        if len(folders) == MAX_FOLDERS:
            return list(folders), True
        folders[folder] = None
        waiting.extend(_folders_in(folder))
    return list(folders), False


def _folders_in(folder: str) -> Iterator[str]:
    for entry in sorted(_entries(folder), key=lambda entry: entry.name):
        if entry.name.startswith(".") or entry.name in ("__pycache__", "node_modules"):
            continue
        if _is_folder(entry) and not os.path.exists(os.path.join(entry.path, "pyvenv.cfg")):
            yield os.path.realpath(entry.path) if entry.is_symlink() else entry.path


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _entries(folder: str) -> list["os.DirEntry[str]"]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []
