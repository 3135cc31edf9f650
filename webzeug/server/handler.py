"""One connection: pywsgi's handler with small answers in one send and honest framing."""

import socket
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any

from gevent import GreenletExit
from gevent.pywsgi import WSGIHandler

from webzeug.server.log import access_log, error_log, escaped

if TYPE_CHECKING:
    from webzeug.server.serve import GeventServer

ONE_SEND = 64 * 1024
"""Up to this many octets, a first block of body leaves together with the header section."""

_BAD_REQUEST = (
    b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/plain\r\n"
    b"Content-Length: 12\r\n\r\nBad Request\n"
)
_SERVER_ERROR = b"Internal Server Error\n"


class Handler(WSGIHandler):
    """Serves the requests of one connection, one after another."""

    server: "GeventServer"
    client_address: Any  # (host, port, ...), or empty on a Unix socket
    status: Any  # bytes, whatever the stubs say, and so are the header fields
    response_headers: Any

    def __init__(self, sock: Any, address: Any, server: Any) -> None:
        super().__init__(sock, address, server)
        # Nagle's algorithm and the client's delayed acknowledgement cost 44 ms an answer.
        if sock.family in (socket.AF_INET, socket.AF_INET6):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def read_requestline(self) -> str:
        """Wait for the next request; while it does, the connection counts as idle."""
        self.server.idle.add(self)
        try:
            return super().read_requestline()
        finally:
            self.server.idle.discard(self)

    def let_go(self) -> None:
        """End an idle connection: the client sees it closed, and nothing it sent is lost."""
        sock = self.__dict__.get("socket")
        if sock is not None:
            try:
                sock.shutdown(socket.SHUT_RD)
            except OSError:
                return  # the client was faster

    def finalize_headers(self) -> None:
        """Add what every answer has; frame the body only where there is one (RFC 9112 6)."""
        names = {name.lower() for name, _ in self.response_headers}
        if b"server" not in names:
            self.response_headers.append((b"Server", b"webzeug"))
        if self.server.stopping.is_set() and self.code != 101:
            self.close_connection = True
        super().finalize_headers()
        if self.close_connection and b"connection" not in names and not self._says_connection():
            self.response_headers.append((b"Connection", b"close"))
        if self._has_no_body():
            self.response_use_chunked = False

    def _says_connection(self) -> bool:
        return any(name.lower() == b"connection" for name, _ in self.response_headers)

    def _has_no_body(self) -> bool:
        """HEAD, 1xx, 204 and 304 never have a body (RFC 9110 6.4.1)."""
        return self.command == "HEAD" or self.code in (204, 304)

    def write(self, data: bytes) -> None:
        """Send a block of body; the first one together with the header section."""
        if self._has_no_body():
            data = b""
        if self.headers_sent:
            super().write(data)
            return
        if not self.status:
            raise self.ApplicationError("The application did not call start_response()")
        self.headers_sent = True
        self.finalize_headers()
        head = self._head()
        if len(data) > ONE_SEND:
            self._send(head)
            super().write(data)
        else:
            self._send(head + self._framed(data))

    def _head(self) -> bytes:
        fields = b"".join(b"%b: %b\r\n" % field for field in self.response_headers)
        return b"HTTP/1.1 %b\r\n%b\r\n" % (self.status, fields)

    def _framed(self, data: bytes) -> bytes:
        if data and self.response_use_chunked:
            return b"%x\r\n%b\r\n" % (len(data), data)
        return data

    def _send(self, block: bytes) -> None:
        self.socket.sendall(block)
        self.response_length += len(block)

    def handle_error(
        self, t: type[BaseException] | None, v: BaseException | None, tb: TracebackType | None
    ) -> None:
        """An exception that left the application: log it, and answer 500 if nothing was sent."""
        self.close_connection = True
        if isinstance(v, GreenletExit):
            return  # the server is stopping, and the time for this answer is up
        if v is not None:
            path = escaped(self.path or "")
            error_log.error("%s %s failed", self.command, path, exc_info=(type(v), v, tb))
        if not self.response_length:
            self._answer_500()

    def _answer_500(self) -> None:
        headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(_SERVER_ERROR)))]
        try:
            self.start_response("500 Internal Server Error", headers)
            self.write(_SERVER_ERROR)
        except OSError:
            return  # the client has gone

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
        if access_log.isEnabledFor(20):
            took = (self.time_finish or time.time()) - self.time_start
            access_log.info(
                '%s "%s" %s %d %.1fms',
                self._client(),
                escaped((self.requestline or "").rstrip()),
                abs(self.code or 0),
                self.response_length,
                took * 1000,
            )

    def _client(self) -> str:
        address = self.client_address
        return str(address[0]) if isinstance(address, tuple) and address else "-"
