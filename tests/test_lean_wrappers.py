"""Request and Response are made late, and nobody can tell: they are held to Werkzeug's own."""

import copy
import io
import pickle
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import create_environ, run_wsgi_app
from werkzeug.wrappers import Request as WerkzeugRequest
from werkzeug.wrappers import Response as WerkzeugResponse

from webzeug import Request, Response, json_response
from webzeug.wrappers import _FROM_ENVIRON

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


def test_what_werkzeugs_constructor_sets() -> None:
    """The attributes that are made late are all that Werkzeug's constructor takes."""
    environ = create_environ("/x?y=z")
    assert vars(WerkzeugRequest(environ)).keys() - {"environ", "shallow"} == _FROM_ENVIRON


@pytest.mark.parametrize("name", sorted(_FROM_ENVIRON))
def test_an_attribute_of_a_request(name: str) -> None:
    """Each attribute that is made late is Werkzeug's, whichever is asked for first."""
    environ = create_environ("/a//b?x=1", "http://h:81/root/", method="post", headers={"X-Y": "z"})
    environ["REMOTE_ADDR"] = "192.0.2.1"
    expected, actual = getattr(WerkzeugRequest(environ), name), getattr(Request(environ), name)
    assert expected == actual if name != "headers" else dict(expected) == dict(actual)
    assert Request(environ).method == "POST"


def test_what_is_set_stays_set() -> None:
    """An attribute that was set is not overwritten when others are made."""
    request = Request(create_environ("/a"))
    request.path = "/b"
    request.remote_addr = "192.0.2.7"
    assert (request.method, request.path, request.remote_addr) == ("GET", "/b", "192.0.2.7")


def test_no_other_attribute() -> None:
    """An attribute that does not exist is missed in the ordinary way."""
    with pytest.raises(AttributeError, match="'Request' object has no attribute 'nothing'"):
        _ = Request(create_environ("/")).nothing


@pytest.mark.parametrize(
    ("kind", "is_json"),
    [
        ("application/json", True),
        ("application/json; charset=utf-8", True),
        ("application/problem+json", True),
        ("text/plain", False),
        ("", False),
    ],
)
def test_is_json(kind: str, is_json: bool) -> None:
    """A Content-Type is JSON's where Werkzeug says so."""
    environ = {**create_environ("/"), "CONTENT_TYPE": kind}
    assert is_json == WerkzeugRequest(environ).is_json == Request(environ).is_json


# Responses

Touch = Callable[[Any], object]


def _sent(response: Any, environ: "WSGIEnvironment") -> tuple[bytes, str, list[tuple[str, str]]]:
    body, status, headers = run_wsgi_app(response, environ)
    return b"".join(body), status, list(headers)


def _set(name: str, value: object) -> Touch:
    return lambda response: setattr(response, name, value)


TOUCHES: dict[str, Touch] = {
    "nothing": lambda response: None,
    "status_code": _set("status_code", 404),
    "status": _set("status", "299 Odd"),
    "data": _set("data", "other"),
    "response": _set("response", [b"a", b"b"]),
    "mimetype": _set("mimetype", "image/png"),
    "content_type": _set("content_type", "a/b"),
    "headers": lambda response: response.headers.update({"X-A": "b"}),
    "header_gone": lambda response: response.headers.remove("Content-Type"),
    "content_length": _set("content_length", 3),
    "location": _set("location", "/else"),
    "set_cookie": lambda response: response.set_cookie("a", "b"),
    "delete_cookie": lambda response: response.delete_cookie("a"),
    "add_etag": lambda response: response.add_etag(),
    "stream": lambda response: response.stream.write(b"more"),
    "get_data": lambda response: response.get_data(),
    "freeze": lambda response: response.freeze(),
    "make_sequence": lambda response: response.make_sequence(),
    "read_status": lambda response: (response.status, response.status_code),
    "cache_control": lambda response: setattr(response.cache_control, "max_age", 5),
    "conditional": lambda response: (
        response.add_etag(),
        response.make_conditional(create_environ("/")),
    ),
    "last_modified": _set("last_modified", 0),
    "vary": lambda response: response.vary.add("Accept"),
    "repr": repr,
    "own_attribute": _set("mine", 1),
    "passthrough": _set("direct_passthrough", True),
}


@given(
    body=st.text() | st.binary() | st.none() | st.lists(st.binary(max_size=3), max_size=2),
    status=st.sampled_from(
        [None, 200, 201, 204, 205, 304, 400, 404, 500, "200 OK", "299 Odd", 299]
    ),
    headers=st.sampled_from([None, {}, {"X-A": "b"}, [("Content-Type", "x/y")]]),
    mimetype=st.sampled_from([None, "text/html", "text/plain", "application/json", "image/png"]),
    content_type=st.sampled_from([None, "text/html", "text/plain; charset=utf-8", "x/y; a=b"]),
    touches=st.lists(st.sampled_from(sorted(TOUCHES)), max_size=3),
    method=st.sampled_from(["GET", "HEAD", "POST"]),
)
@settings(deadline=None, database=None, max_examples=600)
def test_a_response_is_werkzeugs(touches: list[str], method: str, **arguments: Any) -> None:
    """Whatever it is made of and whatever is done to it, it sends what Werkzeug's would.

    But for a 204, whose Content-Type Werkzeug leaves in.
    """
    body = arguments.pop("body")
    ours, theirs = Response(body, **arguments), WerkzeugResponse(body, **arguments)
    for touch in touches:
        failures = []
        for response in (ours, theirs):
            try:
                TOUCHES[touch](response)
            except Exception as error:
                failures.append((type(error), str(error)))
        assert failures[:1] == failures[1:]
    environ = create_environ("/", method=method)
    sent, expected = _sent(ours, environ), _sent(theirs, environ)
    if ours.status_code == 204:
        expected[2][:] = [field for field in expected[2] if field[0] != "Content-Type"]
    assert expected == sent
    assert type(ours) is Response


