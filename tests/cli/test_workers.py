"""``serve --workers``: real Gunicorn over processes of our server."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from tests.support.conformance import APP, CASES, MANIFEST, Case
from tests.support.http import TIMEOUT
from tests.support.project import Project
from tests.support.serving import Serving, serving

pytest.importorskip("gunicorn")

WORKERS = ("--workers", "2")

MODULE = """
    import os
    from contextlib import contextmanager

    import gevent
    from webzeug import Response, View

    @contextmanager
    def db(app):
        print("opened by", os.getpid(), flush=True)
        yield object()
        print("closed by", os.getpid(), flush=True)

    class Pid(View):
        def GET(self):
            return Response(str(os.getpid()))

    class Slow(View):
        def GET(self):
            print("slow begins", file=__import__("sys").stderr, flush=True)
            gevent.sleep(0.5)
            return Response("slow")
"""

ROUTES = """
    [routes]
    "/" = "parts.Pid"
    "/slow" = "parts.Slow"

    [resources]
    db = "parts.db"
"""


@pytest.fixture
def pids(project: Project) -> Project:
    """An application that says which process answers."""
    project.write("parts.py", MODULE)
    project.write("routes.toml", ROUTES)
    return project


def pid(server: Serving) -> int:
    answer = server.get("/")
    assert answer.status == 200
    return int(answer.body)


def both(server: Serving) -> set[int]:
    """The processes of both workers."""
    found: set[int] = set()
    while len(found) < 2:
        found.add(pid(server))
    return found


@pytest.fixture(scope="module")
def conforming(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """Workers for all cases of the conformance table."""
    project = Project(tmp_path_factory.mktemp("workers"))
    project.write("routes.toml", MANIFEST)
    project.write("app.py", APP)
    with serving(project, *WORKERS) as server:
        yield server
        result = server.stop()
    assert result.code == 0
    assert "Traceback" not in result.err


@pytest.mark.parametrize("case", CASES, ids=str)
def test_conformance(conforming: Serving, case: Case) -> None:
    """HTTP is what it is with one process: there is no difference to list."""
    from tests.server.test_conformance import check

    with conforming.connect() as client:
        client.send(case.sent)
        check(client, case)


def test_the_end(pids: Project) -> None:
    """SIGTERM lets a request finish; each worker has opened and closed its own resources."""
    with serving(pids, *WORKERS) as server, server.connect() as client:
        client.send("GET /slow HTTP/1.1\r\nHost: test\r\n\r\n")
        server.wait_for("slow begins")
        server.signal()
        assert client.read().body == b"slow"
        result = server.wait()
    assert result.code == 0
    opened = {line.split()[-1] for line in result.out.splitlines() if "opened" in line}
    closed = {line.split()[-1] for line in result.out.splitlines() if "closed" in line}
    # Two workers, and the trial before they are started.
    assert len(opened) == 3
    assert opened == closed


def test_a_drain_under_load(pids: Project) -> None:
    """A client that asks on and on gets all of its answers until nobody listens any more."""
    with serving(pids, *WORKERS) as server:
        statuses: list[int] = []
        failures: list[Exception] = []
        is_warm = threading.Event()

        def ask() -> None:
            while True:
                try:
                    statuses.append(server.get("/").status)
                except ConnectionRefusedError:
                    return
                except (OSError, EOFError) as error:
                    failures.append(error)
                    return
                if len(statuses) > 20:
                    is_warm.set()

        asking = threading.Thread(target=ask)
        asking.start()
        assert is_warm.wait(TIMEOUT)
        result = server.stop()
        asking.join(TIMEOUT)
    assert (failures, set(statuses), result.code) == ([], {200}, 0)


def test_a_broken_manifest_leaves_the_workers(pids: Project) -> None:
    """SIGHUP with a broken manifest, or broken code, says what is wrong and changes nothing."""
    with serving(pids, *WORKERS) as server:
        before = {pid(server) for _ in range(20)}
        pids.write("routes.toml", ROUTES.replace("parts.Pid", "parts.Missing"))
        server.signal(signal.SIGHUP)
        assert "routes.toml:2" in server.hear(r"routes\.toml:\d+:\d+: error")
        server.hear("not reloaded: the workers go on")
        pids.write("routes.toml", ROUTES)
        pids.write("parts.py", MODULE.replace("yield object()", "raise ValueError"))
        server.signal(signal.SIGHUP)
        server.hear("not reloaded: the workers go on")
        pid(server)
        for number in before:
            os.kill(number, 0)
        assert server.stop().code == 0


def test_new_routes_under_load(pids: Project) -> None:
    """SIGHUP swaps the table in each worker, and nothing is cut."""
    with serving(pids, *WORKERS) as server, server.connect() as client:
        before = both(server)
        client.send("GET /slow HTTP/1.1\r\nHost: test\r\n\r\n")
        server.wait_for("slow begins")
        pids.write("routes.toml", ROUTES.replace("/slow", "/new"))
        server.signal(signal.SIGHUP)
        for _ in before:
            assert "swapped in" in server.hear("table 2")
        assert client.read().body == b"slow"
        assert client.get("/slow").status == 404
        assert client.get("/new").status == 200
        assert both(server) == before


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("parts.py", f"{MODULE}\n    MORE = 1\n"),
        ("routes.toml", f"{ROUTES}\n    [config]\n    size = 1\n"),
        ("routes.toml", f"{ROUTES.replace('parts.Slow', 'more.Slow')}"),
    ],
)
def test_new_code_under_load(pids: Project, file: str, text: str) -> None:
    """SIGHUP brings new workers for new code, config and modules, and no request fails."""
    pids.write("more.py", "from parts import Slow as Old\nclass Slow(Old): ...\n")
    with serving(pids, *WORKERS) as server:
        before = {pid(server) for _ in range(20)}
        failures: list[object] = []
        ends = threading.Event()

        def ask() -> None:
            while not ends.is_set():
                try:
                    status = server.get("/").status
                except (OSError, EOFError) as error:
                    failures.append(error)
                else:
                    failures.extend([status] * (status != 200))

        asking = threading.Thread(target=ask)
        asking.start()
        pids.write(file, text)
        server.signal(signal.SIGHUP)
        server.hear("reloaded: new workers have taken over")
        ends.set()
        asking.join(TIMEOUT)
        assert failures == []
        assert pid(server) not in before


def test_a_new_worker_that_dies(pids: Project) -> None:
    """In a reload, another comes in its place, and none of the old ones stays."""
    with serving(pids, *WORKERS) as server:
        before = both(server)
        for _ in before:
            server.hear("Booting worker")
        pids.write("routes.toml", f"{ROUTES}\n    [config]\n    size = 1\n")
        server.signal(signal.SIGHUP)
        os.kill(int(server.hear("Booting worker").split()[-1]), signal.SIGKILL)
        server.hear("reloaded: new workers have taken over")
        assert not both(server) & before
        assert server.stop().code == 0


def test_new_workers_that_never_come(pids: Project) -> None:
    """If they die again and again, the old ones go on."""
    # The first that imports it is the trial.
    dies = """
    from pathlib import Path

    TIMES = Path("times")
    if TIMES.exists():
        TIMES.write_text(TIMES.read_text() + "x")
        if TIMES.read_text() != "x":
            os._exit(1)
    """
    with serving(pids, *WORKERS) as server:
        before = both(server)
        pids.write("times", "")
        pids.write("parts.py", f"{MODULE}{dies}")
        server.signal(signal.SIGHUP)
        server.hear("not reloaded: the new workers do not come up")
        assert both(server) == before
        assert server.stop().code == 0


def test_a_killed_worker_is_replaced(pids: Project) -> None:
    """After kill -9 the others serve, and another process takes its place."""
    with serving(pids, *WORKERS) as server:
        server.hear("Booting worker")
        server.hear("Booting worker")
        os.kill(pid(server), signal.SIGKILL)
        server.hear("was sent SIGKILL")
        server.hear("Booting worker")
        assert pid(server)


def test_a_worker_is_recycled(pids: Project) -> None:
    """Gunicorn's max_requests ends a worker after so many, and loses none."""
    environ = {"GUNICORN_CMD_ARGS": "--max-requests 3"}
    with serving(pids, "--workers", "1", environ=environ) as server:
        first = [pid(server) for _ in range(3)]
        server.hear("Autorestarting worker")
        server.hear("Worker exiting")
        assert len(set(first)) == 1
        assert pid(server) != first[0]


