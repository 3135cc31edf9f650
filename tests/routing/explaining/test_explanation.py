"""explain: what comes of a request, step by step, and in whose name."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.routing.conftest import TableOf
from tests.support.tables import read_text
from webzeug.codebase import Verbs
from webzeug.manifest.model import Route, StaticTarget
from webzeug.routing.compiling import Ingredients, compile_table
from webzeug.routing.converters import BaseConverter
from webzeug.routing.explaining import Explanation, Question, Step, explain, question_of_url
from webzeug.routing.standins import compile_without_code

MANIFEST = """
[routes]
"/" = "v.Index"
"/people/<name>/" = { view = "v.Person", name = "person" }
"/items/<int(min=10):id>" = "v.Number"
"/items/<slug>" = "v.Slug"
"/carts/<id>" = { GET = "v.Show", PUT = "v.Change" }
"/pages/" = { view = "v.Pages", name = "pages", defaults = { page = 1 } }
"/pages/<int:page>/" = { view = "v.Pages", name = "pages" }
"/old/<name>" = { redirect = "person" }
"/older/<name>" = { redirect = "/old/<name>?from=older", status = 301 }
"/seen/<name>" = { redirect = "/people/<name>/", status = 303 }
"/number/<name>" = { redirect = "pages" }
"/away" = { redirect = "https://example.org/there", external = true }
"/circle" = { redirect = "/circle/half" }
"/circle/half" = { redirect = "/circle" }
"/grow" = { redirect = "/grow/<n>", defaults = { n = "x" } }
"/metrics" = { wsgi = "v.metrics" }
"/live" = "v.Live"

[routes."//api.example.com"]
"/status" = { view = "v.Status", name = "status" }
"/here" = { redirect = "status" }
"""


def _steps(table: TableOf, verb: str, url: str, text: str = MANIFEST) -> tuple[Step, ...]:
    return explain(table(text), question_of_url(verb, url)).steps


def _told(step: Step) -> tuple[object, ...]:
    """A step in short."""
    path = step.route.path if step.route is not None else None
    return step.question.verb, step.question.target, step.outcome, step.status, path


@pytest.mark.parametrize(
    ("verb", "url", "expected", "args"),
    [
        ("GET", "/", "/", {}),
        ("GET", "/people/bob/?x=1", "/people/<name>/", {"name": "bob"}),
        ("GET", "/items/10", "/items/<int(min=10):id>", {"id": 10}),
        ("GET", "/items/caf%C3%A9", "/items/<slug>", {"slug": "café"}),
        ("HEAD", "/carts/7", "/carts/<id>", {"id": "7"}),
        ("GET", "/pages/", "/pages/", {"page": 1}),
        ("BREW", "/metrics/a/b", "/metrics", {}),
        ("WEBSOCKET", "/live", "/live", {}),
        ("GET", "//api.example.com/status", "//api.example.com/status", {}),
        ("GET", "http://API.example.com:8000/status", "//api.example.com/status", {}),
    ],
)
def test_what_answers(
    table: TableOf, verb: str, url: str, expected: str, args: Mapping[str, Any]
) -> None:
    """The route and its variables, in one step."""
    (step,) = _steps(table, verb, url)
    assert (expected, "answers", None) == (
        step.route and step.route.path,
        step.outcome,
        step.status,
    )
    assert args == step.args
    assert step.is_matched
    assert step.why == ""


@pytest.mark.parametrize(
    ("verb", "url", "location", "why"),
    [
        ("GET", "/people/bob?x=1", "/people/bob/?x=1", "`/people/<name>/` ends with a slash"),
        ("POST", "//localhost/people//bob/", "/people/bob/", "doubled slashes are merged"),
        (
            "GET",
            "/pages/1/",
            "/pages/",
            "the URL spells out what is a default of `pages` elsewhere",
        ),
        ("GET", "/old/bob?x=1", "/people/bob/?x=1", ""),
        ("GET", "/older/bob?x=1", "/old/bob?from=older&x=1", ""),
        ("GET", "//api.example.com/here", "/status", ""),
    ],
)
def test_redirects(table: TableOf, verb: str, url: str, location: str, why: str) -> None:
    """Redirects of Werkzeug's come with the reason; the query is kept."""
    step, *rest = _steps(table, verb, url)
    assert ("redirects", location, why) == (step.outcome, step.location, step.why)
    assert rest


