"""Real servers, real middlewares, and the client of the websockets package."""

import os
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from signal import SIGHUP, SIGTERM

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.support.frames import CLOSE, HANDSHAKE, read_frame
from tests.support.http import TIMEOUT
from tests.support.ports import free_port
from tests.support.project import Project
from tests.support.serving import Serving, serving

LIVE = """
    from time import sleep
    from webzeug import Response, View, WebSocketClosed

    class Live(View):
        subprotocols = ("chat",)

        def GET(self):
            return Response("plain")

        def WEBSOCKET(self, ws):
            for message in ws:
                if message == "fail":
                    raise LookupError("secret")
                if message == "sleep":
                    sleep(60)
                ws.send(message)
            print("the loop has ended", flush=True)

    class Wrapped(Live):
        pass

    class Late(View):
        def GET(self):
            self.app.draining.set()
            return Response()

        def WEBSOCKET(self, ws):
            self.app.draining.wait()
            ws.accept()
            ws.receive()
    """
TABLE = """
    [routes]
    "/live" = "live.Live"
    "/late" = "live.Late"

    [routes."/wrapped"]
    middleware = ["wrappers.Plain"]
    "/" = "live.Wrapped"

    [[middleware]]
    use = "werkzeug.middleware.proxy_fix.ProxyFix"

    [[middleware]]
    use = "werkzeug.middleware.dispatcher.DispatcherMiddleware"

    [[middleware]]
    use = "wrappers.Plain"

    [[middleware]]
    use = "wrappers.Closing"

    [server]
    grace = 10
    """
WRAPPERS = """
    from werkzeug.wsgi import ClosingIterator

    class Plain:
        '''Looks at the status and adds a field, as most middlewares do.'''

        def __init__(self, app):
            self.app = app

        def __call__(self, environ, start_response):
            def start(status, headers, exc_info=None):
                return start_response(status, [*headers, ("X-Wrapped", "yes")], exc_info)
            return self.app(environ, start)

    class Closing(Plain):
        '''Wraps what is returned.'''

        def __call__(self, environ, start_response):
            return ClosingIterator(self.app(environ, start_response), [lambda: None])
    """


@pytest.fixture
def live(project: Project) -> Project:
    """An application with a WebSocket, and middlewares around it."""
    project.write("routes.toml", TABLE)
    project.write("live.py", LIVE)
    project.write("wrappers.py", WRAPPERS)
    return project


def dial(port: int, path: str = "/live") -> ClientConnection:
    """A real client's connection."""
    return connect(f"ws://127.0.0.1:{port}{path}", subprotocols=["chat"], proxy=None)  # type: ignore[list-item]


def converse(port: int) -> None:
    """What a client does all day."""
    for path in ("/live", "/wrapped/"):
        with dial(port, path) as client:
            assert client.subprotocol == "chat"
            assert client.response is not None
            assert client.response.headers.get_all("X-Wrapped")
            for message in ("hello", "", b"\x00\xff", "ü" * 100_000, os.urandom(500_000)):
                client.send(message)
                assert client.recv(TIMEOUT) == message
            client.send(["frag", "ment", "s"])
            assert client.recv(TIMEOUT) == "fragments"
            assert client.ping().wait(TIMEOUT)
    with dial(port) as client:
        client.send("x" * 2_000_000)
        with pytest.raises(ConnectionClosed) as closed:
            client.recv(TIMEOUT)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009
    with dial(port) as client:
        client.send("fail")
        with pytest.raises(ConnectionClosed) as closed:
            client.recv(TIMEOUT)
        assert closed.value.rcvd is not None
        assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (1011, "")
    with pytest.raises(InvalidStatus, match="404"):
        dial(port, "/nowhere")


def test_our_server(live: Project) -> None:
    """Through all middlewares; a failure is logged once, with the user's traceback."""
    with serving(live) as server:
        converse(server.port)
        assert server.get("/live").body == b"plain"
        ended = server.stop()
    assert ended.code == 0
    assert ended.err.count("LookupError: secret") == 1
    assert 'live.py", line' in ended.err


def test_our_server_in_development(live: Project) -> None:
    """The same, with what watches for changes in between."""
    with serving(live, "--dev") as server:
        converse(server.port)
        assert server.stop().code == 0


@pytest.mark.parametrize("word", ["nothing", "sleep"])
def test_the_server_stops(live: Project, word: str) -> None:
    """All are closed with 1001, also where the View is busy; the loop ends."""
    with serving(live) as server, dial(server.port) as client:
        client.send(word)
        if word == "nothing":
            assert client.recv(TIMEOUT) == word
        server.signal(SIGTERM)
        with pytest.raises(ConnectionClosed) as closed:
            client.recv(TIMEOUT)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1001
        if word == "nothing":
            ended = server.wait()
            assert ended.code == 0
            assert "the loop has ended" in ended.out


