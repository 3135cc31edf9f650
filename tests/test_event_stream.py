"""Server-Sent Events, over a real socket and in a real browser."""

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import gevent
import pytest
from gevent import GreenletExit
from gevent.event import Event
from werkzeug.test import EnvironBuilder

from tests.support.browser import browsing, needs_browser
from tests.support.http import Connection
from tests.support.local import running
from tests.support.project import Project
from tests.support.serving import serving
from webzeug import App, EventStream, Request, ServerSentEvent, View

Events = Iterator[ServerSentEvent | str]


@pytest.mark.parametrize(
    ("event", "sent"),
    [
        (ServerSentEvent("a"), "data: a\n\n"),
        (ServerSentEvent(""), "data: \n\n"),
        (ServerSentEvent("a\nb\r\nc\rd\n"), "data: a\ndata: b\ndata: c\ndata: d\ndata: \n\n"),
        (ServerSentEvent("ü", "news", "7", 1.5), "event: news\nid: 7\nretry: 1500\ndata: ü\n\n"),
        (ServerSentEvent(id=""), "id: \n\n"),
        (ServerSentEvent(" a"), "data:  a\n\n"),
    ],
)
def test_the_fields_of_an_event(event: ServerSentEvent, sent: str) -> None:
    """Each line of the data is a field of its own (WHATWG HTML 9.2.6)."""
    assert event.encode() == sent.encode()


@pytest.mark.parametrize("value", ["a\nb", "a\rb", "a\0b"])
def test_an_event_that_cannot_be_sent(value: str) -> None:
    """A name or an id with a line end would be several fields."""
    with pytest.raises(ValueError, match="is one line"):
        ServerSentEvent("x", event=value)
    with pytest.raises(ValueError, match="is one line"):
        ServerSentEvent("x", id=value)


@contextmanager
def listening(events: Callable[[], Events], **options: Any) -> Iterator[Connection]:
    """A client of a stream whose header section has been read."""

    class Feed(View):
        def GET(self) -> EventStream:
            return EventStream(self.app, events(), **options)

    with App([("/", "feed", Feed)]) as app, running(app) as server, server.connect() as client:
        client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
        lines = list(iter(client.file.readline, b"\r\n"))
        assert b"Content-Type: text/event-stream\r\n" in lines
        assert b"Cache-Control: no-store\r\n" in lines
        assert b"X-Accel-Buffering: no\r\n" in lines
        yield client


def read_chunk(client: Connection) -> bytes:
    """One chunk (RFC 9112 7.1), which is one event; nothing at the end."""
    size = int(client.file.readline(), 16)
    data = client.file.read(size)
    assert client.file.readline() == b"\r\n"
    return data


def test_events_are_sent_as_they_come() -> None:
    """First a comment, so that the client knows it is connected, then each event at once."""
    go_on = Event()

    def events() -> Events:
        yield "a"
        assert go_on.wait(10)
        yield ServerSentEvent("b", id="2")

    with listening(events) as client:
        assert read_chunk(client) == b":\n\n"
        assert read_chunk(client) == b"data: a\n\n"
        go_on.set()
        assert read_chunk(client) == b"id: 2\ndata: b\n\n"
        assert read_chunk(client) == b""


def test_retry_and_heartbeats() -> None:
    """``retry`` comes first; when there is nothing to say, a comment is sent."""
    go_on = Event()

    def events() -> Events:
        assert go_on.wait(10)
        yield "a"

    with listening(events, heartbeat=0.02, retry=3) as client:
        assert read_chunk(client) == b"retry: 3000\n\n"
        assert [read_chunk(client) for _ in range(3)] == [b":\n\n"] * 3
        go_on.set()


def test_a_client_that_leaves_ends_the_events() -> None:
    """Wherever they wait; what closes them runs."""
    closed = Event()

    def events() -> Events:
        try:
            yield "a"
            Event().wait()
        except GreenletExit:
            closed.set()
            raise

    with listening(events) as client:
        assert read_chunk(client) == b":\n\n"
        assert read_chunk(client) == b"data: a\n\n"
        client.close()
        assert closed.wait(10)