def test_redirects_are_followed(table: TableOf) -> None:
    """Each request that a client makes is a step."""
    steps = _steps(table, "GET", "/older/bob?x=1")
    assert [_told(step) for step in steps] == [
        ("GET", "/older/bob?x=1", "redirects", 301, "/older/<name>"),
        ("GET", "/old/bob?from=older&x=1", "redirects", 308, "/old/<name>"),
        ("GET", "/people/bob/?from=older&x=1", "answers", None, "/people/<name>/"),
    ]


@pytest.mark.parametrize(
    ("verb", "url", "verbs"),
    [
        ("POST", "/old/bob", ["POST", "POST"]),
        ("POST", "/older/bob", ["POST", "GET", "GET"]),
        ("PUT", "/older/bob", ["PUT", "PUT", "PUT"]),
        ("PUT", "/seen/bob", ["PUT", "GET"]),
        ("HEAD", "/seen/bob", ["HEAD", "HEAD"]),
    ],
)
def test_what_a_redirect_makes_of_the_verb(
    table: TableOf, verb: str, url: str, verbs: list[str]
) -> None:
    """303 makes a GET of all but HEAD, 301 of POST; 307 and 308 keep the verb."""
    assert verbs == [step.question.verb for step in _steps(table, verb, url)]


def test_another_site_ends_it(table: TableOf) -> None:
    """Something answers there, so the request counts as answered."""
    explanation = explain(table(MANIFEST), Question("GET", "/away"))
    assert (
        explanation.end.outcome,
        explanation.end.location,
    ) == ("leaves", "https://example.org/there")
    assert explanation.is_answered


def test_a_redirect_to_our_own_url_is_followed(table: TableOf) -> None:
    """A whole URL that names the host of the request does not lead away."""
    text = """
    [routes]
    "/a" = { redirect = "http://here.org/b", external = true }
    "/b" = "v.B"
    """
    assert [s.outcome for s in _steps(table, "GET", "/a", text)] == ["redirects", "leaves"]
    steps = _steps(table, "GET", "http://here.org/a", text)
    assert [step.outcome for step in steps] == ["redirects", "answers"]


def test_a_circle_is_seen(table: TableOf) -> None:
    """The second time that a request is made, it ends."""
    explanation = explain(table(MANIFEST), Question("GET", "/circle"))
    assert [_told(step) for step in explanation.steps] == [
        ("GET", "/circle", "redirects", 308, "/circle"),
        ("GET", "/circle/half", "redirects", 308, "/circle/half"),
        ("GET", "/circle", "loops", None, None),
    ]
    assert explanation.end.why == "this was asked before"
    assert not explanation.is_answered


def test_clients_give_up_on_long_ways(table: TableOf) -> None:
    """After twenty redirects it ends, though each leads on."""
    text = """
    [routes]
    "/<path:way>" = { redirect = "/<way>/x" }
    """
    *steps, end = _steps(table, "GET", "/a", text)
    assert (
        len(steps),
        end.outcome,
        end.why,
    ) == (20, "loops", "clients give up after so many redirects")


@pytest.mark.parametrize(
    ("verb", "outcome", "status", "why"),
    [
        ("POST", "method-not-allowed", 405, "no route for this path takes POST"),
        (
            "OPTIONS",
            "options",
            204,
            "no route for this path takes OPTIONS, so what is allowed is said for it",
        ),
    ],
)
def test_a_verb_that_no_route_takes(
    table: TableOf, verb: str, outcome: str, status: int, why: str
) -> None:
    """405 says what is allowed, and so does the answer to OPTIONS."""
    explanation = explain(table(MANIFEST), Question(verb, "/carts/7"))
    end = explanation.end
    assert (outcome, status, why) == (end.outcome, end.status, end.why)
    assert end.allowed == ("GET", "HEAD", "OPTIONS", "PUT")
    assert (verb == "OPTIONS") == explanation.is_answered


