"""What we count on in Werkzeug's routing, trap by trap, and what webzeug makes of each.

The first test of a pair pins the installed Werkzeug as it behaves, so that an upgrade which
changes a trap is seen; the one beside it says what a manifest gets instead.
"""

import inspect
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from werkzeug.exceptions import BadRequest, MethodNotAllowed, NotFound
from werkzeug.routing import (
    BaseConverter,
    Map,
    MapAdapter,
    RequestRedirect,
    Rule,
    Submount,
    WebsocketMismatch,
)
from werkzeug.test import create_environ

from tests.routing.conftest import TableOf
from tests.support.project import Project
from tests.support.tables import MISSING, ask, handshake, hit, redirect, refused, request
from webzeug.loader import ManifestError, read
from webzeug.routing.adapter import RouteAdapter
from webzeug.routing.urls import Base, URLError, URLOptions, build_url

VIEWS = """
from webzeug import Response, View

class Echo(View):
    def GET(self, **args):
        return Response(repr(args))
"""


def endpoint(map: Map, path: str, method: str = "GET", host: str = "test") -> object:
    """What a Map leads to, or the status of its error."""
    try:
        return map.bind(host).match(path, method)[0]
    except RequestRedirect as error:
        return error.new_url
    except (NotFound, MethodNotAllowed, BadRequest) as error:
        return error.code


def codes(project: Project, routes: str) -> set[str]:
    """The codes of all errors in a manifest, found without importing anything."""
    project.write("routes.toml", f"[routes]\n{routes}")
    found = read(str(project.manifest)).diagnostics
    return {diagnostic.kind.code for diagnostic in found if diagnostic.is_error}


# 1. Rule factories forget options


def test_werkzeug_factories_forget_options() -> None:
    """Submount copies a rule without ``websocket`` and ``merge_slashes``."""
    rules = [Rule("/a//b", endpoint="x", merge_slashes=False, websocket=True)]
    copied = next(iter(Map([Submount("/p", rules)]).iter_rules()))
    assert (copied.merge_slashes, copied.websocket) == (True, False)


def test_groups_keep_options(table: TableOf) -> None:
    """Prefixes are joined by us, and every option arrives."""
    text = '[routes."/p"]\nmerge_slashes = false\n"/a//b" = "v.X"'
    assert ask(table(text), request("/p/a//b")) == hit("x")
    assert ask(table(text), handshake("/p/a//b")) == hit("x")


# 2. A converter that rejects a value ends the search

REJECTED = Map([Rule("/<int(min=10):a>", endpoint="a"), Rule("/<b>", endpoint="b")])


def test_werkzeug_ends_the_search_at_a_rejected_value() -> None:
    """The next rule would have taken it."""
    assert (endpoint(REJECTED, "/5"), endpoint(REJECTED, "/x")) == (404, "b")


def test_a_rejected_value_is_404(table: TableOf) -> None:
    """So it is defined: a converter's arguments judge values, they do not choose routes."""
    text = '[routes]\n"/<int(min=10):a>" = "v.A"\n"/<b>" = "v.B"'
    assert ask(table(text), request("/5")) == MISSING
    assert ask(table(text), request("/x")) == hit("b", b="x")


# 3. Converters of one weight

UUID = "/2b5b0911-fdcf-4dd2-921b-28ace88db8a0"


@pytest.mark.parametrize("first", ["uuid", "string", "any(a)"])
@pytest.mark.parametrize("second", ["uuid", "string"])
def test_werkzeug_weighs_uuid_any_and_string_alike(first: str, second: str) -> None:
    """The first of them that fits answers."""
    rules = [Rule(f"/<{first}:a>", endpoint="first"), Rule(f"/<{second}:b>", endpoint="second")]
    expected = "second" if first == "any(a)" else "first"
    assert endpoint(Map(rules), UUID) == expected


def test_the_order_of_the_file_decides(table: TableOf) -> None:
    """Whichever stands first."""
    uuid_first = '[routes]\n"/<uuid:a>" = "v.A"\n"/<b>" = "v.B"'
    text_first = '[routes]\n"/<b>" = "v.B"\n"/<uuid:a>" = "v.A"'
    assert ask(table(uuid_first), request(UUID))[0] == "a"
    assert ask(table(text_first), request(UUID))[0] == "b"


# 4. A branch hides what would match without its slash


