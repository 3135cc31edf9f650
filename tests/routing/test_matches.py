"""Rules compile their URL builders late; what that takes for granted of Werkzeug."""

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.routing import Map, Rule

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
