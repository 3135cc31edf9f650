"""Files are followed in a patched process: whole contents, and only what has changed."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from webzeug.server import following as module
from webzeug.server.following import Follower
from webzeug.source import digest_of

CALM, PATIENCE = 1.1 * module.CALM, 1.1 * module.PATIENCE


class Following:
    """A Follower that is asked to look at certain times, and what it has told."""

    def __init__(self, *files: Path) -> None:
        self.told: list[dict[str, str]] = []
        self.answer: tuple[str, ...] = ()
        self.is_overtaken = False
        self._now = 0.0
        known = {str(file): digest_of(file.read_bytes()) for file in files}
        self._follower = Follower(known, self._changed)

    def _changed(self, digests: Mapping[str, str]) -> tuple[Iterable[str], bool]:
        self.told.append(dict(digests))
        return self.answer or digests, not self.is_overtaken

    def look(self, after: float = 0.0) -> None:
        self._now += after
        self._follower.look(self._now)

    def settle(self, after: float = CALM) -> None:
        """See what has changed, and see it again when it is calm."""
        self.look()
        self.look(after)

    @property
    def count(self) -> int:
        return len(self.told)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "routes.toml"
    path.write_text("one")
    return path


def replace(path: Path, text: str) -> None:
    new = path.with_name("new")
    new.write_text(text)
    os.replace(new, path)


def test_a_change_is_told_once(file: Path) -> None:
    """With the digests of all files, when nothing has changed for a while."""
    following = Following(file)
    following.settle()
    assert following.count == 0
    replace(file, "two")
    following.look()
    following.look(CALM / 2)
    assert following.count == 0
    following.look(CALM / 2)
    following.look(CALM)
    assert following.told == [{str(file): digest_of(b"two")}]


def test_a_file_that_is_being_written(file: Path) -> None:
    """As long as it grows, it is left alone."""
    following = Following(file)
    with file.open("w") as writer:
        for part in ("t", "w", "o"):
            writer.write(part)
            writer.flush()
            following.settle(CALM / 2)
    assert following.count == 0
    following.settle()
    assert following.told == [{str(file): digest_of(b"two")}]


def test_what_was_written_before_the_first_look(file: Path) -> None:
    """What was read last is compared, not what was there when following began."""
    following = Following(file)
    file.write_text("two")
    following.settle()
    assert following.count == 1


def test_a_touched_file(file: Path) -> None:
    """The same content again is no change, also in a new file."""
    following = Following(file)
    os.utime(file, (1, 1))
    following.settle()
    replace(file, "one")
    following.settle()
    assert following.count == 0


def test_a_folder_that_links_exchange(tmp_path: Path) -> None:
    """As Kubernetes updates a ConfigMap: the file's link stays, that of its folder changes."""
    for version in ("one", "two"):
        (tmp_path / version).mkdir()
        (tmp_path / version / "routes.toml").write_text(version)
    (tmp_path / "..data").symlink_to("one")
    file = tmp_path / "routes.toml"
    file.symlink_to(Path("..data", "routes.toml"))
    following = Following(file)
    (tmp_path / "new").symlink_to("two")
    os.replace(tmp_path / "new", tmp_path / "..data")
    following.settle()
    assert following.told == [{str(file): digest_of(b"two")}]


@pytest.mark.parametrize("is_empty", [True, False])
def test_a_file_that_is_gone_for_a_moment(file: Path, is_empty: bool) -> None:
    """It may come back; only when it stays away, that is told, and told once."""
    following = Following(file)
    if is_empty:
        file.write_text("")
    else:
        file.unlink()
    following.settle()
    following.look(CALM)
    assert following.count == 0
    following.look(PATIENCE)
    following.look(PATIENCE)
    assert following.count == 1
    file.write_text("two")
    following.settle()
    assert following.told[1:] == [{str(file): digest_of(b"two")}]


def test_a_reload_that_is_overtaken(file: Path) -> None:
    """Somebody wrote while the files were read: it is told again, when it is calm."""
    following = Following(file)
    following.is_overtaken = True
    replace(file, "two")
    following.settle()
    following.is_overtaken = False
    following.look(CALM)
    following.look(CALM)
    assert following.told == [{str(file): digest_of(b"two")}] * 2


def test_new_files(file: Path, tmp_path: Path) -> None:
    """A manifest that includes another one from now on: both are followed."""
    more = tmp_path / "more.toml"
    more.write_text("a")
    following = Following(file)
    following.answer = (str(file), str(more))
    replace(file, "two")
    following.settle()
    following.settle()
    assert following.count == 1
    replace(more, "b")
    following.settle()
    assert following.told[1] == {str(file): digest_of(b"two"), str(more): digest_of(b"b")}


def test_new_files_of_a_reload_that_was_overtaken(file: Path, tmp_path: Path) -> None:
    """They are among those of the next call."""
    more = tmp_path / "more.toml"
    more.write_text("a")
    following = Following(file)
    following.answer, following.is_overtaken = (str(file), str(more)), True
    replace(file, "two")
    following.settle()
    following.is_overtaken = False
    following.settle()
    assert following.told[1:] == [{str(file): digest_of(b"two"), str(more): digest_of(b"a")}]
