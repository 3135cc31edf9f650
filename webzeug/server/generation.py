"""An application at one time, in a process of its own."""

import os
import sys
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from webzeug.server.breakage import Problem
from webzeug.server.channel import Message
from webzeug.server.files import MISSING, Snapshot
from webzeug.server.process import ChildProcess
from webzeug.source import shown_path


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be served: the manifest, and what the command line adds to it."""

    manifest: str
    settings: Sequence[str] = ()
    config: str | None = None
    app_dir: str | None = None

    @property
    def app_folder(self) -> str:
        """The folder that dotted paths are found from first."""
        return os.path.abspath(self.app_dir or os.path.dirname(self.manifest) or ".")

    @property
    def files(self) -> tuple[str, ...]:
        """The files that are known before anything has been read."""
        return (self.manifest,) if self.config is None else (self.manifest, self.config)

    def message(self, *, must_be_sound: bool, explains: bool) -> Message:
        """The order as a child gets it; with ``explains``, nothing is to be imported."""
        return {
            "do": "start",
            "manifest": self.manifest,
            "settings": list(self.settings),
            "config": self.config,
            "app_dir": self.app_dir,
            "must_be_sound": must_be_sound,
            "explains": explains,
            "sys_path": sys.path,
            "argv": sys.argv,
        }


@dataclass(frozen=True, slots=True)
class Made:
    """What a child has made of its files.

    ``files`` are the digests that it has read, None where it could not; ``folders`` are those of
    imported code, each with the Unix time before the import; ``routes`` are the fingerprints of
    its table. ``is_hopeless``: no change of a file can mend it.
    """

    is_sound: bool
    is_hopeless: bool
    problems: Sequence[Problem]
    files: Mapping[str, str | None]
    folders: Mapping[str, float]
    routes: Mapping[str, str]
    bind: str
    backlog: int

    @classmethod
    def of(cls, message: Message) -> "Made":
        return cls(**{key: value for key, value in message.items() if key != "is"})


@dataclass(slots=True, eq=False)
class Generation:
    """The application as it was at one time, in a process of its own.

    ``snapshot`` is what it was made of; ``since`` (monotonic) and ``causes`` say when and why.
    ``must_be_sound``: there is a sound one before it. ``routes`` are the fingerprints of its
    table, ``before`` those of the table before it. ``mends``: something was broken until it took
    over. ``reloads`` are those under way: what was to be reloaded, and since when.
    """

    process: ChildProcess
    snapshot: Snapshot
    since: float
    causes: Sequence[str]
    must_be_sound: bool
    problems: Sequence[Problem] = ()
    is_sound: bool = False
    mends: bool = False
    made: Made | None = None
    serving_since: float = 0.0
    routes: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, str] = field(default_factory=dict)
    reloads: deque[tuple[Snapshot, float]] = field(default_factory=deque)

    def was_made_of(self, snapshot: Snapshot) -> bool:
        """Whether what it has read is what the files hold."""
        if self.made is None or self.snapshot.code != snapshot.code:
            return False
        return agree(self.made.files, snapshot.manifest)

    def as_made(self, made: Made) -> Snapshot:
        """What it was made of, by what it has read itself as far as it could."""
        wanted = self.snapshot.manifest
        files = {name: read or wanted.get(name, MISSING) for name, read in made.files.items()}
        return replace(self.snapshot, manifest=files)

    def add_code(self, code: Mapping[str, str]) -> None:
        """Count code as part of what it was made of."""
        self.snapshot = replace(self.snapshot, code={**self.snapshot.code, **code})


def agree(read: Mapping[str, str | None], there: Mapping[str, str]) -> bool:
    """Whether what a child has read is what is there; what it could not read is not compared."""
    return read.keys() == there.keys() and all(
        digest in (None, there[name]) for name, digest in read.items()
    )


def changed_files(old: Snapshot, new: Snapshot) -> list[str]:
    """The files that came, went or changed, as people see their names: the manifest's first."""
    manifest = _changed(old.manifest, new.manifest)
    code = sorted(shown_path(path) for path in _changed(old.code, new.code))
    return list(dict.fromkeys((*manifest, *code)))


def _changed(old: Mapping[str, str], new: Mapping[str, str]) -> Iterable[str]:
    return (name for name in dict.fromkeys((*new, *old)) if old.get(name) != new.get(name))
