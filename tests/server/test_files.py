"""Which files an application is made of, and what they hold."""

import os
from pathlib import Path

import pytest

from webzeug.server import files as module
from webzeug.server.files import EMPTY, FOLDER, MISSING, SPECIAL, Contents, Files, Scan
from webzeug.source import Source, digest_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(os.path.realpath(tmp_path))


def write(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def scan(folder: Path, *manifest: str) -> Scan:
    return Files(manifest, str(folder)).scan()


def code(folder: Path) -> set[str]:
    return {os.path.relpath(path, folder) for path in scan(folder).snapshot.code}


def test_a_digest_is_that_of_the_text() -> None:
    """A byte order mark and CRLF do not count; the digest is that of a Source."""
    assert digest_of(b"\xef\xbb\xbfa\r\nb\n") == digest_of(b"a\nb\n") == Source("", "a\nb\n").digest
    assert digest_of(b"a\nb") != digest_of(b"a\nb\n")


def test_what_stands_in_a_files_place(folder: Path) -> None:
    """Nothing, a folder, a FIFO and an empty file each are something of their own."""
    contents, path = Contents(), folder / "file"
    seen = [contents.look(str(path)).digest]
    path.mkdir()
    seen.append(contents.look(str(path)).digest)
    path.rmdir()
    os.mkfifo(path)
    seen.append(contents.look(str(path)).digest)
    path.unlink()
    path.write_text("")
    seen.append(contents.look(str(path)).digest)
    path.unlink()
    path.symlink_to(path)
    seen.append(contents.look(str(path)).digest)
    assert seen == [MISSING, FOLDER, SPECIAL, EMPTY, MISSING]
    assert contents.look("a\0b").digest == MISSING


def test_a_content_is_read_again_only_if_it_may_be_new(folder: Path) -> None:
    """A file whose time stamp is old and the same is not read; a younger one is, to be sure."""
    contents, path = Contents(), write(folder / "file", "one")
    os.utime(path, (1, 1))
    first = contents.look(str(path))
    assert (first.digest, first.modified) == (digest_of(b"one"), 1.0)
    path.write_text("two")
    os.utime(path, (1, 1))
    assert contents.look(str(path)).digest == digest_of(b"two")


def test_a_huge_file_is_not_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That it was written tells that it has changed."""
    monkeypatch.setattr(module, "MAX_BYTES", 2)
    contents, path = Contents(), write(folder / "file", "one")
    before = contents.look(str(path)).digest
    assert contents.look(str(path)).digest == before
    os.utime(path, (1, 1))
    assert contents.look(str(path)).digest != before


def test_code_is_looked_for_everywhere_but(folder: Path) -> None:
    """Hidden folders, caches, node_modules and virtual environments are left out."""
    for name in ("a.py", "pkg/b.py", "pkg/sub/deep/c.py", "data/x.txt", "pkg/b.pyc"):
        write(folder / name)
    for name in (".git/x.py", "pkg/__pycache__/x.py", "node_modules/x.py", "env/lib/x.py"):
        write(folder / name)
    write(folder / "env/pyvenv.cfg")
    assert code(folder) == {"a.py", "pkg/b.py", "pkg/sub/deep/c.py"}
    found = scan(folder)
    below = {os.path.relpath(path, folder) for path in found.code_folders}
    assert below == {".", "pkg", "pkg/sub", "pkg/sub/deep", "data"}
    assert str(folder.parent) in found.folders


def test_hidden_files_are_not_code(folder: Path) -> None:
    """Emacs makes such a link while a file is edited, and it leads nowhere."""
    (folder / ".#views.py").symlink_to("me@here.1234:5678")
    write(folder / "views.py")
    assert code(folder) == {"views.py"}


def test_links_to_folders_are_followed_once(folder: Path) -> None:
    """A folder that two names lead to is one, under its real path; circles end."""
    write(folder / "real/a.py")
    write(folder.parent / f"{folder.name}-other/b.py")
    (folder / "again").symlink_to("real")
    (folder / "circle").symlink_to(".")
    (folder / "other").symlink_to(folder.parent / f"{folder.name}-other")
    assert code(folder) == {"real/a.py", f"../{folder.name}-other/b.py"}


def test_a_link_to_a_file_is_followed(folder: Path) -> None:
    """It is known by its own name, and its folder and that of its target are watched."""
    write(folder / ".hidden/a.py", "x")
    (folder / "a.py").symlink_to(".hidden/a.py")
    found = scan(folder)
    assert found.snapshot.code == {str(folder / "a.py"): digest_of(b"x")}
    assert {str(folder / "a.py"), str(folder / ".hidden/a.py")} <= found.names
    assert str(folder / ".hidden") in found.folders


def test_too_many_folders(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those nearest to the application's folder are looked through, and the rest is not."""
    for name in ("a", "b", "c"):
        write(folder / name / "deep" / "x.py")
        write(folder / name / "y.py")
    assert not scan(folder).is_cut
    monkeypatch.setattr(module, "MAX_FOLDERS", 4)
    assert scan(folder).is_cut
    assert code(folder) == {"a/y.py", "b/y.py", "c/y.py"}


def test_code_elsewhere(folder: Path) -> None:
    """Of other folders, the code directly in them counts."""
    write(folder / "app/a.py")
    write(folder / "library/b.py")
    write(folder / "library/sub/c.py")
    files = Files([], str(folder / "app"))
    files.elsewhere.add(str(folder / "library"))
    assert {os.path.basename(path) for path in files.scan().snapshot.code} == {"a.py", "b.py"}


def test_the_manifest_is_known_by_the_name_it_is_shown_under(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relative one starts at the current folder."""
    monkeypatch.chdir(folder)
    write(folder / "routes.toml", "x")
    found = scan(folder, "routes.toml", "more/routes.toml")
    assert found.snapshot.manifest == {"routes.toml": digest_of(b"x"), "more/routes.toml": MISSING}
    assert found.trails["routes.toml"] == (str(folder), str(folder / "routes.toml"))


def test_every_link_on_the_way_is_watched(folder: Path) -> None:
    """As for a mounted ConfigMap: two links in the manifest's folder, one of them to a folder."""
    write(folder / "..1/routes.toml", "x")
    (folder / "..data").symlink_to("..1")
    (folder / "routes.toml").symlink_to("..data/routes.toml")
    (folder / "here").symlink_to(folder)
    found = scan(folder, str(folder / "here/../" / folder.name / "routes.toml"))
    (trail,) = found.trails.values()
    assert trail == tuple(
        str(folder / name) for name in ("here", "routes.toml", "..data", "..1", "..1/routes.toml")
    )
    assert {str(folder), str(folder / "..1")} <= found.folders


def test_a_circle_of_links_ends(folder: Path) -> None:
    """The file is missing then."""
    (folder / "a").symlink_to("b")
    (folder / "b").symlink_to("a")
    found = scan(folder, str(folder / "a"))
    assert found.snapshot.manifest == {str(folder / "a"): MISSING}


def test_a_missing_folder_is_waited_for(folder: Path) -> None:
    """The nearest folder that is there is watched for the one that is missing."""
    found = scan(folder, str(folder / "a/b/routes.toml"))
    assert {str(folder / "a"), str(folder / "a/b"), str(folder / "a/b/routes.toml")} <= found.names
    assert {str(folder), str(folder.parent)} == found.folders


def test_what_cannot_be_listed_has_no_code(folder: Path) -> None:
    """A folder that is missing, or that is none, is empty."""
    assert scan(folder / "missing").snapshot.code == {}
    assert scan(write(folder / "file")).snapshot.code == {}
