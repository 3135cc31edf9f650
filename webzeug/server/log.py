"""What the server logs, and how it keeps a client's octets from forging lines."""

import logging
import re
import sys

error_log = logging.getLogger("webzeug.error")

MAX_LENGTH = 1000

_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\\]")


def escaped(text: str) -> str:
    """A client's text, fit for one line of a log.

    C0, DEL, C1 and the backslash become ``\\xNN``; more than 1,000 characters are cut.
    """
    safe = _UNSAFE.sub(lambda match: f"\\x{ord(match.group()):02x}", text[:MAX_LENGTH])
    return safe if len(text) <= MAX_LENGTH else f"{safe}..."


def configure_logging() -> None:
    """Log to stderr, unless the application has set logging up when it was imported."""
    if not logging.getLogger().handlers:
        logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)


def client_name(address: object) -> str:
    """A client's IP address; `-` on a Unix socket, where it has none."""
    return str(address[0]) if isinstance(address, tuple) and address else "-"


def log_turned_away(address: object) -> None:
    """One line for a connection that there was no room for."""
    error_log.warning("%s: turned away: there are too many connections", client_name(address))


class ErrorStream:
    """``wsgi.errors`` (PEP 3333): a text stream whose lines go to the log ``webzeug.error``.

    What is written at once is one record; a line may also be written piece by piece.
    """

    def __init__(self) -> None:
        self._line = ""

    def write(self, text: str) -> int:
        lines, newline, rest = (self._line + text).rpartition("\n")
        self._line = rest
        if newline:
            _log(lines)
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        self.write("".join(lines))

    def flush(self) -> None:
        """Log a line that has not ended yet."""
        line, self._line = self._line, ""
        _log(line)


def _log(lines: str) -> None:
    if lines := lines.rstrip("\n"):
        error_log.error("%s", lines)