def test_a_slow_client_slows_the_events() -> None:
    """They are one ahead at most of what the system has taken."""
    count = 0
    block = "x" * 100_000

    def events() -> Events:
        nonlocal count
        while True:
            count += 1
            yield block

    with listening(events) as client:
        assert read_chunk(client) == b":\n\n"
        seen = -1
        while seen != count:
            seen = count
            gevent.sleep(0.1)
        assert seen < 1000


def test_events_that_fail(caplog: pytest.LogCaptureFixture) -> None:
    """The stream breaks off without its end, so that the client comes again; it is logged."""

    def events() -> Events:
        yield "a"
        raise LookupError("broken")

    with listening(events) as client, caplog.at_level(logging.ERROR):
        assert read_chunk(client) == b":\n\n"
        assert read_chunk(client) == b"data: a\n\n"
        assert client.rest() == b""
    (record,) = [record for record in caplog.records if record.exc_info]
    assert record.exc_info is not None
    assert record.exc_info[0] is LookupError


def never() -> Events:
    """Events that must not begin."""
    assert not sys.modules
    yield ""


def test_without_a_reader_nothing_runs() -> None:
    """HEAD gets the header section; the events are closed without having begun."""

    class Feed(View):
        def GET(self) -> EventStream:
            return EventStream(self.app, never())

    answer = App([("/", "feed", Feed)]).test_client().head("/")
    assert (answer.status_code, answer.content_type) == (200, "text/event-stream")


@pytest.mark.parametrize(("field", "read"), [(None, None), ("7", "7"), ("\xc3\xbc", "ü")])
def test_the_last_event_id(field: str | None, read: str | None) -> None:
    """It is UTF-8, unlike other header fields (WHATWG HTML 9.2.4)."""
    environ = EnvironBuilder().get_environ()
    if field is not None:
        environ["HTTP_LAST_EVENT_ID"] = field
    assert EventStream.last_id(Request(environ)) == read


FEED = """
    import time
    from webzeug import EventStream, Response, ServerSentEvent, View

    class Page(View):
        def GET(self):
            return Response('''<title>wait</title><script>
                const source = new EventSource("/feed"), seen = [];
                source.addEventListener("tick", event => {
                    seen.push(event.lastEventId + "=" + event.data);
                    document.title = seen.join(" ");
                });
            </script>''', mimetype="text/html")

    class Feed(View):
        def GET(self):
            begin = int(EventStream.last_id(self.request) or 0)
            return EventStream(self.app, self.events(begin), retry=0.01)

        def events(self, begin):
            for number in (begin + 1, begin + 2):
                yield ServerSentEvent(f"{number}\\nü", "tick", str(number))
            if begin > 3:
                time.sleep(60)
    """
TABLE = '[routes]\n"/" = "feed.Page"\n"/feed" = "feed.Feed"\n'


@needs_browser
def test_in_a_browser(project: Project, tmp_path_factory: pytest.TempPathFactory) -> None:
    """EventSource gets names, ids and lines, and comes again with the last id."""
    project.write("routes.toml", TABLE)
    project.write("feed.py", FEED)
    profile = tmp_path_factory.mktemp("browser")
    with serving(project) as server, browsing(profile) as browser:
        browser.open(f"http://127.0.0.1:{server.port}/")
        browser.wait_for("seen.length == 6")
        assert browser.run("seen") == [f"{n}={n}\nü" for n in range(1, 7)]


def test_the_server_stops(project: Project) -> None:
    """A stream that waits ends when the server stops, and does not use up the grace."""
    project.write("routes.toml", TABLE)
    project.write("feed.py", FEED)
    with serving(project) as server, server.connect() as client:
        client.send("GET /feed HTTP/1.1\r\nHost: test\r\nLast-Event-ID: 4\r\n\r\n")
        assert list(iter(client.file.readline, b"\r\n"))
        assert read_chunk(client) == b"retry: 10\n\n"
        assert read_chunk(client).startswith(b"event: tick\nid: 5\n")
        assert read_chunk(client).startswith(b"event: tick\nid: 6\n")
        server.signal()
        assert read_chunk(client) == b""
        assert server.wait().code == 0
