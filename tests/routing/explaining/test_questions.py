"""Questions: what people type, what a server hands on, and what a client asks next."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.tables import handshake, request
from webzeug.routing.explaining import Question, question_of_environ, question_of_url
from webzeug.routing.hosts import request_host
from webzeug.routing.octets import decoded
from webzeug.routing.verbs import request_verb


@pytest.mark.parametrize(
    ("url", "question"),
    [
        ("/", Question("GET", "/")),
        ("/a/b?x=1&y", Question("GET", "/a/b", query="x=1&y")),
        ("/a#b", Question("GET", "/a")),
        ("/caf%C3%A9", Question("GET", "/café")),
        ("/café", Question("GET", "/café")),
        ("/a%2Fb%3F", Question("GET", "/a/b?")),
        ("//api.example.com/a", Question("GET", "/a", "api.example.com")),
        ("//api.example.com", Question("GET", "/", "api.example.com")),
        ("http://a.org:81/x?y", Question("GET", "/x", "a.org:81", "y")),
        ("https://a.org", Question("GET", "/", "a.org", scheme="https")),
        ("http://user:word@a.org/", Question("GET", "/", "a.org")),
        ("http://bücher.example/", Question("GET", "/", "xn--bcher-kva.example")),
        ("http://[::1]:80/", Question("GET", "/", "[::1]:80")),
        ("http://localhost//a", Question("GET", "//a")),
    ],
)
def test_urls(url: str, question: Question) -> None:
    """A path, a host and a path, or a whole URL."""
    assert question == question_of_url("GET", url)


@pytest.mark.parametrize(
    ("verb", "url", "problem"),
    [
        ("GET", "people", "`people` is neither a path (/people/bob) nor a URL (http://host/path)"),
        ("GET", "", "`` is neither a path"),
        ("GET", "http:/a", "`http:/a` is neither a path"),
        ("GET", "ftp://a/b", "`ftp://a/b` is neither a path"),
        ("GET", "http://[::1/", "Invalid IPv6 URL"),
        ("GET", "http://a..b/", "`a..b` in `http://a..b/` cannot be a host"),
        ("G T", "/", "`G T` cannot be a method (RFC 9110 9.1)"),
        ("", "/", "`` cannot be a method"),
    ],
)
def test_what_is_no_question(verb: str, url: str, problem: str) -> None:
    """The message says what is wrong."""
    with pytest.raises(ValueError, match=re.escape(problem)):
        question_of_url(verb, url)


@settings(deadline=None, database=None)
@given(
    st.builds(
        Question,
        verb=st.sampled_from(["GET", "POST", "get", "WEBSOCKET"]),
        path=st.text(st.characters(exclude_categories=["Cs"])).map("/{}".format),
        host=st.sampled_from(["", "localhost", "a.org", "a.org:81", "[::1]"]),
        query=st.text(st.sampled_from("a=&%é ")),
        script_name=st.sampled_from(["", "/shop", "/café"]),
        scheme=st.sampled_from(["http", "https"]),
    )
)
def test_an_environ_says_the_same(question: Question) -> None:
    """What a question becomes for a table is read back from it unchanged."""
    environ = question.environ()
    assert question == question_of_environ(environ)
    assert question.verb == request_verb(environ)
    assert question.host == request_host(environ)
    assert question.path == decoded(environ["PATH_INFO"])


def test_real_requests() -> None:
    """The question of an environ as a server makes it."""
    assert Question("GET", "/café", "test", "x=1") == question_of_environ(request("/caf%C3%A9?x=1"))
    assert question_of_environ(handshake("/live")).verb == "WEBSOCKET"
    assert question_of_environ(request(host=None)).host == "127.0.0.1:8000"


def test_the_target_is_percent_encoded() -> None:
    """As it stands in the request line."""
    assert (
        Question("GET", "/café?", query="x=1", script_name="/shop").target
        == "/shop/caf%C3%A9%3F?x=1"
    )


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("/b?x", Question("GET", "/b", "a.org", "x")),
        ("/caf%C3%A9", Question("GET", "/café", "a.org")),
        ("//other.org/b", Question("GET", "/b", "other.org")),
        ("https://other.org:81/b", Question("GET", "/b", "other.org:81", scheme="https")),
    ],
)
def test_redirects(location: str, expected: Question) -> None:
    """A Location is relative to the request (RFC 9110 10.2.2)."""
    assert expected == Question("GET", "/a", "a.org", "q=1").redirected(location, 308)


@pytest.mark.parametrize(
    ("verb", "status", "expected"),
    [
        ("POST", 301, "GET"),
        ("POST", 302, "GET"),
        ("PUT", 302, "PUT"),
        ("PUT", 303, "GET"),
        ("HEAD", 303, "HEAD"),
        ("POST", 307, "POST"),
        ("POST", 308, "POST"),
    ],
)
def test_the_verb_after_a_redirect(verb: str, status: int, expected: str) -> None:
    """As browsers do it (the Fetch standard, 4.4)."""
    question = Question(verb, "/").redirected("/b", status)
    assert question is not None
    assert expected == question.verb


def test_a_mount_point_is_left_out() -> None:
    """The path counts below it; what is not below it is not ours."""
    question = Question("GET", "/a", script_name="/shop")
    assert Question("GET", "/b", script_name="/shop") == question.redirected("/shop/b", 308)
    assert question.redirected("/b", 308) is None
    assert question.redirected("/shopping/b", 308) is None
