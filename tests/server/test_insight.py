"""What the developer sees in the place of what a visitor would; and who sees nothing of it."""

import logging
import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any
from wsgiref.validate import validator

import pytest
from werkzeug.test import EnvironBuilder

from tests.support.http import TIMEOUT, Answer
from tests.support.project import Project
from webzeug import App
from webzeug.loader import read
from webzeug.reporting.following import as_problem
from webzeug.reporting.pages.development import DevelopmentPages
from webzeug.reporting.style import PLAIN
from webzeug.server.audience import STATE
from webzeug.server.breakage import Breakage
from webzeug.server.insight import Insight

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

VIEWS = """
    from webzeug import HTTPException, Response, View, abort

    class Index(View):
        def GET(self):
            return Response(f"index {self.request.query_string.decode()}")

        def POST(self):
            return Response("posted")

    class Gone(View):
        def GET(self):
            abort(404, "this one is gone")

        def POST(self):
            abort(405, "not today")

    class Fails(View):
        def GET(self):
            raise ValueError("secret plans")

        POST = GET

    class Late(View):
        def GET(self):
            return Response(self.rows())

        def rows(self):
            if not self.request.args:
                raise ValueError("before the first block")
            yield ""
            if "empty" in self.request.args:
                raise ValueError("after an empty block")
            yield "begun"
            raise ValueError("in the middle")

    class Refused(View):
        def GET(self):
            return Response(self.rows())

        def rows(self):
            yield from ()
            abort(403)

    class Sorry(View):
        def ERROR(self, error):
            return Response(f"sorry: {error.code}")
    """

MIDDLEWARE = """
    def generating(app):
        def wrapped(environ, start_response):
            yield from app(environ, start_response)
        return wrapped

    def writing(app):
        def wrapped(environ, start_response):
            write = start_response("404 Not Found", [("Content-Type", "text/plain")])
            write(b"written")
            return []
        return wrapped

    def closed(app):
        def wrapped(environ, start_response):
            start_response("404 Not Found", [("Content-Type", "text/plain")])
            return [b"closed for the day"]
        return wrapped

    def cors(app):
        def wrapped(environ, start_response):
            def start(status, fields, exc_info=None):
                fields = [*fields, ("Access-Control-Allow-Origin", "*")]
                return start_response(status, fields, exc_info)
            return app(environ, start)
        return wrapped
    """

MANIFEST = """
    [routes]
    "/"        = "shop.Index"
    "/gone"    = "shop.Gone"
    "/fails"   = "shop.Fails"
    "/late"    = "shop.Late"
    "/refused" = "shop.Refused"
    "/people/<int:id>/" = { view = "shop.Index", name = "person", methods = ["POST"] }
    """

NAVIGATION = {"HTTP_ACCEPT": "text/html,*/*;q=0.8"}
PROGRAM = {"HTTP_ACCEPT": "*/*"}


class Scene:
    """An App behind an Insight, and how to ask it."""

    def __init__(self, project: Project, app: App | None) -> None:
        self.app = app
        self.breakage = Breakage()
        self.pages = DevelopmentPages("routes.toml", str(project.folder))
        self.insight = Insight(self.breakage, self.pages)
        self.insight.is_on = True

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        return self.insight.respond(self.app, environ, start_response)

    def ask(self, target: str = "/", method: str = "GET", **more: str) -> Answer:
        """What a client on this machine gets."""
        return asked(self, environ_of(target, method, **more))

    def page(self, target: str = "/", method: str = "GET", **more: str) -> str:
        """What a person sees who opens it in a browser; it must be a page of ours."""
        answer = self.ask(target, method, **NAVIGATION, **more)
        assert answer.field("Content-Security-Policy") is not None, answer
        return answer.body.decode()

    def is_untouched(self, target: str = "/", method: str = "GET", **more: str) -> bool:
        """Whether a client gets exactly what the App answers."""
        assert self.app is not None
        environ = environ_of(target, method, **more)
        return asked(self.app, dict(environ)) == asked(self, dict(environ))

    def break_(self, project: Project, text: str = "[routes\n") -> None:
        """Let a manifest be what is on disk."""
        project.write("broken/routes.toml", text)
        diagnostics = read(str(project.folder / "broken/routes.toml")).diagnostics
        self.breakage.show([as_problem(diagnostic, PLAIN) for diagnostic in diagnostics])


