"""WSGI applications mounted under a prefix."""

from typing import TYPE_CHECKING, Any

import pytest

from tests.routing.conftest import TableOf
from tests.support.project import Project
from tests.support.tables import (
    MISSING,
    Outcome,
    ask,
    handshake,
    hit,
    read_text,
    redirect,
    refused,
    request,
)
from webzeug.manifest.reading import read_manifest
from webzeug.routing.compiling import Ingredients, compile_table
from webzeug.routing.table import RouteTable

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

TABLE = """
[routes]
"/app" = { wsgi = "m.app" }
"/app/admin/" = { wsgi = "m.admin" }
"/app/own" = "v.Own"
"/app/slashed/" = "v.Slashed"
"/app/post" = { view = "v.Post", methods = ["POST"] }
"/t/<tenant>/<int:number>" = { wsgi = "m.tenant" }
"/café" = { wsgi = "m.cafe" }
"""

WITH_ROOT = f"""{TABLE}
"/" = {{ wsgi = "m.root" }}
"/home" = "v.Home"
"""

Moved = tuple[str, str, str, dict[str, Any]]
"""What took a request, SCRIPT_NAME, PATH_INFO, and the variables."""


def moved(table: RouteTable[str], environ: "WSGIEnvironment") -> Moved:
    """What takes a request, and where it finds itself."""
    match = table.match(environ)
    inside = {**environ, **(match.moved or {})}
    return (match.handler, inside["SCRIPT_NAME"], inside["PATH_INFO"], dict(match.args))


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/app", ("m.app", "/app", "", {})),
        ("/app/", ("m.app", "/app", "/", {})),
        ("/app/x/y/", ("m.app", "/app", "/x/y/", {})),
        ("/app//x", ("m.app", "/app", "//x", {})),
        ("/app/own/", ("m.app", "/app", "/own/", {})),
        ("/app/administrator", ("m.app", "/app", "/administrator", {})),
        ("/app/admin", ("m.admin", "/app/admin", "", {})),
        ("/app/admin/x", ("m.admin", "/app/admin", "/x", {})),
        ("/t/a/7", ("m.tenant", "/t/a/7", "", {"tenant": "a", "number": 7})),
        ("/t/a/007/x", ("m.tenant", "/t/a/007", "/x", {"tenant": "a", "number": 7})),
        ("/t/a%20b/7/%2F", ("m.tenant", "/t/a b/7", "//", {"tenant": "a b", "number": 7})),
        ("/caf%C3%A9/%C3%A9", ("m.cafe", "/caf\xc3\xa9", "/\xc3\xa9", {})),
        ("/caf%c3%a9/%ff", ("m.cafe", "/caf\xc3\xa9", "/\xff", {})),
        ("/t/%C3%BC/7", ("m.tenant", "/t/\xc3\xbc/7", "", {"tenant": "ü", "number": 7})),
    ],
)
def test_a_mount_gets_what_follows_its_prefix(table: TableOf, target: str, expected: Moved) -> None:
    """The prefix moves from PATH_INFO to SCRIPT_NAME octet for octet; the longest one wins."""
    assert moved(table(TABLE), request(target)) == expected


@pytest.mark.parametrize(
    "target",
    ["/", "", "/t/a%2fb/7", "/ap", "/apps", "/application/x", "/x/app", "/t/a", "/t/a/b", "/App"],
)
def test_a_prefix_ends_at_a_slash(table: TableOf, target: str) -> None:
    """No part of a segment is a prefix, and a converter may refuse one."""
    assert ask(table(TABLE), request(target)) == MISSING


@pytest.mark.parametrize(
    ("target", "outcome"),
    [
        ("/app/own", hit("own")),
        ("/app/slashed/", hit("slashed")),
        ("/app/slashed", redirect("/app/slashed/")),
        ("/app//own", redirect("/app/own")),
        ("/app/post", refused("POST")),
    ],
)
def test_a_mount_loses_to_every_route(table: TableOf, target: str, outcome: Outcome) -> None:
    """Also to one that redirects, or that refuses the verb."""
    environ = request(target)
    assert ask(table(TABLE), environ) == outcome
    assert environ == request(target), "the environ is left alone"


@pytest.mark.parametrize("method", ["GET", "POST", "PROPFIND", "OPTIONS", "get", "WEBSOCKET"])
def test_a_mount_takes_every_method(table: TableOf, method: str) -> None:
    """What it makes of one is its own business."""
    assert moved(table(TABLE), request("/app/x", method))[0] == "m.app"


