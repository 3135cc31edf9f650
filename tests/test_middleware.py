"""Middleware around the whole App: plain WSGI wrappers, each built once."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.exceptions import Unauthorized
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.test import create_environ, run_wsgi_app

from tests.support.project import Project
from webzeug import App, ManifestError, Request, Response, View
from webzeug.middleware import Chain, Layer, Middleware

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Path(View):
    def GET(self, **args: Any) -> Response:
        environ = self.request.environ
        return Response(f"{environ['SCRIPT_NAME']}|{environ['PATH_INFO']}")


def tracing(name: str, trace: list[str]) -> Middleware:
    """A middleware that writes down when it is built, entered and left."""

    def wrap(app: "WSGIApplication") -> "WSGIApplication":
        trace.append(f"build {name}")

        def wrapped(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
            trace.append(f"enter {name}")
            answer = app(environ, start)
            trace.append(f"leave {name}")
            return answer

        return wrapped

    return wrap


def test_the_first_is_the_outermost() -> None:
    """They are built when the App opens, inside each other in their order."""
    trace: list[str] = []
    app = App([("/", "p", Path)], middleware=[tracing("a", trace), tracing("b", trace)])
    assert trace == []
    client = app.test_client()
    assert client.get("/").text == "|/"
    assert trace == ["build a", "build b", "enter a", "enter b", "leave b", "leave a"]
    client.get("/missing")
    assert trace[6:] == ["enter a", "enter b", "leave b", "leave a"]


def test_those_of_a_manifest(project: Project) -> None:
    """A string or a table; ``with`` are keyword arguments; one entry is one instance."""
    project.write(
        "wrappers.py",
        """
        class Mark:
            made = []

            def __init__(self, app, **options):
                self.app, self.options = app, options
                self.made.append(self)

            def __call__(self, environ, start_response):
                environ.setdefault("marks", []).append(self.options)
                return self.app(environ, start_response)
        """,
    )
    project.write(
        "views.py",
        """
        from webzeug import Response, View
        from wrappers import Mark

        class Marks(View):
            def GET(self):
                return Response(f"{self.request.environ['marks']} {len(Mark.made)}")
        """,
    )
    project.write(
        "routes.toml",
        """
        middleware = [
            "wrappers.Mark",
            { use = "wrappers.Mark", with = { n = 1, deep = { a = [2] } } },
        ]
        [routes]
        "/" = "views.Marks"
        """,
    )
    client = project.load().test_client()
    expected = "[{}, {'n': 1, 'deep': {'a': [2]}}] 2"
    assert [client.get("/").text for _ in range(2)] == [expected] * 2


def test_werkzeugs_own(project: Project) -> None:
    """ProxyFix from the manifest: the View sees the client's scheme, host and prefix."""
    project.write(
        "views.py",
        """
        from webzeug import Response, View

        class Where(View):
            def GET(self):
                return Response(self.url_for("where", external=True))
        """,
    )
    project.write(
        "routes.toml",
        """
        [routes]
        "/" = "views.Where"
        [[middleware]]
        use = "werkzeug.middleware.proxy_fix.ProxyFix"
        with = { x_for = 1, x_proto = 1, x_host = 1, x_prefix = 1 }
        """,
    )
    fields = {
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "example.com",
        "X-Forwarded-Prefix": "/shop",
    }
    assert project.load().test_client().get("/", headers=fields).text == "https://example.com/shop/"


