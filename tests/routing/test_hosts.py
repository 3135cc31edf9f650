"""Rows with hosts, and the Host fields that reach them."""

import pytest

from tests.routing.conftest import TableOf
from tests.support.tables import (
    BAD_HOST,
    MISSING,
    Outcome,
    ask,
    handshake,
    hit,
    redirect,
    refused,
    request,
)
from webzeug.manifest.patterns import parse_pattern
from webzeug.routing.hosts import hosts_to_ask, is_host, names_port, split_port

HOSTS = """
[matching]
server_name = "example.com"

[routes]
"/" = "v.Any"
"/everywhere" = "v.Everywhere"
"//api./" = "v.Relative"
"//WWW.Example.com/" = "v.Www"
"//bücher.example/" = "v.Idn"
"//<tenant>.example.org/" = "v.Tenant"
"//[::1]/" = "v.Loopback"
"""

PORTS = """
[routes]
"/" = { GET = { view = "v.Any", name = "any" } }
"//example.com/" = { view = "v.Plain", methods = ["GET", "PUT"] }
"//example.com:8000/" = { view = "v.Port", methods = ["GET", "POST"] }
"//example.com:80/standard" = "v.Standard"
"//example.com:443/secure" = "v.Secure"
"//example.com:8000/slashed/" = "v.Slashed"
"//[::1]:8000/six" = "v.Six"
"//<any(a, b):letter>.test/" = "v.Letter"
"//local.test:<int:port>/" = "v.VariablePort"
"""


@pytest.mark.parametrize(
    ("host", "outcome"),
    [
        ("api.example.com", hit("relative")),
        ("API.example.COM", hit("relative")),
        ("www.example.com", hit("www")),
        ("xn--bcher-kva.example", hit("idn")),
        ("XN--BCHER-KVA.example", hit("idn")),
        ("shop.example.org", hit("tenant", tenant="shop")),
        ("Shop.Example.Org:8443", hit("tenant", tenant="shop")),
        ("a.b.example.org", hit("tenant", tenant="a.b")),
        ("[::1]", hit("loopback")),
        ("[::1]:8000", hit("loopback")),
        ("example.com", hit("any")),
        ("api", hit("any")),
        ("127.0.0.1:8000", hit("any")),
        ("[::2]:8000", hit("any")),
        ("example.org", hit("any")),
    ],
)
def test_a_host_leads_to_its_row(table: TableOf, host: str, outcome: tuple[object, ...]) -> None:
    """A host is matched without case and port, and a row with it beats one without."""
    assert ask(table(HOSTS), request("/", host=host)) == outcome


@pytest.mark.parametrize("host", ["api.example.com", "shop.example.org", "other", "", None])
def test_a_row_without_a_host_answers_on_every_host(table: TableOf, host: str | None) -> None:
    """It does so beside rows with hosts too, and no variable of ours reaches a View."""
    assert ask(table(HOSTS), request("/everywhere", host=host)) == hit("everywhere")


@pytest.mark.parametrize("variable", ["<any(one, two):h>", "<h>"])
@pytest.mark.parametrize("target", ["/", "/<x>"])
def test_a_row_without_a_host_comes_last(table: TableOf, variable: str, target: str) -> None:
    """Also where the other's host is one variable, which weighs no more in Werkzeug."""
    text = f'[routes]\n"{target}" = "v.Any"\n"//{variable}{target}" = "v.Own"'
    assert ask(table(text), request(target.replace("<x>", "7"), host="one"))[0] == "own"


@pytest.mark.parametrize(
    "host",
    [
        "a b",
        "a/b",
        "a@b",
        "user:pw@a",
        "a\\b",
        "bücher.example",
        "a:b",
        "a:0",
        "a:65536",
        "a:8000:8000",
        "[::1",
        "::1",
        "a..b",
        ".a",
        f"{'a' * 64}.com",
    ],
)
def test_a_host_that_is_none_is_refused(table: TableOf, host: str) -> None:
    """It is 400, whether or not the table has hosts (RFC 9110 7.2)."""
    assert ask(table(HOSTS), request("/everywhere", host=host)) == BAD_HOST
    assert ask(table('[routes]\n"/" = "v.V"'), request("/", host=host)) == BAD_HOST


def test_without_a_host_field_the_servers_name_counts(table: TableOf) -> None:
    """As PEP 3333 has it: SERVER_NAME and SERVER_PORT stand in for a missing Host."""
    environ = request("/", host=None, SERVER_NAME="www.example.com")
    assert ask(table(HOSTS), environ) == hit("www")
    assert ask(table(HOSTS), request("/", host=None, SERVER_NAME="::1")) == hit("loopback")


def test_a_unix_socket_has_no_host(table: TableOf) -> None:
    """Then only the rows without a host answer."""
    environ = request("/", host=None, SERVER_NAME="/run/app.sock", SERVER_PORT="")
    assert ask(table(HOSTS), environ) == hit("any")


