"""Which routes a path may have meant: a quick look at the fixed text of all patterns."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from werkzeug.routing import BaseConverter, Map

from webzeug.manifest.model import MountTarget, Route
from webzeug.manifest.patterns import Literal, Pattern, Variable
from webzeug.routing.explaining.probing import Converters

_ALIKE = 0.6  # difflib's own idea of close
_MAX_TYPOS = 2
_MAX_COMPARED = 100

Pairs = list[tuple[str, str]]
"""Segments of a pattern, each beside the word that the path has in its place."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A route near a path, by its index in the table.

    ``difference`` says what of the pattern's fixed text is not in the path; it is "" where all
    is there, so that the route might match. ``distance`` grows with the difference.
    """

    index: int
    difference: str = ""
    distance: float = 0.0


def segments(pattern: Pattern, render: Callable[[Variable], str] = str) -> list[str]:
    """A pattern cut at its slashes, empty segments left out; one inside ``<...>`` cuts nothing."""
    text = pattern.text
    if render is str and "(" not in text and "//" not in text:
        inner = text.strip("/")
        return inner.split("/") if inner else []
    cut = [""]
    for part in pattern.parts:
        if isinstance(part, Literal):
            first, *rest = part.text.split("/")
            cut[-1] += first
            cut += rest
        else:
            cut[-1] += render(part)
    return [segment for segment in cut if segment]


@dataclass(slots=True)
class Neighbourhood:
    """The routes near one path, whatever their verbs and hosts."""

    path: str
    converters: Converters
    _words: list[str] = field(init=False)
    _spanning: "re.Pattern[str]" = field(init=False)

    def __post_init__(self) -> None:
        self._words = [word for word in self.path.split("/") if word]
        self._spanning = spanning(self.converters)

    def survey(
        self, routes: Iterable[Route], *, with_similar: bool
    ) -> tuple[list[Neighbour], list[Neighbour]]:
        """The routes that might match, and the similar ones; in both, the nearest first.

        The first have all their fixed text in the path. Similar are those whose fixed text is
        written a little differently, or that lack the beginning or the end of the path, or have
        one more than it.
        """
        fitting: list[Neighbour] = []
        similar: list[Neighbour] = []
        typos: list[tuple[int, Pairs]] = []
        for index, route in enumerate(routes):
            cut = segments(route.pattern)
            pairs = self._aligned(cut, route)
            if pairs is None:
                if with_similar:
                    similar += self._shifted(index, cut)
            elif not (wrong := _differing(pairs)):
                fitting.append(Neighbour(index, distance=-sum(a == b for a, b in pairs)))
            elif with_similar and len(wrong) <= _MAX_TYPOS:
                typos.append((index, wrong))
        return _nearest_first(fitting), _nearest_first([*similar, *_likely(typos)])

    def _aligned(self, cut: Sequence[str], route: Route) -> Pairs | None:
        """The pairs of a pattern; None if it has too many segments, or too few."""
        words, text = self._words, route.pattern.text
        if isinstance(route.target, MountTarget):
            words = words[: len(cut)]
        if "<" not in text or not self._spanning.search(text):
            return list(zip(cut, words, strict=True)) if len(cut) == len(words) else None
        wide = [index for index, segment in enumerate(cut) if self._spanning.search(segment)]
        before, after = wide[0], len(cut) - wide[-1] - 1
        if len(words) < before + after:
            return None
        return [*zip(cut[:before], words, strict=False), *_ends(cut, words, after)]

    def _shifted(self, index: int, cut: Sequence[str]) -> list[Neighbour]:
        """The route, if its beginning or its end is all that path and pattern share."""
        words = self._words
        surplus = abs(len(cut) - len(words))
        size = min(len(cut), len(words))
        is_ours = len(cut) > len(words)
        longer = cut if is_ours else words
        if _is_shared(list(zip(cut, words, strict=False))):
            text = "/".join(longer[size:])
            return [Neighbour(index, _surplus(text, is_ours=is_ours, is_end=True), surplus)]
        if _is_shared(_ends(cut, words, size)):
            text = "/".join(longer[:surplus])
            return [Neighbour(index, _surplus(text, is_ours=is_ours, is_end=False), surplus + 0.5)]
        return []


def spanning(converters: Converters) -> "re.Pattern[str]":
    """Finds the variables that may hold a slash, or none at all, for all that is known."""
    names = [name for name, converter in converters.items() if not _is_one_segment(converter)]
    return re.compile(f"<(?:{'|'.join(map(re.escape, names))})[(:]")


def _is_one_segment(converter: type[BaseConverter]) -> bool:
    return converter in Map.default_converters.values() and converter.part_isolating


def _ends(cut: Sequence[str], words: Sequence[str], size: int) -> Pairs:
    return list(zip(cut[len(cut) - size :], words[len(words) - size :], strict=True))


def _differing(pairs: Pairs) -> Pairs:
    return [pair for pair in pairs if pair[0] != pair[1] and "<" not in pair[0]]


def _is_shared(pairs: Pairs) -> bool:
    """Whether no fixed text differs, and there is some."""
    return not _differing(pairs) and any(ours == theirs for ours, theirs in pairs)


def _surplus(text: str, *, is_ours: bool, is_end: bool) -> str:
    if is_ours:
        return f"it {'goes on' if is_end else 'begins'} with `/{text}`, which the URL lacks"
    return f"it has no `/{text}` {'at its end' if is_end else 'in front'}"


def _likely(typos: Iterable[tuple[int, Pairs]]) -> list[Neighbour]:
    """Those of which each differing segment is like the word in its place."""
    # Shared characters are cheap to count; the ratio is worth its time for the best only.
    counted = [
        (min(_shared_characters(*pair) for pair in wrong), -index, wrong) for index, wrong in typos
    ]
    best = sorted((item for item in counted if item[0] >= _ALIKE), reverse=True)[:_MAX_COMPARED]
    found = []
    for _, negative, wrong in best:
        ratios = [_ratio(*pair) for pair in wrong]
        if min(ratios) >= _ALIKE:
            texts = " and ".join(f"`{ours}` where the URL has `{theirs}`" for ours, theirs in wrong)
            distance = sum(1 - ratio for ratio in ratios)
            found.append(Neighbour(-negative, f"it has {texts}", distance))
    return found


def _shared_characters(ours: str, theirs: str) -> float:
    """A rough likeness, from 0 to 1: how many different characters both have."""
    first, second = set(ours.casefold()), set(theirs.casefold())
    return 2 * len(first & second) / (len(first) + len(second))


def _ratio(ours: str, theirs: str) -> float:
    return SequenceMatcher(None, ours.casefold(), theirs.casefold(), autojunk=False).ratio()


def _nearest_first(neighbours: list[Neighbour]) -> list[Neighbour]:
    return sorted(neighbours, key=lambda neighbour: neighbour.distance)