def test_an_interrupt(pids: Project) -> None:
    """Ctrl-C ends all, and closes what was opened."""
    with serving(pids, *WORKERS) as server:
        assert pid(server)
        result = server.stop(signal.SIGINT)
    assert result.code == 0
    assert result.out.count("closed by") == result.out.count("opened by")


def test_a_broken_manifest_at_the_start(pids: Project) -> None:
    """It says what is wrong, and does not start."""
    pids.write("routes.toml", ROUTES.replace("parts.Pid", "parts.Missing"))
    result = pids.run("serve", *WORKERS, "--bind", "127.0.0.1:0")
    assert result.code == 1
    assert "routes.toml:2" in result.err
    assert "Starting gunicorn" not in result.err


def test_without_routes(pids: Project) -> None:
    """An empty manifest is not served."""
    pids.write("routes.toml", "[routes]")
    result = pids.run("serve", *WORKERS, "--bind", "127.0.0.1:0")
    assert (result.code, "has no routes" in result.err) == (1, True)


@pytest.mark.parametrize("other", ["--dev", "--follow"])
def test_what_excludes_it(pids: Project, other: str) -> None:
    """Following is for one process."""
    result = pids.run("serve", *WORKERS, other)
    assert result.code == 2
    assert f"--workers and {other} exclude each other" in result.err


