"""Views: which method answers, what it may return, and what is said when it may not."""

import functools
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.exceptions import Forbidden, Gone, NotFound
from werkzeug.test import TestResponse
from werkzeug.wrappers import Response as WerkzeugResponse

from tests.support.project import Project
from webzeug import App, HTTPException, Request, Response, View, abort, json_response, redirect

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class Item(View):
    """Three verbs, and what they got."""

    def GET(self, **args: Any) -> Response:
        return Response(f"GET {args}")

    def POST(self, **args: Any) -> Response:
        return Response(f"POST {args} {self.request.get_data(as_text=True)}")

    def PURGE(self) -> Response:
        return Response("PURGE")

    def helper(self) -> Response:
        raise AssertionError("no request leads here")


def ask(view: type[View], method: str = "GET", path: str = "/", **options: Any) -> TestResponse:
    """What a View answers at ``/`` and below ``/<name>/``; what it raises, the caller gets."""
    app = App([("/", "it", view), ("/<name>/", "named", view)], propagate_errors=True)
    return app.test_client().open(path, method=method, **options)


@pytest.mark.parametrize("method", ["GET", "POST", "PURGE"])
def test_the_method_of_the_verb_answers(method: str) -> None:
    """GET calls GET, and any other token in upper case is a verb as well."""
    assert ask(Item, method).text.split()[0] == method


def test_a_method_gets_the_variables_as_keyword_arguments() -> None:
    """What the pattern names is what the method gets, converted."""
    app = App([("/<int:id>/<path:rest>", "it", Item)])
    assert app.test_client().get("/7/a/b").text == "GET {'id': 7, 'rest': 'a/b'}"


def test_a_view_has_its_app_and_its_request() -> None:
    """One instance answers one request, and reaches everything from itself."""
    seen: list[View] = []

    class Here(View):
        def GET(self) -> Response:
            seen.append(self)
            assert type(self.request) is Request
            return Response(f"{self.app.config['name']} {self.request.args['q']}")

    app = App([("/", "here", Here)], config={"name": "shop"})
    client = app.test_client()
    assert [client.get(f"/?q={q}").text for q in "ab"] == ["shop a", "shop b"]
    assert seen[0] is not seen[1]
    assert all(view.app is app for view in seen)


def test_head_is_answered_by_get() -> None:
    """A View without HEAD answers it as GET: the same fields, no content."""
    head, get = ask(Item, "HEAD"), ask(Item, "GET")
    assert head.data == b""
    assert head.headers == get.headers


def test_a_head_of_its_own() -> None:
    """A View with HEAD answers it itself."""

    class Own(Item):
        def HEAD(self) -> Response:
            return Response(headers={"X-Answered-By": "HEAD"})

    assert ask(Own, "HEAD").headers["X-Answered-By"] == "HEAD"


def test_options_names_the_verbs() -> None:
    """OPTIONS is 204, and Allow has the verbs that there are, HEAD and OPTIONS included."""
    response = ask(Item, "OPTIONS")
    assert response.status_code == 204
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS, POST, PURGE"
    assert "Content-Type" not in response.headers


def test_options_of_its_own() -> None:
    """A View with OPTIONS answers it itself."""

    class Own(View):
        def OPTIONS(self) -> Response:
            return Response("own")

    assert ask(Own, "OPTIONS").text == "own"
    assert ask(Own, "GET").headers["Allow"] == "OPTIONS"


@pytest.mark.parametrize(
    "method", ["PUT", "get", "Get", "helper", "HELPER", "handle", "ERROR", "WEBSOCKET", "__init__"]
)
def test_any_other_method_is_refused(method: str) -> None:
    """405 with the verbs that there are: case counts, and no other attribute is a verb."""
    response = ask(Item, method)
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS, POST, PURGE"


def test_an_upgrade_asks_for_websocket() -> None:
    """A WebSocket handshake is not answered by GET."""
    fields = {"Connection": "Upgrade", "Upgrade": "websocket"}
    assert ask(Item, "GET", headers=fields).status_code == 405


def test_which_attributes_are_verbs() -> None:
    """Routines with a name in upper case, inherited ones too; a subclass may remove one."""

    def answer(self: View) -> Response:
        return Response("answer")

    class Mixin:
        def PATCH(self) -> Response:
            return Response("patched")

    class Many(Mixin, Item):
        PUT = answer
        LOCK = functools.partialmethod(answer)
        MAX_SIZE = 3
        POST = None  # type: ignore[assignment]

        @staticmethod
        def TRACE() -> Response:
            return Response("trace")

        @property
        def LINK(self) -> Response:
            raise AssertionError("a property is no method")

        def _HIDDEN(self) -> Response:
            raise AssertionError("a private method is no verb")

        def ERROR(self, error: HTTPException) -> Response:
            return Response("page")

    assert Many.verbs == {"GET", "PATCH", "PUT", "LOCK", "PURGE", "TRACE"}
    assert [ask(Many, verb).text for verb in ("PATCH", "LOCK", "TRACE")] == [
        "patched",
        "answer",
        "trace",
    ]
    assert ask(Many, "POST").status_code == 405


