"""The fast path says what the Map would say, and says it itself wherever it can."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import BaseConverter, Map

from tests.support.random_tables import questions, tables
from tests.support.tables import ask, by_the_whole_map, hit, read_text, request, table_of
from webzeug.manifest.model import Route
from webzeug.routing.adapter import redirect_to_slash
from webzeug.routing.compiling import Ingredients, compile_table
from webzeug.routing.explaining import Question
from webzeug.routing.fastpath import MOST_AUTOMATA, MOST_HOSTS
from webzeug.routing.leaves import ASK, SLASH
from webzeug.routing.matches import Match
from webzeug.routing.table import RouteTable
from webzeug.routing.verbs import allowed_verbs
from webzeug.routing.ways import ways_of


def _asked(question: Question) -> Any:
    return request(question.path, question.verb, question.host)


def _by_the_map(table: RouteTable[Any], environ: Any) -> object:
    """What the Map makes of a request, mounts left aside."""
    try:
        match = by_the_whole_map(table, environ)
    except MethodNotAllowed as error:
        return list(error.valid_methods or ())
    except NotFound:
        return []
    except HTTPException as error:
        return error
    return [] if match.moved is not None else match


def _by_the_fast_path(table: RouteTable[Any], environ: Any) -> object:
    answer = table.fast_path.find(environ)
    if isinstance(answer, tuple):
        leaf, args = answer
        return Match(leaf.route, leaf.handler, args)
    if answer is SLASH:
        return redirect_to_slash(environ)
    return allowed_verbs(answer) if answer else answer


@given(tables(), st.lists(questions(), min_size=8, max_size=24))
@settings(deadline=None, database=None, max_examples=150)
def test_it_agrees_with_the_map(
    compiled: tuple[list[Route], Ingredients], asked: list[Question]
) -> None:
    """What it answers is the Map's answer: route, values and their types, or the verbs."""
    routes, ingredients = compiled
    table = compile_table(routes, lambda route: route, ingredients).table
    for question in asked:
        environ = _asked(question)
        answer = _by_the_fast_path(table, environ)
        if answer is ASK:
            event("asked the Map")
            continue
        event("answered")
        expected = _by_the_map(table, environ)
        assert repr(expected) == repr(answer if answer else []), question


MANIFEST = """
[routes]
"/" = "v.Home"
"/items" = { view = "v.Items", methods = ["GET"] }
"/items/<int:id>" = { view = "v.Item", methods = ["GET", "PUT"] }
"/items/<int:id>/parts/<name>" = "v.Part"
"/items/<int:id>/parts/<int:number>" = "v.PartByNumber"
"/<lang>/about" = "v.About"
"/about/<topic>" = "v.Topic"
"/café/<x>" = "v.Cafe"
"/files/<path:rest>" = "v.Files"
"/wiki/<path:page>/edit/" = "v.Edit"
"/v<int:major>.<int:minor>/x" = "v.Version"
"/shop/a-<slug>" = "v.ShopA"
"/shop/<uuid:id>" = "v.ShopId"
"/strict/" = "v.Strict"
"/lenient/" = { view = "v.Lenient", strict_slashes = false }
"/loose/<x>" = { view = "v.Loose", strict_slashes = false }
"/page/" = { view = "v.Page", name = "page", defaults = { n = 1 } }
"/page/<int:n>" = { view = "v.Page", name = "page" }
"/alone/" = { view = "v.Alone", defaults = { n = 1 } }

[routes."//<sub>.test"]
"/" = "v.Sub"
"/only" = { view = "v.Only", methods = ["POST"] }
"""


@pytest.fixture
def table(tmp_path: Path) -> RouteTable[str]:
    return table_of(read_text(tmp_path / "routes.toml", MANIFEST))


