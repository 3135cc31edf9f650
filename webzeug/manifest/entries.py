"""One table of ``[routes]`` as written: its keys sorted into options, verbs and routes below."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from webzeug.diagnostics import Kind, Label
from webzeug.manifest.decoding import (
    BAD_VALUE,
    MISSING_KEY,
    UNKNOWN_KEY,
    Findings,
    allowed_help,
    is_sound,
)
from webzeug.manifest.document import Place
from webzeug.manifest.schema import ROUTE

MISPLACED_KEY = Kind("WZ015", "misplaced-key")
CONFLICTING_KEYS = Kind("WZ016", "conflicting-keys")

Leads = Literal["view", "redirect", "static", "wsgi", "include", "verbs", "group"]
"""What a table leads to: one of the target keys, verbs, or only to the routes below it."""

TARGET_KEYS = ("view", "redirect", "static", "wsgi", "include")
_ANYWHERE = frozenset(
    (
        "name",
        "defaults",
        "tags",
        "middleware",
        "deprecated",
        "ignore",
        "strict_slashes",
        "merge_slashes",
    )
)
_ONLY_WITH: dict[str, tuple[str, ...]] = {
    "methods": ("view",),
    "build_only": ("view", "verbs"),
    "external": ("redirect",),
    "status": ("redirect",),
}
_VERB_KEY = re.compile(r"[A-Z][A-Z0-9_-]*")
_VERB = re.compile(r"[A-Z][A-Z0-9!#$%&'*+.^_`|~-]*")  # a token in upper case, RFC 9110 9.1
_COMMON_VERBS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "WEBSOCKET")


@dataclass(frozen=True, slots=True)
class Entry:
    """The sound part of a route table. Of a plain string, ``place`` is the View's path too."""

    leads: Leads
    place: Place
    options: Mapping[str, Any] = field(default_factory=dict)
    verbs: Mapping[str, Any] = field(default_factory=dict)
    children: Mapping[str, Any] = field(default_factory=dict)
    is_string: bool = False

    def option_place(self, name: str) -> Place:
        return self.place if self.is_string else self.place.child(name)


def read_entry(value: object, place: Place, findings: Findings) -> Entry | None:
    """Sort the keys of a route's value; what is wrong is reported, and left out."""
    if isinstance(value, str):
        return Entry("view", place, {"view": value}, is_string=True)
    if not isinstance(value, dict):
        expected = "a View class path in quotes or a table"
        findings.wrong_type(str(place.path[-1]), value, place, expected)
        return None
    children = {key: item for key, item in value.items() if key.startswith("/")}
    verbs = {key: item for key, item in value.items() if _VERB_KEY.fullmatch(key)}
    written = {key: item for key, item in value.items() if key not in children and key not in verbs}
    options = {key: item for key, item in written.items() if _is_option(key, item, place, findings)}
    leads = _leads_to(value, bool(verbs), bool(children), place, findings)
    if leads is None:
        return Entry("group", place, {}, {}, children) if children else None
    _check_options(leads, options, place, findings)
    return Entry(leads, place, options, verbs, children)


def _is_option(key: str, value: object, place: Place, findings: Findings) -> bool:
    if key in ROUTE:
        return is_sound(ROUTE[key], value, place.child(key), findings)
    if key.upper() in _COMMON_VERBS:
        help_text = f"a verb is written in upper case: {key.upper()}"
    else:
        names = [key.name for key in ROUTE]
        help_text = f'{allowed_help(key, names)}, verbs such as GET, patterns such as "/path"'
    findings.add(UNKNOWN_KEY, f"a route has no key `{key}`", place.child(key).key, help=help_text)
    return False


def _leads_to(
    value: Mapping[str, Any], has_verbs: bool, has_children: bool, place: Place, findings: Findings
) -> Leads | None:
    """What the table leads to; None, after a report, where that is not clear."""
    found: list[Leads] = [key for key in get_args(Leads) if key in value and key in TARGET_KEYS]
    if has_verbs:
        found.append("verbs")
    if len(found) > 1:
        _report_conflict(value, found, place, findings)
        return None
    if found and found[0] not in ("view", "verbs") and has_children:
        child = next(key for key in value if key.startswith("/"))
        message = f"no route can stand below one with `{found[0]}`"
        help_text = "give the routes a table of their own"
        findings.add(CONFLICTING_KEYS, message, place.child(child).key, help=help_text)
        return None
    if not found and not has_children:
        help_text = 'add view = "package.module.Class", or routes below: "/path" = "..."'
        findings.add(MISSING_KEY, "nothing answers here", place.key, help=help_text)
        return None
    return found[0] if found else "group"


def _report_conflict(
    value: Mapping[str, Any], found: list[Leads], place: Place, findings: Findings
) -> None:
    verb = next((key for key in value if _VERB_KEY.fullmatch(key)), "")
    keys = [verb if leads == "verbs" else leads for leads in found]
    findings.add(
        CONFLICTING_KEYS,
        f"`{keys[0]}` and `{keys[1]}` exclude each other",
        place.child(keys[1]).key,
        help="a route has one of view, redirect, static, wsgi, include, or else verbs",
        others=(Label(place.child(keys[0]).key, "the other one"),),
    )


def _check_options(
    leads: Leads, options: Mapping[str, Any], place: Place, findings: Findings
) -> None:
    for name in options:
        if name in _ONLY_WITH and leads not in _ONLY_WITH[name]:
            with_what = " or ".join(f"`{key}`" for key in _ONLY_WITH[name])
            message = f"`{name}` means nothing here: it goes with {with_what}"
            findings.add(MISPLACED_KEY, message, place.child(name).key, help="remove it")


def read_methods(entry: Entry, findings: Findings) -> tuple[str, ...] | None:
    """The ``methods`` of a table, each an upper-case token; None if it has none."""
    methods = entry.options.get("methods")
    if methods is None:
        return None
    place = entry.place.child("methods")
    if not methods:
        message = "`methods` is empty, so no request would match"
        findings.add(BAD_VALUE, message, place.value, help="remove it, or name the verbs")
    for index, verb in enumerate(methods):
        if not _VERB.fullmatch(verb):
            upper = verb.upper()
            help_text = f'write "{upper if _VERB.fullmatch(upper) else "GET"}"'
            findings.add(
                BAD_VALUE, f"`{verb}` is not a verb", place.child(index).value, help=help_text
            )
    return tuple(dict.fromkeys(methods))


def read_defaults(options: Mapping[str, Any]) -> dict[str, Any]:
    """The ``defaults`` of a table; ``{ none = true }`` stands for None."""
    defaults = options.get("defaults", {})
    return {name: None if value == {"none": True} else value for name, value in defaults.items()}
