"""``url_for``: URLs from names."""

from pathlib import Path
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict
from werkzeug.routing import BaseConverter, ValidationError

from tests.routing.conftest import TableOf
from tests.support.tables import read_text, request, table_of
from webzeug.manifest.model import Matching
from webzeug.routing.table import RouteTable
from webzeug.routing.urls import (
    Base,
    URLError,
    URLOptions,
    base_of_matching,
    base_of_request,
    build_url,
    check_url,
)

TABLE = """
[routes]
"/" = "v.Index"
"/items/<int:id>/" = "v.Item"
"/files/<path:name>" = "v.File"
"/people/<name>" = "v.Person"
"/size/<float:size>" = "v.Size"
"/kind/<any(new, old):kind>" = "v.Kind"
"/things/<uuid:id>" = "v.Thing"
"/two/<int(fixed_digits=2, max=50):n>" = "v.Two"
"/pages/" = { view = "v.Pages", name = "pages", defaults = { page = 1, none = { none = true } } }
"/pages/<int:page>" = { view = "v.Pages", name = "pages", defaults = { none = { none = true } } }
"/search/get" = { view = "v.Search", name = "search", methods = ["GET"] }
"/search/post" = { view = "v.Search", name = "search", methods = ["POST"] }
"/elsewhere/<x>" = { view = "v.Elsewhere", build_only = true }
"/mounted/<tenant>/" = { wsgi = "m.app", name = "mounted" }
"/live" = { view = "v.Live", methods = ["WEBSOCKET"] }
"/verbs/<id>" = { PUT = { view = "v.Put", name = "put" }, GET = { view = "v.Got", name = "got" } }
[routes."/api"]
name = "api"
"/users" = "v.Users"
"/orders" = "v.Orders"
"""


NOWHERE = Base()


def build(table: RouteTable[str], name: str, /, base: Base = NOWHERE, **values: Any) -> str:
    """The URL of a name, checked to lead back to it."""
    url = build_url(table, base, name, values, URLOptions())
    check_url(table, base, name, url)
    return url


def error_of(table: RouteTable[str], name: str, /, **values: Any) -> str:
    """Why there is no such URL."""
    with pytest.raises(URLError) as caught:
        build(table, name, **values)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "values", "url"),
    [
        ("index", {}, "/"),
        ("item", {"id": 7}, "/items/7/"),
        ("item", {"id": "7"}, "/items/7/"),
        ("file", {"name": "a/b c.txt"}, "/files/a/b%20c.txt"),
        ("person", {"name": "café?#%"}, "/people/caf%C3%A9%3F%23%25"),
        ("person", {"name": 42}, "/people/42"),
        ("size", {"size": 0.815}, "/size/0.815"),
        ("kind", {"kind": "old"}, "/kind/old"),
        ("two", {"n": 7}, "/two/07"),
        ("pages", {}, "/pages/"),
        ("pages", {"page": 1}, "/pages/"),
        ("pages", {"page": 2}, "/pages/2"),
        ("pages", {"page": None}, "/pages/"),
        ("pages", {"page": 2, "none": None}, "/pages/2"),
        ("search", {}, "/search/get"),
        ("elsewhere", {"x": "y"}, "/elsewhere/y"),
        ("mounted", {"tenant": "a"}, "/mounted/a/"),
        ("live", {}, "/live"),
        ("put", {"id": "1"}, "/verbs/1"),
        ("got", {"id": "1"}, "/verbs/1"),
        ("api.users", {}, "/api/users"),
    ],
)
def test_a_name_and_its_variables_make_a_path(
    table: TableOf, name: str, values: dict[str, Any], url: str
) -> None:
    """Values are quoted, defaults are left out, and of several routes one that fits is taken."""
    assert build(table(TABLE), name, **values) == url


