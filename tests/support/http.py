"""HTTP/1.1 by hand: exactly which octets go in, and exactly which come out."""

import socket
import struct
from dataclasses import dataclass
from types import TracebackType
from typing import Self

TIMEOUT = 30.0
"""Seconds until a test that waits for a server gives up."""

_WITHOUT_BODY = (204, 304)


@dataclass(frozen=True, slots=True)
class Answer:
    """One response, its body decoded from chunks where it came in chunks."""

    status: int
    fields: tuple[tuple[str, str], ...]
    body: bytes

    def field(self, name: str) -> str | None:
        """A header field's value; more than one are joined with a comma."""
        values = [value for key, value in self.fields if key.lower() == name.lower()]
        return ", ".join(values) if values else None


class Connection:
    """The client's end of a connection::

    with Connection.to(server.address) as client:
        assert client.get("/").status == 200
        client.send("GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n")
        answer = client.read()
    """

    def __init__(self, sock: socket.socket) -> None:
        self.socket = sock
        self.file = sock.makefile("rb")

    @classmethod
    def to(cls, address: tuple[str, int] | str) -> Self:
        """Connect to (host, port), or to the path of a Unix socket; blocks."""
        if isinstance(address, str):
            sock = socket.socket(socket.AF_UNIX)
            sock.settimeout(TIMEOUT)
            sock.connect(address)
            return cls(sock)
        return cls(socket.create_connection(address, TIMEOUT))

    def send(self, data: str | bytes) -> None:
        """Send text (as Latin-1) or octets as they are."""
        self.socket.sendall(data.encode("latin-1") if isinstance(data, str) else data)

    def get(
        self, target: str = "/", method: str = "GET", fields: str = "", host: str = "test"
    ) -> Answer:
        """One request without a body, and its answer; each of ``fields`` ends with CRLF."""
        self.send(f"{method} {target} HTTP/1.1\r\nHost: {host}\r\n{fields}\r\n")
        return self.read(method)

    def read(self, method: str = "GET") -> Answer:
        """The next answer; ``method`` is what it answers, for HEAD has no body.

        Raises EOFError if the server has closed the connection.
        """
        status, fields = self._head()
        answer = Answer(status, fields, b"")
        if method == "HEAD" or status in _WITHOUT_BODY or 100 <= status < 200:
            return answer
        return Answer(status, fields, self._body(answer))

    def rest(self) -> bytes:
        """All that comes until the server closes the connection."""
        return self.file.read()

    def finish(self) -> None:
        """Say that no more will be sent, but go on listening."""
        self.socket.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        self.file.close()
        self.socket.close()

    def reset(self) -> None:
        """Close with RST instead of FIN, as a client that crashed."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _line(self) -> str:
        line = self.file.readline()
        if not line:
            raise EOFError("the server has closed the connection")
        assert line.endswith(b"\r\n"), line
        return line[:-2].decode("latin-1")

    def _head(self) -> tuple[int, tuple[tuple[str, str], ...]]:
        version, status, *_ = self._line().split(" ")
        assert version == "HTTP/1.1", version
        fields: list[tuple[str, str]] = []
        while line := self._line():
            name, _, value = line.partition(":")
            fields.append((name, value.strip()))
        return int(status), tuple(fields)

    def _body(self, head: Answer) -> bytes:
        if head.field("Transfer-Encoding") == "chunked":
            return b"".join(iter(self._chunk, b""))
        length = head.field("Content-Length")
        if length is None:
            return self.rest()
        body = self.file.read(int(length))
        if len(body) < int(length):
            raise EOFError(f"the connection was closed after {len(body)} of {length} octets")
        return body

    def _chunk(self) -> bytes:
        size = int(self._line(), 16)
        data = self.file.read(size)
        assert self._line() == "", "a chunk is longer than its size"
        return data
