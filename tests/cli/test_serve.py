"""`webzeug serve`, as a real process: how it starts, what it says, how it ends."""

import re
import signal
import socket
import textwrap

import pytest

from tests.support.http import Connection
from tests.support.project import Project
from tests.support.serving import Serving, serving

VIEWS = """
    import sys
    from gevent import monkey
    from webzeug import Response, View

    NAMES = ("socket", "threading", "time", "ssl")
    PATCHED = [name for name in NAMES if monkey.is_module_patched(name)]

    class Index(View):
        def GET(self):
            return Response(self.app.config.get("greeting", "hello"))

    class Patched(View):
        def GET(self):
            return Response(" ".join(PATCHED))

    class Echo(View):
        def POST(self):
            return Response(self.request.get_data())

    class Busy(View):
        def GET(self):
            print("busy", file=sys.stderr, flush=True)
            while True:
                pass

    class Fails(View):
        def GET(self):
            raise LookupError("of the user")
    """


@pytest.fixture
def shop(project: Project) -> Project:
    """A project whose manifest can be served."""
    project.write("shop.py", VIEWS)
    project.write(
        "routes.toml",
        """
        [routes]
        "/"        = "shop.Index"
        "/patched" = "shop.Patched"
        "/echo"    = "shop.Echo"
        "/busy"    = "shop.Busy"
        "/fails"   = "shop.Fails"
        """,
    )
    return project


def upload(server: Serving) -> Connection:
    """A request under way: its View waits for the rest of the body."""
    client = server.connect()
    client.send(
        "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"
    )
    assert client.read().status == 100
    return client


def test_it_serves_and_says_what_is_where(shop: Project) -> None:
    """Two lines say what is served where; nothing goes to stdout; each request is a line."""
    with serving(shop) as server:
        assert isinstance(server.address, tuple)
        assert server.get("/").body == b"hello"
        result = server.stop()
    assert (result.code, result.out) == (0, "")
    first, second, access = result.err.splitlines()
    port = server.address[1]
    assert first == f"webzeug serves routes.toml (5 routes) on http://127.0.0.1:{port}/"
    assert re.fullmatch(r"table 1 \([0-9a-f]{12}\); press Ctrl-C to stop", second)
    assert access.startswith('127.0.0.1 "GET / HTTP/1.1" 200 ')


def test_the_library_is_patched_before_the_application_is_imported(shop: Project) -> None:
    """A module of the application finds the blocking functions replaced when it is imported."""
    with serving(shop) as server:
        assert server.get("/patched").body == b"socket threading time ssl"


def test_everything_is_imported_before_it_listens(project: Project) -> None:
    """A View's module is imported before the startup lines, not by the first request."""
    project.write("routes.toml", '[routes]\n"/" = "shop.Index"')
    project.write("shop.py", f"{textwrap.dedent(VIEWS)}\nprint('imported', file=sys.stderr)")
    with serving(project) as server:
        assert server.stop().err.startswith("imported\nwebzeug serves ")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_a_request_finish(shop: Project, number: int) -> None:
    """SIGTERM and Ctrl-C: requests under way are finished, the exit code is 0, nothing is said."""
    with serving(shop) as server:
        idle = server.connect()
        assert idle.get("/").status == 200
        with idle, upload(server) as client:
            server.signal(number)
            assert idle.rest() == b""
            client.send("done")
            answer = client.read()
            assert (answer.body, answer.field("Connection")) == (b"done", "close")
        result = server.wait()
    assert result.code == 0
    assert [line for line in result.err.splitlines()[2:] if "HTTP/1.1" not in line] == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_second_signal_ends_at_once(shop: Project, number: int) -> None:
    """Whoever does not want to wait sends the signal again; the exit code says which."""
    with serving(shop) as server, server.connect() as idle, upload(server):
        idle.get("/")
        server.signal(number)
        assert idle.rest() == b""  # the first signal has arrived
        server.signal(number)
        assert server.wait().code == 128 + number


def test_two_signals_end_a_view_that_never_waits(shop: Project) -> None:
    """A View in an endless loop, which no server could stop, does not stop Ctrl-C either."""
    with serving(shop) as server, server.connect() as client:
        client.send("GET /busy HTTP/1.1\r\nHost: test\r\n\r\n")
        server.wait_for("busy")
        server.signal(signal.SIGINT)
        server.signal(signal.SIGTERM)
        assert server.wait().code in (128 + signal.SIGINT, 128 + signal.SIGTERM)


def test_grace_bounds_the_end(shop: Project) -> None:
    """After `[server] grace` a request that is still under way is ended; the exit code is 0."""
    with serving(shop, "--set", "server.grace=0.05") as server, upload(server) as client:
        assert server.stop().code == 0
        assert client.rest() == b""


