"""Random route tables (a hypothesis strategy), and requests that come close to matching them.

The patterns are made of few segments, so that they overlap: equal weights, shadowed rows, rows
that refuse a verb or a value, slashes of all kinds. Tables shrink; the many requests for one are
made from a seed, which is much faster.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from hypothesis import strategies as st

from tests.support.rules import Row, Rules, one_row_per_verb
from tests.support.tables import handshake, request

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment of a pattern, ``{}`` standing for variables' numbers, and texts that fit it.

    ``default`` is a value of its variable, where it can be left out of the URL.
    """

    template: str
    texts: tuple[str, ...]
    default: Any = None
    takes_slashes: bool = False


LITERALS = tuple(Segment(text, (text,)) for text in ("a", "b", "ab", "a.b", "é", "x y", "1"))
VARIABLES = (
    Segment("<v{}>", ("a", "z", "é", "x y", "1"), default="a"),
    Segment("<string(length=2):v{}>", ("ab", "12")),
    Segment("<int:v{}>", ("1", "02", "31", "٣"), default=1),
    Segment("<int(min=2, max=30):v{}>", ("2", "30", "31", "1"), default=2),
    Segment("<int(signed=True):v{}>", ("-3", "0", "1")),
    Segment("<int(fixed_digits=2):v{}>", ("01", "1", "123")),
    Segment("<float:v{}>", ("1.5", "0.0", "1")),
    Segment("<any(a, b):v{}>", ("a", "b", "c"), default="a"),
    Segment("<uuid:v{}>", ("2b5b0911-fdcf-4dd2-921b-28ace88db8a0", "2b5b0911")),
    Segment('<regex("[ab]+"):v{}>', ("a", "bab", "c")),
    Segment('<regex("a|b/c"):v{}>', ("a", "b/c", "b"), takes_slashes=True),
    Segment("<path:v{}>", ("a", "a/b", "a/b/", "a//b", "z"), takes_slashes=True),
    Segment("v<int:v{}>", ("v1", "v")),
    Segment("<v{}>.a", ("c.a", ".a")),
    Segment("<v{0}>-<int:w{0}>", ("a-1", "a-b-2", "a-b")),
    Segment("a<v{}>", ("ab", "a")),
)
COMMON = tuple(segment for segment in VARIABLES if segment.default is not None)
STRAY_TEXTS = ("a", "b", "ab", "z", "1", "2", "é", "", "%", "?", "#", "a\\b", "\n", ".", "A")
METHODS = ("GET", "POST", "PUT", "WEBSOCKET")
ASKED_METHODS = ("GET", "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "WEBSOCKET")
HOSTS = ("", "x.test", "y.test", "<sub>.test")
ASKED_HOSTS = ("x.test", "x.test", "y.test", "X.Test", "other")
MAX_SLASHED = 2


@dataclass(frozen=True, slots=True)
class Sketch:
    """A row in the making: its segments are still apart."""

    segments: tuple[Segment, ...]
    ends_in_slash: bool
    row: Row

    @property
    def pattern(self) -> str:
        """The pattern's text; every variable has its position in its name."""
        texts = (segment.template.format(index) for index, segment in enumerate(self.segments))
        path = "".join(f"/{text}" for text in texts)
        return f"{path}/" if self.ends_in_slash or not path else path

    def done(self) -> Row:
        """The row with its pattern."""
        return replace(self.row, pattern=self.pattern)


@dataclass(frozen=True, slots=True)
class RandomTable:
    """A table, and what it was made of."""

    sketches: tuple[Sketch, ...]
    rules: Rules


_OPTIONAL = st.none() | st.booleans()
_ANY_SEGMENT = st.sampled_from(LITERALS) | st.sampled_from(VARIABLES) | st.sampled_from(COMMON)
_SEGMENTS = st.lists(_ANY_SEGMENT, max_size=4).filter(
    lambda segments: sum(segment.takes_slashes for segment in segments) <= MAX_SLASHED
)
_METHODS = st.none() | st.sets(st.sampled_from(METHODS), min_size=1).map(sorted).map(tuple)
_NAMES = st.sampled_from([f"n{number}" for number in range(6)])
_OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "strict_slashes": st.booleans(),
        "merge_slashes": st.booleans(),
        "redirect_defaults": st.booleans(),
    },
)


def _sketches(hosts: tuple[str, ...]) -> st.SearchStrategy[Sketch]:
    rows = st.builds(
        Row,
        pattern=st.just(""),
        name=_NAMES,
        methods=_METHODS,
        host=st.sampled_from(hosts),
        strict_slashes=_OPTIONAL,
        merge_slashes=_OPTIONAL,
    )
    return st.builds(Sketch, _SEGMENTS.map(tuple), st.booleans(), rows)


