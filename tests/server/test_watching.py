"""When a change is complete. Real files, and the real notes of the system."""

import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.http import TIMEOUT
from webzeug.server import watching
from webzeug.server.events import FolderEvents
from webzeug.server.files import MISSING, Files, Scan, Snapshot
from webzeug.server.watching import Watcher
from webzeug.source import digest_of


class Following:
    """A watcher of ``routes.toml`` and of the code beside it, and what it has warned of."""

    def __init__(self, folder: Path, *, poll: bool = False) -> None:
        self.manifest = folder / "routes.toml"
        self.manifest.write_text("one")
        self.warnings: list[str] = []
        self._woken = threading.Event()
        files = Files([str(self.manifest)], str(folder))
        self.watcher = Watcher(files, self._woken.set, self._warn, poll=poll)

    def _warn(self, message: str, help: str) -> None:
        self.warnings.append(message)

    @property
    def text(self) -> str | None:
        """The digest of the manifest, as it has settled."""
        return self.watcher.settled.manifest.get(str(self.manifest))

    def wait(self, limit: float = TIMEOUT) -> Snapshot | None:
        """Wait until it is time to look, and look."""
        deadline = self.watcher.deadline
        if not self.watcher.is_due():
            wait = limit if deadline is None else max(0, deadline - time.monotonic())
            self._woken.wait(min(wait, limit))
        self._woken.clear()
        return self.watcher.look() if self.watcher.is_due() else None

    def wait_in_vain(self) -> None:
        """Look as often as it is time to, for long enough to see a change that is complete."""
        end = time.monotonic() + 3 * watching.QUIET
        while time.monotonic() < end:
            self.wait(watching.QUIET)

    def settle(self, is_wanted: Callable[[Snapshot], bool]) -> Snapshot:
        """The first settled state that is wanted."""
        end = time.monotonic() + TIMEOUT
        while time.monotonic() < end:
            snapshot = self.wait()
            if snapshot is not None and is_wanted(snapshot):
                return snapshot
        raise TimeoutError(self.watcher.settled)

    def next(self) -> Snapshot:
        """The next settled state that is another one."""
        before = self.watcher.settled
        return self.settle(lambda snapshot: snapshot != before)


@pytest.fixture(params=[False, True], ids=["events", "poll"])
def follow(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Following]:
    following = Following(tmp_path, poll=request.param)
    yield following
    following.watcher.close()


@pytest.fixture(params=[True, False], ids=["asks", "is told"])
def told(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Following]:
    """One that the system tells of changes, and that may ask it for writers or not."""
    if not request.param:
        monkeypatch.setattr(watching, "has_writer", lambda path: None)
    following = Following(tmp_path)
    yield following
    following.watcher.close()


only_linux = pytest.mark.skipif(
    sys.platform != "linux", reason="other systems do not tell when a writer closes a file"
)


def test_a_change_is_seen(follow: Following) -> None:
    """Whichever way it comes about."""
    manifest = follow.manifest
    manifest.write_text("two")
    follow.next()
    assert follow.text == digest_of(b"two")
    new = manifest.with_name("new")
    new.write_text("three")
    os.replace(new, manifest)
    follow.next()
    assert follow.text == digest_of(b"three")
    manifest.unlink()
    manifest.write_text("four")
    follow.next()
    assert follow.text == digest_of(b"four")


def test_what_has_gone_may_come_back(follow: Following, monkeypatch: pytest.MonkeyPatch) -> None:
    """For a moment; then it has gone."""
    monkeypatch.setattr(watching, "COMEBACK", 60)
    follow.manifest.unlink()
    follow.wait_in_vain()
    assert follow.text == digest_of(b"one")
    follow.manifest.write_text("two")
    follow.next()
    assert follow.text == digest_of(b"two")
    monkeypatch.setattr(watching, "COMEBACK", 0.05)
    follow.manifest.unlink()
    follow.next()
    assert follow.text == MISSING
    follow.manifest.mkdir()
    follow.next()
    follow.manifest.rmdir()
    os.mkfifo(follow.manifest)
    follow.next()
    follow.manifest.unlink()
    follow.manifest.write_text("")
    follow.next()
    follow.manifest.write_text("two")
    follow.next()
    assert follow.text == digest_of(b"two")