def test_werkzeug_redirects_before_it_looks_further() -> None:
    """And 404 or 405 depends on a slash."""
    branch = Map([Rule("/foo/", endpoint="branch"), Rule("/<x>", endpoint="x")])
    assert endpoint(branch, "/foo") == "http://test/foo/"
    assert endpoint(branch, "/foo", "POST") == "http://test/foo/"
    post = Map([Rule("/a/", endpoint="a", methods=["POST"])])
    assert (endpoint(post, "/a"), endpoint(post, "/a/")) == (404, 405)


def test_a_branch_is_redirected_to_first(table: TableOf) -> None:
    """So it is defined too, with one difference: a handshake then gets 404."""
    text = '[routes]\n"/foo/" = "v.Branch"\n"/<x>" = "v.X"\n"/a/" = { POST = "v.A" }'
    assert ask(table(text), request("/foo", "POST")) == redirect("/foo/")
    assert ask(table(text), handshake("/foo")) == MISSING
    assert ask(table(text), request("/a")) == hit("x", x="a")
    assert ask(table(text), request("/a/")) == refused("POST")


# 5. Hosts


def hosted(*hosts: str) -> Map:
    """A Map of one rule for each host, named like it."""
    return Map([Rule("/", endpoint=host, host=host) for host in hosts], host_matching=True)


def test_werkzeug_matches_hosts_by_their_letters() -> None:
    """No host matches no host; case, IDN and port count, in the rule as it is written."""
    assert endpoint(hosted(""), "/", host="a.test") == 404
    assert endpoint(hosted("A.test"), "/", host="A.test") == 404
    assert endpoint(hosted("bücher.test"), "/", host="bücher.test") == 404
    assert endpoint(hosted("a.test"), "/", host="a.test:8000") == 404
    assert endpoint(hosted("<sub>.test"), "/", host="a.b.test") == "<sub>.test"
    assert endpoint(hosted("<h>", "a.test"), "/", host="a.test") == "a.test"
    assert endpoint(hosted("<path:h>"), "/", host="a.test") == 404


def test_werkzeug_forgets_a_standard_port() -> None:
    """It is not in the host that is matched, so a rule that names it never is."""
    environ = create_environ("/", "http://a.test:80/")
    with pytest.raises(NotFound):
        hosted("a.test:80").bind_to_environ(environ).match()


def test_hosts_are_matched_as_people_mean_them(table: TableOf) -> None:
    """Details are in test_hosts.py."""
    text = """
    [routes]
    "/" = "v.Any"
    "//Bücher.test/" = "v.Idn"
    "//a.test/" = "v.A"
    "//b.test:80/" = "v.Port"
    """
    asked = {
        "elsewhere": "any",
        "xn--bcher-kva.test": "idn",
        "A.test:8000": "a",
        "b.test": "port",
    }
    compiled = table(text)
    assert {host: ask(compiled, request("/", host=host))[0] for host in asked} == asked


# 6. Redirects, aliases, and defaults of variables


def test_werkzeugs_redirects_lose_the_query() -> None:
    """They are always 308, and an unknown placeholder is found when a request comes."""
    rules = [Rule("/old/<x>", redirect_to="new/<x>"), Rule("/bad/<x>", redirect_to="new/<y>")]
    adapter = Map(rules).bind("test", query_args="q=1")
    with pytest.raises(RequestRedirect) as caught:
        adapter.match("/old/a")
    assert (caught.value.new_url, caught.value.code) == ("http://test/new/a", 308)
    with pytest.raises(KeyError):
        adapter.match("/bad/a")


def test_werkzeugs_aliases_need_another_rule() -> None:
    """One alone redirects to itself; with ``any``, a value it refuses is a bare ValueError."""
    alone = Map([Rule("/a", endpoint="x", alias=True)])
    assert endpoint(alone, "/a") == "http://test/a"
    rules = [
        Rule("/a/<any(one):x>", endpoint="x"),
        Rule("/b/<x>", endpoint="x", alias=True),
    ]
    with pytest.raises(ValueError, match="is not one of"):
        Map(rules).bind("test").match("/b/two")


def test_a_default_of_a_variable_overrides_the_url_in_werkzeug() -> None:
    """Whatever is asked for, the default arrives."""
    rules = Map([Rule("/<int:page>", endpoint="x", defaults={"page": 1})])
    assert rules.bind("test").match("/7") == ("x", {"page": 1})


