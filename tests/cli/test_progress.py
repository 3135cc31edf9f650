"""What is said of a command that takes longer than a moment."""

import io
from threading import Event

from webzeug.cli.progress import telling


class _Terminal(io.StringIO):
    """A terminal that tells when something is written to it."""

    def __init__(self) -> None:
        super().__init__()
        self.written = Event()

    def isatty(self) -> bool:
        return True

    def flush(self) -> None:
        self.written.set()


def test_what_takes_long_is_told() -> None:
    """A terminal is told what is done, if it is not done after the time."""
    terminal = _Terminal()
    with telling("checking a\tb ...", terminal, after=0):
        assert terminal.written.wait(10)
    assert terminal.getvalue() == "checking a    b ...\n"


def test_what_is_quick_is_not_told() -> None:
    """A terminal is told nothing of what is done before the time."""
    terminal = _Terminal()
    with telling("checking ...", terminal, after=3600):
        pass
    assert terminal.getvalue() == ""


def test_files_are_told_nothing() -> None:
    """A file or a pipe is told nothing, and a closed stream neither."""
    file = io.StringIO()
    with telling("checking ...", file, after=0):
        pass
    with telling("checking ...", None, after=0):
        pass
    assert file.getvalue() == ""
