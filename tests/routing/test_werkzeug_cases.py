"""The cases of Werkzeug's own tests of routing (``tests/test_routing.py`` of 3.1.9) as manifests.

Each is a table, what requests lead to, and which URLs its names build. A Location is relative
here, and a handshake is the verb WEBSOCKET.

What a manifest cannot say, and why: ``alias`` (a row with ``redirect`` says it plainly), rule
templates and factories (groups and includes), ``sort_parameters``, building for one method or
from a MultiDict of variables (a name leads to one View; the query takes a MultiDict), URLs with
``ws:`` (one row takes requests and handshakes), ``redirect_to`` as a function, and variables
named ``self`` or like a keyword (they could be no method's arguments). What differs on purpose:
a default is not redirected to another host. Werkzeug's dispatching, its messages, its warnings
about the server's name, and copies and representations of rules have no counterpart here.
"""

import sys
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict
from werkzeug.routing import BaseConverter, Map, UnicodeConverter

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
    table_of,
)
from webzeug.loader import read
from webzeug.routing.urls import URLError, URLOptions, base_of_request, build_url


class TwoWords(BaseConverter):
    """``qwert/yuiop`` is a pair."""

    part_isolating = False
    regex = r"(\w\w+)/(\w\w+)"

    def to_python(self, value: str) -> tuple[str, ...]:
        return tuple(value.split("/"))

    def to_url(self, value: tuple[str, ...]) -> str:
        return "/".join(value)


class TwoLetters(BaseConverter):
    """As above, but it leaves it to Werkzeug to see the slash."""

    regex = r"\w+/\w+"

    def to_python(self, value: str) -> list[str]:
        return value.split("/")


class Dotted(BaseConverter):
    """A list, joined by dots."""

    def to_url(self, value: list[object]) -> str:
        return super().to_url(".".join(map(str, value)))


class Bare(BaseConverter):
    """The expression is the only argument, and is all there is."""

    def __init__(self, map: Map, *items: str) -> None:
        super().__init__(map)
        self.regex = items[0]
        self.part_isolating = False


CONVERTERS: dict[str, type[BaseConverter]] = {
    "two_words": TwoWords,
    "two_letters": TwoLetters,
    "dotted": Dotted,
    "bare": Bare,
    "foo": UnicodeConverter,
}
DECLARED = "[converters]\n" + "".join(f'{name} = "m.{name}"\n' for name in CONVERTERS)


@dataclass(frozen=True, slots=True)
class Case:
    """A manifest, without ``[converters]``; requests and names, and what they lead to.

    A request is written ``METHOD target [host [script name]]``; a name may be followed by a host
    that the request it is built in has. The part of a message stands for a URL that cannot be
    built.
    """

    title: str
    text: str
    asked: Mapping[str, Outcome] = field(default_factory=dict)
    built: tuple[tuple[str, dict[str, Any], str], ...] = ()


class NotBuilt(str):
    """A part of the message of a URL that cannot be built."""


DATE = r"((\d{8}T\d{6}([.,]\d{1,3})?)|(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}([.,]\d{1,3})?))Z"
UUID = "2b5b0911-fdcf-4dd2-921b-28ace88db8a0"