@pytest.mark.parametrize(
    ("target", "host", "outcome"),
    [
        ("/", "example.com:8000", hit("port")),
        ("/", "example.com:8001", hit("plain")),
        ("/", "example.com", hit("plain")),
        ("/", "other:8000", hit("any")),
        ("/standard", "example.com", hit("standard")),
        ("/standard", "example.com:80", hit("standard")),
        ("/standard", "example.com:8000", MISSING),
        ("/secure", "example.com", MISSING),
        ("/secure", "example.com:443", hit("secure")),
        ("/slashed?q", "example.com:8000", redirect("/slashed/?q")),
        ("/slashed?q", "example.com", MISSING),
        ("/six", "[::1]:8000", hit("six")),
        ("/six", "[::1]", MISSING),
        ("/", "a.test:8000", hit("letter", letter="a")),
        ("/", "local.test:8000", hit("variable_port", port=8000)),
        ("/", "local.test", hit("variable_port", port=80)),
    ],
)
def test_a_port_counts_where_a_row_names_it(
    table: TableOf, target: str, host: str, outcome: tuple[object, ...]
) -> None:
    """Such a row beats all others; for a row without a port, the port says nothing."""
    assert ask(table(PORTS), request(target, host=host)) == outcome


def test_the_standard_port_goes_with_the_scheme(table: TableOf) -> None:
    """A row that names port 443 answers https without a port, one that names 80 does not."""
    secure = {"host": "example.com", "wsgi.url_scheme": "https"}
    assert ask(table(PORTS), request("/secure", **secure)) == hit("secure")
    assert ask(table(PORTS), request("/standard", **secure)) == MISSING


def test_allow_lists_the_verbs_of_all_rows_that_the_host_reaches(table: TableOf) -> None:
    """The row with the port, the one without it, and the one without a host."""
    environ = request("/", "DELETE", host="example.com:8000")
    assert ask(table(PORTS), environ) == refused("GET", "POST", "PUT")
    environ = request("/", "DELETE", host="example.com")
    assert ask(table(PORTS), environ) == refused("GET", "PUT")


def test_a_row_with_a_host_lets_other_verbs_fall_through(table: TableOf) -> None:
    """A verb that no row of the host claims goes to a row without a host."""
    text = """
    [routes]
    "/x" = { PUT = "v.Any" }
    "//a.test/x" = { GET = "v.Here" }
    """
    assert ask(table(text), request("/x", "PUT", host="a.test"))[0] == "v.Any"
    assert ask(table(text), request("/x", "GET", host="a.test"))[0] == "v.Here"
    assert ask(table(text), request("/x", "GET", host="b.test")) == refused("PUT")


def test_a_redirect_of_a_host_with_a_port_beats_a_refusal_without(table: TableOf) -> None:
    """Of two failures the one that helps the client more is answered."""
    text = """
    [routes]
    "//a.test/x" = { PUT = "v.Plain" }
    "//a.test:8000/x/" = "v.Port"
    """
    assert ask(table(text), request("/x", host="a.test:8000")) == redirect("/x/")
    assert ask(table(text), handshake("/x", HTTP_HOST="a.test:8000")) == refused("PUT")


@pytest.mark.parametrize(
    ("host", "parts"),
    [
        ("a.test", ("a.test", "")),
        ("a.test:80", ("a.test", "80")),
        ("[::1]", ("[::1]", "")),
        ("[::1]:80", ("[::1]", "80")),
        ("", ("", "")),
    ],
)
def test_host_and_port_part(host: str, parts: tuple[str, str]) -> None:
    """The port is what follows the last colon outside of brackets."""
    assert split_port(host) == parts


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("a.test", False),
        ("a.test:80", True),
        ("a.test:<int:port>", True),
        ("<any(a, b):x>.test", False),
        ("[::1]", False),
        ("[::1]:80", True),
    ],
)
def test_a_port_is_a_literal_colon(host: str, expected: bool) -> None:
    """The colons of converters and of IPv6 addresses are none."""
    assert names_port(parse_pattern(host)[0]) is expected


def test_no_host_names_no_port() -> None:
    """A row without a host is not concerned."""
    assert not names_port(None)


def test_the_host_with_its_port_is_asked_first() -> None:
    """Only where a row names a port; a missing host stays missing."""
    assert hosts_to_ask("a:81", "http", has_ports=False) == ("a",)
    assert hosts_to_ask("a:81", "http", has_ports=True) == ("a:81", "a")
    assert hosts_to_ask("a", "https", has_ports=True) == ("a:443", "a")
    assert hosts_to_ask("", "http", has_ports=True) == ("",)


@pytest.mark.parametrize("text", ["a", "a-b.c_d:80", "A", "[::1]", "[::1]:80", "127.0.0.1"])
def test_what_can_be_a_host(text: str) -> None:
    """Names, addresses and ports."""
    assert is_host(text)


@pytest.mark.parametrize("text", ["", "a/b", "a b", "a%2F", "a@b", "ü", "a:b", "[a", "a\n"])
def test_what_cannot_be_a_host(text: str) -> None:
    """Anything that would end the host in a URL, or that no client would send."""
    assert not is_host(text)


@pytest.mark.parametrize(("host", "outcome"), [("7.test", hit("port", n=7)), ("3.test", MISSING)])
def test_a_host_whose_converter_refuses_its_part(
    table: TableOf, host: str, outcome: Outcome
) -> None:
    """It is no host of the row's, be the path as plain as it may."""
    text = '[routes]\n"//<int(min=5):n>.test/" = { view = "v.Port", name = "port" }\n'
    assert ask(table(text), request(host=host)) == outcome