@pytest.mark.parametrize(
    ("options", "tail"),
    [
        (URLOptions(query={"a": 1, "b": "x y&z", "c": "/?"}), "?a=1&b=x+y%26z&c=/?"),
        (URLOptions(query={"a": [1, None, 2], "b": None, "c": ""}), "?a=1&a=2&c="),
        (URLOptions(query=MultiDict([("a", "1"), ("b", "2"), ("a", "3")])), "?a=1&a=3&b=2"),
        (URLOptions(query={"ü": "é"}), "?%C3%BC=%C3%A9"),
        (URLOptions(query={}), ""),
        (URLOptions(query={"a": None}), ""),
        (URLOptions(anchor="top"), "#top"),
        (URLOptions(anchor="a b#ü"), "#a%20b%23%C3%BC"),
        (URLOptions(anchor=""), ""),
        (URLOptions(query={"q": 1}, anchor="x"), "?q=1#x"),
    ],
)
def test_query_and_anchor(table: TableOf, options: URLOptions, tail: str) -> None:
    """The query is Werkzeug's: lists repeat a key, None leaves it out."""
    assert build_url(table(TABLE), NOWHERE, "item", {"id": 1}, options) == f"/items/1/{tail}"


def test_a_url_begins_where_the_application_is_mounted(table: TableOf) -> None:
    """SCRIPT_NAME comes first, quoted."""
    base = base_of_request(request("/", SCRIPT_NAME="/\xc3\xbc b?/"))
    assert build(table(TABLE), "item", base=base, id=7) == "/%C3%BC%20b%3F/items/7/"
    assert build(table(TABLE), "index", base=base) == "/%C3%BC%20b%3F/"


@pytest.mark.parametrize(
    ("environ", "url"),
    [
        (request(host="a.test"), "http://a.test/items/7/"),
        (request(host="A.test:8000"), "http://a.test:8000/items/7/"),
        (request(host="[::1]:8000"), "http://[::1]:8000/items/7/"),
        (request(host=None), "http://127.0.0.1:8000/items/7/"),
        (request(host="a.test", SCRIPT_NAME="/app"), "http://a.test/app/items/7/"),
        (request(host="a.test", **{"wsgi.url_scheme": "https"}), "https://a.test/items/7/"),
    ],
)
def test_an_external_url_names_the_requests_host(
    table: TableOf, environ: dict[str, Any], url: str
) -> None:
    """With its scheme and port."""
    base = base_of_request(environ)
    assert build_url(table(TABLE), base, "item", {"id": 7}, URLOptions(external=True)) == url


@pytest.mark.parametrize(
    ("base_url", "url"),
    [
        ("https://shop.test", "https://shop.test/items/7/"),
        ("https://Shop.test:8443/app/", "https://shop.test:8443/app/items/7/"),
        ("https://bücher.test", "https://xn--bcher-kva.test/items/7/"),
    ],
)
def test_outside_a_request_base_url_is_the_host(table: TableOf, base_url: str, url: str) -> None:
    """Its path counts for URLs without the host too."""
    base = base_of_matching(Matching(base_url=base_url))
    assert build_url(table(TABLE), base, "item", {"id": 7}, URLOptions(external=True)) == url
    path = f"/{url.split('/', 3)[3]}"
    assert build(table(TABLE), "item", base=base, id=7) == path


@pytest.mark.parametrize("host", ["", "a..b", "a b", f"{'a' * 64}.com"])
def test_no_host_no_external_url(table: TableOf, host: str) -> None:
    """Neither outside a request nor in one whose host is unknown; the message helps."""
    for base in (base_of_matching(Matching()), base_of_request(request(host=host))):
        with pytest.raises(URLError, match="set base_url under \\[matching\\]"):
            build_url(table(TABLE), base, "item", {"id": 7}, URLOptions(external=True))
        assert build(table(TABLE), "item", base=base, id=7) == "/items/7/"


