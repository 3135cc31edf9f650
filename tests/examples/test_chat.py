"""The chat: pages in a real browser, real servers, a real Redis that is killed."""

import json
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.support.browser import Browser, browsing, needs_browser
from tests.support.http import TIMEOUT, Answer, Connection
from tests.support.ports import free_port
from tests.support.project import Project
from tests.support.redis_server import needs_redis, redis_server
from tests.support.serving import Serving, serving

FOLDER = Path(__file__).parents[2] / "examples" / "chat"
PROJECT = Project(FOLDER)


@contextmanager
def chat(redis: str = "", bind: str = "127.0.0.1:0", *args: str) -> Iterator[Serving]:
    """The server of the example."""
    options = ("--bind", bind, "--set", "server.grace=10", *args)
    with serving(PROJECT, *options, environ={"REDIS_URL": redis}) as server:
        yield server


@dataclass(frozen=True, slots=True)
class Page:
    """A room in a browser."""

    browser: Browser

    def enter(self, port: int, via: str = "socket", room: str = "tea") -> None:
        """Open the page, and wait for its connection."""
        self.browser.complaints()
        self.browser.open(f"http://127.0.0.1:{port}/rooms/{room}?via={via}")
        self.wait_for_state("connected")

    def wait_for_state(self, start: str) -> None:
        """Wait until the page says how it is."""
        self.browser.wait_for(f"document.querySelector('#state').innerText.startsWith('{start}')")

    def say(self, name: str, text: str) -> None:
        """Type a message, and press Enter."""
        self.browser.run("void (document.forms[0].elements.name.value = arguments[0])", name)
        self.browser.run("document.forms[0].elements.text.focus()")
        self.browser.press(*text, "Enter")

    @property
    def texts(self) -> list[str]:
        """What is to be seen."""
        items = "[...document.querySelectorAll('#messages li')]"
        texts: list[str] = self.browser.run(f"{items}.map((item) => item.innerText)")
        return texts

    def wait_for(self, *texts: str) -> None:
        """Wait until just these messages are to be seen."""
        items = "[...document.querySelectorAll('#messages li')]"
        shown = f"JSON.stringify({items}.map((item) => item.innerText))"
        wanted = json.dumps(json.dumps(texts, ensure_ascii=False, separators=(",", ":")))
        self.browser.wait_for(f"{shown} === {wanted}")


@pytest.fixture(scope="module")
def browsers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Browser, Browser]]:
    """Two people's browsers."""
    folders = [tmp_path_factory.mktemp(name) for name in ("ada", "bob")]
    with browsing(folders[0]) as ada, browsing(folders[1]) as bob:
        yield ada, bob


@pytest.fixture
def pages(browsers: tuple[Browser, Browser]) -> Iterator[tuple[Page, Page]]:
    """Their pages, which are left at the end."""
    yield Page(browsers[0]), Page(browsers[1])
    for browser in browsers:
        browser.open("about:blank")


@needs_browser
@pytest.mark.parametrize(
    ("ada_via", "bob_via"), [("socket", "socket"), ("events", "events"), ("socket", "events")]
)
def test_two_pages_talk(pages: tuple[Page, Page], ada_via: str, bob_via: str) -> None:
    """Each sees what both have said, as text; who comes later sees it, too."""
    ada, bob = pages
    with chat() as server:
        ada.enter(server.port, ada_via)
        bob.enter(server.port, bob_via)
        ada.say("ada", "<i>hi</i> &amp; ü")
        bob.wait_for("ada <i>hi</i> &amp; ü")
        bob.say("<b>ob", "hello")
        said = ("ada <i>hi</i> &amp; ü", "<b>ob hello")
        ada.wait_for(*said)
        bob.wait_for(*said)
        bob.enter(server.port, bob_via)
        bob.wait_for(*said)
        assert ada.browser.complaints() + bob.browser.complaints() == []
        assert server.stop().code == 0


@needs_browser
@pytest.mark.parametrize(("ada_via", "bob_via"), [("socket", "events"), ("events", "socket")])
def test_the_server_restarts(pages: tuple[Page, Page], ada_via: str, bob_via: str) -> None:
    """The pages come again; what was said meanwhile arrives then, and nothing twice."""
    ada, bob = pages
    bind = f"127.0.0.1:{free_port()}"
    with chat("", bind) as server:
        ada.enter(server.port, ada_via)
        bob.enter(server.port, bob_via)
        ada.say("ada", "one")
        bob.wait_for("ada one")
        assert server.stop().code == 0
    ada.wait_for_state("reconnecting")
    bob.wait_for_state("reconnecting")
    ada.say("ada", "two")
    with chat("", bind) as server:
        bob.wait_for("ada one", "ada two")
        bob.wait_for_state("connected")
        bob.say("bob", "three")
        ada.wait_for("ada one", "ada two", "bob three")
        bob.wait_for("ada one", "ada two", "bob three")
        server.signal(signal.SIGKILL)
        server.wait()
    bob.wait_for_state("reconnecting")
    with chat("", bind):
        ada.wait_for_state("connected")
        bob.wait_for_state("connected")
        ada.say("ada", "four")
        bob.wait_for("ada one", "ada two", "bob three", "ada four")