@pytest.mark.parametrize(
    ("target", "name", "args"),
    [
        ("/", "home", {}),
        ("/items", "items", {}),
        ("/items/7", "item", {"id": 7}),
        ("/items/7/parts/x", "part", {"id": 7, "name": "x"}),
        ("/items/7/parts/8", "part_by_number", {"id": 7, "number": 8}),
        ("/de/about", "about", {"lang": "de"}),
        ("/about/about", "topic", {"topic": "about"}),
        ("/caf%C3%A9/%C3%BC", "cafe", {"x": "ü"}),
        ("/files/a/b.css", "files", {"rest": "a/b.css"}),
        ("/wiki/a/b/edit/", "edit", {"page": "a/b"}),
        ("/v1.20/x", "version", {"major": 1, "minor": 20}),
        ("/shop/a-b-c", "shop_a", {"slug": "b-c"}),
        ("/strict/", "strict", {}),
        ("/lenient/", "lenient", {}),
        ("/lenient", "lenient", {}),
        ("/loose/a", "loose", {"x": "a"}),
        ("/loose/a/", "loose", {"x": "a"}),
        ("/alone/", "alone", {"n": 1}),
    ],
)
def test_hits_that_it_answers(
    table: RouteTable[str], target: str, name: str, args: dict[str, object]
) -> None:
    """Every kind of route is found without the Map, with its values."""
    answer = table.fast_path.find(request(target))
    assert isinstance(answer, tuple)
    assert (name, args) == (answer[0].handler, answer[1])


@pytest.mark.parametrize(
    ("target", "verb", "missed"),
    [
        ("/nope", "GET", frozenset()),
        ("/items/7/nope", "GET", frozenset()),
        ("/items/x", "GET", frozenset()),
        ("/items", "POST", frozenset({"GET", "HEAD"})),
        ("/items/7", "DELETE", frozenset({"GET", "HEAD", "PUT"})),
        ("/items/x", "DELETE", frozenset()),
        ("/shop/b", "GET", frozenset()),
        ("/v1.x/x", "GET", frozenset()),
    ],
)
def test_misses_that_it_answers(
    table: RouteTable[str], target: str, verb: str, missed: frozenset[str]
) -> None:
    """A 404 and a 405 need no Map either."""
    assert missed == table.fast_path.find(request(target, verb))


@pytest.mark.parametrize(
    "target",
    [
        "//items",
        "/items//7",
        "/page/",
        "/page/1",
        "/page/2",
        "items",
        "",
    ],
)
def test_what_it_asks_the_map(table: RouteTable[str], target: str) -> None:
    """Redirects, and what may be one, are the Map's."""
    assert table.fast_path.find(request(target)) is ASK


@pytest.mark.parametrize("target", ["/strict", "/strict?a=b", "/page", "/wiki/a/edit"])
def test_what_it_redirects(table: RouteTable[str], target: str) -> None:
    """A path that lacks its slash needs no Map."""
    assert table.fast_path.find(request(target)) is SLASH


def test_hosts(table: RouteTable[str]) -> None:
    """A host's own routes come first, then those of every host; missed verbs are added up."""
    find = table.fast_path.find
    own, other = find(request("/", host="a.test")), find(request("/items", host="a.test"))
    assert isinstance(own, tuple)
    assert (own[0].handler, own[1]) == ("sub", {"sub": "a"})
    assert isinstance(other, tuple)
    assert other[0].handler == "items"
    assert find(request("/only", host="a.test")) == frozenset({"POST"})
    assert find(request("/only", host="other")) == frozenset()


def test_no_more_hosts_are_remembered_than_some(table: RouteTable[str]) -> None:
    """A client that sends ever new hosts gets its answers, and fills no memory."""
    for number in range(MOST_HOSTS + 5):
        answer = table.fast_path.find(request("/items", host=f"h{number}"))
        assert isinstance(answer, tuple)
    assert len(table.fast_path._searches) <= MOST_HOSTS


