"""A child process, as the supervisor sees it."""

import os
import signal
import subprocess
import sys
import time
from typing import Self

from webzeug.server.channel import Channel, Message

PATIENCE = 3.0
"""Seconds that a process gets to end by itself, beyond the time that was agreed."""


class ChildProcess:
    """A process that was started, and the channel to it.

    ``is_busy`` tells that it imports the application, and hears nothing meanwhile; ``is_ending``
    that it has been told to end. ``deadline`` (monotonic) is when to kill it.
    """

    def __init__(self, process: "subprocess.Popen[bytes]", channel: Channel) -> None:
        self.channel = channel
        self.is_ending = False
        self.is_busy = False
        self.deadline: float | None = None
        self._process = process

    @classmethod
    def spawn(cls, module: str) -> Self:
        """Start ``python -m module``; its argument is the number of the channel's descriptor."""
        channel, theirs = Channel.pair()
        # Blocked until the child sees to it; Ctrl-C in a terminal reaches all processes.
        signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,))
        try:
            command = [sys.executable, *interpreter_flags(), "-m", module, str(theirs.fileno())]
            process = subprocess.Popen(command, pass_fds=[theirs.fileno()])
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGINT,))
            theirs.close()
        return cls(process, channel)

    def start(self, order: Message) -> None:
        """Let it make an application; there is no harm in killing it until it has."""
        self.is_busy = True
        self.channel.send(order)

    def serve(self, listener: int) -> None:
        """Let it serve on a listening socket."""
        self.channel.send({"do": "serve"}, listener)

    def drain(self, grace: float) -> None:
        """Let it finish what it has begun, pass its connections on, and end."""
        self._end("drain", grace)

    def stop(self, grace: float) -> None:
        """Let it finish what it has begun, and end."""
        if self.is_busy:
            self.is_ending = True
            self.kill()
        else:
            self._end("stop", grace)

    def _end(self, how: str, grace: float) -> None:
        self.is_ending = True
        self.deadline = time.monotonic() + grace + PATIENCE
        self.channel.send({"do": how, "grace": grace})

    def kill(self) -> None:
        self._process.kill()

    def kill_if_late(self, now: float) -> None:
        if self.deadline is not None and now >= self.deadline:
            self.deadline = None
            self.kill()

    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def wait(self) -> int:
        """Wait for the end, which must be near, and close the channel.

        Returns the exit code, negative for a signal.
        """
        self.channel.close()
        try:
            return self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            return self._process.wait()


def interpreter_flags() -> list[str]:
    """The interpreter's options that make a difference.

    Whether the current folder is on the path of modules decides whether a file in it can hide
    one of the standard library; the child shall have what we have.
    """
    has_current_folder = sys.path[:1] in ([""], [os.getcwd()])
    warnings = [f"-W{option}" for option in sys.warnoptions]
    return warnings if has_current_folder else [*warnings, "-P"]
