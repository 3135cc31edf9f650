"""Apps are WSGI applications to the letter of PEP 3333, as ``wsgiref.validate`` reads it."""

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any
from wsgiref.validate import InputWrapper, validator

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from tests.support.project import Project
from webzeug import App, load

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

ROOT = Path(__file__).parents[1]

# `validate` knows the verbs of HTTP/1.1 and no others.
pytestmark = pytest.mark.filterwarnings("ignore:Unknown REQUEST_METHOD")

MODULE = """
    from wsgiref.validate import validator
    from webzeug import App, Response, View, abort, json_response, redirect

    class Any(View):
        def GET(self, **args):
            return Response(f"{self.url_for('any', query={'a': 1})} {args}")

        def POST(self, **args):
            return Response(self.request.get_data())

        def PUT(self, **args):
            return json_response(self.request.get_json())

        def PATCH(self, **args):
            return Response(status=204)

        def DELETE(self, **args):
            raise ValueError("fails")

        def LOCK(self, **args):
            abort(423)

        def FORM(self, **args):
            return Response(f"{self.request.form} {self.request.files}")

        def ERROR(self, error):
            return Response(f"page of {error.code}")

    class Stream(View):
        def GET(self):
            return Response(str(number) for number in range(3))

    class Plain(View):
        def GET(self):
            def wsgi(environ, start_response):
                start_response("200 OK", [("Content-Type", "text/plain")])
                return [b"plain"]
            return wsgi

    class Writes(View):
        def GET(self):
            def wsgi(environ, start_response):
                write = start_response("200 OK", [("Content-Type", "text/plain")])
                write(b"written ")
                return [b"returned"]
            return wsgi

    class Begins(View):
        def GET(self):
            def wsgi(environ, start_response):
                start_response("200 OK", [("Content-Type", "text/plain")])
                raise ValueError("begun")
            return wsgi

    class Sends(View):
        def GET(self):
            return redirect("/any")

    @validator
    def mounted(environ, start_response):
        return Response("mounted")(environ, start_response)

    inner = validator(App([("/in", "in", Plain), ("/any", "any", Any)]))

    class Wrap:
        def __init__(self, app):
            self.app = app

        def __call__(self, environ, start_response):
            return self.app(environ, start_response)
"""

MANIFEST = """
    middleware = ["wsgiref.validate.validator", "parts.Wrap"]

    [routes]
    "/any" = "parts.Any"
    "/any/<int:id>/" = { view = "parts.Any", name = "one" }
    "/stream" = "parts.Stream"
    "/plain" = "parts.Plain"
    "/writes" = "parts.Writes"
    "/begins" = "parts.Begins"
    "/sends" = "parts.Sends"
    "/redirect/<int:id>" = { redirect = "one" }
    "/mounted" = { wsgi = "parts.mounted" }
    "/inner" = { wsgi = "parts.inner" }
    "/static" = { static = "public" }
    "/file" = { static = "public/a.txt", name = "file" }
    "/verbs" = { GET = "parts.Any", PUT = "parts.Any" }
    "//api.example.com/any" = { view = "parts.Any", name = "api" }

    [routes."/group"]
    name = "group"
    middleware = ["wsgiref.validate.validator", "parts.Wrap", "wsgiref.validate.validator"]
    "/any" = "parts.Any"
    "/stream" = "parts.Stream"
    "/mounted" = { wsgi = "parts.mounted" }
    "/static" = { static = "public" }
    "/redirect" = { redirect = "/any" }

    [errors]
    404 = "parts.Any"
    500 = "parts.Any"
"""

REQUESTS = [
    ("GET", "/any", 200),
    ("HEAD", "/any", 200),
    ("OPTIONS", "/any", 204),
    ("POST", "/any", 200),
    ("PATCH", "/any", 204),
    ("DELETE", "/any", 500),
    ("LOCK", "/any", 423),
    ("BREW", "/any", 405),
    ("any", "/any", 405),
    ("GET", "/any/7/", 200),
    ("GET", "/any/7", 308),
    ("GET", "/any/x/", 404),
    ("GET", "/stream", 200),
    ("HEAD", "/stream", 200),
    ("GET", "/plain", 200),
    ("GET", "/writes", 200),
    ("GET", "/begins", 500),
    ("GET", "/sends", 302),
    ("GET", "/redirect/7", 308),
    ("POST", "/redirect/7", 308),
    ("GET", "/mounted", 200),
    ("GET", "/mounted/x/y", 200),
    ("GET", "/inner/in", 200),
    ("POST", "/inner/in", 405),
    ("GET", "/inner/missing", 404),
    ("DELETE", "/inner/any", 500),
    ("GET", "/static/a.txt", 200),
    ("HEAD", "/static/a.txt", 200),
    ("POST", "/static/a.txt", 405),
    ("GET", "/static/missing", 404),
    ("GET", "/file", 200),
    ("GET", "/verbs", 200),
    ("OPTIONS", "/verbs", 204),
    ("DELETE", "/verbs", 405),
    ("GET", "/group/any", 200),
    ("DELETE", "/group/any", 500),
    ("LOCK", "/group/any", 423),
    ("GET", "/group/stream", 200),
    ("GET", "/group/mounted/x", 200),
    ("GET", "/group/static/a.txt", 200),
    ("GET", "/group/redirect", 308),
    ("GET", "/missing", 404),
    ("GET", "/caf\u00e9", 404),
    ("GET", "/", 404),
]


