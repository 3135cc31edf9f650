"""Every key of the manifest: its type, its default and one line that says what it does.

This table is the single source of the decoder, of ``routes.example.toml``'s test and of the
reference page. A key stands here when its feature exists.
"""

import enum
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from webzeug.manifest.constraints import (
    ADDRESS,
    AMOUNT,
    ANYTHING,
    BASE_URL,
    COUNT,
    DURATION,
    FORM,
    HOST,
    HOSTS,
    LOG_FORM,
    NAME,
    ORIGINS,
    PROBE,
    REDIRECT_STATUS,
    SIZE,
    TIMEOUT,
    Constraint,
)


class Type(enum.Enum):
    """What a value may be; the text is how messages name it."""

    STRING = "a string"
    BOOLEAN = "true or false"
    INTEGER = "a whole number"
    SECONDS = "a number of seconds"
    STRINGS = "a list of strings"
    STRING_OR_STRINGS = "a string or a list of strings"
    BOOLEAN_OR_STRING = "true, false or a string"
    TABLE = "a table"
    MIDDLEWARES = "a list of dotted paths or of tables { use, with }"


def _is_number(value: object, types: type | tuple[type, ...]) -> bool:
    return isinstance(value, types) and not isinstance(value, bool)


def _is_strings(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


_ACCEPTS: dict[Type, Callable[[object], bool]] = {
    Type.STRING: lambda value: isinstance(value, str),
    Type.BOOLEAN: lambda value: isinstance(value, bool),
    Type.INTEGER: lambda value: _is_number(value, int),
    Type.SECONDS: lambda value: _is_number(value, (int, float)),
    Type.STRINGS: _is_strings,
    Type.STRING_OR_STRINGS: lambda value: isinstance(value, str) or _is_strings(value),
    Type.BOOLEAN_OR_STRING: lambda value: isinstance(value, (bool, str)),
    Type.TABLE: lambda value: isinstance(value, dict),
    Type.MIDDLEWARES: lambda value: isinstance(value, list),
}


@dataclass(frozen=True, slots=True)
class Key:
    """One key: ``check`` returns what is wrong with a value of the right type, or None."""

    name: str
    type: Type
    doc: str
    default: Any = None
    check: Constraint = ANYTHING
    accepts: Callable[[object], bool] = field(init=False, repr=False, compare=False)
    """Whether a value is of the type."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "accepts", _ACCEPTS[self.type])

    def problem(self, value: object) -> str | None:
        """What is wrong with a value, of whatever type; None if nothing is."""
        return self.check(value) if self.accepts(value) else f"it must be {self.type.value}"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with fixed keys, or with names that the author chooses (``names`` says which)."""

    name: str
    doc: str
    keys: tuple[Key, ...] = ()
    names: str = ""
    _by_name: dict[str, Key] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._by_name.update((key.name, key) for key in self.keys)

    def __iter__(self) -> Iterator[Key]:
        return iter(self.keys)

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def __getitem__(self, name: str) -> Key:
        return self._by_name[name]


_INHERITED = (
    Key(
        "name",
        Type.STRING,
        "The route's name, for `url_for`; a group's name is put before its routes' names.",
        check=NAME,
    ),
    Key(
        "defaults",
        Type.TABLE,
        "Constants handed to the View's method; `{ none = true }` stands for None.",
    ),
    Key(
        "tags",
        Type.STRINGS,
        "Words to filter the listing by; a route has its groups' tags too.",
        default=(),
    ),
    Key(
        "middleware",
        Type.MIDDLEWARES,
        "WSGI wrappers that run after matching; groups' outside, own inside.",
        default=(),
    ),
    Key(
        "deprecated",
        Type.BOOLEAN_OR_STRING,
        "Marks a route as going away, with the reason if it is a string.",
        default=False,
    ),
    Key(
        "ignore",
        Type.STRINGS,
        "Codes of findings that lint shall not report for this route.",
        default=(),
    ),
)

ROUTE = Table(
    "routes",
    "A route or a group: keys that begin with `/` are routes below it, upper-case keys are verbs.",
    keys=(
        Key("view", Type.STRING, "Dotted path of the View class that answers."),
        Key(
            "methods",
            Type.STRINGS,
            "The verbs that this route takes; without it, all that the View has.",
        ),
        Key(
            "redirect", Type.STRING, "Where to send the client: a route's name, a pattern or a URL."
        ),
        Key("external", Type.BOOLEAN, "Allows a redirect to another site.", default=False),
        Key(
            "status",
            Type.INTEGER,
            "The status of the redirect.",
            default=308,
            check=REDIRECT_STATUS,
        ),
        Key("static", Type.STRING, "A folder (or one file) to serve, relative to this manifest."),
        Key("wsgi", Type.STRING, "Dotted path of a WSGI application to mount under this prefix."),
        Key(
            "include",
            Type.STRING_OR_STRINGS,
            "Other manifests whose routes stand below this prefix.",
        ),
        *_INHERITED,
        Key(
            "strict_slashes",
            Type.BOOLEAN,
            "Redirects `/a` to `/a/` if only the latter is a route; off: both answer.",
        ),
        Key("merge_slashes", Type.BOOLEAN, "Redirects `/a//b` to `/a/b`."),
        Key(
            "build_only",
            Type.BOOLEAN,
            "The route only builds URLs and never matches.",
            default=False,
        ),
    ),
    names="patterns that begin with `/`",
)

VERB = Table(
    "verb",
    "What answers one verb of a route.",
    keys=(
        Key("view", Type.STRING, "Dotted path of the View class that answers this verb."),
        *_INHERITED,
    ),
)

MIDDLEWARE = Table(
    "middleware",
    "A WSGI wrapper around the whole application; the first is the outermost.",
    keys=(
        Key(
            "use",
            Type.STRING,
            "Dotted path of a callable: use(app, **with) returns a WSGI application.",
        ),
        Key("with", Type.TABLE, "Keyword arguments for it."),
    ),
)

MATCHING = Table(
    "matching",
    "How URLs are matched and built.",
    keys=(
        Key(
            "server_name",
            Type.STRING,
            'The host that "//api." (with a trailing dot) is relative to.',
            check=HOST,
        ),
        Key(
            "base_url",
            Type.STRING,
            "Scheme and host of external URLs that are built outside a request.",
            check=BASE_URL,
        ),
        Key(
            "strict_slashes",
            Type.BOOLEAN,
            "The default of `strict_slashes` for all routes.",
            default=True,
        ),
        Key(
            "merge_slashes",
            Type.BOOLEAN,
            "The default of `merge_slashes` for all routes.",
            default=True,
        ),
        Key(
            "redirect_defaults",
            Type.BOOLEAN,
            "Redirects a URL that spells out a default to the one without it.",
            default=True,
        ),
    ),
)

SERVER = Table(
    "server",
    "Where and how `serve` listens.",
    keys=(
        Key(
            "bind",
            Type.STRING,
            "Address to listen on: host:port, [ipv6]:port or unix:path.",
            default="127.0.0.1:8000",
            check=ADDRESS,
        ),
        Key(
            "grace",
            Type.SECONDS,
            "Seconds that requests under way get to finish when the server stops.",
            default=30,
            check=DURATION,
        ),
        Key(
            "max_connections",
            Type.INTEGER,
            "Connections served at once; more wait until one ends.",
            default=1000,
            check=COUNT,
        ),
        Key(
            "max_waiting",
            Type.INTEGER,
            "Connections that wait for one of those to end; more are answered 503.",
            default=256,
            check=AMOUNT,
        ),
        Key(
            "backlog",
            Type.INTEGER,
            "Connections that the system keeps waiting for us.",
            default=1024,
            check=COUNT,
        ),
        Key(
            "header_timeout",
            Type.SECONDS,
            "Seconds within which a header section must be complete, or else 408.",
            default=10,
            check=TIMEOUT,
        ),
        Key(
            "body_timeout",
            Type.SECONDS,
            "Seconds that a body may keep us waiting, on top of what `body_rate` allows; else 408.",
            default=20,
            check=TIMEOUT,
        ),
        Key(
            "body_rate",
            Type.INTEGER,
            "Octets per second that a body must arrive at when it is slow.",
            default=500,
            check=COUNT,
        ),
        Key(
            "keep_alive",
            Type.SECONDS,
            "Seconds that a connection may wait for its next request (RFC 9112 9.8).",
            default=20,
            check=TIMEOUT,
        ),
        Key(
            "write_timeout",
            Type.SECONDS,
            "Seconds within which a client must read something of its answer.",
            default=30,
            check=TIMEOUT,
        ),
        Key(
            "max_request_line",
            Type.INTEGER,
            "Octets of a request line; a longer one is answered 414 (RFC 9112 3).",
            default=8190,
            check=COUNT,
        ),
        Key(
            "max_field",
            Type.INTEGER,
            "Octets of one header field; a longer one is answered 431 (RFC 6585 5).",
            default=8190,
            check=COUNT,
        ),
        Key(
            "max_fields",
            Type.INTEGER,
            "Header fields of a request; more are answered 431.",
            default=100,
            check=COUNT,
        ),
        Key(
            "max_header",
            Type.INTEGER,
            "Octets of a whole header section; a longer one is answered 431.",
            default=65_536,
            check=COUNT,
        ),
        Key(
            "max_body",
            Type.INTEGER,
            "Octets of a body; a longer one is answered 413 before it is read (RFC 9110 15.5.14).",
            default=16_777_216,
            check=SIZE,
        ),
        Key(
            "max_form_memory",
            Type.INTEGER,
            "Octets of a field of a form, a file not counted; a longer one is answered 413.",
            default=500_000,
            check=FORM,
        ),
        Key(
            "max_form_parts",
            Type.INTEGER,
            "Fields and files that a form may have; more are answered 413.",
            default=1_000,
            check=COUNT,
        ),
        Key(
            "trusted_hosts",
            Type.STRINGS,
            'Hosts that are served, ".example.com" for all below it; others get 421. None: all.',
            default=(),
            check=HOSTS,
        ),
        Key(
            "server_header",
            Type.BOOLEAN,
            "Whether answers have the field `Server: webzeug`, which tells no version.",
            default=True,
        ),
        Key(
            "health",
            Type.STRING,
            "Path that answers 200 while the process lives, outside all middleware.",
            default="",
            check=PROBE,
        ),
        Key(
            "ready",
            Type.STRING,
            "Path that answers 200, or 503 while the server stops, with the table's hash.",
            default="",
            check=PROBE,
        ),
        Key(
            "access_log",
            Type.STRING,
            'One line for each request on the logger `webzeug.access`: "text", "json" or "off".',
            default="text",
            check=LOG_FORM,
        ),
        Key(
            "request_ids",
            Type.BOOLEAN,
            "Whether each request has an id, taken from X-Request-ID or new, and answers tell it.",
            default=True,
        ),
    ),
)

WEBSOCKET = Table(
    "websocket",
    "What clients of WebSockets may do; needs the extra `webzeug[websocket]`.",
    keys=(
        Key(
            "origins",
            Type.STRINGS,
            'Sites whose pages may open one besides the own, "https://example.com"; "*": all.',
            default=(),
            check=ORIGINS,
        ),
        Key(
            "max_message_size",
            Type.INTEGER,
            "Octets of a message, after it is inflated; a larger one ends the connection (1009).",
            default=1_048_576,
            check=SIZE,
        ),
        Key(
            "max_queue",
            Type.INTEGER,
            "Octets that `post` keeps for a client; one that is slower is closed (1013).",
            default=1_048_576,
            check=SIZE,
        ),
        Key(
            "compression",
            Type.BOOLEAN,
            "Whether messages are compressed for clients that can (RFC 7692).",
            default=True,
        ),
        Key(
            "ping_interval",
            Type.SECONDS,
            "Seconds without a word after which a client is pinged; 0: never.",
            default=20,
            check=DURATION,
        ),
        Key(
            "ping_timeout",
            Type.SECONDS,
            "Seconds that it then has to answer, or else it is given up.",
            default=20,
            check=TIMEOUT,
        ),
        Key(
            "write_timeout",
            Type.SECONDS,
            "Seconds within which a client must take something of what is sent.",
            default=30,
            check=TIMEOUT,
        ),
    ),
)

TABLES = (
    ROUTE,
    Table("converters", "More converters for patterns, by dotted path.", names="converter names"),
    MIDDLEWARE,
    Table(
        "config",
        "Values handed to the application, read-only; these are the defaults.",
        names="any keys",
    ),
    Table(
        "env",
        "Which config values the environment may set.",
        names="keys of [config]; the value is the variable's name",
    ),
    Table(
        "resources",
        "Pools and clients, opened in this order at start, closed in reverse at stop.",
        names="resource names",
    ),
    Table("errors", "Views that write error pages.", names="HTTP status codes from 400 to 599"),
    MATCHING,
    SERVER,
    WEBSOCKET,
)
"""The top-level tables, in the order in which the documentation shows them."""
