"""Redirects of a manifest: where they lead, with what status, and what they keep."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from werkzeug.test import Client, create_environ, run_wsgi_app

from tests.support.project import Project
from webzeug import App, ManifestError
from webzeug.manifest.model import RedirectTarget
from webzeug.redirects import RedirectHandler
from webzeug.wrappers import Request

VIEWS = """
    from webzeug import Response, View

    class Item(View):
        def GET(self, **args):
            return Response(repr(args))

        PUT = POST = GET

    class Other(Item):
        pass
"""

TARGETS = """
    "/items/<int:id>/" = { view = "views.Item", name = "item" }
    "/code/<int(fixed_digits=3):n>" = { view = "views.Item", name = "code" }
    "/feed" = { view = "views.Item", name = "feed", defaults = { page = 1 } }
    "/feed/<int:page>" = { view = "views.Item", name = "feed" }
    "/uuid/<uuid:u>" = { view = "views.Item", name = "u" }
    "/deep/<path:rest>" = { view = "views.Item", name = "deep" }
    "/tag/<name>" = { view = "views.Item", name = "tag" }
    "//api.example.com/v1" = { view = "views.Other", name = "api" }
"""


def client_of(project: Project, rows: str, extra: str = "") -> Client:
    project.write("views.py", VIEWS)
    project.write("routes.toml", f"[routes]\n{TARGETS}\n{rows}\n{extra}")
    return project.load().test_client()


def location(client: Client, url: str, **options: Any) -> str | None:
    return client.get(url, **options).headers.get("Location")


@pytest.mark.parametrize(
    ("row", "url", "expected"),
    [
        ('"/old/<int:id>" = { redirect = "item" }', "/old/7", "/items/7/"),
        ('"/old/<int:id>/<slug>" = { redirect = "item" }', "/old/7/x", "/items/7/"),
        ('"/old/<id>" = { redirect = "item" }', "/old/7", "/items/7/"),
        ('"/old/<id>" = { redirect = "item" }', "/old/seven", None),
        ('"/old/<int(fixed_digits=3):n>" = { redirect = "code" }', "/old/007", "/code/007"),
        ('"/old" = { redirect = "item", defaults = { id = 3 } }', "/old", "/items/3/"),
        ('"/old" = { redirect = "feed", defaults = { page = 1 } }', "/old", "/feed"),
        ('"/old/<int:page>" = { redirect = "feed" }', "/old/2", "/feed/2"),
        ('"/old/<int:page>" = { redirect = "feed" }', "/old/1", "/feed"),
        ('"/old/<path:rest>" = { redirect = "deep" }', "/old/a/b c/", "/deep/a/b%20c/"),
        ('"/old/<name>" = { redirect = "tag" }', "/old/caf%C3%A9%3F", "/tag/caf%C3%A9%3F"),
        ('"/old" = { redirect = "api" }', "/old", "http://api.example.com/v1"),
        ('"/old/<int:id>" = { redirect = "/items/<id>/" }', "/old/7", "/items/7/"),
        ('"/old/<int:id>" = { redirect = "/items/<int:id>/" }', "/old/7", "/items/7/"),
        ('"/old/<x>" = { redirect = "/caf\u00e9/<x>" }', "/old/%C3%BC", "/caf%C3%A9/%C3%BC"),
        ('"/old" = { redirect = "/" }', "/old", "/"),
        ('"/old/<path:rest>" = { redirect = "/<rest>" }', "/old/x/y", "/x/y"),
        (
            '"/old/<x>" = { redirect = "https://example.org/<x>?a=1", external = true }',
            "/old/b",
            "https://example.org/b?a=1",
        ),
        (
            '"/old" = { redirect = "//cdn.example.org/x", external = true }',
            "/old",
            "//cdn.example.org/x",
        ),
    ],
)
def test_where_it_leads(project: Project, row: str, url: str, expected: str | None) -> None:
    """By name, by pattern, to a URL; what makes no URL of the target's is not found."""
    client = client_of(project, row)
    response = client.get(url)
    assert response.headers.get("Location") == expected
    assert response.status_code == (404 if expected is None else 308)


@pytest.mark.parametrize(
    ("row", "url", "expected"),
    [
        ('"/old" = { redirect = "api" }', "/old?a=1&b=", "http://api.example.com/v1?a=1&b="),
        ('"/old/<int:id>" = { redirect = "item" }', "/old/7?q=%C3%A9+x", "/items/7/?q=%C3%A9+x"),
        ('"/old" = { redirect = "/new?mine=1" }', "/old?yours=2", "/new?mine=1&yours=2"),
        ('"/old" = { redirect = "/new#top" }', "/old?a=1", "/new?a=1#top"),
        ('"/old" = { redirect = "/new#top" }', "/old", "/new#top"),
        ('"/old" = { redirect = "/new?mine=1#top" }', "/old?a=1", "/new?mine=1&a=1#top"),
        (
            '"/old" = { redirect = "https://example.org/?x=%26", external = true }',
            "/old?a=%23",
            "https://example.org/?x=%26&a=%23",
        ),
    ],
)
def test_the_query_is_kept(project: Project, row: str, url: str, expected: str) -> None:
    """As it came, after a query that the target has, before its fragment."""
    assert location(client_of(project, row), url) == expected