def test_a_converter_that_refuses_spoils_it_for_all(table: TableOf) -> None:
    """Werkzeug tries no other route once one has matched, even if the value is refused then."""
    (step,) = _steps(table, "GET", "/items/5")
    assert (step.outcome, step.status, step.is_matched) == ("not-found", 404, False)
    assert step.why == (
        "`/items/<int(min=10):id>` fits, but does not take `5`, and Werkzeug looks no further then"
    )
    (miss,) = step.near_misses
    assert (miss.route.path, miss.reason) == ("/items/<slug>", "weight")
    assert miss.winner is step.route


def test_a_converter_that_refuses_where_another_verb_was_passed_over(table: TableOf) -> None:
    """Werkzeug then makes it 405, with that verb; the reason is the converter all the same."""
    text = """
    [routes]
    "/items/<int(min=10):id>" = { PUT = "v.Change", GET = "v.Show" }
    """
    (step,) = _steps(table, "GET", "/items/5", text)
    assert (step.status, step.allowed) == (405, ("OPTIONS", "PUT"))
    assert step.why.startswith("`/items/<int(min=10):id>` fits, but does not take `5`")
    assert step.route is not None
    assert (step.route.methods, step.is_matched) == (("GET",), False)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("/old/bob", "a WebSocket handshake is not redirected"),
        (
            "/people/bob",
            "`/people/<name>/` ends with a slash, but a WebSocket handshake is not redirected",
        ),
        (
            "/people//bob/",
            "doubled slashes are merged, but a WebSocket handshake is not redirected",
        ),
        (
            "/pages/1/",
            "the URL spells out what is a default of `pages` elsewhere, "
            "but a WebSocket handshake is not redirected",
        ),
        ("/nowhere/at/all", ""),
    ],
)
def test_handshakes_are_not_redirected(table: TableOf, url: str, why: str) -> None:
    """404 instead, with the reason."""
    (step,) = _steps(table, "WEBSOCKET", url)
    assert ("not-found", 404, why) == (step.outcome, step.status, step.why)


def test_a_redirect_whose_target_refuses_the_value(table: TableOf) -> None:
    """A named target whose converter cannot take the value makes it 404."""
    text = """
    [routes]
    "/n/<int:id>" = { view = "v.N", name = "n" }
    "/old/<id>" = { redirect = "n" }
    """
    (step,) = _steps(table, "GET", "/old/bob", text)
    assert (step.outcome, step.status, step.route and step.route.path) == (
        "not-found",
        404,
        "/old/<id>",
    )
    assert "cannot build a URL for `n`" in step.why


def test_a_bad_host(table: TableOf) -> None:
    """A Host field that is none makes it 400."""
    (step,) = explain(table(MANIFEST), Question("GET", "/", host="a b")).steps
    assert (step.outcome, step.status, step.why) == ("bad-request", 400, "`a b` is not a host")


def test_a_converter_that_raises(tmp_path: Path) -> None:
    """Anything but a ValidationError makes it 500, and is told."""

    class Broken(BaseConverter):
        def to_python(self, value: str) -> Any:
            raise KeyError(value)

    manifest = read_text(
        tmp_path / "routes.toml",
        """
        [converters]
        own = "c.Broken"
        [routes]
        "/<own:x>" = "v.V"
        """,
    )
    ingredients = Ingredients(converters={"own": Broken})
    table = compile_table(manifest.routes, lambda route: None, ingredients).table
    explanation = explain(table, Question("GET", "/a"))
    assert (
        explanation.end.outcome,
        explanation.end.status,
        explanation.end.why,
    ) == ("fails", 500, "a converter raises KeyError: 'a'")
    assert not explanation.is_answered


def test_below_a_mount(table: TableOf) -> None:
    """What a mounted application gets as SCRIPT_NAME and PATH_INFO."""
    (step,) = _steps(table, "GET", "/metrics/a/b")
    assert step.moved == {"SCRIPT_NAME": "/metrics", "PATH_INFO": "/a/b"}


