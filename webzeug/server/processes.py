"""The child processes of a supervisor: started, heard, and seen to their end."""

import time
from collections.abc import Callable
from functools import partial

from webzeug.server.channel import Message
from webzeug.server.process import ChildProcess
from webzeug.server.waiting import Waiting

OnMessage = Callable[[ChildProcess, Message, int | None], None]
"""Takes a message and the descriptor that came with it."""

OnEnd = Callable[[ChildProcess, int], None]
"""Takes a process that has ended without having been told to, and its exit code."""


class Processes:
    """All processes that have not ended; one of them may be warm, and wait for an order."""

    def __init__(self, module: str, waiting: Waiting, on_message: OnMessage, on_end: OnEnd) -> None:
        self._module = module
        self._waiting = waiting
        self._on_message = on_message
        self._on_end = on_end
        self._all: list[ChildProcess] = []
        self._warm: ChildProcess | None = None

    def __len__(self) -> int:
        return len(self._all)

    def take(self) -> ChildProcess:
        """A process for an order: the warm one, or a new one."""
        process, self._warm = self._warm or self._spawn(), None
        return process

    def warm_up(self) -> None:
        """Have a process ready for the next order."""
        self._warm = self._warm or self._spawn()

    def _spawn(self) -> ChildProcess:
        process = ChildProcess.spawn(self._module)
        self._all.append(process)
        self._waiting.add(process.channel, partial(self._hear, process))
        return process

    def wait(self, deadline: float | None) -> None:
        """Wait for what happens next, or a point in time (monotonic); call back for each."""
        deadlines = [process.deadline for process in self._all if process.deadline]
        if deadline is not None:
            deadlines.append(deadline)
        channels = [process.channel for process in self._all]
        self._waiting.wait(min(deadlines, default=None), channels)
        for process in tuple(self._all):
            process.kill_if_late(time.monotonic())
            # What it has started may keep the channel open.
            if process.has_ended():
                self._hear(process)
                self._forget(process)

    def _hear(self, process: ChildProcess) -> None:
        try:
            for message, descriptor in process.channel.receive():
                self._on_message(process, message, descriptor)
        except EOFError:
            self._forget(process)

    def _forget(self, process: ChildProcess) -> None:
        if process not in self._all:
            return
        self._all.remove(process)
        self._waiting.remove(process.channel)
        exit_code = process.wait()
        if process is self._warm:
            self._warm = None
        elif not process.is_ending:
            self._on_end(process, exit_code)

    def stop(self, grace: float) -> None:
        """Tell all to finish what they have begun, within so many seconds, and to end."""
        for process in self._all:
            process.stop(grace)

    def kill(self) -> None:
        """End all at once."""
        for process in tuple(self._all):
            process.kill()
            self._all.remove(process)
            process.wait()
