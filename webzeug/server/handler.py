"""One connection: its requests are read strictly, and answered one after another."""

import logging
import os
import socket
import time
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

import gevent
import gevent.pywsgi
from gevent import GreenletExit, get_hub, getcurrent
from gevent.pywsgi import WSGIHandler

from webzeug.server.body import Body, BodyError
from webzeug.server.framing import Head, understand
from webzeug.server.leaving import ClientLeftError, Watch
from webzeug.server.log import UNLOGGED, access_log, client_name, error_log, escaped
from webzeug.server.reader import Reader
from webzeug.server.requests import TIMEOUT, RefusedError, read_fields, read_request_line
from webzeug.tracebacks import users_frames

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from webzeug.server.serve import GeventServer, HandOver

ONE_SEND = 64 * 1024
"""Up to this many octets, a first block of body leaves together with the header section."""

DISCARDED = 64 * 1024
"""Octets of a body that the application has not read, which are read to keep the connection."""

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


class ClientGoneError(ConnectionError):
    """The client has closed the connection, so that nothing can be sent to it any more."""


class _HandedOverError(Exception):
    """Ends the wait for a request on a connection that belongs to another process now."""


class Handler(WSGIHandler):
    """Serves the requests of one connection, one after another."""

    server: "GeventServer"
    socket: Any  # None once the connection is handed over
    client_address: Any  # (host, port, ...), or empty on a Unix socket
    status: Any  # bytes, whatever the stubs say, and so are the header fields
    response_headers: Any
    wsgi_input: Any

    def __init__(self, sock: Any, address: Any, server: Any) -> None:
        self._reader = Reader(sock)
        super().__init__(sock, address, server)
        self.rfile.close()  # pywsgi's own, in place of which there is our Reader
        self._limits = server.limits
        self._watch: Watch | None = None
        self._left: int | None = None
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
            gevent.sleep(0)
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

    def _read_no_more(self) -> None:
        with suppress(OSError):  # the client was faster
            self.socket.shutdown(socket.SHUT_RD)

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
        return environ

    def _proceed(self) -> None:
        if not self.headers_sent:
            self.socket.settimeout(self._limits.write_timeout)
            self.socket.sendall(_CONTINUE)

    def _broken_body(self, error: Exception) -> None:
        # What follows on this connection may be a part of the body.
        self.close_connection = True
        self.log_error("%s", error)

    def handle_one_response(self) -> None:
        """Let the application answer, and leave the connection in step."""
        self.time_finish = 0
        self.status = self.result = None
        self.headers_sent = self.response_use_chunked = self.connection_upgraded = False
        self.response_length = 0
        self._left = None
        try:
            self.run_application()
            if not self.close_connection and not self.wsgi_input.discard(DISCARDED):
                self.close_connection = True
        finally:
            self.time_finish = time.time()
            self.log_request()

    def finalize_headers(self) -> None:
        """Add what every answer has, and make its end clear (RFC 9112 6.3)."""
        # An answer that failed before it was sent leaves this behind.
        self.response_use_chunked = False
        super().finalize_headers()
        names = {name.lower() for name, _ in self.response_headers}
        if self._limits.server_header and b"server" not in names:
            self.response_headers.append((b"Server", b"webzeug"))
        if self.code == 101:
            # What follows is not HTTP, and neither is what comes after that.
            self.close_connection = True
            self.wsgi_input.become_raw()
            return
        if self._has_no_body():
            self._leave_out_body()
        elif not self.response_use_chunked and b"content-length" not in names:
            self.close_connection = True
        self._expect_length()
        if not self.wsgi_input.was_asked_for:
            # Whether the client sends the body nevertheless is unknown (RFC 9110 10.1.1).
            self.close_connection = True
        if self.server.stopping.is_set() and self.server.hand_over is None:
            self.close_connection = True
        if self.close_connection:
            self._replace(b"Connection", b"close")

    def _expect_length(self) -> None:
        """Note how many octets the application has promised, if it has."""
        promised = self.provided_content_length
        if promised is not None and not self._has_no_body():
            if not (promised.isascii() and promised.isdigit()):
                raise ValueError(f"the application's Content-Length is {promised!r}")
            self._left = int(promised)

    def _has_no_body(self) -> bool:
        """HEAD, 204 and 304 never have a body (RFC 9110 6.4.1)."""
        return self.command == "HEAD" or self.code in (204, 304)

    def _leave_out_body(self) -> None:
        self.response_use_chunked = False
        # A 204 has no length (RFC 9110 8.6). And the nothing that an application returns for HEAD
        # was counted by pywsgi, but it is not the length that GET would have.
        counted = self.provided_content_length is None
        if self.code == 204 or (counted and (b"Content-Length", b"0") in self.response_headers):
            self._replace(b"Content-Length", None)

    def _replace(self, name: bytes, value: bytes | None) -> None:
        key = name.lower()
        kept = [field for field in self.response_headers if field[0].lower() != key]
        self.response_headers = kept if value is None else [*kept, (name, value)]

    def run_application(self) -> None:
        """Let the application answer, and see to what it raises."""
        # pywsgi would take a reset connection to the application's database for a client that
        # has left, and stumble over an OSError without arguments.
        try:
            super().run_application()
        except BaseException as error:
            self.handle_error(type(error), error, error.__traceback__)
        finally:
            self._stop_watching()

    def process_result(self) -> None:
        """Send what the application returned."""
        try:
            self._send_blocks()
        finally:
            # What closes an iterator is not interrupted.
            self._stop_watching()
        if not self.headers_sent:
            self.write(b"")
        if self.response_use_chunked:
            self._send(b"0\r\n\r\n")
        elif self._left:
            self.close_connection = True
            self._log_length(f"{self._left} octets shorter than it says")

    def _send_blocks(self) -> None:
        blocks = self.result or ()
        is_stream = not isinstance(blocks, (list, tuple))
        for data in blocks:
            if data:
                self.write(data)
                if self._has_no_body():
                    break
                if is_stream and self._watch is None:
                    self._watch_client()

    def _watch_client(self) -> None:
        # Windows cannot read a socket as a file.
        if self.code != 101 and self.wsgi_input.is_done and os.name != "nt":
            self._watch = Watch(self.socket, self._reader, self._greenlet)

    def _stop_watching(self) -> None:
        if self._watch is not None:
            self._watch.stop()
            self._watch = None

    def write(self, data: bytes) -> None:
        """Send a block of body; the first one together with the header section."""
        if not self.status:
            raise self.ApplicationError("The application did not call start_response()")
        head = b"" if self.headers_sent else self._head()
        body = self._framed(data)
        self.headers_sent = True
        if head and len(body) > ONE_SEND:
            self._send(head)
            self._send(body)
        elif head or body:
            self._send(head + body)
        if head and self.code == 101:
            self.socket.settimeout(None)

    def _head(self) -> bytes:
        self.finalize_headers()
        fields = b"".join([b"%b: %b\r\n" % field for field in self.response_headers])
        return b"HTTP/1.1 %b\r\n%b\r\n" % (self.status, fields)

    def _framed(self, data: object) -> bytes:
        # pywsgi itself writes an empty str as the body of an empty answer.
        if not data or self._has_no_body():
            return b""
        if not isinstance(data, bytes):
            kind = type(data).__name__
            raise self.ApplicationError(f"The application sent {kind} instead of bytes")
        if self._left is not None:
            data = self._cut(data)
        return b"%x\r\n%b\r\n" % (len(data), data) if self.response_use_chunked else data

    def _cut(self, data: bytes) -> bytes:
        """What the promised length has room for; more would be taken for the next answer."""
        left = self._left or 0
        if len(data) > left:
            self._log_length("longer than it says")
            self.close_connection = True
            data = data[:left]
        self._left = left - len(data)
        return data

    def _log_length(self, what: str) -> None:
        error_log.error("%s %s: the body is %s", self.command, escaped(self.path or ""), what)

    def _send(self, block: bytes) -> None:
        """Send all; the client has to take something of it within ``write_timeout``."""
        try:
            self.socket.settimeout(None if self.code == 101 else self._limits.write_timeout)
            sent = self.socket.send(block)
            if sent < len(block):
                rest = memoryview(block)[sent:]
                while rest:
                    rest = rest[self.socket.send(rest) :]
        except OSError as error:
            raise ClientGoneError(str(error)) from error
        self.response_length += len(block)

    def handle_error(
        self, t: type[BaseException] | None, v: BaseException | None, tb: TracebackType | None
    ) -> None:
        """An exception that left the application: log it, and answer if nothing was sent."""
        self.close_connection = True
        if isinstance(v, (ClientGoneError, ClientLeftError)):
            self._reader.ended = True
            return
        if isinstance(v, GreenletExit):  # the server stops, and the time for this answer is up
            self._read_no_more()
            return
        if isinstance(v, BodyError):
            self._answer(v.status)
            return
        if v is not None:
            path, frames = escaped(self.path or ""), _applications_frames(tb)
            error_log.error("%s %s failed", self.command, path, exc_info=(type(v), v, frames))
        self._answer("500 Internal Server Error")

    def _answer(self, status: str) -> None:
        if self.headers_sent:
            return
        body = f"{status.partition(' ')[2]}\n".encode()
        headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))]
        with suppress(ClientGoneError):
            self.start_response(status, headers)
            self.write(body)

    def log_error(self, msg: str, *args: Any) -> None:
        """One line for a client's mistake, its octets escaped."""
        text = escaped(msg % args if args else msg)
        error_log.warning("%s: bad request: %s", self._client(), text)

    def log_request(self) -> None:
        """One line for a request: client, request line, status, octets sent, milliseconds."""
        # Taken out, for the next request may be so bad that it has no environ of its own.
        is_news = not (self.environ or {}).pop(UNLOGGED, False)
        if is_news and access_log.isEnabledFor(logging.INFO):
            took = (self.time_finish or time.time()) - self.time_start
            access_log.info(
                '%s "%s" %s %d %.1fms',
                self._client(),
                escaped((self.requestline or "").rstrip()),
                (self.code or 0) if self.status else 0,
                self.response_length,
                took * 1000,
            )

    def _client(self) -> str:
        return client_name(self.client_address)


def _applications_frames(traceback: TracebackType | None) -> TracebackType | None:
    """A traceback without the server's frames in front; None if there are no others."""
    frames = users_frames(traceback)
    while frames is not None and frames.tb_frame.f_code.co_filename == gevent.pywsgi.__file__:
        frames = users_frames(frames.tb_next)
    return frames
