"""Request and Response: what a client sends never fails them, and what they send is in order."""

import io
import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import (
    BadRequest,
    ClientDisconnected,
    HTTPException,
    RequestEntityTooLarge,
)
from werkzeug.test import create_environ, run_wsgi_app
from werkzeug.wrappers import Request as WerkzeugRequest

from webzeug import Request, Response, json_response

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

BEYOND = "Sun, 06 Nov 1994 08:49:37 +9999999999999999999"
"""A date whose time zone fails Werkzeug's parser."""


def environ_of(**changes: Any) -> "WSGIEnvironment":
    return {**create_environ("/x"), **changes}


@pytest.mark.parametrize("body", ["[" * 50_000, '{"a":' * 50_000, "[" * 50_000 + "]" * 50_000])
def test_deeply_nested_json(body: str) -> None:
    """It is the client's fault: 400, or None where the caller asked for silence."""
    raw = body.encode()
    environ = environ_of(CONTENT_LENGTH=str(len(raw)), CONTENT_TYPE="application/json")
    with pytest.raises(BadRequest):
        Request({**environ, "wsgi.input": io.BytesIO(raw)}).get_json()
    with pytest.raises(BadRequest):
        _ = Request({**environ, "wsgi.input": io.BytesIO(raw)}).json
    assert Request({**environ, "wsgi.input": io.BytesIO(raw)}).get_json(silent=True) is None


def test_json_within_reason() -> None:
    """JSON is read as ever."""
    raw = b'{"a": [1, 2.5, null, "\\u00e9"]}'
    environ = environ_of(CONTENT_LENGTH=str(len(raw)), CONTENT_TYPE="application/json")
    request = Request({**environ, "wsgi.input": io.BytesIO(raw)})
    assert request.get_json() == request.json == {"a": [1, 2.5, None, "é"]}


@pytest.mark.parametrize(
    ("query", "kept", "args"),
    [
        ("", "", {}),
        ("a=1&b=%C3%A9", "a=1&b=%C3%A9", {"a": "1", "b": "é"}),
        ("a=\xff", "a=%FF", {"a": "%FF"}),
        ("a=\xc3\xa9", "a=%C3%A9", {"a": "é"}),
        ("a= \x00\x7f", "a=%20%00%7F", {"a": " \x00\x7f"}),
        ("a={}|^`<>\"'\\", "a={}|^`<>\"'\\", {"a": "{}|^`<>\"'\\"}),
        ("a=%FF&%", "a=%FF&%", {"a": "%FF", "%": ""}),
    ],
)
def test_raw_octets_in_the_query(query: str, kept: str, args: dict[str, str]) -> None:
    """They are percent-encoded, and whatever they are, the request can be read."""
    request = Request(environ_of(QUERY_STRING=query))
    assert request.query_string == kept.encode()
    assert request.args.to_dict() == args
    assert request.full_path == f"/x?{kept}"
    assert request.url.startswith("http://localhost/x")


@pytest.mark.parametrize("name", ["Date", "If-Modified-Since", "If-Unmodified-Since"])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sun, 06 Nov 1994 08:49:37 GMT", datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)),
        ("yesterday", None),
        (BEYOND, None),
        (None, None),
    ],
)
def test_dates(name: str, text: str | None, expected: datetime | None) -> None:
    """A date that cannot be read is ignored (RFC 9110 13.1.3)."""
    key = f"HTTP_{name.upper().replace('-', '_')}"
    request = Request(environ_of(**({} if text is None else {key: text})))
    assert getattr(request, name.lower().replace("-", "_")) == expected


def test_if_range() -> None:
    """An If-Range is a tag or a date, or nothing where it cannot be read."""
    assert Request(environ_of(HTTP_IF_RANGE='"tag"')).if_range.etag == "tag"
    unreadable = Request(environ_of(HTTP_IF_RANGE=BEYOND)).if_range
    assert (unreadable.etag, unreadable.date) == (None, None)


@pytest.mark.parametrize(("text", "username"), [("Basic YTpi", "a"), ("Basic \xe9\xe9", None)])
def test_authorization(text: str, username: str | None) -> None:
    """Credentials that cannot be read are none."""
    authorization = Request(environ_of(HTTP_AUTHORIZATION=text)).authorization
    assert (authorization and authorization.username) == username


