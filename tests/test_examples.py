"""The examples are served and answer; routes.example.toml shows every key that there is."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import tomli

from tests.support.http import Connection
from tests.support.project import Project
from tests.support.serving import Serving, serving
from webzeug.manifest.schema import MATCHING, MIDDLEWARE, ROUTE, SERVER, TABLES

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "routes.example.toml"
TOKEN = "Authorization: Bearer change-me\r\n"


@pytest.fixture(scope="module")
def tour() -> Iterator[Serving]:
    """The server of routes.example.toml, as the README starts it."""
    with serving(Project(ROOT), EXAMPLE.name) as server:
        yield server


@pytest.mark.parametrize(
    ("target", "fields", "body"),
    [
        ("/people/bob/", "", b"Hey there bob!\n"),
        ("/feed/?page=3", "", b"page 3, 50 entries\n"),
        ("/releases/1.2.3", "", b"release 1, 2, 3\n"),
        ("/static/hello.txt", "", b"Hello from a file.\n"),
        ("/robots.txt", "", b"User-agent: *\nAllow: /\n"),
        ("/mounted/x/y", "", b"mounted at /mounted, asked for /x/y\n"),
        ("/api/v1/notes", "", b"[]"),
    ],
)
def test_the_tour_answers(tour: Serving, target: str, fields: str, body: bytes) -> None:
    """Each kind of route of routes.example.toml answers."""
    answer = tour.get(target, fields=fields)
    assert (200, body) == (answer.status, answer.body)


@pytest.mark.parametrize(
    ("target", "status", "location"),
    [
        ("/people/bob", 308, "/people/bob/"),
        ("/users/bob?a=b", 308, "/people/bob/?a=b"),
        ("/version/1.2.3", 308, "/releases/1.2.3"),
        ("/docs/", 302, "https://docs.example.com/"),
    ],
)
def test_the_tour_redirects(tour: Serving, target: str, status: int, location: str) -> None:
    """Redirects of the table, and of a missing slash, lead where the table says."""
    answer = tour.get(target)
    assert (status, location) == (answer.status, answer.field("Location"))


def test_the_home_page_links_to_what_answers(tour: Serving) -> None:
    """The home page's links are built from names, and each leads to an answer."""
    body = tour.get("/").body.decode()
    links = [part.partition('"')[0] for part in body.split('href="')[1:]]
    assert len(links) == 5
    assert {200} == {tour.get(link).status for link in links if link != "/count/"}


