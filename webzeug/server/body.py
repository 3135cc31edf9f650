"""The body of a request (RFC 9112 6, 7): bounded in size and in time, and never more than itself.

What is wrong with it is the client's fault.
"""

import re
from collections.abc import Callable, Iterator
from time import monotonic

from werkzeug.exceptions import (
    ClientDisconnected,
    HTTPException,
    RequestEntityTooLarge,
    RequestTimeout,
)

from webzeug.manifest.model import Server as Limits
from webzeug.server.reader import LineTooLongError, Reader
from webzeug.server.requests import BAD_REQUEST, TIMEOUT, TOO_LARGE, RefusedError, read_fields
from webzeug.server.turns import give_way

_CHUNK = re.compile(
    # An extension has no control octets (RFC 9112 7.1.1).
    rb"([0-9A-Fa-f]{1,16})[\t ]*(?:;[\t\x20-\x7e\x80-\xff]*)?\r\n"
)
_MAX_CHUNK_LINE = 1024
_MAX_TRAILERS = 50
_ENDLESS = 2**62
_TURN_OF_CHUNKS = 500
_TURN_OF_BLOCKS = 4


class BodyError(HTTPException):
    """A body that cannot be read to its end; Werkzeug's kind of application answers ``status``."""

    status = BAD_REQUEST


class BrokenBodyError(BodyError, ClientDisconnected, OSError):
    """A body that ended early, or whose chunks are malformed (RFC 9112 7.1, 8).

    For other applications, it is the OSError that it is under any WSGI server.
    """

    description = "The request's body ended early, or its chunks are malformed."


class SlowBodyError(BodyError, RequestTimeout):
    """A body that has kept us waiting for too long (RFC 9110 15.5.9).

    No OSError, because Werkzeug takes each of them for a client that has left: a 400.
    """

    status = TIMEOUT
    description = "The request's body did not arrive in time."


class LargeBodyError(BodyError, RequestEntityTooLarge):
    """A body whose chunks are more than ``max_body`` octets (RFC 9110 15.5.14)."""

    status = TOO_LARGE
    description = "The request's body is too large."


