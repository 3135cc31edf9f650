"""What the server logs, and how it keeps a client's octets from forging lines."""

import logging
import re

access_log = logging.getLogger("webzeug.access")
error_log = logging.getLogger("webzeug.error")

MAX_LENGTH = 1000

_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\\]")


def escaped(text: str) -> str:
    """A client's text, fit for one line of a log.

    C0, DEL, C1 and the backslash become ``\\xNN``; more than 1,000 characters are cut.
    """
    safe = _UNSAFE.sub(lambda match: f"\\x{ord(match.group()):02x}", text[: MAX_LENGTH + 1])
    return safe if len(text) <= MAX_LENGTH else f"{safe[:MAX_LENGTH]}..."


class ErrorStream:
    """``wsgi.errors`` (PEP 3333): a text stream whose lines go to the log ``webzeug.error``."""

    def write(self, text: str) -> int:
        if line := text.rstrip("\n"):
            error_log.error("%s", line)
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        self.write("".join(lines))

    def flush(self) -> None:
        """Nothing is held back."""
