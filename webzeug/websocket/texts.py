"""Text messages are UTF-8, and fail at the frame that is not (RFC 6455 8.1)."""

import codecs
from typing import Any

from websockets.extensions import Extension
from websockets.frames import Frame, Opcode
from websockets.typing import ExtensionName

_decoder = codecs.getincrementaldecoder("utf-8")


class TextCheck(Extension):
    """Looks at each frame of a text before the ones that follow are taken in.

    It stands before the extensions that were negotiated, because frames are decoded in reverse
    order. The protocol answers the UnicodeDecodeError with 1007.
    """

    name = ExtensionName("webzeug-text-check")
    __slots__ = ("_decoding",)

    def __init__(self) -> None:
        self._decoding: Any = None

    def decode(self, frame: Frame, *, max_size: int | None = None) -> Frame:
        """Raises UnicodeDecodeError."""
        if frame.opcode is Opcode.TEXT:
            self._decoding = _decoder()
        if frame.opcode in (Opcode.TEXT, Opcode.CONT) and self._decoding is not None:
            self._decoding.decode(frame.data, frame.fin)
            if frame.fin:
                self._decoding = None
        return frame

    def encode(self, frame: Frame) -> Frame:
        return frame
