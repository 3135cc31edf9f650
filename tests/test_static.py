"""Static folders: what they send, and everything that they do not."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.http import http_date
from werkzeug.test import Client, TestResponse, create_environ, run_wsgi_app

from tests.support.local import running
from tests.support.project import Project
from webzeug.static import file_below


@pytest.fixture
def client(project: Project) -> Client:
    """Serves ``public``; ``secret.txt`` lies beside it."""
    project.write("secret.txt", "secret")
    project.write("public/a.txt", "0123456789")
    project.write("public/sub/b.css", "b {}")
    project.write("public/.env", "PASSWORD=1")
    project.write("public/.git/config", "[core]")
    project.write("public2/secret.txt", "secret")
    project.write(
        "routes.toml",
        """
        [routes]
        "/static" = { static = "public" }
        "/robots.txt" = { static = "public/a.txt", name = "robots" }
        """,
    )
    return project.load().test_client()


def get(client: Client, path: str, **options: Any) -> TestResponse:
    """A response whose body has been read, so that its file is closed."""
    return client.open(path, buffered=True, **options)


def raw(client: Client, path: str) -> int:
    """The status for a path, octet for octet as a server would hand it on."""
    app = client.application
    _, status, _ = run_wsgi_app(app, {**create_environ(), "PATH_INFO": path}, buffered=True)
    return int(status[:3])


def test_a_file(client: Client) -> None:
    """With its type, its length, its age and its tag."""
    response = get(client, "/static/a.txt")
    assert (response.status_code, response.text) == (200, "0123456789")
    assert response.content_type == "text/plain; charset=utf-8"
    assert response.content_length == 10
    assert response.headers["ETag"]
    assert response.headers["Last-Modified"]
    assert get(client, "/static/sub/b.css").mimetype == "text/css"


def test_a_single_file(client: Client) -> None:
    """A path to a file serves that file, at exactly that URL."""
    assert get(client, "/robots.txt").text == "0123456789"
    assert get(client, "/robots.txt/x").status_code == 404


def test_its_url(client: Client, project: Project) -> None:
    """The folder's name is ``static``, its variable ``filename``."""
    app = project.load()
    assert app.url_for("static", filename="sub/b c.css") == "/static/sub/b%20c.css"
    assert app.url_for("robots") == "/robots.txt"


def test_head(client: Client) -> None:
    """The fields of GET, without the content."""
    head, full = get(client, "/static/a.txt", method="HEAD"), get(client, "/static/a.txt")
    assert head.data == b""
    assert head.content_length == 10
    assert head.headers == full.headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_files_are_only_read(client: Client, method: str) -> None:
    """Every other method is a 405."""
    response = get(client, "/static/a.txt", method=method)
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


def test_conditions(client: Client) -> None:
    """A client that has it is told so (RFC 9110 13)."""
    first = get(client, "/static/a.txt")
    tag, age = first.headers["ETag"], first.headers["Last-Modified"]

    def status(**fields: str) -> int:
        headers = {name.replace("_", "-"): value for name, value in fields.items()}
        return get(client, "/static/a.txt", headers=headers).status_code

    assert status(If_None_Match=tag) == 304
    assert status(If_None_Match='"other"') == 200
    assert status(If_Modified_Since=age) == 304
    assert status(If_Modified_Since=http_date(0)) == 200
    assert status(If_None_Match='"other"', If_Modified_Since=age) == 200
    assert status(If_Modified_Since="Sun, 06 Nov 1994 08:49:37 +" + "9" * 30) == 200
    not_modified = get(client, "/static/a.txt", headers={"If-None-Match": tag})
    assert not_modified.data == b""
    assert not_modified.headers["ETag"] == tag


@pytest.mark.parametrize(
    ("value", "status", "body", "content_range"),
    [
        ("bytes=2-4", 206, b"234", "bytes 2-4/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=8-", 206, b"89", "bytes 8-9/10"),
        ("bytes=0-99", 206, b"0123456789", "bytes 0-9/10"),
        ("bytes=10-", 416, None, "bytes */10"),
        ("bytes=4-2", 200, b"0123456789", None),
        ("lines=1-2", 200, b"0123456789", None),
        ("bytes=x", 200, b"0123456789", None),
        ("bytes=-", 200, b"0123456789", None),
        ("bytes=0-1,3-4", 200, b"0123456789", None),
        ("bytes=-0", 200, b"0123456789", None),
        ("bytes=" + ",".join("0-0" for _ in range(1300)), 200, b"0123456789", None),
    ],
)
def test_ranges(
    client: Client, value: str, status: int, body: bytes | None, content_range: str | None
) -> None:
    """One range is sent alone (RFC 9110 14); what is no range, or many, is the whole."""
    response = get(client, "/static/a.txt", headers={"Range": value})
    assert response.status_code == status
    assert response.headers.get("Content-Range") == content_range
    assert body in (None, response.data)