def test_under_a_mount_point(table: TableOf) -> None:
    """An App that is itself mounted redirects below its own prefix, and no further."""
    question = Question("GET", "/people/bob", script_name="/shop")
    first, second = explain(table(MANIFEST), question).steps
    assert (first.location, first.why) == (
        "/shop/people/bob/",
        "`/people/<name>/` ends with a slash",
    )
    assert (second.question.path, second.question.script_name) == ("/people/bob/", "/shop")


# What is known of the code


class _Known:
    """Knows the methods of all Views, and the files of all static routes."""

    def __init__(self, methods: Verbs | None = None, has_file: bool | None = None) -> None:
        self._methods = methods
        self._has_file = has_file

    def methods(self, route: Route) -> Verbs | None:
        return self._methods

    def has_file(self, route: Route, args: Mapping[str, Any]) -> bool | None:
        return self._has_file if isinstance(route.target, StaticTarget) else None


def _with_methods(table: TableOf, verb: str, url: str, methods: Verbs) -> Step:
    return explain(table(MANIFEST), Question(verb, url), _Known(methods)).end


@pytest.mark.parametrize(
    ("verb", "url", "methods", "outcome", "method", "why"),
    [
        ("GET", "/", Verbs({"GET": True}), "answers", "GET", ""),
        ("HEAD", "/", Verbs({"GET": True}), "answers", "GET", "GET answers HEAD, too"),
        ("HEAD", "/", Verbs({"GET": True, "HEAD": True}), "answers", "HEAD", ""),
        (
            "POST",
            "/",
            Verbs({"GET": True}),
            "method-not-allowed",
            "",
            "the View has no method POST",
        ),
        (
            "OPTIONS",
            "/",
            Verbs({"GET": True}),
            "options",
            "",
            "the View has no method OPTIONS, so what is allowed is said for it",
        ),
        (
            "get",
            "/",
            Verbs({"GET": True}),
            "method-not-allowed",
            "",
            "the View has no method get (the case of a method counts)",
        ),
        ("OPTIONS", "/", Verbs({"OPTIONS": True}), "answers", "OPTIONS", ""),
        (
            "POST",
            "/",
            Verbs({"GET": True}, is_open=True),
            "answers",
            "",
            "whether the View has a method POST cannot be read",
        ),
        ("GET", "/carts/7", Verbs({"GET": True, "PUT": True}), "answers", "GET", ""),
        (
            "HEAD",
            "/carts/7",
            Verbs({"GET": True, "HEAD": True}),
            "answers",
            "GET",
            "GET answers HEAD, too",
        ),
        (
            "PUT",
            "/carts/7",
            Verbs({"GET": True}),
            "method-not-allowed",
            "",
            "the View has no method PUT",
        ),
    ],
)
def test_the_methods_of_a_view_decide(
    table: TableOf, verb: str, url: str, methods: Verbs, outcome: str, method: str, why: str
) -> None:
    """A route that takes every verb leaves it to its View."""
    step = _with_methods(table, verb, url, methods)
    assert (outcome, method, why) == (step.outcome, step.method, step.why)


def test_what_a_view_allows(table: TableOf) -> None:
    """Its methods, HEAD for GET, OPTIONS, and no WEBSOCKET."""
    step = _with_methods(table, "POST", "/", Verbs({"GET": True, "WEBSOCKET": True}))
    assert step.allowed == ("GET", "HEAD", "OPTIONS")
    assert (step.status, step.is_matched) == (405, True)


@pytest.mark.parametrize("verb", ["GET", "HEAD"])
def test_what_is_only_a_websocket(table: TableOf, verb: str) -> None:
    """It asks for an upgrade, as the App does (RFC 9110 15.5.22)."""
    step = _with_methods(table, verb, "/", Verbs({"WEBSOCKET": True}))
    assert (step.status, step.allowed) == (426, ("OPTIONS",))
    assert step.why == f"the View has no method {verb}, but a WebSocket handshake"


