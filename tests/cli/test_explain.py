"""`webzeug explain`: what a code means."""

import pytest

from tests.cli.conftest import Run
from webzeug.explanations import codes

DUPLICATE = """\
WZ201  duplicate-route (error)

Finds two routes of the same host and pattern that claim the same verb, whatever their variables are
called.

Why it is bad

Only the first one would ever answer.

Example

    [routes]
    "/items/<int:id>" = "shop.Item"
    "/items/<int:item>" = "shop.Other"

Use instead

A verb for each:

    [routes]
    "/items/<int:id>" = { view = "shop.Item", methods = ["GET"] }
    "/items/<int:item>" = { view = "shop.Other", methods = ["PUT"] }

Silent

About routes with `build_only`, which never match.
"""


@pytest.mark.parametrize("code", ["WZ201", "wz201"])
def test_a_code(run: Run, code: str) -> None:
    """All parts of an explanation are printed, code indented."""
    done = run("explain", code)
    assert (done.code, done.out, done.err) == (0, DUPLICATE, "")


def test_all_codes(run: Run) -> None:
    """Without a code, every code stands on a line with its name and severity."""
    lines = run("explain").out.splitlines()
    assert [line.split()[0] for line in lines] == list(codes())
    assert "WZ213  slash-hazard (warning)" in lines


def test_no_such_code(run: Run) -> None:
    """An unknown code exits 2, with the nearest one."""
    done = run("explain", "WZ2101")
    assert (done.code, done.out) == (2, "")
    assert "there is no code WZ2101" in done.err
    assert "did you mean `WZ21" in done.err
    assert "webzeug explain lists all of them" in run("explain", "E501").err
