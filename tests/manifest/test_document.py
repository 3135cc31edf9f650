"""One TOML file: read with care, decoded, parsed, and every place in it found."""

import os
import socket
from pathlib import Path

import pytest

from webzeug.diagnostics import Diagnostic
from webzeug.manifest.document import (
    MAX_BYTES,
    MAX_DEPTH,
    Document,
    Place,
    parse_document,
    read_document,
)


def _read(path: Path) -> Diagnostic:
    document, (diagnostic,) = read_document(str(path), "routes.toml")
    assert document is None
    return diagnostic


def _parse(text: str) -> Document:
    document, diagnostics = parse_document(text.encode(), "routes.toml")
    assert not diagnostics, diagnostics[0]
    assert document is not None
    return document


# Reading


def test_a_file_is_read(tmp_path: Path) -> None:
    """A regular file is read, and shown under the name that is given."""
    path = tmp_path / "x.toml"
    path.write_bytes(b"a = 1\r\nb = 'x'\r\n")
    document, diagnostics = read_document(str(path), "shown.toml")
    assert document is not None
    assert (document.data, diagnostics) == ({"a": 1, "b": "x"}, [])
    assert (document.source.path, document.source.text) == ("shown.toml", "a = 1\nb = 'x'\n")


def test_a_symlink_is_followed(tmp_path: Path) -> None:
    """A link to a regular file is as good as the file."""
    (tmp_path / "real.toml").write_text("a = 1", "utf-8")
    (tmp_path / "link.toml").symlink_to("real.toml")
    document, _ = read_document(str(tmp_path / "link.toml"), "routes.toml")
    assert document is not None


def test_a_missing_file(tmp_path: Path) -> None:
    """A missing file is told with a file of almost its name, if there is one."""
    (tmp_path / "routes.tml").write_text("", "utf-8")
    assert _read(tmp_path / "routes.toml").help == ""
    (tmp_path / "route.toml").write_text("", "utf-8")
    diagnostic = _read(tmp_path / "routes.toml")
    assert diagnostic.message == "cannot read routes.toml: there is no such file"
    assert diagnostic.help == "did you mean route.toml?"
    assert str(diagnostic.span) == "routes.toml"
    assert _read(tmp_path / "no-folder" / "routes.toml").help == ""


def test_what_is_no_regular_file(tmp_path: Path) -> None:
    """A folder, a FIFO, a device, a socket or a circle of links is told, and stops nothing."""
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "file").write_text("", "utf-8")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
        told = {
            name: _read(tmp_path / name).message.removeprefix("cannot read routes.toml: ")
            for name in ("fifo", "loop", "socket", "file/x", "x" * 300)
        }
    told["."], told["/dev/zero"] = _read(tmp_path).message, _read(Path("/dev/zero")).message
    assert told == {
        "fifo": "it is not a regular file",
        "loop": "too many levels of symbolic links",
        "socket": "no such device or address",
        "file/x": "not a directory",
        "x" * 300: "file name too long",
        ".": "cannot read routes.toml: it is a folder, not a file",
        "/dev/zero": "cannot read routes.toml: it is not a regular file",
    }


def test_a_fifo_with_a_writer(tmp_path: Path) -> None:
    """A FIFO is refused although it could be read."""
    os.mkfifo(tmp_path / "fifo")
    descriptor = os.open(tmp_path / "fifo", os.O_RDWR)
    os.write(descriptor, b"a = 1")
    assert _read(tmp_path / "fifo").message.endswith("it is not a regular file")
    os.close(descriptor)


def test_no_descriptor_is_left_open(tmp_path: Path) -> None:
    """What cannot be read is closed again."""
    os.mkfifo(tmp_path / "fifo")
    before = os.listdir("/proc/self/fd") if os.path.isdir("/proc/self/fd") else []
    for name in ("fifo", ".", "missing"):
        _read(tmp_path / name)
    after = os.listdir("/proc/self/fd") if before else []
    assert len(before) == len(after)


def test_a_path_that_no_file_can_have() -> None:
    """A NUL in the path is told."""
    _, (diagnostic,) = read_document("a\0b", "routes.toml")
    assert diagnostic.message == "cannot read routes.toml: embedded null byte"


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    """A file of more than 32 MiB is not even parsed; one of exactly 32 MiB is."""
    path = tmp_path / "large.toml"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert _read(path).message == "cannot read routes.toml: it is larger than 32 MiB"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES)
    assert _read(path).kind.code == "WZ003"


# Decoding


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\n", b"\r\n", b"# x"])
def test_an_empty_file_is_valid(data: bytes) -> None:
    """An empty file is a document without values."""
    document, diagnostics = parse_document(data, "x.toml")
    assert document is not None
    assert (document.data, diagnostics) == ({}, [])
    assert document.place("a").key.text == ""


