"""Dispatch: one call of a WSGI application in this process, from the environ to the closed body."""

import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.figures import Figures
from benchmarks.routers import environ_of
from benchmarks.running import Run
from benchmarks.worker import Case, Made, resolve
from benchmarks.workers import Peer, sit

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

MIDDLEWARES = 10

PEERS = (
    Peer("bare function", "benchmarks.peers.bare:application"),
    Peer("webzeug, table in code", "benchmarks.peers.webzeug:from_code"),
    Peer("webzeug, manifest", "benchmarks.peers.webzeug:from_manifest"),
    Peer("Falcon", "benchmarks.peers.falcon:application", "falcon"),
    Peer("Bottle", "benchmarks.peers.bottle:application", "bottle"),
    Peer("Pyramid", "benchmarks.peers.pyramid:application", "pyramid"),
    Peer("raw Werkzeug", "benchmarks.peers.werkzeug:application"),
    Peer("Flask", "benchmarks.peers.flask:application", "flask"),
    Peer("Django", "benchmarks.peers.django:application", "django"),
)

ECHOED = {"name": "bob", "age": 42, "tags": ["a", "b", "c"], "address": {"city": "Ulm", "zip": "1"}}
ECHOED_TEXT = json.dumps(ECHOED).encode()


def run(run: Run) -> Iterator[Figures]:
    """Time per call, of all peers."""
    peers = run.peers(PEERS)
    found = sit(peers, "benchmarks.dispatching:make", {}, run.effort, run.dice)
    found.notes += run.missing(PEERS)
    yield found.figures(
        "dispatch", "one call in-process", "us", [peer.name for peer in PEERS], "Falcon"
    )


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request, and what must come back."""

    path: str
    method: str = "GET"
    body: bytes = b""
    kind: str = "text/plain"
    expected: object = "Hello, World!"

    def environ(self) -> dict[str, Any]:
        """What a server hands on, the body left out."""
        environ = environ_of(self.path, self.method)
        if self.body:
            environ |= {"CONTENT_TYPE": self.kind, "CONTENT_LENGTH": str(len(self.body))}
        return environ

    def check(self, status: str, fields: Mapping[str, str], body: bytes) -> None:
        """Raise ValueError if this is not what must come back."""
        content = json.loads(body) if "json" in self.kind else body.decode()
        answer = (status, fields.get("content-type", "").split(";")[0], content)
        if answer != ("200 OK", self.kind, self.expected):
            raise ValueError(f"{self.method} {self.path} answered {answer}")
        if fields.get("content-length", str(len(body))) != str(len(body)):
            raise ValueError(f"{self.method} {self.path}: a wrong Content-Length")


HELLO = Exchange("/")
PERSON = Exchange("/people/bob/", expected="Hey there bob!")
ECHO = Exchange("/echo", "POST", ECHOED_TEXT, "application/json", ECHOED)


def make(peer: str) -> Made:
    """The cases of a peer, whose answers are right."""
    application: Callable[[int], WSGIApplication] = resolve(peer)
    plain, wrapped = application(0), application(MIDDLEWARES)
    exchanges = {
        "hello": (plain, HELLO),
        "one variable": (plain, PERSON),
        "JSON echo": (plain, ECHO),
        "ten middlewares": (wrapped, HELLO),
    }
    return Made({name: Case(_checked(*exchange)) for name, exchange in exchanges.items()})


def _checked(app: "WSGIApplication", exchange: Exchange) -> Callable[[], bytes]:
    heads: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, fields: list[tuple[str, str]], exc_info: Any = None) -> Any:
        heads.append((status, fields))

    body = _call(app, exchange, start_response)()
    (status, fields), *more = heads
    if more:
        raise ValueError("start_response was called twice")
    exchange.check(status, {name.lower(): value for name, value in fields}, body)
    return _call(app, exchange, lambda status, fields, exc_info=None: None)


def _call(app: "WSGIApplication", exchange: Exchange, start_response: Any) -> Callable[[], bytes]:
    environ, body = exchange.environ(), exchange.body

    def call() -> bytes:
        asked = environ.copy()
        asked["wsgi.input"] = io.BytesIO(body)
        answer: Iterable[bytes] = app(asked, start_response)
        try:
            return b"".join(answer)
        finally:
            close = getattr(answer, "close", None)
            if close is not None:
                close()

    return call