@needs_browser
@needs_redis
def test_redis_joins_two_servers(pages: tuple[Page, Page], tmp_path: Path) -> None:
    """Killed, it leaves each to itself; back again, everybody learns what was said meanwhile."""
    ada, bob = pages
    with (
        redis_server(tmp_path) as redis,
        chat(redis.url) as first,
        chat(redis.url) as second,
    ):
        ada.enter(first.port)
        bob.enter(second.port, "events")
        ada.say("ada", "one")
        bob.wait_for("ada one")
        bob.say("bob", "two")
        ada.wait_for("ada one", "bob two")
        redis.kill()
        first.hear("this process is alone")
        second.hear("this process is alone")
        ada.say("ada", "three")
        ada.wait_for("ada one", "bob two", "ada three")
        with dial(first) as carl:
            assert [receive(carl) for _ in range(3)] == ["one", "two", "three"]
            carl.send(message("c", "four"))
            ada.wait_for("ada one", "bob two", "ada three", "carl four")
        assert bob.texts == ["ada one", "bob two"]
        redis.start()
        bob.wait_for("ada one", "bob two", "ada three", "carl four")
        bob.say("bob", "five")
        ada.wait_for("ada one", "bob two", "ada three", "carl four", "bob five")
        assert (first.stop().code, second.stop().code) == (0, 0)


@needs_redis
def test_what_was_said_outlives_the_servers(tmp_path: Path) -> None:
    """It is in Redis; also workers of one server are joined. What is not a message is passed by."""
    with redis_server(tmp_path) as redis:
        with chat(redis.url) as server, dial(server) as carl:
            carl.send(message("1", "one"))
            assert receive(carl) == "one"
        with Connection.to(("127.0.0.1", redis.port)) as client:
            client.send("RPUSH chat nonsense\r\nPUBLISH chat nonsense\r\n")
            assert client.file.readline() == b":2\r\n"
        with (
            chat(redis.url, "127.0.0.1:0", "--workers", "2") as server,
            ExitStack() as stack,
        ):
            listeners = [stack.enter_context(dial(server)) for _ in range(8)]
            assert {receive(listener) for listener in listeners} == {"one"}
            assert post(server, message("2", "two")).status == 204
            assert {receive(listener) for listener in listeners} == {"two"}
            server.signal()
            for listener in listeners:
                with pytest.raises(ConnectionClosed, match="1001"):
                    listener.recv(TIMEOUT)
            ended = server.wait()
    assert (ended.code, ended.err.count("Traceback")) == (0, 0)
    assert "not a message: b'nonsense'" in ended.err


@needs_redis
def test_redis_is_hung(tmp_path: Path) -> None:
    """Messages do not wait for a Redis that says nothing, and come to the others afterwards."""
    with (
        redis_server(tmp_path) as redis,
        chat(redis.url) as first,
        chat(redis.url) as second,
        dial(first) as carl,
        dial(second) as dora,
    ):
        carl.send(message("1", "one"))
        assert [receive(carl), receive(dora)] == ["one", "one"]
        redis.pause()
        carl.send(message("2", "two"))
        assert receive(carl) == "two"
        redis.resume()
        assert receive(dora) == "two"
        dora.send(message("3", "three"))
        assert [receive(carl), receive(dora)] == ["three", "three"]


def test_without_its_redis_it_does_not_start() -> None:
    """A wrong URL is found at the start, not by the first message."""
    url = f"redis://127.0.0.1:{free_port()}"
    with serving(PROJECT, environ={"REDIS_URL": url}, starts=False) as server:
        ended = server.wait()
    assert ended.code != 0
    assert "`rooms`" in ended.err
    assert "Connection refused" in ended.err


def dial(server: Serving, room: str = "tea", query: str = "") -> ClientConnection:
    """A WebSocket."""
    return connect(f"ws://127.0.0.1:{server.port}/rooms/{room}{query}", proxy=None)


def message(id: str, text: str, name: str = "carl") -> str:
    """A message as a page sends it."""
    return json.dumps({"id": id, "name": name, "text": text})


def receive(client: ClientConnection) -> str:
    """The text of the next message."""
    text: str = json.loads(client.recv(TIMEOUT))["text"]
    return text


def post(server: Serving, body: str, room: str = "tea", kind: str = "application/json") -> Answer:
    """The answer to a POST."""
    fields = f"Host: test\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
    with server.connect() as client:
        client.send(f"POST /rooms/{room} HTTP/1.1\r\n{fields}\r\n{body}")
        return client.read("POST")


