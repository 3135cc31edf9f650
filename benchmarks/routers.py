"""Routers as the benchmarks see them: rows to make one of, what to ask it, and what it answers.

Peers import this in processes whose start is measured, so it imports next to nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

Outcome = tuple[object, ...]
"""What a router answers, in the words below, so that all can be held to the same."""


class Row(NamedTuple):
    """A route: a pattern with ``<name>`` and ``<int:name>``, a name of its own, and its verbs."""

    pattern: str
    name: str
    methods: tuple[str, ...]


class Router(NamedTuple):
    """A router that was made of rows.

    ``prepare`` makes of a path and a verb what a server would have made before the router is
    asked; ``ask`` is what is timed; ``outcome`` says what its answer amounts to. ``names`` are
    those that it knows rows by, if it cannot tell two apart. Without ``has_verbs`` it never says
    405, without ``has_redirects`` it redirects no path that lacks its slash.
    """

    prepare: Callable[[str, str], Any]
    ask: Callable[[Any], Any]
    outcome: Callable[[Any], Outcome]
    names: Mapping[str, str] = {}
    has_verbs: bool = True
    has_redirects: bool = False


def hit(name: object, args: Mapping[str, Any]) -> Outcome:
    """A row and its variables, whatever types they were converted to."""
    return ("hit", name, {key: str(value) for key, value in args.items()})


def refused(status: int) -> Outcome:
    """404 or 405."""
    return (status,)


def redirect(location: str) -> Outcome:
    """A redirect to a path."""
    return ("redirect", location)


def environ_of(path: str, method: str) -> dict[str, Any]:
    """What a server hands on for a request of a browser."""
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_SOFTWARE": "benchmark",
        "REMOTE_ADDR": "127.0.0.1",
        "REMOTE_PORT": "50000",
        "GATEWAY_INTERFACE": "CGI/1.1",
        "HTTP_HOST": "localhost",
        "HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
        "HTTP_ACCEPT": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "HTTP_ACCEPT_LANGUAGE": "en-US,en;q=0.5",
        "HTTP_ACCEPT_ENCODING": "gzip, deflate, br",
        "HTTP_CONNECTION": "keep-alive",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.errors": None,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def patterns_of(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """The rows by pattern."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.pattern, []).append(row)
    return found


def specific_first(rows: Sequence[Row]) -> list[Row]:
    """The order in which a person writes rows for a router that takes the first that fits."""
    return sorted(rows, key=lambda row: ["<" in part for part in row.pattern.split("/")])