def test_a_plain_response_is_one_of_its_class() -> None:
    """It is a Response, says so, and can be copied and pickled."""
    response = Response("x")
    assert isinstance(response, Response)
    assert repr(response) == "<Response 1 bytes [200 OK]>"
    for other in (copy.copy(Response("x")), pickle.loads(pickle.dumps(Response("x")))):
        assert (other.status_code, other.get_data()) == (200, b"x")


@pytest.mark.parametrize("content_type", ["text/plain\r\nX: y", "a\nb"])
def test_no_field_is_injected(content_type: str) -> None:
    """A Content-Type with a line end is refused, as by Werkzeug."""
    with pytest.raises(ValueError, match="newline"):
        Response("x", content_type=content_type)


def test_a_subclass_takes_werkzeugs_way() -> None:
    """A subclass whose hooks differ has them called."""

    class Loud(Response):
        default_mimetype = "text/html"

        def get_wsgi_headers(self, environ: "WSGIEnvironment") -> Any:
            headers = super().get_wsgi_headers(environ)
            headers["X-Loud"] = "yes"
            return headers

    _, _, headers = _sent(Loud("x"), create_environ("/"))
    assert ("X-Loud", "yes") in headers
    assert ("Content-Type", "text/html; charset=utf-8") in headers


def test_call_on_close() -> None:
    """What is registered with ``call_on_close`` is called."""
    closed: list[int] = []
    response = Response("x")
    response.call_on_close(lambda: closed.append(1))
    iterable = response(create_environ("/"), lambda *_: lambda _: None)
    assert list(iterable) == [b"x"]
    iterable.close()  # type: ignore[attr-defined]
    assert closed == [1]


def test_json_in_and_out() -> None:
    """JSON goes in and comes out, with its limits."""
    raw = b'{"a": 1}'
    environ = {
        **create_environ("/", method="POST"),
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(raw)),
        "wsgi.input": io.BytesIO(raw),
    }
    body, status, headers = _sent(json_response(Request(environ).get_json()), create_environ("/"))
    assert (raw, "200 OK") == (body, status)
    assert headers == [("Content-Type", "application/json"), ("Content-Length", "8")]


USES: dict[str, Callable[[Any], object]] = {
    "get_json": lambda request: request.get_json(),
    "json": lambda request: request.json,
    "silent": lambda request: request.get_json(silent=True),
    "force": lambda request: request.get_json(force=True),
    "uncached": lambda request: request.get_json(cache=False),
    "get_data": lambda request: request.get_data(),
    "data": lambda request: request.data,
    "stream": lambda request: request.stream.read(),
    "form": lambda request: dict(request.form),
    "limit": lambda request: setattr(request, "max_content_length", 3),
}


@given(
    body=st.sampled_from(
        [b"", b"{}", b'{"a": [1]}', b"nonsense", b"\xff", b"[1]", b"1" * 20, b'["\xc3\xa9"]']
        + ["[1]".encode(name) for name in ("utf-8-sig", "utf-16", "utf-16-be", "utf-32-le")]
        + [b'["\xed\xa0\x80"]']
    ),
    length=st.sampled_from([None, 0, 2, "exact", 30, "x", "1_0", "٣", "9" * 5000]),
    kind=st.sampled_from(["application/json", "application/json; charset=utf-8", "text/plain", ""]),
    uses=st.lists(st.sampled_from(sorted(USES)), min_size=1, max_size=4),
    is_terminated=st.booleans(),
)
@settings(deadline=None, database=None, max_examples=1_500)
def test_json_is_werkzeugs(
    body: bytes, length: object, kind: str, uses: list[str], is_terminated: bool
) -> None:
    """Whatever is asked of a request and in whatever order, the answers are Werkzeug's."""
    told = []
    for request_class in (Request, WerkzeugRequest):
        environ = create_environ("/", method="POST")
        environ |= {"CONTENT_TYPE": kind, "wsgi.input": io.BytesIO(body)}
        environ.pop("CONTENT_LENGTH", None)
        if length is not None:
            environ["CONTENT_LENGTH"] = str(len(body) if length == "exact" else length)
        if is_terminated and length == "exact" and "limit" not in uses:
            # Werkzeug refuses to read on at the end of such a body that is as long as its limit.
            environ["wsgi.input_terminated"] = True
        request = request_class(environ)
        if request_class is WerkzeugRequest:
            request.max_content_length = 16 * 1024 * 1024
        answers = []
        for use in uses:
            try:
                answers.append(repr(USES[use](request)))
            except Exception as error:
                answers.append(f"{type(error).__name__}: {getattr(error, 'code', None)}")
        told.append(answers)
    assert told[0] == told[1]


def test_json_that_comes_in_pieces() -> None:
    """An input that gives less than it is asked for is asked again, as by Werkzeug."""

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(size or 0, 3))

    for fields in ({}, {"HTTP_TRANSFER_ENCODING": "chunked"}):
        told = []
        for request_class in (Request, WerkzeugRequest):
            environ = create_environ("/", method="POST") | {"CONTENT_TYPE": "application/json"}
            environ |= {"CONTENT_LENGTH": "8", "wsgi.input": Slow(b'{"a": 1}'), **fields}
            try:
                told.append(request_class(environ).get_json())
            except Exception as error:
                told.append(type(error))
        assert told[0] == told[1]
