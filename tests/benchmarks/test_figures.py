"""How samples become medians, spreads, ratios and tables."""

from benchmarks.figures import Collection, spread
from benchmarks.showing import number, table


def test_a_ratio_is_the_median_of_those_within_the_rounds() -> None:
    """It is not the ratio of the medians: a round that is slow for all says nothing."""
    found = Collection(samples={"hello": {"a": [1.0, 20.0, 3.0], "b": [2.0, 10.0, 3.0]}})
    figures = found.figures("part", "title", "us", ["a", "b"], "b")
    assert figures.ratio("hello", "a") == 1.0
    assert figures.ratio("hello", "b") == 1.0
    assert figures.as_json()["summary"]["hello"]["a"]["median"] == 3.0


def test_there_is_no_ratio_to_what_was_not_measured() -> None:
    """Neither without a baseline, nor where it has no samples."""
    found = Collection(samples={"hello": {"a": [1.0]}})
    assert found.figures("part", "title", "us", ["a"]).ratio("hello", "a") is None
    assert found.figures("part", "title", "us", ["a"], "b").ratio("hello", "a") is None


def test_a_spread_is_relative_to_the_median() -> None:
    """Half of the samples lie within it."""
    assert spread([1.0, 2.0, 3.0, 4.0, 5.0]) == 2.0 / 3.0
    assert spread([7.0]) == 0.0


def test_numbers_have_three_digits_that_count() -> None:
    """Whatever their size."""
    assert [number(n) for n in (0.125, 1.25, 12.5, 1250.0)] == ["0.125", "1.25", "12.5", "1,250"]


def test_a_table_has_a_row_for_each_peer() -> None:
    """In their order, with a dash for what is missing, and the notes below."""
    found = Collection(
        {"hello": {"b": [2.0, 2.0], "a": [1.0, 1.0]}, "1000": {"b": [4.0, 4.0]}},
        ["c: not installed"],
    )
    lines = table(found.figures("part", "title", "us", ["a", "b", "c"], "b")).splitlines()
    assert lines[0] == "title: us, median of 2, relative IQR, x of b"
    assert [line.split() for line in lines[1:]] == [
        ["hello", "1,000"],
        ["a", "1.00", "±0%", "0.500x", "-"],
        ["b", "2.00", "±0%", "1.00x", "4.00", "±0%", "1.00x"],
        ["*", "c:", "not", "installed"],
    ]
