"""Routes whose patterns differ by the slash at the end only, and surprise because of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from webzeug.manifest.model import RedirectTarget, Route
from webzeug.routing.proving.claims import URL, Claim
from webzeug.routing.proving.search import Search
from webzeug.routing.verbs import WEBSOCKET


@dataclass(frozen=True, slots=True)
class SlashHazard:
    """Two routes ``/x`` and ``/x/``, and a verb that surprises.

    If ``is_lost``, only the one without the slash takes it, so on ``url``, which has the slash, it
    is a 405. Else both take it, and lead to different places.
    """

    bare: Route
    slashed: Route
    url: URL
    verb: str
    is_lost: bool


def find_slash_hazards(search: Search) -> Iterator[SlashHazard]:
    """At most one for the routes of two such patterns. A redirect from one to the other is none."""
    for bare, slashed in search.slash_twins():
        if not any(isinstance(claim.route.target, RedirectTarget) for claim in (*bare, *slashed)):
            url = next(search.samples(slashed[0]), None)
            hazards = [*_lost(bare, slashed), *_different(bare, slashed)]
            if hazards and url is not None:
                first, second, verb, is_lost = hazards[0]
                yield SlashHazard(first.route, second.route, url, verb, is_lost)


_Hazard = tuple[Claim, Claim, str, bool]


def _lost(bare: Iterable[Claim], slashed: Sequence[Claim]) -> Iterator[_Hazard]:
    """Verbs that are written for the pattern without the slash, and not taken with it.

    OPTIONS is answered everywhere; a WebSocket's client is told the whole URL.
    """
    for claim in bare:
        for verb in claim.route.methods or () if claim.is_strict else ():
            is_taken = any(other.takes(verb) for other in slashed)
            if not is_taken and verb not in ("OPTIONS", WEBSOCKET):
                yield claim, slashed[0], verb, True


def _different(bare: Iterable[Claim], slashed: Sequence[Claim]) -> Iterator[_Hazard]:
    """Verbs that both patterns take, for different targets."""
    for claim in bare:
        for other in slashed:
            verb = claim.shared_verb(other)
            if verb is not None and claim.route.target != other.route.target:
                yield claim, other, verb, False
