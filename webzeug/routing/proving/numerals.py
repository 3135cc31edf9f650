"""Whole numbers as they may be written in a path: languages of digits between bounds."""

import math

from webzeug.routing.proving.regular import (
    EMPTY,
    EVERYTHING,
    NOTHING,
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

DIGITS = Repeat(Digits(), 1, None)


def numbers_within(
    matched: Expression, low: float | None, high: float | None, size: float
) -> Expression:
    """The whole numbers from ``low`` to ``high``; of ``size`` characters, unless it is 0."""
    refused: list[Expression] = []
    if low is not None:
        refused.append(_at_most(math.ceil(low) - 1))
    if high is not None:
        refused.append(_at_least(math.floor(high) + 1))
    return without(both(matched, _sized(size)), refused)


def _sized(size: float) -> Expression:
    """All texts of a size; of 0, which stands for none, all. The size may be any number."""
    if size == 0:
        return EVERYTHING
    if size < 0 or size != int(size):
        return NOTHING
    return Repeat(Besides(frozenset()), int(size), int(size))


def _at_least(bound: int) -> Expression:
    """How a whole number that is not less than the bound may be written."""
    if bound <= 0:
        return choice(DIGITS, sequence(Text("-"), _to(-bound)))
    return both(DIGITS, complement(_to(bound - 1)))


def _at_most(bound: int) -> Expression:
    """How a whole number that is not greater than the bound may be written."""
    if bound >= 0:
        return choice(_to(bound), sequence(Text("-"), DIGITS))
    return sequence(Text("-"), both(DIGITS, complement(_to(-bound - 1))))


def _to(bound: int) -> Expression:
    """The digits of a number from 0 to the bound, with any zeros in front."""
    digits = [int(digit) for digit in str(bound)]
    as_long = EMPTY
    for size, digit in enumerate(reversed(digits)):
        lower = Repeat(Digits(0, digit - 1)) if digit else NOTHING
        less = sequence(lower, Repeat(Digits(), size, size))
        as_long = choice(less, sequence(Repeat(Digits(digit, digit)), as_long))
    shorter = Repeat(Digits(), 0, len(digits) - 1)
    zeros = Repeat(Digits(0, 0), 0, None)
    return both(DIGITS, sequence(zeros, choice(as_long, shorter)))
