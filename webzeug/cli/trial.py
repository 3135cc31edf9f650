"""A trial: whether an application can be imported and opened, in a process of its own."""

import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import IO, NoReturn

from webzeug.manifest.model import Manifest
from webzeug.manifest.references import references_of

LONGEST = 120.0
"""Seconds that everything may take to be imported and opened."""


@dataclass(frozen=True, slots=True)
class Code:
    """The code that was tried: dotted paths, and all files with size and time of change (ns)."""

    names: frozenset[str] = frozenset()
    files: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @classmethod
    def of_this_process(cls, manifest: Manifest) -> "Code":
        """What has been imported here, a manifest's dotted paths among it."""
        paths = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
        return cls(_names(manifest), _stamps(path for path in paths if path))

    def is_as_it_was(self) -> bool:
        """Whether no file has changed since."""
        return _stamps(self.files) == self.files

    def has_all_of(self, manifest: Manifest) -> bool:
        """Whether a manifest names nothing else."""
        return _names(manifest) <= self.names


def _names(manifest: Manifest) -> frozenset[str]:
    return frozenset(reference.path for reference in references_of(manifest))


def _stamps(paths: Iterable[str]) -> dict[str, tuple[int, int]]:
    stamps: dict[str, tuple[int, int]] = {}
    for path in paths:
        try:
            status = os.stat(path)
        except OSError:
            stamps[path] = (-1, -1)
        else:
            stamps[path] = (status.st_size, status.st_mtime_ns)
    return stamps


def tried(application: Callable[[], Manifest]) -> Code | None:
    """The code of an application that is made, opened and closed in a process of its own.

    None if that exits with a failure.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    with tempfile.TemporaryFile() as report:
        pid = os.fork()
        if not pid:
            _end_as(lambda: _try(application, report))
        if _exit_code(pid) != 0:
            return None
        report.seek(0)
        found = json.load(report)
    files = {path: (size, changed) for path, (size, changed) in found["files"].items()}
    return Code(frozenset(found["names"]), files)


def _try(application: Callable[[], Manifest], report: IO[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    code = Code.of_this_process(application())
    report.write(json.dumps({"names": sorted(code.names), "files": code.files}).encode())
    report.flush()


def _exit_code(pid: int) -> int:
    """What a process ends with; one that takes too long is killed."""
    deadline = time.monotonic() + LONGEST
    while time.monotonic() < deadline:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return -signal.SIGKILL


def _end_as(what: Callable[[], None]) -> NoReturn:
    """End this process, whatever its parent would still do, with what a function exits with."""
    code = 1
    try:
        what()
        code = 0
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 1
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stderr.flush()
        os._exit(code)
