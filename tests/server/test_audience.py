"""Who may be told what is wrong, and who wants it as a page."""

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.tables import request
from webzeug.manifest.address import Address
from webzeug.server.audience import (
    STATE,
    as_visitor,
    asks_as_visitor,
    awaits_change,
    is_loopback,
    is_navigation,
    is_of_another_site,
    may_be_told,
)

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

CHROME = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


def local(**more: str | None) -> "WSGIEnvironment":
    """A request of a browser on this machine, with other keys."""
    keys: dict[str, Any] = {
        "REMOTE_ADDR": "127.0.0.1",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost:8000",
        **more,
    }
    return request(host=None, **keys)


@pytest.mark.parametrize(
    ("address", "is_safe"),
    [
        (Address("127.0.0.1", 80), True),
        (Address("127.1.2.3", 80), True),
        (Address("::1", 80), True),
        (Address("0.0.0.0", 80), False),
        (Address("::", 80), False),
        (Address("192.0.2.1", 80), False),
        (Address("10.0.0.1", 80), False),
        (Address("fe80::1%eth0", 80), False),
        (Address(path="/run/app.sock"), False),
    ],
    ids=str,
)
def test_where_only_this_machine_can_connect(address: Address, is_safe: bool) -> None:
    """A loopback address; behind a Unix socket there is most often a proxy."""
    assert is_loopback(address) == is_safe


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:8000",
        "LOCALHOST:8000",
        "localhost.",
        "shop.localhost:8000",
        "a.b-c.localhost",
        "127.0.0.1",
        "127.0.0.1:8000",
        "127.255.0.7:1",
        "[::1]",
        "[::1]:8000",
    ],
)
def test_names_of_this_machine(host: str) -> None:
    """Who asks by one of these may be told."""
    assert may_be_told(local(HTTP_HOST=host))


@pytest.mark.parametrize(
    "host",
    [
        None,
        "",
        "evil.example",
        "evil.example:8000",
        "localhost.evil.example",
        "evillocalhost",
        "127.0.0.1.evil.example",
        "127.0.0.1.nip.io:8000",
        "evil.example/localhost",
        "evil@localhost",
        "localhost:8000@evil.example",
        "localhost\n",
        "localhost:80x",
        "0.0.0.0:8000",
        "[::]",
        "[::ffff:127.0.0.1]",
        "192.0.2.1",
        "8.127.0.0.1",
        ".localhost",
    ],
)
def test_a_foreign_host_is_told_nothing(host: str | None) -> None:
    """A web site can have its own name lead to this machine (DNS rebinding)."""
    assert not may_be_told(local(HTTP_HOST=host))


@pytest.mark.parametrize(
    "address", ["192.0.2.1", "10.0.0.7", "::ffff:192.0.2.1", "0.0.0.0", "", "nonsense", "127.0.0"]
)
def test_other_machines_are_told_nothing(address: str) -> None:
    """Nor a client whose address is not known."""
    assert not may_be_told(local(REMOTE_ADDR=address))


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1"])
def test_this_machine_is_told(address: str) -> None:
    """By each of its loopback addresses."""
    assert may_be_told(local(REMOTE_ADDR=address))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("HTTP_X_FORWARDED_FOR", "127.0.0.1"),
        ("HTTP_X_FORWARDED_HOST", "localhost"),
        ("HTTP_X_FORWARDED_PROTO", "https"),
        ("HTTP_X_FORWARDED", "1"),
        ("HTTP_FORWARDED", "for=127.0.0.1"),
        ("HTTP_VIA", "1.1 proxy"),
        ("HTTP_X_REAL_IP", "127.0.0.1"),
        ("HTTP_CF_CONNECTING_IP", "192.0.2.1"),
        ("HTTP_TRUE_CLIENT_IP", ""),
        ("SERVER_PROTOCOL", "HTTP/1.0"),
    ],
)
def test_who_is_behind_a_proxy_is_told_nothing(key: str, value: str) -> None:
    """Whatever the proxy says, the client may be anywhere."""
    assert not may_be_told(local(**{key: value}))