CASES = [
    Case(
        "leaves, branches and handshakes",
        """
        [routes]
        "/" = { GET = { view = "v.Index", name = "index" }, WEBSOCKET = "v.IndexSocket" }
        "/foo" = { view = "v.Foo", methods = ["GET"] }
        "/bar/" = "v.Bar"
        "/ws" = { view = "v.Ws", methods = ["WEBSOCKET"] }
        """,
        {
            "GET /": hit("index"),
            "GET /foo": hit("foo"),
            "GET /bar/": hit("bar"),
            "GET /blub": MISSING,
            "WEBSOCKET /": hit("v.IndexSocket"),
            "GET /bar": redirect("/bar/"),
            "GET /bar example.org /test": redirect("/test/bar/"),
            "GET /bar?aha=muhaha": redirect("/bar/?aha=muhaha"),
            "WEBSOCKET /ws": hit("ws"),
            "WEBSOCKET /ws?foo=bar": hit("ws"),
            "GET /ws": refused(),
            "WEBSOCKET /foo": refused("GET"),
        },
    ),
    Case(
        "doubled slashes are merged, unless a row wants them",
        """
        [routes]
        "/no/tail" = "v.NoTail"
        "/yes/tail/" = "v.YesTail"
        "/with/<path:path>" = "v.WithPath"
        "/no//merge" = { view = "v.NoMerge", merge_slashes = false }
        "/no/merging" = { view = "v.NoMerging", merge_slashes = false }
        """,
        {
            "GET /no//tail": redirect("/no/tail"),
            "GET /yes//tail": redirect("/yes/tail/"),
            "GET /yes/tail//": redirect("/yes/tail/"),
            "GET //yes///tail////": redirect("/yes/tail/"),
            "GET /no/tail": hit("no_tail"),
            "GET /yes/tail/": hit("yes_tail"),
            "GET /with/http://example.com/": hit("with_path", path="http://example.com/"),
            "GET /with/x//y": hit("with_path", path="x//y"),
            "GET /no//merge": hit("no_merge"),
            "GET /no/merging": hit("no_merging"),
            "GET /no//merging": MISSING,
        },
    ),
    Case(
        "a merged path is quoted once",
        '[routes]\n"/merge/<some>/path" = "v.Merge"',
        {
            "GET /merge/%25//path": redirect("/merge/%25/path"),
            "GET /merge//st/path": redirect("/merge/st/path"),
        },
    ),
    Case(
        "doubled slashes of a pattern are merged in its URL",
        """
        [routes]
        "/yes//merge" = "v.YesMerge"
        "/no//merge" = { view = "v.NoMerge", merge_slashes = false }
        """,
        built=(("yes_merge", {}, "/yes/merge"), ("no_merge", {}, "/no//merge")),
    ),
    Case(
        "a branch is redirected to if it takes the verb",
        """
        [routes]
        "/bar/" = { view = "v.Get", methods = ["GET"] }
        "/bar" = { view = "v.Post", methods = ["POST"] }
        "/foo/" = { view = "v.Foo", methods = ["POST"] }
        "/<path:var>/" = { view = "v.Path", methods = ["GET"] }
        """,
        {
            "GET /bar/": hit("get"),
            "POST /bar": hit("post"),
            "GET /abc/": hit("path", var="abc"),
            "GET /bar": redirect("/bar/"),
            "POST /bar/": refused("GET"),
            "POST /foo": redirect("/foo/"),
            "GET /abc": redirect("/abc/"),
        },
    ),
    Case(
        "the same, with the leaf first",
        """
        [routes]
        "/bar" = { view = "v.Post", methods = ["POST"] }
        "/bar/" = { view = "v.Get", methods = ["GET"] }
        """,
        {
            "GET /bar/": hit("get"),
            "POST /bar": hit("post"),
            "GET /bar": redirect("/bar/"),
            "POST /bar/": refused("GET"),
        },
    ),
    Case(
        "the same, with a branch alone",
        '[routes]\n"/bar/" = { view = "v.Get", methods = ["GET"] }',
        {
            "GET /bar/": hit("get"),
            "GET /bar": redirect("/bar/"),
            "POST /bar/": refused("GET"),
            "POST /bar": MISSING,
        },
    ),
    Case(
        "without strict slashes, a leaf leaves the slash to a branch",
        """
        [matching]
        strict_slashes = false
        [routes]
        "/path1" = { view = "v.Leaf", name = "leaf" }
        "/path1/" = { view = "v.Branch", name = "branch" }
        "/path2" = { view = "v.Leaf", name = "leaf", strict_slashes = false }
        "/path2/" = { view = "v.Branch", name = "branch" }
        "/path3" = { view = "v.Leaf", name = "leaf" }
        "/path3/" = { view = "v.Branch", name = "branch", strict_slashes = false }
        "/path4" = { view = "v.Leaf", name = "leaf", strict_slashes = false }
        "/path4/" = { view = "v.Branch", name = "branch", strict_slashes = false }
        "/path5" = { view = "v.Leaf", name = "leaf" }
        """,
        {
            **{f"GET /path{number}": hit("leaf") for number in range(1, 6)},
            **{f"GET /path{number}/": hit("branch") for number in range(1, 5)},
            "GET /path5/": hit("leaf"),
        },
    ),
    Case(
        "one row can be lenient",
        """
        [routes]
        "/path1" = { view = "v.Leaf", strict_slashes = false }
        "/path2/" = { view = "v.Branch", strict_slashes = false }
        "/<path:path>" = { view = "v.Path", strict_slashes = false }
        """,
        {
            "GET /path1": hit("leaf"),
            "GET /path1/": hit("leaf"),
            "GET /path2": hit("branch"),
            "GET /path2/": hit("branch"),
            "GET /any": hit("path", path="any"),
            "GET /any/": hit("path", path="any/"),
        },
    ),
    Case(
        "plain paths",
        '[routes]\n"/foo" = "v.Foo"\n"/bar" = "v.Bar"',
        {"GET /foo": hit("foo"), "GET /bar": hit("bar"), "GET /bars": MISSING},
    ),
    Case(
        "paths in other scripts",
        '[routes]\n"/" = "v.Index"\n"/лошадь" = "v.Horse"\n"/öäü/" = "v.Umlauts"',
        {
            "GET /": hit("index"),
            "GET /%D0%BB%D0%BE%D1%88%D0%B0%D0%B4%D1%8C": hit("horse"),
            "GET /%D0%B1%D0%B0%D1%80%D1%81%D1%83%D0%BA": MISSING,
            "GET /%C3%B6%C3%A4%C3%BC": redirect("/%C3%B6%C3%A4%C3%BC/"),
        },
    ),
    Case(
        "paths in other scripts on a host in another",
        '[routes]\n"/войти/" = "v.Enter"\n"/foo+bar/" = "v.Foobar"\n"//☃.example.com/" = "v.Snow"',
        {
            "GET /%D0%B2%D0%BE%D0%B9%D1%82%D0%B8 xn--n3h.example.com": redirect(
                "/%D0%B2%D0%BE%D0%B9%D1%82%D0%B8/"
            ),
            "GET /%D0%B2%D0%BE%D0%B9%D1%82%D0%B8/ xn--n3h.example.com": hit("enter"),
            "GET /foo+bar": redirect("/foo+bar/"),
            "GET /foo+bar/ xn--n3h.example.com": hit("foobar"),
            "GET / xn--n3h.example.com": hit("snow"),
        },
        (
            ("enter xn--n3h.example.com", {}, "/%D0%B2%D0%BE%D0%B9%D1%82%D0%B8/"),
            ("foobar", {}, "/foo+bar/"),
            ("snow other", {}, "http://xn--n3h.example.com/"),
        ),
    ),
    Case(
        "URLs of rows with and without a host",
        """
        [routes]
        "/" = "v.Index"
        "/foo" = "v.Foo"
        "/bar/<baz>" = "v.Bar"
        "/bar/<int:bazi>" = "v.Bari"
        "/bar/<float:bazf>" = "v.Barf"
        "/bar/<path:bazp>" = "v.Barp"
        "//blah.example.org/hehe" = "v.Blah"
        """,
        built=(
            ("index", {}, "/"),
            ("foo", {}, "/foo"),
            ("bar", {"baz": "blub"}, "/bar/blub"),
            ("bari", {"bazi": 50}, "/bar/50"),
            ("barf", {"bazf": 0.815}, "/bar/0.815"),
            ("barp", {"bazp": "la/di"}, "/bar/la/di"),
            ("blah blah.example.org", {}, "/hehe"),
            ("blah example.org", {}, "http://blah.example.org/hehe"),
            ("urks", {}, NotBuilt("no route has the name `urks`")),
        ),
    ),
    Case(
        "a default is left out of the URL",
        """
        [routes]
        "/foo/" = { view = "v.Foo", name = "foo", defaults = { page = 1 } }
        "/foo/<int:page>" = { view = "v.Foo", name = "foo" }
        """,
        {
            "GET /foo/": hit("foo", page=1),
            "GET /foo/1": redirect("/foo/"),
            "GET /foo/2": hit("foo", page=2),
        },
        (
            ("foo", {}, "/foo/"),
            ("foo", {"page": 1}, "/foo/"),
            ("foo", {"page": 2}, "/foo/2"),
        ),
    ),
    Case(
        "a default of a leaf",
        """
        [routes]
        "/foo" = { view = "v.Foo", name = "foo", defaults = { bar = 42 } }
        "/foo/<int:bar>" = { view = "v.Foo", name = "foo" }
        """,
        {"GET /foo/42": redirect("/foo"), "GET /foo": hit("foo", bar=42)},
    ),
    Case(
        "a default of a URL on another host",
        """
        [routes]
        "//test.localhost/foo" = { view = "v.Foo", name = "foo", defaults = { bar = 42 } }
        "//other.localhost/foo/<int:bar>" = { view = "v.Foo", name = "foo" }
        """,
        {"GET /foo/42 other.localhost": hit("foo", bar=42)},
        (
            ("foo other.localhost", {"bar": 42}, "/foo/42"),
            ("foo elsewhere", {"bar": 42}, "http://test.localhost/foo"),
        ),
    ),
    Case(
        "a default of a URL with other variables, quoted",
        """
        [routes]
        "/<category>" = { view = "v.Category", name = "category", defaults = { page = 1 } }
        "/<category>/page/<int:page>" = { view = "v.Category", name = "category" }
        """,
        {"GET /foo%20bar/page/1": redirect("/foo%20bar")},
    ),
    Case(
        "several defaults",
        """
        [routes]
        "/" = { view = "v.X", name = "x", defaults = { foo = 1, bar = false } }
        "/<int:foo>" = { view = "v.X", name = "x", defaults = { bar = false } }
        "/bar/" = { view = "v.X", name = "x", defaults = { foo = 1, bar = true } }
        "/bar/<int:foo>" = { view = "v.X", name = "x", defaults = { bar = true } }
        [routes."/aaa"]
        "/" = { view = "v.Y", name = "y", defaults = { foo = 1, bar = false } }
        "/<int:foo>" = { view = "v.Y", name = "y", defaults = { bar = false } }
        "/bar/" = { view = "v.Y", name = "y", defaults = { foo = 1, bar = true } }
        "/bar/<int:foo>" = { view = "v.Y", name = "y", defaults = { bar = true } }
        """,
        {
            f"GET {prefix}{path}": hit(name, foo=foo, bar=bar)
            for prefix, name in (("", "x"), ("/aaa", "y"))
            for path, foo, bar in (
                ("/", 1, False),
                ("/2", 2, False),
                ("/bar/", 1, True),
                ("/bar/2", 2, True),
            )
        },
        tuple(
            (name, values, f"{prefix}{path}")
            for prefix, name in (("", "x"), ("/aaa", "y"))
            for values, path in (
                ({"foo": 1, "bar": False}, "/"),
                ({"foo": 2, "bar": False}, "/2"),
                ({"bar": False}, "/"),
                ({"foo": 1, "bar": True}, "/bar/"),
                ({"foo": 2, "bar": True}, "/bar/2"),
                ({"bar": True}, "/bar/"),
            )
        ),
    ),
    Case(
        "signed numbers",
        """
        [routes]
        "/foos/<int(signed=True):page>" = "v.Foos"
        "/bars/<float(signed=True):page>" = "v.Bars"
        "/foo/<int:page>" = "v.Foo"
        "/bar/<float:page>" = "v.Bar"
        """,
        {
            "GET /foos/-2": hit("foos", page=-2),
            "GET /foos/-50": hit("foos", page=-50),
            "GET /bars/-2.0": hit("bars", page=-2.0),
            "GET /bars/-0.185": hit("bars", page=-0.185),
            "GET /foo/-2": MISSING,
            "GET /foo/-50": MISSING,
            "GET /bar/-0.185": MISSING,
            "GET /bar/-2.0": MISSING,
        },
    ),
    Case(
        "the first variable with slashes takes as little as it can",
        """
        [routes]
        "/foo" = "v.Foo"
        "/<path:bar>" = { view = "v.Bar", name = "bar" }
        "/<path:bar>/<path:blub>" = { view = "v.Bar", name = "bar" }
        """,
        {
            "GET /foo": hit("foo"),
            "GET /blub": hit("bar", bar="blub"),
            "GET /he/he": hit("bar", bar="he", blub="he"),
        },
        (
            ("foo", {}, "/foo"),
            ("bar", {"bar": "blub"}, "/blub"),
            ("bar", {"bar": "blub", "blub": "bar"}, "/blub/bar"),
        ),
    ),
    Case(
        "a wiki",
        """
        [routes]
        "/" = { view = "v.Page", name = "page", defaults = { name = "FrontPage" } }
        "/Special" = "v.Special"
        "/<int:year>" = "v.Year"
        "/<path:name>:foo" = "v.Foopage"
        "/<path:name>:<path:name2>" = "v.Twopage"
        "/<path:name>" = { view = "v.Page", name = "page" }
        "/<path:name>/edit" = "v.Editpage"
        "/<path:name>/silly/<path:name2>" = "v.Sillypage"
        "/<path:name>/silly/<path:name2>/edit" = "v.Editsillypage"
        "/Talk:<path:name>" = "v.Talk"
        "/User:<username>" = "v.User"
        "/User:<username>/<path:name>" = "v.Userpage"
        "/User:<username>/comment/<int:id>-<int:replyId>" = "v.Usercomment"
        "/Files/<path:file>" = "v.Files"
        "/<admin>/<manage>/<things>" = "v.Admin"
        """,
        {
            "GET /": hit("page", name="FrontPage"),
            "GET /FrontPage": redirect("/"),
            "GET /Special": hit("special"),
            "GET /2007": hit("year", year=2007),
            "GET /Some:foo": hit("foopage", name="Some"),
            "GET /Some:bar": hit("twopage", name="Some", name2="bar"),
            "GET /Some/Page": hit("page", name="Some/Page"),
            "GET /Some/Page/edit": hit("editpage", name="Some/Page"),
            "GET /Foo/silly/bar": hit("sillypage", name="Foo", name2="bar"),
            "GET /Foo/silly/bar/edit": hit("editsillypage", name="Foo", name2="bar"),
            "GET /Talk:Foo/Bar": hit("talk", name="Foo/Bar"),
            "GET /User:thomas": hit("user", username="thomas"),
            "GET /User:thomas/projects/werkzeug": hit(
                "userpage", username="thomas", name="projects/werkzeug"
            ),
            "GET /User:thomas/comment/123-456": hit(
                "usercomment", username="thomas", id=123, replyId=456
            ),
            "GET /Files/downloads/werkzeug/0.2.zip": hit(
                "files", file="downloads/werkzeug/0.2.zip"
            ),
            "GET /Jerry/eats/cheese": hit("admin", admin="Jerry", manage="eats", things="cheese"),
        },
    ),
    Case(
        "the Host field counts, not the server's name",
        """
        [matching]
        server_name = "example.com"
        [routes]
        "//wiki./" = "v.Index"
        """,
        {"GET / wiki.example.com": hit("index"), "GET / admin.example.com": MISSING},
        (
            ("index wiki.example.com", {}, "/"),
            ("index admin.example.com", {}, "http://wiki.example.com/"),
        ),
    ),
    Case(
        "the standard port is no part of the host",
        '[routes]\n"/foo" = "v.Foo"\n"//localhost/bar" = "v.Bar"',
        {
            "GET /foo localhost:80": hit("foo"),
            "GET /bar localhost:80": hit("bar"),
            "GET /bar localhost": hit("bar"),
        },
    ),
    Case(
        "hosts are told apart by their names, in any case",
        """
        [matching]
        server_name = "example.invalid"
        [routes]
        "/" = "v.Index"
        "//alt./" = "v.Alt"
        """,
        {
            "GET / example.invalid": hit("index"),
            "GET / alt.example.invalid": hit("alt"),
            "GET / ALT.Example.Invalid": hit("alt"),
            "GET / 127.0.0.1:5000": hit("index"),
        },
    ),
    Case(
        "values are written as text",
        '[routes]\n"/<foo>" = "v.Foo"',
        {},
        (
            ("foo", {"foo": 42}, "/42"),
            ("foo", {"foo": "x:y"}, "/x:y"),
            ("foo", {"foo": None}, NotBuilt("`foo` needs `foo`")),
        ),
    ),
    Case(
        "many kinds of rows at once",
        """
        [routes]
        "/" = "v.Index"
        "/<int:blub>" = "v.AnInt"
        "/<blub>" = "v.AString"
        "/foo/" = "v.Nested"
        "/foobar/" = "v.Nestedbar"
        "/foo/<path:testing>/" = "v.NestedShow"
        "/foo/<path:testing>/edit" = "v.NestedEdit"
        "/users/" = { view = "v.Users", name = "users", defaults = { page = 1 } }
        "/users/page/<int:page>" = { view = "v.Users", name = "users" }
        "/foox" = "v.Foox"
        "/<path:bar>/<path:blub>" = "v.BarxPathPath"
        """,
        {
            "GET /": hit("index"),
            "GET /42": hit("an_int", blub=42),
            "GET /blub": hit("a_string", blub="blub"),
            "GET /foo/": hit("nested"),
            "GET /foobar/": hit("nestedbar"),
            "GET /foo/1/2/3/": hit("nested_show", testing="1/2/3"),
            "GET /foo/1/2/3/edit": hit("nested_edit", testing="1/2/3"),
            "GET /users/": hit("users", page=1),
            "GET /users/page/2": hit("users", page=2),
            "GET /foox": hit("foox"),
            "GET /1/2/3": hit("barx_path_path", bar="1", blub="2/3"),
        },
        (
            ("index", {}, "/"),
            ("an_int", {"blub": 42}, "/42"),
            ("a_string", {"blub": "test"}, "/test"),
            ("nested", {}, "/foo/"),
            ("nestedbar", {}, "/foobar/"),
            ("nested_show", {"testing": "1/2/3"}, "/foo/1/2/3/"),
            ("nested_edit", {"testing": "1/2/3"}, "/foo/1/2/3/edit"),
            ("users", {"page": 1}, "/users/"),
            ("users", {"page": 2}, "/users/page/2"),
            ("foox", {}, "/foox"),
            ("barx_path_path", {"bar": "1", "blub": "2/3"}, "/1/2/3"),
        ),
    ),
    Case(
        "converters of the application",
        """
        [routes]
        "/a/<foo:a>" = "v.A"
        "/c/<c>" = "v.C"
        "/words/<two_words:foo>/" = "v.Words"
        "/letters/<two_letters:values>/" = "v.Letters"
        """,
        {
            "GET /a/1": hit("a", a="1"),
            "GET /c/3": hit("c", c="3"),
            "GET /words/qwert/yuiop/": hit("words", foo=("qwert", "yuiop")),
            "GET /letters/a/b/": hit("letters", values=["a", "b"]),
        },
        (("words", {"foo": ("qwert", "yuiop")}, "/words/qwert/yuiop/"),),
    ),
    Case(
        "a number of too many digits",
        '[routes]\n"/<int:a>" = "v.A"',
        {f"GET /{'1' * (sys.get_int_max_str_digits() + 1)}": MISSING},
    ),
    Case(
        "a UUID",
        '[routes]\n"/a/<uuid:a_uuid>" = "v.A"',
        {
            "GET /a/a8098c1a-f86e-11da-bd1a-00112444be1e": hit(
                "a", a_uuid=uuid.UUID("a8098c1a-f86e-11da-bd1a-00112444be1e")
            )
        },
    ),
    Case(
        "groups inside of a converter's expression",
        f"""
        [routes]
        '/ours/<regex("{DATE}"):start>/<regex("{DATE}"):end>/' = "v.Ours"
        '/bare/<bare("{DATE}"):start>/<bare("{DATE}"):end>/' = "v.Bare"
        """,
        {
            f"GET /{name}/2023-02-16T23:36:36.266Z/20230216T234636Z/": hit(
                name, start="2023-02-16T23:36:36.266Z", end="20230216T234636Z"
            )
            for name in ("ours", "bare")
        },
    ),
    Case(
        "eleven variables in one segment",
        f'[routes]\n"/{"-".join(f"<int:a{number}>" for number in range(11))}" = "v.A"',
        {
            f"GET /{'-'.join(map(str, range(11)))}": hit(
                "a", **{f"a{number}": number for number in range(11)}
            )
        },
    ),
    Case(
        "one of several texts",
        """
        [routes]
        "/<any(a1, a2):a>" = "v.NoDot"
        "/<any(a.1, a.2):a>" = "v.YesDot"
        "/who/<any(patient, provider):value>" = "v.Actor"
        """,
        {
            "GET /a1": hit("no_dot", a="a1"),
            "GET /a2": hit("no_dot", a="a2"),
            "GET /a.1": hit("yes_dot", a="a.1"),
            "GET /a.2": hit("yes_dot", a="a.2"),
        },
        (
            ("actor", {"value": "patient"}, "/who/patient"),
            ("actor", {"value": "provider"}, "/who/provider"),
            (
                "actor",
                {"value": "invalid"},
                NotBuilt("'invalid' is not one of 'patient', 'provider'"),
            ),
        ),
    ),
    Case(
        "values that a converter cannot write",
        '[routes]\n"/int/<int:v>" = "v.Int"\n"/list/<dotted:v>" = "v.List"',
        {},
        (
            ("int", {"v": 1}, "/int/1"),
            ("int", {"v": None}, NotBuilt("`int` needs `v`")),
            ("int", {"v": [1]}, NotBuilt("int() argument must be")),
            ("list", {"v": [1]}, "/list/1"),
            ("list", {"v": [1, None, 2]}, "/list/1.None.2"),
            ("list", {"v": 1}, NotBuilt("is not iterable")),
        ),
    ),
    Case(
        "a name whose rows take different verbs",
        """
        [routes]
        "/" = { view = "v.Index", methods = ["GET"] }
        "/<name>" = { view = "v.HelloName", methods = ["GET"] }
        "/select" = { view = "v.HelloSelect", methods = ["POST"] }
        "/search_post" = { view = "v.Search", name = "search", methods = ["POST"] }
        "/search_get" = { view = "v.Search", name = "search", methods = ["GET"] }
        """,
        {},
        (
            ("index", {}, "/"),
            ("hello_name", {"name": "foo"}, "/foo"),
            ("hello_select", {}, "/select"),
            ("search", {}, "/search_get"),
        ),
    ),
    Case(
        "HEAD goes with GET, and Allow lists all that would be taken",
        """
        [routes]
        "/get" = { view = "v.A", methods = ["GET"] }
        "/post" = { view = "v.B", methods = ["POST"] }
        "/list/<foo>" = { view = "v.C", methods = ["GET", "HEAD"] }
        "/list/foo" = { view = "v.D", methods = ["POST"] }
        """,
        {
            "HEAD /get": hit("a"),
            "HEAD /post": refused("POST"),
            "-- /list/foo": refused("GET", "POST"),
        },
    ),
    Case(
        "a long label of a host, and a port",
        f'[routes]\n"/" = "v.Any"\n"//xn--{"a" * 52}-zt52d/" = "v.Long"',
        {f"GET / xn--{'a' * 52}-zt52d:8443": hit("long")},
    ),
    Case(
        "variables in hosts",
        """
        [routes]
        "//www.<domain>/" = "v.Index"
        "//files.<domain>/" = "v.Files"
        "//www.<domain>/foo/" = { view = "v.X", name = "x", defaults = { page = 1 } }
        "//files.<domain>/<int:page>" = { view = "v.X", name = "x" }
        """,
        {
            "GET / www.example.com": hit("index", domain="example.com"),
            "GET /foo/ www.example.com": hit("x", domain="example.com", page=1),
            "GET /foo www.example.com": redirect("/foo/"),
            "GET / files.example.com": hit("files", domain="example.com"),
            "GET /2 files.example.com": hit("x", domain="example.com", page=2),
            "GET /1 files.example.com": hit("x", domain="example.com", page=1),
        },
    ),
    Case(
        "one pattern on several hosts",
        """
        [routes]
        "//alpha.example.com/" = { view = "v.Index", name = "index" }
        "//beta.example.com/" = { view = "v.Index", name = "index" }
        "//gamma.example.com/" = "v.Gamma"
        """,
        {
            "GET / alpha.example.com": hit("index"),
            "GET / gamma.example.com": hit("gamma"),
            "GET / delta.example.com": MISSING,
        },
        (
            ("index alpha.example.com", {}, "/"),
            ("gamma alpha.example.com", {}, "http://gamma.example.com/"),
            ("index AlPhA.ExAmPlE.CoM", {}, "/"),
            ("gamma AlPhA.ExAmPlE.CoM", {}, "http://gamma.example.com/"),
            ("index beta.example.com", {}, "/"),
            ("index BeTa.ExAmPlE.CoM", {}, "/"),
            ("gamma beta.example.com:8000", {}, "http://gamma.example.com:8000/"),
        ),
    ),
    Case(
        "a path that is empty",
        '[routes]\n"/" = "v.Index"',
        {
            "GET  example.com": redirect("/"),
            "GET  example.com /approot": redirect("/approot/"),
        },
    ),
    Case(
        "more fixed text weighs more",
        '[routes]\n"/<path:path>/c" = "v.Simple"\n"/<path:path>/<a>/<b>" = "v.Complex"',
        {"GET /a/b/c": hit("simple", path="a/b")},
    ),
    Case(
        "a number weighs more, and a UUID is none",
        '[routes]\n"/<int:value>" = "v.Int"\n"/<uuid:value>" = "v.Uuid"',
        {f"GET /{UUID}": hit("uuid", value=uuid.UUID(UUID))},
    ),
    Case(
        "a newline is a character",
        '[routes]\n"/hello" = "v.Hello"',
        {"GET /hello%0A": MISSING},
    ),
    Case(
        "text and numbers in one segment",
        """
        [routes]
        "/v<int:major>.<int:minor>" = "v.Version"
        "/dotted/.<int:value>" = "v.Dotted"
        """,
        {
            "GET /v1.2": hit("version", major=1, minor=2),
            "GET /v1x2": MISSING,
            "GET /dotted/.2": hit("dotted", value=2),
            "GET /dotted/a2": MISSING,
        },
    ),
    Case(
        "a regular expression",
        r"""
        [routes]
        '/<regex("[^/:]+\.[^/:]+"):value>' = "v.Regex"
        """,
        {"GET /asdfsa.asdfs": hit("regex", value="asdfsa.asdfs")},
    ),
    Case(
        "a pattern of very many variables",
        f'[routes]\n"{"".join(f"/<v{number}>" for number in range(300))}" = "v.Bleep"',
        {f"GET {'/x' * 300}": hit("bleep", **{f"v{number}": "x" for number in range(300)})},
        (
            (
                "bleep",
                {f"v{number}": number for number in range(300)},
                "".join(f"/{number}" for number in range(300)),
            ),
        ),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_a_case_of_werkzeugs(case: Case, tmp_path: Path) -> None:
    """Requests lead where they do there, and names build what they build there."""
    table = table_of(read_text(tmp_path / "routes.toml", DECLARED + case.text), CONVERTERS)
    assert {asked: ask(table, _environ(asked)) for asked in case.asked} == case.asked
    for name, values, url in case.built:
        name, _, host = name.partition(" ")
        base = base_of_request(request(host=host or "localhost"))
        if isinstance(url, NotBuilt):
            with pytest.raises(URLError) as caught:
                build_url(table, base, name, values, URLOptions())
            assert url in str(caught.value)
        else:
            assert build_url(table, base, name, values, URLOptions()) == url


def _environ(asked: str) -> dict[str, Any]:
    method, target, *more = asked.split(" ")
    host, script_name = [*more, *("localhost", "")[len(more) :]]
    if method == "WEBSOCKET":
        return handshake(target, HTTP_HOST=host, SCRIPT_NAME=script_name)
    return request(target, method, host, SCRIPT_NAME=script_name)


@pytest.mark.parametrize(
    ("value", "tail"),
    [
        (None, ""),
        ([None], ""),
        ([None, None], ""),
        ("", "?v="),
        ([""], "?v="),
        (0, "?v=0"),
        (1.0, "?v=1.0"),
        ([1, 2], "?v=1&v=2"),
        ([1, None, 2], "?v=1&v=2"),
        ([1, "", 2], "?v=1&v=&v=2"),
        ("1+2", "?v=1%2B2"),
    ],
)
def test_queries(tmp_path: Path, value: object, tail: str) -> None:
    """What Werkzeug makes of values that no variable takes is what we make of ``query``."""
    table = table_of(read_text(tmp_path / "routes.toml", '[routes]\n"/" = "v.A"'))
    base = base_of_request(request())
    assert build_url(table, base, "a", {}, URLOptions(query={"v": value})) == f"/{tail}"
    several = MultiDict({"v": value} if isinstance(value, list) else [("v", value)])
    assert build_url(table, base, "a", {}, URLOptions(query=several)) == f"/{tail}"


@pytest.mark.parametrize("port", ["", ":5000"])
def test_external_urls_keep_the_port(tmp_path: Path, port: str) -> None:
    """That of the request."""
    table = table_of(read_text(tmp_path / "routes.toml", '[routes]\n"/" = "v.Index"'))
    base = base_of_request(request(host=f"example.org{port}"))
    url = build_url(table, base, "index", {}, URLOptions(external=True))
    assert url == f"http://example.org{port}/"


@pytest.mark.parametrize(
    "row",
    [
        '"/<int()>" = "v.V"',
        '"/<int(min=0;max=500):x>" = "v.V"',
        '"/get" = { view = "v.V", methods = "GET" }',
        '"/foo/<string:self>" = "v.V"',
        '"/foo/<string:class>" = "v.V"',
        '"/x" = { view = "v.V", alias = true }',
        '"/x" = { view = "v.V", websocket = true }',
        '"/x" = { view = "v.V", redirect_to = "y" }',
    ],
)
def test_rows_that_are_errors(tmp_path: Path, row: str) -> None:
    """They are told when the file is read, with their place."""
    path = tmp_path / "routes.toml"
    path.write_text(f"[routes]\n{row}\n", "utf-8")
    errors = [found for found in read(str(path)).diagnostics if found.is_error]
    assert [error.span.line for error in errors] == [2]
