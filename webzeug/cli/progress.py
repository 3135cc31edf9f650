"""What is said of a command that takes longer than a moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer
from typing import TextIO

import click

from webzeug.reporting.style import printable

A_MOMENT = 1.0
"""Seconds after which a person wonders what is going on."""


@contextmanager
def telling(what: str, stream: TextIO | None, after: float = A_MOMENT) -> Iterator[None]:
    """Write ``what`` to a terminal if the block takes more than some seconds."""
    if stream is None or not stream.isatty():
        yield
        return
    timer = Timer(after, click.echo, args=(printable(what), stream))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