@contextmanager
def events(server: Serving, last_id: str = "", query: str = "") -> Iterator[Iterator[str]]:
    """The lines with the texts of an event stream."""
    with server.connect() as client:
        field = f"Last-Event-ID: {last_id}\r\n" if last_id else ""
        client.send(f"GET /rooms/tea/events{query} HTTP/1.1\r\nHost: test\r\n{field}\r\n")
        lines = (line.decode() for line in client.file)
        yield (
            json.loads(line.removeprefix("data: "))["text"]
            for line in lines
            if line.startswith("data: ")
        )


@pytest.fixture(scope="module")
def server() -> Iterator[Serving]:
    """A server whose process is alone, and which keeps four messages."""
    with chat("", "127.0.0.1:0", "--set", "config.history=4") as server:
        yield server
        ended = server.stop()
    assert (ended.code, ended.err.count("Traceback")) == (0, 0)


def test_a_client_gets_what_it_has_missed(server: Serving) -> None:
    """What came after the last that it has, all that is kept without one, of its room alone."""
    for number in range(1, 6):
        assert post(server, message(f"missed-{number}", str(number))).status == 204
    assert post(server, message("elsewhere", "elsewhere"), "coffee").status == 204
    with events(server, "missed-3") as texts:
        assert [next(texts), next(texts)] == ["4", "5"]
        assert post(server, message("missed-7", "7")).status == 204
        assert next(texts) == "7"
    with events(server, query="?after=missed-5") as texts:
        assert next(texts) == "7"
    with events(server, "missed-1") as texts:  # which is not kept any more
        assert [next(texts), next(texts), next(texts)] == ["4", "5", "7"]
    with dial(server, query="?after=missed-4") as client:
        assert [receive(client), receive(client)] == ["5", "7"]


def test_what_is_sent_twice_is_said_once(server: Serving) -> None:
    """A page that has lost its connection sends again what has not come back."""
    with dial(server, "twice") as client:
        client.send(message("twice-1", "one"))
        client.send(message("twice-1", "one"))
        client.send(message("twice-2", "two"))
        assert [receive(client), receive(client)] == ["one", "two"]


def test_a_slow_listener_of_events_comes_again(server: Serving) -> None:
    """Its stream ends without a gap, so that it asks for what comes after that."""
    texts = [f"{number} {'ü' * 990}" for number in range(3000)]
    with ExitStack() as stack:
        sock = stack.enter_context(socket.socket())
        sock.settimeout(TIMEOUT)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.connect(("127.0.0.1", server.port))
        slow = stack.enter_context(Connection(sock))
        slow.send("GET /rooms/slow/events HTTP/1.1\r\nHost: test\r\n\r\n")
        assert slow.file.readline() == b"HTTP/1.1 200 OK\r\n"
        quick = stack.enter_context(dial(server, "slow"))
        for number, text in enumerate(texts):
            quick.send(message(f"slow-{number}", text))
            assert receive(quick) == text
        lines = list(iter(slow.file.readline, b"0\r\n"))
        got = [json.loads(line[6:])["text"] for line in lines if line.startswith(b"data: ")]
    assert 0 < len(got) < len(texts)
    assert texts[: len(got)] == got


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "[" * 10_000,
        '{"id": "1", "name": "carl"}',
        message("1 2", "x"),
        message("1", ""),
        message("1", "x" * 1001),
        message("1", "x", "  "),
        message("1", "x", "n" * 41),
        message("1", "\ud800"),
    ],
)
def test_what_is_not_a_message(server: Serving, body: str) -> None:
    """A POST is answered 422, a WebSocket is closed with 1008; nobody hears of it."""
    room = uuid4().hex
    assert post(server, body, room).status == 422
    with dial(server, room) as listener, dial(server, room) as client:
        client.send(body)
        with pytest.raises(ConnectionClosed, match="1008"):
            client.recv(TIMEOUT)
        listener.send(message(room, "good"))
        assert receive(listener) == "good"


def test_a_form_of_another_site(server: Serving) -> None:
    """What it can send is not taken, and its pages may not open the WebSocket."""
    assert post(server, message("forged", "x"), kind="text/plain").status == 415
    shake = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: https://evil.example\r\n"
    assert server.get("/rooms/tea", fields=shake + key).status == 403


def test_the_first_page(server: Serving) -> None:
    """It leads to a room, whose page loads no scripts from elsewhere."""
    answer = server.get("/")
    assert (answer.status, answer.field("Location")) == (302, "/rooms/lobby")
    page = server.get("/rooms/lobby")
    assert "default-src 'self'" in (page.field("Content-Security-Policy") or "")
    assert server.get("/static/chat.js").status == 200
