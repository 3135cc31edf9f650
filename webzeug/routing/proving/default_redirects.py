"""Redirects from a URL that spells a default out to the one without it.

They happen among routes of one name with the same arguments, to the one with most defaults, then
the first (``MapAdapter.get_default_redirect``), and only within one host.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from webzeug.manifest.patterns import Variable
from webzeug.routing.proving.claims import Claim, Taker
from webzeug.routing.proving.search import Search


class DefaultRedirects:
    """The routes of a search that others of their name may be redirected to."""

    def __init__(self, search: Search) -> None:
        self._canonical: dict[str, list[Claim]] = {}
        if search.matching.redirect_defaults:
            for claim in search.claims:
                if claim.route.name is not None and claim.route.defaults:
                    self._canonical.setdefault(claim.route.name, []).append(claim)
        for claims in self._canonical.values():
            claims.sort(key=lambda claim: -len(claim.route.defaults))

    def always(self, claim: Claim) -> Claim | None:
        """The claim that all URLs of another are redirected to, whatever their variables."""
        for other in self._before(claim):
            takes_all = other.verbs is None or (claim.verbs or {None}) <= other.verbs
            # A converter that is the same on both sides refuses no value of the other.
            has_same = set(other.variables) <= set(claim.variables)
            is_certain = takes_all and has_same and claim.host == other.host
            if is_certain and _agrees(claim.route.defaults, other):
                return other
        return None

    def may_redirect(self, taker: Taker, verb: str) -> bool:
        """Whether the Map redirects a URL that somebody takes, if it is to the same host."""
        values = {**(taker.args or {}), **taker.claim.route.defaults}
        return any(
            other.takes(verb) and _agrees(values, other) for other in self._before(taker.claim)
        )

    def _before(self, claim: Claim) -> Iterator[Claim]:
        """The claims that may be preferred to one."""
        for other in self._canonical.get(claim.route.name or "", ()):
            if other is claim:
                return
            if _arguments(claim) == _arguments(other) and _outline(claim) != _outline(other):
                yield other


def _agrees(values: Mapping[str, Any], canonical: Claim) -> bool:
    return canonical.route.defaults.items() <= values.items()


def _arguments(claim: Claim) -> set[str]:
    return {*claim.names, *claim.route.defaults}


def _outline(claim: Claim) -> list[str]:
    """Host and pattern as Werkzeug compares rules: converters do not count."""
    patterns = (claim.host, claim.pattern) if claim.host else (claim.pattern,)
    return [
        f"<{part.name}>" if isinstance(part, Variable) else part.text
        for pattern in patterns
        for part in pattern.parts
    ]
