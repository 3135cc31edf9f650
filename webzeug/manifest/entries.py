"""One table of ``[routes]`` as written: its keys sorted into options, verbs and routes below."""

import keyword
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from webzeug.diagnostics import Kind, Label
from webzeug.manifest.decoding import (
    BAD_VALUE,
    MISSING_KEY,
    UNKNOWN_KEY,
    Findings,
    allowed_help,
    did_you_mean,
    is_sound,
)
from webzeug.manifest.document import Place
from webzeug.manifest.schema import ROUTE

MISPLACED_KEY = Kind("WZ015", "misplaced-key")
CONFLICTING_KEYS = Kind("WZ016", "conflicting-keys")

TargetKey = Literal["view", "redirect", "static", "wsgi", "include"]
Leads = TargetKey | Literal["verbs", "group", "unclear"]
"""What a table leads to: one of the target keys, verbs, or only to the routes below it.

``unclear`` if it says several things or none: the routes below it count all the same.
"""

TARGET_KEYS: tuple[TargetKey, ...] = ("view", "redirect", "static", "wsgi", "include")
_ONLY_WITH: dict[str, tuple[tuple[Leads, ...], str]] = {
    "methods": (("view",), "`view`"),
    "build_only": (("view", "verbs"), "`view` or verbs"),
    "external": (("redirect",), "`redirect`"),
    "status": (("redirect",), "`redirect`"),
}
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


def is_verb(text: str) -> bool:
    """Whether a text is a method token without lower-case letters."""
    return text in _COMMON_VERBS or _VERB.fullmatch(text) is not None


def read_entry(value: object, place: Place, findings: Findings) -> Entry | None:
    """Sort the keys of a route's value; what is wrong is reported, and left out.

    None if it is neither a string nor a table.
    """
    if isinstance(value, str):
        return Entry("view", place, {"view": value}, is_string=True)
    if not isinstance(value, dict):
        expected = "a View class path in quotes or a table"
        findings.wrong_type(value, place, expected)
        return None
    options: dict[str, Any] = {}
    verbs: dict[str, Any] = {}
    children: dict[str, Any] = {}
    for key, item in value.items():
        if key in ROUTE:
            if is_sound(ROUTE[key], item, place, findings):
                options[key] = item
        elif key.startswith("/"):
            children[key] = item
        elif is_verb(key):
            verbs[key] = item
        else:
            _report_unknown(key, item, place, findings)
    leads = _leads_to(value, verbs, children, place, findings)
    _check_options(leads, options, place, findings)
    return Entry(leads, place, options, verbs, children)


def _report_unknown(key: str, value: object, place: Place, findings: Findings) -> None:
    names = [key.name for key in ROUTE]
    if key.upper() in _COMMON_VERBS:
        help_text = f"a verb is written in upper case: {key.upper()}"
    elif isinstance(value, (str, dict)) and not did_you_mean(key, names):
        help_text = f'a route below this one begins with a slash: "/{key}"'
    else:
        names += ["verbs such as GET", 'patterns such as "/path"']
        help_text = allowed_help(key, names)
    findings.add(UNKNOWN_KEY, f"a route has no key `{key}`", place.child(key).key, help=help_text)


def _leads_to(
    value: Mapping[str, Any],
    verbs: Mapping[str, Any],
    children: Mapping[str, Any],
    place: Place,
    findings: Findings,
) -> Leads:
    """What the table leads to; where that is not clear, the reason is reported."""
    found: dict[Leads, str] = {key: key for key in TARGET_KEYS if key in value}
    if verbs:
        found["verbs"] = next(iter(verbs))
    if len(found) > 1:
        _report_conflict(list(found.values()), place, findings)
        return "unclear"
    if not found and not children:
        # A key that is not known is what was to answer, misspelt.
        if all(key in ROUTE for key in value):
            help_text = 'add view = "package.module.Class", or routes below: "/path" = "..."'
            findings.add(MISSING_KEY, "nothing answers here", place.key, help=help_text)
        return "unclear"
    leads: Leads = next(iter(found), "group")
    if children and leads not in ("view", "verbs", "group"):
        message = f"no route can stand below one with `{leads}`"
        findings.add(
            CONFLICTING_KEYS,
            message,
            place.child(next(iter(children))).key,
            help="give the routes a table of their own",
            others=[Label(place.child(leads).key, "it takes all that is below")],
        )
        return "unclear"
    return leads


def _report_conflict(keys: list[str], place: Place, findings: Findings) -> None:
    """Several keys that say what answers: the one that stands last in the file is the mistake."""
    spans = sorted((place.child(key).key for key in keys), key=lambda span: span.start)
    *first, last = spans
    findings.add(
        CONFLICTING_KEYS,
        f"`{first[0].text}` and `{last.text}` exclude each other",
        last,
        help="a route has one of view, redirect, static, wsgi, include, or else verbs",
        others=[Label(span, "the other one") for span in first],
    )


def _check_options(
    leads: Leads, options: Mapping[str, Any], place: Place, findings: Findings
) -> None:
    if leads == "unclear":
        return
    for name in options:
        if name in _ONLY_WITH and leads not in _ONLY_WITH[name][0]:
            message = f"`{name}` means nothing here: it goes with {_ONLY_WITH[name][-1]}"
            findings.add(MISPLACED_KEY, message, place.child(name).key, help="remove it")


def read_methods(entry: Entry, findings: Findings) -> tuple[str, ...] | None:
    """The sound ones of a table's ``methods``, each an upper-case token; None if it says none."""
    methods = entry.options.get("methods")
    if methods is None:
        return None
    if methods and all(map(is_verb, methods)):
        return tuple(dict.fromkeys(methods))
    place = entry.place.child("methods")
    if not methods:
        message = "`methods` is empty, so no request would match"
        findings.add(BAD_VALUE, message, place.value, help="remove it, or name the verbs")
    for index, verb in enumerate(methods):
        if not is_verb(verb):
            help_text = 'write a word in upper case, such as "GET"'
            if is_verb(verb.upper()):
                help_text = f'write "{verb.upper()}"'
            span = place.child(index).value
            findings.add(BAD_VALUE, f"`{verb}` is not a verb", span, help=help_text)
    return tuple(filter(is_verb, dict.fromkeys(methods)))


def read_defaults(options: Mapping[str, Any], place: Place, findings: Findings) -> dict[str, Any]:
    """The ``defaults`` of a table; ``{ none = true }`` stands for None."""
    defaults: dict[str, Any] = {}
    for name, value in options.get("defaults", {}).items():
        if not name.isidentifier() or keyword.iskeyword(name) or name == "self":
            span = place.child("defaults", name).key
            message = f"`{name}` cannot be the name of a method's argument"
            findings.add(BAD_VALUE, message, span, help="choose another name")
        else:
            defaults[name] = None if value == {"none": True} else value
    return defaults
