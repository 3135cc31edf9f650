"""Reading a ``def`` says of a call what Python would say of it."""

import ast
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webzeug.codebase.signatures import Misfit, misfits

NAMES = ("a", "b", "c", "d", "e")


@st.composite
def headers(draw: st.DrawFn) -> str:
    """The parameters of a function, of all kinds."""
    names = iter(draw(st.permutations(NAMES)))
    only, plain, kwonly = (draw(st.integers(0, 2)) for _ in range(3))
    has_default = sorted(
        draw(st.lists(st.booleans(), min_size=only + plain, max_size=only + plain))
    )
    parts = [f"{next(names)}{'=0' if default else ''}" for default in has_default if only + plain]
    if only:
        parts.insert(only, "/")
    if draw(st.booleans()):
        parts.append("*args")
    elif kwonly and only + plain < 5:
        parts.append("*")
    if parts and parts[-1].startswith("*"):
        default = st.sampled_from(["", "=0"])
        parts.extend(f"{name}{draw(default)}" for name in list(names)[:kwonly])
    if parts and parts[-1] == "*":
        parts.pop()
    if draw(st.booleans()):
        parts.append("**more")
    return ", ".join(parts)


def function(header: str) -> tuple[ast.arguments, Callable[..., Any]]:
    """A function with these parameters: its syntax tree, and itself."""
    text = f"def f({header}): ..."
    [node] = ast.parse(text).body
    assert isinstance(node, ast.FunctionDef)
    namespace: dict[str, Any] = {}
    exec(text, namespace)
    return node.args, namespace["f"]


@settings(deadline=None, database=None, max_examples=500)
@given(header=headers(), first=st.integers(0, 2), keywords=st.sets(st.sampled_from(NAMES)))
def test_it_says_what_python_says(header: str, first: int, keywords: set[str]) -> None:
    """A call fits exactly if it raises no TypeError."""
    arguments, made = function(header)
    found = list(misfits(arguments, first, keywords))
    try:
        made(*range(first), **dict.fromkeys(keywords))
    except TypeError:
        assert found, f"({header}) with {first} and {keywords} fits"
    else:
        assert found == [], f"({header}) with {first} and {keywords}"


@pytest.mark.parametrize(
    ("header", "keywords", "expected"),
    [
        ("self, id", {"id"}, []),
        ("self, id", set[str](), [("missing", "id")]),
        ("self", {"id"}, [("unexpected", "id")]),
        ("self, name", {"id"}, [("unexpected", "id"), ("missing", "name")]),
        ("self, id, /", {"id"}, [("positional", "id")]),
        ("self, id=0, /", {"id"}, [("positional", "id")]),
        ("self, id=0, /", set[str](), []),
        ("self, *, id", set[str](), [("missing", "id")]),
        ("self, **more", {"id"}, []),
        ("", set[str](), [("receiver", "")]),
        ("*args", set[str](), []),
        ("self", {"self"}, [("unexpected", "self")]),
    ],
)
def test_reasons(header: str, keywords: set[str], expected: list[tuple[str, str]]) -> None:
    """Each reason is told by its name, once."""
    found: list[Misfit] = list(misfits(function(header)[0], 1, keywords))
    assert [(misfit.reason, misfit.name) for misfit in found] == expected
