"""Slashes: which paths are redirected, and where a redirect can lead."""

import pytest

from tests.routing.conftest import TableOf
from tests.support.tables import MISSING, Outcome, ask, handshake, hit, redirect, refused, request

TABLE = """
[routes]
"/" = "v.Index"
"/leaf" = "v.Leaf"
"/branch/" = "v.Branch"
"/post/" = { view = "v.Post", methods = ["POST"] }
"/loose/" = { view = "v.Loose", strict_slashes = false }
"/loose-leaf" = { view = "v.LooseLeaf", strict_slashes = false }
"/a/b" = "v.Merged"
"/a//c" = { view = "v.Unmerged", merge_slashes = false }
"/files/<path:name>" = "v.File"
"/wiki/<path:name>/" = "v.Wiki"
"/<one>/two/" = "v.Two"
"/pages/" = { view = "v.Pages", name = "pages", defaults = { page = 1 } }
"/pages/<int:page>/" = { view = "v.Pages", name = "pages" }
"""


@pytest.mark.parametrize(
    ("target", "outcome"),
    [
        ("/", hit("index")),
        ("", redirect("/")),
        ("/leaf", hit("leaf")),
        ("/leaf/", MISSING),
        ("/branch/", hit("branch")),
        ("/branch", redirect("/branch/")),
        ("/loose", hit("loose")),
        ("/loose/", hit("loose")),
        ("/loose-leaf/", hit("loose_leaf")),
        ("/a//b", redirect("/a/b")),
        ("//a/b", hit("merged")),
        ("/a/b//", MISSING),
        ("/branch//", redirect("/branch/")),
        ("/branch//?q=1&q=2", redirect("/branch/?q=1&q=2")),
        ("/a//c", hit("unmerged")),
        ("/a/c", MISSING),
        ("/files/x//y/", hit("file", name="x//y/")),
        ("/wiki/x/y", redirect("/wiki/x/y/")),
        ("/pages/1/", redirect("/pages/")),
        ("/pages/1/?q", redirect("/pages/?q")),
        ("/pages/1", redirect("/pages/1/")),
        ("/pages/2/", hit("pages", page=2)),
        ("/pages/", hit("pages", page=1)),
    ],
)
def test_the_slashes_of_a_path(table: TableOf, target: str, outcome: Outcome) -> None:
    """A branch wants its slash, doubled slashes are merged, and a default is left out."""
    assert ask(table(TABLE), request(target)) == outcome


@pytest.mark.parametrize("method", ["POST", "PUT", "get", "WEBSOCKET"])
def test_every_method_is_redirected(table: TableOf, method: str) -> None:
    """308 keeps the method and the body (RFC 9110 15.4.9)."""
    assert ask(table(TABLE), request("/branch", method)) == redirect("/branch/")


def test_a_redirect_leads_only_to_what_takes_the_verb(table: TableOf) -> None:
    """Where the branch would refuse the verb, there is nothing without its slash."""
    assert ask(table(TABLE), request("/post", "POST")) == redirect("/post/")
    assert ask(table(TABLE), request("/post", "GET")) == MISSING
    assert ask(table(TABLE), request("/post/", "GET")) == refused("POST")


@pytest.mark.parametrize("target", ["/branch", "/a//b", "/pages/1/", "", "/wiki/x"])
def test_a_handshake_is_never_redirected(table: TableOf, target: str) -> None:
    """Browsers do not follow a redirect of a WebSocket handshake."""
    assert ask(table(TABLE), handshake(target)) == MISSING


LENIENT = """
[matching]
strict_slashes = false
merge_slashes = false
redirect_defaults = false

[routes]
"/branch/" = "v.Branch"
"/a/b" = "v.Unmerged"
"/strict/" = { view = "v.Strict", strict_slashes = true }
"/merged/b" = { view = "v.Merged", merge_slashes = true }
"/pages/" = { view = "v.Pages", name = "pages", defaults = { page = 1 } }
"/pages/<int:page>/" = { view = "v.Pages", name = "pages" }
[routes."/group"]
strict_slashes = true
merge_slashes = true
"/branch/" = { view = "v.Grouped", name = "grouped" }
"/loose/" = { view = "v.Loose", strict_slashes = false }
"""


