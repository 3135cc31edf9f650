"""One connection: its requests are read strictly, and answered one after another."""

import socket
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from gevent import get_hub, getcurrent

from webzeug.server.answering import Answering
from webzeug.server.body import Body
from webzeug.server.framing import Head, understand
from webzeug.server.identity import request_id
from webzeug.server.reader import Reader
from webzeug.server.requests import TIMEOUT, RefusedError, read_fields, read_request_line
from webzeug.server.turns import give_way
from webzeug.wrappers import REQUEST_ID

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from webzeug.server.serve import HandOver

LINGER = 1.0
"""Seconds that a client gets to read its answer while what it still sends is thrown away."""

TURN = 16
"""Requests of one connection after which the others have their turn at the latest."""

LINGER_OCTETS = 4 * 1024 * 1024

SOCKET = "webzeug.socket"
"""The environ's key of the connection's gevent socket, for who takes it over with a 101.

From then on it has no time limit. Octets that have already been received are in ``wsgi.input``,
whose ``read`` and ``readline`` go on with the socket's. The server closes it.
"""

_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class _HandedOverError(Exception):
    """Ends the wait for a request on a connection that belongs to another process now."""


class Handler(Answering):
    """Serves the requests of one connection, one after another."""

    def __init__(self, sock: Any, address: Any, server: Any) -> None:
        self._reader = Reader(sock)
        super().__init__(sock, address, server)
        self.rfile.close()  # pywsgi's own, in place of which there is our Reader
        self._limits = server.limits
        self._answered = 0
        # Nagle's algorithm and the client's delayed acknowledgement cost 44 ms an answer.
        if sock.family in (socket.AF_INET, socket.AF_INET6):
            with suppress(OSError):  # macOS: the client has gone
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def handle(self) -> None:
        """Serve until the connection ends, or is handed over."""
        self._greenlet = getcurrent()
        deadline = time.monotonic() + self._limits.header_timeout
        try:
            with suppress(OSError, _HandedOverError):
                while self._serve_next(deadline):
                    deadline = time.monotonic() + self._limits.keep_alive
                self._linger()
        finally:
            # The server closes the socket; nothing else shall keep it.
            self.environ = self.wsgi_input = None

    def _serve_next(self, deadline: float) -> bool:
        """Read a request and answer it; returns whether there may be another.

        Its first octet must come before the deadline (monotonic).
        """
        reader = self._reader
        if not reader.pending:
            # Until its first octet, the connection counts as idle.
            with self.server.idling(self):
                if not reader.fill(deadline - time.monotonic()):
                    return False
        if not self._is_first:
            deadline = time.monotonic() + self._limits.header_timeout
        self._is_first = False
        self.time_start = time.time()
        self.environ = None
        self.requestline = ""
        try:
            head = self._read_head(deadline)
        except RefusedError as refused:
            self._refuse(refused)
            return False
        except TimeoutError:
            self._refuse(RefusedError(TIMEOUT, "the header section did not arrive in time"))
            return False
        if head is None:
            return False
        self.environ = self._environ_of(head)
        self.application = self.server.application
        self.handle_one_response()
        # A client that sends faster than we read would never let the others have their turn.
        self._answered += 1
        if not self._answered % TURN:
            give_way()
        return not self.close_connection

    _is_first = True

    def _read_head(self, deadline: float) -> Head | None:
        limits, reader = self._limits, self._reader
        line = read_request_line(reader, limits, deadline, self._see_request_line)
        if line is None:
            return None
        self.command, self.path, self.request_version = line.method, line.target, line.version
        head = understand(line, read_fields(reader, limits, deadline), limits)
        self.close_connection = not head.keeps_alive
        return head

    def _see_request_line(self, line: bytes) -> None:
        self.requestline = line.decode("latin-1")

    def _refuse(self, refused: RefusedError) -> None:
        """Answer a request that is not served; what follows on the connection is not read."""
        self.log_error("%s", refused)
        body = f"{refused.status[4:]}\n".encode()
        self.status, self.code = refused.status.encode(), int(refused.status[:3])
        self.close_connection = True
        answer = (
            b"HTTP/1.1 %b\r\nConnection: close\r\nContent-Type: text/plain\r\n"
            b"Content-Length: %d\r\n\r\n%b" % (self.status, len(body), body)
        )
        self.response_length = 0
        try:
            self._send(answer)
        finally:
            self.time_finish = time.time()
            self.log_request()

    def _linger(self) -> None:
        """Let the client read its answer before the connection is closed (RFC 9112 9.6).

        What the system has received and nobody has read would make it reset the connection.
        """
        if self.socket is None or self._reader.ended or not self.close_connection:
            return
        self.socket.shutdown(socket.SHUT_WR)
        deadline, octets = time.monotonic() + LINGER, 0
        while octets < LINGER_OCTETS and self._reader.fill(deadline - time.monotonic()):
            octets += len(self._reader.take(self._reader.pending))

    def let_go(self) -> None:
        """End or hand over an idle connection; a request that has already arrived is still read."""
        if self.server.hand_over is not None:
            get_hub().loop.run_callback(self._hand_over, self.server.hand_over)
        else:
            self._read_no_more()

    def _hand_over(self, hand_over: "HandOver") -> None:
        """In the hub, so that a connection that is idle now is still idle when it is left."""
        if self.server.is_idle(self):
            hand_over(self.socket, self.client_address)
            self.socket = None
            self._greenlet.throw(_HandedOverError)

    def _environ_of(self, head: Head) -> "WSGIEnvironment":
        """The WSGI environ (PEP 3333)."""
        proceed = self._proceed if head.expects_continue else None
        body = Body(self._reader, head.length, self._limits, proceed, self._broken_body)
        self.wsgi_input = body
        environ = self.server.get_environ()
        path = head.path
        environ["REQUEST_METHOD"] = head.line.method
        environ["SCRIPT_NAME"] = ""
        environ["PATH_INFO"] = unquote_to_bytes(path).decode("latin-1") if "%" in path else path
        environ["QUERY_STRING"] = head.query
        environ["SERVER_PROTOCOL"] = head.line.version
        environ["wsgi.input"] = body
        environ["wsgi.input_terminated"] = True
        environ[SOCKET] = self.socket
        if isinstance(self.client_address, tuple):
            environ["REMOTE_ADDR"] = str(self.client_address[0])
            environ["REMOTE_PORT"] = str(self.client_address[1])
        environ.update(head.fields)
        if self._limits.request_ids:
            environ[REQUEST_ID] = self._request_id = request_id(environ.get("HTTP_X_REQUEST_ID"))
        return environ

    def _proceed(self) -> None:
        if not self.headers_sent:
            self.socket.settimeout(self._limits.write_timeout)
            self.socket.sendall(_CONTINUE)

    def _broken_body(self, error: Exception) -> None:
        # What follows on this connection may be a part of the body.
        self.close_connection = True
        self.log_error("%s", error)
