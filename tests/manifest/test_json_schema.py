"""The JSON Schema of manifests takes what the decoder takes, and knows every key."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import tomli
from hypothesis import given, settings
from hypothesis import strategies as st

from webzeug.manifest.json_schema import JSONSchema, json_schema
from webzeug.manifest.reading import read_manifest
from webzeug.manifest.schema import MIDDLEWARE, TABLES, VERB, Key, Type

ROOT = Path(__file__).parents[2]
SCHEMA = json_schema()
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)
KEYS = [key for table in (*TABLES, VERB, MIDDLEWARE) for key in table]
VALUES: dict[Type, st.SearchStrategy[Any]] = {
    Type.STRING: st.text()
    | st.sampled_from(["a.b", "https://a.b/c", "127.0.0.1:80", "/a/b", "//a", "", "text", "/"]),
    Type.INTEGER: st.integers(-1, 3) | st.integers() | st.sampled_from([301, 302, 2**40]),
    Type.SECONDS: st.integers(-1, 90_000) | st.floats(allow_nan=False, allow_infinity=False),
    Type.STRINGS: st.lists(st.text() | st.sampled_from(["*", "https://a", ".a.b", "[::1]"])),
}


def test_it_is_a_schema() -> None:
    """It holds to the meta-schema of draft-07."""
    assert SCHEMA["$schema"] == "http://json-schema.org/draft-07/schema#"
    jsonschema.Draft7Validator.check_schema(SCHEMA)


def test_everything_is_described() -> None:
    """Each property, in whatever table, says what it is for."""
    described = dict(_properties(SCHEMA))
    assert {key.name for key in KEYS} <= set(described)
    assert [name for name, schema in described.items() if not schema.get("description")] == []


def _properties(schema: JSONSchema) -> Iterator[tuple[str, JSONSchema]]:
    for value in schema.values():
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, dict):
                yield from _properties(inner)
    properties = schema.get("properties", {})
    yield from (pair for pair in properties.items() if isinstance(pair[1], dict))


def _manifests() -> list[Path]:
    """The sound manifests of this repository."""
    found = [ROOT / "routes.example.toml", *(ROOT / "examples").rglob("*routes*.toml")]
    cases = (ROOT / "tests" / "golden").glob("WZ*/routes.toml")
    return found + [case for case in cases if read_manifest(str(case))[1] == ()]


@pytest.mark.parametrize("path", _manifests(), ids=lambda path: path.parent.name)
def test_sound_manifests_are_taken(path: Path) -> None:
    """What reads without a problem has none here."""
    with path.open("rb") as file:
        assert [error.message for error in VALIDATOR.iter_errors(tomli.load(file))] == []


@pytest.mark.parametrize(
    "text",
    [
        '[rotes]\n"/" = "a.B"',
        '[routes]\nx = "a.B"',
        '[routes]\n"/" = 1',
        '[routes]\n"/" = { veiw = "a.B" }',
        '[routes]\n"/" = { GET = 1 }',
        '[routes]\n"/" = { GET = { veiw = "a.B" } }',
        '[routes."/a"."/b"]\nveiw = "a.B"',
        '[routes]\n"/" = { view = "a.B", methods = "GET" }',
        '[routes]\n"/" = { redirect = "a", status = 200 }',
        '[routes]\n"/" = { view = "a.B", name = "a b" }',
        '[routes]\n"/" = { view = "a.B", middleware = [{ with = {} }] }',
        '[errors]\n200 = "a.B"',
        "[errors]\n404 = 1",
        "[converters]\na = 1",
        "[env]\na.b = 1",
        '[server]\nbnd = ""',
        "[server]\nmax_connections = 0",
        "[server]\nheader_timeout = 0",
        '[server]\naccess_log = "xml"',
        '[server]\nhealth = "healthz"',
        '[middleware]\nuse = "a.b"',
    ],
)
def test_mistakes_are_refused(text: str) -> None:
    """Misspelt keys, wrong types, values out of range."""
    assert not VALIDATOR.is_valid(tomli.loads(text))


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.name)
@settings(deadline=None, database=None, max_examples=60)
@given(data=st.data())
def test_values_are_judged_as_the_decoder_does(key: Key, data: st.DataObject) -> None:
    """Of values of the right type, the schema takes those that the decoder takes."""
    value = data.draw(VALUES.get(key.type, st.none()))
    if value is None or key.name == "bind":  # the schema leaves addresses to lint
        return
    schema = next(_of_key(key))
    is_sound = key.problem(value) is None
    if "\n" in str(value) and "pattern" in str(schema):  # `$` of Python takes a line's end
        return
    assert jsonschema.Draft7Validator(schema).is_valid(value) == is_sound


def _of_key(key: Key) -> Iterator[JSONSchema]:
    for name, schema in _properties(SCHEMA):
        if name == key.name and schema["description"] == key.doc:
            yield schema


def test_a_pattern_is_one_in_other_languages_too() -> None:
    """No look-around and no named group, which Rust and Go do not have."""
    patterns = re.findall(r"'pattern': '([^']*)'", str(SCHEMA))
    assert patterns
    assert [pattern for pattern in patterns if "(?" in pattern] == []