TRAVERSALS = [
    "../secret.txt",
    "../../etc/passwd",
    "sub/../../secret.txt",
    "sub/../a.txt",
    "./a.txt",
    "sub/./b.css",
    "..",
    ".",
    "...",
    "..\\secret.txt",
    "..;/secret.txt",
    "..\0/secret.txt",
    "../secret.txt\0.txt",
    "a.txt\0",
    "//etc/passwd",
    "/etc/passwd",
    "sub//../../secret.txt",
    "../public2/secret.txt",
    "%2e%2e/secret.txt",
    "..%2fsecret.txt",
    "%252e%252e/secret.txt",
    "..%c0%afsecret.txt",
    "\xc0\xae\xc0\xae/secret.txt",
    "\uff0e\uff0e/secret.txt",
    "~root/.bashrc",
    "C:/secret.txt",
    "file:///etc/passwd",
]


@pytest.mark.parametrize("name", TRAVERSALS)
def test_there_is_no_way_out(client: Client, name: str) -> None:
    """However it is spelt, percent-encoded or not."""
    octets = name.encode("utf-8").decode("latin-1")
    assert raw(client, f"/static/{octets}") in (404, 308)
    assert get(client, f"/static/{quote(name)}").status_code in (404, 308)
    followed = get(client, f"/static/{quote(name)}", follow_redirects=True)
    assert "secret" not in followed.text
    assert "root:" not in followed.text


@pytest.mark.parametrize("name", [".env", ".git/config", "sub/.hidden", ".", ".."])
def test_hidden_files_stay_hidden(client: Client, name: str) -> None:
    """A part that begins with a dot is never found."""
    assert raw(client, f"/static/{name}") == 404


@pytest.mark.parametrize("name", ["", "sub", "sub/", "a.txt/", "missing", "sub/b.css/x", "x" * 999])
def test_what_is_no_file(client: Client, name: str) -> None:
    """Folders have no index, and a file nothing below it."""
    assert raw(client, f"/static/{name}") in (404, 308)


def test_the_folder_itself_redirects_or_is_missing(client: Client) -> None:
    """Without a name there is nothing to send."""
    assert raw(client, "/static") == 404
    assert raw(client, "/static/") == 404


@pytest.mark.skipif(sys.platform == "win32", reason="needs symbolic links")
def test_symbolic_links(client: Client, project: Project) -> None:
    """Those that stay inside are followed, those that lead out are not."""
    public = project.folder / "public"
    (public / "inside.txt").symlink_to("a.txt")
    (public / "outside.txt").symlink_to("../secret.txt")
    (public / "absolute.txt").symlink_to(project.folder / "secret.txt")
    (public / "folder").symlink_to("..")
    (public / "loop").symlink_to("loop")
    (public / "beside").symlink_to("../public2")
    assert get(client, "/static/inside.txt").text == "0123456789"
    for name in (
        "outside.txt",
        "absolute.txt",
        "folder/secret.txt",
        "loop",
        "beside/secret.txt",
    ):
        assert get(client, f"/static/{name}").status_code == 404
    assert get(client, "/static/folder/public/a.txt").text == "0123456789"


@pytest.mark.skipif(sys.platform == "win32", reason="needs symbolic links")
def test_a_folder_that_is_a_link(project: Project) -> None:
    """The folder may be one itself, as a release's usually is."""
    project.write("releases/1/a.txt", "one")
    (project.folder / "current").symlink_to("releases/1")
    project.write("routes.toml", '[routes]\n"/static" = { static = "current" }\n')
    client = project.load().test_client()
    assert get(client, "/static/a.txt").text == "one"
    project.write("releases/2/a.txt", "two")
    (project.folder / "current").unlink()
    (project.folder / "current").symlink_to("releases/2")
    assert get(client, "/static/a.txt").text == "two"


