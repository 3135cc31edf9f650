"""Trees of config values, and texts that become values."""

import datetime
from typing import Any

import pytest

from webzeug.manifest.trees import is_like, look_up, merge, put, toml_value, type_name, value_like


def test_look_up() -> None:
    """A value at a key path, or None where the path ends early."""
    tree = {"a": {"b": 1, "c": {}}, "d": 2}
    assert look_up(tree, ["a", "b"]) == 1
    assert look_up(tree, []) == tree
    assert [look_up(tree, keys) for keys in (["a", "x"], ["d", "b"], ["x"])] == [None] * 3


def test_put() -> None:
    """A copy with one value set; tables are made, and a plain value makes way for them."""
    tree: dict[str, Any] = {"a": {"b": 1}, "c": 2}
    assert put(tree, ["a", "x"], 3) == {"a": {"b": 1, "x": 3}, "c": 2}
    assert put(tree, ["c", "y"], 4) == {"a": {"b": 1}, "c": {"y": 4}}
    assert put(tree, ["d"], 5) == {"a": {"b": 1}, "c": 2, "d": 5}
    assert tree == {"a": {"b": 1}, "c": 2}


def test_merge() -> None:
    """Tables are merged, all else is replaced; neither tree is changed."""
    base: dict[str, Any] = {"a": {"b": 1, "c": [1]}, "d": 2, "e": {"f": 3}}
    top: dict[str, Any] = {"a": {"c": [2]}, "d": {"x": 1}, "e": 4, "g": 5}
    merged = {"a": {"b": 1, "c": [2]}, "d": {"x": 1}, "e": 4, "g": 5}
    assert merge(base, top) == merged
    assert base == {"a": {"b": 1, "c": [1]}, "d": 2, "e": {"f": 3}}


@pytest.mark.parametrize(
    ("text", "default", "value"),
    [
        ("50", 20, 50),
        ("1_000", 20, 1000),
        ("0x10", 20, 16),
        ("50", "x", "50"),
        ("", "x", ""),
        (' "quoted" ', "x", ' "quoted" '),
        ("0.5", 1.5, 0.5),
        ("2", 1.5, 2),
        ("true", False, True),
        ("ON", False, True),
        ("1", False, True),
        ("yes", False, True),
        ("no", True, False),
        ("off", True, False),
        ("0", True, False),
        ("", True, False),
        ('["a", "b"]', ["x"], ["a", "b"]),
        ("[]", ["x"], []),
        ("{ a = 1 }", {"x": 1}, {"a": 1}),
        ("2026-11-25", datetime.date(2000, 1, 1), datetime.date(2026, 11, 25)),
        ("5", None, 5),
        ("true", None, True),
        ('"5"', None, "5"),
        ("postgresql:///shop", None, "postgresql:///shop"),
        ("1\nb = 2", None, "1\nb = 2"),
        ("", None, ""),
        ("9" * 5000, None, "9" * 5000),
        ("[" * 500, None, "[" * 500),
        ("\udc80", None, "\udc80"),
    ],
)
def test_texts_as_values(text: str, default: object, value: object) -> None:
    """A text becomes a value of its default's type; without one, a TOML value, or a text."""
    result = value_like(text, default)
    assert (result, type(result)) == (value, type(value))


@pytest.mark.parametrize(
    ("text", "default", "message"),
    [
        ("many", 20, "it must be a whole number"),
        ("0.5", 20, "it must be a whole number"),
        ("true", 20, "it must be a whole number"),
        ("", 20, "it must be a whole number"),
        ("half", 0.5, "it must be a number"),
        ("true", 0.5, "it must be a number"),
        ("perhaps", True, "it must be true or false"),
        ("2", True, "it must be true or false"),
        ("a, b", ["x"], "it must be a list, written as TOML"),
        ("a", {"x": 1}, "it must be a table, written as TOML"),
        ("tomorrow", datetime.date(2000, 1, 1), "it must be a date or time"),
        ("1\nb = 2", 20, "it must be a whole number"),
    ],
)
def test_texts_that_do_not_fit(text: str, default: object, message: str) -> None:
    """A text that is no value of the default's type is refused with what would be."""
    with pytest.raises(ValueError, match=f"^{message}$"):
        value_like(text, default)


@pytest.mark.parametrize(
    ("default", "value", "like"),
    [
        (1, 2, True),
        (1, 2.0, False),
        (1, True, False),
        (True, 1, False),
        (1.5, 2, True),
        (1.5, True, False),
        ("a", "b", True),
        (["a"], [1], True),
        ({}, {"a": 1}, True),
        (datetime.date(2000, 1, 1), datetime.time(1), False),
    ],
)
def test_is_like(default: object, value: object, like: bool) -> None:
    """A value is like another of its type; a whole number may stand for a number."""
    assert is_like(default, value) is like


def test_type_names() -> None:
    """What messages call the types of TOML."""
    values = [True, 1, 1.5, "a", [1], {}, datetime.time(1)]
    assert [type_name(value) for value in values] == [
        "true or false", "a whole number", "a number", "a string", "a list", "a table",
        "a date or time",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "#", "1 2", "1\n", "[", "x", '"', "1\n[b]", "'''a"])
def test_what_is_no_toml_value(text: str) -> None:
    """A text that is not exactly one value is None; a line end after one does no harm."""
    assert toml_value(text) == (1 if text == "1\n" else None)
