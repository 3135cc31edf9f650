"""Listening sockets, and why one could not be had."""

import errno
import os
import socket
import stat
from collections.abc import MutableMapping
from dataclasses import replace

from webzeug.manifest.address import Address

MAX_PORT = 65535

FIRST_OF_SYSTEMD = 3

_IS_WINDOWS = os.name == "nt"


class BindError(Exception):
    """The address cannot be listened on; the message says why, and what to do."""


def open_listener(address: Address, backlog: int) -> socket.socket:
    """Listen on an address. A Unix socket that nobody listens on any more is replaced.

    Raises BindError.
    """
    try:
        listener = socket.socket(_family(address), socket.SOCK_STREAM)
        try:
            _bind(listener, address)
            listener.listen(backlog)
        except BaseException:
            listener.close()
            raise
    except OSError as error:
        raise BindError(f"cannot listen on {address}: {_reason(address, error)}") from error
    return listener


def inherited_listener(descriptor: int) -> socket.socket:
    """A listening socket that was open when we were started; programs that we start lack it.

    Raises BindError.
    """
    try:
        listener = socket.socket(fileno=descriptor)
    except OSError as error:
        what = "no socket" if error.errno == errno.ENOTSOCK else "not open"
        raise BindError(f"cannot serve on descriptor {descriptor}: it is {what}") from None
    if not (_is_stream(listener) and listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)):
        listener.detach()
        raise BindError(f"cannot serve on descriptor {descriptor}: nothing connects to it")
    listener.set_inheritable(False)
    return listener


def _is_stream(listener: socket.socket) -> bool:
    families = (socket.AF_INET, socket.AF_INET6, getattr(socket, "AF_UNIX", None))
    return listener.type == socket.SOCK_STREAM and listener.family in families


def systemd_descriptor(environ: MutableMapping[str, str], pid: int) -> int | None:
    """The socket that systemd has opened for this process (sd_listen_fds(3)); None if it has not.

    The variables that say so are removed. Raises BindError if there are several.
    """
    is_ours = environ.get("LISTEN_PID") == str(pid)
    number = environ.get("LISTEN_FDS", "0") if is_ours else "0"
    if number == "0":
        return None
    for name in ("LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"):
        environ.pop(name, None)
    if number != "1":
        raise BindError(f"systemd has opened {number} sockets; say which with --fd, from 3 on")
    return FIRST_OF_SYSTEMD


def address_of(listener: socket.socket) -> Address:
    """Where a socket listens, as the system says it."""
    name = listener.getsockname()
    if isinstance(name, tuple):
        return Address(host=name[0], port=name[1])
    return Address(path=os.fsdecode(name))


def _family(address: Address) -> socket.AddressFamily:
    if not address.path:
        return socket.AF_INET6 if address.is_ipv6 else socket.AF_INET
    if _IS_WINDOWS:
        raise OSError("there are no Unix sockets on Windows")
    return socket.AF_UNIX


def _bind(listener: socket.socket, address: Address) -> None:
    if address.path:
        if _is_dead_socket(address.path):
            os.unlink(address.path)
        listener.bind(address.path)
    else:
        if not _IS_WINDOWS:  # there, it would let two servers listen on one port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address.host, address.port))


def _is_dead_socket(path: str) -> bool:
    if not _is_socket(path):
        return False  # connecting to a regular file is refused just as well
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(path)
        except ConnectionRefusedError:
            return True
        except OSError:
            return False
    return False


def _is_socket(path: str) -> bool:
    try:
        return stat.S_ISSOCK(os.stat(path).st_mode)
    except OSError:
        return False


def _reason(address: Address, error: OSError) -> str:
    if isinstance(error, socket.gaierror):
        return f"there is no host `{address.host}`"
    match error.errno:
        case errno.EADDRINUSE if address.path:
            if _is_socket(address.path):
                return "another program does already; try another path"
            return "the file exists, and is not a socket"
        case errno.EADDRINUSE:
            other = replace(address, port=address.port % MAX_PORT + 1)
            return f"another program does already; try --bind {other}"
        case errno.EACCES if 0 < address.port < 1024:
            return "permission denied; try a port above 1023"
        case errno.EADDRNOTAVAIL:
            return "it is not an address of this machine"
        case errno.ENOENT if address.path:
            return "there is no such folder"
    return error.strerror or str(error)