class Body:
    """``wsgi.input`` (PEP 3333). Raises BodyError, again and again once it is broken.

    ``length`` is None for chunks. ``proceed`` is called before the first octet is waited for, and
    ``report`` with what is wrong.
    """

    def __init__(
        self,
        reader: Reader,
        length: int | None,
        limits: Limits,
        proceed: Callable[[], None] | None,
        report: Callable[[Exception], None],
    ) -> None:
        self._reader = reader
        self._limits = limits
        self._proceed = proceed
        self._report = report
        self._is_chunked = length is None
        self._left = length or 0  # of the chunk, or of all
        self._is_first_chunk = True
        self._steps = 0
        self._received = 0
        self._waited = 0.0
        self._error: BodyError | None = None
        self.is_done = length == 0
        self.is_raw = False

    @property
    def was_asked_for(self) -> bool:
        """Whether the client knows that it shall send the body, or has begun to."""
        return self._proceed is None or self.is_done or self._received > 0

    def become_raw(self) -> None:
        """After an upgrade, there is no HTTP any more: octets come as they are, without an end."""
        self.is_raw = True
        self._is_chunked, self._left, self.is_done = False, _ENDLESS, False

    def received(self) -> bytes:
        """What has come after an upgrade, without waiting for more."""
        return self._reader.take(self._reader.pending) if self.is_raw else b""

    def read(self, size: int | None = None) -> bytes:
        return self._collect(size, self._reader.take, lambda block: False)

    def readline(self, size: int | None = None) -> bytes:
        return self._collect(size, self._reader.take_line, lambda block: block.endswith(b"\n"))

    def readlines(self, hint: int | None = None) -> list[bytes]:
        """All lines; the hint is ignored, as PEP 3333 allows."""
        return list(self)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.readline, b"")

    def discard(self, limit: int) -> bool:
        """Read the rest if that is at most ``limit`` octets; returns whether all has been read."""
        if self._error is not None or not self.was_asked_for:
            return self.is_done
        try:
            while not self.is_done and limit > 0:
                if not self._is_chunked and self._left > limit:
                    return False
                limit -= len(self.read(min(limit, 16 * 1024)))
                # The end of the chunks is known when it is looked for.
                if self._is_chunked and not self._left and not self.is_done:
                    self._begin_chunk()
        except BodyError:
            return False
        return self.is_done

    def _collect(
        self,
        size: int | None,
        take: Callable[[int], bytes],
        is_enough: Callable[[bytes], bool],
    ) -> bytes:
        blocks: list[bytes] = []
        left = _ENDLESS if size is None or size < 0 else size
        while left > 0 and self._has_more():
            block = take(min(left, self._left))
            if not block:
                self._wait()
                continue
            self._count(len(block))
            left -= len(block)
            blocks.append(block)
            if is_enough(block):
                break
        return b"".join(blocks)

    def _count(self, size: int) -> None:
        self._left -= size
        self._received += size
        if not self._left and not self._is_chunked:
            self.is_done = True

    def _has_more(self) -> bool:
        """Whether there is something to read, now or soon; begins the next chunk if need be."""
        if self._error is not None:
            raise self._error
        if self._is_chunked and not self._left and not self.is_done:
            self._begin_chunk()
        return not self.is_done and not (self.is_raw and self._reader.ended and self._is_empty())

    def _is_empty(self) -> bool:
        return not self._reader.pending

    def _begin_chunk(self) -> None:
        self._take_turns(_TURN_OF_CHUNKS)
        try:
            if not self._is_first_chunk and self._line() != b"\r\n":
                raise self._broken(BrokenBodyError(), "a chunk is longer than its size")
            self._is_first_chunk = False
            line = self._line()
            match = _CHUNK.fullmatch(line)
            if match is None:
                raise self._broken(
                    BrokenBodyError(), f"malformed chunk `{line.decode('latin-1').strip()}`"
                )
            self._left = int(match[1], 16)
            if self._received + self._left > self._limits.max_body:
                raise self._broken(LargeBodyError(), "the chunks are too large")
            if not self._left:
                self._skip_trailers()
        except (LineTooLongError, RefusedError) as error:
            raise self._broken(
                BrokenBodyError(), str(error) or "a chunk's line is too long"
            ) from error

    def _line(self) -> bytes:
        self._ask()
        began = monotonic()
        try:
            return self._reader.line(_MAX_CHUNK_LINE, began + self._patience())
        except LineTooLongError:
            raise
        except OSError as error:
            raise self._lost(error) from error
        finally:
            self._waited += monotonic() - began

    def _skip_trailers(self) -> None:
        deadline = monotonic() + self._patience()
        try:
            for _ in read_fields(self._reader, self._limits, deadline, _MAX_TRAILERS):
                pass
        except OSError as error:
            raise self._lost(error) from error
        self.is_done = True

    def _wait(self) -> None:
        """Wait for octets of the body."""
        self._take_turns(_TURN_OF_BLOCKS)
        self._ask()
        began = monotonic()
        try:
            has_come = self._reader.fill(None if self.is_raw else self._patience())
        except OSError as error:
            raise self._lost(error) from error
        self._waited += monotonic() - began
        if not has_come and not self.is_raw:
            raise self._broken(BrokenBodyError(), "the body ended early")

    def _take_turns(self, steps: int) -> None:
        """Let others have their turn: a client that sends faster than we read never would."""
        self._steps += 1
        if self._steps % steps == 0:
            give_way()

    def _ask(self) -> None:
        if self._proceed is not None:
            proceed, self._proceed = self._proceed, None
            if not self._reader.pending:
                proceed()

    def _patience(self) -> float:
        """Seconds that it may still take; the application's own time does not count."""
        limits = self._limits
        return limits.body_timeout + self._received / limits.body_rate - self._waited

    def _lost(self, error: OSError) -> BodyError:
        if isinstance(error, TimeoutError):
            return self._broken(SlowBodyError(), "the body did not arrive in time")
        return self._broken(BrokenBodyError(), str(error))

    def _broken(self, error: BodyError, reason: str) -> BodyError:
        self._error = error
        self._report(ValueError(reason))
        return error
