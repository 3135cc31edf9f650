"""Health and readiness: routes of the manifest that an orchestrator asks."""

import json

import pytest

from tests.support.local import running
from tests.support.project import Project
from webzeug import load
from webzeug.loader import Options, build, read
from webzeug.manifest.model import Server as ServerOptions
from webzeug.reloading import Site

VIEWS = """
    from webzeug import Response, View

    class Index(View):
        def GET(self):
            return Response("hello")

    def forbidding(app):
        def wrapped(environ, start_response):
            start_response("403 Forbidden", [("Content-Length", "0")])
            return []
        return wrapped
    """

MANIFEST = """
    [routes]
    "/" = "shop.Index"
    "//<h>.example.com/<path:rest>" = "shop.Index"

    [[middleware]]
    use = "shop.forbidding"

    [server]
    health = "/healthz"
    ready = "/-/readyz"
    """


@pytest.fixture
def shop(project: Project) -> Project:
    project.write("shop.py", VIEWS)
    project.write("routes.toml", MANIFEST)
    return project


def test_they_answer(shop: Project) -> None:
    """200 and a small JSON object that no cache keeps; `ready` names the table."""
    with load(shop.manifest) as app:
        client = app.test_client()
        health, ready = client.get("/healthz"), client.get("/-/readyz")
        assert (health.status_code, health.get_json()) == (200, {"status": "alive"})
        assert health.headers["Cache-Control"] == "no-store"
        expected = {"status": "ready", "generation": 1, "table": app.digest}
        assert (ready.status_code, ready.get_json()) == (200, expected)
        assert client.head("/healthz").status_code == 200
        assert client.post("/healthz").headers["Allow"] == "GET, HEAD, OPTIONS"


def test_a_server_that_stops_is_not_ready(shop: Project) -> None:
    """It still lives."""
    with load(shop.manifest) as app:
        app.draining.set()
        client = app.test_client()
        ready = client.get("/-/readyz")
        assert (ready.status_code, ready.get_json()["status"]) == (503, "draining")
        assert client.get("/healthz").status_code == 200


def test_a_swap_is_seen(shop: Project) -> None:
    """The generation counts up, and the hash is that of the new files."""
    path = str(shop.manifest)
    options = Options(environ={})
    site = Site(path, options, build(path, options))
    with site.app as app:
        first = app.digest
        shop.write("routes.toml", MANIFEST + "    # changed\n")
        site.reload()
        expected = {"status": "ready", "generation": 2, "table": app.digest}
        assert app.test_client().get("/-/readyz").json == expected
        assert app.digest != first


def test_middlewares_do_not_see_them(shop: Project) -> None:
    """What refuses all other requests does not refuse a probe."""
    with load(shop.manifest) as app:
        client = app.test_client()
        assert client.get("/").status_code == 403
        assert client.get("/healthz").status_code == 200


def test_they_are_not_logged(shop: Project, caplog: pytest.LogCaptureFixture) -> None:
    """A probe every few seconds is no news."""
    caplog.set_level("INFO", "webzeug.access")
    with load(shop.manifest) as app, running(app) as server:
        assert server.get("/healthz").status == 200
        assert server.get("/").status == 403
    (record,) = [r for r in caplog.records if r.name == "webzeug.access"]
    assert '"GET / HTTP/1.1" 403' in record.getMessage()


@pytest.mark.parametrize(
    ("target", "host", "status"),
    [
        ("/healthz", "10.0.0.7:8000", 200),
        ("/-/readyz", "[::1]", 200),
        ("/healthz", "example.com", 200),
        ("/healthz", "evil.example", 421),
        ("/healthz", "a.example.com", 421),
        ("/", "10.0.0.7", 421),
        ("/healthz/", "10.0.0.7", 421),
    ],
)
def test_trusted_hosts(shop: Project, target: str, host: str, status: int) -> None:
    """An address will do for a probe, and for nothing else."""
    options = _options("example.com")
    with load(shop.manifest) as app, running(app, options) as server, server.connect() as client:
        assert client.get(target, host=host).status == status


def test_http_1_0_without_a_host(shop: Project) -> None:
    """It is how some balancers ask; where hosts are trusted, they get an answer too."""
    with load(shop.manifest) as app:
        with running(app, _options("example.com")) as server, server.connect() as client:
            client.send("GET /healthz HTTP/1.0\r\n\r\n")
            assert client.read().status == 200
        with running(app, _options("example.com")) as server, server.connect() as client:
            client.send("GET / HTTP/1.0\r\n\r\n")
            assert client.read().status == 421


def _options(*hosts: str) -> ServerOptions:
    return ServerOptions(
        bind="127.0.0.1:0", grace=0, trusted_hosts=hosts, health="/healthz", ready="/-/readyz"
    )


def test_they_are_routes(shop: Project) -> None:
    """`routes` lists them, in table and JSON, with the line of their key; `match` finds them."""
    result = shop.run("routes", "--format", "json")
    rows = {row["path"]: row for row in json.loads(result.out)}
    assert (rows["/healthz"]["kind"], rows["/healthz"]["target"]) == ("probe", "health")
    assert rows["/healthz"]["verbs"] == ["GET"]
    assert rows["/-/readyz"]["declared"]["line"] == 10
    assert "answered by  [server] health" in shop.run("match", "GET", "/healthz").out


def test_without_them(project: Project) -> None:
    """No path answers that the manifest does not name."""
    project.write("shop.py", VIEWS)
    project.write("routes.toml", '[routes]\n"/" = "shop.Index"\n')
    with load(project.manifest) as app:
        assert app.test_client().get("/healthz").status_code == 404


@pytest.mark.parametrize("path", ["healthz", "/a b", "/<int:id>", "/a?b", "//host/a", "/"])
def test_what_is_no_path_of_a_probe(project: Project, path: str) -> None:
    """It has no variables, no query and no host, and is more than the root."""
    project.write("routes.toml", f'[routes]\n"/x" = "shop.Index"\n[server]\nhealth = "{path}"\n')
    (diagnostic,) = read(str(project.manifest)).diagnostics
    assert "it must be a path without variables" in diagnostic.message


@pytest.mark.parametrize("other", ["routes", "server"])
def test_a_path_that_is_taken(project: Project, other: str) -> None:
    """A route that repeats it, or the other probe, is told at its place."""
    more = {"routes": '[routes]\n"/healthz" = "shop.Index"\n', "server": ""}[other]
    keys = 'health = "/healthz"\n' + ('ready = "/healthz"\n' if other == "server" else "")
    project.write("routes.toml", f"{more or '[routes]' + chr(10)}[server]\n{keys}")
    messages = [d.message for d in read(str(project.manifest)).diagnostics]
    assert any("`/healthz` is already a route" in message for message in messages)