FIELDS = {
    "CONTENT_LENGTH": ["3", "-1", "9" * 50, "+1", "x"],
    "CONTENT_TYPE": [
        "application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "text/plain; charset=utf-99",
    ],
    "HTTP_AUTHORIZATION": ["Basic YTpi", "Basic \xff", 'Digest a="b', "Bearer x", "Basic"],
    "HTTP_COOKIE": ["a=b", 'a="\\777"', "a=\xff;;=", "="],
    "HTTP_HOST": ["shop", "a:b:c", "[::1", "\xff", "a b", ""],
    "HTTP_RANGE": ["bytes=0-", "bytes=-" + "9" * 40, "bytes=1-0,,", "=", "bytes=\xff"],
    "HTTP_IF_RANGE": ['"a"', BEYOND, "W/"],
    "HTTP_IF_MODIFIED_SINCE": [BEYOND, "Mon, 01 Jan 99999 99:99:99 GMT"],
    "HTTP_DATE": [BEYOND, "x"],
    "HTTP_ACCEPT": ["*/*;q=" + "9" * 400, ";;,q", "\xff", 'a;b="'],
    "HTTP_ACCEPT_LANGUAGE": ["de;q=nan", "\x80-*"],
    "HTTP_CACHE_CONTROL": ["max-age=" + "9" * 5000, '=,"'],
    "HTTP_MAX_FORWARDS": ["9" * 5000, "\xb2"],
    "HTTP_IF_NONE_MATCH": ['W/"a', "*", '"'],
    "HTTP_X_FORWARDED_FOR": ["\xff, ,", "::1"],
    "QUERY_STRING": ["a=\xff", "%", "&&==", "a=" + "%ff" * 9],
    "PATH_INFO": ["/\xff", "", "//", "/%"],
}


def named(value: str) -> st.SearchStrategy[str]:
    return st.sampled_from(FIELDS[value]) | st.text(st.characters(max_codepoint=255))


@settings(deadline=None, database=None, max_examples=300)
@given(st.fixed_dictionaries({}, optional={name: named(name) for name in FIELDS}), st.binary())
def test_nothing_that_a_client_sends_fails_the_request(fields: dict[str, str], body: bytes) -> None:
    """Every public attribute can be read, or raises an HTTPException, whatever the octets."""
    environ = environ_of(REQUEST_METHOD="POST", **fields)
    request = Request({**environ, "wsgi.input": io.BytesIO(body)})
    for name in dir(WerkzeugRequest):
        if not name.startswith("_"):
            with suppress(HTTPException):
                getattr(request, name)
    with suppress(HTTPException):
        request.get_json(force=True)


def sent(response: Response, **changes: Any) -> tuple[str, dict[str, str], bytes]:
    """Status, header fields and body of a response to some request."""
    body, status, headers = run_wsgi_app(response, environ_of(**changes), buffered=True)
    return status, dict(headers), b"".join(body)


def test_no_content_has_no_type() -> None:
    """204 has neither Content-Type nor Content-Length (RFC 9110 15.3.5)."""
    assert sent(Response(status=204)) == ("204 NO CONTENT", {}, b"")
    assert sent(Response("x", status=304))[1:] == ({}, b"")
    assert sent(Response())[1]["Content-Type"] == "text/plain; charset=utf-8"


def test_strings_and_streams() -> None:
    """A string is sent at once, with its length; an iterable of strings as it comes."""
    assert sent(Response("é"))[1]["Content-Length"] == "2"
    status, fields, body = sent(Response(iter(["é", "b"])))
    assert (status, body, "Content-Length" in fields) == ("200 OK", "éb".encode(), False)


def conditional(**changes: Any) -> tuple[int, bytes]:
    """Status and body of a conditional response of ten octets."""
    response = Response(b"0123456789")
    response.last_modified = datetime(2026, 1, 2, tzinfo=UTC)
    response.set_etag("tag")
    environ = environ_of(**changes)
    assert response.make_conditional(environ, accept_ranges=True, complete_length=10) is response
    return response.status_code, b"".join(run_wsgi_app(response, environ)[0])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, (200, b"0123456789")),
        ({"HTTP_IF_NONE_MATCH": '"tag"'}, (304, b"")),
        ({"HTTP_IF_MODIFIED_SINCE": "Sat, 03 Jan 2026 00:00:00 GMT"}, (304, b"")),
        ({"HTTP_IF_MODIFIED_SINCE": "Thu, 01 Jan 2026 00:00:00 GMT"}, (200, b"0123456789")),
        ({"HTTP_IF_MODIFIED_SINCE": BEYOND}, (200, b"0123456789")),
        ({"HTTP_IF_MODIFIED_SINCE": BEYOND, "HTTP_IF_NONE_MATCH": '"tag"'}, (304, b"")),
        ({"HTTP_RANGE": "bytes=2-4"}, (206, b"234")),
        ({"HTTP_RANGE": "bytes=2-4", "HTTP_IF_RANGE": '"tag"'}, (206, b"234")),
        ({"HTTP_RANGE": "bytes=2-4", "HTTP_IF_RANGE": '"old"'}, (200, b"0123456789")),
    ],
)
def test_conditions(changes: dict[str, str], expected: tuple[int, bytes]) -> None:
    """Conditions and ranges are Werkzeug's; a date that cannot be read is no condition."""
    assert conditional(**changes) == expected


