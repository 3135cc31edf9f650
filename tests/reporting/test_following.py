"""What has become of a change, in one line."""

import pytest

from tests.support.project import Project
from webzeug.loader import read
from webzeug.manifest.address import Address
from webzeug.manifest.changes import Changes
from webzeug.reporting.following import as_problem, restarted, serves, swapped
from webzeug.reporting.style import PLAIN, Style
from webzeug.reporting.text import render_one


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (Changes(), "no route is different"),
        (Changes(added=("/a", "GET /b")), "added /a, GET /b"),
        (Changes(("/a",), ("/b",), ("/c",)), "added /a; removed /b; changed /c"),
        (
            Changes(removed=tuple("/abcdefg")),
            "removed 8 routes: /, a, b, c, d, ...",
        ),
        (Changes(added=("/\x1b[31m",)), "added /<U+001B>[31m"),
    ],
)
def test_what_is_different(changes: Changes, said: str) -> None:
    """Routes that came, went and changed; a few are named, of many the number is."""
    assert swapped(12.4, changes, mended=False) == f"swapped in 12 ms: {said}"


def test_what_has_restarted() -> None:
    """The files that have changed, and the routes."""
    assert restarted(80, ["shop/views.py"], Changes(), mended=False) == (
        "restarted in 80 ms: shop/views.py"
    )
    said = restarted(1200.6, list("abcdef"), Changes(added=("/x",)), mended=True)
    assert said == "mended, and restarted in 1201 ms: a, b, c, d, e, ...; added /x"


def test_colours() -> None:
    """What has been done stands out in a terminal."""
    said = swapped(1, Changes(), mended=True, style=Style(color=True))
    assert said.startswith("\x1b[32m\x1b[1mmended, and swapped\x1b[0m in 1 ms")


@pytest.mark.parametrize(
    ("address", "where"),
    [
        (Address("127.0.0.1", 80), "http://127.0.0.1:80/"),
        (Address("0.0.0.0", 80), "http://127.0.0.1:80/ and all other addresses"),
        (Address("::", 80), "http://[::1]:80/ and all other addresses"),
        (Address(path="x.sock"), "unix:x.sock"),
    ],
)
def test_where_it_serves(address: Address, where: str) -> None:
    """The address as a person types it."""
    assert serves("routes.toml", 1, address) == f"webzeug serves routes.toml (1 route) on {where}"


def test_a_problem_for_another_process(project: Project) -> None:
    """All that JSON says of it, and how it is shown, with colours and without."""
    project.write("routes.toml", "[routes\n")
    (diagnostic,) = read(str(project.manifest)).diagnostics
    problem = as_problem(diagnostic, Style(color=True))
    assert (problem["code"], problem["line"]) == (diagnostic.kind.code, 1)
    assert problem["text"] == render_one(diagnostic, PLAIN)
    assert problem["terminal"] == render_one(diagnostic, Style(color=True)) != problem["text"]
