"""The child processes of a supervisor: started, heard, and seen to their end."""

import time
from collections.abc import Callable, Iterable
from functools import partial

from webzeug.server.channel import Message
from webzeug.server.process import ChildProcess
from webzeug.server.waiting import Waiting

WARM_UP_DELAY = 0.5
"""Seconds after which another process is started, to leave the machine to the one that serves."""

OnMessage = Callable[[ChildProcess, Message, int | None], None]
"""Takes a message and the descriptor that came with it."""

OnEnd = Callable[[ChildProcess, int], None]
"""Takes a process that has ended, and its exit code; a warm one is not worth it."""


class Processes:
    """All processes that have not ended; one of them may be warm, and wait for an order."""

    def __init__(self, module: str, waiting: Waiting, on_message: OnMessage, on_end: OnEnd) -> None:
        self._module = module
        self._waiting = waiting
        self._on_message = on_message
        self._on_end = on_end
        self._all: list[ChildProcess] = []
        self._warm: ChildProcess | None = None
        self._warm_up_at: float | None = None

    def __len__(self) -> int:
        return len(self._all)

    def take(self) -> ChildProcess:
        """A process for an order: the warm one, or a new one."""
        process, self._warm, self._warm_up_at = self._warm or self._spawn(), None, None
        return process

    def warm_up(self) -> None:
        """Have a process ready for the next order, soon."""
        if self._warm is None:
            self._warm_up_at = time.monotonic() + WARM_UP_DELAY

    def _spawn(self) -> ChildProcess:
        process = ChildProcess.spawn(self._module)
        self._all.append(process)
        self._waiting.add(process.channel, partial(self._hear, process))
        return process

    def wait(self, deadlines: Iterable[float | None]) -> None:
        """Wait for what happens next, or a point in time (monotonic); call back for each."""
        ends = (process.deadline for process in self._all)
        known = [end for end in (*deadlines, self._warm_up_at, *ends) if end is not None]
        channels = [process.channel for process in self._all]
        self._waiting.wait(min(known, default=None), channels)
        if self._warm_up_at is not None and time.monotonic() >= self._warm_up_at:
            self._warm, self._warm_up_at = self._spawn(), None
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
        else:
            self._on_end(process, exit_code)

    def stop(self, grace: float) -> None:
        """Tell all to finish what they have begun, within so many seconds, and to end."""
        self._warm_up_at = None
        for process in self._all:
            process.stop(grace)

    def kill(self) -> None:
        """End all at once."""
        for process in tuple(self._all):
            process.kill()
            self._all.remove(process)
            process.wait()
