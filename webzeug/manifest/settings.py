"""Values from outside the manifest: ``--set``, ``--config FILE`` and the environment.

Precedence, the later wins: ``[config]``, ``--config``, ``[env]``, ``--set``.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import tomli

from webzeug.diagnostics import Kind, Severity
from webzeug.manifest.decoding import Findings, allowed_help, describe, did_you_mean
from webzeug.manifest.document import Document, Place
from webzeug.manifest.model import Variable
from webzeug.manifest.schema import Key, Table, Type
from webzeug.source import Source, Span

BAD_SETTING = Kind("WZ020", "bad-setting")
MISSING_VARIABLE = Kind("WZ021", "missing-variable")
BAD_ENV = Kind("WZ022", "bad-env")
UNLISTED_CONFIG = Kind("WZ023", "unlisted-config", Severity.WARNING)

SETTABLE = ("config", "matching", "server")


@dataclass(frozen=True, slots=True)
class Overrides:
    """What the person who starts the program adds to the manifest.

    ``settings`` are ``--set`` texts (``server.bind=:8000``); ``config`` is a parsed ``--config``
    file; ``environment`` is None for commands that must not read it.
    """

    settings: Sequence[str] = ()
    config: Document | None = None
    environment: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """One ``--set``: its table, the key path below it, and the text after ``=``."""

    table: str
    keys: tuple[str, ...]
    text: str
    span: Span = field(compare=False)

    def __str__(self) -> str:
        return f"{self.table}.{'.'.join(self.keys)}"


def parse_setting(text: str, findings: Findings) -> Setting | None:
    """Read ``table.key=value``; report what is wrong with it."""
    source = Source("--set", text)
    left, equals, right = text.partition("=")
    table, *keys = left.strip().split(".")
    span = Span(source, 0, len(left))
    if not equals or not keys or not all(keys):
        message = f"`{text}` is not of the form table.key=value"
        findings.add(BAD_SETTING, message, span, help="write --set config.page_size=50")
        return None
    if table not in SETTABLE:
        message = f"--set reaches {', '.join(f'[{name}]' for name in SETTABLE)}, not `{table}`"
        findings.add(BAD_SETTING, message, span, help=f"write --set config.{left}={right}")
        return None
    return Setting(table, tuple(keys), right.strip(), span)


def value_like(text: str, default: object) -> Any:
    """A text from outside as a value of the default's type; without a default, as TOML or text.

    Raises ValueError, with what would be right, if the text does not fit.
    """
    if isinstance(default, str):
        return text
    if isinstance(default, bool):
        return _boolean(text)
    value = _toml_value(text)
    if default is None:
        return text if value is None else value
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is type(default):
        return value
    raise ValueError(f"it must be like the default, {json.dumps(default, default=str)}")


def _boolean(text: str) -> bool:
    words = {"true": True, "1": True, "yes": True, "on": True}
    words |= {"false": False, "0": False, "no": False, "off": False, "": False}
    if text.lower() not in words:
        raise ValueError("it must be true or false")
    return words[text.lower()]


def _toml_value(text: str) -> Any:
    try:
        return tomli.loads(f"value = {text}")["value"]
    except (tomli.TOMLDecodeError, KeyError):
        return None


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


def decode_env(
    data: Mapping[str, Any], place: Place, config: Mapping[str, Any], findings: Findings
) -> list[Variable]:
    """The entries of ``[env]``: a tree like ``[config]`` whose values are variables' names."""
    variables: list[Variable] = []
    for key, value in data.items():
        here = place.child(key)
        if isinstance(value, dict):
            inner = config.get(key, {})
            inner = inner if isinstance(inner, Mapping) else {}
            variables += decode_env(value, here, inner, findings)
        elif not isinstance(value, str):
            findings.wrong_type(key, value, here, "the name of an environment variable in quotes")
        elif not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", value):
            message = f"`{value}` is not the name of an environment variable"
            findings.add(BAD_ENV, message, here.value, help='write a name such as "DATABASE_URL"')
        elif isinstance(config.get(key), Mapping):
            message = f"`{key}` is a table of [config], which one variable cannot set"
            findings.add(BAD_ENV, message, here.key, help="name each of its values")
        else:
            variables.append(Variable(here.path[1:], value, here))  # type: ignore[arg-type]
    return variables