def _twin(sketch: Sketch, kind: str, host: str, methods: tuple[str, ...] | None) -> Sketch | None:
    """A row that is like another but for one thing, so that the two compete."""
    match kind:
        case "host":
            return replace(sketch, row=replace(sketch.row, host=host))
        case "methods":
            return replace(sketch, row=replace(sketch.row, methods=methods))
        case "slash":
            return replace(sketch, ends_in_slash=not sketch.ends_in_slash)
        case "default" | "default elsewhere" if (
            sketch.segments and sketch.segments[-1].default is not None
        ):
            variable = f"v{len(sketch.segments) - 1}"
            row = replace(sketch.row, defaults={variable: sketch.segments[-1].default})
            moved = row if kind == "default" else replace(row, host=host)
            return Sketch(sketch.segments[:-1], not sketch.ends_in_slash, moved)
        case _:
            return None


_KINDS = st.sampled_from(("none", "host", "methods", "slash", "default", "default elsewhere"))


def _pairs(hosts: tuple[str, ...]) -> st.SearchStrategy[tuple[Sketch, Sketch | None]]:
    sketches = _sketches(hosts)
    twins = st.tuples(sketches, _KINDS, st.sampled_from(hosts), _METHODS)
    return twins.map(lambda drawn: (drawn[0], _twin(*drawn)))


_PLAIN = st.lists(_pairs(("",)), min_size=3, max_size=9)
_HOSTED = st.lists(_pairs(HOSTS), min_size=3, max_size=9)


@st.composite
def random_tables(draw: st.DrawFn, with_hosts: bool = True) -> RandomTable:
    """Tables that a manifest can say: no two rows claim one verb of one pattern."""
    pairs = draw(_PLAIN | _HOSTED if with_hosts else _PLAIN)
    twins = [twin for _, twin in pairs if twin is not None]
    sketches = tuple(_sayable([*(first for first, _ in pairs), *twins]))
    rows = one_row_per_verb(sketch.done() for sketch in sketches)
    return RandomTable(sketches, Rules(rows, draw(_OPTIONS)))


def _sayable(sketches: list[Sketch]) -> Iterator[Sketch]:
    """Without the rows that claim what an earlier one of the same pattern does."""
    first: dict[str, Row] = {}
    claimed: dict[str, set[str]] = {}
    for sketch in sketches:
        row = sketch.done()
        known = first.setdefault(row.key, row)
        taken = claimed.setdefault(row.key, set())
        if known is not row and (row.methods is None or known.methods is None):
            continue
        if taken.isdisjoint(row.methods or ()):
            taken.update(row.methods or ())
            strict, merge = known.strict_slashes, known.merge_slashes
            alike = replace(sketch.row, strict_slashes=strict, merge_slashes=merge)
            yield replace(sketch, row=alike)


def requests_to(table: RandomTable, seed: int, count: int) -> "list[WSGIEnvironment]":
    """Requests whose paths fit a row of the table, or nearly do; one seed makes the same ones."""
    dice = random.Random(seed)
    return [_request_to(dice.choice(table.sketches), dice) for _ in range(count)]


def _request_to(sketch: Sketch, dice: random.Random) -> "WSGIEnvironment":
    target = quote(_path(sketch, dice), safe="/") + dice.choice(("", "", "?q=1", "?q=%20&r=/"))
    method, host = dice.choice(ASKED_METHODS), dice.choice(ASKED_HOSTS)
    script_name = dice.choice(("", "", "/app"))
    if method == "WEBSOCKET":
        return handshake(target, HTTP_HOST=host, SCRIPT_NAME=script_name)
    return request(target, method, host, SCRIPT_NAME=script_name)


def _path(sketch: Sketch, dice: random.Random) -> str:
    texts = [dice.choice(segment.texts) for segment in sketch.segments]
    if texts and dice.random() < 0.25:
        texts[dice.randrange(len(texts))] = dice.choice(STRAY_TEXTS)
    path = "".join(f"/{text}" for text in texts)
    return dice.choice(_with_slashes(f"{path}/" if sketch.ends_in_slash or not path else path))


def _with_slashes(path: str) -> list[str]:
    """The path as it is, more often than not, and with slashes too many or too few."""
    middle = path.find("/", 1)
    doubled = path if middle < 0 else f"{path[:middle]}/{path[middle:]}"
    return [path, path, path, f"{path}/", path.removesuffix("/"), f"/{path}", doubled]
