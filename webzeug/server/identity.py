"""Request ids: what joins the lines of several logs that tell of one request."""

import random
import re

FIELD = b"X-Request-ID"

_GIVEN = re.compile(r"[A-Za-z0-9._~:+/=@-]{1,128}")


def request_id(given: str | None) -> str:
    """The id that a proxy has given, if it is one, else a new one of 16 hexadecimal digits.

    What is longer than 128 characters, or has others than ``A-Z a-z 0-9 . _ ~ : + / = @ -``, is
    not taken: it ends up in log lines and in a header field.
    """
    if given is not None and _GIVEN.fullmatch(given):
        return given
    # Not secret, only different: Python seeds it anew in each process.
    return f"{random.getrandbits(64):016x}"