@pytest.mark.parametrize(
    ("target", "outcome"),
    [
        ("/branch", hit("branch")),
        ("/branch//", hit("branch")),
        ("/a//b", MISSING),
        ("/strict", redirect("/strict/")),
        ("/merged//b", redirect("/merged/b")),
        ("/pages/1/", hit("pages", page=1)),
        ("/group/branch", redirect("/group/branch/")),
        ("/group//branch/", redirect("/group/branch/")),
        ("/group/loose", hit("loose")),
    ],
)
def test_a_routes_own_options_win(table: TableOf, target: str, outcome: Outcome) -> None:
    """Those of a route or its group beat the ones under [matching], in both directions."""
    assert ask(table(LENIENT), request(target)) == outcome


def test_merging_can_be_off_for_one_route(table: TableOf) -> None:
    """Its doubled slashes are not found, where the other routes redirect them."""
    text = """
    [routes]
    "/a/b" = { view = "v.Own", merge_slashes = false }
    "/c/d" = "v.Other"
    """
    assert ask(table(text), request("/a//b")) == MISSING
    assert ask(table(text), request("/c//d")) == redirect("/c/d")


HOSTILE = """
[routes]
"/<x>/" = "v.One"
"/<x>/<y>/" = "v.Two"
"/p/<path:x>/" = "v.Path"
"/<x>/page/" = { view = "v.Pages", name = "pages", defaults = { page = 1 } }
"/<x>/page/<int:page>/" = { view = "v.Pages", name = "pages" }
"""


@pytest.mark.parametrize(
    "target",
    [
        "//evil.com",
        "///evil.com",
        "/%2fevil.com",
        "/%2F%2Fevil.com",
        "/%2f%2fevil.com//x",
        "/\\evil.com",
        "/%5cevil.com",
        "/%5c%5cevil.com",
        "/\\/evil.com",
        "\\\\evil.com",
        "/.//evil.com",
        "/%09/evil.com",
        "/%0d%0aLocation:%20http://evil.com",
        "/%0aevil.com",
        "//evil.com//x",
        "//evil.com/page/1",
        "//evil.com/page/1/",
        "/evil.com//page/1/",
        "http://evil.com",
        "http:%2f%2fevil.com",
        "//user@evil.com",
        "//evil.com%3f",
        "//evil.com%23",
        "/x?//evil.com",
        "/p///evil.com",
        "/p//\\evil.com//x",
        "/%E2%80%AE//evil.com",
        "/%ff//evil.com",
        "/@evil.com",
        "/x%00//y",
    ],
)
@pytest.mark.parametrize("script_name", ["", "/", "/app", "//evil.com", "/\\evil.com", "/a?b#c"])
def test_no_redirect_leaves_the_site(table: TableOf, target: str, script_name: str) -> None:
    """A Location begins with exactly one slash, and holds no character that would end a line."""
    outcome = ask(table(HOSTILE), request(target, SCRIPT_NAME=script_name))
    if outcome[0] == 308:
        location = str(outcome[1])
        assert location[0] == "/"
        assert location[1:2] not in ("/", "\\")
        assert location.isascii()
        assert not set(location) & set(" \t\r\n\\\0")


@pytest.mark.parametrize(
    ("target", "location"),
    [
        ("/evil.com", "/evil.com/"),
        ("//evil.com", "/evil.com/"),
        ("/%5cevil.com", "/%5Cevil.com/"),
        ("/caf%C3%A9", "/caf%C3%A9/"),
        ("/a%20b%3Fc%23d%25e", "/a%20b%3Fc%23d%25e/"),
        ("/a;b=c,d:e@f", "/a;b=c,d:e@f/"),
        ("/x?a=%2F&b=/&c=?", "/x/?a=%2F&b=/&c=?"),
        ("/x?%zz&%C3%BC&[]|", "/x/?%zz&%C3%BC&%5B%5D%7C"),
    ],
)
def test_a_location_is_quoted_once(table: TableOf, target: str, location: str) -> None:
    """The path is quoted anew, and the query keeps its octets."""
    assert ask(table(HOSTILE), request(target)) == redirect(location)


