"""The garbage collector waits while something large is made."""

import gc
from collections.abc import Iterator

import pytest

from webzeug.collecting import paused_collector
from webzeug.manifest.model import Reference, Route, ViewTarget
from webzeug.manifest.patterns import parse_pattern
from webzeug.routing.compiling import Ingredients, compile_table


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    was_enabled = gc.isenabled()
    yield
    (gc.enable if was_enabled else gc.disable)()


@pytest.mark.parametrize("is_enabled", [True, False])
def test_the_collector_is_left_as_it_was(is_enabled: bool) -> None:
    """Compiling pauses the garbage collector, and then leaves it as it was."""
    pattern, _ = parse_pattern("/a")
    assert pattern is not None
    seen: list[bool] = []

    def handler_of(route: Route) -> None:
        seen.append(gc.isenabled())

    (gc.enable if is_enabled else gc.disable)()
    compile_table([Route(pattern, ViewTarget(Reference("v.A")))], handler_of, Ingredients())
    assert (seen, gc.isenabled()) == ([False], is_enabled)


def test_what_was_made_counts_as_old() -> None:
    """The next collections of young objects do not go through it."""
    with paused_collector():
        made: list[list[int]] = [[number] for number in range(10_000)]
    assert not any(each is made for each in gc.get_objects(generation=0))
    assert any(each is made for each in gc.get_objects(generation=2))


def test_what_is_frozen_stays_frozen() -> None:
    """As in a server that has frozen all before it forked."""
    gc.freeze()
    try:
        with paused_collector():
            pass
        assert gc.get_freeze_count()
    finally:
        gc.unfreeze()
