"""WebSocket frames (RFC 6455 5.2) by hand: exactly which octets go in, and which come out."""

import base64
import struct
import zlib
from dataclasses import dataclass

from tests.support.http import Answer, Connection

CONT, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10

KEY = base64.b64encode(b"the sample nonce").decode()

HANDSHAKE = (
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    f"Sec-WebSocket-Key: {KEY}\r\n"
)

DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate\r\n"


def frame(
    opcode: int,
    payload: bytes = b"",
    *,
    fin: bool = True,
    rsv: int = 0,
    mask: bytes | None = b"\x01\x02\x03\x04",
    length: int | None = None,
    form: str = "",
) -> bytes:
    """One frame. ``length`` is what it says, if that is a lie; ``form`` a ``struct`` format."""
    size = len(payload) if length is None else length
    if not form:
        form = "B" if size < 126 else "H" if size < 65536 else "Q"
    bits = 0x80 if mask is not None else 0
    first = bytes([(0x80 if fin else 0) | rsv << 4 | opcode])
    if form == "B":
        head = bytes([bits | size])
    else:
        head = bytes([bits | (126 if form == "H" else 127)]) + struct.pack(f"!{form}", size)
    if mask is None:
        return first + head + payload
    masked = bytes(octet ^ mask[index % 4] for index, octet in enumerate(payload))
    return first + head + mask + masked


def close_frame(code: int | None = None, reason: bytes = b"") -> bytes:
    """A Close frame; without a code, an empty one."""
    return frame(CLOSE, b"" if code is None else struct.pack("!H", code) + reason)


def deflated(data: bytes) -> bytes:
    """A message as RFC 7692 7.2.1 compresses it."""
    deflate = zlib.compressobj(wbits=-12)
    return (deflate.compress(data) + deflate.flush(zlib.Z_SYNC_FLUSH))[:-4]


def inflated(data: bytes) -> bytes:
    """A message that RFC 7692 7.2.1 has compressed."""
    return zlib.decompressobj(wbits=-15).decompress(data + b"\x00\x00\xff\xff")


@dataclass(frozen=True, slots=True)
class Received:
    """One frame of a server."""

    opcode: int
    payload: bytes
    rsv: int = 0

    @property
    def code(self) -> int | None:
        """The code of a Close."""
        return struct.unpack("!H", self.payload[:2])[0] if self.payload else None


def shake_hands(client: Connection, target: str = "/", fields: str = "") -> Answer:
    """Send a handshake, and read its answer."""
    return client.get(target, fields=HANDSHAKE + fields)


def read_frame(client: Connection) -> Received | None:
    """The server's next frame; None at the end of the connection."""
    head = client.file.read(2)
    if len(head) < 2:
        return None
    assert head[0] & 0x80, "no server of ours sends fragments"
    assert not head[1] & 0x80, "a server masks nothing (RFC 6455 5.1)"
    length = head[1]
    if length == 126:
        length = int.from_bytes(client.file.read(2), "big")
    elif length == 127:
        length = int.from_bytes(client.file.read(8), "big")
    return Received(head[0] & 0x0F, client.file.read(length), head[0] >> 4 & 7)


def read_frames(client: Connection) -> list[Received]:
    """All frames up to the end of the connection."""
    return list(iter(lambda: read_frame(client), None))