def test_verbs_of_one_route(project: Project) -> None:
    """A verb key of the manifest uses that method of the class, and no other."""
    project.write(
        "views.py",
        """
        from webzeug import Response, View

        class Both(View):
            def GET(self):
                return Response("both GET")

            def PUT(self):
                return Response("both PUT")

        class Head(View):
            def HEAD(self):
                return Response(headers={"X-Head": "own"})
        """,
    )
    project.write(
        "routes.toml",
        """
        [routes]
        "/one" = { GET = "views.Both" }
        "/two" = { GET = "views.Both", HEAD = "views.Head" }
        "/listed" = { view = "views.Both", methods = ["PUT"] }
        """,
    )
    client = project.load().test_client()
    assert client.get("/one").text == "both GET"
    assert client.head("/one").status_code == 200
    assert client.put("/one").headers["Allow"] == "GET, HEAD, OPTIONS"
    assert client.head("/two").headers["X-Head"] == "own"
    assert client.options("/listed").headers["Allow"] == "OPTIONS, PUT"


def test_what_the_class_lacks_is_not_allowed(project: Project) -> None:
    """A verb that the manifest lists and the class lacks is a 405 that does not offer it."""
    project.write(
        "views.py",
        "from webzeug import View\nclass V(View):\n    def GET(self): ...\n    POST = GET\n",
    )
    project.write("routes.toml", '[routes]\n"/" = { view = "views.V", methods = ["GET", "PUT"] }')
    response = project.load().test_client().put("/")
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


class Closing:
    """A stream that counts how often it was closed."""

    def __init__(self) -> None:
        self.closed = 0

    def __iter__(self) -> Iterator[bytes]:
        yield b"one "
        yield b"two"

    def close(self) -> None:
        self.closed += 1


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_stream_is_closed_once(method: str) -> None:
    """The iterable's close runs exactly once, also if its content is not sent at all."""
    body = Closing()

    class Stream(View):
        def GET(self) -> Response:
            return Response(body)

    response = ask(Stream, method)
    assert response.data == (b"one two" if method == "GET" else b"")
    response.close()
    assert body.closed == 1


def plain_wsgi(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["PATH_INFO"].encode()]


class FlaskLike:
    """An application object, as Flask's and Django's are."""

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        return Response(f"{environ['REQUEST_METHOD']} mine")(environ, start_response)


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (plain_wsgi, "/"),
        (FlaskLike(), "GET mine"),
        (WerkzeugResponse("Werkzeug's"), "Werkzeug's"),
        (App([("/", "inner", Item)]), "GET {}"),
        (redirect("/x"), None),
        (json_response({"a": 1}), '{"a": 1}'),
    ],
)
def test_any_wsgi_application_is_an_answer(answer: Any, body: str | None) -> None:
    """What a method returns is called as a WSGI application."""

    class Answers(View):
        def GET(self) -> Any:
            return answer

    assert body in (None, ask(Answers).text)


@pytest.mark.parametrize("is_raised", [True, False])
@pytest.mark.parametrize("error", [NotFound("gone"), Gone(), Forbidden(response=Response("no"))])
def test_an_http_exception_is_an_answer(error: HTTPException, is_raised: bool) -> None:
    """Raised or returned, it is the response."""

    class Fails(View):
        def GET(self) -> Any:
            if is_raised:
                raise error
            return error

    response = ask(Fails)
    expected = error.get_response({})
    assert (response.status_code, response.data) == (expected.status_code, expected.data)


def test_abort() -> None:
    """``abort`` leaves the method at once."""

    class Aborts(View):
        def GET(self) -> Response:
            abort(418)

    assert ask(Aborts).status_code == 418


async def coroutine() -> None:
    """What an ``async def`` verb returns."""


