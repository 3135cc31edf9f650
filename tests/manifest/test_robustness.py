"""Whatever is in the manifest's place, reading it ends with diagnostics, never with a crash."""

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.manifest.test_positions import CORPUS, needs_corpus
from tests.support.manifests import toml
from webzeug.diagnostics import Diagnostic
from webzeug.loader import Options, check
from webzeug.manifest.document import parse_document
from webzeug.manifest.schema import MATCHING, MIDDLEWARE, ROUTE, SERVER, TABLES
from webzeug.reporting import json, text


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with something to include, and something to serve."""
    folder = tmp_path_factory.mktemp("robust")
    (folder / "public").mkdir()
    (folder / "good.toml").write_text('[routes]\n"/x/<id>" = "shop.X"\n', "utf-8")
    (folder / "bad.toml").write_text('[routes]\n"/x/<id" = {}\n[server]\n', "utf-8")
    (folder / "broken.toml").write_text('[routes]\n"/x" = y\n', "utf-8")
    return folder


def _lint(folder: Path, data: bytes, *sets: str) -> tuple[Diagnostic, ...]:
    """What lint finds; each finding lies inside its file, and can be printed."""
    path = folder / "routes.toml"
    path.write_bytes(data)
    diagnostics = check(str(path), Options(settings=sets)).diagnostics
    for diagnostic in diagnostics:
        _check(diagnostic)
    text.render(diagnostics).encode()
    json.render(diagnostics)
    return diagnostics


def _check(diagnostic: Diagnostic) -> None:
    assert diagnostic.message
    for span in (diagnostic.span, *(label.span for label in diagnostic.others)):
        assert 0 <= span.start <= span.end <= len(span.source.text)


# Any octets


@given(st.binary(max_size=200))
@example(b"")
@example(b"\xef\xbb\xbf")
@example(b"\xff\xfe")
@example(b"a = 1" + b"0" * 5000)
@example(b"a = [" + b"[" * 1000)
@example(b"[" + b"a." * 2000 + b"a]")
@settings(deadline=None, database=None)
def test_any_octets(data: bytes) -> None:
    """Any octets are a document, or have exactly one diagnostic that lies inside of them."""
    document, diagnostics = parse_document(data, "routes.toml")
    assert (document is None) == (len(diagnostics) == 1)
    for diagnostic in diagnostics:
        _check(diagnostic)
        text.render_one(diagnostic)


_LINES = [
    "[routes]", '[routes."/a"]', "[[middleware]]", '"/a" = "x.A"', "'/b' = { view = 'x.B' }",
    '"/c" = [1, "2", 3.5]', "a.b.c = true", 'x = """', "'''", "# “curly” //", "[server",
    "/items = x.Y", "bind = 127.0.0.1", "{", "}", "]", ",", "=", ":", '"', "\\", "\t", "é", "\r",
    "1979-05-27", "<<<<<<< HEAD", "=======", ">>>>>>> x", "GET /x = 'a'", "0x", "1_", "\u200b",
]  # fmt: skip


@given(
    st.lists(st.sampled_from(_LINES) | st.text("ab\"'[]{}=.,#\\/<>\n \t", max_size=6), max_size=12),
    st.sampled_from(["", " ", "\n"]),
)
@settings(deadline=None, database=None, max_examples=200)
def test_almost_toml(lines: list[str], separator: str) -> None:
    """What is almost TOML has one diagnostic, with a span under some text or at the end."""
    test_any_octets.hypothesis.inner_test(separator.join(lines).encode())  # type: ignore[attr-defined]


@needs_corpus
def test_invalid_files(folder: Path) -> None:
    """Every invalid file of toml-test is read without a crash, and nearly all are refused."""
    files = sorted((CORPUS / "invalid").rglob("*.toml"))
    refused = [file for file in files if parse_document(file.read_bytes(), "x")[0] is None]
    assert len(files) - len(refused) < 20
    for file in files:
        assert _lint(folder, file.read_bytes())


@needs_corpus
def test_valid_files(folder: Path) -> None:
    """Every valid file of toml-test is read, and found to be no manifest."""
    for file in sorted((CORPUS / "valid").rglob("*.toml")):
        assert _lint(folder, file.read_bytes())


# Any values in any place

