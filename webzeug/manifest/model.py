"""What a manifest says, as frozen values. Nothing here is compiled or imported.

Every part that a message may point at knows its ``place``; places never count in comparisons,
so two models are equal when they mean the same.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from webzeug.manifest.document import Document, Place
from webzeug.manifest.patterns import Pattern


@dataclass(frozen=True, slots=True)
class Reference:
    """A dotted path as written: ``package.module.Class`` or ``package.module:Outer.Inner``."""

    path: str
    place: Place | None = field(default=None, compare=False, repr=False)

    @property
    def last_name(self) -> str:
        """The last part: ``Class`` or ``Inner``."""
        return re.split(r"[.:]", self.path)[-1]

    @property
    def module(self) -> str:
        """The module's part: ``package.module``."""
        module, colon, _ = self.path.partition(":")
        return module if colon else self.path.rpartition(".")[0]

    def __str__(self) -> str:
        return self.path


@dataclass(frozen=True, slots=True)
class ViewTarget:
    """A View class answers; with ``verb``, only that method of it."""

    view: Reference
    verb: str | None = None


@dataclass(frozen=True, slots=True)
class RedirectTarget:
    """The client is sent to ``to``: a URL, a pattern of ours, or a route's name.

    ``scope`` is the name prefix of the include that the redirect stands in ("" outside).
    """

    to: str
    status: int = 308
    external: bool = False
    scope: str = ""
    place: Place | None = field(default=None, compare=False, repr=False)

    @property
    def is_name(self) -> bool:
        return "/" not in self.to


@dataclass(frozen=True, slots=True)
class StaticTarget:
    """Files of ``folder`` (an absolute path), or one file if ``folder`` is a file."""

    folder: str
    is_file: bool = False


@dataclass(frozen=True, slots=True)
class MountTarget:
    """A WSGI application takes everything below the prefix that no route takes."""

    wsgi: Reference


@dataclass(frozen=True, slots=True)
class ProbeTarget:
    """Tells how the process is: ``kind`` is health or ready, as the key under ``[server]``."""

    kind: str


Target = ViewTarget | RedirectTarget | StaticTarget | MountTarget | ProbeTarget


@dataclass(frozen=True, slots=True, eq=False)
class MiddlewareUse:
    """One entry of a middleware list. Equal only to itself: one entry is one instance."""

    use: Reference
    options: Mapping[str, Any]

    def same_as(self, other: "MiddlewareUse") -> bool:
        """Whether both entries say the same."""
        return self.use == other.use and self.options == other.options


@dataclass(frozen=True, slots=True)
class Route:
    """One entry of the table, with everything inherited from its groups filled in.

    ``name`` is the full name, or None; ``explicit_name`` tells whether the author wrote it.
    ``methods`` None means every verb. ``host`` None means every host.
    """

    pattern: Pattern
    target: Target
    host: Pattern | None = None
    methods: tuple[str, ...] | None = None
    name: str | None = None
    explicit_name: bool = False
    defaults: Mapping[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    middleware: tuple[MiddlewareUse, ...] = field(default=(), compare=False)
    strict_slashes: bool | None = None
    merge_slashes: bool | None = None
    deprecated: bool | str = False
    build_only: bool = False
    place: Place | None = field(default=None, compare=False, repr=False)

    @property
    def path(self) -> str:
        """What a listing shows: the host if there is one, and the pattern."""
        return f"//{self.host.text}{self.pattern.text}" if self.host else self.pattern.text

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of the variables of host and pattern, in order."""
        host = self.host.variables if self.host else ()
        return tuple([variable.name for variable in (*host, *self.pattern.variables)])


@dataclass(frozen=True, slots=True)
class Variable:
    """One entry of ``[env]``: the config key path, and the environment variable that sets it."""

    key: tuple[str, ...]
    name: str
    place: Place = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Matching:
    """The ``[matching]`` table."""

    server_name: str | None = None
    base_url: str | None = None
    strict_slashes: bool = True
    merge_slashes: bool = True
    redirect_defaults: bool = True


@dataclass(frozen=True, slots=True)
class Server:
    """The ``[server]`` table; times in seconds, sizes in octets, ``body_rate`` in octets/s."""

    bind: str = "127.0.0.1:8000"
    grace: float = 30
    max_connections: int = 1000
    backlog: int = 1024
    max_waiting: int = 256
    header_timeout: float = 10
    body_timeout: float = 20
    body_rate: int = 500
    keep_alive: float = 20
    write_timeout: float = 30
    max_request_line: int = 8190
    max_field: int = 8190
    max_fields: int = 100
    max_header: int = 65_536
    max_body: int = 16_777_216
    max_form_memory: int = 500_000
    max_form_parts: int = 1_000
    trusted_hosts: Sequence[str] = ()
    server_header: bool = True
    health: str = ""
    ready: str = ""
    access_log: str = "text"
    request_ids: bool = True


@dataclass(frozen=True, slots=True)
class WebSocketOptions:
    """The ``[websocket]`` table; times in seconds, sizes in octets."""

    origins: Sequence[str] = ()
    max_message_size: int = 1_048_576
    max_queue: int = 1_048_576
    compression: bool = True
    ping_interval: float = 20
    ping_timeout: float = 20
    write_timeout: float = 30


@dataclass(frozen=True, slots=True)
class Lost:
    """What was left out of a manifest because something is wrong with it.

    What refers to it is not called wrong as well. ``scopes`` are the name prefixes ("" or with a
    dot at the end) of includes that could not be read.
    """

    names: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    converters: frozenset[str] = frozenset()

    def may_name(self, name: str) -> bool:
        """Whether one of the routes that were left out may have this name."""
        return name in self.names or any(name.startswith(scope) for scope in self.scopes)

    def may_convert(self, name: str) -> bool:
        """Whether one of the converters that were left out may have this name."""
        return name in self.converters or bool(self.scopes)


@dataclass(frozen=True, slots=True)
class Manifest:
    """A whole manifest.

    ``documents`` are the files it came from, the root first; ``files`` are the names of these and
    of the files that could not be read. ``unclear_names`` are default names that several Views
    would have had, and that therefore name none of them.
    """

    documents: tuple[Document, ...] = field(compare=False, repr=False)
    files: tuple[str, ...] = field(default=(), compare=False, repr=False)
    routes: tuple[Route, ...] = ()
    unclear_names: Mapping[str, tuple[Route, ...]] = field(default_factory=dict)
    lost: Lost = field(default=Lost(), compare=False, repr=False)
    converters: Mapping[str, Reference] = field(default_factory=dict)
    middleware: tuple[MiddlewareUse, ...] = ()
    config: Mapping[str, Any] = field(default_factory=dict)
    env: tuple[Variable, ...] = ()
    resources: Mapping[str, Reference] = field(default_factory=dict)
    errors: Mapping[int, Reference] = field(default_factory=dict)
    matching: Matching = Matching()
    server: Server = Server()
    websocket: WebSocketOptions = WebSocketOptions()
