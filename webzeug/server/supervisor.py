"""Development: keeps a process serving what is on disk, and the last good state if that is broken.

The supervisor owns the listening socket and follows the files; it knows neither gevent nor the
application. A change of the manifest alone is reloaded by the process that serves. For any other
change another process makes the application, and the old one drains when the new one serves. A
warm process waits all the time, so that this takes no longer than the application's own imports.
"""

import os
import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from webzeug.server.breakage import Problem
from webzeug.server.channel import Message
from webzeug.server.files import Files, Snapshot
from webzeug.server.generation import Generation, Made, Order, agree, changed_files
from webzeug.server.listener import Listener
from webzeug.server.listening import BindError
from webzeug.server.process import ChildProcess
from webzeug.server.processes import Processes
from webzeug.server.report import Report
from webzeug.server.telling import Telling
from webzeug.server.waiting import Waiting
from webzeug.server.watching import Watcher

GRACE = 10.0
"""Seconds that requests under way get to finish when the code has changed."""

INTERRUPT_GRACE = 1.0
"""The same, when Ctrl-C is pressed."""

TOO_SHORT = 2.0
"""A process that ends by itself within so many seconds is not started again as it is."""

COULD_NOT_RUN = 2
"""Exit code if the command line is wrong."""

CANNOT_RUN = 1
"""Exit code if we cannot listen, or run a process at all."""


