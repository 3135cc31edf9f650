"""Well-known WSGI middlewares work unchanged: the lines of docs/middlewares.md are tried."""

import asyncio
import re
import sys
from typing import Any, cast

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
    app = app_with(project, "The debugger of Werkzeug")
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


def test_opentelemetry(project: Project) -> None:
    """A span has the template of the route that answered."""
    pytest.importorskip("opentelemetry.instrumentation.wsgi")
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    project.write("tracing.py", program("tracing.py"))
    app = app_with(project, "OpenTelemetry")
    client = app.test_client()
    assert client.get("/items/7").status_code == 200
    exporter = sys.modules["tracing"].exporter
    assert isinstance(exporter, InMemorySpanExporter)
    (span,) = exporter.get_finished_spans()
    assert span.attributes is not None
    assert span.attributes["http.route"] == "/items/<int:id>"
    sys.modules.pop("tracing")


def test_prometheus(project: Project) -> None:
    """Its application is mounted, and shows what Views count."""
    pytest.importorskip("prometheus_client")
    project.write("metrics.py", program("metrics.py"))
    project.write("parts.py", MODULE)
    project.write("routes.toml", ROUTES + lines("prometheus_client"))
    answer = project.load().test_client().get("/metrics")
    assert answer.status_code == 200
    assert b"visits_total 1.0" in answer.data
    sys.modules.pop("metrics")


def test_flask(project: Project) -> None:
    """A Flask application is mounted beside Views."""
    pytest.importorskip("flask")
    project.write("old.py", program("old.py"))
    project.write("parts.py", MODULE)
    project.write("routes.toml", ROUTES + lines("A Flask application beside Views"))
    client = project.load().test_client()
    assert client.get("/old/hello/ann").data == b"hello ann at /old/hello/ann"
    assert client.get("/items/7").status_code == 200
    sys.modules.pop("old")


def test_wsgi_to_asgi(project: Project) -> None:
    """An ASGI server can serve an App."""
    pytest.importorskip("asgiref")
    from asgiref.testing import ApplicationCommunicator
    from asgiref.wsgi import WsgiToAsgi

    project.write("parts.py", MODULE)
    project.write("routes.toml", ROUTES)
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/items/7",
        "query_string": b"",
        "headers": [(b"host", b"test")],
        "server": ("test", 80),
        "client": ("192.0.2.1", 1),
        "http_version": "1.1",
    }

    async def ask() -> tuple[Any, Any]:
        asgi: Any = cast("Any", WsgiToAsgi)(project.load())
        communicator: Any = cast("Any", ApplicationCommunicator)(asgi, scope)
        await communicator.send_input({"type": "http.request", "body": b""})
        outputs = [await communicator.receive_output(), await communicator.receive_output()]
        while outputs[-1].get("more_body"):
            outputs.append(await communicator.receive_output())
        await communicator.wait()  # its thread would wait for this loop for ever
        return outputs[0], outputs[1]

    start, body = asyncio.run(ask())
    assert start["status"] == 200
    assert body["body"] == b"192.0.2.1 http://test/items/7  {'id': 7}"


def test_sentry(project: Project) -> None:
    """What a View has raised is told, and the answer is the page of 500 all the same."""
    sentry_sdk = pytest.importorskip("sentry_sdk")
    told: list[dict[str, Any]] = []

    def keep(event: dict[str, Any], hint: object) -> None:
        told.append(event)

    with sentry_sdk.new_scope() as scope:
        client = sentry_sdk.Client(
            dsn="http://key@127.0.0.1:9/1", before_send=keep, default_integrations=False
        )
        scope.set_client(client)
        app = app_with(project, "Errors: Sentry")
        assert app.test_client().get("/fails").status_code == 500
        client.close(timeout=0)
    (event,) = told
    assert event["exception"]["values"][-1]["value"] == "the reason"


def test_django(project: Project) -> None:
    """A Django application is mounted beside Views."""
    pytest.importorskip("django")
    project.write("site_of_django.py", program("site_of_django.py"))
    project.write("parts.py", MODULE)
    project.write("routes.toml", ROUTES + lines("A Django application beside Views"))
    with serving(project) as server:
        assert server.get("/django/hello/ann").body == b"hello ann at /django/hello/ann"
        assert server.get("/items/7").status == 200


def program(name: str) -> str:
    page = (DOCS / "middlewares.md").read_text("utf-8")
    found = re.search(rf"^<!-- file: {name} -->\n```python\n(.*?)^```", page, re.M | re.S)
    assert found, name
    return found[1]
