"""Contest: of some URLs, which does a claim take first, and which do others take before it?"""

from collections.abc import Iterable

from webzeug.routing.proving.claims import Claim
from webzeug.routing.proving.members import UndecidedError, find_member
from webzeug.routing.proving.regular import Expression, contains, without
from webzeug.routing.proving.search import Search
from webzeug.routing.proving.vocabulary import Ending

MOST_RIVALS = 64

Part = tuple[Claim, Ending]
"""A claim, and the ending of the paths that it takes."""


class Contest:
    """The URLs that a claim wants, and those before it that take some of them, as found so far.

    It is found out by example: a URL is looked for that nobody found so far takes; who takes it
    first is asked for all that it takes; and so on, until the claim itself comes first.
    ``ending`` is how the wanted paths end, beside the claim's pattern.
    """

    def __init__(
        self, search: Search, claim: Claim, wanted: Expression, ending: Ending = Ending.EXACT
    ) -> None:
        self._search = search
        self._wanted = wanted
        self._rank = search.rank(claim, ending)
        self._rivals: dict[Part, Expression] = {}

    def uncontested(self, verb: str) -> str | None:
        """A wanted URL that no rival is known to take with a verb; None if there is none.

        The claim need not take it: its converter may refuse, or a rival's language is unknown.
        Raises UndecidedError.
        """
        while (text := self._left(self._rivals, verb)) is not None:
            rival = self._first(text, verb)
            if rival is None:
                return text
            self._rivals.update([rival])
            if len(self._rivals) > MOST_RIVALS:
                raise UndecidedError(f"more than {MOST_RIVALS} rivals")
        return None

    def necessary(self, verbs: Iterable[str]) -> list[Part]:
        """The rivals that cannot be left out: the others take nothing that these do not."""
        parts = list(self._rivals)
        for part in self._rivals:
            others = [other for other in parts if other != part]
            if all(self._left(others, verb) is None for verb in verbs):
                parts = others
        return parts

    def _left(self, parts: Iterable[Part], verb: str) -> str | None:
        taken = [self._rivals[claim, ending] for claim, ending in parts if claim.takes(verb)]
        return find_member(without(self._wanted, taken))

    def _first(self, text: str, verb: str) -> tuple[Part, Expression] | None:
        """The first that is known to take a text before the claim's turn."""
        for taker in self._search.takers(self._search.url(text), verb):
            if self._search.rank(taker.claim, taker.ending) >= self._rank:
                break
            taken = self._search.taken(taker.claim, taker.ending)
            if taken is not None and contains(taken.matched.least, text):
                return (taker.claim, taker.ending), taken.matched.least
        return None