class Supervisor:
    """Keeps one order served. ``module`` is what a child process runs.

    The generation that serves is ``current``; ``earlier`` ones go on until it says that it does.
    The ``candidate`` is being made. ``acted`` is the state of the files that was last acted on.
    """

    def __init__(self, order: Order, report: Report, module: str, *, poll: bool) -> None:
        self._order = order
        self._report = report
        self._telling = Telling(report)
        self._module = module
        self._poll = poll
        self._listener = Listener()
        self._current: Generation | None = None
        self._earlier: list[Generation] = []
        self._candidate: Generation | None = None
        self._acted: Snapshot | None = None
        self._exit_code: int | None = None

    def run(self) -> int:
        """Serve until a signal; returns the exit code. For the main thread."""
        files = Files(self._order.files, self._order.app_folder)
        with Waiting.open() as waiting:
            self._watcher = Watcher(files, waiting.wake, self._report.note, poll=self._poll)
            self._processes = Processes(self._module, waiting, self._act, self._ended)
            try:
                self._acted = self._watcher.settled
                self._start(self._acted)
                while self._exit_code is None and not waiting.signals:
                    self._processes.wait((self._watcher.deadline, self._telling.deadline))
                    self._telling.tell()
                    if self._watcher.is_due():
                        self._look()
                self._end(waiting.signals)
            finally:
                self._processes.kill()
                self._watcher.close()
                self._listener.close()
        return self._exit_code or 0

    def _end(self, signals: Sequence[int]) -> None:
        """End the processes: politely, and at a second signal at once."""
        self._exit_code = self._exit_code or 0
        self._processes.stop(INTERRUPT_GRACE if signal.SIGINT in signals else GRACE)
        while len(self._processes) and len(signals) < 2:
            self._processes.wait(())

    def _act(self, process: ChildProcess, message: Message, descriptor: int | None) -> None:
        """Act on a message; most count only if they come from the one that matters now."""
        current, candidate = self._current, self._candidate
        match message["is"]:
            case "made" if candidate is not None and candidate.process is process:
                self._made(candidate, Made.of(message))
            case "serving" if current is not None and current.process is process:
                self._serves(current)
            case "reloaded" if current is not None and current.process is process:
                self._reloaded(current, message)
            case "open" if current is not None and current.process is process:
                self._opened(current)
            case "draining":
                self._telling.left(process)
            case "closed":
                self._report.problems(message["problems"])
            case "importing":
                self._follow_code(message["folders"])
                self._look()
            case "leaving" if descriptor is not None:
                self._pass_on(message["address"], descriptor)

    def _pass_on(self, address: Any, descriptor: int) -> None:
        """Pass a connection on to the process that serves now."""
        if self._current is not None:
            message = {"do": "take", "address": address}
            self._current.process.channel.send(message, descriptor)
        os.close(descriptor)

    # The files have changed.

    def _look(self) -> None:
        snapshot = self._watcher.look()
        if snapshot is not None:
            self._judge(snapshot)

    def _judge(self, snapshot: Snapshot) -> None:
        """Do what has to be done for the files as they are."""
        candidate, current = self._candidate, self._current
        if candidate is not None and candidate.made is not None:
            if candidate.was_made_of(snapshot):
                self._acted = snapshot
                self._decide(candidate, candidate.made)
                return
            self._give_up(candidate)
            self._acted = None
        acted, self._acted = self._acted, snapshot
        if snapshot == acted:
            return
        if current is None or not current.is_sound:
            self._start(snapshot)
        elif snapshot == current.snapshot:
            self._restore(current)
        elif acted is None or snapshot.code != acted.code:
            self._start(snapshot)
        else:
            self._reload(current, snapshot)

    def _restore(self, current: Generation) -> None:
        """The files are again as they are served."""
        self._give_up(self._candidate)
        self._telling.restore(current)

    def _follow_code(self, folders: Mapping[str, float]) -> None:
        """Follow code elsewhere that was imported just now, after a Unix time."""
        code = self._watcher.follow_code(folders)
        for generation in (self._current, self._candidate):
            if generation is not None:
                generation.add_code(code)
        if self._acted is not None:
            self._acted = replace(self._acted, code={**self._acted.code, **code})

    # The table is swapped in the process that serves.

    def _reload(self, current: Generation, snapshot: Snapshot) -> None:
        self._give_up(self._candidate)
        current.reloads.append((snapshot, self._watcher.changed_at))
        current.process.channel.send({"do": "reload", "files": dict(snapshot.manifest)})
        if snapshot.code != current.snapshot.code:
            # The code was broken before this; perhaps the manifest has mended it.
            self._start(snapshot)

    def _reloaded(self, current: Generation, message: Message) -> None:
        wanted, since = current.reloads.popleft()
        outcome, files = message["outcome"], message["files"] or wanted.manifest
        self._watcher.follow_manifest(files)
        self._follow_code(message["folders"])
        if outcome in ("swapped", "unchanged"):
            current.snapshot = replace(current.snapshot, manifest=files)
        if outcome == "swapped":
            self._swapped(current, message, since)
        snapshot = self._watcher.look()
        if snapshot is None or outcome == "overtaken" or not agree(files, snapshot.manifest):
            # Somebody writes, or there is a new include: what was read does not count.
            self._acted = self._with_manifest({})
        else:
            self._acted = self._with_manifest(snapshot.manifest)
            self._conclude(current, message, snapshot)
        if snapshot is not None:
            self._judge(snapshot)

    def _with_manifest(self, manifest: Mapping[str, str]) -> Snapshot | None:
        return None if self._acted is None else replace(self._acted, manifest=manifest)

    def _conclude(self, current: Generation, message: Message, snapshot: Snapshot) -> None:
        """See to what a reload of the files as they are has come to."""
        match message["outcome"]:
            case "refused":
                self._start(snapshot, [f"[{table}]" for table in message["refused"]])
            case "broken" if self._candidate is None:
                self._telling.keep(current, message["problems"])
            case "unchanged" if snapshot.code == current.snapshot.code:
                self._restore(current)

    def _swapped(self, current: Generation, message: Message, since: float) -> None:
        routes, warnings = message["routes"], message["problems"]
        has_its_code = self._acted is not None and self._acted.code == current.snapshot.code
        self._telling.swapped(current, routes, warnings, since, mends=has_its_code)
        current.routes = routes

    # Another process takes over.

    def _start(
        self,
        snapshot: Snapshot,
        causes: Sequence[str] = (),
        *,
        since: float | None = None,
        explaining: Sequence[Problem] = (),
    ) -> None:
        """Let a process make the application; or only show problems that are known already.

        ``since`` (monotonic) is the last change of a file unless given.
        """
        if self._candidate is not None and self._candidate.snapshot == snapshot:
            return
        self._give_up(self._candidate)
        current = self._current
        if current is not None and not causes:
            causes = changed_files(current.snapshot, snapshot)
        must_be_sound = current is not None and current.is_sound
        process = self._processes.take()
        since = self._watcher.changed_at if since is None else since
        self._candidate = Generation(process, snapshot, since, causes, must_be_sound, explaining)
        process.start(self._order.message(must_be_sound=must_be_sound, explains=bool(explaining)))

    def _give_up(self, candidate: Generation | None) -> None:
        self._candidate = None
        if candidate is not None:
            candidate.process.stop(0)

    def _made(self, candidate: Generation, made: Made) -> None:
        candidate.process.is_busy = False
        if made.is_hopeless and not self._telling.has_served:
            self._report.problems(made.problems)
            self._exit_code = COULD_NOT_RUN
            return
        candidate.made, candidate.is_sound, candidate.routes = made, made.is_sound, made.routes
        candidate.problems = candidate.problems or made.problems
        self._watcher.follow_manifest(made.files)
        self._follow_code(made.folders)
        snapshot = self._watcher.look()
        if self._current is None:
            # There is nothing to keep until the files have settled.
            is_up_to_date = snapshot is not None and candidate.was_made_of(snapshot)
            self._acted = snapshot if is_up_to_date else candidate.as_made(made)
            self._decide(candidate, made)
        if snapshot is not None:
            self._judge(snapshot)

    def _decide(self, candidate: Generation, made: Made) -> None:
        """Let a candidate take over if it may; the files are as it has read them."""
        if candidate.must_be_sound and not candidate.is_sound:
            self._refuse(candidate.problems)
            return
        try:
            listener = self._listener.listen(made.bind, made.backlog)
        except BindError as error:
            self._give_up(candidate)
            problem = self._report.cannot_listen(str(error))
            if self._current is None:
                self._report.problems([problem])
                self._exit_code = CANNOT_RUN
            else:
                self._telling.keep(self._current, [problem])
            return
        self._take_over(candidate, listener)

    def _take_over(self, candidate: Generation, listener: int) -> None:
        if self._current is not None:
            self._earlier.append(self._current)
        self._current, self._candidate = candidate, None
        if self._acted is not None:
            candidate.snapshot = self._acted
        self._telling.taken_over(candidate)
        candidate.process.serve(listener)

    def _serves(self, generation: Generation) -> None:
        """A generation serves, so the earlier ones have to leave."""
        generation.serving_since = time.monotonic()
        for earlier in self._earlier:
            earlier.process.drain(GRACE)
        self._telling.serves(generation, self._earlier, self._listener.address)
        self._earlier = []
        self._processes.warm_up()

    def _opened(self, current: Generation) -> None:
        """The resources are open at last, so all is well."""
        current.is_sound = True
        self._telling.opened(current)

    def _refuse(self, problems: Sequence[Problem]) -> None:
        """A candidate is not good enough."""
        self._candidate = None
        if self._current is None:
            self._start(self._acted or self._watcher.settled, explaining=problems)
        else:
            self._telling.keep(self._current, problems)
            self._processes.warm_up()

    def _ended(self, process: ChildProcess, exit_code: int) -> None:
        """A process has ended; if it was not told to, do without it."""
        candidate, current = self._candidate, self._current
        self._telling.left(process)
        if process.is_ending:
            return
        if candidate is not None and candidate.process is process:
            self._candidate_ended(candidate, exit_code)
        elif current is not None and current.process is process:
            self._current_ended(current, exit_code)
        else:
            self._earlier = [g for g in self._earlier if g.process is not process]

    def _candidate_ended(self, candidate: Generation, exit_code: int) -> None:
        if candidate.made is not None and candidate.must_be_sound and not candidate.is_sound:
            return  # it has said why, and is judged when the files have settled
        if candidate.problems and candidate.made is None:
            # It only had to show problems: it is not the application that fails.
            self._report.problems([self._report.crash(exit_code)])
            self._exit_code = CANNOT_RUN
        else:
            self._refuse([self._report.crash(exit_code)])

    def _current_ended(self, current: Generation, exit_code: int) -> None:
        self._report.ended(exit_code)
        self._current = self._earlier.pop() if self._earlier else None
        if self._current is None and self._candidate is None:
            now = time.monotonic()
            lived_long = now - current.serving_since >= TOO_SHORT
            crash = [] if lived_long else [self._report.crash(exit_code)]
            snapshot = self._acted or self._watcher.settled
            self._start(snapshot, ["its process had ended"], since=now, explaining=crash)