@pytest.mark.parametrize(
    ("name", "values", "message"),
    [
        ("itme", {}, "no route has the name `itme`; did you mean `item`?"),
        ("users", {}, "no route has the name `users`; did you mean `api.users`?"),
        ("zzz", {}, "no route has the name `zzz`"),
        ("v.Item", {}, "no route has the name `v.Item`; did you mean `item`?"),
        ("item", {}, "`item` needs `id`"),
        ("item", {"id": None}, "`item` needs `id`"),
        ("item", {"idd": 7}, "`item` has no variable `idd`; did you mean `id`?"),
        (
            "item",
            {"id": 7, "page": 2},
            "`item` has no variable `page`; for a query, write query={'page': ...}",
        ),
        ("pages", {"page": 1, "none": 2}, "`pages` is only for none = None, not 2"),
        (
            "item",
            {"id": "x"},
            "cannot build a URL for `item`: invalid literal for int() with base 10: 'x'",
        ),
        (
            "kind",
            {"kind": "x"},
            "cannot build a URL for `kind`: 'x' is not one of 'new', 'old'",
        ),
    ],
)
def test_what_is_wrong_with_a_name_or_value(
    table: TableOf, name: str, values: dict[str, Any], message: str
) -> None:
    """Unknown names and variables get a guess, missing ones are named."""
    assert error_of(table(TABLE), name, **values) == message


def test_a_name_that_two_views_would_have(table: TableOf) -> None:
    """It names neither, and the message proposes one."""
    text = """
    [routes]
    "/shop/users" = "shop.Index"
    "/blog/" = "blog.Index"
    "/" = "root.Index"
    """
    assert error_of(table(text), "index") == (
        "the name `index` is unclear: `/shop/users` and `/blog/` and `/` lead to different Views "
        'of that name; give the one you mean a name, such as name = "users_index"'
    )
    text = '[routes]\n"/" = "a.Index"\n"/<x>" = "b.Index"'
    assert error_of(table(text), "index").endswith('such as name = "index_2"')


@pytest.mark.parametrize(
    ("name", "values", "message"),
    [
        ("item", {"id": -1}, "`item` builds /items/-1/, which does not match its pattern"),
        ("two", {"n": 99}, "`two` builds /two/99, which does not match its pattern"),
        ("person", {"name": ""}, "`person` builds /people/, which does not match its pattern"),
        (
            "person",
            {"name": "a/b"},
            "`person` builds /people/a/b, which does not match its pattern",
        ),
        ("thing", {"id": "x"}, "`thing` builds /things/x, which does not match its pattern"),
    ],
)
def test_values_that_do_not_match_back(
    table: TableOf, name: str, values: dict[str, Any], message: str
) -> None:
    """Werkzeug's converters build them all the same; in development it is an error."""
    assert error_of(table(TABLE), name, **values) == message


class Even(BaseConverter):
    """Even numbers."""

    def to_url(self, value: int) -> str:
        if value % 2:
            raise ValidationError
        return str(value)


def test_a_converter_may_refuse_to_write_a_value(tmp_path: Path) -> None:
    """Werkzeug then looks for another route of the name; there is none."""
    text = """
    [converters]
    even = "m.Even"
    [routes]
    "/<even:n>" = { view = "v.Even", defaults = { kind = "a" } }
    """
    compiled = table_of(read_text(tmp_path / "routes.toml", text), {"even": Even})
    assert build(compiled, "even", n=2, kind="a") == "/2"
    expected = "a converter of `even` refuses one of the values {'n': 3, 'kind': 'a'}"
    assert error_of(compiled, "even", n=3, kind="a") == expected


def test_a_url_that_another_route_answers(table: TableOf) -> None:
    """It is an error too, and names that route."""
    text = '[routes]\n"/<name>" = "v.Person"\n"/me" = "v.Me"'
    expected = "`person` builds /me, which leads to `/me` instead"
    assert error_of(table(text), "person", name="me") == expected
    assert build(table(text), "person", name="you") == "/you"


def test_a_verb_of_its_own_leads_back_too(table: TableOf) -> None:
    """Whichever verb of the name is first in the file."""
    text = """
    [routes]
    "/post" = { view = "v.Search", name = "search", methods = ["POST"] }
    "/get" = { view = "v.Search", name = "search", methods = ["GET"] }
    """
    assert build(table(text), "search") == "/get"


