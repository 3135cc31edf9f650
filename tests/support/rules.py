"""Route tables as data: written as a manifest, and made by hand as the Werkzeug Map of the same.

What the two make of a request must be the same; ``differences`` tells where it is not.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from werkzeug.routing import BaseConverter, Map, Rule

from tests.support.tables import Outcome, ask, ask_map
from webzeug.routing.converters import RegexConverter
from webzeug.routing.table import RouteTable

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


@dataclass(frozen=True, slots=True)
class Row:
    """One rule: a pattern, the name of what answers, and its options; ``host`` "" is every host."""

    pattern: str
    name: str
    methods: tuple[str, ...] | None = None
    host: str = ""
    defaults: Mapping[str, Any] = field(default_factory=dict)
    strict_slashes: bool | None = None
    merge_slashes: bool | None = None

    @property
    def key(self) -> str:
        """The row's key at the top of ``[routes]``."""
        return f"//{self.host}{self.pattern}" if self.host else self.pattern

    @property
    def view(self) -> str:
        """A dotted path for its name; two rows of one name lead to one View."""
        words = "".join(letter if letter.isalnum() else " " for letter in self.name).split()
        return f"views.{''.join(word[:1].upper() + word[1:] for word in words)}"


@dataclass(frozen=True, slots=True)
class Rules:
    """A whole table. ``options`` stand under ``[matching]``, ``converters`` are dotted paths."""

    rows: tuple[Row, ...]
    options: Mapping[str, bool] = field(default_factory=dict)
    converters: Mapping[str, str] = field(default_factory=dict)

    def merges_slashes(self, row: Row) -> bool:
        """Whether doubled slashes are merged for a row."""
        default = self.options.get("merge_slashes", True)
        return default if row.merge_slashes is None else row.merge_slashes


class UnsayableError(ValueError):
    """What a manifest cannot say."""


