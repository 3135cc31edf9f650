"""The App: what nobody answers, what fails, what is swapped."""

import io
import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import gevent
import pytest
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import MethodNotAllowed, NotFound, Unauthorized
from werkzeug.test import Client, create_environ, run_wsgi_app
from werkzeug.wrappers import Response as WerkzeugResponse

from tests.support.local import running
from tests.support.project import Project
from webzeug import App, HTTPException, Response, URLError, View, abort
from webzeug.app import Handler, Parts
from webzeug.loader import Options, build
from webzeug.middleware import Layer
from webzeug.routing.inline import table_of_triples

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Index(View):
    def GET(self) -> Response:
        return Response("index")


class Boom(View):
    def GET(self) -> Response:
        raise ValueError("a secret")

    def POST(self) -> Response:
        abort(int(self.request.args["code"]))


ROUTES = [("/", "index", Index), ("/boom", "boom", Boom), ("/only/<int:id>", "only", Index)]


# What nobody answers


def test_not_found() -> None:
    """404, with Werkzeug's page."""
    response = App(ROUTES).test_client().get("/missing")
    assert response.status_code == 404
    assert "<h1>Not Found</h1>" in response.text


def test_no_routes_at_all() -> None:
    """An App without routes answers all the same."""
    assert App().test_client().get("/").status_code == 404


def test_options_where_routes_name_their_verbs(project: Project) -> None:
    """OPTIONS is answered from what the routes of the path claim, unless one claims OPTIONS."""
    project.write(
        "views.py",
        """
        from webzeug import Response, View

        class All(View):
            def GET(self): return Response()
            PUT = POST = DELETE = GET
            def OPTIONS(self): return Response("own")
        """,
    )
    project.write(
        "routes.toml",
        """
        [routes]
        "/split" = { GET = "views.All", PUT = "views.All", DELETE = "views.All" }
        "/own" = { GET = "views.All", OPTIONS = "views.All" }
        "/listed" = { view = "views.All", methods = ["POST"] }
        """,
    )
    client = project.load().test_client()
    split = client.options("/split")
    assert (split.status_code, split.headers["Allow"]) == (204, "DELETE, GET, HEAD, OPTIONS, PUT")
    assert client.options("/own").text == "own"
    assert client.options("/listed").headers["Allow"] == "OPTIONS, POST"
    assert client.options("/missing").status_code == 404
    refused = client.post("/split")
    assert (refused.status_code, refused.headers["Allow"]) == (405, split.headers["Allow"])


def test_a_bad_host() -> None:
    """A Host that is none is the client's fault."""
    assert App(ROUTES).test_client().get("/", headers={"Host": "a b"}).status_code == 400


# Error pages


class Page(View):
    """The page of every error."""

    def ERROR(self, error: HTTPException) -> Any:
        how = self.request.args.get("how")
        match how:
            case "error":
                return error
            case "raises":
                raise LookupError("the page fails")
            case "aborts":
                abort(410)
            case "returns nothing":
                return None
            case "werkzeug":
                return WerkzeugResponse(f"page of {error.code}")
            case "status":
                return Response("page", 299)
            case "wsgi":
                return App(ROUTES)
        return Response(f"page of {error.code} for {self.url_for('index')}")


PAGES = dict.fromkeys((401, 404, 405, 410, 416, 418, 500), Page)


@pytest.mark.parametrize(
    ("query", "status", "text"),
    [
        ("", 404, "page of 404 for /"),
        ("how=werkzeug", 404, "page of 404"),
        ("how=status", 299, "page"),
        ("how=wsgi", 404, None),
        ("how=error", 404, None),
        ("how=aborts", 410, None),
    ],
)
def test_a_page_of_your_own(query: str, status: int, text: str | None) -> None:
    """Its status is the error's, unless it sets another; what it raises of HTTP is answered."""
    response = App(ROUTES, errors=PAGES).test_client().get(f"/missing?{query}")
    assert response.status_code == status
    assert text in (None, response.text)