def test_redirects_of_a_manifest_are_ours(project: Project) -> None:
    """Status and query are kept, and what cannot work is found before it is served."""
    project.write("views.py", VIEWS)
    project.write(
        "routes.toml",
        """
        [routes]
        "/new/<x>" = { view = "views.Echo", name = "new" }
        "/old/<x>" = { redirect = "new", status = 302 }
        """,
    )
    response = project.load().test_client().get("/old/a?q=1")
    assert (response.status_code, response.headers["Location"]) == (302, "/new/a?q=1")
    bad = '"/new/<y>" = "v.N"\n"/bad/<x>" = { redirect = "/new/<y>" }'
    assert codes(project, bad) != set()
    assert codes(project, '"/<int:page>" = { view = "v.P", defaults = { page = 1 } }') != set()


# 7. WebSockets


def test_werkzeugs_rules_are_for_requests_or_for_handshakes() -> None:
    """One of the other kind is 400, so a pattern for both needs two rules."""
    rules = [Rule("/ws", endpoint="ws", websocket=True), Rule("/http", endpoint="http")]
    adapter = Map(rules).bind("test")
    with pytest.raises(WebsocketMismatch):
        adapter.match("/ws", websocket=False)
    with pytest.raises(WebsocketMismatch):
        adapter.match("/http", websocket=True)


def test_a_handshake_is_a_verb(table: TableOf) -> None:
    """One row takes both, or says which it takes."""
    text = '[routes]\n"/both" = "v.Both"\n"/http" = { GET = "v.Http" }'
    assert ask(table(text), request("/both")) == hit("both")
    assert ask(table(text), handshake("/both")) == hit("both")
    assert ask(table(text), handshake("/http")) == refused("GET")


# 8. Methods


def test_werkzeug_takes_any_token_and_any_case() -> None:
    """A rule without methods takes all; names are made upper case."""
    rules = Map([Rule("/all", endpoint="all"), Rule("/get", endpoint="get", methods=["get"])])
    assert endpoint(rules, "/all", "NO SUCH; METHOD") == "all"
    assert endpoint(rules, "/get", "get") == "get"
    assert endpoint(rules, "/get", "head") == "get"


def test_the_view_judges_what_no_row_claims(project: Project) -> None:
    """A route without methods takes all, and its View answers 405 for what it lacks."""
    project.write("views.py", VIEWS)
    project.write("routes.toml", '[routes]\n"/all" = "views.Echo"\n"/get" = { GET = "views.Echo" }')
    client = project.load().test_client()
    for path in ("/all", "/get"):
        for method in ("BREW", "get", "WEBSOCKET"):
            response = client.open(
                path, method=method, environ_overrides={"REQUEST_METHOD": method}
            )
            assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


# 9. What converters take


def test_what_werkzeugs_converters_take() -> None:
    """Digits of other scripts, leading zeros, newlines; and odd readings of arguments."""
    rules = Map(
        [
            Rule("/i/<int:x>", endpoint="int"),
            Rule("/s/<string:x>", endpoint="string"),
            Rule("/p/<path:x>", endpoint="path"),
            Rule("/a/<any(1,2):x>", endpoint="any"),
            Rule("/n/<int(min=5, max=1):x>", endpoint="never"),
        ]
    )
    adapter = rules.bind("test")
    assert adapter.match("/i/\u0661\u0662") == ("int", {"x": 12})
    assert adapter.match("/i/007") == ("int", {"x": 7})
    assert adapter.match("/s/a\nb") == ("string", {"x": "a\nb"})
    assert endpoint(rules, "/p/a\nb") == 404
    assert (endpoint(rules, "/a/1"), endpoint(rules, "/a/1,2")) == (404, "any")
    assert {endpoint(rules, f"/n/{number}") for number in range(10)} == {404}
    with pytest.raises(ValueError, match="invalid literal"):
        Map([Rule("/<string(1,5):x>")])


def test_values_are_werkzeugs_and_odd_arguments_are_refused(
    table: TableOf, project: Project
) -> None:
    """The Map is the law for values; arguments that never do what they seem to say are errors."""
    text = '[routes]\n"/i/<int:x>" = "v.Int"\n"/p/<path:x>" = "v.Path"\n"/s/<x>" = "v.Text"'
    compiled = table(text)
    assert ask(compiled, request("/i/%D9%A1%D9%A2")) == hit("int", x=12)
    assert ask(compiled, request("/i/007")) == hit("int", x=7)
    assert ask(compiled, request("/s/a%0Ab")) == hit("text", x="a\nb")
    assert ask(compiled, request("/p/a%0Ab")) == MISSING
    for pattern in ("<any(1,2):x>", "<string(1,5):x>", "<int(min=5, max=1):x>"):
        assert codes(project, f'"/{pattern}" = "v.V"') == {"WZ109"}, pattern


