"""What others have made to find fault with servers: slowhttptest, and httplint."""

import re
import shutil
import socket
import subprocess

import pytest

from tests.support.http import TIMEOUT
from tests.support.project import Project
from tests.support.serving import serving

APP = """
    from webzeug import Response, View, json_response

    class Page(View):
        def GET(self):
            return Response("hello")

        def POST(self):
            return Response(str(len(self.request.get_data())))

    class Large(View):
        def GET(self):
            return Response("x" * 20_000_000)

    class Json(View):
        def GET(self):
            return json_response({"a": 1})

    class Stream(View):
        def GET(self):
            return Response(f"{number}\\n" for number in range(3))

    class Fails(View):
        def GET(self):
            raise ValueError("no details")
    """

MANIFEST = """
    [server]
    access_log = "off"
    health = "/health"
    header_timeout = 2
    body_timeout = 2
    keep_alive = 2
    write_timeout = 2

    [routes]
    "/" = "pages.Page"
    "/folder/" = "pages.Page"
    "/large" = "pages.Large"
    "/json" = "pages.Json"
    "/stream" = "pages.Stream"
    "/fails" = "pages.Fails"
    "/old" = { redirect = "/" }
    "/static" = { static = "." }
    """


@pytest.fixture
def pages(project: Project) -> Project:
    project.write("pages.py", APP)
    project.write("routes.toml", MANIFEST)
    return project


ATTACKS = {
    "slow header fields": ["-H", "-i", "1"],
    "slow bodies": ["-B", "-i", "1", "-t", "POST"],
    "slow readers": ["-X", "-w", "1", "-y", "2", "-z", "1", "-n", "5"],
    "many ranges": ["-R", "-a", "10", "-b", "3000"],
}


@pytest.mark.skipif(shutil.which("slowhttptest") is None, reason="needs slowhttptest")
@pytest.mark.parametrize("attack", ATTACKS)
def test_slow_clients(pages: Project, attack: str) -> None:
    """A hundred of them at once: the service is there all the time, and all are let go.

    That slow readers are, the tool sees only when it has read what had arrived.
    """
    with serving(pages) as server:
        path = "large" if attack == "slow readers" else ""
        url = f"http://127.0.0.1:{server.port}/{path}"
        size = ["-c", "100", "-r", "100", "-l", "10", "-p", "2"]
        done = subprocess.run(
            ["slowhttptest", *ATTACKS[attack], *size, "-u", url],
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )
        assert server.get().status == 200
        result = server.stop()
    said = re.sub(r"\x1b\[[\d;]*m", "", done.stdout)
    assert set(re.findall(r"service available:\s+(\w+)", said)) == {"YES"}
    assert "No open connections left" in said or attack == "slow readers"
    assert (result.code, "Traceback" in result.err) == (0, False)


REQUESTS = (
    "GET /", "HEAD /", "POST /", "OPTIONS /", "DELETE /", "GET /nowhere", "GET /folder",
    "GET /json", "GET /stream", "GET /fails", "GET /old", "GET /health",
    "GET /static/pages.py", "GET /static/nothing",
)  # fmt: skip


@pytest.mark.skipif(shutil.which("httplint") is None, reason="needs httplint")
def test_answers_are_sound(pages: Project) -> None:
    """Of every kind of answer, nothing is bad; that a page may be cached is not ours to say."""
    with serving(pages) as server:
        for request in REQUESTS:
            with socket.create_connection(("127.0.0.1", server.port), TIMEOUT) as client:
                fields = "Host: test\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
                client.sendall(f"{request} HTTP/1.1\r\n{fields}".encode())
                answer = b"".join(iter(lambda: client.recv(65536), b""))
            if request.startswith("HEAD"):
                answer = re.sub(rb"Content-Length: \d+\r\n", b"", answer)
            done = subprocess.run(
                ["httplint", "-n"], input=answer, capture_output=True, timeout=TIMEOUT, check=True
            )
            said = done.stdout.decode()
            assert "[GOOD]" in said, request
            assert "[BAD]" not in said, (request, said)
