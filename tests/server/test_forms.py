"""What a form may hold: `[server] max_form_memory` and `max_form_parts`, on a real server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.http import Answer
from tests.support.project import Project
from tests.support.serving import Serving, serving
from webzeug import Request

VIEWS = """
    from webzeug import Response, View

    class Form(View):
        def POST(self):
            form, files = self.request.form, self.request.files
            return Response(f"{sum(map(len, form.values()))} {len(form)} {len(files)}")

    class Own(View):
        def POST(self):
            self.request.max_form_memory_size = 200_000
            self.request.max_form_parts = None
            return Response(str(len(self.request.form)))
    """
ROUTES = '[routes]\n"/" = "shop.Form"\n"/own" = "shop.Own"\n'
LIMITS = "[server]\nmax_form_memory = 150_000\nmax_form_parts = 5\nmax_body = 1_000_000\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """An application whose forms are small."""
    project = Project(Path(tmp_path_factory.mktemp("forms")))
    project.write("shop.py", VIEWS)
    project.write("routes.toml", LIMITS + ROUTES)
    with serving(project) as running:
        yield running


def post(server: Serving, kind: str, body: str, target: str = "/") -> Answer:
    """Send a form."""
    with server.connect() as client:
        client.send(
            f"POST {target} HTTP/1.1\r\nHost: a\r\nContent-Type: {kind}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        )
        return client.read("POST")


def multipart(*parts: tuple[str, str, str]) -> str:
    """A body of (name, file name, content)."""
    lines = []
    for name, filename, content in parts:
        file = f'; filename="{filename}"' if filename else ""
        lines.append(f'--x\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n{content}')
    return "\r\n".join([*lines, "--x--\r\n"])


URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        (URLENCODED, "a=1&b=22", 200),
        (URLENCODED, "a=" + "x" * 160_000, 413),
        (MULTIPART, multipart(("a", "", "1"), ("b", "", "22")), 200),
        (MULTIPART, multipart(("a", "", "x" * 160_000)), 413),
        (MULTIPART, multipart(("a", "", "x" * 90_000), ("b", "", "x" * 90_000)), 200),
        (MULTIPART, multipart(("f", "f.txt", "x" * 500_000)), 200),
        (MULTIPART, multipart(("f", "f.txt", "x" * 1_500_000)), 413),
        (MULTIPART, multipart(*[(f"p{n}", "", "x") for n in range(5)]), 200),
        (MULTIPART, multipart(*[(f"p{n}", "", "x") for n in range(6)]), 413),
        (MULTIPART, multipart(*[(f"p{n}", "f.txt", "x") for n in range(6)]), 413),
    ],
)
def test_limits(server: Serving, kind: str, body: str, status: int) -> None:
    """A field counts by its octets, fields and files by their number, all by the body's octets."""
    answer = post(server, kind, body)
    assert answer.status == status, answer.body


def test_a_view_sets_its_own(server: Serving) -> None:
    """For one request, in either direction."""
    parts = multipart(*[(f"p{n}", "", "x" * 100) for n in range(20)])
    assert post(server, MULTIPART, parts, "/own").body == b"20"
    assert post(server, URLENCODED, "a=" + "x" * 250_000, "/own").status == 413
    assert post(server, URLENCODED, "a=" + "x" * 160_000, "/own").body == b"1"


def test_a_form_in_chunks(server: Serving) -> None:
    """Its length is not known beforehand, and counts all the same."""
    for size, status in ((100_000, 200), (160_000, 413)):
        with server.connect() as client:
            client.send(
                f"POST / HTTP/1.1\r\nHost: a\r\nContent-Type: {URLENCODED}\r\n"
                f"Transfer-Encoding: chunked\r\n\r\n{size:x}\r\n{'x' * size}\r\n0\r\n\r\n"
            )
            assert client.read("POST").status == status


def test_the_defaults() -> None:
    """Under another server, the same as in the manifest."""
    request = Request({})
    assert (request.max_form_memory_size, request.max_form_parts) == (500_000, 1_000)
    assert (Request.max_form_memory_size, Request.max_form_parts) == (500_000, 1_000)