def test_the_tour_streams(tour: Serving) -> None:
    """/count/ sends lines without an end, and lets the client go."""
    with tour.connect() as client:
        client.send("GET /count HTTP/1.1\r\nHost: test\r\n\r\n")
        lines = [client.file.readline() for _ in range(10)]
        assert lines[0] == b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    ("host", "body"),
    [("berlin.shop.localhost", b"the shop in berlin\n"), ("status.localhost", b"ok\n")],
)
def test_the_tour_has_hosts(tour: Serving, host: str, body: bytes) -> None:
    """Routes with a host answer there."""
    with tour.connect() as client:
        client.send(f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n")
        assert body == client.read().body


def test_the_tours_notes(tour: Serving) -> None:
    """A note is created, shown and removed, each by the View of its verb."""
    with tour.connect() as client:
        body = "text=milk"
        length = f"Content-Length: {len(body)}\r\n"
        form = f"Content-Type: application/x-www-form-urlencoded\r\n{length}"
        client.send(f"POST /api/v1/notes HTTP/1.1\r\nHost: test\r\n{form}\r\n{body}")
        created = client.read()
        place = created.field("Location")
        assert (created.status, place) == (201, "/api/v1/notes/1")
        assert client.get("/api/v1/notes/1").body == b'{"id": 1, "text": "milk"}'
        assert client.get("/api/v1/notes/1", "DELETE").status == 204
        assert client.get("/api/v1/notes/1").status == 404
        refused = client.get("/api/v1/notes/1", "PUT")
        assert (refused.status, refused.field("Allow")) == (405, "DELETE, GET, HEAD, OPTIONS")


def test_the_tours_middlewares_and_error_page(tour: Serving) -> None:
    """A group's middleware guards it, the application's is around all, 404 has its own page."""
    missing = tour.get("/nowhere")
    assert (missing.status, missing.field("X-Powered-By")) == (404, "webzeug")
    assert missing.body == b"There is nothing at /nowhere.\n"
    assert tour.get("/admin/").status == 401
    assert tour.get("/admin/", fields=TOKEN).status == 200
    assert tour.get("/admin/start", fields=TOKEN).field("Location") == "/admin/"


def _keys(data: Mapping[str, Any]) -> set[str]:
    """All keys that are neither patterns nor verbs, at any depth."""
    found: set[str] = set()
    for key, value in data.items():
        if not key.startswith("/") and not key.isupper():
            found.add(key)
        if isinstance(value, dict):
            found |= _keys(value)
    return found


def test_every_key_is_shown() -> None:
    """routes.example.toml uses every table, and every key of every table."""
    data = tomli.loads(EXAMPLE.read_text("utf-8"))
    assert {table.name for table in TABLES} == data.keys()
    assert {key.name for key in ROUTE} <= _keys(data["routes"])
    assert {key.name for key in MIDDLEWARE} <= set(data["middleware"][0])
    assert {key.name for key in MATCHING} == data["matching"].keys()
    assert {key.name for key in SERVER} == data["server"].keys()


def test_every_comment_of_a_default_is_true() -> None:
    """The values under [server] are the defaults, so that a reader sees them."""
    data = tomli.loads(EXAMPLE.read_text("utf-8"))
    defaults = {key.name: key.default for key in SERVER}
    lists = {name: list(value) for name, value in defaults.items() if isinstance(value, tuple)}
    assert {**defaults, **lists} == data["server"]


@pytest.mark.parametrize(
    "manifest",
    [
        "routes.example.toml",
        "examples/seed/routes.toml",
        "examples/conduit/routes.toml",
        "examples/chat/routes.toml",
    ],
)
def test_examples_are_clean(manifest: str) -> None:
    """Lint finds nothing in them."""
    done = Project(ROOT).run("lint", manifest)
    assert (done.code, done.err) == (0, ""), done.out


def test_the_seeds_views_from_a_manifest() -> None:
    """The seed's Views, unchanged, are served from a manifest."""
    with serving(Project(ROOT / "examples" / "seed")) as server:
        _check_seed(server.connect())
        assert server.stop().code == 0


def test_the_seed_program_by_hand() -> None:
    """The seed program runs under gevent's own WSGIServer, on port 8000 or not at all."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    source = (ROOT / "examples" / "seed" / "seed.py").read_text("utf-8")
    assert source.count('("127.0.0.1", 8000)') == 1
    program = source.replace('("127.0.0.1", 8000)', f'("127.0.0.1", {port})')
    process = subprocess.Popen(
        [sys.executable, "-c", program.replace("print(", "print('up', flush=True); print(")],
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "up\n"
            _check_seed(_connected(port))
        finally:
            process.send_signal(signal.SIGKILL)


def _connected(port: int) -> Connection:
    """A connection to a server that is about to listen."""
    for _ in range(200):
        try:
            return Connection.to(("127.0.0.1", port))
        except ConnectionRefusedError:
            time.sleep(0.05)
    raise AssertionError(f"nothing listens on port {port}")


def _check_seed(client: Connection) -> None:
    with client:
        assert client.get("/").body == b"Hello world!\n"
        assert client.get("/people/bob/").body == b"Hey there bob!\n"
        client.send("GET /count/ HTTP/1.1\r\nHost: test\r\n\r\n")
        stream = client.file
        while (line := stream.readline()) != b"\r\n":
            assert line.endswith(b"\r\n")
        chunks = [stream.readline() for _ in range(6)]
        assert chunks == [b"2\r\n", b"1\n", b"\r\n", b"2\r\n", b"2\n", b"\r\n"]