def test_the_server_stops_before_it_is_accepted(live: Project) -> None:
    """Who had begun is accepted, and told 1001 at once; who comes later gets 503."""
    with serving(live) as server, server.connect() as early, server.connect() as late:
        shake = f"GET /late HTTP/1.1\r\nHost: test\r\n{HANDSHAKE}\r\n"
        early.send(shake)
        assert server.get("/late").status == 200
        assert early.read().status == 101
        received = read_frame(early)
        assert received is not None
        assert (received.opcode, received.code) == (CLOSE, 1001)
        late.send(shake)
        assert late.read().status == 503


def test_workers(live: Project) -> None:
    """``serve --workers`` needs no configuration: the same, and all are closed with 1001."""
    pytest.importorskip("gunicorn", reason="needs gunicorn[gevent]")
    with serving(live, "--workers", "2") as server, ExitStack() as stack:
        converse(server.port)
        clients = [stack.enter_context(dial(server.port)) for _ in range(4)]
        for client in clients:
            client.send("hello")
            assert client.recv(TIMEOUT) == "hello"
        server.signal(SIGTERM)
        for client in clients:
            with pytest.raises(ConnectionClosed) as closed:
                client.recv(TIMEOUT)
            assert closed.value.rcvd is not None
            assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (1001, "the server stops")
        ended = server.wait()
    assert ended.code == 0
    assert ended.out.count("the loop has ended") >= 4


@contextmanager
def gunicorn(project: Project, *options: str) -> Iterator[int]:
    """Gunicorn's gevent worker with the project's App; its port."""
    pytest.importorskip("gunicorn", reason="needs gunicorn[gevent]")
    project.write("wsgi.py", 'import webzeug\napp = webzeug.load("routes.toml")\n')
    port = free_port()
    where = f"127.0.0.1:{port}"
    command = ["gunicorn", "-k", "gevent", "-b", where, "--graceful-timeout", "2", "wsgi:app"]
    command += ["--no-control-socket", *options]
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=project.folder,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    with process:
        assert process.stderr is not None
        for line in process.stderr:
            if "Booting worker" in line:
                break
        try:
            yield port
        finally:
            process.terminate()
            process.stderr.read()


def test_gunicorn(live: Project) -> None:
    """The same on Gunicorn's gevent worker."""
    with gunicorn(live) as port:
        converse(port)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
def test_gunicorn_with_tls(live: Project) -> None:
    """Large messages and many small ones go through TLS, and the end comes at once."""
    certificate, key = str(live.folder / "c.pem"), str(live.folder / "k.pem")
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject]
    subprocess.run(
        ["openssl", *request, "-keyout", key, "-out", certificate], capture_output=True, check=True
    )
    context = ssl.create_default_context(cafile=certificate)
    with gunicorn(live, "--certfile", certificate, "--keyfile", key) as port:
        with connect(f"wss://127.0.0.1:{port}/live", ssl=context, proxy=None) as client:
            for message in (b"a", b"x" * 900_000, *[b"y" * 10_000] * 50):
                client.send(message)
                assert client.recv(TIMEOUT) == message
            for _ in range(50):
                client.send(b"z" * 10_000)
            assert [client.recv(TIMEOUT) for _ in range(50)] == [b"z" * 10_000] * 50
        assert client.close_code == 1000


def test_gunicorn_stops(live: Project) -> None:
    """With the gunicorn.conf.py of docs/websockets.md, the client is told 1001."""
    page = (Path(__file__).parents[2] / "docs" / "websockets.md").read_text("utf-8")
    start = page.index("# gunicorn.conf.py")
    live.write("gunicorn.conf.py", page[start : page.index("```", start)])
    with ExitStack() as stack:
        with gunicorn(live) as port:
            client = stack.enter_context(dial(port))
            client.send("a")
            assert client.recv(TIMEOUT) == "a"
        with pytest.raises(ConnectionClosed) as closed:
            client.recv(TIMEOUT)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1001


def test_a_swap_leaves_it_alone(live: Project) -> None:
    """A WebSocket keeps the table that it began with, and goes on."""

    def swap(server: Serving) -> None:
        live.write("routes.toml", TABLE.replace('"/live"', '"/alive"'))
        server.signal(SIGHUP)
        server.wait_for("table 2")

    with serving(live) as server, dial(server.port) as client:
        swap(server)
        client.send("still here")
        assert client.recv(TIMEOUT) == "still here"
        with dial(server.port, "/alive") as other:
            other.send("a")
            assert other.recv(TIMEOUT) == "a"
