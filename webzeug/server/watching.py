"""When files have changed, and when that change is complete.

A cut TOML file is often valid TOML with fewer routes, so a file that is being written is left
alone. Linux says whether a file has a writer, or tells when one closes it; elsewhere, and when
polling, its content has to stay the same for a moment. A file that has gone gets some time to
come back: editors and version control delete files and create them again.
"""

import os
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from watchdog.events import EVENT_TYPE_MODIFIED, EVENT_TYPE_MOVED

from webzeug.server.events import FolderEvents
from webzeug.server.files import GONE, MISSING, Content, Files, Scan, Snapshot, is_code
from webzeug.server.writers import has_writer

QUIET = 0.03
"""Seconds without an event, or since a file was written, after which we look."""

MAX_WAIT = 1.0
"""Seconds after which we look even if events do not stop: some program writes all the time."""

COMEBACK = 0.25
"""Seconds that a file that has gone gets to come back."""

SAME = 0.1
"""Seconds that a content has to stay the same where writers are not seen closing a file."""

UNTOLD = 0.5
"""The same, where the system tells of changes but has not told of this one."""

RECHECK = 0.02
"""Seconds after which to look again whether a file still has a writer."""

STUCK = 5.0
"""Seconds without a further write after which a file that is kept open is taken as complete."""

TICK = 0.01
"""Seconds that the system's time stamps may be behind the clock."""

SKEW = 1.0
"""Seconds that a time stamp may be ahead of our clock."""

POLL = 0.25
"""Seconds between two looks where the system does not tell of changes."""

_MEMORY = 2.0
"""Seconds for which an event is remembered, in case its file is followed only then."""

_TELLS_OF_CLOSING = sys.platform == "linux"

Warn = Callable[[str, str], None]
"""Takes what is wrong, and what to do about it."""


