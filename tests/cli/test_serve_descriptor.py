"""`webzeug serve` on a socket that another program has opened, as systemd does."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.http import TIMEOUT, Connection
from tests.support.project import Project

VIEWS = """
    import os
    from webzeug import Response, View

    class Index(View):
        def GET(self):
            names = [name for name in os.environ if name.startswith("LISTEN_")]
            return Response(f"hello {names} {os.get_inheritable(3)}")
    """

# Puts a socket where systemd would: descriptor 3, and says so to the program that it becomes.
AS_SYSTEMD = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ["LISTEN_PID"] = str(os.getpid())
os.environ["LISTEN_FDS"] = sys.argv[2]
os.execv(sys.executable, [sys.executable, "-m", "webzeug", "serve", *sys.argv[3:]])
"""


@pytest.fixture
def shop(project: Project) -> Project:
    project.write("shop.py", VIEWS)
    project.write("routes.toml", '[routes]\n"/" = "shop.Index"\n')
    return project


def start(
    shop: Project, listener: socket.socket, *args: str, sockets: int = 1
) -> "subprocess.Popen[bytes]":
    """A server that inherits a socket as descriptor 3."""
    number = listener.fileno()
    return subprocess.Popen(
        [sys.executable, "-c", AS_SYSTEMD, str(number), str(sockets), *args],
        cwd=shop.folder,
        pass_fds=(number,),
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
    )


@pytest.mark.parametrize("args", [(), ("--fd", "3")])
def test_a_socket_of_systemd(shop: Project, args: tuple[str, ...]) -> None:
    """It is found, or named; who waits there since before the start is served; it stays open."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()
        early = Connection.to(address)
        early.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
        with start(shop, listener, *args) as process:
            names = [] if not args else ["LISTEN_PID", "LISTEN_FDS"]
            assert early.read().body == f"hello {names} False".encode()
            process.terminate()
            _, err = process.communicate(timeout=TIMEOUT)
            assert process.returncode == 0
            assert f"on http://127.0.0.1:{address[1]}/".encode() in err
        # What comes from now on waits for the next process.
        early.close()
        Connection.to(address).close()


def test_a_unix_socket(shop: Project, tmp_path: Path) -> None:
    """The file of a socket that is not ours is not removed at the end."""
    path = str(tmp_path / "socket")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        with start(shop, listener) as process:
            with Connection.to(path) as client:
                assert client.get().status == 200
            process.terminate()
            process.communicate(timeout=TIMEOUT)
            assert process.returncode == 0
    assert os.path.exists(path)


def test_several_sockets(shop: Project) -> None:
    """Which of them is meant must be said."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        with start(shop, listener, sockets=2) as process:
            _, err = process.communicate(timeout=TIMEOUT)
        assert process.returncode == 2
        assert b"systemd has opened 2 sockets; say which with --fd, from 3 on" in err


def test_an_address_comes_first(shop: Project) -> None:
    """With `--bind`, a socket of systemd is left alone."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        path = shop.folder / "own.sock"
        with start(shop, listener, "--bind", f"unix:{path}") as process:
            assert process.stderr is not None
            assert b"own.sock" in process.stderr.readline()
            process.terminate()
            process.communicate(timeout=TIMEOUT)
        assert process.returncode == 0


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (("--fd", "9"), 1, "cannot serve on descriptor 9: it is not open"),
        (("--fd", "3", "--bind", ":0"), 2, "--fd and --bind exclude each other"),
        (("--fd", "3", "--dev"), 2, "--fd and --dev exclude each other"),
        (("--fd", "1"), 2, "1 is not in the range x>=3"),
        (("--follow", "--dev"), 2, "--dev follows every change already"),
    ],
)
def test_what_is_refused(shop: Project, args: tuple[str, ...], code: int, message: str) -> None:
    """Each says why."""
    result = shop.run("serve", *args)
    assert (result.code, message in result.err) == (code, True), result.err


def test_a_descriptor_that_nobody_can_connect_to(shop: Project) -> None:
    """A file, and a socket that does not listen."""
    with open(shop.manifest, "rb") as file:
        process = subprocess.run(
            [sys.executable, "-m", "webzeug", "serve", "--fd", str(file.fileno())],
            cwd=shop.folder,
            pass_fds=(file.fileno(),),
            stderr=subprocess.PIPE,
            timeout=TIMEOUT,
        )
        assert process.stderr.strip().endswith(b"it is no socket")
    with socket.socket() as listener, start(shop, listener, "--fd", "3") as other:
        _, err = other.communicate(timeout=TIMEOUT)
        assert b"cannot serve on descriptor 3: nothing connects to it" in err
