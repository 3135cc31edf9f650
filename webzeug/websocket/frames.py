"""What is asked of frames beyond what ``websockets`` sees to."""

import codecs
from typing import Any

from websockets.extensions import Extension
from websockets.frames import Frame, Opcode
from websockets.protocol import Protocol
from websockets.typing import ExtensionName

_decoder = codecs.getincrementaldecoder("utf-8")


class FrameCheck(Extension):
    """Looks at each frame before the protocol does, and before the ones that follow are taken in.

    Text is UTF-8, and fails with 1007 at the frame that is not (RFC 6455 8.1). A Close may stand
    between the fragments of a message (5.4), which ``websockets`` would answer with 1002.

    It stands before the extensions that were negotiated, because frames are decoded in reverse
    order.
    """

    name = ExtensionName("webzeug-frame-check")
    __slots__ = ("_decoding", "_protocol")

    def __init__(self, protocol: Protocol) -> None:
        self._protocol = protocol
        self._decoding: Any = None

    def decode(self, frame: Frame, *, max_size: int | None = None) -> Frame:
        """Raises UnicodeDecodeError."""
        if frame.opcode is Opcode.CLOSE:
            self._protocol.current_size = None  # there is no message under way any more
        if frame.opcode is Opcode.TEXT:
            self._decoding = _decoder()
        if frame.opcode in (Opcode.TEXT, Opcode.CONT) and self._decoding is not None:
            self._decoding.decode(frame.data, frame.fin)
            if frame.fin:
                self._decoding = None
        return frame

    def encode(self, frame: Frame) -> Frame:
        return frame
