"""Values from outside the manifest: ``--set``, ``--config FILE`` and the environment.

Precedence, the later wins: ``[config]``, ``--config``, ``[env]``, ``--set``.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from webzeug.diagnostics import Kind, Severity
from webzeug.manifest.decoding import Findings, allowed_help, did_you_mean
from webzeug.manifest.document import MAX_DEPTH, Document, Place
from webzeug.manifest.entries import MISPLACED_KEY
from webzeug.manifest.model import Variable
from webzeug.manifest.schema import MATCHING, SERVER, Table, Type
from webzeug.manifest.trees import is_like, look_up, merge, put, toml_value, type_name, value_like
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
    """One ``--set``: its table, the key path below it, the text after ``=``, and both places."""

    table: str
    keys: tuple[str, ...]
    text: str
    key_span: Span = field(compare=False)
    value_span: Span = field(compare=False)

    @property
    def name(self) -> str:
        return ".".join(self.keys)

    def __str__(self) -> str:
        return f"{self.table}.{self.name}"


def parse_setting(text: str, findings: Findings) -> Setting | None:
    """Read ``table.key=value``; report what is wrong with it."""
    source = Source("--set", text)
    left, equals, right = text.partition("=")
    table, *keys = left.strip().split(".")
    key_span = Span(source, 0, len(left))
    if table in SETTABLE and keys and all(keys) and equals and len(keys) < MAX_DEPTH:
        value_span = Span(source, len(left) + 1, len(text))
        return Setting(table, tuple(keys), right.strip(), key_span, value_span)
    if table in SETTABLE or not equals or not all([table, *keys]) or len(keys) >= MAX_DEPTH:
        message = f"`{text}` is not of the form table.key=value"
        help_text = _example("page_size", "50")
    else:
        message = f"--set reaches [config], [matching] and [server], not `{left.strip()}`"
        help_text = _example(left.strip(), right)
    findings.add(BAD_SETTING, message, key_span, help=help_text)
    return None


def _example(key: str, value: str) -> str:
    table = next((table.name for table in (MATCHING, SERVER) if key in table), "config")
    return f"write --set {table}.{key}={value}"


def decode_env(
    data: Mapping[str, Any], place: Place, config: Mapping[str, Any], findings: Findings
) -> list[Variable]:
    """The entries of ``[env]``: a tree like ``[config]`` whose values are variables' names."""
    variables: list[Variable] = []
    for key, value in data.items():
        here, default = place.child(key), config.get(key)
        if isinstance(value, dict):
            if default is not None and not isinstance(default, Mapping):
                message = f"`{key}` is one value in [config], not a table"
                findings.add(BAD_ENV, message, here.key, help="name one variable for it")
            inner = default if isinstance(default, Mapping) else {}
            variables += decode_env(value, here, inner, findings)
        elif not isinstance(value, str):
            findings.wrong_type(value, here, "the name of an environment variable in quotes")
        elif not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", value):
            message = f"`{value}` is not the name of an environment variable"
            findings.add(BAD_ENV, message, here.value, help='write a name such as "DATABASE_URL"')
        elif isinstance(default, Mapping):
            message = f"`{key}` is a table in [config], which one variable cannot set"
            findings.add(BAD_ENV, message, here.key, help="name a variable for each of its values")
        else:
            variables.append(Variable(tuple(map(str, here.path[1:])), value, here))
    return variables


def apply_config_file(
    config: Mapping[str, Any], document: Document, findings: Findings
) -> dict[str, Any]:
    """``[config]`` with a ``--config`` file on top; types must stay those of the defaults."""
    data = document.data
    if isinstance(data.get("config"), Mapping) and "config" not in config:
        message = "this file holds the values of [config], without that header"
        place = document.place("config")
        findings.add(MISPLACED_KEY, message, place.value, help="remove the header")
    _compare(config, data, document.place(), findings)
    return merge(config, data)


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
            if near:
                findings.add(UNLISTED_CONFIG, f"[config] has no key `{key}`", here.key, help=near)
        elif not is_like(default, value):
            findings.wrong_type(value, here, f"{type_name(default)}, like its default")


def apply_environment(
    config: Mapping[str, Any],
    variables: Sequence[Variable],
    environment: Mapping[str, str],
    findings: Findings,
) -> dict[str, Any]:
    """``config`` with what the environment sets; a missing variable needs a default.

    A text becomes a value of its default's type. Without a default it stays a text: what a
    password is must not depend on whether it looks like a number.
    """
    result = dict(config)
    for variable in variables:
        default = look_up(config, variable.key)
        name = ".".join(variable.key)
        if variable.name in environment:
            try:
                text = environment[variable.name]
                value = text if default is None else value_like(text, default)
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
    """``config`` with every ``--set config.…`` on top; without a default, as TOML or a text."""
    result = dict(config)
    for setting in settings:
        if setting.table == "config":
            try:
                value = value_like(setting.text, look_up(result, setting.keys))
            except ValueError as error:
                message = f"`{setting}` does not fit: {error}"
                findings.add(BAD_SETTING, message, setting.value_span)
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
        if setting.name not in table:
            message = f"[{table.name}] has no key `{setting.name}`"
            help_text = allowed_help(setting.name, [key.name for key in table])
            findings.add(BAD_SETTING, message, setting.key_span, help=help_text)
            continue
        key = table[setting.name]
        value = setting.text if key.type is Type.STRING else toml_value(setting.text)
        problem = key.problem(value)
        if problem is None:
            result[key.name] = value
        else:
            message = f"`{setting}` does not fit: {problem}"
            findings.add(BAD_SETTING, message, setting.value_span)
    return result
