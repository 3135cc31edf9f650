"""The tables that hold dotted paths: converters, resources, error pages and middlewares."""

import keyword
import re
from collections.abc import Iterator, Mapping
from typing import Any

from webzeug.manifest.decoding import BAD_VALUE, Findings, decode_middleware, decode_reference
from webzeug.manifest.document import Place
from webzeug.manifest.model import Manifest, MiddlewareUse, MountTarget, Reference, ViewTarget

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def decode_references(
    data: Mapping[str, Any], place: Place, findings: Findings
) -> dict[str, Reference]:
    """A table of names, each an identifier, to dotted paths."""
    references: dict[str, Reference] = {}
    for name, value in data.items():
        here = place.child(name)
        reference = decode_reference(value, here, findings)
        if not _NAME.fullmatch(name) or keyword.iskeyword(name):
            message = f"`{name}` is not a name that Python code can use"
            help_text = "write ASCII letters, digits and `_`, a letter first"
            findings.add(BAD_VALUE, message, here.key, help=help_text)
        elif reference is not None:
            references[name] = reference
    return references


def decode_errors(
    data: Mapping[str, Any], place: Place, findings: Findings
) -> dict[int, Reference]:
    """``[errors]``: status codes to the Views that write the pages."""
    errors: dict[int, Reference] = {}
    for code, value in data.items():
        here = place.child(code)
        reference = decode_reference(value, here, findings)
        if not re.fullmatch(r"[45][0-9][0-9]", code):
            message = f"`{code}` is not the status of an error"
            help_text = "write a code from 400 to 599"
            findings.add(BAD_VALUE, message, here.key, help=help_text)
        elif reference is not None:
            errors[int(code)] = reference
    return errors


def decode_wrappers(value: object, place: Place, findings: Findings) -> tuple[MiddlewareUse, ...]:
    """``[[middleware]]``, or ``middleware = [...]`` at the top of the file."""
    if isinstance(value, list):
        return decode_middleware(value, place, findings)
    help_text = "write the header as [[middleware]]" if isinstance(value, dict) else ""
    findings.wrong_type(value, place, "a list", help=help_text)
    return ()


def references_of(manifest: Manifest) -> Iterator[Reference]:
    """Every dotted path of a manifest."""
    for route in manifest.routes:
        if isinstance(route.target, ViewTarget):
            yield route.target.view
        elif isinstance(route.target, MountTarget):
            yield route.target.wsgi
        yield from (use.use for use in route.middleware)
    yield from (use.use for use in manifest.middleware)
    for named in (manifest.converters, manifest.resources, manifest.errors):
        yield from named.values()