RESOURCES = """
    import sys

    class Resource:
        def __init__(self, name):
            self.name = name
            print("open", name, file=sys.stderr)
        def close(self):
            print("close", self.name, file=sys.stderr)

    def one(app):
        return Resource("one")

    def two(app):
        return Resource("two")

    def broken(app):
        raise ConnectionError("no database")

    def slow(app):
        import time
        print("waiting", file=sys.stderr, flush=True)
        time.sleep(600)

    class Unclosable:
        def close(self):
            raise ConnectionError("still busy")

    def unclosable(app):
        return Unclosable()
    """


def with_resources(shop: Project, *names: str) -> Project:
    lines = "".join(f'{name} = "pools.{name}"\n' for name in names)
    manifest = f'[routes]\n"/" = "shop.Index"\n"/echo" = "shop.Echo"\n[resources]\n{lines}'
    shop.manifest.write_text(manifest)
    shop.write("pools.py", RESOURCES)
    return shop


def test_resources_are_closed_in_reverse_after_the_last_request(shop: Project) -> None:
    """Resources are opened before the startup lines, and closed after the last answer."""
    with serving(with_resources(shop, "one", "two")) as server, upload(server) as client:
        server.signal()
        client.send("done")
        assert client.read().body == b"done"
        lines = server.wait().err.splitlines()
    assert [lines[0], lines[1], lines[-2], lines[-1]] == [
        "open one",
        "open two",
        "close two",
        "close one",
    ]
    assert lines[2].startswith("webzeug serves ")
    assert "POST /echo" in lines[4]


def test_a_failing_resource_stops_the_start(shop: Project) -> None:
    """A resource that cannot be opened is shown in the manifest, with the user's own traceback."""
    result = with_resources(shop, "one", "broken", "two").run("serve", "--bind", "127.0.0.1:0")
    assert result.code == 1
    assert result.err.startswith("open one\nclose one\nroutes.toml:6:10: error[WZ306]: ")
    assert "ConnectionError" in result.err
    assert 'raise ConnectionError("no database")' in result.err
    assert_only_users_frames(shop, result.err)
    assert "serves" not in result.err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_during_the_start(shop: Project, number: int) -> None:
    """Stopped while a resource is being opened, it closes those that are open, without a word."""
    with serving(with_resources(shop, "one", "slow"), starts=False) as server:
        server.wait_for("waiting")
        result = server.stop(number)
    assert (result.code, result.err) == (128 + number, "open one\nwaiting\nclose one\n")


def test_a_resource_that_cannot_be_closed(shop: Project) -> None:
    """One that fails at the end does not keep the others open; the exit code tells."""
    with serving(with_resources(shop, "one", "unclosable", "two")) as server:
        result = server.stop()
    assert result.code == 1
    assert "close two\nclose one\nroutes.toml:6:14: error[WZ306]: " in result.err
    assert "ConnectionError: still busy" in result.err
    assert_only_users_frames(shop, result.err)


def assert_only_users_frames(project: Project, text: str) -> None:
    """A traceback shows the user's files, and none of webzeug's."""
    frames = [line for line in text.splitlines() if 'File "' in line]
    assert frames
    assert all(str(project.folder) in frame for frame in frames)


def test_an_error_in_a_view_is_logged_once(shop: Project) -> None:
    """A View's exception is a 500 without details, and one traceback in the log."""
    with serving(shop) as server:
        answer = server.get("/fails")
        assert (answer.status, b"LookupError" in answer.body) == (500, False)
        assert server.get("/").status == 200
        result = server.stop()
    assert result.err.count("Traceback") == 1
    assert result.err.count('raise LookupError("of the user")') == 1


def test_an_application_sets_up_its_own_logging(shop: Project) -> None:
    """Where the application has set logging up, it stays as it is."""
    setup = 'logging.basicConfig(level="INFO", format="mine: %(name)s", stream=sys.stdout)'
    shop.write("shop.py", f"import logging, sys\n{setup}\n{textwrap.dedent(VIEWS)}")
    with serving(shop) as server:
        server.get("/")
        assert server.stop().out == "mine: webzeug.access\n"


def test_bind(shop: Project) -> None:
    """--bind says where to listen, above [server] bind; a Unix socket is removed at the end."""
    shop.manifest.write_text('[server]\nbind = "192.0.2.1:1"\n[routes]\n"/" = "shop.Index"')
    with serving(shop, "--bind", "unix:shop.sock") as server:
        assert server.get("/").body == b"hello"
        err = server.stop().err
    assert err.startswith("webzeug serves routes.toml (1 route) on unix:shop.sock\n")
    assert not (shop.folder / "shop.sock").exists()


def test_all_addresses(shop: Project) -> None:
    """A server that can be reached from other machines says so."""
    with serving(shop, "--bind", ":0") as server:
        assert server.get("/").body == b"hello"
        assert "/ and all other addresses\n" in server.stop().err


