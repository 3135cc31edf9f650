"""The body of a request: what is wrong with it is the client's fault, and a 400."""

from collections.abc import Callable, Iterator

from gevent.pywsgi import Input
from werkzeug.exceptions import ClientDisconnected


class BrokenBodyError(ClientDisconnected, OSError):
    """A body that ended early, or whose chunks are malformed (RFC 9112 7.1, 8).

    Werkzeug's kind of application answers 400; for others it is the OSError that it is under
    any WSGI server.
    """

    description = "The request's body ended early, or its chunks are malformed."


class Body:
    """``wsgi.input`` (PEP 3333): a stream of octets that raises BrokenBodyError where it is broken.

    ``report`` is called before that, with what is wrong.
    """

    __slots__ = ("_input", "_report")

    def __init__(self, stream: Input, report: Callable[[OSError], None]) -> None:
        self._input = stream
        self._report = report

    def read(self, size: int | None = None) -> bytes:
        return self._checked(self._input.read, size)

    def readline(self, size: int | None = None) -> bytes:
        return self._checked(self._input.readline, size)

    def readlines(self, hint: int | None = None) -> list[bytes]:
        """All lines; the hint is ignored, as PEP 3333 allows."""
        return list(self)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.readline, b"")

    def _checked(self, read: Callable[[int | None], bytes], size: int | None) -> bytes:
        try:
            return read(size)
        except OSError as error:
            self._report(error)
            raise BrokenBodyError from error