_KEYS = sorted(
    {key.name for table in (*TABLES, MIDDLEWARE, ROUTE, MATCHING, SERVER) for key in table}
    | {"none", "semver", "404", "500", "db", "page_size", "default", "string"}
)
_PATTERNS = [
    "/", "/a", "/a/", "/a/<id>", "/<int:id>/", "/<id", "/<x>>", "//h.example/", "//h", "//", "///",
    "//<r>.example.com/<r>", "/{id}", "/:id", "/a?b", "/<path:filename>", "/é", "/%C3", "/../a",
    "/<any(a,b):c>", "/<int(min='q'):c>", '/<regex("("):c>', "/<nope:c>", "/a\n", "/ ",
]  # fmt: skip
_VERBS = ["GET", "POST", "HEAD", "WEBSOCKET", "get", "M-SEARCH"]
_TEXTS = [
    "shop.X", "shop.views:Outer.Inner", "shop.X()", "X", "", "..", "public", "good.toml",
    "bad.toml", "broken.toml", "missing.toml", "routes.toml", "../x.toml", "/etc/passwd", "\x00",
    "name", "a.name", "/a", "/a/<id>", "https://example.org/", "//h", ":8000", "unix:", "[::1]:1",
    "GET", "DATABASE_URL", "example.com", "http://example.com", "WZ101",
]  # fmt: skip

_keys = st.sampled_from(_KEYS + _PATTERNS + _VERBS) | st.text(max_size=5)
_scalars = (
    st.sampled_from(_TEXTS)
    | st.text(max_size=5)
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.datetimes()
    | st.dates()
    | st.times()
)
_trees = st.recursive(
    _scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(_keys, inner, max_size=4)
        | st.dictionaries(st.sampled_from(_PATTERNS + _VERBS + _KEYS[:8]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(
    st.dictionaries(st.sampled_from([table.name for table in TABLES]) | _keys, _trees, max_size=4)
)
@example({"routes": {"/a": {"include": "\x00"}}})
@example({"routes": {"/a": {"static": "\x00"}}})
@example({"server": {"grace": float("nan"), "max_connections": 10**400}})
@example({"routes": {"/a": {"view": "x.Y", "defaults": {"a": 10**400}}}})
@settings(deadline=None, database=None, max_examples=120)
def test_any_tree(folder: Path, data: dict[str, Any]) -> None:
    """A tree of any values in any place has diagnostics, or is a manifest."""
    _lint(folder, toml(data).encode())


@given(st.dictionaries(_keys, _trees, max_size=5))
@settings(deadline=None, database=None, max_examples=120)
def test_any_tree_of_routes(folder: Path, routes: dict[str, Any]) -> None:
    """The same below [routes]."""
    _lint(folder, toml({"routes": routes}).encode())


@given(
    st.lists(
        st.text(max_size=12)
        | st.builds(
            "{}.{}={}".format,
            st.sampled_from(["config", "server", "matching"]),
            st.sampled_from(["bind", "grace", "x", "x.y", "number", "text", "table", "list"]),
            st.sampled_from(["", "1", "-1", "nan", "1e999", "[" * 500, "9" * 5000, '"', "{a=1}"])
            | st.text(max_size=5),
        ),
        max_size=3,
    )
)
@settings(deadline=None, database=None)
def test_any_setting(folder: Path, sets: list[str]) -> None:
    """Any text is a --set, or has a diagnostic."""
    manifest = b"[routes]\n[config]\nnumber = 0.5\ntext = 'x'\ntable = {a = 1}\nlist = [1]\n"
    _lint(folder, manifest, *sets)


def test_deep_tables(folder: Path) -> None:
    """Tables and lists nested as deep as TOML allows have a diagnostic, and no recursion."""
    key = ".".join(["'/a'"] * 900)
    for data in (f"[routes.{key}]", f"[config.{key}]", f"[env.{key}]\nx = 'X'", f"x.{key} = 1"):
        assert [d.kind.code for d in _lint(folder, data.encode())] == ["WZ003"]


def test_a_deep_setting(folder: Path) -> None:
    """A --set of a thousand parts has a diagnostic."""
    setting = f"config.{'.'.join('a' * 1000)}=1"
    assert [d.kind.code for d in _lint(folder, b"[routes]", setting)] == ["WZ020"]


def test_a_wide_file(folder: Path) -> None:
    """A hundred thousand mistakes are all told, each at its own place."""
    lines = [f'"/a{number}" = {number}' for number in range(2000)]
    found = _lint(folder, "\n".join(["[routes]", *lines]).encode())
    assert [number + 2 for number in range(2000)] == [d.span.line for d in found]


def test_no_permission_is_told(folder: Path) -> None:
    """A file that this user may not read has a diagnostic."""
    path = folder / "secret.toml"
    path.write_text("[routes]", "utf-8")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read every file")
    assert [d.kind.code for d in check(str(path)).diagnostics] == ["WZ001"]