def refusing(app: "WSGIApplication") -> "WSGIApplication":
    """One that answers itself, unless there is a token."""

    def wrapped(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        if "HTTP_X_TOKEN" not in environ:
            return Response("who are you?", 401)(environ, start)
        return app(environ, start)

    return wrapped


def raising(app: "WSGIApplication") -> "WSGIApplication":
    """One that raises what a View may raise."""

    def wrapped(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        if "HTTP_X_TOKEN" not in environ:
            raise Unauthorized("who are you?")
        return app(environ, start)

    return wrapped


@pytest.mark.parametrize("middleware", [refusing, raising])
def test_one_may_answer_itself(middleware: Middleware) -> None:
    """With a response of its own, or an HTTPException; what it wraps is not called then."""
    client = App([("/", "p", Path)], middleware=[middleware]).test_client()
    refused = client.get("/")
    assert refused.status_code == 401
    assert "who are you?" in refused.text
    assert client.get("/", headers={"X-Token": "1"}).text == "|/"


def test_an_http_exception_of_one_gets_its_page() -> None:
    """The error page is the App's, wherever the exception came from."""

    class Page(View):
        def ERROR(self, error: Any) -> Response:
            return Response(f"page of {error.code} at {self.url_for('p')}")

    app = App([("/", "p", Path)], middleware=[raising], errors={401: Page})
    response = app.test_client().get("/")
    assert (response.status_code, response.text) == (401, "page of 401 at /")


def retrying(app: "WSGIApplication") -> "WSGIApplication":
    """One that asks again while it is told to."""

    def wrapped(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        for _ in range(3):
            body, status, headers = run_wsgi_app(app, environ)
            if status != "503 SERVICE UNAVAILABLE":
                break
        start(status, list(headers))
        return body

    return wrapped


def test_one_may_ask_again() -> None:
    """What it wraps can be called many times, with the same environ or with a copy."""
    calls: list[int] = []

    class Flaky(View):
        def GET(self) -> Response:
            calls.append(1)
            return Response("ok", 503 if len(calls) < 3 else 200)

    def twice(app: "WSGIApplication") -> "WSGIApplication":
        def wrapped(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
            list(app(environ, lambda *_: lambda block: None))
            return app(environ, start)

        return wrapped

    app = App([("/", "flaky", Flaky)], middleware=[retrying])
    assert app.test_client().get("/").text == "ok"
    assert len(calls) == 3
    again = App([("/", "flaky", Flaky)], middleware=[twice, tracing("inner", [])])
    assert again.test_client().get("/").text == "ok"
    assert len(calls) == 5


def test_asking_again_below_a_mount(project: Project) -> None:
    """A mount moves the path for what is mounted alone, so the second call finds it as well."""
    project.write(
        "shop.py",
        """
        from webzeug import App, Response, View

        class Path(View):
            def GET(self):
                environ = self.request.environ
                return Response(f"{environ['SCRIPT_NAME']}|{environ['PATH_INFO']}")

        app = App([("/x", "path", Path)])

        def twice(app):
            def wrapped(environ, start_response):
                list(app(environ, lambda *_: None))
                return app(environ, start_response)
            return wrapped
        """,
    )
    project.write(
        "routes.toml",
        """
        middleware = ["shop.twice"]
        [routes]
        "/app" = { wsgi = "shop.app", middleware = ["shop.twice"] }
        """,
    )
    assert project.load().test_client().get("/app/x").text == "/app|/x"


def test_apps_in_apps() -> None:
    """Apps mounted in each other keep their middlewares, URLs and error pages apart."""
    trace: list[str] = []

    class Links(View):
        def GET(self) -> Response:
            return Response(f"{self.url_for('links')} {self.app.config['name']}")

    class Asks(View):
        """Asks the inner App first, in the same environ, and then builds a URL of its own."""

        def GET(self) -> Response:
            answer = Response.from_app(inner, self.request.environ)
            return Response(f"{self.url_for('asks')} {answer.get_data(as_text=True)}")

    def app(name: str, middleware: list[Middleware], asks: type[View]) -> App:
        return App(
            [("/links", "links", Links), ("/asks", "asks", asks)],
            config={"name": name},
            middleware=[tracing(name, trace), *middleware],
        )

    inner = app("inner", [], Links)
    outer = app("outer", [lambda app: DispatcherMiddleware(app, {"/in": inner})], Asks)
    inner.open()
    client = outer.test_client()
    assert client.get("/links").text == "/links outer"
    assert client.get("/in/links").text == "/in/links inner"
    assert trace[-4:] == ["enter outer", "enter inner", "leave inner", "leave outer"]
    assert client.get("/asks").text == "/asks /links inner"


def test_an_app_within_itself() -> None:
    """One that is mounted in itself answers at every depth."""
    holder: list[App] = []

    def mounting(app: "WSGIApplication") -> "WSGIApplication":
        def below(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
            return holder[0](environ, start)

        return DispatcherMiddleware(app, {"/in": below})

    holder.append(App([("/", "p", Path)], middleware=[mounting]))
    assert holder[0].test_client().get("/in/in/in/").text == "/in/in/in|/"


@pytest.mark.parametrize("answer", [None, 3, "text", object()])
def test_what_a_middleware_must_return(answer: object) -> None:
    """Anything that cannot be called is a TypeError when the App opens."""
    wrap: Any = lambda app: answer  # noqa: E731
    with pytest.raises(TypeError, match="a middleware must return a WSGI application, not "):
        App(middleware=[wrap]).open()


def test_the_wrapped_application_may_be_returned() -> None:
    """A middleware that has nothing to do is free to return what it got."""
    unchanged: Middleware = lambda app: app  # noqa: E731
    assert App([("/", "p", Path)], middleware=[unchanged]).test_client().get("/").text == "|/"


def test_one_that_copies_the_environ() -> None:
    """The copy leads on to the same App, and its URLs."""

    class Links(View):
        def GET(self) -> Response:
            return Response(self.url_for("links"))

    def copying(app: "WSGIApplication") -> "WSGIApplication":
        return lambda environ, start: app({**environ, "SCRIPT_NAME": "/copied"}, start)

    app = App([("/", "links", Links)], middleware=[copying, copying])
    assert app.test_client().get("/").text == "/copied/"


BROKEN = """
    def none(app): return None
    def wrong(app, x): return app
    def fails(app): raise ValueError("not today")
    def exits(app): raise SystemExit(3)
    number = 3
"""


def test_those_that_cannot_be_built(project: Project) -> None:
    """Each is one diagnostic at its place, with the application's own traceback."""
    project.write("wrappers.py", BROKEN)
    names = ["none", "wrong", "fails", "exits", "number", "absent", "none"]
    tables = "".join(f'[[middleware]]\nuse = "wrappers.{name}"\n' for name in names)
    project.write("routes.toml", f"[routes]\n{tables}")
    with pytest.raises(ManifestError) as caught:
        project.load(eager=True)
    messages = [
        (each.span.line, len(each.others), each.message) for each in caught.value.diagnostics
    ]
    made = "the middleware wrappers.{} could not be made: {}".format
    assert messages == [
        (3, 1, made("none", "TypeError: a middleware must return a WSGI application, not None")),
        (5, 0, made("wrong", "TypeError: wrong() missing 1 required positional argument: 'x'")),
        (7, 0, made("fails", "ValueError: not today")),
        (9, 0, made("exits", "SystemExit: 3")),
        (11, 0, "wrappers.number is a value of type int, which cannot be called"),
        (13, 0, "wrappers has no `absent`"),
    ]
    traces = {each.span.line: each.trace for each in caught.value.diagnostics if each.trace}
    assert set(traces) == {7, 9}
    wrappers = project.folder / "wrappers.py"
    assert traces[7].splitlines()[1] == f'  File "{wrappers}", line 3, in fails'


def test_a_lazy_app_builds_them_at_its_opening(project: Project) -> None:
    """``load`` succeeds; opening raises, with the place in the manifest."""
    project.write("wrappers.py", BROKEN)
    project.write("routes.toml", 'middleware = ["wrappers.absent"]\n[routes]\n')
    app = project.load()
    with pytest.raises(Exception, match=r"routes\.toml:1:25: wrappers has no `absent`"):
        app.open()


def test_a_layer_stands_in_many_chains() -> None:
    """What it wraps is that of the chain by which a request came."""
    wrap: Callable[[Any], Any] = lambda app: lambda environ, start: app(environ, start)  # noqa: E731
    layers = [Layer.of(wrap), Layer.of(wrap)]
    one = Chain.of(layers, Response("one"))
    two = Chain.of(layers[::-1], Response("two"))
    environ = create_environ("/")
    assert [b"".join(run_wsgi_app(each, environ)[0]) for each in (one, two, one)] == [
        b"one",
        b"two",
        b"one",
    ]


def test_the_environ_is_the_servers(project: Project) -> None:
    """The route and its variables are there for a middleware once the inner App was called."""
    seen: list[tuple[Any, Any]] = []

    def observing(app: "WSGIApplication") -> "WSGIApplication":
        def wrapped(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
            answer = app(environ, start)
            route = environ.get("webzeug.route")
            seen.append((route and (route.name, route.path), environ.get("webzeug.args")))
            return answer

        return wrapped

    app = App([("/<int:id>", "it", Path)], middleware=[observing])
    app.test_client().get("/7")
    app.test_client().get("/seven")
    assert seen == [(("it", "/<int:id>"), {"id": 7}), (None, None)]


def test_a_proxy_around_the_app() -> None:
    """An App is itself a WSGI application, for any wrapper in code."""
    app = App([("/", "p", Path)])
    environ = create_environ("/", headers={"X-Forwarded-Prefix": "/shop"})
    body = b"".join(run_wsgi_app(ProxyFix(app, x_prefix=1), environ)[0])
    assert body == b"/shop|/"
    assert isinstance(Request(environ), Request)
