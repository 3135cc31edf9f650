"""A real ``python -m webzeug serve``, in a process of its own."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from signal import SIGTERM
from typing import IO

from tests.support.http import TIMEOUT, Answer, Connection
from tests.support.project import Project, Result

_STARTED = re.compile(
    r"serves .* on (?:http://\[?(?P<host>[^\]]+?)\]?:(?P<port>\d+)/|unix:(?P<path>\S+))"
)


class Serving:
    """A running server, or one that starts. Made by ``serving``."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self.process = process
        self.pid = process.pid
        self._folder = folder
        assert process.stdout is not None
        assert process.stderr is not None
        self._out = _Lines(process.stdout)
        self._err = _Lines(process.stderr)

    @cached_property
    def address(self) -> tuple[str, int] | str:
        """(host, port) or the path of a Unix socket, from its startup line; waits for that."""
        match = _STARTED.search(self.wait_for(_STARTED.pattern))
        assert match is not None
        if match["path"]:
            return str(self._folder / match["path"])
        return match["host"], int(match["port"])

    @property
    def port(self) -> int:
        """The TCP port that it listens on."""
        assert isinstance(self.address, tuple)
        return self.address[1]

    def connect(self) -> Connection:
        """A new connection to it; blocks."""
        return Connection.to(self.address)

    def get(
        self, target: str = "/", method: str = "GET", fields: str = "", host: str = "test"
    ) -> Answer:
        """One request on a connection of its own."""
        with self.connect() as client:
            return client.get(target, method, fields, host)

    def wait_for(self, pattern: str) -> str:
        """Wait until a line of stderr matches, and return the line."""
        return self._err.wait_for(pattern)

    def hear(self, pattern: str) -> str:
        """Wait for the next line of stderr, after the last one heard, that matches."""
        return self._err.hear(pattern)

    def signal(self, number: int = SIGTERM) -> None:
        self.process.send_signal(number)

    def wait(self) -> Result:
        """Wait until it has ended by itself."""
        code = self.process.wait(TIMEOUT)
        return Result(code, self._out.text(), self._err.text())

    def stop(self, number: int = SIGTERM) -> Result:
        """Send a signal, and wait for the end."""
        self.signal(number)
        return self.wait()


@contextmanager
def serving(
    project: Project,
    *args: str,
    environ: dict[str, str] | None = None,
    starts: bool = True,
    binds: bool = True,
) -> Iterator[Serving]:
    """Serve ``routes.toml`` with these arguments; ``--bind 127.0.0.1:0`` unless there is one::

        with serving(project) as server:
            assert server.get("/").body == b"hello"
            assert server.stop().code == 0

    With ``starts=False``, the block begins before the server is ready; with ``binds=False``, the
    manifest says where. Nothing of the server is left at the end of the block.
    """
    if binds and "--bind" not in args:
        args = ("--bind", "127.0.0.1:0", *args)
    process = subprocess.Popen(
        [sys.executable, "-m", "webzeug", "serve", *args],
        cwd=project.folder,
        env={**os.environ, **(environ or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:  # closes its pipes
        try:
            server = Serving(process, project.folder)
            if starts:
                assert server.address
            yield server
            if process.poll() is None:
                server.stop()
        finally:
            process.kill()


class _Lines:
    """The lines of a pipe, read as they come so that the writer never waits."""

    def __init__(self, pipe: IO[str]) -> None:
        self._lines: list[str] = []
        self._heard = 0
        self._ended = False
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read, args=(pipe,), daemon=True)
        self._reader.start()

    def _read(self, pipe: IO[str]) -> None:
        for line in pipe:
            with self._changed:
                self._lines.append(line)
                self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def _find(self, pattern: str, start: int) -> int | None:
        """The number of the first line, from one on, that matches."""
        lines = enumerate(self._lines[start:], start)
        return next((number for number, line in lines if re.search(pattern, line)), None)

    def _wait_for(self, pattern: str, start: int) -> int:
        def is_over() -> bool:
            return self._ended or self._find(pattern, start) is not None

        with self._changed:
            self._changed.wait_for(is_over, TIMEOUT)
            found = self._find(pattern, start)
            assert found is not None, f"no line matches {pattern!r} in:\n{''.join(self._lines)}"
            return found

    def wait_for(self, pattern: str) -> str:
        return self._lines[self._wait_for(pattern, 0)]

    def hear(self, pattern: str) -> str:
        found = self._wait_for(pattern, self._heard)
        self._heard = found + 1
        return self._lines[found]

    def text(self) -> str:
        self._reader.join(TIMEOUT)
        return "".join(self._lines)