# 10. Variables that take slashes


def test_werkzeug_compiles_any_number_of_path_variables() -> None:
    """Each is one more loop inside the others when a path does not match."""
    assert Map([Rule("/<path:a>/<path:b>/<path:c>", endpoint="x")])


def test_a_third_path_variable_is_refused(project: Project) -> None:
    """By the compiler, so that no server is slow because of one."""
    project.write("routes.toml", '[routes]\n"/<path:a>/<path:b>/<path:c>" = "v.V"')
    with pytest.raises(ManifestError, match="all take slashes"):
        project.load()


# 11. Bad patterns


@pytest.mark.parametrize(
    ("pattern", "error"),
    [
        ("/<nope:x>", LookupError),
        ("/<int()>", ValueError),
        ("no-slash", ValueError),
        ("/<int(nope=1):x>", TypeError),
        ("/<a>/<a>", SyntaxError),
    ],
)
def test_werkzeug_raises_four_types_for_a_bad_pattern(pattern: str, error: type[Exception]) -> None:
    """One by one, so only the first mistake is told."""
    with pytest.raises(error):
        Map([Rule(pattern)])


def test_werkzeug_sees_a_bad_bound_when_a_request_comes() -> None:
    """As a TypeError, which a server answers with 500."""
    adapter = Map([Rule("/<int(min='q'):x>")]).bind("test")
    with pytest.raises(TypeError):
        adapter.match("/5")


NONSENSE = [
    "/a?b=c",
    "/a#b",
    "/caf%C3%A9",
    "/{id}",
    "/:id",
    "/<x>>",
    "/<self>",
    "/<class>",
    "/../a",
]


@pytest.mark.parametrize("pattern", NONSENSE)
def test_werkzeug_accepts_nonsense(pattern: str) -> None:
    """All of these compile, and match what nobody asks for."""
    assert Map([Rule(pattern, endpoint="x")])


@pytest.mark.parametrize(
    "pattern",
    [
        *NONSENSE,
        "/<nope:x>",
        "/<int()>",
        "no-slash",
        "/<int(nope=1):x>",
        "/<a>/<a>",
        "/<int(min='q'):x>",
    ],
)
def test_bad_patterns_and_nonsense_are_diagnostics(project: Project, pattern: str) -> None:
    """All of them, of one file, at once."""
    assert codes(project, f'"{pattern}" = "v.V"') != set()
    both = codes(project, f'"{pattern}" = "v.V"\n"/<other:y>" = "v.W"')
    assert "WZ108" in both


# 12. Decoded paths


def test_werkzeug_compares_decoded_paths() -> None:
    """An encoded pattern is never matched, the characters themselves are."""
    rules = Map([Rule("/caf%C3%A9", endpoint="encoded"), Rule("/thé", endpoint="decoded")])
    for path, expected in (("/caf%C3%A9", None), ("/th%C3%A9", "decoded")):
        adapter = rules.bind_to_environ(create_environ(path))
        if expected is None:
            with pytest.raises(NotFound):
                adapter.match()
        else:
            assert adapter.match()[0] == expected


def test_patterns_are_written_in_characters(table: TableOf) -> None:
    """UTF-8 is decoded before matching; the encoded pattern above is an error."""
    assert ask(table('[routes]\n"/thé" = "v.T"'), request("/th%C3%A9")) == hit("t")


# 13. Building does not validate


def test_werkzeug_builds_what_does_not_match() -> None:
    """Numbers out of bounds, and nothing at all."""
    rules = [Rule("/<int(max=5):x>", endpoint="int"), Rule("/s/<x>", endpoint="string")]
    adapter = Map(rules).bind("test")
    assert adapter.build("int", {"x": -1}) == "/-1"
    assert adapter.build("int", {"x": 99}) == "/99"
    assert adapter.build("string", {"x": ""}) == "/s/"


def test_werkzeug_builds_hosts_of_any_text() -> None:
    """A value with a slash ends the host early, and leads to another site."""
    adapter = hosted("<sub>.test").bind("a.test")
    assert adapter.build("<sub>.test", {"sub": "evil.com/"}) == "http://evil.com/.test/"


