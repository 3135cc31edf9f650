"""Whether somebody is writing a file at this moment."""

import fcntl
import os
import signal

_SET_LEASE: int | None = getattr(fcntl, "F_SETLEASE", None)
_SET_SIGNAL: int | None = getattr(fcntl, "F_SETSIG", None)


def has_writer(path: str) -> bool | None:
    """Whether any process has a file open for writing; None where the system does not tell.

    Linux does, for the owner of the file: it grants a read lease (fcntl(2)) only on a file that
    nobody has open for writing. What it tells holds for this moment; watchdog may tell of a
    writer half a second later.
    """
    if _SET_LEASE is None or _SET_SIGNAL is None:
        return None
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        # Who opens the file right now waits until the lease is given back, and we get a signal:
        # this one does nothing.
        fcntl.fcntl(descriptor, _SET_SIGNAL, signal.SIGURG)
        fcntl.fcntl(descriptor, _SET_LEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, _SET_LEASE, fcntl.F_UNLCK)
    except BlockingIOError:
        return True
    except OSError:
        return None
    finally:
        os.close(descriptor)
    return False