def test_a_byte_order_mark_does_not_count() -> None:
    """Columns of the first line count without a byte order mark, and only one is allowed."""
    _, (diagnostic,) = parse_document(b"\xef\xbb\xbfa = b\n", "x.toml")
    assert str(diagnostic.span) == "x.toml:1:5"
    _, (diagnostic,) = parse_document(b"\xef\xbb\xbf\xef\xbb\xbfa = 1\n", "x.toml")
    assert "U+FEFF" in diagnostic.message


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"a = '\xe9'", "x.toml:1:6"),
        (b"\xff", "x.toml:1:1"),
        (b"\xef\xbb\xbfa = '\xe9'", "x.toml:1:6"),
        (b"# a\r\n# b\r\n\xff", "x.toml:3:1"),
        (b"\r\n\r\n\xc3", "x.toml:3:1"),
        ("# é é\n\t".encode() + b"\x80", "x.toml:2:2"),
    ],
)
def test_where_a_file_is_not_utf_8(data: bytes, place: str) -> None:
    """The first octet that is not UTF-8 is shown, in lines and columns of the text."""
    document, (diagnostic,) = parse_document(data, "x.toml")
    assert document is None
    assert (diagnostic.kind.code, str(diagnostic.span)) == ("WZ002", place)
    assert diagnostic.span.text == "\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16(encoding: str) -> None:
    """A file in UTF-16, as some shells write it, is recognised."""
    document, (diagnostic,) = parse_document("\ufeff[routes]\r\n".encode(encoding), "x.toml")
    assert document is None
    assert diagnostic.message == "the file is UTF-16, and TOML is always UTF-8"
    assert diagnostic.span.text == "["


def test_depth() -> None:
    """Tables and lists may be nested as deep as MAX_DEPTH, by whatever way they are written."""
    inside = "a = " + "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1)
    assert _parse(inside).data
    assert _parse(f"[{'.'.join('a' * (MAX_DEPTH - 1))}]").data
    for text in (
        inside.replace("[]", "[[]]"),
        f"[{'.'.join('a' * MAX_DEPTH)}]",
        f"{'.'.join('a' * MAX_DEPTH)}.b = 1",
        f"[{'.'.join('a' * 40)}]\n{'.'.join('a' * 40)} = 1",
        "a = " + "{a=" * MAX_DEPTH + "1" + "}" * MAX_DEPTH,
        "a = " + "[" * 5000 + "]" * 5000,
        f"[{'.'.join('a' * 5000)}]",
        f"{'.'.join('a' * 5000)} = 1",
    ):
        document, (diagnostic,) = parse_document(text.encode(), "x.toml")
        assert document is None
        assert diagnostic.message == "tables and lists are nested too deeply"
        assert diagnostic.span.text


# Places

EXAMPLE = _parse(
    """\
[routes]
"/caf\\u00e9/<id>" = 'x.Y'
[[use]]
a = [1, { b = "c\\td" }]
"""
)


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        (("routes",), "routes", "[routes]"),
        (("routes", "/café/<id>"), '"/caf\\u00e9/<id>"', "'x.Y'"),
        (("use",), "use", "[[use]]"),
        (("use", 0), "[[use]]", "[[use]]"),
        (("use", 0, "a"), "a", '[1, { b = "c\\td" }]'),
        (("use", 0, "a", 0), "1", "1"),
        (("use", 0, "a", 1, "b"), "b", '"c\\td"'),
        (("use", 0, "x", "y"), "[[use]]", "[[use]]"),
        (("nowhere",), "", ""),
    ],
)
def test_places(path: tuple[str | int, ...], key: str, value: str) -> None:
    """The key and the value of a key path; of one that the file lacks, those of the nearest."""
    place = EXAMPLE.place(*path)
    assert (place.key.text, place.value.text) == (key, value)


def test_parts_of_keys_and_values() -> None:
    """A part of a key or string is found by the characters that are meant, escapes or not."""
    key = EXAMPLE.place("routes", "/café/<id>")
    assert key.in_key(4, 5).text == "\\u00e9"
    assert key.in_key(6, 10).text == "<id>"
    assert key.in_value(0, 1).text == "x"
    assert key.in_value(2, 99).text == "Y"
    assert EXAMPLE.place("use", 0, "a", 1, "b").in_value(1, 2).text == "\\t"


def test_above() -> None:
    """A key is looked up in the tables around a place, the nearest first."""
    document = _parse("name = 1\n[a]\nname = 2\n[a.b.c]\nx = 3\n")
    place = Place(document, ("a", "b", "c", "x"))
    found = place.above("name")
    assert found is not None
    assert found.path == ("a", "name")
    assert (found.exists, place.above("nowhere")) == (True, None)