def test_a_url_that_is_redirected_leads_back(table: TableOf) -> None:
    """A value may be one that another route of the name has as its default."""
    text = """
    [routes]
    "/" = { view = "v.Pages", name = "pages", defaults = { page = 1, kind = "new" } }
    "/<int:page>" = { view = "v.Pages", name = "pages", defaults = { kind = "new" } }
    "/x//<name>" = "v.Merged"
    """
    assert build(table(text), "pages", page=1) == "/"
    assert build(table(text), "merged", name="a") == "/x/a"
    assert build(table(TABLE), "file", name="/etc") == "/files//etc"


HOSTS = """
[matching]
base_url = "https://www.test:8443"

[routes]
"/everywhere" = "v.Everywhere"
"//www.test/" = "v.Www"
"//<sub>.test/pages/<path:page>" = "v.Sub"
"//port.test:81/" = "v.Port"
"//a.test/same" = { view = "v.Same", name = "same" }
"//b.test/same" = { view = "v.Same", name = "same" }
"""


@pytest.mark.parametrize(
    ("host", "name", "values", "url"),
    [
        ("www.test", "www", {}, "/"),
        ("WWW.Test", "www", {}, "/"),
        ("www.test:8000", "www", {}, "/"),
        ("www.test", "everywhere", {}, "/everywhere"),
        ("WWW.test:8000", "everywhere", {}, "/everywhere"),
        ("[::1]:8000", "everywhere", {}, "/everywhere"),
        ("other", "www", {}, "http://www.test/"),
        ("other:8000", "www", {}, "http://www.test:8000/"),
        ("[::1]:8000", "www", {}, "http://www.test:8000/"),
        ("www.test", "port", {}, "http://port.test:81/"),
        ("port.test:81", "port", {}, "/"),
        ("a.test", "same", {}, "/same"),
        ("b.test", "same", {}, "/same"),
        ("other", "same", {}, "http://a.test/same"),
        ("x.test", "sub", {"sub": "x", "page": "p"}, "/pages/p"),
        ("www.test", "sub", {"sub": "x.y", "page": "p/q"}, "http://x.y.test/pages/p/q"),
    ],
)
def test_a_url_of_another_host_names_it(
    table: TableOf, host: str, name: str, values: dict[str, Any], url: str
) -> None:
    """With the request's scheme and port; one of the own host, or of every host, is a path."""
    assert build(table(HOSTS), name, base=base_of_request(request(host=host)), **values) == url


def test_another_host_outside_a_request(table: TableOf) -> None:
    """base_url says scheme and port; without it neither is made up (RFC 3986 4.2)."""
    compiled = table(HOSTS)
    base = base_of_matching(compiled.matching)
    assert build(compiled, "same", base=base) == "https://a.test:8443/same"
    assert build(compiled, "www", base=base) == "/"
    assert build(compiled, "same") == "//a.test/same"


@pytest.mark.parametrize(
    "sub", ["evil.com/", "evil.com?", "evil.com#", "a@b", "a b", "bücher", "/"]
)
def test_a_value_cannot_make_another_host(table: TableOf, sub: str) -> None:
    """A variable of the host that ends it early would send the client elsewhere."""
    with pytest.raises(URLError, match="is not a host"):
        build_url(table(HOSTS), NOWHERE, "sub", {"sub": sub, "page": "p"}, URLOptions())


def test_the_variables_of_a_host_are_checked_too(table: TableOf) -> None:
    """In development, a host that no request can have is an error."""
    text = '[routes]\n"//<any(a, b):sub>.test/" = "v.Sub"\n"//<int:n>.num.test/" = "v.Num"'
    assert build(table(text), "sub", sub="a") == "//a.test/"
    assert error_of(table(text), "num", n=-1) == (
        "`num` builds //-1.num.test/, which does not match its pattern"
    )