@pytest.mark.parametrize(
    ("has_file", "outcome"), [(True, "answers"), (None, "answers"), (False, "not-found")]
)
def test_a_file_that_is_not_there(tmp_path: Path, has_file: bool | None, outcome: str) -> None:
    """A static folder answers only with files that it has."""
    (tmp_path / "public").mkdir()
    manifest = read_text(tmp_path / "routes.toml", '[routes]\n"/s" = { static = "public" }\n')
    table = compile_without_code(manifest).table
    step = explain(table, Question("GET", "/s/a.css"), _Known(has_file=has_file)).end
    alone = explain(table, Question("GET", "/s/a.css")).end
    assert alone.outcome == "answers"
    assert (outcome, {"filename": "a.css"}) == (step.outcome, step.args)


# Converters that are not run


OWN = """
[converters]
own = "c.Own"
[routes]
"/<own:x>" = { view = "v.Own", name = "own" }
"/a/<own:x>" = "v.Below"
"/a/b" = "v.Fixed"
"/a/<int:x>/c" = "v.Number"
"/post/<own:x>" = { view = "v.Post", methods = ["POST"] }
"/post/<y>" = { view = "v.Get", methods = ["GET"] }
"/to/<x>" = { redirect = "own" }
"/m/<own:x>" = { wsgi = "v.mounted" }
"""


def _guessed(tmp_path: Path, verb: str, path: str) -> Explanation:
    table = compile_without_code(read_text(tmp_path / "routes.toml", OWN)).table
    return explain(table, Question(verb, path))


@pytest.mark.parametrize(
    ("verb", "path", "depends_on"),
    [
        ("GET", "/x", ("own",)),  # it may refuse
        ("GET", "/a/b", ()),  # fixed text goes first, whatever the converter is like
        ("GET", "/a/7/c", ("own",)),  # it may take slashes
        ("GET", "/q/w/e", ("own",)),  # so may the first
        ("GET", "/", ("own",)),  # it may take an empty text
        ("GET", "/post/1", ()),  # the verb decides
        ("PUT", "/post/1", ("own",)),  # what is allowed
        ("GET", "/to/7", ("own",)),  # what it makes of the value
        ("GET", "/m/x/y", ("own",)),
        ("GET", "/q//w", ("own",)),  # merging slashes leads nowhere if it refuses
    ],
)
def test_what_depends_on_a_converter(
    tmp_path: Path, verb: str, path: str, depends_on: tuple[str, ...]
) -> None:
    """It is said where the code of a converter decides, and only there."""
    assert depends_on == _guessed(tmp_path, verb, path).depends_on


def test_a_route_that_may_go_first(tmp_path: Path) -> None:
    """A route whose converter decides is a near miss that says so; fixed text beats the other."""
    (miss,) = _guessed(tmp_path, "GET", "/a/7/c").end.near_misses
    assert (miss.route.path, miss.reason) == ("/a/<own:x>", "unknown")
    assert miss.sentence == "what `<own:x>` takes, only the converter's code knows"


@pytest.mark.parametrize(
    ("path", "reason", "sentence"),
    [
        ("/a", "unknown", "whether `/<own:x>` goes first, only its converter's code knows"),
        (
            "/a/b",
            "weight",
            "`/a/<own:x>` goes first: the text `a` is tried before the variable in `<y>`",
        ),
    ],
)
def test_what_its_own_converter_weighs_is_not_known(
    tmp_path: Path, path: str, reason: str, sentence: str
) -> None:
    """Of a route that wins with a converter that is not run, it is only said what is sure."""
    text = """
    [converters]
    own = "c.Own"
    [routes]
    "/<own:x>" = "v.One"
    "/<y>" = "v.Other"
    "/a/<own:x>" = "v.Below"
    "/<y>/<z>" = "v.Two"
    """
    table = compile_without_code(read_text(tmp_path / "routes.toml", text)).table
    misses = explain(table, Question("GET", path)).end.near_misses
    miss = next(miss for miss in misses if "own" not in miss.route.path)
    assert (miss.reason, miss.sentence) == (reason, sentence)
