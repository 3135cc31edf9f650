"""A ``serve`` to be measured, in a process of its own."""

import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TIMEOUT = 30.0
_ROOT = str(Path(__file__).resolve().parent.parent)


@contextmanager
def served(
    manifest: str, app: str, log: Path, *settings: str
) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    """The server of a manifest and of a module ``app``, and its port; stderr goes to ``log``."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "routes.toml").write_text(manifest, "utf-8")
        Path(folder, "app.py").write_text(app, "utf-8")
        options = [option for setting in settings for option in ("--set", setting)]
        with started(Path(folder), log, *options) as running:
            yield running


@contextmanager
def started(
    folder: Path, log: Path, *options: str
) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    """The server of a folder's ``routes.toml``, and its port; stderr goes to ``log``."""
    command = [sys.executable, "-m", "webzeug", "serve", "--bind", "127.0.0.1:0", *options]
    environ = {**os.environ, "PYTHONPATH": _ROOT}
    with log.open("wb") as stderr:
        process = subprocess.Popen(
            command, cwd=folder, stderr=stderr, stdin=subprocess.DEVNULL, env=environ
        )
        try:
            yield process, _port(process, log)
        finally:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(TIMEOUT)
                except subprocess.TimeoutExpired:
                    process.kill()
            process.wait()


def _port(process: "subprocess.Popen[bytes]", log: Path) -> int:
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline and process.poll() is None:
        if match := re.search(rb"on http://127\.0\.0\.1:([0-9]+)/", log.read_bytes()):
            return int(match[1])
        time.sleep(0.05)
    raise SystemExit(f"the server did not start:\n{log.read_text('utf-8', 'replace')}")


def resident(pid: int) -> int:
    """Kilobytes of memory that a process has resident (proc(5))."""
    status = Path(f"/proc/{pid}/status").read_text("ascii", "replace")
    return int(status.partition("VmRSS:")[2].split()[0])


def allow_descriptors() -> None:
    """Let this process, and those that it starts, open as many files as it may."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