@pytest.fixture(autouse=True)
def reads_without_a_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """``validate`` wants a size for each ``read``; PEP 3333 does not, and Werkzeug gives none."""

    def read(self: Any, *args: int) -> bytes:
        content: bytes = self.input.read(*args)
        return content

    monkeypatch.setattr(InputWrapper, "read", read)


@pytest.fixture
def app(project: Project) -> App:
    """An App with every kind of target, itself and its parts between validators."""
    project.write("parts.py", MODULE)
    project.write("public/a.txt", "0123456789")
    project.write("routes.toml", MANIFEST)
    return project.load(eager=True)


def environ_of(method: str, path: str, **options: Any) -> "WSGIEnvironment":
    builder = EnvironBuilder(path, method=method, **options)
    environ = {**builder.get_environ(), "QUERY_STRING": options.get("query_string", "")}
    builder.close()
    return environ


def ask(app: Any, environ: "WSGIEnvironment") -> tuple[int, bytes]:
    """Ask through a validator, which raises AssertionError at what PEP 3333 forbids.

    Read the answer as a server does: all blocks, then ``close``.
    """
    started: list[str] = []
    written: list[bytes] = []

    def start_response(status: str, headers: Any, exc_info: Any = None) -> Any:
        assert exc_info or not started
        started.append(status)
        return written.append

    answer = validator(app)(environ, start_response)
    try:
        body = b"".join(answer)
    finally:
        answer.close()  # type: ignore[attr-defined]
    return int(started[-1][:3]), b"".join(written) + body


@pytest.mark.parametrize(("method", "path", "status"), REQUESTS)
def test_every_target_keeps_the_contract(app: App, method: str, path: str, status: int) -> None:
    """Whatever answers, and whether it fails: the App's side of PEP 3333 is kept."""
    got, body = ask(app, environ_of(method, path))
    assert got == status
    assert method != "HEAD" or body == b""


@pytest.mark.parametrize("path", ["/any", "/group/any", "/inner/any"])
def test_bodies(app: App, path: str) -> None:
    """Bodies are read through the validators: raw, as JSON, as a form with a file."""
    assert ask(app, environ_of("POST", path, data=b"octets")) == (200, b"octets")
    assert ask(app, environ_of("PUT", path, json=[1])) == (200, b"[1]")
    form = {"a": "1", "f": (io.BytesIO(b"x"), "f.txt")}
    status, body = ask(app, environ_of("FORM", path, data=form))
    assert (status, b"'1'" in body, b"f.txt" in body) == (200, True, True)
    broken = environ_of("PUT", path, data=b"{", content_type="application/json")
    assert ask(app, broken)[0] == 400


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"HTTP_RANGE": "bytes=1-2"}, 206),
        ({"HTTP_RANGE": "bytes=99-"}, 416),
        ({"HTTP_IF_MODIFIED_SINCE": "Fri, 01 Jan 2100 00:00:00 GMT"}, 304),
        ({"HTTP_CONNECTION": "Upgrade", "HTTP_UPGRADE": "websocket"}, 404),
    ],
)
def test_conditions_and_upgrades(app: App, fields: dict[str, str], status: int) -> None:
    """Answers without content, or with a part of it, keep it as well."""
    path = "/redirect/7" if "HTTP_UPGRADE" in fields else "/static/a.txt"
    assert ask(app, {**environ_of("GET", path), **fields})[0] == status


def test_hosts(app: App) -> None:
    """A route of another host."""
    environ = environ_of("GET", "/any", base_url="http://api.example.com/")
    assert ask(app, environ)[0] == 200
    assert ask(app, {**environ, "HTTP_HOST": "a b"})[0] == 400


def test_odd_environs(app: App) -> None:
    """Octets that are no UTF-8, a mount point, an empty path."""
    environ = environ_of("GET", "/any")
    assert ask(app, {**environ, "PATH_INFO": "/\xff\x00"})[0] == 404
    assert ask(app, {**environ, "QUERY_STRING": "\xff"})[0] == 200
    assert b"/site/any?a=1" in ask(app, {**environ, "SCRIPT_NAME": "/site"})[1]
    assert ask(app, {**environ, "SCRIPT_NAME": "/site", "PATH_INFO": ""})[0] == 404


def test_the_examples(project: Project) -> None:
    """The tour, with every key of the language, keeps it too."""
    app = load(ROOT / "routes.example.toml", environ={}, config=None)
    with app:
        for path in ("/", "/people/bob/", "/feed/", "/static/hello.txt", "/mounted/x", "/missing"):
            assert ask(app, environ_of("GET", path))[0] in (200, 404)
        assert ask(app, environ_of("GET", "/people/bob"))[0] == 308


def test_werkzeugs_own_reader(app: App) -> None:
    """Werkzeug's way to run a WSGI application agrees with the validator's."""
    for method, path, status in REQUESTS:
        if status != 500:
            _, got, _ = run_wsgi_app(app, environ_of(method, path), buffered=True)
            assert (path, int(got[:3])) == (path, status)
