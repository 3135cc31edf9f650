"""What is wrong with an application in development, for whoever shows it."""

import threading
from collections.abc import Iterable, Sequence
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

Problem = dict[str, Any]
"""A diagnostic as ``lint --format json`` writes it; ``text`` is how a terminal shows it."""


class Breakage:
    """The problems that the application on disk has; none if all is well.

    ``generation`` counts the changes.
    """

    def __init__(self) -> None:
        self.problems: tuple[Problem, ...] = ()
        self.generation = 0
        self._changed = threading.Condition()

    def show(self, problems: Sequence[Problem]) -> None:
        """From now on, these are the problems."""
        with self._changed:
            self.problems = tuple(problems)
            self.generation += 1
            self._changed.notify_all()

    def wait(self, generation: int, timeout: float) -> int:
        """Wait until the generation is another one, at most so many seconds; returns it."""
        with self._changed:
            self._changed.wait_for(lambda: self.generation != generation, timeout)
            return self.generation

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """A WSGI application (PEP 3333) for when there is none: 503, and the problems as text.

        Clients on other machines are only told that there are some.
        """
        texts = ["the application cannot be served as it is now\n"]
        if self.problems and is_local(environ):
            texts = [problem["text"] for problem in self.problems]
        body = "\n".join(texts).encode()
        headers = [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
        ]
        start_response("503 Service Unavailable", headers)
        return [body]


def is_local(environ: "WSGIEnvironment") -> bool:
    """Whether the client is on this machine; one of a Unix socket has no address."""
    address = environ.get("REMOTE_ADDR") or "127.0.0.1"
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
