"""Checks tables against the schema: unknown keys, wrong types, bad values, dotted paths."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from webzeug.diagnostics import Diagnostic, Kind, Label
from webzeug.manifest.document import Place
from webzeug.manifest.model import Lost, MiddlewareUse, Reference
from webzeug.manifest.paths import path_problem
from webzeug.manifest.schema import MIDDLEWARE, Key, Table, Type
from webzeug.source import Span

UNKNOWN_KEY = Kind("WZ010", "unknown-key")
WRONG_TYPE = Kind("WZ011", "wrong-type")
BAD_VALUE = Kind("WZ012", "bad-value")
MISSING_KEY = Kind("WZ013", "missing-key")
BAD_DOTTED_PATH = Kind("WZ014", "bad-dotted-path")


@dataclass(slots=True)
class Findings:
    """Collects the diagnostics of one reading, and the names of what has to be left out."""

    diagnostics: list[Diagnostic] = field(default_factory=list)
    lost_names: set[str] = field(default_factory=set)
    lost_scopes: set[str] = field(default_factory=set)
    lost_converters: set[str] = field(default_factory=set)

    @property
    def lost(self) -> Lost:
        return Lost(
            frozenset(self.lost_names),
            frozenset(self.lost_scopes),
            frozenset(self.lost_converters),
        )

    def add(
        self, kind: Kind, message: str, span: Span, *, help: str = "", others: Iterable[Label] = ()
    ) -> None:
        self.diagnostics.append(Diagnostic(kind, message, span, help=help, others=tuple(others)))

    def lose(self, name: str | None) -> None:
        """Note that a route of this name is left out, because something is wrong with it."""
        if name is not None:
            self.lost_names.add(name)

    def unknown_key(self, name: str, place: Place, allowed: Iterable[str], where: str) -> None:
        """Report a key that is not in the schema, with the allowed ones and a guess."""
        names = list(allowed)
        message = f"{where} has no key `{name}`"
        self.add(UNKNOWN_KEY, message, place.key, help=allowed_help(name, names))

    def wrong_type(self, value: object, place: Place, expected: str, *, help: str = "") -> None:
        """Report the value at a place, named by its key, or as an item of its list's key."""
        *outer, last = place.path
        subject = f"`{last}`" if isinstance(last, str) else f"an item of `{outer[-1]}`"
        message = f"{subject} must be {expected}, not {describe(value)}"
        self.add(WRONG_TYPE, message, place.value, help=help)


def allowed_help(name: str, allowed: list[str]) -> str:
    """``did you mean `view`?`` if something is near, then all that is allowed."""
    listing = f"allowed here: {', '.join(allowed)}"
    near = did_you_mean(name, allowed)
    return f"{near} ({listing})" if near else listing


def did_you_mean(name: str, candidates: Iterable[str]) -> str:
    """A question that names the nearest candidate, or an empty string."""
    by_folded = {candidate.lower(): candidate for candidate in candidates}
    near = difflib.get_close_matches(name.lower(), by_folded, n=1, cutoff=0.6)
    return f"did you mean `{by_folded[near[0]]}`?" if near else ""


def describe(value: object) -> str:
    """How a message names the type of a TOML value."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return "a string"
        case int():
            # Python refuses to print an integer of more than 4300 digits.
            return f"the number {value}" if abs(value) < 10**20 else "a very large number"
        case float():
            return f"the number {value!r}"
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return "a date or time"


def decode_table(
    table: Table, data: Mapping[str, Any], place: Place, findings: Findings, where: str
) -> dict[str, Any]:
    """The sound values of a table with fixed keys; all else is reported."""
    values: dict[str, Any] = {}
    for name, value in data.items():
        if name in table:
            if is_sound(table[name], value, place, findings):
                values[name] = value
        else:
            allowed = [key.name for key in table]
            findings.unknown_key(name, place.child(name), allowed, where)
    return values


def is_sound(key: Key, value: object, table: Place, findings: Findings) -> bool:
    """Report a value in a table of the wrong type, or one that the key's own check refuses."""
    if not key.accepts(value):
        _report_type(key, value, table.child(key.name), findings)
        return False
    problem = key.check(value)
    if problem is not None:
        span = table.child(key.name).value
        findings.add(BAD_VALUE, f"bad value of `{key.name}`: {problem}", span)
    return problem is None


def _report_type(key: Key, value: object, place: Place, findings: Findings) -> None:
    """Point at the items of a list that are wrong, if it may be a list at all."""
    if isinstance(value, list) and key.type in (Type.STRINGS, Type.STRING_OR_STRINGS):
        for index, item in enumerate(value):
            if not isinstance(item, str):
                help_text = _retyped(Type.STRING, item, place.child(index))
                findings.wrong_type(item, place.child(index), "a string", help=help_text)
    else:
        help_text = _retyped(key.type, value, place)
        findings.wrong_type(value, place, key.type.value, help=help_text)


def _retyped(wanted: Type, value: object, place: Place) -> str:
    """What to write if only quotes or brackets are missing, or are too many."""
    written = place.value.text
    if isinstance(value, str):
        if wanted in (Type.STRINGS, Type.MIDDLEWARES):
            return f"write [{written}]"
        if wanted is Type.BOOLEAN and value.lower() in ("true", "false"):
            return f"write {value.lower()}, without quotes"
        if wanted in (Type.INTEGER, Type.SECONDS) and value.isdecimal():
            return f"write {value}, without quotes"
    elif wanted is Type.STRING and not isinstance(value, (list, dict)):
        return f'write "{written}"'
    return ""


def is_table(value: object, place: Place, findings: Findings) -> bool:
    """Whether the value of a top-level key is a table; if not, that is reported."""
    if isinstance(value, dict):
        return True
    is_array_of_tables = isinstance(value, list) and place.value.text.startswith("[[")
    help_text = f"write the header as [{place.path[-1]}]" if is_array_of_tables else ""
    findings.wrong_type(value, place, Type.TABLE.value, help=help_text)
    return False


def decode_reference(value: object, place: Place, findings: Findings) -> Reference | None:
    """A dotted path, checked for its form only; nothing is looked up."""
    if not isinstance(value, str):
        findings.wrong_type(value, place, "a dotted path in quotes")
        return None
    problem = path_problem(value)
    if problem is None:
        return Reference(value, place)
    span = place.in_value(problem.start, problem.end) if problem.end else place.value
    findings.add(BAD_DOTTED_PATH, problem.message, span, help=problem.help)
    return None


def decode_middleware(
    items: Iterable[object], place: Place, findings: Findings
) -> tuple[MiddlewareUse, ...]:
    """The entries of a middleware list: dotted paths, or tables ``{ use, with }``."""
    uses = (_decode_use(item, place.child(index), findings) for index, item in enumerate(items))
    return tuple(use for use in uses if use is not None)


def _decode_use(item: object, place: Place, findings: Findings) -> MiddlewareUse | None:
    if not isinstance(item, dict):
        reference = decode_reference(item, place, findings)
        return MiddlewareUse(reference, {}) if reference else None
    values = decode_table(MIDDLEWARE, item, place, findings, "a middleware entry")
    if "use" not in item:
        findings.add(
            MISSING_KEY,
            "this middleware has no `use`",
            place.value,
            help='add use = "package.module.name"',
        )
    if "use" not in values:
        return None
    reference = decode_reference(values["use"], place.child("use"), findings)
    return MiddlewareUse(reference, values.get("with", {})) if reference else None
