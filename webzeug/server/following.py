"""Following files in a process that gevent has patched, where watchdog cannot run.

They are looked at regularly, so it works on every file system and through every link, such as the
``..data`` of a mounted ConfigMap; a look costs a few microseconds for each file.
"""

import os
import time
from collections.abc import Callable, Iterable, Mapping

import gevent

from webzeug.server.files import GONE, MISSING, Contents

POLL = 0.025
"""Seconds between two looks."""

CALM = 0.075
"""Seconds for which nothing must change before a change counts: half a file may be valid TOML."""

PATIENCE = 1.0
"""The same where a file is missing or empty, as it may be while somebody replaces it."""

Changed = Callable[[Mapping[str, str]], tuple[Iterable[str], bool]]
"""Gets each file's digest; returns the files to follow from now on, and whether it has seen to it.

If it has not, because something was written meanwhile, it is called again.
"""


class Follower:
    """Calls back when files have changed, and have been left alone since then.

    ``known`` are the digests of what was read last, None where there was nothing to read.
    """

    def __init__(self, known: Mapping[str, str | None], changed: Changed) -> None:
        self._changed = changed
        self._contents = Contents()
        self._digests = {file: digest or MISSING for file, digest in known.items()}
        self._seen: list[tuple[int, ...]] = []
        self._since = 0.0
        self._is_news = True

    def run(self) -> None:
        """Look for ever."""
        while True:
            gevent.sleep(POLL)
            self.look(time.monotonic())

    def look(self, now: float) -> None:
        """Look once, at a point in time (monotonic seconds)."""
        seen = self._signatures()
        if seen != self._seen:
            self._seen, self._since, self._is_news = seen, now, True
        elif self._is_news and now - self._since >= CALM:
            self._act(now - self._since >= PATIENCE)

    def _act(self, is_late: bool) -> None:
        digests = self._look(self._digests)
        if not is_late and not GONE.isdisjoint(digests.values()):
            return
        self._is_news = False
        if digests == self._digests:
            return
        self._digests = digests
        files, is_done = self._changed(digests)
        if not is_done:
            self._digests, self._is_news = dict.fromkeys(files, ""), True
        elif set(files) != digests.keys():
            # What is new among them has been read a moment ago.
            self._digests = self._look(files)
            self._seen = self._signatures()

    def _look(self, files: Iterable[str]) -> dict[str, str]:
        return {file: self._contents.look(file).digest for file in files}

    def _signatures(self) -> list[tuple[int, ...]]:
        return [_signature(file) for file in self._digests]


def _signature(file: str) -> tuple[int, ...]:
    try:
        status = os.stat(file)
    except (OSError, ValueError):
        return ()
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