def test_a_page_keeps_what_belongs_to_the_error() -> None:
    """Allow and WWW-Authenticate stay, all of them, unless the page sets the field itself."""
    challenges = [WWWAuthenticate("basic"), WWWAuthenticate("bearer")]

    class Login(View):
        def GET(self) -> Response:
            raise Unauthorized(www_authenticate=challenges)

    class Own(View):
        def ERROR(self, error: HTTPException) -> Response:
            return Response("own", headers={"Allow": "BREW", "Content-Type": "text/x-own"})

    app = App([*ROUTES, ("/login", "login", Login)], errors={**PAGES, 405: Own})
    client = app.test_client()
    login = client.get("/login")
    assert login.headers.getlist("WWW-Authenticate") == [str(each) for each in challenges]
    refused = client.put("/")
    assert (refused.status_code, refused.headers.getlist("Allow")) == (405, ["BREW"])
    assert refused.headers["Content-Type"] == "text/x-own"
    standard = App(ROUTES, errors=PAGES).test_client().put("/")
    assert standard.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_a_response_of_its_own_beats_the_page() -> None:
    """An HTTPException that carries a response is answered with that."""

    class Own(View):
        def GET(self) -> Response:
            abort(Response("mine", 404))

    app = App([("/", "own", Own)], errors=PAGES)
    assert app.test_client().get("/").text == "mine"


def test_a_page_for_every_way_to_fail() -> None:
    """Raised or returned by a View, or because of a wrong verb: the page is the same."""

    class Returns(View):
        def GET(self) -> Any:
            return NotFound()

    app = App([*ROUTES, ("/returns", "returns", Returns)], errors=PAGES)
    client = app.test_client()
    assert client.get("/returns").text == "page of 404 for /"
    assert client.post("/boom?code=418").text == "page of 418 for /"
    assert client.put("/boom").text == "page of 405 for /"
    assert client.post("/boom?code=403").text.startswith("<!doctype html>")
    head = client.head("/missing")
    assert (head.status_code, head.data) == (404, b"")


def test_a_page_that_fails(caplog: pytest.LogCaptureFixture) -> None:
    """It is a failure as any other, and gets the page of 500."""

    class Good(View):
        def ERROR(self, error: HTTPException) -> Response:
            return Response(f"page of {error.code}")

    client = App(ROUTES, errors={404: Page, 500: Good}).test_client()
    failed = client.get("/missing?how=raises")
    assert (failed.status_code, failed.text) == (500, "page of 500")
    assert client.get("/missing?how=returns+nothing").text == "page of 500"
    assert [str(record.exc_info[1]) for record in caplog.records if record.exc_info] == [
        "the page fails",
        f"{__name__}.Page.ERROR returned None, which is neither a Response nor a WSGI "
        "application: is a `return` missing?",
    ]


def test_a_page_of_500_that_fails(caplog: pytest.LogCaptureFixture) -> None:
    """Werkzeug's page stands in, and both failures are logged."""
    response = App(ROUTES, errors=PAGES).test_client().get("/boom?how=raises")
    assert response.status_code == 500
    assert "<h1>Internal Server Error</h1>" in response.text
    assert [record.getMessage() for record in caplog.records] == [
        "the error page of status 500 failed as well",
        "'GET' '/boom' failed",
    ]


def test_a_page_of_500_may_look_at_the_error() -> None:
    """``error.original_exception`` is what the View raised."""

    class Oops(View):
        def ERROR(self, error: Any) -> Response:
            return Response(type(error.original_exception).__name__)

    response = App(ROUTES, errors={500: Oops}).test_client().get("/boom")
    assert (response.status_code, response.text) == (500, "ValueError")


def test_a_class_without_a_page() -> None:
    """A View without ERROR cannot write a page, and the message says what is missing."""
    app = App(ROUTES, errors={404: Index}, propagate_errors=True)
    with pytest.raises(TypeError, match=r"Index has no method ERROR\(self, error\)"):
        app.test_client().get("/missing")


