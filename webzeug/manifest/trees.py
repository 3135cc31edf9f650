"""Trees of config values: looked up, put together, and filled with texts from outside."""

from collections.abc import Mapping, Sequence
from typing import Any

from webzeug.manifest.document import parse_document

_BOOLEANS = {"true": True, "1": True, "yes": True, "on": True}
_BOOLEANS |= {"false": False, "0": False, "no": False, "off": False, "": False}


def look_up(tree: Mapping[str, Any], keys: Sequence[str]) -> Any:
    """The value at a key path, or None."""
    value: Any = tree
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def put(tree: Mapping[str, Any], keys: Sequence[str], value: object) -> dict[str, Any]:
    """A copy of the tree with one value set; tables are made as needed."""
    key, *rest = keys
    inner = tree.get(key)
    if rest:
        value = put(inner if isinstance(inner, Mapping) else {}, rest, value)
    return {**tree, key: value}


def merge(base: Mapping[str, Any], top: Mapping[str, Any]) -> dict[str, Any]:
    """Two trees as one; a value of ``top`` wins, tables are merged."""
    merged = dict(base)
    for key, value in top.items():
        inner = merged.get(key)
        if isinstance(inner, Mapping) and isinstance(value, Mapping):
            merged[key] = merge(inner, value)
        else:
            merged[key] = value
    return merged


def type_name(value: object) -> str:
    """How a message names what another value must be, to be like this one."""
    match value:
        case bool():
            return "true or false"
        case int():
            return "a whole number"
        case float():
            return "a number"
        case str():
            return "a string"
        case list():
            return "a list"
        case Mapping():
            return "a table"
        case _:
            return "a date or time"


def is_like(default: object, value: object) -> bool:
    """Whether a value is of its default's type; a whole number may stand for a number."""
    if isinstance(default, float):
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return type(default) is type(value)


def value_like(text: str, default: object) -> Any:
    """A text from outside as a value of the default's type; without one, as TOML or as text.

    Raises ValueError, with what would be right, if it does not fit.
    """
    if isinstance(default, str):
        return text
    if isinstance(default, bool):
        if text.lower() not in _BOOLEANS:
            raise ValueError("it must be true or false")
        return _BOOLEANS[text.lower()]
    value = toml_value(text)
    if default is None:
        return text if value is None else value
    if not is_like(default, value):
        form = ", written as TOML" if isinstance(default, (list, Mapping)) else ""
        raise ValueError(f"it must be {type_name(default)}{form}")
    return value


def toml_value(text: str) -> Any:
    """The value of a text that is one TOML value; else None."""
    document, _ = parse_document(f"value = {text}".encode(errors="surrogatepass"), "")
    if document is None or document.data.keys() != {"value"}:
        return None
    return document.data["value"]
