"""Request ids: taken from a proxy or new, told in the answer, in the environ and in error lines."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.support.local import running
from tests.support.wsgi import answering
from webzeug import App, Response, View
from webzeug.manifest.model import Server as ServerOptions
from webzeug.server.identity import request_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

OPTIONS = ServerOptions(bind="127.0.0.1:0", grace=0)
NEW = r"[0-9a-f]{16}"


@pytest.mark.parametrize(
    "given",
    [
        "a",
        "7b0c2d6e-3f0a-4c55-9f3e-0a4f5f6a7b8c",
        "Root=1-67891233-abcdef012345678912345678",  # AWS
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",  # W3C
        "x" * 128,
    ],
)
def test_one_that_is_taken(given: str) -> None:
    """What proxies write is an id."""
    assert request_id(given) == given


@pytest.mark.parametrize(
    "given", [None, "", "x" * 129, "a b", "a\\b", 'a"', "a,b", "a\x1b[2J", "é", "a\n", "{}"]
)
def test_one_that_is_not_taken(given: str | None) -> None:
    """What has no bound, or no place in a log line, is replaced by a new one."""
    assert re.fullmatch(NEW, request_id(given))


def test_two_are_different() -> None:
    """No two requests have the same new one."""
    assert len({request_id(None) for _ in range(1000)}) == 1000


def test_it_is_told() -> None:
    """The application finds it in the environ, the client in the answer."""
    seen: list[object] = []

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
        seen.append(environ["webzeug.request_id"])
        start_response("200 OK", [("Content-Length", "0")])
        return []

    with running(app, OPTIONS) as server, server.connect() as client:
        given = client.get(fields="X-Request-ID: abc\r\n").field("X-Request-ID")
        new = client.get().field("X-Request-ID")
    assert given == "abc"
    assert re.fullmatch(NEW, new or "")
    assert seen == [given, new]


def test_an_applications_own() -> None:
    """One that the application has set in its answer stays alone."""
    app = answering([b""], "200 OK", ("x-request-id", "mine"))
    with running(app, OPTIONS) as server:
        assert server.get().field("X-Request-ID") == "mine"


def test_off() -> None:
    """Without ids, neither environ nor answer has one."""
    with running(answering(), replace(OPTIONS, request_ids=False)) as server:
        assert server.get(fields="X-Request-ID: abc\r\n").field("X-Request-ID") is None


class Fails(View):
    def GET(self) -> Response:
        raise LookupError("of the user")


def test_an_error_names_its_request(caplog: pytest.LogCaptureFixture) -> None:
    """The line above the traceback ends with the id that the client was told."""
    with running(App([("/", None, Fails)]), OPTIONS) as server:
        answer = server.get(fields="X-Request-ID: abc\r\n")
    assert (answer.status, answer.field("X-Request-ID")) == (500, "abc")
    (record,) = [r for r in caplog.records if r.name == "webzeug.error"]
    assert record.getMessage() == "'GET' '/' failed (request abc)"
