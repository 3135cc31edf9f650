"""Well-known WSGI middlewares work unchanged: the lines of docs/middlewares.md are tried."""

import re
from typing import Any

import pytest
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client

from tests.support.documents import DOCS
from tests.support.project import Project
from tests.support.serving import serving
from webzeug import App

MODULE = """
    from webzeug import Response, View

    class Shows(View):
        def GET(self, **args):
            request = self.request
            return Response(f"{request.remote_addr} {request.url} {request.script_root} {args}")

    class Counts(View):
        def GET(self):
            session = self.request.environ["beaker.session"]
            session["n"] = session.get("n", 0) + 1
            return Response(str(session["n"]))

    class Fails(View):
        def GET(self):
            raise ValueError("the reason")
"""

ROUTES = """
[routes]
"/" = "parts.Shows"
"/items/<int:id>" = "parts.Shows"
"/counts" = "parts.Counts"
"/fails" = "parts.Fails"
"""


def app_with(project: Project, title: str, **options: Any) -> App:
    """An application with the lines below a title of the page."""
    project.write("parts.py", MODULE)
    project.write("routes.toml", ROUTES + lines(title))
    return project.load(**options)


def lines(title: str) -> str:
    page = (DOCS / "middlewares.md").read_text("utf-8")
    found = re.search(rf"^## [^\n]*{title}\n+```toml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert found, title
    return found[1]


def test_proxy_fix(project: Project) -> None:
    """Over HTTP, the client and the URL are those that the proxy has seen."""
    project.write("parts.py", MODULE)
    project.write("routes.toml", ROUTES + lines("ProxyFix"))
    fields = (
        "X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Proto: https\r\n"
        "X-Forwarded-Host: shop.example\r\n"
    )
    with serving(project) as server:
        assert server.get("/", fields=fields).body == b"192.0.2.7 https://shop.example/  {}"


def test_whitenoise(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are served with what WhiteNoise adds; everything else is passed on."""
    pytest.importorskip("whitenoise")
    monkeypatch.chdir(project.folder)
    project.write("files/a.txt", "text")
    client = app_with(project, "WhiteNoise").test_client()
    with client.get("/files/a.txt") as answer:
        assert (answer.data, answer.headers["Cache-Control"]) == (b"text", "max-age=60, public")
        etag = answer.headers["ETag"]
    assert client.get("/files/a.txt", headers={"If-None-Match": etag}).status_code == 304
    assert client.get("/files/../parts.py").status_code == 404
    assert client.get("/").status_code == 200


def test_beaker(project: Project) -> None:
    """A session goes on with the next request, in a cookie with safe flags."""
    pytest.importorskip("beaker")
    client = app_with(project, "Beaker").test_client()
    answer = client.get("/counts", base_url="https://localhost")
    assert answer.text == "1"
    flags = {flag.strip().lower() for flag in answer.headers["Set-Cookie"].split(";")}
    assert {"httponly", "secure", "samesite=lax"} <= flags
    assert client.get("/counts", base_url="https://localhost").text == "2"


def test_wsgicors(project: Project) -> None:
    """A preflight is answered before the table, and answers have the field."""
    pytest.importorskip("wsgicors")
    client = app_with(project, "wsgicors").test_client()
    origin = {"Origin": "https://app.example.com"}
    answer = client.get("/", headers=origin)
    assert answer.headers["Access-Control-Allow-Origin"] == "https://app.example.com"
    preflight = client.options("/", headers={**origin, "Access-Control-Request-Method": "POST"})
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
    other = client.get("/", headers={"Origin": "https://evil.example"})
    assert other.headers.get("Access-Control-Allow-Origin") != "https://evil.example"


def test_the_debugger(project: Project) -> None:
    """It gets the exception that a View has raised."""
    app = app_with(project, "The debugger of Werkzeug", propagate_errors=True)
    answer = Client(app).get("/fails")
    assert answer.status_code == 500
    assert "ValueError: the reason" in answer.text


def test_dispatcher(project: Project) -> None:
    """An App below a prefix builds its URLs with the prefix."""
    app = app_with(project, "ProxyFix")
    client = Client(DispatcherMiddleware(App(), {"/shop": app}))
    environ = {"REMOTE_ADDR": "127.0.0.1"}
    assert (
        client.get("/shop/items/7", environ_base=environ).text
        == "127.0.0.1 http://localhost/shop/items/7 /shop {'id': 7}"
    )
    assert client.get("/items/7").status_code == 404