def test_development_matches_what_it_builds(project: Project, table: TableOf) -> None:
    """A URL that leads nowhere is an error there; a host that is none is one everywhere."""
    project.write("views.py", VIEWS)
    project.write("routes.toml", '[routes]\n"/<int(max=5):x>" = { view = "views.Echo" }')
    app = project.load(development=True)
    assert app.url_for("echo", x=5) == "/5"
    for value in (-1, 99):
        with pytest.raises(URLError, match="does not match its pattern"):
            app.url_for("echo", x=value)
        assert project.load().url_for("echo", x=value) == f"/{value}"
    hosts = table('[routes]\n"//<sub>.test/" = "v.Sub"')
    with pytest.raises(URLError, match="is not a host"):
        build_url(hosts, Base(), "sub", {"sub": "evil.com/"}, URLOptions())


# 14. Listing


def test_werkzeug_lists_by_endpoint() -> None:
    """Not in the order in which rules were added."""
    added = [Rule("/1", endpoint="a"), Rule("/2", endpoint="b"), Rule("/3", endpoint="a")]
    assert [rule.rule for rule in Map(added).iter_rules()] == ["/1", "/3", "/2"]


def test_a_table_lists_in_the_order_of_the_file(table: TableOf) -> None:
    """From our own model."""
    text = '[routes]\n"/1" = "v.A"\n"/2" = "v.B"\n"/3" = "v.A"'
    assert [route.path for route in table(text).routes] == ["/1", "/2", "/3"]


# 15. The Map's lock


