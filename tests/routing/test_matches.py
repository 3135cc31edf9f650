"""Rules compile their URL builders late; what that takes for granted of Werkzeug."""

import gc
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.routing import Map, Rule

from webzeug.manifest.model import Reference, Route, ViewTarget
from webzeug.manifest.patterns import parse_pattern
from webzeug.routing.compiling import Ingredients, compile_table
from webzeug.routing.matches import RouteRule


def test_when_werkzeug_compiles_builders() -> None:
    """Contract: a rule that joins a Map asks ``_compile_builder`` twice, and binds the results."""
    asked: list[bool] = []

    class Watched(Rule):
        def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
            asked.append(append_unknown)
            return lambda rule, **values: (str(append_unknown), str(values))

    rule = Watched("/<x>", endpoint="x")
    Map([rule])
    assert sorted(asked) == [False, True]
    assert rule.build({"x": 1}, append_unknown=True) == ("True", "{'x': 1}")
    assert rule.build({"x": 1}, append_unknown=False) == ("False", "{'x': 1}")


def test_builders_are_compiled_when_a_url_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once, with the first URL, and never for a rule that only matches."""
    compiled: list[str] = []
    original = Rule._compile_builder

    def watched(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiled.append(rule.rule)
        return original(rule, append_unknown)

    monkeypatch.setattr(Rule, "_compile_builder", watched)
    rules = [RouteRule[Any]("/a/<int:x>", endpoint="a"), RouteRule[Any]("/b/<x>", endpoint="b")]
    adapter = Map(rules).bind("h")
    assert adapter.match("/a/7") == ("a", {"x": 7})
    assert compiled == []
    urls = [adapter.build("a", {"x": number, "q": "r"}) for number in (1, 2)]
    assert urls == ["/a/1?q=r", "/a/2?q=r"]
    assert compiled == ["/a/<int:x>"]


@pytest.mark.parametrize("is_enabled", [True, False])
def test_the_collector_is_left_as_it_was(is_enabled: bool) -> None:
    """Compiling pauses the garbage collector, and then leaves it as it was."""
    pattern, _ = parse_pattern("/a")
    assert pattern is not None
    was_enabled = gc.isenabled()
    seen: list[bool] = []

    def handler_of(route: Route) -> None:
        seen.append(gc.isenabled())

    try:
        (gc.enable if is_enabled else gc.disable)()
        compile_table([Route(pattern, ViewTarget(Reference("v.A")))], handler_of, Ingredients())
        assert (seen, gc.isenabled()) == ([False], is_enabled)
    finally:
        (gc.enable if was_enabled else gc.disable)()
