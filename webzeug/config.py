"""Config: a tree of values that nobody can change after the start."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

Config = Mapping[str, Any]
"""Read-only, nested: ``app.config["mail"]["host"]``; lists become tuples, sets frozen sets."""


def freeze(tree: Mapping[str, Any]) -> Config:
    """A deep, read-only copy."""
    return MappingProxyType({key: _freeze(value) for key, value in tree.items()})


def _freeze(value: Any) -> Any:
    if isinstance(value, Mapping):
        return freeze(value)
    if isinstance(value, list) or type(value) is tuple:
        return tuple(_freeze(item) for item in value)
    return frozenset(value) if isinstance(value, set) else value