def test_code_that_comes_changes_and_goes(follow: Following) -> None:
    """Also in folders that are new, that are renamed, and that go."""
    package = follow.manifest.with_name("package")
    package.mkdir()
    path = package / "a.py"
    path.write_text("1")
    assert follow.next().code == {str(path): digest_of(b"1")}
    path.write_text("2")
    assert follow.next().code == {str(path): digest_of(b"2")}
    os.rename(package, package.with_name("other"))
    renamed = {str(package.with_name("other") / "a.py"): digest_of(b"2")}
    assert follow.settle(lambda snapshot: str(path) not in snapshot.code).code == renamed
    shutil.rmtree(package.with_name("other"))
    assert follow.next().code == {}


def test_only_a_new_content_is_a_change(follow: Following) -> None:
    """A time stamp, a mode, line ends and files of other kinds are none."""
    before = follow.watcher.settled
    os.utime(follow.manifest)
    follow.manifest.chmod(0o600)
    follow.manifest.write_bytes(b"\xef\xbb\xbfone")
    (follow.manifest.parent / "notes.txt").write_text("x")
    (follow.manifest.parent / ".hidden").mkdir()
    (follow.manifest.parent / ".hidden" / "x.py").write_text("x")
    (follow.manifest.parent / "a.py").write_text("x")
    after = follow.next()
    assert after.manifest == before.manifest
    assert list(after.code) == [str(follow.manifest.parent / "a.py")]


def test_a_link_that_is_exchanged(follow: Following) -> None:
    """A ConfigMap changes by a link to a folder, which is not in the manifest's name."""
    folder = follow.manifest.parent
    for number in "12":
        (folder / f"..{number}").mkdir()
        (folder / f"..{number}" / "routes.toml").write_text(number)
        (folder / "..tmp").symlink_to(f"..{number}")
        os.replace(folder / "..tmp", folder / "..data")
        if number == "1":
            (folder / "link").symlink_to("..data/routes.toml")
            os.replace(folder / "link", follow.manifest)
        follow.next()
        assert follow.text == digest_of(number.encode())
    (folder / "..2" / "routes.toml").write_text("written through the link")
    follow.next()
    assert follow.text == digest_of(b"written through the link")


def test_a_folder_that_is_replaced(told: Following) -> None:
    """The whole folder of the application goes, and another comes in its place."""
    folder = told.manifest.parent
    os.rename(folder, folder.with_name(f"{folder.name}-former"))
    folder.mkdir()
    told.manifest.write_text("two")
    told.next()
    assert told.text == digest_of(b"two")
    (folder / "a.py").write_text("1")
    assert told.next().code == {str(folder / "a.py"): digest_of(b"1")}


@only_linux
def test_a_file_that_is_being_written_is_left_alone(told: Following) -> None:
    """Until its writer closes it, however long it pauses; another change waits for it."""
    with told.manifest.open("w") as file:
        file.write("two")
        file.flush()
        (told.manifest.parent / "a.py").write_text("1")
        told.wait_in_vain()
        assert (told.text, told.watcher.settled.code) == (digest_of(b"one"), {})
        file.write(" and a half")
    after = told.next()
    assert (told.text, len(after.code)) == (digest_of(b"two and a half"), 1)


@only_linux
def test_a_file_that_is_renamed_while_it_is_written(told: Following) -> None:
    """It is still being written."""
    new = told.manifest.with_name("new.toml")
    with new.open("w") as file:
        file.write("two")
        file.flush()
        os.replace(new, told.manifest)
        told.wait_in_vain()
        assert told.text == digest_of(b"one")
    told.next()
    assert told.text == digest_of(b"two")


@only_linux
def test_a_file_that_is_kept_open(told: Following, monkeypatch: pytest.MonkeyPatch) -> None:
    """After some time without a write, it is taken as it is."""
    monkeypatch.setattr(watching, "STUCK", 0.2)
    with told.manifest.open("w") as file:
        file.write("two")
        file.flush()
        told.next()
        assert told.text == digest_of(b"two")