@pytest.mark.parametrize("number", [0, 1, 1234, 1999])
def test_many_mixed_segments(tmp_path: Path, number: int) -> None:
    """Of two thousand patterns at one place, the right one is found by the text it begins with."""
    rows = "".join(f'"/shop/cat{n}-<slug>" = "v.C{n}"\n' for n in range(2000))
    table = table_of(read_text(tmp_path / "routes.toml", f"[routes]\n{rows}"))
    answer = table.fast_path.find(request(f"/shop/cat{number}-x"))
    assert isinstance(answer, tuple)
    assert (f"c{number}", {"slug": "x"}) == (answer[0].handler, answer[1])
    assert table.fast_path.find(request("/shop/dog1-x")) == frozenset()


def test_the_walk_alone_is_enough(table: RouteTable[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no more states may be made, the walk answers, and the same."""
    monkeypatch.setattr("webzeug.routing.fastpath._STATES_PER_RULE", 0)
    monkeypatch.setattr("webzeug.routing.fastpath._MORE_STATES", 0)
    for target, name, args in (
        ("/items/7", "item", {"id": 7}),
        ("/items/7/parts/x", "part", {"id": 7, "name": "x"}),
        ("/caf%C3%A9/%C3%BC", "cafe", {"x": "ü"}),
        ("/loose/a/", "loose", {"x": "a"}),
    ):
        answer = table.fast_path.find(request(target))
        assert isinstance(answer, tuple)
        assert (name, args) == (answer[0].handler, answer[1])
    assert table.fast_path.find(request("/items/7", "DELETE")) == frozenset({"GET", "HEAD", "PUT"})
    assert table.fast_path.find(request("/strict")) is SLASH
    [automaton] = table.fast_path._automata.values()
    assert list(automaton.starts) == [1]


def test_long_paths_fill_no_memory(table: RouteTable[str]) -> None:
    """A path of more parts than any rule has no states of its own."""
    for length in range(20, 60):
        assert table.fast_path.find(request("/x" * length)) == frozenset()
        assert table.fast_path.find(request("/files" + "/x" * length)) != frozenset()
    [automaton] = table.fast_path._automata.values()
    assert max(automaton.starts) < 20


def test_many_rules_for_one_path(tmp_path: Path) -> None:
    """Of a hundred variables at one place, the one that fits is found."""
    rows = "".join(f'"/<any(a{n}, b{n}):x>/" = "v.C{n}"\n' for n in range(100))
    table = table_of(read_text(tmp_path / "routes.toml", f"[routes]\n{rows}"))
    for number in (0, 15, 16, 17, 99):
        answer = table.fast_path.find(request(f"/b{number}/"))
        assert isinstance(answer, tuple)
        assert (f"c{number}", {"x": f"b{number}"}) == (answer[0].handler, answer[1])
    assert table.fast_path.find(request("/c1/")) == frozenset()


def test_websockets_are_the_maps(tmp_path: Path) -> None:
    """A method called WEBSOCKET is none; that there is a WebSocket, a refusal knows."""
    text = '[routes]\n"/live" = { view = "v.Live", methods = ["WEBSOCKET"] }\n"/all" = "v.All"\n'
    table = table_of(read_text(tmp_path / "routes.toml", text))
    for verb in ("GET", "WEBSOCKET"):
        assert table.fast_path.find(request("/live", verb)) == frozenset({"WEBSOCKET"})
    answer = table.fast_path.find(request("/all", "WEBSOCKET"))
    assert isinstance(answer, tuple)
    handshake = request("/live") | {"HTTP_UPGRADE": "websocket", "HTTP_CONNECTION": "Upgrade"}
    assert table.fast_path.find(handshake) is ASK
    assert set(ways_of(table).values()) == {"map", "exact"}


def test_hosts_that_clients_choose_fill_no_memory(tmp_path: Path) -> None:
    """Patterns of hosts that match together make many sets; few of them are remembered."""
    hosts = "".join(
        f"[routes.'//<regex(\"[^/]*{letter}[^/]*\"):h>']\n'/{letter}' = \"v.V{letter}\"\n"
        for letter in "abcdefgh"
    )
    table = table_of(read_text(tmp_path / "routes.toml", hosts))
    for number in range(256):
        host = "x" + "".join(letter for bit, letter in enumerate("abcdefgh") if number >> bit & 1)
        answer = table.fast_path.find(request("/c", host=host))
        assert isinstance(answer, tuple) == ("c" in host)
    assert len(table.fast_path._automata) <= MOST_AUTOMATA


def test_an_exact_path_is_looked_up_once(table: RouteTable[str]) -> None:
    """However many hosts ask for it, and if none does, what is known of it is not made again."""
    table.fast_path.find(request("/items", host="a"))
    [automaton] = table.fast_path._automata.values()
    known = automaton.exact["GET"]
    for host in ("b", "c", None):
        assert isinstance(table.fast_path.find(request("/items", host=host)), tuple)
    assert automaton.exact["GET"] is known


class _Known(BaseConverter):
    """A look-up that fails for what is not there, as an application's may."""

    def to_python(self, value: str) -> int:
        return {"bob": 1}[value]


def test_a_converter_sees_its_own_paths_alone(tmp_path: Path) -> None:
    """Where another variable of its rule does not fit, it is not asked."""
    text = """
        [converters]
        known = "v.Known"
        [routes]
        "/<known:a>/<int:b>" = "v.A"
        "/<a>/<b>" = "v.B"
        """
    table = table_of(read_text(tmp_path / "routes.toml", text), {"known": _Known})
    answer = table.fast_path.find(request("/alice/about"))
    assert isinstance(answer, tuple)
    assert (answer[0].handler, answer[1]) == ("b", {"a": "alice", "b": "about"})
    answer = table.fast_path.find(request("/bob/2"))
    assert isinstance(answer, tuple)
    assert answer[1] == {"a": 1, "b": 2}


class _Shouts(BaseConverter):
    def __init__(self, map: Map) -> None:
        super().__init__(map)
        self.to_python = str.upper  # type: ignore[method-assign, assignment]


def test_a_converter_that_makes_its_method(tmp_path: Path) -> None:
    """What counts is what the converter has, not what its class has."""
    text = '[converters]\nloud = "v.Loud"\n[routes]\n"/<loud:a>" = "v.A"\n'
    table = table_of(read_text(tmp_path / "routes.toml", text), {"loud": _Shouts})
    assert ask(table, request("/b")) == hit("a", a="B")


@pytest.mark.parametrize(
    ("pattern", "longest"),
    [
        ("/<a>-<b>-<c>-<int:d>", 182),
        ("/<a>-<b>-<int:c>", 1414),
        ("/<a>-<b>-<c>", 1414),
        ("/<int:a>-<int:b>-<int:c>-<int:d>-<e>", 10_000),
        ("/<a>-<int:b>", 10_000),
        ("/<path:a>/x/<path:b>/y", 10_000),
    ],
)
def test_texts_that_take_long_are_not_looked_at(tmp_path: Path, pattern: str, longest: int) -> None:
    """A text that variables can take apart in too many ways is a 404; the Map would take hours."""
    table = table_of(read_text(tmp_path / "routes.toml", f'[routes]\n"{pattern}" = "v.A"\n'))
    [leaf] = table.fast_path.leaves
    way = leaf.route.pattern.text
    [root] = table.fast_path._tree.roots("test")
    [found] = root.node.varying
    assert min(found.part.longest, 10_000) == longest, way
    for slashes in ("/", "//"):
        target = slashes + "-" * (longest + 1) + "x"
        assert not table.fast_path.find(request(target)) or longest == 10_000
        with pytest.raises(HTTPException):
            table.match(request(target))


def test_a_map_for_a_path_is_small(tmp_path: Path) -> None:
    """It has the rules whose parts fit, not all that stand at one place."""
    rows = "".join(f'"/<any(q{n}, r{n}):a>/x" = "v.V{n}"\n' for n in range(50))
    text = f'[routes]\n{rows}"/<int:a>/<int:b>" = "v.W"\n'
    table = table_of(read_text(tmp_path / "routes.toml", text))
    assert [rule.rule for rule in table.maps.near(["test"], "/1//2").iter_rules()] == [
        "/<int:a>/<int:b>"
    ]
