"""What watchdog tells of folders. It only wakes us up: what has changed, the files tell.

Each folder is watched by itself. One recursive watch would take in virtual environments and
caches, and on Linux says nothing when the system's limit is reached.
"""

import logging
import os
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from watchdog import events
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

if TYPE_CHECKING:
    from watchdog.observers.api import ObservedWatch

_KINDS: list[type[FileSystemEvent]] = [
    events.FileCreatedEvent,
    events.FileModifiedEvent,
    events.FileClosedEvent,
    events.FileMovedEvent,
    events.FileDeletedEvent,
    events.DirCreatedEvent,
    events.DirMovedEvent,
    events.DirDeletedEvent,
]
# Since watchdog 7; before, it is a modification.
if hasattr(events, "FileAttribEvent"):
    _KINDS.append(events.FileAttribEvent)

_Identity = tuple[int, int]


class Event(NamedTuple):
    """What has happened (one of watchdog's types); of a move, the former name and the new one."""

    kind: str
    names: tuple[str, ...]


class FolderEvents(FileSystemEventHandler):
    """The events in some folders that matter, since the last time one asked.

    ``matters`` gets the names of a file or folder, and whether it is a folder; it is called in
    another thread, and so is ``wake``, when there ``has_news``. Raises OSError if the system does
    not let us watch at all.
    """

    def __init__(
        self, matters: Callable[[Sequence[str], bool], bool], wake: Callable[[], None]
    ) -> None:
        self.has_news = False
        self._matters = matters
        self._wake = wake
        self._events: deque[Event] = deque()
        self._watches: dict[str, tuple[_Identity, ObservedWatch]] = {}
        self._log = logging.getLogger("watchdog")
        self._complaints = _Complaints(self.note)
        self._log.addHandler(self._complaints)
        self._log.propagate = False
        self._observer = Observer()
        self._observer.start()

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Called by watchdog, in a thread of its own."""
        names = tuple(os.fsdecode(name) for name in (event.src_path, event.dest_path) if name)
        if self._matters(names, event.is_directory):
            self._events.append(Event(event.event_type, names))
            self.note()

    def note(self) -> None:
        """Something may have happened."""
        self.has_news = True
        self._wake()

    def take(self) -> Iterable[Event]:
        """What has happened since the last call, in order."""
        self.has_news = False
        while self._events:
            yield self._events.popleft()

    def watch(self, folders: Iterable[str]) -> bool:
        """Watch these folders and no others; returns whether any of them is new.

        A folder that was replaced by another of the same name is new. Raises OSError if the
        limit of the system is reached.
        """
        wanted = {folder: identity for folder in folders if (identity := _identity(folder))}
        for folder, (identity, watch) in tuple(self._watches.items()):
            if wanted.get(folder) != identity:
                del self._watches[folder]
                self._observer.unschedule(watch)
        new = [folder for folder in wanted if folder not in self._watches]
        for folder in new:
            self._add(folder, wanted[folder])
        return bool(new)

    def _add(self, folder: str, identity: _Identity) -> None:
        try:
            watch = self._observer.schedule(self, folder, event_filter=_KINDS)
        except (FileNotFoundError, NotADirectoryError):
            return  # it has just gone, and its parent tells of that
        self._watches[folder] = (identity, watch)

    def close(self) -> None:
        """Watch nothing any more."""
        self._observer.stop()
        self._observer.join()
        self._log.removeHandler(self._complaints)


class _Complaints(logging.Handler):
    """Watchdog logs that events were lost, and some trifles at its end: worth a look, no more."""

    def __init__(self, note: Callable[[], None]) -> None:
        super().__init__()
        self._note = note

    def emit(self, record: logging.LogRecord) -> None:
        self._note()


def _identity(folder: str) -> _Identity | None:
    try:
        status = os.stat(folder)
    except OSError:
        return None
    return (status.st_dev, status.st_ino)
