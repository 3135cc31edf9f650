"""One connection: pywsgi's handler with small answers in one send and honest framing."""

import logging
import socket
import time
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal

import gevent.pywsgi
from gevent import GreenletExit, get_hub, getcurrent
from gevent.pywsgi import WSGIHandler

from webzeug.server.body import Body, BrokenBodyError
from webzeug.server.log import UNLOGGED, access_log, error_log, escaped
from webzeug.tracebacks import users_frames

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from webzeug.server.serve import GeventServer, HandOver

ONE_SEND = 64 * 1024
"""Up to this many octets, a first block of body leaves together with the header section."""

_BAD_REQUEST = (
    b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/plain\r\n"
    b"Content-Length: 12\r\n\r\nBad Request\n"
)


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

    def __init__(self, sock: Any, address: Any, server: Any) -> None:
        super().__init__(sock, address, server)
        # Nagle's algorithm and the client's delayed acknowledgement cost 44 ms an answer.
        if sock.family in (socket.AF_INET, socket.AF_INET6):
            with suppress(OSError):  # macOS: the client has gone
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def handle(self) -> None:
        """Serve until the connection ends, or is handed over."""
        self._greenlet = getcurrent()
        # pywsgi sends its answers to bad requests outside of any try.
        with suppress(OSError):
            super().handle()

    def read_requestline(self) -> str:
        """Wait for the next request; until its first octet, the connection counts as idle."""
        try:
            with self.server.idling(self):
                self.rfile.peek(1)
        except _HandedOverError:
            return ""
        line = super().read_requestline()
        self.time_start = time.time()
        return line

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
            self.socket = None  # or pywsgi would read from it once more
            self._greenlet.throw(_HandedOverError)

    def handle_one_request(self) -> tuple[str, bytes] | Literal[True] | None:
        """Read a request and answer it; a bad one is returned with its answer."""
        result = super().handle_one_request()
        if isinstance(result, tuple):
            status, answer = result
            self.code, self.response_length = int(status), len(answer)
        return result

    def get_environ(self) -> "WSGIEnvironment":
        """The WSGI environ; a body that turns out to be broken is the client's fault."""
        environ = super().get_environ()
        stream = self.wsgi_input
        if stream is not None and (stream.content_length or stream.chunked_input):
            environ["wsgi.input"] = Body(stream, self._broken_body)
        return environ

    def _broken_body(self, error: OSError) -> None:
        # What follows on this connection may be a part of the body.
        self.close_connection = True
        self.log_error("%s", error)

    def finalize_headers(self) -> None:
        """Add what every answer has, and make its end clear (RFC 9112 6.3)."""
        # An answer that failed before it was sent leaves this behind.
        self.response_use_chunked = False
        super().finalize_headers()
        names = {name.lower() for name, _ in self.response_headers}
        if b"server" not in names:
            self.response_headers.append((b"Server", b"webzeug"))
        if self.code == 101:
            # What follows is not HTTP, and neither is what comes after that.
            self.close_connection = True
            return
        if self._has_no_body():
            self._leave_out_body()
        elif not self.response_use_chunked and b"content-length" not in names:
            self.close_connection = True
        if self.server.stopping.is_set() and self.server.hand_over is None:
            self.close_connection = True
        if self.close_connection:
            self._replace(b"Connection", b"close")

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

    def process_result(self) -> None:
        """Send what the application returned."""
        for data in self.result or ():
            if data:
                self.write(data)
                if self._has_no_body():
                    break
        if not self.headers_sent:
            self.write(b"")
        if self.response_use_chunked:
            self._send(b"0\r\n\r\n")

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
        return b"%x\r\n%b\r\n" % (len(data), data) if self.response_use_chunked else data

    def _send(self, block: bytes) -> None:
        try:
            self.socket.sendall(block)
        except OSError as error:
            raise ClientGoneError(str(error)) from error
        self.response_length += len(block)

    def handle_error(
        self, t: type[BaseException] | None, v: BaseException | None, tb: TracebackType | None
    ) -> None:
        """An exception that left the application: log it, and answer if nothing was sent."""
        self.close_connection = True
        if isinstance(v, ClientGoneError):
            return
        if isinstance(v, GreenletExit):  # the server stops, and the time for this answer is up
            self._read_no_more()
            return
        if isinstance(v, BrokenBodyError):
            self._answer("400 Bad Request")
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

    def _handle_client_error(self, ex: Exception) -> tuple[str, bytes]:
        # gevent names this hook as the one to override for bad requests; without it, some of
        # them are printed as tracebacks (tests/server/test_contract.py).
        self.log_error("%s", ex)
        return ("400", _BAD_REQUEST)

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
        address = self.client_address
        return str(address[0]) if isinstance(address, tuple) and address else "-"


def _applications_frames(traceback: TracebackType | None) -> TracebackType | None:
    """A traceback without the server's frames in front; None if there are no others."""
    frames = users_frames(traceback)
    while frames is not None and frames.tb_frame.f_code.co_filename == gevent.pywsgi.__file__:
        frames = users_frames(frames.tb_next)
    return frames
