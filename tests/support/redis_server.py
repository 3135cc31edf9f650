"""A Redis of its own for a test, with Debian's program: in a folder, on a free port."""

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.ports import free_port

PROGRAM = shutil.which("redis-server")

needs_redis = pytest.mark.skipif(PROGRAM is None, reason="needs Debian's redis-server")


class RedisServer:
    """A server that can be killed and started again; it keeps its data in a file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port = free_port()

    @property
    def url(self) -> str:
        """What clients connect to."""
        return f"redis://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        assert PROGRAM is not None
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self._folder)]
        self._process = subprocess.Popen(
            [PROGRAM, *options, "--save", "", "--appendonly", "yes", "--appendfsync", "always"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        while not self._answers():
            assert self._process.poll() is None
            time.sleep(0.02)

    def kill(self) -> None:
        """Kill it, as when the machine loses its power."""
        self._process.kill()
        self._process.wait()

    def pause(self) -> None:
        """Let it say nothing any more, with its connections open."""
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on after ``pause``."""
        self._process.send_signal(signal.SIGCONT)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port)) as sock:
                sock.sendall(b"PING\r\n")
                return sock.recv(7) == b"+PONG\r\n"
        except OSError:
            return False


@contextmanager
def redis_server(folder: Path) -> Iterator[RedisServer]:
    """A running server, until the end of the block."""
    server = RedisServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()
