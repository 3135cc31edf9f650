"""What a route leads to: a View, a redirect, a static folder, or a mounted application."""

import os
import re

from webzeug.manifest.decoding import BAD_VALUE, Findings, decode_reference
from webzeug.manifest.document import Place
from webzeug.manifest.entries import Entry
from webzeug.manifest.groups import Group
from webzeug.manifest.model import (
    MountTarget,
    RedirectTarget,
    StaticTarget,
    Target,
    ViewTarget,
)
from webzeug.manifest.patterns import REPEATED_VARIABLE, Pattern


def decode_target(
    entry: Entry, pattern: Pattern, own: Group, folder: str, findings: Findings
) -> Target | None:
    """The target of a table; None if its value was not sound, which is reported.

    ``folder`` is that of the file, which static paths are relative to.
    """
    text, place = entry.options.get(entry.leads), entry.option_place(entry.leads)
    if text is None:
        return None
    if entry.leads == "redirect":
        keys = ("status", "external")
        options = {key: entry.options[key] for key in keys if key in entry.options}
        return RedirectTarget(text, scope=own.scope, place=place, **options)
    if entry.leads == "static":
        if any(variable.name == "filename" for variable in own.variables(pattern)):
            message = "a static folder has a variable `filename` of its own"
            help_text = "give the pattern's variable another name"
            findings.add(REPEATED_VARIABLE, message, place.value, help=help_text)
        return _static(text, folder, place, findings)
    reference = decode_reference(text, place, findings)
    if reference is None:
        return None
    return ViewTarget(reference) if entry.leads == "view" else MountTarget(reference)


def _static(text: str, folder: str, place: Place, findings: Findings) -> StaticTarget | None:
    path = os.path.normpath(os.path.join(folder, text))
    if os.path.isdir(path) or os.path.isfile(path):
        return StaticTarget(path, is_file=os.path.isfile(path))
    message = f"there is no folder or file `{text}`"
    help_text = "create it, or mend the path, which is relative to this manifest"
    findings.add(BAD_VALUE, message, place.value, help=help_text)
    return None


def default_name(target: Target) -> str | None:
    """The class name in snake_case, or ``static``; verbs, redirects and mounts have none."""
    if isinstance(target, StaticTarget):
        return "static"
    if isinstance(target, ViewTarget) and target.verb is None:
        return snake_case(target.view.last_name)
    return None


def snake_case(name: str) -> str:
    """``HTTPServerList`` -> ``http_server_list``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
