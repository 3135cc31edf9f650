"""Whole numbers between bounds, against Python's own numbers."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from webzeug.routing.proving.numerals import DIGITS, numbers_within
from webzeug.routing.proving.regular import Text, choice, contains, sequence

SIGNED = choice(DIGITS, sequence(Text("-"), DIGITS))
DIGIT_TEXTS = [
    "".join(text) for size in (1, 2, 3) for text in itertools.product("0159", repeat=size)
]
TEXTS = [*DIGIT_TEXTS, *(f"-{text}" for text in DIGIT_TEXTS), "٩", "-٠٣", "", "-", "5-", "--5"]
BOUNDS = st.none() | st.integers(-120, 120) | st.floats(-120, 120)


@given(BOUNDS, BOUNDS, st.sampled_from([0, 0, 1, 2, 3, 4, -1, 2.5]))
@settings(deadline=None, database=None)
def test_numbers_are_within_their_bounds(
    low: float | None, high: float | None, size: float
) -> None:
    """A size counts all characters, the sign too; 0 is none. Leading zeros are as good as any."""

    def is_within(text: str) -> bool:
        if not text.removeprefix("-").isdecimal() or (size and len(text) != size):
            return False
        is_high_enough = low is None or int(text) >= low
        return is_high_enough and (high is None or int(text) <= high)

    numbers = numbers_within(SIGNED, low, high, size)
    assert [text for text in TEXTS if is_within(text)] == [t for t in TEXTS if contains(numbers, t)]
