"""One answer: framed as HTTP wants it, counted, sent in one piece where it is small."""

import os
import socket
import struct
import time
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any

import gevent.pywsgi
from gevent import GreenletExit
from gevent.pywsgi import WSGIHandler

from webzeug.error_pages import named
from webzeug.server.access import log_access
from webzeug.server.body import BodyError
from webzeug.server.identity import FIELD
from webzeug.server.leaving import ClientLeftError, Watch
from webzeug.server.log import client_name, error_log, escaped
from webzeug.server.reader import Reader
from webzeug.tracebacks import users_frames
from webzeug.wrappers import UNLOGGED

if TYPE_CHECKING:
    from webzeug.manifest.model import Server as Limits
    from webzeug.server.serve import GeventServer

ONE_SEND = 64 * 1024
"""Up to this many octets, a first block of body leaves together with the header section."""

DISCARDED = 64 * 1024
"""Octets of a body that the application has not read, which are read to keep the connection."""

_NO_LINGERING = struct.pack("ii", 1, 0)
"""For SO_LINGER: what is unsent when the socket is closed is dropped, and the client told so."""


class ClientGoneError(ConnectionError):
    """The client has closed the connection, so that nothing can be sent to it any more."""


class Answering(WSGIHandler):
    """How a request is answered; reading it, and what is between requests, is the Handler's."""

    server: "GeventServer"
    socket: Any  # None once the connection is handed over
    client_address: Any  # (host, port, ...), or empty on a Unix socket
    status: Any  # bytes, whatever the stubs say, and so are the header fields
    response_headers: Any
    wsgi_input: Any

    _reader: Reader
    _limits: "Limits"
    _greenlet: Any
    _watch: Watch | None = None
    _left: int | None = None
    _request_id: str | None = None

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
        if self._request_id is not None and b"x-request-id" not in names:
            self.response_headers.append((FIELD, self._request_id.encode()))
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
        except TimeoutError as error:
            # The system would keep what it has taken, megabytes, long after the socket is closed.
            with suppress(OSError):
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGERING)
            raise ClientGoneError(str(error)) from error
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
            name = named(self.environ or {})
            exc_info = (type(v), v, frames)
            error_log.error("%s %s failed%s", self.command, path, name, exc_info=exc_info)
        self._answer("500 Internal Server Error")

    def _answer(self, status: str) -> None:
        if self.headers_sent:
            return
        body = f"{status.partition(' ')[2]}\n".encode()
        headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))]
        with suppress(ClientGoneError):
            self.start_response(status, headers)
            self.write(body)

    def _read_no_more(self) -> None:
        with suppress(OSError):  # the client was faster
            self.socket.shutdown(socket.SHUT_RD)

    def log_error(self, msg: str, *args: Any) -> None:
        """One line for a client's mistake, its octets escaped."""
        text = escaped(msg % args if args else msg)
        error_log.warning("%s: bad request: %s", self._client(), text)

    def log_request(self) -> None:
        """One record for a request, unless it is no news."""
        # Taken out, for the next request may be so bad that it has no environ of its own.
        if (self.environ or {}).pop(UNLOGGED, False) or self._limits.access_log == "off":
            return
        log_access(
            self._limits.access_log,
            self.environ,
            client=self._client(),
            request=self.requestline or "",
            status=(self.code or 0) if self.status else 0,
            octets=self.response_length,
            seconds=(self.time_finish or time.time()) - self.time_start,
        )

    def _client(self) -> str:
        return client_name(self.client_address)


def _applications_frames(traceback: TracebackType | None) -> TracebackType | None:
    """A traceback without the server's frames in front; None if there are no others."""
    frames = users_frames(traceback)
    while frames is not None and frames.tb_frame.f_code.co_filename == gevent.pywsgi.__file__:
        frames = users_frames(frames.tb_next)
    return frames