def test_conditions_of_a_request() -> None:
    """``make_conditional`` takes a Request as well."""
    response = Response("x")
    response.set_etag("tag")
    request = Request(environ_of(HTTP_IF_MODIFIED_SINCE=BEYOND, HTTP_IF_NONE_MATCH='"tag"'))
    response.last_modified = datetime(2026, 1, 2, tzinfo=UTC)
    assert response.make_conditional(request).status_code == 304


def test_json_response() -> None:
    """The body is JSON; status, fields and json's own options are passed on."""
    value = {"b": [1, None], "a": "é"}
    status, fields, body = sent(
        json_response(value, 201, {"X-Own": "1"}, sort_keys=True, ensure_ascii=False)
    )
    assert (status, body) == ("201 CREATED", '{"a": "é", "b": [1, null]}'.encode())
    assert (fields["Content-Type"], fields["X-Own"]) == ("application/json", "1")
    assert json.loads(sent(json_response(value, headers=[("A", "1"), ("A", "2")]))[2]) == value


def test_what_json_cannot_say() -> None:
    """It is a TypeError where the response is made."""
    with pytest.raises(TypeError, match="not JSON serializable"):
        json_response(object())


def test_werkzeugs_idioms_stay() -> None:
    """They are Werkzeug's classes, subclassed: what its manual says works."""
    response = Response("x", headers={"X-A": "1"}, mimetype="text/html")
    response.set_cookie("a", "b", httponly=True)
    response.www_authenticate = WWWAuthenticate("basic", {"realm": "x"})
    _, fields, _ = sent(response)
    assert fields["Set-Cookie"] == "a=b; HttpOnly; Path=/"
    assert fields["WWW-Authenticate"] == "Basic realm=x"
    assert isinstance(Request(environ_of()), WerkzeugRequest)


def body_request(sent: bytes, **environ: Any) -> Request:
    """A POST under a WSGI server that ends its input, and that looks no further."""
    base = {"REQUEST_METHOD": "POST", "wsgi.input": io.BytesIO(sent), "wsgi.input_terminated": True}
    return Request({**base, **environ})


def test_a_body_that_ends_early() -> None:
    """Less than its Content-Length is a 400 under any server, not a part taken for the whole."""
    assert body_request(b"hello", CONTENT_LENGTH="5").get_data() == b"hello"
    with pytest.raises(ClientDisconnected):
        body_request(b"hello", CONTENT_LENGTH="6").get_data()
    form = "application/x-www-form-urlencoded"
    with pytest.raises(ClientDisconnected):
        _ = body_request(b"a=b", CONTENT_LENGTH="6", CONTENT_TYPE=form).form


def test_a_body_without_a_length() -> None:
    """In chunks, all that the server gives is the body, up to the limit."""
    assert body_request(b"hello").get_data() == b"hello"
    request = body_request(b"hello")
    request.max_content_length = 3
    with pytest.raises(RequestEntityTooLarge):
        request.get_data()


def test_a_body_that_is_too_large() -> None:
    """More than 16 MiB is a 413 before it is read; a server may say something else."""
    limit = 16 * 1024 * 1024
    request = body_request(b"", CONTENT_LENGTH=str(limit + 1))
    assert request.max_content_length == limit
    with pytest.raises(RequestEntityTooLarge):
        request.get_data()
    assert body_request(b"", **{"webzeug.max_body": 10}).max_content_length == 10


def test_a_view_may_set_the_limit() -> None:
    """`max_content_length` is a request's own to set, or None for no limit."""
    request = body_request(b"hello", CONTENT_LENGTH="5")
    request.max_content_length = 4
    with pytest.raises(RequestEntityTooLarge):
        request.get_data()
    request = body_request(b"hello", CONTENT_LENGTH="5")
    request.max_content_length = None
    assert (request.max_content_length, request.get_data()) == (None, b"hello")


def test_a_server_that_counts_is_trusted() -> None:
    """Where the server ends and bounds the body itself, its input is read as it is."""
    request = body_request(b"hello", CONTENT_LENGTH="5", **{"webzeug.max_body": 5})
    assert request.stream is request.environ["wsgi.input"]
