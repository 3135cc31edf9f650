"""Question: a request as far as routing sees it, which can be asked without a server."""

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from werkzeug.wsgi import get_host

from webzeug.routing.octets import decoded, encoded, quoted_path
from webzeug.routing.verbs import WEBSOCKET, request_verb

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110 5.6.2


@dataclass(frozen=True, slots=True)
class Question:
    """What a request asks. ``verb`` is its method, or WEBSOCKET for a handshake.

    ``path`` and ``script_name`` are decoded text, ``query`` stays as it is sent, without ``?``;
    ``host`` may hold a port, and is "" for a request without a Host field.
    """

    verb: str
    path: str
    host: str = "localhost"
    query: str = ""
    script_name: str = ""
    scheme: str = "http"

    @property
    def target(self) -> str:
        """Path and query as they are sent (RFC 9112 3.2.1)."""
        path = quoted_path(encoded(self.script_name + self.path))
        return f"{path}?{self.query}" if self.query else path

    @property
    def place(self) -> tuple[str, str, str]:
        """All that matching looks at: two questions of one place lead to the same."""
        return self.verb, self.host, self.path

    def environ(self) -> "WSGIEnvironment":
        """A WSGI environ (PEP 3333) as a server would make it of this request."""
        environ = {
            "REQUEST_METHOD": "GET" if self.verb == WEBSOCKET else self.verb,
            "SCRIPT_NAME": encoded(self.script_name),
            "PATH_INFO": encoded(self.path),
            "QUERY_STRING": encoded(self.query),
            "SERVER_NAME": "",
            "SERVER_PORT": "",
            "wsgi.url_scheme": self.scheme,
        }
        if self.host:
            environ["HTTP_HOST"] = self.host
        if self.verb == WEBSOCKET:
            environ |= {"HTTP_UPGRADE": "websocket", "HTTP_CONNECTION": "Upgrade"}
        return environ

    def redirected(self, location: str, status: int) -> "Question | None":
        """What a client asks next; None if the Location lies outside of our mount point.

        303 makes a GET of all but HEAD, 301 and 302 of POST (the Fetch standard, 4.4).
        """
        parts = urlsplit(location)
        path = unquote(parts.path)
        below = path.removeprefix(self.script_name)
        if self.script_name and (below == path or not below.startswith("/")):
            return None
        is_get = (status == 303 and self.verb != "HEAD") or (
            status in (301, 302) and self.verb == "POST"
        )
        return replace(
            self,
            verb="GET" if is_get else self.verb,
            path=below,
            host=parts.netloc or self.host,
            query=parts.query,
            scheme=parts.scheme or self.scheme,
        )


def question_of_environ(environ: "WSGIEnvironment") -> Question:
    """The question of a real request."""
    return Question(
        verb=request_verb(environ),
        path=decoded(environ.get("PATH_INFO", "")),
        host=environ.get("HTTP_HOST") or get_host(environ),
        query=decoded(environ.get("QUERY_STRING", "")),
        script_name=decoded(environ.get("SCRIPT_NAME", "")),
        scheme=environ.get("wsgi.url_scheme", "http"),
    )


def question_of_url(verb: str, url: str) -> Question:
    """The question of a URL as people type it: ``/path?query``, ``//host/path`` or a whole one.

    A fragment is left out, as a client would. Raises ValueError that says what is wrong.
    """
    if not _TOKEN.fullmatch(verb):
        raise ValueError(f"`{verb}` cannot be a method (RFC 9110 9.1)")
    parts = urlsplit(url)
    if not url.startswith("/") and not (parts.scheme in ("http", "https") and parts.netloc):
        raise ValueError(f"`{url}` is neither a path (/people/bob) nor a URL (http://host/path)")
    host = _host(parts.netloc.rpartition("@")[2], url) if parts.netloc else "localhost"
    path = unquote(parts.path) or "/"
    return Question(verb, path, host, parts.query, scheme=parts.scheme or "http")


def _host(netloc: str, url: str) -> str:
    """A host as a client sends it: IDNA (RFC 5891), the port kept."""
    name, colon, port = netloc.partition(":") if "[" not in netloc else (netloc, "", "")
    try:
        return f"{name.encode('idna').decode('ascii')}{colon}{port}"
    except UnicodeError:
        raise ValueError(f"`{name}` in `{url}` cannot be a host") from None