def a_class() -> object:
    return Response


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        (lambda: None, "None, which is neither a Response nor a WSGI application: is a `return`"),
        (lambda: "text", "'text', which is neither a Response nor a WSGI application: write Resp"),
        (lambda: b"octets", "write Response(...)"),
        (lambda: {"a": 1}, "write json_response(...)"),
        (lambda: [1], "write json_response(...)"),
        (lambda: ("text", 200), "('text', 200), which is neither a Response nor a WSGI applicat"),
        (a_class, "<class 'webzeug.wrappers.Response'>"),
        (coroutine, "the method must not be `async`"),
    ],
)
def test_anything_else_is_a_type_error(answer: Any, shown: str) -> None:
    """It names the View, its verb and what came, and says what was probably meant."""

    class Wrong(View):
        def POST(self) -> Any:
            return answer()

    with pytest.raises(TypeError) as caught:
        ask(Wrong, "POST")
    name = f"{__name__}.test_anything_else_is_a_type_error.<locals>.Wrong.POST returned "
    assert str(caught.value).startswith(name)
    assert shown in str(caught.value)


@settings(deadline=None, database=None)
@given(st.recursive(st.none() | st.booleans() | st.text() | st.floats(), st.lists))
def test_no_plain_value_is_an_answer(value: object) -> None:
    """Whatever its size, the message stays short."""

    class Wrong(View):
        def GET(self) -> Any:
            return value

    request = Request({"REQUEST_METHOD": "GET"})
    with pytest.raises(TypeError, match="neither a Response nor a WSGI application") as caught:
        Wrong.handle(App(), request, {})
    assert len(str(caught.value)) < 600


def test_a_method_that_cannot_take_the_variables() -> None:
    """The message names the View, the verb and the variables, and then says Python's own."""

    class Few(View):
        def GET(self) -> Response:
            return Response()

    name = f"{__name__}.test_a_method_that_cannot_take_the_variables.<locals>.Few.GET"
    with pytest.raises(TypeError) as caught:
        ask(Few, path="/bob/")
    said, _, pythons = str(caught.value).partition(": ")
    assert said == f"{name} cannot be called with (name)"
    assert pythons.endswith("Few.GET() got an unexpected keyword argument 'name'")


def test_a_type_error_of_the_method_is_its_own() -> None:
    """What goes wrong inside is not taken for a wrong signature."""

    class Fails(View):
        def GET(self, name: str = "") -> Response:
            return Response(len(3))  # type: ignore[arg-type]

    with pytest.raises(TypeError, match="has no len") as caught:
        ask(Fails)
    assert type(caught.value) is TypeError


def test_the_log_tells_mistakes_without_a_traceback(caplog: pytest.LogCaptureFixture) -> None:
    """They are in the View's signature or return value, where no line of it runs."""

    class Wrong(View):
        def GET(self) -> Any:
            return None

    client = App([("/", "a", Wrong), ("/<name>", "b", Wrong)]).test_client()
    assert [client.get(path).status_code for path in ("/", "/x")] == [500, 500]
    assert "Traceback" not in caplog.text
    assert "Wrong.GET returned None" in caplog.text
    assert "Wrong.GET cannot be called with (name)" in caplog.text


def test_defaults_are_handed_to_the_method(project: Project) -> None:
    """``defaults`` come as keyword arguments, ``{ none = true }`` as None, a table as a dict."""
    project.write(
        "views.py",
        """
        from webzeug import Response, View

        class Feed(View):
            def GET(self, **args):
                return Response(repr(args))
        """,
    )
    project.write(
        "routes.toml",
        """
        [routes."/feed"]
        defaults = { limit = 50, deep = { list = [1] } }
        "/<kind>" = { view = "views.Feed", defaults = { limit = 10, since = { none = true } } }
        """,
    )
    expected = {"limit": 10, "deep": {"list": [1]}, "since": None, "kind": "news"}
    text = project.load().test_client().get("/feed/news").text
    assert dict(sorted(eval(text).items())) == dict(sorted(expected.items()))


URLS = """
from webzeug import Response, View

class Item(View):
    def GET(self, **args):
        url_for = self.url_for
        return Response("\\n".join((
            url_for("item", id=7),
            url_for("item", {"id": 8}, query={"page": [1, 2]}, anchor="top"),
            url_for("item", id=7, external=True),
            url_for("status"),
        )))
"""


def test_url_for_in_a_view(project: Project) -> None:
    """Relative to the request: its mount point, and its host where the URL is external."""
    project.write("views.py", URLS)
    project.write(
        "routes.toml",
        """
        [routes]
        "/items/<int:id>/" = { view = "views.Item", name = "item" }
        "//status.example.com/now" = { view = "views.Item", name = "status" }
        """,
    )
    client = project.load().test_client()
    response = client.get("/items/1/", base_url="https://shop.example.com:8443/app")
    assert response.text.splitlines() == [
        "/app/items/7/",
        "/app/items/8/?page=1&page=2#top",
        "https://shop.example.com:8443/app/items/7/",
        "https://status.example.com:8443/app/now",
    ]