@pytest.mark.parametrize("target", ["/app", "/app/x", "/app/slashed"])
def test_a_mount_takes_handshakes(table: TableOf, target: str) -> None:
    """Also where a route would redirect a plain request, for a handshake is not redirected."""
    assert moved(table(TABLE), handshake(target))[0] == "m.app"


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/", ("m.root", "", "/", {})),
        ("", ("m.root", "", "", {})),
        ("/x", ("m.root", "", "/x", {})),
        ("//app/x", ("m.root", "", "//app/x", {})),
        ("///", ("m.root", "", "///", {})),
        ("*", ("m.root", "", "*", {})),
        ("/app/x", ("m.app", "/app", "/x", {})),
        ("/t/a", ("m.root", "", "/t/a", {})),
        ("/home", ("home", "", "/home", {})),
    ],
)
def test_the_root_can_be_mounted(table: TableOf, target: str, expected: Moved) -> None:
    """It gets all the rest, its SCRIPT_NAME being empty and never a lone slash (PEP 3333)."""
    assert moved(table(WITH_ROOT), request(target)) == expected


def test_two_slashes_in_front_are_no_prefix(table: TableOf) -> None:
    """As SCRIPT_NAME they would make a host of the prefix in URLs that the application builds."""
    text = '[routes]\n"/<tenant>" = { wsgi = "m.app" }'
    assert ask(table(text), request("//evil.com/x")) == MISSING
    assert moved(table(text), request("/evil.com/x"))[:3] == ("m.app", "/evil.com", "/x")


def test_prefixes_add_up(table: TableOf) -> None:
    """An application that is mounted itself passes on where."""
    environ = request("/app/x", SCRIPT_NAME="/outer")
    assert moved(table(TABLE), environ)[1:3] == ("/outer/app", "/x")
    environ = request("/app/x")
    del environ["SCRIPT_NAME"]
    assert moved(table(TABLE), environ)[1:3] == ("/app", "/x")


def test_hosts_choose_among_mounts(table: TableOf) -> None:
    """The longest prefix first, then the row that names port or host, then one without."""
    text = """
    [routes]
    "/app" = { wsgi = "m.any" }
    "/app/long" = { wsgi = "m.long" }
    "//a.test/app" = { wsgi = "m.host" }
    "//a.test:8000/app" = { wsgi = "m.port" }
    "//<sub>.b.test/app" = { wsgi = "m.sub" }
    """
    asked = [
        ("/app/x", "other", "m.any"),
        ("/app/x", "a.test", "m.host"),
        ("/app/x", "a.test:81", "m.host"),
        ("/app/x", "a.test:8000", "m.port"),
        ("/app/long", "a.test:8000", "m.long"),
        ("/app/x", "[::1]:8000", "m.any"),
    ]
    compiled = table(text)
    for target, host, expected in asked:
        assert moved(compiled, request(target, host=host))[0] == expected
    sub = moved(compiled, request("/app/x", host="s.b.test"))
    assert sub == ("m.sub", "/app", "/x", {"sub": "s"})


def test_a_named_mount_builds_urls_and_takes_no_route(table: TableOf) -> None:
    """Its name leads to its prefix as written; a route may have the same pattern."""
    text = """
    [routes]
    "/app/" = { wsgi = "m.app", name = "mounted" }
    [routes."/"]
    "/app/" = "v.Own"
    """
    compiled = table(text)
    assert [route.path for route in compiled.names["mounted"]] == ["/app/"]
    assert ask(compiled, request("/app/")) == hit("own")
    assert moved(compiled, request("/app/x"))[:3] == ("mounted", "/app", "/x")


@pytest.mark.parametrize("variable", ["<path:rest>", '<regex("a/b"):rest>'])
def test_a_prefix_cannot_take_slashes(project: Project, variable: str) -> None:
    """Where it ends would be anybody's guess."""
    manifest = read_text(project.manifest, f"[routes]\n'/{variable}' = {{ wsgi = 'm.app' }}")
    compiled = compile_table(manifest.routes, str, Ingredients())
    expected = f"a mount's prefix cannot hold {variable}, which takes slashes"
    assert [problem.message for problem in compiled.problems] == [expected]


def test_a_view_learns_where_it_is_mounted(project: Project) -> None:
    """Through a real App: SCRIPT_NAME, PATH_INFO and the variables of the prefix."""
    project.write(
        "m.py",
        """
        def app(environ, start_response):
            start_response("200 OK", [("Content-Type", "text/plain")])
            args = environ["webzeug.args"]
            return [repr((environ["SCRIPT_NAME"], environ["PATH_INFO"], args)).encode()]
        """,
    )
    project.write("routes.toml", '[routes]\n"/t/<int:number>" = { wsgi = "m.app" }')
    assert read_manifest(str(project.manifest))[1] == ()
    response = project.load().test_client().get("/t/7/caf%C3%A9")
    assert response.text == repr(("/t/7", "/caf\xc3\xa9", {"number": 7}))