@pytest.mark.parametrize(
    ("fields", "is_page"),
    [
        ({"HTTP_SEC_FETCH_MODE": "navigate", "HTTP_SEC_FETCH_DEST": "document"}, True),
        ({"HTTP_SEC_FETCH_MODE": "navigate", "HTTP_SEC_FETCH_DEST": "iframe"}, False),
        ({"HTTP_SEC_FETCH_MODE": "cors", "HTTP_SEC_FETCH_DEST": "empty"}, False),
        ({"HTTP_SEC_FETCH_MODE": "no-cors", "HTTP_SEC_FETCH_DEST": "image"}, False),
        ({"HTTP_SEC_FETCH_MODE": "websocket", "HTTP_SEC_FETCH_DEST": "websocket"}, False),
        ({"HTTP_SEC_FETCH_MODE": "navigate"}, False),
        ({}, True),
        ({"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"}, False),
        ({"HTTP_UPGRADE": "websocket"}, False),
        ({"HTTP_ACCEPT": "text/html"}, True),
        ({"HTTP_ACCEPT": "text/plain;q=0.5, text/html;q=0.9, */*;q=0.1"}, True),
        ({"HTTP_ACCEPT": "application/json, text/html;q=0.9"}, False),
        ({"HTTP_ACCEPT": "text/html, application/json"}, False),
        ({"HTTP_ACCEPT": "text/html;q=0"}, False),
        ({"HTTP_ACCEPT": "application/json, text/plain, */*"}, False),
        ({"HTTP_ACCEPT": "*/*"}, False),
        ({"HTTP_ACCEPT": "text/*"}, False),
        ({"HTTP_ACCEPT": "image/avif,image/webp,*/*;q=0.8"}, False),
        ({"HTTP_ACCEPT": ""}, False),
        ({"HTTP_ACCEPT": "text/html;q=nonsense"}, False),
        ({"HTTP_ACCEPT": None}, False),
    ],
)
def test_who_opens_a_page(fields: dict[str, str | None], is_page: bool) -> None:
    """A browser that says so; of others, who would rather have HTML than anything else."""
    assert is_navigation(local(**{"HTTP_ACCEPT": CHROME, **fields})) == is_page


@pytest.mark.parametrize(
    ("fields", "waits"),
    [
        ({}, True),
        ({"HTTP_SEC_FETCH_SITE": "same-origin"}, True),
        ({"HTTP_SEC_FETCH_SITE": "cross-site"}, False),
        ({"HTTP_SEC_FETCH_SITE": "same-site"}, False),
        ({"HTTP_ACCEPT": f"{STATE}, */*"}, False),
        ({"HTTP_ACCEPT": None}, False),
        ({"REQUEST_METHOD": "HEAD"}, False),
        ({"REQUEST_METHOD": "POST"}, False),
    ],
)
def test_who_waits_for_a_change(fields: dict[str, str | None], waits: bool) -> None:
    """A page of ours, which asks for a type of ours."""
    assert awaits_change({**local(HTTP_ACCEPT=STATE), **fields}) == waits


@pytest.mark.parametrize(
    ("origin", "is_other"),
    [
        (None, False),
        ("http://localhost:5173", False),
        ("http://127.0.0.1", False),
        ("http://[::1]:8000", False),
        ("https://shop.localhost", False),
        ("https://evil.example", True),
        ("https://localhost.evil.example", True),
        ("null", True),
        ("", True),
        ("http://[::1", True),
    ],
)
def test_pages_of_other_sites(origin: str | None, is_other: bool) -> None:
    """An Origin is that of this machine, or another."""
    assert is_of_another_site(local(HTTP_ORIGIN=origin)) == is_other


@pytest.mark.parametrize(
    ("query", "asked", "left"),
    [
        ("webzeug=visitor", True, ""),
        ("a=1&webzeug=visitor&b=%20", True, "a=1&b=%20"),
        ("a=1", False, "a=1"),
        ("", False, ""),
        ("webzeug=visitors", False, "webzeug=visitors"),
        ("a=webzeug=visitor", False, "a=webzeug=visitor"),
    ],
)
def test_the_answer_of_a_visitor(query: str, asked: bool, left: str) -> None:
    """An item of the query asks for it, and the application does not get to see that."""
    environ = local(QUERY_STRING=query)
    assert (asks_as_visitor(environ), environ["QUERY_STRING"]) == (asked, left)


def test_the_query_of_a_visitor() -> None:
    """What was there stays."""
    assert as_visitor(local(QUERY_STRING="")) == "webzeug=visitor"
    assert as_visitor(local(QUERY_STRING="a=1&b")) == "a=1&b&webzeug=visitor"