def environ_of(target: str, method: str, **more: str) -> "WSGIEnvironment":
    environ = EnvironBuilder(target, "http://localhost:8000/", method=method).get_environ()
    return {**environ, "REMOTE_ADDR": "127.0.0.1", **more}


def asked(app: Callable[..., Iterable[bytes]], environ: "WSGIEnvironment") -> Answer:
    """What a server sends, as PEP 3333 has it; the application must keep to that as well."""
    written: list[bytes] = []
    begun: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, fields: list[tuple[str, str]], exc_info: Any = None) -> Any:
        if exc_info and any(written):
            raise exc_info[1]
        assert exc_info or not begun
        begun.append((status, fields))
        return written.append

    result = validator(app)(environ, start_response)
    try:
        written.extend(result)
    finally:
        result.close()  # type: ignore[attr-defined]
    status, fields = begun[-1]
    return Answer(int(status[:3]), tuple(fields), b"".join(written))


@pytest.fixture
def shop(project: Project) -> Project:
    project.write("shop.py", VIEWS)
    project.write("wrappers.py", MIDDLEWARE)
    project.write("routes.toml", MANIFEST)
    return project


def scene(project: Project, manifest: str = "") -> Scene:
    """The App of MANIFEST, and more of it."""
    project.write("routes.toml", MANIFEST + manifest)
    return Scene(project, project.load(development=True))