def test_pages_of_a_manifest(project: Project) -> None:
    """``[errors]`` names Views; they are linked when the first error comes."""
    project.write(
        "pages.py",
        """
        from webzeug import Response, View

        class NotFound(View):
            def ERROR(self, error):
                return Response(f"no {self.request.path} here, {self.app.config['name']}")
        """,
    )
    project.write(
        "routes.toml",
        """
        [routes]
        [config]
        name = "you"
        [errors]
        404 = "pages.NotFound"
        405 = "pages.Absent"
        """,
    )
    response = project.load().test_client().get("/x")
    assert (response.status_code, response.text) == (404, "no /x here, you")


# Exceptions


def test_an_exception_is_a_500_without_details(caplog: pytest.LogCaptureFixture) -> None:
    """Logged once, with the traceback from the View on; the client learns nothing of it."""
    response = App(ROUTES).test_client().get("/boom")
    assert response.status_code == 500
    assert "secret" not in response.text
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("webzeug.error", logging.ERROR)
    assert record.getMessage() == "'GET' '/boom' failed"
    assert record.exc_info is not None
    traceback = record.exc_info[2]
    assert traceback is not None
    assert traceback.tb_frame.f_code.co_qualname == "Boom.GET"
    assert traceback.tb_next is None


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/boom\x1b[31m\n\xc2\x85", r"'/boom\x1b[31m\n\x85'"),
        ("/caf\xc3\xa9", "'/café'"),
        ("/\xff", "'/�'"),
        ("/" + "x" * 5000, "'/" + "x" * 998),
    ],
)
def test_the_log_is_safe_to_read(caplog: pytest.LogCaptureFixture, path: str, shown: str) -> None:
    """The client's path is escaped and cut."""

    def failing(app: "WSGIApplication") -> "WSGIApplication":
        def wrapped(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
            raise ValueError

        return wrapped

    environ = {**create_environ(), "PATH_INFO": path}
    app = App(middleware=[failing])
    list(app(environ, lambda *_: lambda block: None))
    assert caplog.records[0].getMessage() == f"'GET' {shown} failed"


def capturing(seen: list[BaseException]) -> Any:
    """A middleware as an error tracker's: it sees every exception, and lets it go on."""

    def wrap(app: "WSGIApplication") -> "WSGIApplication":
        def wrapped(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
            try:
                return app(environ, start)
            except BaseException as error:
                seen.append(error)
                raise

        return wrapped

    return wrap


def test_exceptions_travel_outward(caplog: pytest.LogCaptureFixture) -> None:
    """All middlewares see them, then they are logged once; an HTTPException is no such thing."""
    seen: list[BaseException] = []
    app = App(ROUTES, middleware=[capturing(seen), capturing(seen)], errors=PAGES)
    client = app.test_client()
    assert client.get("/boom").text == "page of 500 for /"
    assert [str(error) for error in seen] == ["a secret", "a secret"]
    assert len(caplog.records) == 1
    assert client.post("/boom?code=410").status_code == 410
    assert len(seen) == 2
    assert client.get("/missing?how=raises").status_code == 500
    assert [str(error) for error in seen[2:]] == ["the page fails", "the page fails"]


def test_letting_exceptions_out(caplog: pytest.LogCaptureFixture) -> None:
    """``propagate_errors``, or ``x-wsgiorg.throw_errors`` in the environ."""
    with pytest.raises(ValueError, match="a secret"):
        App(ROUTES, propagate_errors=True).test_client().get("/boom")
    with pytest.raises(ValueError, match="a secret"):
        App(ROUTES).test_client().get("/boom", environ_overrides={"x-wsgiorg.throw_errors": True})
    with pytest.raises(LookupError, match="the page fails"):
        App(ROUTES, errors=PAGES, propagate_errors=True).test_client().get("/x?how=raises")
    assert App(ROUTES, propagate_errors=True).test_client().get("/x").status_code == 404
    assert caplog.records == []


@pytest.mark.parametrize(
    "error", [KeyboardInterrupt(), SystemExit(3), gevent.GreenletExit(), gevent.Timeout(1)]
)
def test_what_ends_a_greenlet_passes_through(
    error: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    """It is for the server: no page, no log, and middlewares see it go by."""
    seen: list[BaseException] = []

    class Ends(View):
        def GET(self) -> Response:
            raise error

    app = App([("/", "ends", Ends)], middleware=[capturing(seen)], errors=PAGES)
    with pytest.raises(type(error)):
        app.test_client().get("/")
    assert seen == [error]
    assert caplog.records == []


def begins_and_fails(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
    start("200 OK", [("Content-Type", "text/plain"), ("X-Begun", "1")])
    if environ["QUERY_STRING"] == "abort":
        abort(410)
    raise ValueError("too late to be well")


class Begins(View):
    def GET(self) -> Any:
        return begins_and_fails


@pytest.mark.parametrize(("query", "status"), [("", 500), ("abort", 410)])
def test_servers_get_exc_info(query: str, status: int) -> None:
    """A response that has begun, and was not sent, is replaced (PEP 3333)."""
    calls: list[tuple[str, Any]] = []

    def start(status: str, headers: Any, exc_info: Any = None) -> Any:
        assert exc_info is not None or not calls, "begun twice"
        calls.append((status, exc_info and exc_info[0]))

    environ = {**create_environ("/"), "QUERY_STRING": query}
    body = App([("/", "begins", Begins)])(environ, start)
    assert b"<!doctype html>" in b"".join(body)
    assert [int(status[:3]) for status, _ in calls] == [200, status]
    assert calls[0][1] is None
    assert issubclass(calls[1][1], HTTPException if status == 410 else ValueError)


def test_what_was_sent_cannot_be_replaced() -> None:
    """The server raises the exception again, and the App lets it."""

    def start(status: str, headers: Any, exc_info: Any = None) -> Any:
        if exc_info:
            raise exc_info[1]

    with pytest.raises(ValueError, match="too late"):
        App([("/", "begins", Begins)])(create_environ("/"), start)


def test_the_test_client_sees_pages() -> None:
    """``test_client`` gives the page of 500 where Werkzeug's own would raise."""
    app = App([*ROUTES, ("/begins", "begins", Begins)], errors=PAGES)
    client = app.test_client()
    assert client.get("/boom").text == "page of 500 for /"
    begun = client.get("/begins")
    assert (begun.status_code, "X-Begun" in begun.headers) == (500, False)
    with pytest.raises(ValueError, match="a secret"):
        Client(app).get("/boom")


def test_the_test_client_is_werkzeugs() -> None:
    """Cookies, JSON and redirects work as its manual says."""

    class Jar(View):
        def GET(self) -> Response:
            response = Response(self.request.cookies.get("a", "none"))
            response.set_cookie("a", "b")
            return response

        def POST(self) -> Response:
            return Response(f"{self.request.get_json()}")

    client = App([("/jar/", "jar", Jar)]).test_client()
    assert [client.get("/jar/").text for _ in range(2)] == ["none", "b"]
    assert client.post("/jar/", json=[1]).text == "[1]"
    assert client.get("/jar", follow_redirects=True).text == "b"


def test_a_mount_that_fails(project: Project) -> None:
    """Its page is the outer App's, whose URLs and route are its own again."""
    project.write(
        "shop.py",
        """
        from webzeug import App, Response, View

        def fails(environ, start_response):
            environ["webzeug.route"] = None
            raise LookupError(environ["SCRIPT_NAME"])

        class Page(View):
            def ERROR(self, error):
                route = self.request.environ["webzeug.route"]
                where = f"{self.request.path} {self.url_for('home')} {route.path}"
                return Response(f"{error.original_exception} {where}")

        class Home(View):
            pass
        """,
    )
    project.write(
        "routes.toml",
        """
        [routes]
        "/" = "shop.Home"
        "/in/<tenant>" = { wsgi = "shop.fails" }
        [errors]
        500 = "shop.Page"
        """,
    )
    response = project.load().test_client().get("/in/a/b", base_url="http://localhost/site")
    assert response.text == "/site/in/a /in/a/b /site/ /in/<tenant>"


# What clients send


@pytest.mark.parametrize(
    ("body", "status"), [("[" * 50_000, 400), ("{", 400), ("[1]", 200), ("9" * 5000, 400)]
)
def test_json_bodies(body: str, status: int) -> None:
    """JSON that cannot be read is 400, however deep or long."""

    class Reads(View):
        def POST(self) -> Response:
            return Response(str(type(self.request.get_json())))

    client = App([("/", "reads", Reads)]).test_client()
    response = client.post("/", data=body, content_type="application/json")
    assert response.status_code == status


@pytest.mark.parametrize("path", ["/", "/redirect", "/boom\xff", "/only/7", "/only/x", "/missing"])
@pytest.mark.parametrize("query", ["\xff", "a=\xff&\xfe", "\x00\x7f", "\u00e9" * 900])
def test_raw_octets_in_the_query_are_never_a_500(path: str, query: str) -> None:
    """Views that read the query, redirects and pages alike."""

    class Reads(View):
        def GET(self, **args: Any) -> Response:
            return Response(f"{self.request.args} {self.request.url} {self.request.full_path}")

        def ERROR(self, error: HTTPException) -> Response:
            return self.GET()

    routes = [("/", "a", Reads), ("/only/<int:id>", "b", Reads), ("/redirect/", "c", Reads)]
    app = App(routes, errors={404: Reads})
    environ = {**create_environ(), "PATH_INFO": path, "QUERY_STRING": query}
    _, status, headers = run_wsgi_app(app, environ)
    assert int(status[:3]) in (200, 308, 404)
    headers.get("Location", "").encode("ascii")


# Streams


class Stream:
    """An endless stream that says when it was closed."""

    def __init__(self) -> None:
        self.closed: list[str] = []

    def __iter__(self) -> Iterator[str]:
        while True:
            yield "tick\n"
            gevent.sleep(0)

    def close(self) -> None:
        self.closed.append("closed")


def test_a_stream_is_closed_when_its_client_leaves() -> None:
    """Its ``close`` runs exactly once, on a real connection that is reset."""
    stream = Stream()
    done = gevent.event.Event()

    class Ticks(View):
        def GET(self) -> Response:
            response = Response(stream)
            response.call_on_close(done.set)
            return response

    with running(App([("/", "ticks", Ticks)], middleware=[capturing([])])) as server:
        client = server.connect()
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert client.file.readline() == b"HTTP/1.1 200 OK\r\n"
        client.reset()
        assert done.wait(10)
    assert stream.closed == ["closed"]


@pytest.mark.parametrize("ending", ["returns", "aborts", "streams", "shares"])
def test_uploaded_files_are_closed_with_the_response(ending: str) -> None:
    """Not before, for a stream may still read them."""
    files: list[Any] = []

    class Upload(View):
        def POST(self) -> Response:
            files.append(self.request.files["f"])
            if ending == "aborts":
                abort(422)
            if ending == "shares":
                return shared
            return Response(files[0].stream if ending == "streams" else "done")

    shared = Response("shared")
    client = App([("/", "upload", Upload)]).test_client()
    response = client.post("/", data={"f": (io.BytesIO(b"content"), "f.txt")})
    assert response.data == b"content" or ending != "streams"
    assert not files[0].stream.closed
    response.close()
    assert files[0].stream.closed


# Opening, closing, swapping


def test_a_closed_app_answers_no_more(caplog: pytest.LogCaptureFixture) -> None:
    """After the end of its ``with`` block, a request is a 500 that the log explains."""
    app = App(ROUTES)
    with app:
        assert app.test_client().get("/").status_code == 200
    assert app.test_client().get("/").status_code == 500
    assert "this App is closed: open() it, or use it inside its `with` block" in caplog.text
    assert "in _open_for_requests" in caplog.text


def parts(word: str, layers: Callable[[], list[Layer]] = list, errors: Any = None) -> Parts:
    """A table whose View says a word, where it is and what its error page says."""

    class Says(View):
        def GET(self, **args: Any) -> Response:
            started, go_on = self.app.config["gate"]
            if "wait" in self.request.args:
                started.set()
                go_on.wait(10)
            if "fail" in self.request.args:
                abort(404)
            return Response(f"{word} {self.url_for('says')}")

        def ERROR(self, error: HTTPException) -> Response:
            return Response(f"{word} page {self.url_for('says')}")

    # The first route keeps its path, so that a swapped table still answers there.
    handler: Handler = Says.handle
    table = table_of_triples([("/says", "same", handler), (f"/{word}", "says", handler)])
    return Parts(table, {404: Says.handle_error, 500: Says.handle_error}, layers)


def gated(first: Parts) -> tuple[App, threading.Event, threading.Event]:
    started, go_on = threading.Event(), threading.Event()
    app = App(first)
    object.__setattr__(app, "config", {"gate": (started, go_on)})
    return app, started, go_on


def in_thread(work: Callable[[], Any]) -> tuple[threading.Thread, list[Any]]:
    results: list[Any] = []
    thread = threading.Thread(target=lambda: results.append(work()))
    thread.start()
    return thread, results


@pytest.mark.parametrize(
    ("query", "old", "new"),
    [("", "one /one", "two /two"), ("&fail", "one page /one", "two page /two")],
)
def test_a_request_keeps_the_parts_that_it_began_with(query: str, old: str, new: str) -> None:
    """Its View, its error page and its URLs are of one table, whatever is swapped in."""
    app, started, go_on = gated(parts("one"))
    client = app.test_client()
    thread, results = in_thread(lambda: app.test_client().get(f"/says?wait{query}").text)
    assert started.wait(10)
    app.swap(parts("two"))
    assert client.get(f"/says?{query}").text == new
    assert (client.get("/one").status_code, client.get("/two").text) == (404, "two /two")
    go_on.set()
    thread.join(10)
    assert results == [old]


def test_the_page_of_500_is_of_the_old_parts_too() -> None:
    """Also where a middleware that copies the environ stands between."""
    copying: Any = lambda app: lambda environ, start: app({**environ}, start)  # noqa: E731
    app, started, go_on = gated(parts("one", lambda: [Layer.of(copying)]))

    class Fails(View):
        def GET(self) -> Response:
            started.set()
            go_on.wait(10)
            raise LookupError

    handler: Handler = Fails.handle
    first = parts("one", lambda: [Layer.of(copying)])
    table = table_of_triples([("/one", "says", handler)])
    app.swap(Parts(table, first.errors, first.layers))
    thread, results = in_thread(lambda: app.test_client().get("/one").text)
    assert started.wait(10)
    app.swap(parts("two"))
    go_on.set()
    thread.join(10)
    assert results == ["one page /one"]


def test_swapping_before_the_first_request() -> None:
    """An App that is not open yet builds the new middlewares when it opens, and only those."""
    trace: list[str] = []

    def layers(name: str) -> Callable[[], list[Layer]]:
        def build() -> list[Layer]:
            trace.append(name)
            return []

        return build

    app, *_ = gated(parts("one", layers("one")))
    app.swap(parts("two", layers("two")))
    assert app.test_client().get("/two").text == "two /two"
    assert trace == ["two"]


def test_a_swap_that_fails_changes_nothing() -> None:
    """If a middleware cannot be built, the old table, pages and middlewares answer on."""

    def broken() -> list[Layer]:
        raise ValueError("no middleware")

    app, *_ = gated(parts("one"))
    client = app.test_client()
    assert client.get("/one").text == "one /one"
    table = app.table
    with pytest.raises(ValueError, match="no middleware"):
        app.swap(parts("two", broken))
    assert app.table is table
    assert client.get("/one").text == "one /one"
    assert client.get("/two").text == "one page /one"
    assert app.url_for("says") == "/one"


def test_nobody_sees_a_mix() -> None:
    """Threads that ask while tables are swapped get all of one table, every time."""
    app, *_ = gated(parts("w0"))
    stop = threading.Event()
    wrong: list[str] = []
    asked: list[int] = []

    def ask() -> None:
        client = app.test_client()
        count = 0
        while not stop.is_set():
            for query in ("", "fail"):
                text = client.get(f"/says?{query}").text
                word, *_, path = text.split()
                if path != f"/{word}":
                    wrong.append(text)
            count += 1
        asked.append(count)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(60):
        app.swap(parts(f"w{number}"))
    stop.set()
    for thread in threads:
        thread.join(10)
    assert wrong == []
    assert len(asked) == 4


def test_an_unchanged_middleware_survives_a_reload(project: Project) -> None:
    """A manifest that is built again takes over what it says the same about."""
    project.write(
        "wrappers.py",
        """
        class Count:
            def __init__(self, app, **options):
                self.app, self.options, self.calls = app, options, 0

            def __call__(self, environ, start_response):
                self.calls += 1
                counts = environ.setdefault("counts", [])
                counts.append((self.options.get("name"), self.calls))
                return self.app(environ, start_response)
        """,
    )
    project.write(
        "views.py",
        """
        from webzeug import Response, View

        class Counts(View):
            def GET(self):
                return Response(repr(self.request.environ["counts"]))
        """,
    )
    manifest = """
        [routes]
        {extra}
        [routes."/"]
        view = "views.Counts"
        middleware = [{{ use = "wrappers.Count", with = {{ name = "own" }} }}]
        [[middleware]]
        use = "wrappers.Count"
        with = {{ name = "{name}" }}
        [[middleware]]
        use = "wrappers.Count"
    """

    def built(name: str, extra: str = "", former: Any = None) -> Any:
        project.write("routes.toml", manifest.format(name=name, extra=extra))
        return build(str(project.manifest), Options(environ={}, eager=True), former)

    first = built("a")
    client = first.app.test_client()
    client.get("/")
    assert client.get("/").text == "[('a', 2), (None, 2), ('own', 2)]"
    second = built("a", '"/more" = "views.Counts"', first.assembly)
    first.app.swap(second.parts)
    assert client.get("/").text == "[('a', 3), (None, 3), ('own', 3)]"
    assert client.get("/more").text == "[('a', 4), (None, 4)]"
    third = built("b", "", second.assembly)
    first.app.swap(third.parts)
    assert client.get("/").text == "[('b', 1), (None, 5), ('own', 4)]"


# URLs


def test_url_for_outside_a_request(project: Project) -> None:
    """Paths, and whole URLs where the manifest says what they begin with."""
    project.write("routes.toml", '[routes]\n"/items/<int:id>" = "views.Item"\n')
    app = project.load()
    assert app.url_for("item", id=7, query={"q": "é"}, anchor="x") == "/items/7?q=%C3%A9#x"
    assert app.url_for("item", {"id": 7}) == "/items/7"
    with pytest.raises(URLError, match="base_url"):
        app.url_for("item", id=7, external=True)
    based = project.load(settings=["matching.base_url=https://example.com/shop"])
    assert based.url_for("item", id=7, external=True) == "https://example.com/shop/items/7"
    assert based.url_for("item", id=7) == "/shop/items/7"


def test_development_checks_that_urls_lead_back() -> None:
    """What a converter builds and would not match is an error there, and only there."""
    assert App(ROUTES).url_for("only", id=-1) == "/only/-1"
    with pytest.raises(URLError, match="does not match its pattern"):
        App(ROUTES, development=True).url_for("only", id=-1)
    assert App(ROUTES, development=True).url_for("only", id=1) == "/only/1"


def test_bad_routes_in_code() -> None:
    """All of them are said at once."""
    with pytest.raises(ValueError, match="/<a>/<a>") as caught:
        App([("/<a>/<a>", None, Index), ("/x/{id}", None, Index)])
    assert "/x/{id}" in str(caught.value)


def test_what_a_view_returns_may_raise_http_exceptions() -> None:
    """A WSGI application that raises one is answered with its page."""
    error = MethodNotAllowed(["BREW"])

    class Brews(View):
        def GET(self) -> Any:
            def wsgi(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
                raise error

            return wsgi

    response = App([("/", "brews", Brews)]).test_client().get("/")
    assert (response.status_code, response.headers["Allow"]) == (405, "BREW")