@pytest.mark.parametrize("query", ["a=\xff", "a=\r\nX-Evil: 1", " \x00\x7f", "<>\"'`{}|\\^"])
def test_a_query_of_odd_octets(project: Project, query: str) -> None:
    """It is percent-encoded, octet for octet: nothing of it can end the header field."""
    app = client_of(project, '"/old" = { redirect = "/new" }').application
    environ = {**create_environ("/old"), "QUERY_STRING": query}
    _, status, headers = run_wsgi_app(app, environ)
    got = urlsplit(headers["Location"])
    assert status == "308 PERMANENT REDIRECT"
    assert (got.scheme, got.netloc, got.path) == ("", "", "/new")
    assert unquote(got.query, "latin-1") == query
    assert headers["Location"].isascii()
    assert headers["Location"].isprintable()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "PROPFIND"])
def test_every_status_for_every_verb(project: Project, status: int, method: str) -> None:
    """The status is the manifest's; no verb is refused."""
    client = client_of(project, f'"/old" = {{ redirect = "/new", status = {status} }}')
    response = client.open("/old", method=method)
    assert (response.status_code, response.headers["Location"]) == (status, "/new")


def test_below_a_mount_point(project: Project) -> None:
    """SCRIPT_NAME goes in front of what is ours, and of nothing else."""
    rows = """
        "/by-name/<int:id>" = { redirect = "item" }
        "/by-pattern" = { redirect = "/new" }
        "/away" = { redirect = "https://example.org/", external = true }
    """
    client = client_of(project, rows)
    base = "http://localhost/caf%C3%A9"
    assert location(client, "/by-name/7", base_url=base) == "/caf%C3%A9/items/7/"
    assert location(client, "/by-pattern", base_url=base) == "/caf%C3%A9/new"
    assert location(client, "/away", base_url=base) == "https://example.org/"


def test_an_upgrade_is_refused(project: Project) -> None:
    """A WebSocket handshake is not found there, for clients would not follow."""
    client = client_of(project, '"/old" = { redirect = "/new" }')
    fields = {"Connection": "Upgrade", "Upgrade": "websocket"}
    assert client.get("/old", headers=fields).status_code == 404


def test_the_hosts_word_is_not_taken(project: Project) -> None:
    """Within a host, Location is relative: the Host field is the client's."""
    client = client_of(project, '"/old/<int:id>" = { redirect = "item" }')
    assert location(client, "/old/7", headers={"Host": "evil.example"}) == "/items/7/"


def test_names_in_an_include(project: Project) -> None:
    """A name is looked up with the including group's name first, then as it stands."""
    project.write("views.py", VIEWS)
    project.write(
        "blog/routes.toml",
        """
        [routes]
        "/posts/<int:id>" = { view = "views.Item", name = "post" }
        "/p/<int:id>" = { redirect = "post" }
        "/home" = { redirect = "start" }
        """,
    )
    project.write(
        "routes.toml",
        """
        [routes]
        "/posts/<int:id>" = { view = "views.Other", name = "post" }
        "/" = { view = "views.Other", name = "start" }
        "/p/<int:id>" = { redirect = "post" }
        "/blog" = { include = "blog/routes.toml", name = "blog" }
        """,
    )
    client = project.load().test_client()
    assert location(client, "/blog/p/7") == "/blog/posts/7"
    assert location(client, "/blog/home") == "/"
    assert location(client, "/p/7") == "/posts/7"


def test_following_one(project: Project) -> None:
    """The client ends where it was sent, with its method and its body."""
    client = client_of(project, '"/old/<int:id>" = { redirect = "item" }')
    response = client.put("/old/7", data="body", follow_redirects=True)
    assert (response.status_code, response.text) == (200, "{'id': 7}")


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ('"/old" = { redirect = "nowhere" }', "WZ204"),
        ('"/old" = { redirect = "item" }', "WZ205"),
        ('"/old" = { redirect = "/items/<id>/" }', "WZ205"),
        ('"/old" = { redirect = "https://example.org/" }', "WZ206"),
        ('"/old" = { redirect = "//example.org/" }', "WZ206"),
        ('"/old" = { redirect = "/new", status = 304 }', "WZ012"),
    ],
)
def test_what_is_refused(project: Project, row: str, code: str) -> None:
    """Unknown names, missing variables and other sites are found before anything is served."""
    with pytest.raises(ManifestError) as caught:
        client_of(project, row)
    assert [each.kind.code for each in caught.value.diagnostics] == [code]


VALUES = st.text(min_size=1, max_size=20)


@settings(deadline=None, database=None)
@given(VALUES, st.dictionaries(VALUES, VALUES, max_size=3))
@example("/evil.example/x", {})
@example("//evil.example", {})
@example("\\evil.example", {})
@example("\r\nSet-Cookie: a=b", {})
@example("?a#b", {})
def test_no_value_leads_elsewhere(value: str, query: dict[str, str]) -> None:
    """Whatever the variable holds, the Location stays on the site, and says the value."""
    value = value.encode("utf-8", "replace").decode()
    handler = RedirectHandler(RedirectTarget("/<path:x>"))
    request = Request(create_environ("/", query_string=query))
    response = handler(App(), request, {"x": value})
    sent = dict(response.get_wsgi_headers(request.environ))["Location"]
    assert sent.startswith("/")
    assert not sent.startswith(("//", "/\\"))
    assert sent.isascii()
    assert sent.isprintable()
    got = urlsplit(sent)
    assert (got.scheme, got.netloc, got.fragment) == ("", "", "")
    assert unquote(got.path) == f"/{value.lstrip('/')}"
    assert parse_qsl(got.query, keep_blank_values=True) == list(request.args.items(multi=True))