def test_config_environment_and_settings(shop: Project) -> None:
    """The greeting of [config] is set by --config, then the environment, then --set."""
    manifest = '[routes]\n"/" = "shop.Index"\n[config]\ngreeting = "default"\n'
    shop.manifest.write_text(manifest + '[env]\ngreeting = "GREETING"\n')
    shop.write("prod.toml", 'greeting = "from the file"')
    more = ["--config", "prod.toml", "--set", "config.greeting=from --set"]
    for args, environ, expected in [
        ([], None, "default"),
        (more[:2], None, "from the file"),
        (more[:2], {"GREETING": "from the environment"}, "from the environment"),
        (more, {"GREETING": "from the environment"}, "from --set"),
    ]:
        with serving(shop, *args, environ=environ) as server:
            assert server.get("/").body == expected.encode()


def test_missing_variables_stop_the_start(shop: Project) -> None:
    """Environment variables that are needed and not set are listed, all of them."""
    shop.manifest.write_text('[routes]\n"/" = "shop.Index"\n[env]\na = "WZ_A"\nb = "WZ_B"\n')
    result = shop.run("serve")
    assert result.code == 1
    assert "the environment variable WZ_A is not set" in result.err
    assert "the environment variable WZ_B is not set" in result.err


def test_app_dir(shop: Project) -> None:
    """--app-dir says where dotted paths are found."""
    shop.write("src/inner.py", VIEWS)
    shop.manifest.write_text('[routes]\n"/" = "inner.Index"\n')
    assert shop.run("serve", "--bind", "127.0.0.1:0").code == 1
    with serving(shop, "--app-dir", "src") as server:
        assert server.get("/").body == b"hello"


def test_a_port_in_use(shop: Project) -> None:
    """A port in use is one line that says what to try, and exit code 1."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        result = shop.run("serve", "--bind", f"127.0.0.1:{port}")
    assert (result.code, result.out) == (1, "")
    assert result.err == (
        f"error: cannot listen on 127.0.0.1:{port}: another program does already; "
        f"try --bind 127.0.0.1:{port + 1}\n"
    )


@pytest.mark.parametrize(
    ("args", "code", "expected"),
    [
        (["nofile.toml"], 2, "nofile.toml: error[WZ001]: cannot read nofile.toml: there is no"),
        (["--bind", "nonsense"], 2, "`nonsense` is not an address"),
        (["--app-dir", "nowhere"], 2, "Directory 'nowhere' does not exist"),
        (["--config", "nofile.toml"], 1, "cannot read nofile.toml: there is no such file"),
        (["--set", "grace=1"], 1, "error[WZ020]"),
        (["--bind", "unix:shop.py"], 1, "the file exists, and is not a socket"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_run(shop: Project, args: list[str], code: int, expected: str) -> None:
    """A wrong option or a missing file is one clear message and an exit code."""
    result = shop.run("serve", *args)
    assert (result.code, result.out) == (code, "")
    assert expected in result.err
    assert "Traceback" not in result.err


def test_a_broken_manifest(shop: Project) -> None:
    """A manifest that is not TOML is reported at its place; nothing of the app is imported."""
    shop.manifest.write_text('[routes]\n"/" = \n')
    result = shop.run("serve")
    assert result.code == 2
    assert result.err.startswith("routes.toml:2:")
    assert "Traceback" not in result.err


def test_everything_that_cannot_be_imported_is_listed(shop: Project) -> None:
    """All failing imports are listed at once, each with the user's own traceback."""
    shop.write("raises.py", "def helper():\n    raise RuntimeError('mine')\nhelper()\n")
    shop.write("exits.py", "import sys\nsys.exit(0)\n")
    shop.manifest.write_text(
        '[routes]\n"/a" = "missing.A"\n"/b" = "shop.Indx"\n"/c" = "raises.C"\n"/d" = "raises.D"\n'
        '"/e" = "exits.E"\n"/f" = "shop.VIEWS"\n'
    )
    result = shop.run("serve")
    assert result.code == 1
    places = re.findall(r"^routes\.toml:(\d+):\d+: error\[WZ305\]: ", result.err, re.MULTILINE)
    assert places == ["2", "3", "4", "6", "7"]
    for text in ("RuntimeError: mine", "SystemExit: 0", "did you mean", "5 errors"):
        assert text in result.err
    assert_only_users_frames(shop, result.err)
    assert result.err.count("Traceback") == 2


STREAMS = """
    import sys
    from webzeug import Response, View

    class Clock(View):
        def GET(self):
            return Response(self.ticks())

        def ticks(self):
            yield "begins"
            while not self.app.draining.wait(20):
                yield "ticks"
            yield "ends"
    """


def test_a_stream_that_waits_for_the_end(project: Project) -> None:
    """It is told as soon as the server stops, ends well, and does not take up the grace time."""
    project.write("clock.py", STREAMS)
    project.write("routes.toml", '[routes]\n"/" = "clock.Clock"\n')
    with serving(project) as server, server.connect() as client:
        client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
        received = b""
        while not received.endswith(b"begins\r\n"):
            received += client.file.read1()
        server.signal()
        assert client.rest() == b"4\r\nends\r\n0\r\n\r\n"
        assert server.wait().code == 0
