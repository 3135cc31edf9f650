"""The cyclic garbage collector, and what it need not look at."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused_collector() -> Iterator[None]:
    """Pause it while something large is made, which then counts as old.

    All of that is live: it would be looked at in vain, several times, while requests wait.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            _let_all_be_old()
            gc.enable()


def _let_all_be_old() -> None:
    # What the application has frozen itself must stay frozen.
    if gc.get_freeze_count() == 0:
        gc.freeze()
        gc.unfreeze()
