"""What HTTP/1.1 asks of a server, as octets and answers: a table, one case a line.

Each names its section: ``9110`` and ``9112`` are the RFCs, and ``limit`` is one of ``[server]``.
"""

from dataclasses import dataclass

APP = """
from webzeug import Response, View


class Echo(View):
    def any(self, **_):
        body = self.request.get_data().decode("latin-1")
        target = self.request.environ["PATH_INFO"] + "?" + self.request.environ["QUERY_STRING"]
        host = self.request.environ.get("HTTP_HOST", "-")
        return Response(f"{self.request.method} {target} {host} {body}".rstrip())

    GET = POST = PUT = DELETE = PATCH = any


class Fields(View):
    def GET(self):
        own = (key for key in self.request.environ if key.startswith(("HTTP_X", "HTTP_COOKIE")))
        return Response(" ".join(f"{key}={self.request.environ[key]}" for key in sorted(own)))


class Unread(View):
    def POST(self):
        return Response("unread")


class NoContent(View):
    def GET(self):
        return Response("never", status=204)


class NotModified(View):
    def GET(self):
        return Response("never", status=304)


class Stream(View):
    def GET(self):
        return Response(iter(["one", "", "two"]))


def short(environ, start_response):
    start_response("200 OK", [("Content-Length", "9"), ("Content-Type", "text/plain")])
    return [b"short"]


def long(environ, start_response):
    start_response("200 OK", [("Content-Length", "4"), ("Content-Type", "text/plain")])
    return [b"long", b"er than it says"]


def closes(environ, start_response):
    start_response("200 OK", [("Connection", "close"), ("Content-Type", "text/plain")])
    return [b"bye"]


def catches(environ, start_response):
    try:
        body = environ["wsgi.input"].read()
    except OSError:
        body = b"caught"
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [body]


def upgrades(environ, start_response):
    start_response("101 Switching Protocols", [("Connection", "Upgrade"), ("Upgrade", "x")])(b"")
    return [environ["wsgi.input"].readline()]


class Short(View):
    def GET(self):
        return short


class Long(View):
    def GET(self):
        return long


class Closes(View):
    def GET(self):
        return closes


class Catches(View):
    def POST(self):
        return catches


class Upgrades(View):
    def GET(self):
        return upgrades
"""

MANIFEST = """
[server]
max_body = 100_000

[routes]
"/" = "app.Echo"
"/<path:rest>" = { view = "app.Echo", name = "rest" }
"/fields" = "app.Fields"
"/unread" = "app.Unread"
"/204" = "app.NoContent"
"/304" = "app.NotModified"
"/stream" = "app.Stream"
"/short" = "app.Short"
"/long" = "app.Long"
"/closes" = "app.Closes"
"/catches" = "app.Catches"
"/upgrades" = "app.Upgrades"
"""


@dataclass(frozen=True, slots=True)
class Case:
    """What is sent, and the answers that come: a status, or a status and a body.

    After ``closed``, the server says nothing more. Without it, the next request is answered.
    ``method`` is the first request's, for HEAD is answered without a body.
    """

    section: str
    sent: str
    answers: tuple[str, ...]
    method: str = "GET"

    def __str__(self) -> str:
        sent = self.sent.replace("Host: test\r\n", "").replace(" HTTP/1.1\r\n", " ")
        return ascii(f"{self.section}: {sent[:60]}")


def _case(section: str, sent: str, *answers: str) -> Case:
    return Case(section, sent, answers, sent.partition(" ")[0])


def _get(section: str, fields: str, *answers: str) -> Case:
    """A GET with more header fields than Host."""
    return _case(section, f"GET / HTTP/1.1\r\nHost: test\r\n{fields}\r\n", *answers)


def _line(section: str, line: str, *answers: str) -> Case:
    """A request line, with a Host field below."""
    return _case(section, f"{line}\r\nHost: test\r\n\r\n", *answers)


def _post(section: str, fields: str, body: str, *answers: str) -> Case:
    return _case(section, f"POST / HTTP/1.1\r\nHost: test\r\n{fields}\r\n{body}", *answers)


def _chunks(section: str, body: str, *answers: str) -> Case:
    return _post(section, "Transfer-Encoding: chunked\r\n", body, *answers)


