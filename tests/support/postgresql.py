"""A PostgreSQL of its own for a test, with Debian's programs: in a folder, on a free port."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.ports import free_port

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
"""Where Debian puts them: the newest version last."""

needs_postgresql = pytest.mark.skipif(not PROGRAMS, reason="needs Debian's postgresql")


class PostgreSQL:
    """A cluster that can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self._programs = PROGRAMS[-1]
        self._data = folder / "data"
        self._folder = folder
        self.port = free_port()
        # initdb and the server refuse to run as root.
        user = "postgres" if os.geteuid() == 0 else None
        self._who: dict[str, Any] = {"user": user, "group": user, "cwd": folder}
        initdb = [str(self._programs / "initdb"), "-A", "trust", "-U", "webzeug", "--no-sync"]
        subprocess.run(
            [*initdb, "-D", str(self._data)], capture_output=True, check=True, **self._who
        )

    @property
    def url(self) -> str:
        """What clients connect to."""
        return f"postgresql://webzeug@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        place = ("-D", self._data, "-p", self.port, "-h", "127.0.0.1", "-k", self._folder)
        command = [self._programs / "postgres", *place, "-c", "fsync=off"]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                list(map(str, command)),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **self._who,
            )
        ready = [str(self._programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        while subprocess.run(ready, check=False).returncode:
            assert self._process.poll() is None, (self._folder / "log").read_text()
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop it, with all its connections."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait()

    def kill(self) -> None:
        """Kill it and its children, as when the machine loses its power."""
        family = ["pgrep", "-P", str(self._process.pid)]
        found = subprocess.run(family, stdout=subprocess.PIPE, text=True, check=True)
        self._process.kill()
        self._process.wait()
        for pid in map(int, found.stdout.split()):
            os.kill(pid, signal.SIGKILL)


@contextmanager
def postgresql() -> Iterator[PostgreSQL]:
    """A running cluster, until the end of the block."""
    # Not below pytest's folders, which other users cannot enter.
    with tempfile.TemporaryDirectory(prefix="webzeug-postgresql-") as name:
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        cluster = PostgreSQL(folder)
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop()