@pytest.mark.skipif(sys.platform == "win32", reason="needs named pipes")
def test_what_is_no_regular_file(client: Client, project: Project) -> None:
    """A named pipe would be waited for until somebody writes."""
    os.mkfifo(project.folder / "public/pipe")
    assert get(client, "/static/pipe").status_code == 404


@contextmanager
def without_privileges() -> Iterator[None]:
    """Nothing may be read that is not for everybody, though root runs the tests."""
    if os.geteuid() == 0:
        os.seteuid(65534)
        try:
            yield
        finally:
            os.seteuid(0)
    else:
        yield


@pytest.mark.skipif(sys.platform == "win32", reason="needs permissions")
def test_a_file_that_may_not_be_read() -> None:
    """The client is told that it is forbidden, not that something failed."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        project = Project(Path(folder))
        project.write("public/a.txt", "a").chmod(0)
        project.write("routes.toml", '[routes]\n"/static" = { static = "public" }\n')
        client = project.load().test_client()
        with without_privileges():
            status = get(client, "/static/a.txt").status_code
        sys.path.remove(folder)
    assert status == 403


NAMES = ["ü ñ.txt", "a?b#c%.txt", "a+b&c=d.txt", "100%.txt", "日本.html", "a;b,c.txt", "'\"`.txt"]


@pytest.mark.parametrize("name", NAMES)
def test_odd_names(client: Client, project: Project, name: str) -> None:
    """A name is percent-encoded in the URL, and that is all."""
    (project.folder / "public" / name).write_text("odd", "utf-8")
    response = get(client, project.load().url_for("static", filename=name))
    assert (response.status_code, response.text) == (200, "odd")


def test_encodings(client: Client, project: Project) -> None:
    """A compressed file says how; a type that nobody knows is octets."""
    project.write("public/a.js.gz", "x")
    project.write("public/a.unheard", "x")
    compressed = get(client, "/static/a.js.gz")
    assert compressed.headers["Content-Encoding"] == "gzip"
    assert "javascript" in str(compressed.mimetype)
    assert get(client, "/static/a.unheard").mimetype == "application/octet-stream"


def test_an_empty_file(client: Client, project: Project) -> None:
    """It has no octets, and says so."""
    project.write("public/empty.txt", "")
    response = get(client, "/static/empty.txt")
    assert (response.status_code, response.data, response.content_length) == (200, b"", 0)


def test_a_changed_file(client: Client, project: Project) -> None:
    """A new content has a new tag; a removed file is not found."""
    tag = get(client, "/static/a.txt").headers["ETag"]
    project.write("public/a.txt", "something else")
    again = get(client, "/static/a.txt", headers={"If-None-Match": tag})
    assert (again.status_code, again.text) == (200, "something else")
    (project.folder / "public/a.txt").unlink()
    assert get(client, "/static/a.txt").status_code == 404
    assert get(client, "/robots.txt").status_code == 404


def test_over_a_socket(client: Client, project: Project) -> None:
    """A file that is larger than a block comes whole, and a HEAD leaves the line in order."""
    content = os.urandom(300_000)
    (project.folder / "public/large.bin").write_bytes(content)
    with running(project.load()) as server, server.connect() as line:
        assert line.get("/static/large.bin").body == content
        assert line.get("/static/large.bin", "HEAD").field("Content-Length") == "300000"
        part = line.get("/static/large.bin", fields="Range: bytes=299998-\r\n")
        assert (part.status, part.body) == (206, content[-2:])
        assert line.get("/static/missing").status == 404


PARTS = st.sampled_from(["..", ".", "", "a", "sub", "\0", "a.txt", "link", "%2e", "\\", "é", "~"])


@settings(deadline=None, database=None, max_examples=300)
@given(st.lists(PARTS | st.text(max_size=4), max_size=6))
def test_whatever_the_name(parts: list[str]) -> None:
    """A path that is found is a real one below the folder; no name raises."""
    folder = str(Path(__file__).parent / "support")
    found = file_below(folder, "/".join(parts))
    if found is not None:
        root = os.path.realpath(folder)
        assert os.path.commonpath([root, found]) == root
        assert found != root
        assert not any(part.startswith(".") for part in os.path.relpath(found, root).split(os.sep))


def test_the_root_of_the_file_system() -> None:
    """Also a folder without a parent has files below it."""
    here = os.path.realpath(__file__)
    drive, name = os.path.splitdrive(here)
    found = file_below(f"{drive}{os.sep}", name.strip(os.sep).replace(os.sep, "/"))
    assert found in (here, None)  # None where a folder above is a hidden one