def one_row_per_verb(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Rows of one pattern as a manifest has them: side by side, and each verb for itself.

    To Werkzeug, one rule of two verbs is not quite two rules: where a converter refuses a value,
    the verbs that were passed over make a 405 of the 404.
    """
    by_key: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_key[row.key].append(row)
    return tuple(
        split
        for sharing in by_key.values()
        for row in sharing
        for split in (_by_verb(row) if len(sharing) > 1 else (row,))
    )


def _by_verb(row: Row) -> Iterable[Row]:
    return (replace(row, methods=(verb,)) for verb in row.methods or ())


# As a Werkzeug Map


def map_of(rules: Rules, converters: Mapping[str, type[BaseConverter]] | None = None) -> Map:
    """The Map that a person would write for the same rules.

    A row without a host gets a variable, for in Werkzeug it would match no host at all; and as
    one row may switch merging on where the others have it off, each rule says it for itself.
    """
    host_matching = any(row.host for row in rules.rows)
    made = [
        Rule(
            row.pattern,
            endpoint=row.name,
            methods=row.methods,
            defaults=dict(row.defaults) or None,
            strict_slashes=row.strict_slashes,
            merge_slashes=rules.merges_slashes(row),
            host=(row.host or "<any_host>") if host_matching else None,
        )
        for row in rules.rows
    ]
    return Map(
        made,
        strict_slashes=rules.options.get("strict_slashes", True),
        merge_slashes=any(map(rules.merges_slashes, rules.rows)),
        redirect_defaults=rules.options.get("redirect_defaults", True),
        converters={"regex": RegexConverter, **(converters or {})},
        host_matching=host_matching,
    )


# As a manifest


def manifest_of(rules: Rules, group_size: int | None = None) -> str:
    """The manifest that a person would write. Raises UnsayableError.

    Rows of one pattern become a table of verbs. With ``group_size``, rows that share their
    first two segments stand in a group, if there are that many of them.
    """
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in rules.rows:
        rows[row.key].append(row)
    tables = {
        "[matching]": rules.options,
        "[converters]": rules.converters,
        **{
            f"[routes.{toml(prefix)}]" if prefix else "[routes]": below
            for prefix, below in _groups(rows, group_size).items()
        },
    }
    return "\n".join(line for header, values in tables.items() for line in _lines(header, values))


def _lines(header: str, values: Mapping[str, Any]) -> list[str]:
    return [header, *(f"{_key(key)} = {toml(value)}" for key, value in values.items()), ""]


def _groups(rows: Mapping[str, list[Row]], size: int | None) -> dict[str, dict[str, Any]]:
    """The entries by the prefix of their group; the empty prefix stands for none.

    The row of a prefix itself stands in its group, as verbs, because a name would be the group's.
    This keeps the order of all patterns that could match the same path.
    """
    counts = Counter(filter(None, map(_prefix, rows)))
    wanted = {prefix for prefix, count in counts.items() if size is not None and count >= size}
    groups: dict[str, dict[str, Any]] = {"": {}}
    for key, sharing in rows.items():
        prefix = _prefix(key)
        if key in wanted:
            groups.setdefault(key, {}).update(_verbs(key, sharing))
        elif prefix in wanted:
            groups.setdefault(prefix, {})[key.removeprefix(prefix)] = _entry(key, sharing)
        else:
            groups[""][key] = _entry(key, sharing)
    return groups


def _prefix(key: str) -> str:
    """The first two segments, if they are literal and something follows."""
    found = re.match(r"(/[^/<>]+){2}(?=/)", key)
    return found.group() if found else ""


def _entry(key: str, rows: list[Row]) -> dict[str, Any]:
    options = _options(rows[0])
    if any(_options(row) != options for row in rows):
        raise UnsayableError(f"{key}: the slashes of one pattern are treated in two ways")
    if len(rows) > 1:
        return {**_verbs(key, rows), **options}
    methods = {} if rows[0].methods is None else {"methods": rows[0].methods}
    return {**_leaf(rows[0]), **methods, **options}


def _verbs(key: str, rows: list[Row]) -> dict[str, Any]:
    verbs: dict[str, Any] = {}
    for row in rows:
        for verb in row.methods or ("every verb",):
            if verb in verbs or row.methods is None:
                raise UnsayableError(f"{key}: two rows claim {verb}")
            verbs[verb] = _leaf(row)
    return verbs


def _options(row: Row) -> dict[str, bool]:
    options = {"strict_slashes": row.strict_slashes, "merge_slashes": row.merge_slashes}
    return {name: value for name, value in options.items() if value is not None}


def _leaf(row: Row) -> dict[str, Any]:
    defaults = {"defaults": row.defaults} if row.defaults else {}
    return {"view": row.view, "name": row.name, **defaults}


def _key(text: str) -> str:
    return text if re.fullmatch(r"[A-Za-z0-9_-]+", text) else toml(text)


def toml(value: object) -> str:
    """A TOML value; strings are JSON strings, and None is what a manifest writes for it."""
    match value:
        case None:
            return "{ none = true }"
        case bool():
            return str(value).lower()
        case str():
            return json.dumps(value, ensure_ascii=False)
        case Mapping():
            items = (f"{_key(key)} = {toml(item)}" for key, item in value.items())
            return f"{{ {', '.join(items)} }}"
        case list() | tuple():
            return f"[{', '.join(map(toml, value))}]"
        case _:
            return repr(value)


# Both asked


@dataclass(frozen=True, slots=True)
class Difference:
    """A request that a table and a Map treat differently."""

    environ: "WSGIEnvironment"
    table: Outcome
    map: Outcome


def differences(
    table: RouteTable[Any], map: Map, environs: Iterable["WSGIEnvironment"]
) -> list[Difference]:
    """The requests whose outcome is not the same in the table and in the hand-made Map."""
    asked = (
        Difference(environ, ask(table, environ), ask_map(map, environ)) for environ in environs
    )
    return [difference for difference in asked if difference.table != difference.map]
