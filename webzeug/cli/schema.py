"""``webzeug schema``: the manifest's language as JSON Schema, for editors."""

import json
import os
import re
import shutil
import sys
import tempfile

import click

from webzeug.cli.options import COULD_NOT_RUN, fail, manifest_argument

FILE = "webzeug.schema.json"
"""What the schema is written to, beside the manifest."""

_DIRECTIVE = re.compile(rb"^#:schema[ \t]+(\S+)[ \t]*\r?$", re.MULTILINE)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@click.command(name="schema")
@manifest_argument
@click.option(
    "--write",
    is_flag=True,
    help=f"Write it to {FILE} beside MANIFEST, whose first line then names it.",
)
def command(manifest: str, write: bool) -> None:
    """Print the JSON Schema (draft-07) of manifests, by which editors complete and check keys.

    With --write, editors that know `#:schema` (Tombi, Even Better TOML, Taplo) find it by
    themselves. The rest of MANIFEST (routes.toml unless given) stays as it is.
    """
    from webzeug.manifest.json_schema import json_schema

    text = json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
    if not write:
        click.echo(text, nl=False)
        return
    try:
        told = _write(manifest, text)
    except OSError as error:
        message = f"cannot write {error.filename}: {error.strerror}"
        raise fail(message, COULD_NOT_RUN, "without --write, it is printed") from None
    click.echo(told, file=sys.stderr)


def _write(manifest: str, text: str) -> str:
    """Write the schema, and its name into the manifest; returns what was done."""
    target = os.path.join(os.path.dirname(manifest), FILE)
    with open(manifest, "rb") as file:
        octets = file.read()
    named = _DIRECTIVE.search(octets)
    wanted = f"./{FILE}".encode()
    if named and named[1] not in (wanted, FILE.encode()):
        other = named[1].decode(errors="backslashreplace")
        message = f"{manifest} names another schema: {other}"
        raise fail(message, COULD_NOT_RUN, "remove that line, or print the schema without --write")
    _replace(target, text.encode())
    if named:
        return f"wrote {target}, which {manifest} names already"
    _replace(manifest, _with_first_line(octets, b"#:schema " + wanted))
    return f"wrote {target}, and its name into the first line of {manifest}"


def _with_first_line(octets: bytes, line: bytes) -> bytes:
    """Some text with a line before it, ended as the others are."""
    mark = _BYTE_ORDER_MARK if octets.startswith(_BYTE_ORDER_MARK) else b""
    end = b"\r\n" if b"\r\n" in octets else b"\n"
    return mark + line + end + octets.removeprefix(mark)


def _replace(path: str, octets: bytes) -> None:
    """Write a file whole or not at all, with the mode that it had."""
    path = os.path.realpath(path)
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".webzeug-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(octets)
        if os.path.exists(path):
            shutil.copymode(path, temporary)
        else:
            os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