def test_raw_octets_of_a_query_stay_what_they_are(table: TableOf) -> None:
    """Some clients send them unquoted, in whatever encoding."""
    environ = request("/x?a=\xff\xc3\xbc b")
    assert ask(table(HOSTILE), environ) == redirect("/x/?a=%FF%C3%BC%20b")


@pytest.mark.parametrize(
    ("script_name", "location"),
    [
        ("/app", "/app/x/"),
        ("/app/", "/app/x/"),
        ("/caf\xc3\xa9?", "/caf%C3%A9%3F/x/"),
    ],
)
def test_a_location_begins_where_the_application_is_mounted(
    table: TableOf, script_name: str, location: str
) -> None:
    """SCRIPT_NAME comes first, quoted."""
    assert ask(table(HOSTILE), request("/x", SCRIPT_NAME=script_name)) == redirect(location)


@pytest.mark.parametrize("host", ["evil.com", "[::1]:8000", "A.test:81", "", None])
def test_a_location_never_names_the_host(table: TableOf, host: str | None) -> None:
    """The Host field is the client's word; a redirect is relative to it (RFC 9110 10.2.2)."""
    assert ask(table(HOSTILE), request("/x", host=host)) == redirect("/x/")
    assert ask(table(HOSTILE), request("/x/page/1/", host=host)) == redirect("/x/page/")


DEFAULTS_ON_HOSTS = """
[routes]
"//www.<domain>/pages/" = { view = "v.Pages", name = "pages", defaults = { page = 1 } }
"//files.<domain>/<int:page>" = { view = "v.Pages", name = "pages" }
"//www.<domain>/pages/<int:page>" = { view = "v.Pages", name = "pages" }
"""


def test_a_default_is_not_redirected_to_another_host(table: TableOf) -> None:
    """The variable of such a host comes from the client, so the route itself answers."""
    text = table(DEFAULTS_ON_HOSTS)
    other, same = request("/1", host="files.a.test"), request("/pages/1", host="www.a.test")
    assert ask(text, other) == hit("pages", domain="a.test", page=1)
    assert ask(text, same) == redirect("/pages/")


def test_a_default_is_redirected_beside_rows_with_hosts(table: TableOf) -> None:
    """Rows without a host lead to each other as they do in a table without hosts."""
    text = """
    [routes]
    "//a.test/" = "v.Other"
    "/pages/" = { view = "v.Pages", name = "pages", defaults = { page = 1 } }
    "/pages/<int:page>" = { view = "v.Pages", name = "pages" }
    """
    for host in ("a.test", "b.test:8000", "[::1]", "", None):
        assert ask(table(text), request("/pages/1", host=host)) == redirect("/pages/")


def test_a_variable_without_text_does_not_stand_between_two_slashes_in_front(
    table: TableOf,
) -> None:
    """Of these the Map keeps one, so a first part that may be empty is not in the path at all."""
    routes = """
[routes]
'/<regex("[ab]*"):x>/' = "v.Any"
'/<regex("[ab]*"):x>/next' = { view = "v.Next", methods = ["GET"] }
'/in/<regex("[ab]*"):x>/side' = "v.Inside"
"""
    assert ask(table(routes), request("//")) == redirect("/")
    assert ask(table(routes), request("//next")) == MISSING
    assert ask(table(routes), request("/a/next")) == hit("next", x="a")
    assert ask(table(routes), request("/c/next", "POST")) == MISSING
    assert ask(table(routes), request("/in//side")) == hit("inside", x="")
