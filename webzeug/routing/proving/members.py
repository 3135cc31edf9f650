"""The search for a member of a regular language, which finds one if there is any."""

from collections import deque
from collections.abc import Collection, Iterator
from functools import lru_cache

from webzeug.routing.proving.regular import NOTHING, Among, Characters, Digits, Expression

STATES = 20_000
"""How many derivatives are looked at before a question is given up."""


class UndecidedError(Exception):
    """A question that would take too long to answer."""


def find_member(language: Expression, limit: int = STATES) -> str | None:
    """A shortest member, or None if there is none. Raises UndecidedError beyond the limit.

    Of characters that would all do, it prefers letters and digits that the language does not
    name: a member that is like any other.
    """
    # What all members begin with is left out of the search: what follows is often the same.
    beginning = ""
    passed: set[Expression] = set()
    while not language.has_empty and (step := _only_step(language)) is not None:
        if language in passed:
            return None
        passed.add(language)
        letter, language = step
        beginning += letter
    rest = _search(language, limit)
    return None if rest is None else beginning + rest


def _only_step(language: Expression) -> tuple[str, Expression] | None:
    """The one character that all members begin with, and what follows; None if there are more."""
    steps = _steps(language)
    if len(steps) == 1 and Among(frozenset(steps[0][0])) in language.told_apart:
        return steps[0]
    return None


def _steps(language: Expression) -> list[tuple[str, Expression]]:
    """Characters that a member can begin with, one of each kind, and what may follow."""
    steps = [(each, language.after(each)) for each in _representatives(language.told_apart)]
    return [(letter, following) for letter, following in steps if following is not NOTHING]


@lru_cache(maxsize=4096)
def _search(language: Expression, limit: int) -> str | None:
    seen = {language}
    waiting = deque([(language, "")])
    while waiting:
        state, text = waiting.popleft()
        if state.has_empty:
            return text
        for letter, following in _steps(state):
            if following not in seen:
                seen.add(following)
                waiting.append((following, text + letter))
        if len(seen) > limit:
            raise UndecidedError(f"more than {limit} states")
    return None


@lru_cache(maxsize=4096)
def _representatives(sets: frozenset[Characters]) -> tuple[str, ...]:
    """Of all characters that are in the same of some sets, one; the nicer ones first."""
    named: set[str] = set()
    for each in sets:
        named.update(() if isinstance(each, Digits) else each.members)
    fresh = _fresh(named)
    candidates = {fresh, *named}
    if any(isinstance(each, Digits) for each in sets):
        candidates.update(_digit(value, named) for value in range(10))
    chosen: dict[tuple[bool, ...], str] = {}
    for letter in sorted(candidates, key=lambda letter: _rank(letter, fresh)):
        chosen.setdefault(tuple([letter in each for each in sets]), letter)
    return tuple(chosen.values())


def _rank(letter: str, fresh: str) -> tuple[bool, bool, bool, str]:
    """Where a character stands in the order of preference, which only makes examples nicer."""
    is_plain = letter.isascii() and letter.isalnum()
    return (letter != fresh, not is_plain, letter == "0", letter)


def _fresh(named: Collection[str]) -> str:
    """A character that is not named, nor a digit."""
    return next(letter for letter in _letters() if letter not in named)


def _letters() -> Iterator[str]:
    yield from "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    yield from (letter for letter in map(chr, range(0xC0, 0x110000)) if letter.isalpha())


def _digit(value: int, named: set[str]) -> str:
    """A digit of a value that is not named."""
    digits = (
        letter for letter in map(chr, range(0x30, 0x110000)) if letter in Digits(value, value)
    )
    return next(digit for digit in digits if digit not in named)
