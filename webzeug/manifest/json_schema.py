"""The manifest's language as JSON Schema (draft-07), for editors that complete and check TOML.

It is made from the same table as the decoder, and refuses nothing that the decoder takes. What a
schema cannot say (which keys go together, names that clash, patterns) is for ``webzeug lint``.
"""

from collections.abc import Mapping
from typing import Any

from webzeug.manifest.schema import MIDDLEWARE, ROUTE, TABLES, VERB, Key, Table, Type

JSONSchema = dict[str, Any]

_STRING = {"type": "string"}
_DOTTED_PATH = {"type": "string", "description": "A dotted path: package.module.name."}
_TYPES: Mapping[Type, JSONSchema] = {
    Type.STRING: _STRING,
    Type.BOOLEAN: {"type": "boolean"},
    Type.INTEGER: {"type": "integer"},
    Type.SECONDS: {"type": "number"},
    Type.STRINGS: {"type": "array", "items": _STRING},
    Type.STRING_OR_STRINGS: {"anyOf": [_STRING, {"type": "array", "items": _STRING}]},
    Type.BOOLEAN_OR_STRING: {"type": ["boolean", "string"]},
    Type.TABLE: {"type": "object", "additionalProperties": True},
    Type.MIDDLEWARES: {
        "type": "array",
        "items": {"anyOf": [_DOTTED_PATH, {"$ref": "#/definitions/middleware"}]},
    },
}
_PATTERN = "^/"
_VERB = "^[A-Z]"
_STATUS = "^[45][0-9][0-9]$"


def json_schema() -> JSONSchema:
    """The schema of a whole manifest."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "webzeug manifest",
        "description": "The routes of a web application, and how they are served.",
        "type": "object",
        "properties": {table.name: _table(table) for table in TABLES},
        "additionalProperties": False,
        "definitions": {
            "route": _either_path_or(_route(), ROUTE.doc),
            "verb": _either_path_or(_object(VERB), VERB.doc),
            "middleware": _object(MIDDLEWARE) | {"required": ["use"]},
            "variables": {
                "description": "Names of environment variables, in the same tables as [config].",
                "type": "object",
                "additionalProperties": {"anyOf": [_STRING, {"$ref": "#/definitions/variables"}]},
            },
        },
    }


def _table(table: Table) -> JSONSchema:
    """A top-level table."""
    described: JSONSchema = {"description": table.doc}
    match table.name:
        case "routes":
            routes = {_PATTERN: {"$ref": "#/definitions/route"}}
            return described | _with_patterns(routes)
        case "middleware":
            return described | _TYPES[Type.MIDDLEWARES]
        case "config":
            return described | _TYPES[Type.TABLE]
        case "env":
            return described | {"type": "object", "$ref": "#/definitions/variables"}
        case "errors":
            return described | _with_patterns({_STATUS: _DOTTED_PATH})
        case "converters" | "resources":
            return described | {"type": "object", "additionalProperties": _DOTTED_PATH}
    return _object(table)


def _with_patterns(patterns: JSONSchema) -> JSONSchema:
    return {"type": "object", "patternProperties": patterns, "additionalProperties": False}


def _route() -> JSONSchema:
    """A table of a route or a group: options, verbs, and the routes below it."""
    below = {_PATTERN: {"$ref": "#/definitions/route"}, _VERB: {"$ref": "#/definitions/verb"}}
    return _object(ROUTE) | {"patternProperties": below}


def _either_path_or(table: JSONSchema, doc: str) -> JSONSchema:
    path = {"type": "string", "description": "Dotted path of the View class that answers."}
    return {"description": doc, "anyOf": [path, table]}


def _object(table: Table) -> JSONSchema:
    """A table with fixed keys."""
    return {
        "description": table.doc,
        "type": "object",
        "properties": {key.name: _value(key) for key in table},
        "additionalProperties": False,
    }


def _value(key: Key) -> JSONSchema:
    schema: JSONSchema = {"description": key.doc} | _TYPES[key.type] | dict(key.check.schema)
    if key.default is not None:
        default = key.default
        schema["default"] = list(default) if isinstance(default, tuple) else default
    return schema