@contextmanager
def counting_locks(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """How often the locks of Maps are taken, as a list that grows."""
    taken: list[str] = []

    class Counting:
        """A lock that notes when it is taken."""

        def __init__(self) -> None:
            self.lock = threading.Lock()

        def __enter__(self) -> None:
            taken.append("taken")
            self.lock.acquire()

        def __exit__(self, *error: object) -> None:
            self.lock.release()

    with monkeypatch.context() as patch:
        patch.setattr(Map, "lock_class", Counting)
        yield taken


def test_werkzeug_locks_at_the_first_match(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules are sorted then, unless ``update`` was called."""
    with counting_locks(monkeypatch) as taken:
        rules = Map([Rule("/", endpoint="x")])
        assert taken == []
        rules.bind("test").match("/")
        rules.bind("test").match("/")
        assert taken == ["taken"]


def test_no_request_takes_a_lock(monkeypatch: pytest.MonkeyPatch, table: TableOf) -> None:
    """Maps are sorted when they are made, that of the mounts too."""
    with counting_locks(monkeypatch) as taken:
        compiled = table('[routes]\n"/" = "v.X"\n"/m" = { wsgi = "m.app" }')

        def answer_all() -> None:
            ask(compiled, request("/"))
            ask(compiled, request("/m"))
            build_url(compiled, Base(), "x", {}, URLOptions())

        answer_all()
        before = len(taken)
        answer_all()
        assert len(taken) == before


# 16. Options of one rule


def test_werkzeug_merges_slashes_only_if_the_map_does() -> None:
    """A rule can switch it off, but not on."""
    rule = Rule("/a/b", endpoint="x", merge_slashes=True)
    assert endpoint(Map([rule], merge_slashes=False), "/a//b") == 404


def test_a_route_can_switch_merging_on(table: TableOf) -> None:
    """What stands nearer to the route wins."""
    text = """
    [matching]
    merge_slashes = false
    [routes]
    "/a/b" = { view = "v.X", merge_slashes = true }
    "/c/d" = "v.Y"
    """
    assert ask(table(text), request("/a//b")) == redirect("/a/b")
    assert ask(table(text), request("/c//d")) == MISSING


# 17. Redirects name the host that the client sent


def test_werkzeug_redirects_to_the_clients_host() -> None:
    """Whatever the Host field says; a default can lead to yet another host."""
    environ = create_environ("/a", "http://evil.test/")
    with pytest.raises(RequestRedirect) as caught:
        Map([Rule("/a/", endpoint="x")]).bind_to_environ(environ).match()
    assert caught.value.new_url == "http://evil.test/a/"
    pages = [
        Rule("/", endpoint="x", host="www.<d>", defaults={"page": 1}),
        Rule("/<int:page>", endpoint="x", host="files.<d>"),
    ]
    rules = Map(pages, host_matching=True)
    assert endpoint(rules, "/1", host="files.evil.test") == "http://www.evil.test/"


def test_our_redirects_stay_on_the_host(table: TableOf) -> None:
    """Details are in test_slashes.py."""
    assert ask(table('[routes]\n"/a/" = "v.X"'), request("/a", host="evil.test")) == redirect("/a/")


# 18. A default whose rule has another converter

TWO_CONVERTERS = """
[routes]
"/<x>/<int:page>" = { view = "v.X", name = "x" }
"/<int:x>/" = { view = "v.X", name = "x", defaults = { page = 1 } }
"""


def test_werkzeug_lets_a_converters_error_escape() -> None:
    """It builds the URL without the default by a converter that refuses the other's value."""
    short = Rule("/<int:x>/", endpoint="x", defaults={"page": 1})
    with pytest.raises(ValueError, match="invalid literal"):
        Map([short, Rule("/<x>/<int:page>", endpoint="x")]).bind("test").match("/a/1")


def test_a_default_that_cannot_be_left_out_stays(table: TableOf) -> None:
    """The route answers itself, where the other would refuse the value."""
    assert ask(table(TWO_CONVERTERS), request("/a/1")) == hit("x", x="a", page=1)
    assert ask(table(TWO_CONVERTERS), request("/7/1")) == redirect("/7/")


# What our MapAdapter overrides, and what our rules set


def test_the_adapter_can_be_made_and_overridden() -> None:
    """Its constructor's parameters, and the methods that ``match`` and ``build`` go through."""
    parameters = list(inspect.signature(MapAdapter).parameters)
    assert parameters == [
        "map",
        "server_name",
        "script_name",
        "subdomain",
        "url_scheme",
        "path_info",
        "default_method",
        "query_args",
    ]
    for name in ("make_redirect_url", "get_default_redirect", "get_host"):
        ours = inspect.signature(getattr(RouteAdapter, name)).parameters
        theirs = inspect.signature(getattr(MapAdapter, name)).parameters
        assert list(ours) == list(theirs)


def test_each_redirect_and_each_host_goes_through_the_overridden_methods() -> None:
    """Slashes, merged slashes and defaults on the one hand, built URLs on the other."""
    called: list[str] = []

    class Noting(MapAdapter):
        """Notes what is called."""

        def make_redirect_url(self, *args: Any, **kwargs: Any) -> str:
            called.append("make_redirect_url")
            return super().make_redirect_url(*args, **kwargs)

        def get_default_redirect(self, *args: Any, **kwargs: Any) -> str | None:
            called.append("get_default_redirect")
            return super().get_default_redirect(*args, **kwargs)

        def get_host(self, domain_part: str | None) -> str:
            called.append(f"get_host({domain_part})")
            return super().get_host(domain_part)

    pages = [Rule("/p/", endpoint="p", defaults={"n": 1}), Rule("/p/<int:n>", endpoint="p")]
    rules = Map([Rule("/a/", endpoint="a"), Rule("/b/c", endpoint="b"), *pages])
    adapter = Noting(rules, "test", "/", "", "http", "/", "GET")
    for path in ("/a", "/b//c", "/p/1"):
        called.clear()
        with pytest.raises(RequestRedirect):
            adapter.match(path)
        assert "make_redirect_url" in called
        assert ("get_default_redirect" in called) == (path == "/p/1")
    called.clear()
    adapter.build("a", force_external=True)
    assert called == ["get_host()"]


def test_a_rules_methods_can_be_set_before_it_is_added() -> None:
    """Then nothing is made upper case, and HEAD is not added."""
    rule = Rule("/x", endpoint="x")
    rule.methods = {"GET", "WEBSOCKET"}
    rules = Map([rule])
    assert endpoint(rules, "/x", "WEBSOCKET") == "x"
    assert endpoint(rules, "/x", "HEAD") == 405


def test_a_matched_rule_is_the_one_that_was_added() -> None:
    """It carries what a subclass put there."""

    class Own(Rule):
        """A rule with something to carry."""

        carried = ""

    own = Own("/x", endpoint="x")
    own.carried = "this"
    found, _ = Map([own]).bind("test").match("/x", return_rule=True)
    assert found is own


def test_a_converter_isolates_segments_unless_its_expression_has_a_slash() -> None:
    """Even a slash that a set excludes, which is why ours say it themselves."""

    class Excluding(BaseConverter):
        """Any text without a slash."""

        regex = "[^/]*"

    assert not Excluding.part_isolating
