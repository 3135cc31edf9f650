"""Verbs: methods as sent, HEAD, and WebSocket handshakes."""

import pytest

from tests.routing.conftest import TableOf
from tests.support.tables import Outcome, ask, handshake, hit, redirect, refused, request
from webzeug.routing.verbs import allowed_verbs, is_upgrade, request_verb

TABLE = """
[routes]
"/any" = "v.Any"
"/get" = { view = "v.Get", methods = ["GET"] }
"/post" = { view = "v.Post", methods = ["POST"] }
"/split" = { GET = { view = "v.S", name = "get-it" }, HEAD = { view = "v.S", name = "head-it" } }
"/live" = { view = "v.Live", methods = ["GET", "WEBSOCKET"] }
"/socket" = { view = "v.Socket", methods = ["WEBSOCKET"] }
"/odd" = { view = "v.Odd", methods = ["M-SEARCH"] }
"/slash/" = "v.Slash"
"""


@pytest.mark.parametrize(
    ("target", "method", "outcome"),
    [
        ("/any", "GET", hit("any")),
        ("/any", "DELETE", hit("any")),
        ("/any", "BREW", hit("any")),
        ("/any", "get", hit("any")),
        ("/any", "WEBSOCKET", hit("any")),
        ("/get", "GET", hit("get")),
        ("/get", "HEAD", hit("get")),
        ("/get", "get", refused("GET")),
        ("/get", "Get", refused("GET")),
        ("/get", "-", refused("GET")),
        ("/get", "", refused("GET")),
        ("/get", "OPTIONS", refused("GET")),
        ("/post", "HEAD", refused("POST")),
        ("/post", "post", refused("POST")),
        ("/split", "GET", hit("get-it")),
        ("/split", "HEAD", hit("head-it")),
        ("/live", "GET", hit("live")),
        ("/live", "WEBSOCKET", refused("GET")),
        ("/socket", "GET", refused()),
        ("/socket", "WEBSOCKET", refused()),
        ("/odd", "M-SEARCH", hit("odd")),
        ("/odd", "m-search", refused("M-SEARCH")),
    ],
)
def test_a_method_leads_to_the_row_that_claims_it(
    table: TableOf, target: str, method: str, outcome: Outcome
) -> None:
    """Case counts (RFC 9110 9.1), GET takes HEAD unless a row claims HEAD, absent takes all.

    What a client sends as its method is never the verb WEBSOCKET.
    """
    assert ask(table(TABLE), request(target, method)) == outcome


@pytest.mark.parametrize(
    ("target", "outcome"),
    [
        ("/any", hit("any")),
        ("/live", hit("live")),
        ("/socket", hit("socket")),
        ("/get", refused("GET")),
        ("/slash/", hit("slash")),
    ],
)
def test_a_handshake_is_the_verb_websocket(table: TableOf, target: str, outcome: Outcome) -> None:
    """The same row can take plain requests and handshakes."""
    assert ask(table(TABLE), handshake(target)) == outcome


def test_a_head_that_only_builds_urls_takes_no_requests(table: TableOf) -> None:
    """The row with GET then still answers HEAD."""
    text = """
    [routes]
    "/x" = { view = "v.X", methods = ["GET"] }
    [routes."/"]
    "/x" = { view = "v.Y", methods = ["HEAD"], build_only = true }
    """
    assert ask(table(text), request("/x", "HEAD")) == hit("x")


@pytest.mark.parametrize(
    ("upgrade", "connection", "method", "expected"),
    [
        ("websocket", "Upgrade", "GET", True),
        ("WebSocket", "upgrade", "GET", True),
        ("websocket", "keep-alive, Upgrade", "GET", True),
        ("websocket", "keep-alive ,\tUPGRADE , x", "GET", True),
        ("websocket", "keep-alive", "GET", False),
        ("websocket", "not-upgrade", "GET", False),
        ("websocket", "upgrade;q=1", "GET", False),
        ("websocket", None, "GET", False),
        ("h2c", "Upgrade", "GET", False),
        ("websockets", "Upgrade", "GET", False),
        (None, "Upgrade", "GET", False),
        ("websocket", "Upgrade", "POST", False),
        ("websocket", "Upgrade", "get", False),
    ],
)
def test_what_a_handshake_is(
    upgrade: str | None, connection: str | None, method: str, expected: bool
) -> None:
    """A GET with both header fields of RFC 6455 4.1, Connection being a list of tokens."""
    environ = handshake(HTTP_UPGRADE=upgrade, HTTP_CONNECTION=connection, REQUEST_METHOD=method)
    assert is_upgrade(environ) is expected
    assert request_verb(environ) == ("WEBSOCKET" if expected else method)


def test_a_redirect_never_answers_a_handshake(table: TableOf) -> None:
    """Clients do not follow one: it is 404, where a plain request is redirected."""
    assert ask(table(TABLE), request("/slash")) == redirect("/slash/")
    assert ask(table(TABLE), handshake("/slash")) == (404,)


def test_allow_is_sorted_and_complete() -> None:
    """HEAD goes with GET, OPTIONS is always there, and WEBSOCKET is no method."""
    assert allowed_verbs(["WEBSOCKET", "PUT", "GET"]) == ["GET", "HEAD", "OPTIONS", "PUT"]
    assert allowed_verbs(["WEBSOCKET"]) == ["OPTIONS"]
