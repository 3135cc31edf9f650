"""The routes of a manifest, and who would take a URL: in order, and without compiling anything."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, groupby

from webzeug.manifest.model import Matching, MountTarget, Route
from webzeug.manifest.patterns import Literal, Pattern, Variable
from webzeug.routing.converters import ANY_HOST
from webzeug.routing.hosts import names_port
from webzeug.routing.parts import Cutter, Part, RepeatedGroupError, Varying, merged
from webzeug.routing.proving.claims import URL, Claim, Taker, common_parts
from webzeug.routing.proving.languages import HOSTS, HOSTS_WITH_PORT, Taken, joined
from webzeug.routing.proving.members import UndecidedError
from webzeug.routing.proving.nodes import Node, Rival
from webzeug.routing.proving.regular import EVERYTHING, Expression, Text, complement, sequence
from webzeug.routing.proving.vocabulary import Ending, UnknownConverterError, Vocabulary
from webzeug.routing.verbs import Heads

ELSEWHERE = "example.org"
"""A host that stands for all that no route names."""

MOST_PARTS = 100
MOST_VARIABLES = 8
"""Longer patterns, and those with more variables in one part, are not decided about."""

ANY_HOST_PATTERN = Pattern(f"<{ANY_HOST}:{ANY_HOST}>", (Variable(ANY_HOST, ANY_HOST),))
"""What stands for the host of a route without one, where others name theirs."""


_PATHS = sequence(Text("/"), complement(sequence(Text("/"), EVERYTHING)))
"""A Map keeps one of the slashes in front of a path."""


class Search:
    """The routes of a manifest that can be decided about, each as a claim, in file order.

    Left out are mounts, routes that only build URLs, hosts that can never match, and routes with a
    converter that is not known. What is left keeps its order, whatever those take.
    """

    def __init__(self, routes: Sequence[Route], matching: Matching, vocabulary: Vocabulary) -> None:
        self.has_hosts = any(route.host is not None for route in routes)
        self.claims: list[Claim] = []
        self.matching = matching
        self._vocabulary = vocabulary
        self._cutter = Cutter(vocabulary.converter)
        self._root = Node()
        self._unknown: list[re.Pattern[str]] = []
        heads = Heads.of(routes)
        for route in routes:
            if not (route.build_only or isinstance(route.target, MountTarget)):
                self._add(route, heads.verbs_of(route))
        self._root.finish()
        self._positions = {id(claim.route): n for n, claim in enumerate(self.claims)}
        self._ranks = {place: rank for rank, place in enumerate(self._root.ranks())}

    def universe(self, claim: Claim) -> Expression:
        """All that a request can name: a path, behind a host (with a port as in the claim's)."""
        if claim.host is None:
            return _PATHS
        return sequence(HOSTS_WITH_PORT if names_port(claim.host) else HOSTS, _PATHS)

    def taken(self, claim: Claim, ending: Ending) -> Taken | None:
        """What a claim takes of that universe; None if no path has that ending."""
        paths = self._vocabulary.taken(claim.pattern, ending)
        if paths is None or claim.host is None:
            return paths
        hosts = self._vocabulary.taken(claim.host)
        return joined([hosts, paths]) if hosts else None

    def url(self, text: str) -> URL:
        """A text of such a language, as a URL."""
        if not self.has_hosts:
            return URL(None, text)
        host, _, path = text.partition("/")
        return URL(host, f"/{path}")

    def samples(self, claim: Claim) -> Iterator[URL]:
        """A few URLs that a claim accepts, if it can be told which."""
        paths = self._vocabulary.samples(claim.pattern)
        if claim.host is None:
            return (URL(None, path) for path in paths)
        hosts = [ELSEWHERE]
        if claim.host is not ANY_HOST_PATTERN:
            hosts = list(self._vocabulary.samples(claim.host))
        return (URL(hosts[n % len(hosts)], path) for n, path in enumerate(paths) if hosts)

    def takers(self, url: URL, verb: str) -> Iterator[Taker]:
        """All that take a URL with a verb, in the order in which they are tried."""
        takers = self._root.takers(url.segments)
        return (taker for taker in takers if taker.claim.takes(verb))

    def rank(self, claim: Claim, ending: Ending) -> int:
        """When a claim is tried for paths of an ending: the lower, the sooner."""
        return self._ranks[claim, ending]

    def behind(self, claim: Claim) -> Iterator[Rival]:
        """The claims that come after one, and might take the same URLs."""
        return self._root.behind(claim, claim.parts)

    def position(self, route: Route) -> int:
        """Where a route of a claim stands, in file order."""
        return self._positions[id(route)]

    def opener(self, winner: Claim, loser: Claim) -> Claim | None:
        """What stands first and begins like the winner of a tie, so that it comes first as well.

        None if the winner itself stands before the loser.
        """
        if self.position(winner.route) < self.position(loser.route):
            return None
        alike = common_parts(winner, loser) + 1
        return next(claim for claim in self.claims if claim.parts[:alike] == winner.parts[:alike])

    def slash_twins(self) -> Iterator[tuple[list[Claim], list[Claim]]]:
        """Claims of the same pattern, those without the slash at the end, and those with it."""
        return self._root.slash_twins()

    def is_doubtful(self, url: URL) -> bool:
        """Whether a converter that is not known might take a path, on whatever host."""
        return any(expression.fullmatch(url.path) for expression in self._unknown)

    def _add(self, route: Route, verbs: frozenset[str] | None) -> None:
        host = (route.host or ANY_HOST_PATTERN) if self.has_hosts else None
        merges = _either(route.merge_slashes, self.matching.merge_slashes)
        pattern = merged(route.pattern) if merges else route.pattern
        node = self._root
        parts: list[Part] = []
        try:
            for part in self._parts(host, pattern):
                parts.append(part)
                node = node.into(part)
        except (UnknownConverterError, UndecidedError, RepeatedGroupError):
            self._unknown.append(_anything_like(pattern))
            return
        is_strict = _either(route.strict_slashes, self.matching.strict_slashes)
        claim = Claim(route, host, pattern, verbs, is_strict, tuple(parts))
        self.claims.append(claim)
        node.claims.append(claim)

    def _parts(self, host: Pattern | None, pattern: Pattern) -> Iterator[Part]:
        hosts = self._cutter.parts(host) if host else ()
        paths = self._cutter.parts(pattern)
        for number, part in enumerate(chain(hosts, paths)):
            if number == MOST_PARTS:
                raise UndecidedError(f"more than {MOST_PARTS} parts")
            if isinstance(part, Varying) and len(part.converters) > MOST_VARIABLES:
                raise UndecidedError(f"more than {MOST_VARIABLES} variables in one part")
            yield part


def _anything_like(pattern: Pattern) -> re.Pattern[str]:
    """All paths that a pattern could take, whatever its converters are."""
    parts = [re.escape(p.text) if isinstance(p, Literal) else "(?s:.*)" for p in pattern.parts]
    # Of two anythings in a row, one is enough, and the other would be tried for long.
    return re.compile("".join(part for part, _ in groupby(parts)).removesuffix("/") + "/{0,2}")


def _either(own: bool | None, default: bool) -> bool:
    return default if own is None else own
