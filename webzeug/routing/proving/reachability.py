"""Routes that no request can reach, because others take everything that they would take.

A route is called unreachable only by proof: a URL of the route is looked for that no other takes
first; whoever takes one is asked for all that it takes, and the search goes on without that, until
nothing of the route is left. What cannot be decided is not reported.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from webzeug.manifest.model import Route
from webzeug.routing.proving.claims import URL, Claim, Reason, reason
from webzeug.routing.proving.contest import Contest
from webzeug.routing.proving.default_redirects import DefaultRedirects
from webzeug.routing.proving.members import UndecidedError
from webzeug.routing.proving.regular import (
    EVERYTHING,
    Besides,
    Expression,
    Repeat,
    Text,
    both,
    complement,
    contains,
    sequence,
)
from webzeug.routing.proving.search import Search
from webzeug.routing.proving.vocabulary import Ending

_ORDINARY = both(
    Repeat(Besides(frozenset("\n")), 0, None),
    complement(sequence(EVERYTHING, Text("//"), EVERYTHING)),
)


@dataclass(frozen=True, slots=True)
class Coverer:
    """A route that comes before another, and why.

    ``ending`` is how the paths end that it takes. ``opener`` is the earlier route that it owes its
    place to, because both begin alike; None unless that decides.
    """

    route: Route
    reason: Reason
    ending: Ending = Ending.EXACT
    opener: Route | None = None


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A route that no request can reach: each URL that it would answer is taken by a coverer.

    The coverers are in file order, by what they owe their place to. ``urls`` are examples, as far
    as some are known, and ``verb`` is one of the route's. ``is_but_for_odd_paths`` tells that
    a path with a line break (``%0A``) or two slashes in a row could still lead to the route.
    """

    route: Route
    coverers: tuple[Coverer, ...]
    urls: tuple[URL, ...]
    verb: str
    is_but_for_odd_paths: bool = False


@dataclass(frozen=True, slots=True)
class Reachable:
    """A route that answers a URL with a verb; ANY_VERB stands for one that no route names."""

    route: Route
    url: URL
    verb: str


@dataclass(frozen=True, slots=True)
class Undecided:
    """A route that may be reachable or not: an application's own converter, a regex in the way."""

    route: Route


Verdict = Unreachable | Reachable | Undecided


def find_unreachable(search: Search) -> list[Unreachable]:
    """The routes that are proved to be unreachable, in file order."""
    return [verdict for verdict in judge(search) if isinstance(verdict, Unreachable)]


def judge(search: Search) -> Iterator[Verdict]:
    """A verdict about each route that the search knows, in file order."""
    redirects = DefaultRedirects(search)
    for claim in search.claims:
        canonical = redirects.always(claim)
        if canonical is not None:
            yield _unreachable(search, claim, [Coverer(canonical.route, Reason.DEFAULTS)])
        else:
            yield _Trial(search, redirects, claim).verdict()


class _Trial:
    """One claim: is there a URL that it answers?"""

    def __init__(self, search: Search, redirects: DefaultRedirects, claim: Claim) -> None:
        self._search = search
        self._redirects = redirects
        self._claim = claim

    def verdict(self) -> Verdict:
        verb = self._claim.asked[0]
        for url in self._search.samples(self._claim):
            if self._answers(url, verb):
                return Reachable(self._claim.route, url, verb)
        try:
            return self._proof()
        except _GapError as gap:
            url = self._search.url(gap.text)
            if self._answers(url, gap.verb):
                return Reachable(self._claim.route, url, gap.verb)
        except UndecidedError:
            pass
        return Undecided(self._claim.route)

    def _answers(self, url: URL, verb: str) -> bool:
        first = next(self._search.takers(url, verb), None)
        if first is None or first.claim is not self._claim or not first.answers:
            return False
        return not self._redirects.may_redirect(first, verb)

    def _proof(self) -> Unreachable:
        """Proof that others take all that the claim would answer.

        Raises _GapError with a URL that may be left, or UndecidedError.
        """
        universe = self._search.universe(self._claim)
        try:
            return _unreachable(self._search, self._claim, self._coverers(universe))
        except _GapError as gap:
            if contains(_ORDINARY, gap.text):
                raise
        coverers = self._coverers(both(universe, _ORDINARY))
        proof = _unreachable(self._search, self._claim, coverers)
        return replace(proof, is_but_for_odd_paths=True)

    def _coverers(self, universe: Expression) -> list[Coverer]:
        coverers: list[Coverer] = []
        for ending in self._claim.answered:
            taken = self._search.taken(self._claim, ending)
            if taken is not None:
                more = self._coverers_of(both(taken.accepted.most, universe), ending)
                coverers += [coverer for coverer in more if coverer not in coverers]
        if not coverers:
            raise UndecidedError("its own converters take nothing, which another check reports")
        return sorted(coverers, key=lambda each: self._search.position(each.opener or each.route))

    def _coverers_of(self, wanted: Expression, ending: Ending) -> list[Coverer]:
        contest = Contest(self._search, self._claim, wanted, ending)
        for verb in self._claim.asked:
            text = contest.uncontested(verb)
            if text is not None:
                raise _GapError(text, verb)
        parts = contest.necessary(self._claim.asked)
        return [self._coverer(winner, ending) for winner, ending in parts]

    def _coverer(self, winner: Claim, ending: Ending) -> Coverer:
        why = reason(winner, ending, self._claim)
        opener = self._search.opener(winner, self._claim) if why is Reason.ORDER else None
        return Coverer(winner.route, why, ending, opener.route if opener else None)


class _GapError(Exception):
    """A URL that nobody is known to take before the route."""

    def __init__(self, text: str, verb: str) -> None:
        super().__init__(text)
        self.text = text
        self.verb = verb


def _unreachable(search: Search, claim: Claim, coverers: Iterable[Coverer]) -> Unreachable:
    verb = next(iter(claim.route.methods or ()), "GET")
    return Unreachable(claim.route, tuple(coverers), tuple(search.samples(claim)), verb)
