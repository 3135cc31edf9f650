"""The search for a member of a language, which misses none."""

import pytest
from hypothesis import given, settings

from tests.support.random_languages import LANGUAGES, TEXTS, Pair
from webzeug.routing.proving.members import UndecidedError, find_member
from webzeug.routing.proving.regular import (
    EMPTY,
    EVERYTHING,
    NOTHING,
    Among,
    Besides,
    Digits,
    Expression,
    Repeat,
    Text,
    both,
    choice,
    complement,
    sequence,
    without,
)


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


REPEATED = Repeat(Among(frozenset("a")), 1, None)


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
        (both(REPEATED, complement(sequence(REPEATED, REPEATED)), complement(Text("a"))), None),
    ],
)
def test_members_are_plain(language: Expression, expected: str | None) -> None:
    """A letter or an ASCII digit is preferred where it will do."""
    assert expected == find_member(language)


def test_a_search_has_an_end() -> None:
    """A question that takes too many states is given up."""
    with pytest.raises(UndecidedError, match="more than 100 states"):
        find_member(Repeat(Besides(frozenset()), 1000, None), limit=100)