class Watcher:
    """Follows files. Call ``look`` at its ``deadline``, and when ``wake`` has been called.

    ``wake`` is called in another thread. With ``poll``, and where the system lets us watch no
    more folders, files are looked at regularly instead. ``settled`` is the last complete state;
    ``changed_at`` is when (monotonic) something was last seen happening.
    """

    def __init__(self, files: Files, wake: Callable[[], None], warn: Warn, *, poll: bool) -> None:
        self.deadline: float | None = None
        self.changed_at = time.monotonic()
        self._files = files
        self._warn = warn
        self._has_warned_of_cut = False
        self._first_event: float | None = None
        self._names: frozenset[str] = frozenset()
        self._code_folders: frozenset[str] = frozenset()
        self._being_written: dict[str, float] = {}
        self._told: dict[str, float] = {}
        self._seen: dict[str, tuple[str, float]] = {}
        self._events = None if poll else self._listen(wake)
        self.settled = self._scan().snapshot
        self._look_again_if_polling(time.monotonic())

    def _listen(self, wake: Callable[[], None]) -> FolderEvents | None:
        try:
            return FolderEvents(self._matters, wake)
        except OSError as error:
            self._say_that_it_polls(error)
            return None

    def close(self) -> None:
        """Follow no more."""
        if self._events is not None:
            self._events.close()

    def follow_manifest(self, names: Iterable[str]) -> None:
        """Follow these files as the manifest's; those that are new count as changes."""
        self._files.manifest = tuple(names)
        known = self.settled.manifest
        kept = {name: known[name] for name in self._files.manifest if name in known}
        self.settled = replace(self.settled, manifest=kept)

    def follow_code(self, folders: Mapping[str, float]) -> Mapping[str, str]:
        """Follow the code directly in some more folders, that was imported after a Unix time.

        It does not count as a change, unless it was written since then. Returns the digests of
        what was not followed before.
        """
        after = {os.path.realpath(folder): since for folder, since in folders.items()}
        new = after.keys() - self._code_folders
        if not new:
            return {}
        self._files.elsewhere |= new
        contents = self._scan().contents
        more = {
            path: content.digest
            for path, content in contents.items()
            if (folder := os.path.dirname(path)) in new and content.modified < after[folder] - TICK
        }
        self.settled = replace(self.settled, code={**self.settled.code, **more})
        return more

    def is_due(self) -> bool:
        """Whether it is time to look."""
        if self._events is not None and self._events.has_news:
            return True
        return self.deadline is not None and time.monotonic() >= self.deadline

    def look(self) -> Snapshot | None:
        """What the files hold, if all that has changed is complete; else None."""
        now, clock = time.monotonic(), time.time()
        self._take_events(now)
        if self._first_event is not None:
            quiet = min(self.changed_at + QUIET, self._first_event + MAX_WAIT)
            if now < quiet:
                self.deadline = quiet
                return None
        scan = self._scan()
        changed = _differences(self.settled, scan.snapshot)
        waits = [until for key in changed if (until := self._wait(key, scan, now, clock)) > now]
        if waits:
            self.deadline = min(waits)
            self._look_again_if_polling(now)
            return None
        self._seen = {key: seen for key, seen in self._seen.items() if key in changed}
        self._first_event = None
        self.deadline = None
        self.settled = scan.snapshot
        self._look_again_if_polling(now)
        return self.settled

    def _look_again_if_polling(self, began: float) -> None:
        """Set the deadline to look again where nobody tells; looking takes a tenth of the time."""
        if self._events is None:
            now = time.monotonic()
            regularly = now + max(POLL, 10 * (now - began))
            self.deadline = min(self.deadline or regularly, regularly)

    def _scan(self) -> Scan:
        """Look at the files, all their folders being watched before that."""
        scan = self._files.scan()
        if self._events is not None:
            try:
                while self._events.watch(scan.folders):
                    scan = self._files.scan()
            except OSError as error:
                self._stop_listening(error)
        if scan.is_cut and not self._has_warned_of_cut:
            self._has_warned_of_cut = True
            self._warn(
                "the application's folder has too many folders in it to follow them all",
                "put the manifest into a folder with the application alone, or name that with "
                "--app-dir",
            )
        self._names, self._code_folders = scan.names, scan.code_folders
        return scan

    def _stop_listening(self, error: OSError) -> None:
        assert self._events is not None
        self._events.close()
        self._events = None
        self._being_written.clear()
        self._say_that_it_polls(error)

    def _say_that_it_polls(self, error: OSError) -> None:
        self._warn(
            f"the system does not tell of changes ({error.strerror or error}): files are looked "
            f"at every {POLL} s instead",
            "raise its limit, on Linux with sysctl fs.inotify.max_user_watches=500000, or "
            "fs.inotify.max_user_instances=1024",
        )

    def _matters(self, names: Sequence[str], is_folder: bool) -> bool:
        """Whether an event may be about a file of ours; called in watchdog's thread."""
        return any(name in self._names or self._may_matter(name, is_folder) for name in names)

    def _may_matter(self, path: str, is_folder: bool) -> bool:
        """Whether it is code, or may hold code, or may be included in the manifest."""
        folder, name = os.path.split(path)
        is_of_a_kind = is_folder or is_code(name) or name.endswith(".toml")
        return is_of_a_kind and folder in self._code_folders

    def _take_events(self, now: float) -> None:
        self._told = {name: told for name, told in self._told.items() if told > now - _MEMORY}
        for kind, names in self._events.take() if self._events is not None else ():
            self.changed_at = now
            self._first_event = self._first_event or now
            self._told |= dict.fromkeys(names, now)
            self._note_writer(kind, names, now)

    def _note_writer(self, kind: str, names: Sequence[str], now: float) -> None:
        if kind == EVENT_TYPE_MODIFIED:
            self._being_written[names[0]] = now
            return
        was_being_written = self._being_written.pop(names[0], None)
        if was_being_written and kind == EVENT_TYPE_MOVED:
            self._being_written[names[-1]] = now
        else:
            self._being_written.pop(names[-1], None)

    def _wait(self, key: str, scan: Scan, now: float, clock: float) -> float:
        """Until when (monotonic) to leave a changed file alone; not after now if complete."""
        content = scan.contents.get(key, Content(MISSING))
        digest, since = self._seen.get(key, ("", now))
        if digest != content.digest:
            self._seen[key] = (content.digest, now)
            since = now
        if content.digest in GONE:
            return since + COMEBACK
        age = clock - content.modified
        # A time stamp in the future tells nothing, unless the file was written just now.
        written = now - age if age > -SKEW else 0.0
        is_being_written = has_writer(key)
        if is_being_written and now < written + STUCK:
            return now + RECHECK
        if self._events is None or not _TELLS_OF_CLOSING:
            return since + SAME
        if is_being_written is None:
            return self._wait_for_silence(scan.trails[key], written)
        return written + QUIET

    def _wait_for_silence(self, trail: Sequence[str], written: float) -> float:
        """The same, where we know of writers only what the system has told so far."""
        if trail[-1] in self._being_written:
            return self._being_written[trail[-1]] + STUCK
        return written + (QUIET if self._was_told(trail) else UNTOLD)

    def _was_told(self, trail: Sequence[str]) -> bool:
        """Whether the system has told of a file, or that its folder is new."""
        return any(name in self._told for name in (*trail, os.path.dirname(trail[-1])))


def _differences(old: Snapshot, new: Snapshot) -> set[str]:
    """The keys of the files that came, went or have another content."""
    pairs = ((old.manifest, new.manifest), (old.code, new.code))
    return {key for a, b in pairs for key in {*a, *b} if a.get(key) != b.get(key)}
