"""URLs that two routes would take: by the order in the file alone, or hidden by a converter."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from webzeug.manifest.model import Route
from webzeug.routing.parts import Part, Varying
from webzeug.routing.proving.claims import URL, Claim, Taker
from webzeug.routing.proving.contest import Contest
from webzeug.routing.proving.languages import taken_by
from webzeug.routing.proving.members import UndecidedError
from webzeug.routing.proving.regular import Expression, both, complement
from webzeug.routing.proving.search import Search
from webzeug.routing.proving.vocabulary import Ending


@dataclass(frozen=True, slots=True)
class Tie:
    """Two routes that both take a URL, and that only their order in the file decides about."""

    first: Route
    second: Route
    url: URL
    verb: str


@dataclass(frozen=True, slots=True)
class Hidden:
    """A URL that nobody answers: one route takes it, then its converter refuses the value.

    ``lower`` would answer it, but no other route is tried. ``variables`` are those refused.
    """

    refusing: Route
    lower: Route
    url: URL
    verb: str
    variables: tuple[str, ...]


def find_ties(search: Search) -> Iterator[Tie]:
    """For each route, the first one after it that weighs the same and takes a URL of its."""
    for claim in search.claims:
        for rival in search.behind(claim):
            if rival.by_order:
                shared = _shared(search, claim, rival.claim)
                if shared is not None:
                    yield Tie(claim.route, rival.claim.route, *shared)
                    break


def find_hidden(search: Search) -> Iterator[Hidden]:
    """For each route with a converter that refuses values, a lower route that would take them.

    Both are alike up to the variable that is refused: a route that has another path, such as one
    that takes all the rest, is not meant for the values that a converter refuses elsewhere.
    """
    for claim in search.claims:
        if _may_refuse(claim.parts):
            for rival in search.behind(claim):
                if rival.part is None or _may_refuse([rival.part]):
                    hidden = _hidden(search, claim, rival.claim)
                    if hidden is not None:
                        yield hidden
                        break


def _may_refuse(parts: Iterable[Part]) -> bool:
    """Whether a converter in some parts takes texts that it then refuses."""
    return any(
        taken.matched != taken.accepted
        for part in parts
        if isinstance(part, Varying)
        for taken in map(taken_by, part.converters)
    )


def _shared(search: Search, claim: Claim, other: Claim) -> tuple[URL, str] | None:
    """A URL that both would answer, and a verb, so that the claim comes first."""
    verb = claim.shared_verb(other)
    taken = search.taken(claim, Ending.EXACT) if verb else None
    if verb is None or taken is None:
        return None
    found = _contested(search, claim, other, taken.accepted.least, verb)
    return (found[0], verb) if found and found[1].answers else None


def _hidden(search: Search, claim: Claim, lower: Claim) -> Hidden | None:
    verb = claim.shared_verb(lower)
    taken = search.taken(claim, Ending.EXACT) if verb else None
    if verb is None or taken is None:
        return None
    refused = both(taken.matched.least, complement(taken.accepted.most))
    found = _contested(search, claim, lower, refused, verb)
    if found is None or not found[1].refused:
        return None
    url, taker = found
    return Hidden(claim.route, lower.route, url, verb, taker.refused)


def _contested(
    search: Search, claim: Claim, other: Claim, wanted: Expression, verb: str
) -> tuple[URL, Taker] | None:
    """A URL that a claim takes first, of those wanted that another would answer."""
    taken = search.taken(other, Ending.EXACT)
    if taken is None:
        return None
    wanted = both(wanted, taken.accepted.least, search.universe(claim), search.universe(other))
    try:
        text = Contest(search, claim, wanted).uncontested(verb)
    except UndecidedError:
        return None
    if text is None:
        return None
    url = search.url(text)
    takers = list(search.takers(url, verb))
    is_other_there = any(taker.claim is other and taker.answers for taker in takers)
    return (url, takers[0]) if is_other_there and takers[0].claim is claim else None