def _host(section: str, host: str, *answers: str) -> Case:
    return _case(section, f"GET / HTTP/1.1\r\nHost:{host}\r\n\r\n", *answers)


_BAD = ("400", "closed")
_OK = "200 GET /? test"
_GET = "GET /smuggled HTTP/1.1\r\nHost: test\r\n\r\n"
_ONE = "200 POST /? test hello"
_UPGRADE = "Connection: Upgrade\r\nUpgrade: x\r\n"

REQUEST_LINES = (
    _line("9112 3", "GET / HTTP/1.1", _OK),
    _line("9112 3", "GET /a/b?c=d&e HTTP/1.1", "200 GET /a/b?c=d&e test"),
    _line("9110 9.1", "get / HTTP/1.1", "405"),
    _line("9110 9.1", "BREW / HTTP/1.1", "405"),
    _line("9110 9.1", "M-SEARCH / HTTP/1.1", "405"),
    _line("9110 9.1", "__init__ / HTTP/1.1", "405"),
    _line("9110 9.1", "any / HTTP/1.1", "405"),
    _line("9110 9.1", "WEBSOCKET / HTTP/1.1", "405"),
    _line("9110 5.6.2", "G(ET / HTTP/1.1", *_BAD),
    _line("9110 5.6.2", "G\x00T / HTTP/1.1", *_BAD),
    _line("9110 5.6.2", "G\xcbT / HTTP/1.1", *_BAD),
    _line("9112 3", "GET  / HTTP/1.1", *_BAD),
    _line("9112 3", "GET /  HTTP/1.1", *_BAD),
    _line("9112 3", " GET / HTTP/1.1", *_BAD),
    _line("9112 3", "GET / HTTP/1.1 ", *_BAD),
    _line("9112 3", "GET\t/ HTTP/1.1", *_BAD),
    _line("9112 3", "GET\x0b/ HTTP/1.1", *_BAD),
    _line("9112 3", "GET\x0c/ HTTP/1.1", *_BAD),
    _line("9112 3", "GET\x1c/ HTTP/1.1", *_BAD),
    _line("9112 3", "GET\x85/ HTTP/1.1", *_BAD),
    _line("9112 3", "GET\xa0/ HTTP/1.1", *_BAD),
    _line("9112 3", "GET /\rHTTP/1.1", *_BAD),
    _line("9112 3", "GET / HTTP/1.1\r", *_BAD),
    _line("9112 3", "GET", *_BAD),
    _line("9112 3", "GET /", *_BAD),
    _line("9112 3", "GET / HTTP/1.1 more", *_BAD),
    _line("9112 3.2", "GET /a b HTTP/1.1", *_BAD),
    _line("9112 3.2", "GET /a\x00b HTTP/1.1", *_BAD),
    _line("9112 3.2", "GET /a\x7fb HTTP/1.1", *_BAD),
    _line("9112 3.2", "GET /caf\xe9 HTTP/1.1", *_BAD),
    _line("9112 3.2", "GET /?q=\xff HTTP/1.1", *_BAD),
    _line("9112 3.2", "GET /#fragment HTTP/1.1", *_BAD),
    _line("9112 3.2", "GET path HTTP/1.1", *_BAD),
    _line("9112 3.2", "GET ?query HTTP/1.1", *_BAD),
    _line("9112 3.2", "GET \\path HTTP/1.1", *_BAD),
    _line("9112 2.3", "GET / HTTP/1.0", "200 GET /? test", "closed"),
    _line("9112 2.3", "GET / HTTP/1.2", _OK),
    _line("9112 2.3", "GET / HTTP/1.9", _OK),
    _line("9110 15.6.6", "GET / HTTP/2.0", "505", "closed"),
    _line("9110 15.6.6", "GET / HTTP/0.9", "505", "closed"),
    _line("9110 15.6.6", "GET / HTTP/9.9", "505", "closed"),
    _line("9112 2.3", "GET / HTTP/1", *_BAD),
    _line("9112 2.3", "GET / HTTP/1.", *_BAD),
    _line("9112 2.3", "GET / HTTP/.1", *_BAD),
    _line("9112 2.3", "GET / HTTP/1.10", *_BAD),
    _line("9112 2.3", "GET / HTTP/01.1", *_BAD),
    _line("9112 2.3", "GET / HTTP/1.1.1", *_BAD),
    _line("9112 2.3", "GET / HTTP/+1.1", *_BAD),
    _line("9112 2.3", "GET / HTTP/1,1", *_BAD),
    _line("9112 2.3", "GET / http/1.1", *_BAD),
    _line("9112 2.3", "GET / HTTPS/1.1", *_BAD),
    _line("9112 2.3", "GET / HTTP 1.1", *_BAD),
    _line("9112 2.3", "PRI * HTTP/2.0", "505", "closed"),
    _case("9112 2.2", "\r\nGET / HTTP/1.1\r\nHost: test\r\n\r\n", _OK),
    _case("9112 2.2", "\r\n\r\nGET / HTTP/1.1\r\nHost: test\r\n\r\n", *_BAD),
    _case("9112 2.2", "\nGET / HTTP/1.1\r\nHost: test\r\n\r\n", *_BAD),
    _case("9112 2.2", "GET / HTTP/1.1\nHost: test\r\n\r\n", *_BAD),
    _case("9112 2.2", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n", *_BAD),
    _line("limit", f"GET /{'a' * 8175} HTTP/1.1", "200"),
    _line("limit", f"GET /{'a' * 8177} HTTP/1.1", "414", "closed"),
    _line("limit", f"{'A' * 9000} / HTTP/1.1", "414", "closed"),
    _case("limit", "A" * 20_000, "414", "closed"),
)

TARGETS = (
    _line("9112 3.2.1", "GET //a//b HTTP/1.1", "200 GET //a//b? test"),
    _line("9112 3.2.1", "GET /%61%2f HTTP/1.1", "200 GET /a/? test"),
    _line("9112 3.2.1", "GET /? HTTP/1.1", _OK),
    _line("9112 3.2.1", "GET /a?b?c HTTP/1.1", "200 GET /a?b?c test"),
    _line("9112 3.2.2", "GET http://other/a?b HTTP/1.1", "200 GET /a?b other"),
    _line("9112 3.2.2", "GET HTTP://other:80/a HTTP/1.1", "200 GET /a? other:80"),
    _line("9112 3.2.2", "GET https://other/ HTTP/1.1", "200 GET /? other"),
    _line("9112 3.2.2", "GET http://other HTTP/1.1", "200 GET /? other"),
    _line("9112 3.2.2", "GET http://other?q HTTP/1.1", "200 GET /?q other"),
    _line("9112 3.2.2", "GET http://[::1]:80/ HTTP/1.1", "200 GET /? [::1]:80"),
    _line("9110 4.2.4", "GET http://user:pass@other/ HTTP/1.1", *_BAD),
    _line("9110 4.2.1", "GET http:///a HTTP/1.1", *_BAD),
    _line("9112 3.2.2", "GET http:/a HTTP/1.1", *_BAD),
    _line("9112 3.2.2", "GET ftp://other/a HTTP/1.1", *_BAD),
    _line("9112 3.2.2", "GET file:///etc/passwd HTTP/1.1", *_BAD),
    _line("9112 3.2.2", "GET http://other\\@evil/ HTTP/1.1", *_BAD),
    _case("9112 3.2.2", "GET http://other/ HTTP/1.1\r\n\r\n", *_BAD),
    _case("9112 3.2.2", "GET http://other/ HTTP/1.1\r\nHost: a b\r\n\r\n", *_BAD),
    _line("9112 3.2.3", "GET test:80 HTTP/1.1", *_BAD),
    _line("9112 3.2.3", "GET test HTTP/1.1", *_BAD),
    _line("9110 9.3.6", "CONNECT test:80 HTTP/1.1", "501", "closed"),
    _line("9110 9.3.6", "CONNECT / HTTP/1.1", "501", "closed"),
    _line("9112 3.2.4", "GET * HTTP/1.1", *_BAD),
    _line("9112 3.2.4", "OPTIONS *x HTTP/1.1", *_BAD),
    _line("9110 9.3.7", "OPTIONS / HTTP/1.1", "204"),
    _line("9110 9.3.8", "TRACE / HTTP/1.1", "405"),
)

HOSTS = (
    _case("9112 3.2", "GET / HTTP/1.1\r\n\r\n", *_BAD),
    _case("9112 3.2", "GET / HTTP/1.0\r\n\r\n", "200 GET /? -", "closed"),
    _case("9112 3.2", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", *_BAD),
    _case("9112 3.2", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", *_BAD),
    _case("9112 3.2", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", *_BAD),
    _case("9112 3.2", "GET / HTTP/1.1\r\nhOsT: test\r\n\r\n", _OK),
    _host("9110 7.2", "test", _OK),
    _host("9110 7.2", " \t test \t ", _OK),
    _host("9110 7.2", " test:8000", "200 GET /? test:8000"),
    _host("9110 7.2", " 127.0.0.1:80", "200 GET /? 127.0.0.1:80"),
    _host("9110 7.2", " [::1]:80", "200 GET /? [::1]:80"),
    _host("9110 7.2", " xn--bcher-kva.example", "200 GET /? xn--bcher-kva.example"),
    _host("9110 4.2.1", "", *_BAD),
    _host("9110 4.2.1", " :80", *_BAD),
    _host("9112 3.2", " a,b", *_BAD),
    _host("9112 3.2", " a b", *_BAD),
    _host("9112 3.2", " a/b", *_BAD),
    _host("9112 3.2", " a\\b", *_BAD),
    _host("9112 3.2", " a?b", *_BAD),
    _host("9112 3.2", " a#b", *_BAD),
    _host("9112 3.2", " user@a", *_BAD),
    _host("9112 3.2", " http://a", *_BAD),
    _host("9112 3.2", " a:80:80", *_BAD),
    _host("9112 3.2", " a:http", *_BAD),
    _host("9112 3.2", " a:123456", *_BAD),
    _host("9112 3.2", " ::1", *_BAD),
    _host("9112 3.2", " [::1", *_BAD),
    _host("9112 3.2", " [::1]x", *_BAD),
    _host("9112 3.2", " a<b>", *_BAD),
    _host("9112 3.2", ' a"b', *_BAD),
    _host("9112 3.2", " caf\xe9", *_BAD),
    _host("9112 3.2", " a%zz", *_BAD),
)

FIELDS = (
    _get("9112 5", "X: \r\n", _OK),
    _get("9112 5", "X:y\r\n", _OK),
    _get("9112 5.1", "X : y\r\n", *_BAD),
    _get("9112 5.1", "X\t: y\r\n", *_BAD),
    _get("9112 5.1", "Content-Length : 5\r\n", *_BAD),
    _get("9112 5.1", "Transfer-Encoding : chunked\r\n", *_BAD),
    _get("9112 5.1", " X: y\r\n", *_BAD),
    _get("9112 5.2", "X: y\r\n z\r\n", *_BAD),
    _get("9112 5.2", "X: y\r\n\tz\r\n", *_BAD),
    _get("9112 5.2", "X: y\r\n \r\n", *_BAD),
    _get("9110 5.1", ": y\r\n", *_BAD),
    _get("9110 5.1", "X y\r\n", *_BAD),
    _get("9110 5.1", "X Y: z\r\n", *_BAD),
    _get("9110 5.1", "X(Y): z\r\n", *_BAD),
    _get("9110 5.1", "X\x00Y: z\r\n", *_BAD),
    _get("9110 5.1", "X\xe9: z\r\n", *_BAD),
    _get("9110 5.1", '"X": z\r\n', *_BAD),
    _get("9110 5.5", "X: a\x00b\r\n", *_BAD),
    _get("9110 5.5", "X: a\rb\r\n", *_BAD),
    _get("9110 5.5", "X: a\r\r\n", *_BAD),
    _get("9110 5.5", "X: a\x01b\r\n", *_BAD),
    _get("9110 5.5", "X: a\x7fb\r\n", *_BAD),
    _get("9110 5.5", "X: a\x0bb\r\n", *_BAD),
    _get("9110 5.5", "X: a\tb\r\n", _OK),
    _get("9110 5.5", "X: caf\xe9\r\n", _OK),
    _get("9112 2.2", "X: a\n", *_BAD),
    _get("9112 2.2", "X: a\nContent-Length: 5\r\n", *_BAD),
    _case("9112 2.2", "GET / HTTP/1.1\r\nHost: test\r\n\n", *_BAD),
    _case("9112 2.2", "GET / HTTP/1.1\r\nHost: test\r\n\r\r\n", *_BAD),
    _case(
        "9110 5.3",
        "GET /fields HTTP/1.1\r\nHost: test\r\nX-A: 1\r\nx-a: 2\r\nX_A: 3\r\n\r\n",
        "200 HTTP_X_A=1,2",
    ),
    _case(
        "6265 5.4",
        "GET /fields HTTP/1.1\r\nHost: test\r\nCookie: a=1\r\nCookie: b=2\r\n\r\n",
        "200 HTTP_COOKIE=a=1; b=2",
    ),
    _get("9110 5.3", "Content-Type: a/b\r\nContent-Type: c/d\r\n", *_BAD),
    _get("9110 5.1", "Content_Length: 5\r\n", _OK),
    _get("9110 5.1", "Transfer_Encoding: chunked\r\n", _OK),
    _get("limit", f"X: {'y' * 8187}\r\n", _OK),
    _get("limit", f"X: {'y' * 8188}\r\n", "431", "closed"),
    _get("limit", "X: y\r\n" * 99, _OK),
    _get("limit", "X: y\r\n" * 100, "431", "closed"),
    _get("limit", f"X: {'y' * 8000}\r\n" * 8, _OK),
    _get("limit", f"X: {'y' * 8000}\r\n" * 9, "431", "closed"),
)

LENGTHS = (
    _post("9112 6.2", "Content-Length: 5\r\n", "hello", _ONE),
    _post("9112 6.2", "content-length:5\r\n", "hello", _ONE),
    _post("9112 6.2", "Content-Length: 0\r\n", "", "200 POST /? test"),
    _post("9112 6.2", "Content-Length: 00005\r\n", "hello", _ONE),
    _post("9112 6.3", "", "", "200 POST /? test"),
    _post("9112 6.3", "Content-Length: 5\r\nContent-Length: 5\r\n", "hello", *_BAD),
    _post("9112 6.3", "Content-Length: 5\r\nContent-Length: 6\r\n", "hello", *_BAD),
    _post("9112 6.3", "Content-Length: 0\r\nContent-Length: 38\r\n", _GET, *_BAD),
    _post("9112 6.3", "Content-Length: 5, 5\r\n", "hello", *_BAD),
    _post("9112 6.3", "Content-Length: 5,6\r\n", "hello", *_BAD),
    _post("9110 8.6", "Content-Length: +5\r\n", "hello", *_BAD),
    _post("9110 8.6", "Content-Length: -5\r\n", "hello", *_BAD),
    _post("9110 8.6", "Content-Length: -0\r\n", "", *_BAD),
    _post("9110 8.6", "Content-Length: 5_0\r\n", "hello", *_BAD),
    _post("9110 8.6", "Content-Length: 0x5\r\n", "hello", *_BAD),
    _post("9110 8.6", "Content-Length: 5.0\r\n", "hello", *_BAD),
    _post("9110 8.6", "Content-Length: 5e0\r\n", "hello", *_BAD),
    _post("9110 8.6", "Content-Length: 5 5\r\n", "hello", *_BAD),
    _post("9110 8.6", "Content-Length: five\r\n", "hello", *_BAD),
    _post("9110 8.6", "Content-Length: \r\n", "", *_BAD),
    _post("9110 8.6", 'Content-Length: "5"\r\n', "hello", *_BAD),
    _post("9110 8.6", "Content-Length: \xb25\r\n", "hello", *_BAD),
    _post("9110 8.6", "Content-Length: 5\x0b\r\n", "hello", *_BAD),
    _post("9110 8.6", f"Content-Length: {'9' * 30}\r\n", "hello", *_BAD),
    _post("9110 8.6", f"Content-Length: {'0' * 30}5\r\n", "hello", *_BAD),
    _post("9110 15.5.14", "Content-Length: 100001\r\n", "", "413", "closed"),
    _post("9110 15.5.14", f"Content-Length: {'9' * 18}\r\n", "", "413", "closed"),
    _post("9110 15.5.14", "Content-Length: 100000\r\n", "x" * 100_000, "200"),
    _case(
        "9110 9.3.1",
        "GET / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhello",
        "200 GET /? test hello",
    ),
    _case(
        "9110 9.3.2",
        "HEAD / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhello",
        "200",
    ),
    _case(
        "9112 9.3",
        "POST /unread HTTP/1.1\r\nHost: test\r\nContent-Length: 38\r\n\r\n" + _GET,
        "200 unread",
    ),
    _case(
        "9112 9.3",
        "POST /unread HTTP/1.1\r\nHost: test\r\nContent-Length: 90000\r\n\r\n",
        "200 unread",
        "closed",
    ),
)

CODINGS = (
    _chunks("9112 7.1", "5\r\nhello\r\n0\r\n\r\n", _ONE),
    _post("9112 7", "Transfer-Encoding: CHUNKED\r\n", "5\r\nhello\r\n0\r\n\r\n", _ONE),
    _post("9112 6.1", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n", *_BAD),
    _post("9112 6.1", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n", *_BAD),
    _post("9112 6.1", "Content-Length: 0\r\nTransfer-Encoding: gzip\r\n", "", *_BAD),
    _case(
        "9112 6.1",
        "POST / HTTP/1.0\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        *_BAD,
    ),
    _post("9112 6.1", "Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n", "501", "closed"),
    _post("9112 6.1", "Transfer-Encoding: x, chunked\r\n", "0\r\n\r\n", "501", "closed"),
    _post(
        "9112 6.1",
        "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n",
        "0\r\n\r\n",
        "501",
        "closed",
    ),
    _post("9112 6.1", "Transfer-Encoding: identity, chunked\r\n", "0\r\n\r\n", "501", "closed"),
    _post("9112 6.3", "Transfer-Encoding: identity\r\n", _GET, *_BAD),
    _post("9112 6.3", "Transfer-Encoding: gzip\r\n", _GET, *_BAD),
    _post("9112 6.3", "Transfer-Encoding: chunked, gzip\r\n", _GET, *_BAD),
    _post("9112 6.3", "Transfer-Encoding: chunked, identity\r\n", _GET, *_BAD),
    _post("9112 6.3", "Transfer-Encoding: \r\n", _GET, *_BAD),
    _post("9112 6.3", "Transfer-Encoding: xchunked\r\n", _GET, *_BAD),
    _post("9112 6.3", "Transfer-Encoding: chunkedx\r\n", _GET, *_BAD),
    _post("9112 6.3", "Transfer-Encoding: 'chunked'\r\n", _GET, *_BAD),
    _post("9112 6.3", 'Transfer-Encoding: "chunked"\r\n', _GET, *_BAD),
    _post("9112 6.3", "Transfer-Encoding: chunked;q=1\r\n", _GET, *_BAD),
    _post("9112 6.3", "Transfer-Encoding: chunked x\r\n", _GET, *_BAD),
    _post("9112 6.3", "Transfer-Encoding: chun\xe9ked\r\n", _GET, *_BAD),
    _post("9112 6.3", "Transfer-Encoding: \xa0chunked\r\n", _GET, *_BAD),
    _post("9112 6.3", "Transfer-Encoding:\x0bchunked\r\n", _GET, *_BAD),
    _post("9112 7.1", "Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n", *_BAD),
    _post("9112 7.1", "Transfer-Encoding: chunked\r\n" * 2, "0\r\n\r\n", *_BAD),
)

CHUNKS = (
    _chunks("9112 7.1", "0\r\n\r\n", "200 POST /? test"),
    _chunks("9112 7.1", "1\r\nh\r\n4\r\nello\r\n0\r\n\r\n", _ONE),
    _chunks("9112 7.1", "00000005\r\nhello\r\n000\r\n\r\n", _ONE),
    _chunks("9112 7.1", "a\r\n0123456789\r\n0\r\n\r\n", "200 POST /? test 0123456789"),
    _chunks("9112 7.1", "A\r\n0123456789\r\n0\r\n\r\n", "200 POST /? test 0123456789"),
    _chunks("9112 7.1.1", "5;a\r\nhello\r\n0;b=c\r\n\r\n", _ONE),
    _chunks("9112 7.1.1", '5;a="b\t;"\r\nhello\r\n0\r\n\r\n', _ONE),
    _chunks("9112 7.1.1", "5 ; a\r\nhello\r\n0\r\n\r\n", _ONE),
    _chunks("9112 7.1.2", "5\r\nhello\r\n0\r\nX-Trailer: y\r\n\r\n", _ONE),
    _chunks("9112 7.1", "5\nhello\r\n0\r\n\r\n", *_BAD),
    _chunks("9112 7.1", "5\rhello\r\n0\r\n\r\n", *_BAD),
    _chunks("9112 7.1", "5\r\nhello\n0\r\n\r\n", *_BAD),
    _chunks("9112 7.1", "5\r\nhello0\r\n\r\n", *_BAD),
    _chunks("9112 7.1", "5\r\nhello!\r\n0\r\n\r\n", *_BAD),
    _chunks("9112 7.1", "4\r\nhello\r\n0\r\n\r\n", *_BAD),
    _chunks("9112 7.1", "\r\nhello\r\n0\r\n\r\n", *_BAD),
    _chunks("9112 7.1", " 5\r\nhello\r\n0\r\n\r\n", *_BAD),
    _chunks("9112 7.1", "+5\r\nhello\r\n0\r\n\r\n", *_BAD),
    _chunks("9112 7.1", "-5\r\nhello\r\n0\r\n\r\n", *_BAD),
    _chunks("9112 7.1", "0x5\r\nhello\r\n0\r\n\r\n", *_BAD),
    _chunks("9112 7.1", "5_\r\nhello\r\n0\r\n\r\n", *_BAD),
    _chunks("9112 7.1", "5,\r\nhello\r\n0\r\n\r\n", *_BAD),
    _chunks("9112 7.1", "five!\r\nhello\r\n0\r\n\r\n", *_BAD),
    _chunks("9112 7.1", "5\x00\r\nhello\r\n0\r\n\r\n", *_BAD),
    _chunks("9112 7.1", "\xb25\r\nhello\r\n0\r\n\r\n", *_BAD),
    _chunks("9112 7.1", f"{'0' * 17}5\r\nhello\r\n0\r\n\r\n", *_BAD),
    _chunks("9112 7.1.1", "5;a\nGET\r\nhello\r\n0\r\n\r\n", *_BAD),
    _chunks("9112 7.1.1", "5;a\rb\r\nhello\r\n0\r\n\r\n", *_BAD),
    _chunks("9112 7.1.1", "5;a\x00b\r\nhello\r\n0\r\n\r\n", *_BAD),
    _chunks("limit", f"5;{'a' * 2000}\r\nhello\r\n0\r\n\r\n", *_BAD),
    _chunks("9112 7.1.2", "0\r\nX : y\r\n\r\n", *_BAD),
    _chunks("9112 7.1.2", "0\r\nX: y\n\r\n", *_BAD),
    _chunks("9112 7.1.2", "0\r\n X: y\r\n\r\n", *_BAD),
    _chunks("9112 7.1.2", f"0\r\n{_GET}", *_BAD),
    _chunks("9112 7.1.2", "0\r\n\n", *_BAD),
    _chunks("limit", "0\r\n" + "X: y\r\n" * 51 + "\r\n", *_BAD),
    _chunks("9110 15.5.14", "FFFFFFFFFFFFFFFF\r\n", "413", "closed"),
    _chunks("9110 15.5.14", f"186A0\r\n{'x' * 100_000}\r\n1\r\n", "413", "closed"),
    _case(
        "9112 9.3",
        "POST /unread HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
        "5\r\nhello\r\n0\r\n\r\n",
        "200 unread",
    ),
    _case(
        "9112 9.3",
        f"POST /unread HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{_GET}",
        "200 unread",
        "closed",
    ),
    _case(
        "9112 7.1",
        f"POST /catches HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{_GET}",
        "200 caught",
        "closed",
    ),
)

EXPECTATIONS = (
    _post("9110 10.1.1", "Expect: 100-continue\r\nContent-Length: 5\r\n", "hello", _ONE),
    _post("9110 10.1.1", "Expect: 100-Continue\r\nContent-Length: 5\r\n", "", "100"),
    _post("9110 10.1.1", "Expect: 100-continue\r\nContent-Length: 5\r\n", "", "100"),
    _post("9110 10.1.1", "Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n", "", "100"),
    _post("9110 10.1.1", "Expect: 100-continue\r\n", "", "200 POST /? test"),
    _post("9110 10.1.1", "Expect: 200-ok\r\nContent-Length: 5\r\n", "hello", "417", "closed"),
    _post("9110 10.1.1", "Expect: \r\nContent-Length: 5\r\n", "hello", "417", "closed"),
    _post(
        "9110 10.1.1",
        "Expect: 100-continue\r\nContent-Length: 100001\r\n",
        "",
        "413",
        "closed",
    ),
    _case(
        "9110 10.1.1",
        "POST /unread HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n",
        "200 unread",
        "closed",
    ),
    _case(
        "9110 10.1.1",
        "POST /unread HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\n"
        f"Content-Length: {len(_GET)}\r\n\r\n{_GET}",
        "200 unread",
        "closed",
    ),
    _case(
        "9110 10.1.1",
        "POST / HTTP/1.0\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello",
        _ONE,
        "closed",
    ),
)

CONNECTIONS = (
    _get("9112 9.6", "Connection: close\r\n", _OK, "closed"),
    _get("9112 9.6", "Connection: CLOSE\r\n", _OK, "closed"),
    _get("9112 9.6", "Connection: foo, close\r\n", _OK, "closed"),
    _get("9112 9.6", "Connection: close, foo\r\n", _OK, "closed"),
    _get("9112 9.6", "Connection: foo\r\nConnection: close\r\n", _OK, "closed"),
    _get("9112 9.3", "Connection: keep-alive\r\n", _OK),
    _get("9112 9.3", "Connection: closed\r\n", _OK),
    _case("9112 9.3", "GET / HTTP/1.0\r\nHost: test\r\n\r\n", _OK, "closed"),
    _case("9112 9.3", "GET / HTTP/1.0\r\nHost: test\r\nConnection: Keep-Alive\r\n\r\n", _OK),
    _case("9112 9.3.2", f"GET / HTTP/1.1\r\nHost: test\r\n\r\n{_GET}", _OK, "200"),
    _post("9112 9.3.2", "Content-Length: 5\r\n", f"hello{_GET}", _ONE, "200"),
    _chunks("9112 9.3.2", f"5\r\nhello\r\n0\r\n\r\n{_GET}", _ONE, "200"),
    _get("9112 9.6", f"Connection: close\r\n\r\n{_GET}"[:-2], _OK, "closed"),
    _get("9110 7.8", "Connection: Upgrade\r\nUpgrade: h2c\r\n", _OK),
    _case(
        "9110 7.8",
        f"GET /upgrades HTTP/1.1\r\nHost: test\r\n{_UPGRADE}\r\n",
        "101",
        "tail",
    ),
)

ANSWERS = (
    _case("9110 9.3.2", "HEAD / HTTP/1.1\r\nHost: test\r\n\r\n", "200"),
    _case("9110 9.3.2", "HEAD /stream HTTP/1.1\r\nHost: test\r\n\r\n", "200"),
    _case("9110 9.3.2", "HEAD /short HTTP/1.1\r\nHost: test\r\n\r\n", "200"),
    _case("9110 9.3.2", "HEAD /missing%00 HTTP/1.1\r\nHost: test\r\n\r\n", "200"),
    _case("9110 15.3.5", "GET /204 HTTP/1.1\r\nHost: test\r\n\r\n", "204"),
    _case("9110 15.4.5", "GET /304 HTTP/1.1\r\nHost: test\r\n\r\n", "304"),
    _case("9112 7.1", "GET /stream HTTP/1.1\r\nHost: test\r\n\r\n", "200 onetwo"),
    _case("9112 6.3", "GET /stream HTTP/1.0\r\nHost: test\r\n\r\n", "200 onetwo", "closed"),
    _case("9112 6.3", "GET /long HTTP/1.1\r\nHost: test\r\n\r\n", "200 long", "closed"),
    _case("9112 6.3", "GET /short HTTP/1.1\r\nHost: test\r\n\r\n", "200", "cut"),
    _case("9112 9.6", "GET /closes HTTP/1.1\r\nHost: test\r\n\r\n", "200 bye", "closed"),
)

CASES = (
    *REQUEST_LINES,
    *TARGETS,
    *HOSTS,
    *FIELDS,
    *LENGTHS,
    *CODINGS,
    *CHUNKS,
    *EXPECTATIONS,
    *CONNECTIONS,
    *ANSWERS,
)