def test_a_program_that_writes_all_the_time(
    told: Following, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does not keep the changes of other files from being seen."""
    monkeypatch.setattr(watching, "MAX_WAIT", 0.2)
    noise = told.manifest.with_name("noise.toml")
    told.manifest.write_text("two")
    while told.text != digest_of(b"two"):
        noise.write_text("x")
        told.watcher.look()
    assert told.text == digest_of(b"two")


def test_a_change_that_the_system_has_not_told_of(
    told: Following, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It counts when it has stood for a while."""
    monkeypatch.setattr(FolderEvents, "take", lambda self: ())
    monkeypatch.setattr(watching, "UNTOLD", 60)
    monkeypatch.setattr(watching, "QUIET", 60)
    told.manifest.write_text("two")
    assert told.watcher.look() is None
    os.utime(told.manifest, (1, 1))
    assert told.watcher.look() is not None
    assert told.text == digest_of(b"two")


@only_linux
def test_a_file_that_is_opened_while_we_look(
    told: Following, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A time stamp that is younger than the look itself is of a file that is being written."""
    (told.manifest.parent / "a.py").write_text("1")
    scan = Files.scan
    with told.manifest.with_name("other.toml").open("w") as file:

        def write_and_scan(files: Files) -> Scan:
            if told.manifest.with_name("other.toml").exists():
                os.replace(told.manifest.with_name("other.toml"), told.manifest)
                file.write("two")
                file.flush()
                os.utime(file.fileno(), (time.time() + 0.5,) * 2)
            return scan(files)

        monkeypatch.setattr(Files, "scan", write_and_scan)
        told.wait_in_vain()
        assert told.text == digest_of(b"one")
    told.next()
    assert told.text == digest_of(b"two")


def test_a_time_stamp_in_the_future(told: Following) -> None:
    """Some archives and network drives have such; the file is complete all the same."""
    new = told.manifest.with_name("new")
    new.write_text("two")
    os.utime(new, (time.time() + 9999,) * 2)
    os.replace(new, told.manifest)
    told.next()
    assert told.text == digest_of(b"two")


def test_files_that_are_followed_from_now_on(follow: Following) -> None:
    """A new file of the manifest is a change; new code that was imported is none."""
    folder = follow.manifest.parent
    elsewhere = folder.with_name(f"{folder.name}-elsewhere")
    elsewhere.mkdir()
    (elsewhere / "library.py").write_text("1")
    path = str(elsewhere / "library.py")
    later = time.time() + 1
    assert follow.watcher.follow_code({str(elsewhere): later}) == {path: digest_of(b"1")}
    assert follow.watcher.follow_code({str(elsewhere): later, str(folder): later}) == {}
    more = folder / "more.toml"
    more.write_text("m")
    follow.watcher.follow_manifest([str(follow.manifest), str(more)])
    while (snapshot := follow.watcher.look()) is None:
        follow.wait()
    assert snapshot.manifest[str(more)] == digest_of(b"m")
    assert snapshot.code == {path: digest_of(b"1")}
    (elsewhere / "library.py").write_text("2")
    assert follow.next().code == {path: digest_of(b"2")}
    follow.watcher.follow_manifest([str(follow.manifest)])
    assert list(follow.watcher.settled.manifest) == [str(follow.manifest)]


def test_code_that_was_written_after_its_import(follow: Following) -> None:
    """It is followed from now on, and has changed already."""
    elsewhere = follow.manifest.parent.with_name(f"{follow.manifest.parent.name}-elsewhere")
    elsewhere.mkdir()
    since = time.time()
    (elsewhere / "library.py").write_text("2")
    assert follow.watcher.follow_code({str(elsewhere): since}) == {}
    while not (snapshot := follow.watcher.look()) or not snapshot.code:
        follow.wait()
    assert snapshot.code == {str(elsewhere / "library.py"): digest_of(b"2")}


@pytest.mark.parametrize("when", ["at the start", "later"])
def test_where_the_system_lets_us_watch_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """That is said once, and files are looked at regularly instead."""

    def refuse(*args: object, **options: object) -> None:
        raise OSError(28, "inotify watch limit reached")

    if when == "at the start":
        monkeypatch.setattr("webzeug.server.watching.FolderEvents", refuse)
        follow = Following(tmp_path)
    else:
        follow = Following(tmp_path)
        monkeypatch.setattr(FolderEvents, "watch", refuse)
    follow.manifest.write_text("two")
    follow.next()
    follow.manifest.write_text("three")
    follow.next()
    assert follow.text == digest_of(b"three")
    assert len(follow.warnings) == 1
    assert "inotify watch limit reached" in follow.warnings[0]
    follow.watcher.close()


def test_too_many_folders_are_told_of_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The nearest are followed all the same."""
    (tmp_path / "a" / "b").mkdir(parents=True)
    monkeypatch.setattr("webzeug.server.files.MAX_FOLDERS", 2)
    follow = Following(tmp_path)
    (tmp_path / "a" / "x.py").write_text("1")
    assert len(follow.next().code) == 1
    assert len(follow.warnings) == 1
    follow.watcher.close()
