"""Random tables of so few shapes that their routes often cover each other, and all their URLs."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from hypothesis import strategies as st

from tests.support.random_tables import pattern
from webzeug.manifest.model import Matching, Reference, Route, ViewTarget
from webzeug.routing.compiling import Ingredients, compile_table
from webzeug.routing.proving.claims import URL
from webzeug.routing.table import RouteTable

_TEXTS = ("a", "b", "ab", "5", "a5", "5-a")
_VARIABLES = (
    "<V>",
    "<string:V>",
    "<string(length=1):V>",
    "<string(minlength=2):V>",
    "<string(maxlength=2):V>",
    "<int:V>",
    "<int(min=5):V>",
    "<int(max=3):V>",
    "<int(fixed_digits=2):V>",
    "<int(signed=True):V>",
    "<float:V>",
    "<any(a, b):V>",
    "<any(a):V>",
    '<any("5", "12"):V>',
    "<path:V>",
    "<uuid:V>",
    "a<int:V>",
    "<string(length=1):V>b",
    "<int:V>-<W>",
)
_SEGMENTS = (*_TEXTS, *_VARIABLES, '<regex("[ab]+"):V>')
_HOSTS = ("a.com", "<h>", "<any(a, b):h>.com", "<h>.com")
_METHODS = (None, None, None, ("GET",), ("GET", "PUT"), ("HEAD",))

WORDS = ("a", "b", "ab", "5", "12", "-5", "1.5", "a5", "5-a", "a\nb", "", "٣", "abc")
VERBS = ("GET", "HEAD", "PUT", "PATCH")
ASKED_HOSTS = ("a.com", "b.com", "c.com", "x", "5")


@dataclass(frozen=True, slots=True, repr=False)
class CrowdedTable:
    """Routes, and the table that they compile to."""

    routes: list[Route]
    matching: Matching
    table: RouteTable[object]

    def __repr__(self) -> str:
        rows = [
            f"{r.path} {r.methods} {r.name} {r.defaults} {r.strict_slashes} {r.merge_slashes}"
            for r in self.routes
        ]
        return "\n".join((f"strict_slashes={self.matching.strict_slashes}", *rows))

    @property
    def urls(self) -> Iterator[URL]:
        """All URLs of up to two segments of the words that the patterns are made for."""
        has_hosts = any(route.host for route in self.routes)
        for host in ASKED_HOSTS if has_hosts else (None,):
            yield URL(host, "/")
            for size in (1, 2):
                for words in itertools.product(WORDS, repeat=size):
                    path = f"/{'/'.join(words)}"
                    if not path.startswith("//"):
                        yield URL(host, path)


@st.composite
def crowded_tables(draw: st.DrawFn) -> CrowdedTable:
    """A table whose routes all compile, and of which no two have the same host, shape and verb."""
    is_strict = draw(st.sampled_from([True, True, True, False]))
    hosts = draw(st.sampled_from([(None,), (None,), (None,), (None, None, *_HOSTS)]))
    segments = draw(st.lists(st.sampled_from(_SEGMENTS), min_size=2, max_size=5, unique=True))
    routes: list[Route] = []
    for _ in range(draw(st.integers(2, 8))):
        route = draw(_routes(st.sampled_from(hosts), st.sampled_from(segments)))
        if not any(_clash(route, other) for other in routes):
            routes.append(route)
    matching = Matching(strict_slashes=is_strict)
    compiled = compile_table(routes, lambda route: None, Ingredients(matching))
    refused = {id(problem.route) for problem in compiled.problems}
    return CrowdedTable([r for r in routes if id(r) not in refused], matching, compiled.table)


@st.composite
def _routes(
    draw: st.DrawFn, hosts: st.SearchStrategy[str | None], segments: st.SearchStrategy[str]
) -> Route:
    text = ""
    for number in range(draw(st.sampled_from([1, 1, 1, 1, 2]))):
        segment = draw(segments).replace("V", f"v{number}").replace("W", f"w{number}")
        text += f"/{segment}"
    host = draw(hosts)
    has_name, has_default = draw(st.sampled_from([(0, 0)] * 6 + [(1, 0), (1, 1), (1, 1)]))
    return Route(
        pattern(text + draw(st.sampled_from(["", "", "/"]))),
        ViewTarget(Reference("code.View")),
        host=pattern(host) if host else None,
        methods=draw(st.sampled_from(_METHODS)),
        name="name" if has_name else None,
        defaults={"d": draw(st.sampled_from([1, 2]))} if has_default else {},
        strict_slashes=draw(st.sampled_from([None] * 8 + [True, False])),
        merge_slashes=draw(st.sampled_from([None] * 8 + [True, False])),
    )


def _clash(first: Route, second: Route) -> bool:
    one, other = ((r.host and r.host.shape, r.pattern.shape) for r in (first, second))
    shared = first.methods is None or second.methods is None
    return one == other and (shared or bool(set(first.methods or ()) & set(second.methods or ())))
