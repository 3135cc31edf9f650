"""Regular languages: what they contain, and that the search for a member misses none."""

import itertools
import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webzeug.routing.proving.regular import (
    EMPTY,
    EVERYTHING,
    NOTHING,
    Among,
    Besides,
    Characters,
    Digits,
    Expression,
    Repeat,
    Text,
    UndecidedError,
    both,
    choice,
    complement,
    contains,
    find_member,
    sequence,
    without,
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


@given(LANGUAGES)
@settings(deadline=None, database=None)
def test_a_language_contains_its_members(pair: Pair) -> None:
    """Derivatives agree with what the combinations mean."""
    language, has = pair
    assert [text for text in TEXTS if has(text)] == [t for t in TEXTS if contains(language, t)]


@given(LANGUAGES)
@settings(deadline=None, database=None)
def test_a_member_is_found_if_there_is_one(pair: Pair) -> None:
    """What is found is a member, and one of the shortest."""
    language, has = pair
    member = find_member(language)
    members = [text for text in TEXTS if has(text)]
    if member is None:
        assert members == []
    else:
        assert has(member)
        assert len(member) <= min(map(len, members), default=len(member))


@given(LANGUAGES, LANGUAGES)
@settings(deadline=None, database=None)
def test_inclusion_is_a_difference_without_members(first: Pair, second: Pair) -> None:
    """What is left of a language without another is no member of the other; nothing is missed."""
    left = find_member(without(first[0], [second[0]]))
    if left is None:
        assert [text for text in TEXTS if first[1](text) and not second[1](text)] == []
    else:
        assert first[1](left)
        assert not second[1](left)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (NOTHING, None),
        (EMPTY, ""),
        (EVERYTHING, ""),
        (Text("abc"), "abc"),
        (both(Text("abc"), Text("abd")), None),
        (complement(EVERYTHING), None),
        (complement(NOTHING), ""),
        (complement(complement(Text("a"))), "a"),
        (both(), ""),
        (choice(), None),
        (without(Repeat(Digits()), [Repeat(Among(frozenset("0123456789")))]), "٠"),
        (without(Repeat(Besides(frozenset("/"))), [Text("a"), Text("b")]), "c"),
        (sequence(Repeat(Digits(5, 5)), Text("-")), "5-"),
        (complement(Repeat(Among(frozenset("a")), 0, None)), "b"),
        (Repeat(Among(frozenset()), 1, 2), None),
    ],
)
def test_members_are_plain(language: Expression, expected: str | None) -> None:
    """A letter or an ASCII digit is preferred where it will do."""
    assert expected == find_member(language)


def test_a_search_has_an_end() -> None:
    """A question that takes too many states is given up."""
    with pytest.raises(UndecidedError, match="more than 100 states"):
        find_member(Repeat(Besides(frozenset()), 1000, None), limit=100)


def test_equal_languages_of_one_form_are_equal() -> None:
    """The order and the repetition of alternatives do not count."""
    assert choice(Text("a"), Text("b")) == choice(Text("b"), Text("a"), Text("b"))
    assert both(Text("a"), both(Text("b"), EVERYTHING)) == both(Text("b"), Text("a"))
    assert choice(Text("a"), EVERYTHING) == EVERYTHING
