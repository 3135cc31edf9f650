"""Random regular languages over a few letters, and all short texts of them."""

import itertools
import re
from collections.abc import Callable

from hypothesis import strategies as st

from webzeug.routing.proving.regular import (
    Among,
    Besides,
    Characters,
    Digits,
    Expression,
    Repeat,
    Text,
    both,
    choice,
    complement,
    sequence,
)

LETTERS = "ab1٣/"
"""Texts are made of these: named ones, one that no language names, and digits of two scripts."""

TEXTS = ["".join(text) for size in range(4) for text in itertools.product(LETTERS, repeat=size)]

CHARACTERS: dict[str, Characters] = {
    "a": Among(frozenset("a")),
    "[a/]": Among(frozenset("a/")),
    "[^/]": Besides(frozenset("/")),
    "(?s:.)": Besides(frozenset()),
    r"\d": Digits(),
    "[1١]": Digits(1, 1),
}

Pair = tuple[Expression, Callable[[str], bool]]
"""A language, and whether a text is in it, said in another way."""


@st.composite
def atoms(draw: st.DrawFn) -> Pair:
    """A text, or some characters of a kind."""
    if draw(st.booleans()):
        fixed = draw(st.text(LETTERS, max_size=3))
        return Text(fixed), lambda text: text == fixed
    pattern = draw(st.sampled_from(sorted(CHARACTERS)))
    least, more = draw(st.integers(0, 2)), draw(st.integers(0, 2) | st.none())
    most = None if more is None else least + more
    expression = re.compile(f"{pattern}{{{least},{'' if most is None else most}}}")
    repeat = Repeat(CHARACTERS[pattern], least, most)
    return repeat, lambda text: expression.fullmatch(text) is not None


def combined(pairs: st.SearchStrategy[Pair]) -> st.SearchStrategy[Pair]:
    """Sequences, choices, intersections and complements of languages."""

    def in_sequence(first: Pair, second: Pair) -> Pair:
        def has(text: str) -> bool:
            cuts = range(len(text) + 1)
            return any(first[1](text[:cut]) and second[1](text[cut:]) for cut in cuts)

        return sequence(first[0], second[0]), has

    def in_choice(first: Pair, second: Pair) -> Pair:
        return choice(first[0], second[0]), lambda text: first[1](text) or second[1](text)

    def in_both(first: Pair, second: Pair) -> Pair:
        return both(first[0], second[0]), lambda text: first[1](text) and second[1](text)

    def in_none(pair: Pair) -> Pair:
        return complement(pair[0]), lambda text: not pair[1](text)

    two = [st.builds(combine, pairs, pairs) for combine in (in_sequence, in_choice, in_both)]
    return st.one_of(*two, st.builds(in_none, pairs))


LANGUAGES = st.recursive(atoms(), combined, max_leaves=5)