def test_without_the_extra(pids: Project) -> None:
    """The command that installs Gunicorn is named."""
    pids.write("gunicorn/__init__.py", "raise ModuleNotFoundError(name='gunicorn')")
    result = pids.run("serve", *WORKERS)
    assert result.code == 2
    assert "pip install 'webzeug[gunicorn]'" in result.err


def test_a_socket_that_is_open(pids: Project) -> None:
    """Workers serve on a descriptor that they are given."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        descriptor = listener.fileno()
        command = [sys.executable, "-m", "webzeug", "serve", *WORKERS, "--fd", str(descriptor)]
        process = subprocess.Popen(
            command, cwd=pids.folder, pass_fds=(descriptor,), stdout=subprocess.PIPE
        )
        with process:
            try:
                address = listener.getsockname()
                with socket.create_connection(address, TIMEOUT) as client:
                    client.sendall(b"GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")
                    assert client.recv(12) == b"HTTP/1.1 200"
                process.send_signal(signal.SIGTERM)
                assert process.wait(TIMEOUT) == 0
            finally:
                process.kill()


def test_gunicorn_by_hand(pids: Project) -> None:
    """Under Gunicorn's own worker, resources are opened after the fork and closed at the exit."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        probe.listen()
        descriptor = probe.fileno()
        options = ("-k", "gevent", "--no-control-socket", "-b", f"fd://{descriptor}")
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *options, "webzeug:load('routes.toml')"],
            cwd=pids.folder,
            pass_fds=(descriptor,),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        with process:
            try:
                with socket.create_connection(probe.getsockname(), TIMEOUT) as client:
                    client.sendall(b"GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")
                    answer = client.makefile("rb").read()
                process.send_signal(signal.SIGTERM)
                out, _ = process.communicate(timeout=TIMEOUT)
            finally:
                process.kill()
    worker = answer.decode().split("\r\n\r\n")[1]
    assert worker != str(process.pid)
    assert out == f"opened by {worker}\nclosed by {worker}\n"