def apply_config_file(
    config: Mapping[str, Any], document: Document, findings: Findings
) -> dict[str, Any]:
    """``[config]`` with a ``--config`` file on top; types must stay those of the defaults."""
    _compare(config, document.data, document.place(), findings)
    return merge(config, document.data)


def _compare(
    defaults: Mapping[str, Any], data: Mapping[str, Any], place: Place, findings: Findings
) -> None:
    for key, value in data.items():
        here = place.child(key)
        default = defaults.get(key)
        if isinstance(default, Mapping) and isinstance(value, Mapping):
            _compare(default, value, here, findings)
        elif default is None:
            near = did_you_mean(key, defaults)
            if key not in defaults and near:
                findings.add(UNLISTED_CONFIG, f"[config] has no key `{key}`", here.key, help=near)
        elif not _same_type(default, value):
            findings.wrong_type(key, value, here, f"{describe(default)} like its default")


def _same_type(default: object, value: object) -> bool:
    if isinstance(default, float):
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return type(default) is type(value)


def apply_environment(
    config: Mapping[str, Any],
    variables: Sequence[Variable],
    environment: Mapping[str, str],
    findings: Findings,
) -> dict[str, Any]:
    """``config`` with what the environment sets; a missing variable needs a default."""
    result = dict(config)
    for variable in variables:
        default = look_up(config, variable.key)
        name = ".".join(variable.key)
        if variable.name in environment:
            try:
                value = value_like(environment[variable.name], default)
            except ValueError as error:
                message = f"the environment variable {variable.name} does not fit `{name}`: {error}"
                findings.add(BAD_ENV, message, variable.place.value)
            else:
                result = put(result, variable.key, value)
        elif default is None:
            message = f"the environment variable {variable.name} is not set"
            help_text = f"set it, or give `{name}` a default in [config]"
            findings.add(MISSING_VARIABLE, message, variable.place.value, help=help_text)
    return result


def apply_settings(
    config: Mapping[str, Any], settings: Sequence[Setting], findings: Findings
) -> dict[str, Any]:
    """``config`` with every ``--set config.…`` on top."""
    result = dict(config)
    for setting in settings:
        if setting.table == "config":
            try:
                value = value_like(setting.text, look_up(result, setting.keys))
            except ValueError as error:
                findings.add(BAD_SETTING, f"`{setting}` does not fit: {error}", setting.span)
            else:
                result = put(result, setting.keys, value)
    return result


def set_options(
    table: Table, values: Mapping[str, Any], settings: Sequence[Setting], findings: Findings
) -> dict[str, Any]:
    """The values of a table with fixed keys, with every ``--set`` for it on top."""
    result = dict(values)
    for setting in settings:
        if setting.table != table.name:
            continue
        name = ".".join(setting.keys)
        if name not in table:
            help_text = allowed_help(name, [key.name for key in table])
            findings.add(
                BAD_SETTING, f"[{table.name}] has no key `{name}`", setting.span, help=help_text
            )
        elif (problem := _option_problem(table[name], setting)) is not None:
            findings.add(BAD_SETTING, f"`{setting}` does not fit: {problem}", setting.span)
        else:
            result[name] = _option_value(table[name], setting)
    return result


def _option_value(key: Key, setting: Setting) -> Any:
    return setting.text if key.type is Type.STRING else _toml_value(setting.text)


def _option_problem(key: Key, setting: Setting) -> str | None:
    value = _option_value(key, setting)
    if not key.type.accepts(value):
        return f"it must be {key.type.value}"
    return key.check(value)
