"""The access log: one record for each request, as text, as JSON or not at all."""

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.local import running
from tests.support.wsgi import answering
from webzeug import App, Response, View
from webzeug.manifest.model import Server as ServerOptions
from webzeug.server.access import log_access

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

OPTIONS = ServerOptions(bind="127.0.0.1:0", grace=0)


class Person(View):
    def GET(self, name: str) -> Response:
        return Response(f"hello {name}")


@dataclass
class Log:
    """The records of the access log."""

    caplog: pytest.LogCaptureFixture

    @property
    def lines(self) -> list[str]:
        return [r.getMessage() for r in self.caplog.records if r.name == "webzeug.access"]

    def after(self, app: "WSGIApplication", form: str, target: str, fields: str = "") -> list[str]:
        """What one request is told as."""
        with running(app, replace(OPTIONS, access_log=form)) as server:
            server.get(target, fields=fields)
        return self.lines


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[Log]:
    with caplog.at_level(logging.INFO, "webzeug.access"):
        yield Log(caplog)


def people() -> App:
    return App([("/people/<name>", "person", Person)])


def test_as_text(log: Log) -> None:
    """Client, request line, status, octets, time, the route's template, and the request's id."""
    (line,) = log.after(people(), "text", "/people/bob?x=1", "X-Request-ID: abc\r\n")
    expected = r'127\.0\.0\.1 "GET /people/bob\?x=1 HTTP/1\.1" 200 \d+ \d+\.\dms /people/<name> abc'
    assert re.fullmatch(expected, line)


def test_what_is_not_known(log: Log) -> None:
    """A dash stands for a route that was not found, and for an id where there are none."""
    options = replace(OPTIONS, request_ids=False)
    with running(people(), options) as server:
        server.get("/nowhere")
    (line,) = log.lines
    assert line.endswith("ms - -")


def test_as_json(log: Log) -> None:
    """The same as an object on one line, with the time in UTC; unknown values are null."""
    (line,) = log.after(people(), "json", "/people/bob", "X-Request-ID: abc\r\n")
    told = json.loads(line)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", told.pop("time"))
    assert told.pop("ms") >= 0
    assert told.pop("bytes") > 100
    assert told == {
        "client": "127.0.0.1",
        "request": "GET /people/bob HTTP/1.1",
        "method": "GET",
        "route": "/people/<name>",
        "status": 200,
        "request_id": "abc",
    }


def test_a_formatter_of_the_applications_own(log: Log) -> None:
    """It finds the values in the record, and need not take them out of the text."""
    log.after(people(), "text", "/people/bob", "X-Request-ID: abc\r\n")
    (record,) = [r for r in log.caplog.records if r.name == "webzeug.access"]
    args: Any = record.args
    assert (args["route"], args["status"], args["request_id"]) == ("/people/<name>", 200, "abc")


def test_off(log: Log) -> None:
    """Then there is none."""
    assert log.after(answering(), "off", "/") == []


@settings(deadline=None, database=None, max_examples=50)
@given(st.text(st.characters(max_codepoint=0xFF)), st.sampled_from(["text", "json"]))
def test_nothing_that_a_client_sends_forges_a_line(request_line: str, form: str) -> None:
    """Whatever a request line holds, its record is one line without controls."""
    records: list[str] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(record.getMessage())

    logger, keeping = logging.getLogger("webzeug.access"), Keeping()
    former = logger.level
    logger.addHandler(keeping)
    logger.setLevel(logging.INFO)
    try:
        log_access(
            form, None, client="::1", request=request_line, status=400, octets=1, seconds=0.1
        )
    finally:
        logger.removeHandler(keeping)
        logger.setLevel(former)
    (text,) = records
    assert len(text.splitlines()) == 1
    assert not any(ord(char) < 0x20 or 0x7F <= ord(char) <= 0x9F for char in text)