OTHERS = [
    {"REMOTE_ADDR": "192.0.2.1"},
    {"HTTP_HOST": "evil.example"},
    {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
]


# Who sees nothing of it


@pytest.mark.parametrize("client", OTHERS, ids=lambda client: next(iter(client)))
@pytest.mark.parametrize("target", ["/", "/nowhere", "/people/7/", "/fails", "/gone"])
def test_others_get_what_the_app_answers(
    shop: Project, target: str, client: dict[str, str]
) -> None:
    """Octet for octet, be it broken, missing or failed."""
    shown = scene(shop)
    shown.break_(shop)
    assert shown.is_untouched(target, **NAVIGATION, **client)


@pytest.mark.parametrize("target", ["/", "/nowhere", "/people/7/", "/fails"])
def test_nothing_is_shown_where_other_machines_can_connect(shop: Project, target: str) -> None:
    """Not to this machine either: nobody knows what stands in between."""
    shown = scene(shop)
    shown.break_(shop)
    shown.insight.is_on = False
    assert shown.is_untouched(target, **NAVIGATION)
    assert shown.ask(HTTP_ACCEPT=STATE).field("ETag") is None


@pytest.mark.parametrize("client", [*OTHERS, {}], ids=lambda client: next(iter(client), "is_on"))
def test_without_an_app_others_are_told_that_there_is_none(
    shop: Project, client: dict[str, str]
) -> None:
    """The terminal says the rest."""
    shown = Scene(shop, None)
    shown.break_(shop)
    shown.insight.is_on = bool(client)
    answer = shown.ask(**NAVIGATION, **client)
    assert (answer.status, answer.field("Cache-Control")) == (503, "no-store")
    assert answer.body == b"the application cannot be served as it is now; the terminal says why\n"


def test_programs_get_the_last_good_app(shop: Project) -> None:
    """Whatever is broken: curl, fetch(), images, and forms that are sent."""
    shown = scene(shop)
    shown.break_(shop)
    assert shown.is_untouched(**PROGRAM)
    assert shown.is_untouched(HTTP_SEC_FETCH_MODE="cors", HTTP_SEC_FETCH_DEST="empty")
    assert shown.is_untouched(HTTP_SEC_FETCH_MODE="no-cors", HTTP_SEC_FETCH_DEST="image")
    assert shown.is_untouched("/nowhere", **PROGRAM)
    assert shown.is_untouched(method="POST", **NAVIGATION)


def test_where_all_is_well_nothing_is_different(shop: Project) -> None:
    """Pages of the application stay its own; so do redirects."""
    shown = scene(shop, '"/old" = { redirect = "index" }')
    assert shown.is_untouched("/?a=1", **NAVIGATION)
    assert shown.is_untouched("/", "HEAD", **NAVIGATION)
    assert shown.is_untouched("/old", **NAVIGATION)


# What is broken


def test_what_is_broken_is_a_page(shop: Project) -> None:
    """With all problems; nobody keeps it, and nobody else may show it or read it."""
    shown = scene(shop)
    shown.break_(shop, '[routes]\n"/" = 1\n"/x" = 2\n')
    answer = shown.ask("/any/path", **NAVIGATION)
    assert answer.status == 503
    assert answer.field("Content-Type") == "text/html; charset=utf-8"
    assert answer.field("Cache-Control") == "no-store"
    assert answer.field("X-Content-Type-Options") == "nosniff"
    assert answer.field("Cross-Origin-Resource-Policy") == "same-origin"
    assert "frame-ancestors 'none'" in (answer.field("Content-Security-Policy") or "")
    page = answer.body.decode()
    assert "<title>2 errors: " in page
    assert page.count('<article class="error">') == 2
    assert f'data-state="{shown.breakage.state}"' in page


def test_head_has_the_fields_alone(shop: Project) -> None:
    """RFC 9110 9.3.2."""
    shown = scene(shop)
    shown.break_(shop)
    for target in ("/", "/nowhere", "/fails"):
        get, head = (shown.ask(target, verb, **NAVIGATION) for verb in ("GET", "HEAD"))
        fields = tuple(field for field in get.fields if field[0] != "Content-Length")
        assert (head.status, head.fields, head.body) == (get.status, fields, b"")
        shown.breakage.show(())


def test_the_last_good_state_can_be_seen(shop: Project) -> None:
    """Behind a link that keeps the query; the application does not see that it was asked for."""
    shown = scene(shop)
    shown.break_(shop)
    assert 'href="?a=1&amp;webzeug=visitor"' in shown.page("/?a=1")
    answer = shown.ask("/?a=1&webzeug=visitor", **NAVIGATION)
    assert (answer.status, answer.body) == (200, b"index a=1")


def test_without_an_app_there_is_only_what_is_broken(shop: Project) -> None:
    """As a page for browsers, as text for programs; both may be asked for by any path and verb."""
    shown = Scene(shop, None)
    shown.break_(shop)
    assert "the last state" not in shown.page("/x?webzeug=visitor", "POST")
    answer = shown.ask("/x", **PROGRAM)
    assert (answer.status, answer.field("Content-Type")) == (503, "text/plain; charset=utf-8")
    assert answer.body.decode() == shown.breakage.problems[0]["text"]
    shown.breakage.show(())
    assert b"the terminal says why" in shown.ask("/x", **PROGRAM).body
    assert "It has not been said why" in shown.page("/x")


# What no route answers


def test_a_404_of_the_table_shows_near_misses(shop: Project) -> None:
    """And all routes; the status stays."""
    answer = scene(shop).ask("/gnoe", **NAVIGATION)
    assert answer.status == 404
    page = answer.body.decode()
    assert "<title>404: GET /gnoe</title>" in page
    assert '<h2 id="misses">Near misses</h2>' in page
    assert page.count('<tr><th scope="row">') == 6


def test_a_405_says_what_is_allowed(shop: Project) -> None:
    """Whether the manifest or the View lacks the verb; the Allow field stays."""
    shown = scene(shop)
    by_manifest = shown.ask("/people/7/", **NAVIGATION)
    by_view = shown.ask("/late", "PUT", **NAVIGATION)
    assert (by_manifest.status, by_manifest.field("Allow")) == (405, "OPTIONS, POST")
    assert (by_view.status, by_view.field("Allow")) == (405, "GET, HEAD, OPTIONS")
    assert "no route for this path takes GET" in by_manifest.body.decode()
    assert "the View has no method PUT" in by_view.body.decode()


def test_a_form_is_not_sent_again_by_a_page(shop: Project) -> None:
    """What was not asked for by GET waits for no change."""
    shown = scene(shop)
    assert "data-state" in shown.page("/nowhere")
    assert "data-state" not in shown.page("/nowhere", "POST")
    assert "data-state" not in shown.page("/fails", "POST")


@pytest.mark.parametrize(("target", "method"), [("/gone", "GET"), ("/gone", "POST")])
def test_a_404_of_a_view_is_its_own(shop: Project, target: str, method: str) -> None:
    """Or a 405: it has meant that."""
    assert scene(shop).is_untouched(target, method, **NAVIGATION)


@pytest.mark.parametrize("wrapper", ["closed", "writing"])
def test_a_404_of_a_middleware_is_its_own(shop: Project, wrapper: str) -> None:
    """No route was asked."""
    shown = scene(shop, f'[[middleware]]\nuse = "wrappers.{wrapper}"')
    assert shown.is_untouched("/nowhere", **NAVIGATION)


def test_a_missing_file_is_explained(shop: Project) -> None:
    """The route is there, the file is not."""
    shop.write("public/there.txt", "there")
    shown = scene(shop, '"/static" = { static = "public" }')
    assert shown.is_untouched("/static/there.txt", **NAVIGATION)
    assert "there is no such file" in shown.page("/static/missing.txt")


def test_the_applications_own_error_pages_can_be_seen(shop: Project) -> None:
    """Behind a link; programs get them in any case, but for what has failed."""
    errors = '[errors]\n404 = "shop.Sorry"\n500 = "shop.Sorry"\n'
    shown = scene(shop, errors)
    assert "own 404 page" in shown.page("/nowhere")
    assert "own 500 page" in shown.page("/fails")
    for target, said in (("/nowhere", b"sorry: 404"), ("/fails", b"sorry: 500")):
        assert shown.ask(f"{target}?webzeug=visitor", **NAVIGATION).body == said
    assert shown.is_untouched("/nowhere", **PROGRAM)
    assert "own 404 page" not in scene(shop).page("/nowhere")


# What has failed


def test_a_failure_is_a_page(shop: Project) -> None:
    """With the line of the user's own code, and the route that led there."""
    answer = scene(shop).ask("/fails", **NAVIGATION)
    assert answer.status == 500
    page = answer.body.decode()
    assert "<title>ValueError: secret plans</title>" in page
    assert "shop.py:19</code> in <code>Fails.GET</code>" in page
    assert "routes.toml:4</code></p>" in page


def test_a_failure_is_text_for_programs(shop: Project) -> None:
    """What Python prints, from the user's own code on."""
    answer = scene(shop).ask("/fails", **PROGRAM)
    assert (answer.status, answer.field("Content-Type")) == (500, "text/plain; charset=utf-8")
    first, second, *_, last = answer.body.decode().splitlines()
    assert first == "Traceback (most recent call last):"
    assert second.endswith('shop.py", line 19, in GET')
    assert last == "ValueError: secret plans"


def test_a_failure_is_not_for_pages_of_other_sites(shop: Project) -> None:
    """An application may let them read what it answers; it has not meant this."""
    shown = scene(shop, '[[middleware]]\nuse = "wrappers.cors"')
    assert shown.is_untouched("/fails", **PROGRAM, HTTP_ORIGIN="https://evil.example")
    assert shown.is_untouched("/fails", **PROGRAM, HTTP_ORIGIN="null")


def test_a_failure_can_be_read_by_a_front_end_of_this_machine(shop: Project) -> None:
    """It keeps what the application says of other origins."""
    shop.write(
        "errors.py",
        """
        from webzeug import Response, View

        class Open(View):
            def ERROR(self, error):
                return Response("sorry", headers={"Access-Control-Allow-Origin": "*"})
        """,
    )
    shown = scene(shop, '[errors]\n500 = "errors.Open"')
    answer = shown.ask("/fails", **PROGRAM, HTTP_ORIGIN="http://localhost:5173")
    assert answer.field("Access-Control-Allow-Origin") == "*"
    assert b"ValueError: secret plans" in answer.body


@pytest.mark.parametrize("target", ["/late", "/late?empty"])
def test_a_stream_that_fails_before_it_has_begun(
    shop: Project, target: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing was sent, so it can still be told; it is logged once."""
    shown = scene(shop)
    assert "in <code>Late.rows</code>" in shown.page(target)
    text = shown.ask(target, **PROGRAM).body.decode()
    assert text.splitlines()[1].endswith(", in rows")
    failures = [r for r in caplog.records if r.levelno >= logging.ERROR]
    assert [record.getMessage() for record in failures] == ["'GET' '/late' failed"] * 2


def test_a_stream_that_fails_later_is_the_servers(shop: Project) -> None:
    """What was sent is sent; so is an HTTPException that comes too late."""
    shown = scene(shop)
    with pytest.raises(ValueError, match="in the middle"):
        shown.ask("/late?more", **NAVIGATION)
    with pytest.raises(Exception, match="403 Forbidden"):
        shown.ask("/refused", **NAVIGATION)
    with pytest.raises(ValueError, match="before the first block"):
        shown.ask("/late", **PROGRAM, HTTP_ORIGIN="https://evil.example")


def test_a_middleware_that_is_a_generator(shop: Project) -> None:
    """It begins its answer when that is iterated over: all is as without it."""
    shown = scene(shop, '[[middleware]]\nuse = "wrappers.generating"')
    assert shown.is_untouched("/", **NAVIGATION)
    assert shown.is_untouched("/gone", **NAVIGATION)
    assert "Near misses" in shown.page("/gnoe")
    assert "in <code>Fails.GET</code>" in shown.page("/fails")


# Waiting for a change


def test_a_page_waits_for_the_next_state(shop: Project) -> None:
    """By its own URL; it is told of a change at once, also of one that it has missed."""
    shown = scene(shop)
    known = shown.breakage.state
    told: list[Answer] = []

    def wait() -> None:
        fields = {"HTTP_ACCEPT": STATE, "HTTP_IF_NONE_MATCH": f'"{known}"'}
        told.append(shown.ask("/any/path", **fields))

    waiting = threading.Thread(target=wait)
    waiting.start()
    shown.break_(shop)
    waiting.join(TIMEOUT)
    wait()
    for answer in told:
        assert (answer.status, answer.field("Content-Type")) == (200, STATE)
        assert answer.body.decode() == shown.breakage.state
    assert len(told) == 2


def test_a_page_is_told_that_nothing_has_changed(shop: Project) -> None:
    """Here, because the process ends: what comes then, the next one knows."""
    shown = scene(shop)
    shown.breakage.end()
    tag = f'"{shown.breakage.state}"'
    answer = shown.ask(HTTP_ACCEPT=STATE, HTTP_IF_NONE_MATCH=tag)
    assert (answer.status, answer.field("ETag"), answer.body) == (304, tag, b"")


def test_no_values_of_config_or_of_the_environment(
    shop: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not on any of the pages."""
    monkeypatch.setenv("SHOP_PASSWORD", "hunter3")
    config = '[config]\npassword = "hunter2"\nother = ""\n[env]\nother = "SHOP_PASSWORD"\n'
    shop.write("routes.toml", MANIFEST + config)
    app = shop.load(development=True, environ={"SHOP_PASSWORD": "hunter3"})
    assert app.config == {"password": "hunter2", "other": "hunter3"}
    shown = Scene(shop, app)
    pages = [shown.page("/gnoe"), shown.page("/people/7/"), shown.page("/fails")]
    for broken in ("password = hunter2", 'password = "hunter2', 'password = "hunter2"\npassword=1'):
        shown.break_(shop, f'[routes]\n"/" = "shop.Index"\n[config]\n{broken}\n')
        pages.append(shown.page())
    assert [page for page in pages if "hunter" in page] == []
