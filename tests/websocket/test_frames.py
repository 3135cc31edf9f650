"""What a client may send, frame by frame, and how it is answered (RFC 6455, RFC 7692).

Each case is sent as it stands. When its answers have come, a Close of 1000 is sent, unless one of
them ends the connection. What has failed, or is closed, is not answered by the View any more.
"""

import struct
from collections.abc import Iterator, Sequence

import pytest

from tests.support.frames import (
    BINARY,
    CLOSE,
    CONT,
    DEFLATE,
    PING,
    PONG,
    TEXT,
    Received,
    close_frame,
    deflated,
    frame,
    inflated,
    read_frame,
    read_frames,
    shake_hands,
)
from tests.support.local import Local, running
from webzeug import App, View, WebSocket, WebSocketOptions

LIMIT = 100_000

Answer = Received | int
"""A frame, or the code of a Close."""

Case = tuple[str, bytes, Sequence[Answer]]


class Echo(View):
    """Sends back what comes."""

    def WEBSOCKET(self, ws: WebSocket) -> None:
        for message in ws:
            ws.send(message)


@pytest.fixture(scope="module")
def server() -> Iterator[Local]:
    """One server for all cases."""
    options = WebSocketOptions(max_message_size=LIMIT)
    with App([("/", "echo", Echo)], websocket=options) as app, running(app) as local:
        yield local


def text(payload: bytes) -> Received:
    return Received(TEXT, payload)


def fragments(opcode: int, *payloads: bytes) -> bytes:
    """A message in fragments."""
    last = len(payloads) - 1
    return b"".join(
        frame(opcode if index == 0 else CONT, payload, fin=index == last)
        for index, payload in enumerate(payloads)
    )


GRUSS = "Grüße ☃ 𝄞".encode()
BAD = b"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80edited"
"""A text with a surrogate, as in RFC 3629 3 and Autobahn's case 6.3.1."""

PLAIN: list[Case] = [
    # Framing
    *[
        (f"5.2 a text of {size}", frame(TEXT, b"*" * size), [text(b"*" * size)])
        for size in (0, 1, 125, 126, 127, 128, 65535, 65536)
    ],
    *[
        (f"5.2 octets: {size}", frame(BINARY, b"\xfe" * size), [Received(BINARY, b"\xfe" * size)])
        for size in (0, 1, 125, 126, 65535, 65536)
    ],
    ("5.3 a mask of zeros", frame(TEXT, b"abc", mask=bytes(4)), [text(b"abc")]),
    ("5.1 no mask", frame(TEXT, b"abc", mask=None), [1002]),
    ("5.2 a length of 16 bits that needs 7", frame(TEXT, b"abc", form="H"), [text(b"abc")]),
    ("5.2 a length of 64 bits that needs 7", frame(TEXT, b"abc", form="Q"), [text(b"abc")]),
    ("5.2 a length with the highest bit", frame(TEXT, length=2**63, form="Q"), [1009]),
    ("7.4.1 larger than allowed", frame(TEXT, b"", length=LIMIT + 1), [1009]),
    ("7.4.1 as large as allowed", frame(TEXT, b"a" * LIMIT), [text(b"a" * LIMIT)]),
    (
        "7.4.1 larger than allowed, in fragments",
        frame(TEXT, b"a" * (LIMIT - 1), fin=False) + frame(CONT, b"aa"),
        [1009],
    ),
    # Pings and pongs
    ("5.5.2 a ping", frame(PING), [Received(PONG, b"")]),
    ("5.5.2 a ping with a text", frame(PING, b"abc"), [Received(PONG, b"abc")]),
    ("5.5.2 a ping with octets", frame(PING, b"\x00\xff"), [Received(PONG, b"\x00\xff")]),
    ("5.5.2 a ping of 125", frame(PING, b"a" * 125), [Received(PONG, b"a" * 125)]),
    ("5.5 a ping of 126", frame(PING, b"a" * 126), [1002]),
    ("5.5 a pong of 126", frame(PONG, b"a" * 126), [1002]),
    ("5.5 a ping in fragments", frame(PING, fin=False), [1002]),
    ("5.5 a pong in fragments", frame(PONG, fin=False), [1002]),
    ("5.5.3 a pong that nobody asked for", frame(PONG, b"abc"), []),
    ("5.5.3 and a ping after it", frame(PONG) + frame(PING, b"a"), [Received(PONG, b"a")]),
    (
        "5.5.2 ten pings at once",
        b"".join(frame(PING, b"%d" % n) for n in range(10)),
        [Received(PONG, b"%d" % n) for n in range(10)],
    ),
    # Reserved bits and opcodes
    *[(f"5.2 reserved bits {rsv:03b}", frame(TEXT, b"a", rsv=rsv), [1002]) for rsv in range(1, 8)],
    ("5.2 a reserved bit in a ping", frame(PING, rsv=4), [1002]),
    ("5.2 a reserved bit in a close", frame(CLOSE, rsv=1), [1002]),
    *[
        (f"5.2 opcode {opcode:#x}", frame(opcode, b"a"), [1002])
        for opcode in (3, 4, 5, 6, 7, 0xB, 0xC, 0xD, 0xE, 0xF)
    ],
    ("5.2 a good text before it", frame(TEXT, b"a") + frame(3), [1002]),
    # Fragments
    ("5.4 two fragments", fragments(TEXT, b"ab", b"cd"), [text(b"abcd")]),
    ("5.4 of octets", fragments(BINARY, b"\xff", b"\xfe"), [Received(BINARY, b"\xff\xfe")]),
    ("5.4 empty ones", fragments(TEXT, b"", b"", b""), [text(b"")]),
    ("5.4 an empty end", fragments(TEXT, b"a", b""), [text(b"a")]),
    (
        "5.4 a ping in between",
        frame(TEXT, b"a", fin=False) + frame(PING, b"p") + frame(CONT, b"b"),
        [Received(PONG, b"p"), text(b"ab")],
    ),
    ("5.4 a continuation of nothing", frame(CONT, b"a"), [1002]),
    ("5.4 the same, with more to come", frame(CONT, b"a", fin=False), [1002]),
    ("5.4 after a message", fragments(TEXT, b"a", b"b") + frame(CONT), [1002]),
    ("5.4 a new message in a message", frame(TEXT, b"a", fin=False) + frame(TEXT, b"b"), [1002]),
    ("5.4 octets in a text", frame(TEXT, b"a", fin=False) + frame(BINARY, b"b"), [1002]),
    ("5.4 a close in a message", frame(TEXT, b"a", fin=False) + close_frame(1001), [1001]),
    (
        "5.4 a thousand",
        fragments(TEXT, *[b"%04d" % n for n in range(1000)]),
        [text(b"".join(b"%04d" % n for n in range(1000)))],
    ),
    # UTF-8
    ("5.6 a text", frame(TEXT, GRUSS), [text(GRUSS)]),
    (
        "5.6 cut within characters",
        fragments(TEXT, *[bytes([octet]) for octet in GRUSS]),
        [text(GRUSS)],
    ),
    ("5.6 U+FFFF and U+10FFFF", frame(TEXT, "￿􏿿".encode()), [text("￿􏿿".encode())]),
    ("8.1 a surrogate", frame(TEXT, BAD), [1007]),
    ("8.1 a lone continuation", frame(TEXT, b"\x80"), [1007]),
    ("8.1 an overlong slash", frame(TEXT, b"\xc0\xaf"), [1007]),
    ("8.1 beyond U+10FFFF", frame(TEXT, b"\xf4\x90\x80\x80"), [1007]),
    ("8.1 a character that is cut", frame(TEXT, b"a\xe1\xbd"), [1007]),
    ("8.1 cut at the end of the last fragment", fragments(TEXT, b"a", b"\xe1\xbd"), [1007]),
    (
        "8.1 at the fragment that is wrong, not at the end",
        frame(TEXT, b"a\xce\xba\xff", fin=False),
        [1007],
    ),
    (
        "8.1 a good text and a Close after it change nothing",
        frame(TEXT, b"\xff") + frame(TEXT, b"b") + close_frame(1000),
        [1007],
    ),
    ("5.6 octets need not be UTF-8", frame(BINARY, BAD), [Received(BINARY, BAD)]),
    # Closing
    ("5.5.1 an empty close", close_frame(), [Received(CLOSE, b"")]),
    *[
        (f"7.4.1 code {code}", close_frame(code), [code])
        for code in (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999)
    ],
    *[
        (f"7.4 code {code} is not for the wire", close_frame(code), [1002])
        for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535)
    ],
    ("5.5.1 a close of one octet", frame(CLOSE, b"\x03"), [1002]),
    (
        "5.5.1 a reason of 123",
        close_frame(1000, b"a" * 123),
        [Received(CLOSE, b"\x03\xe8" + b"a" * 123)],
    ),
    ("5.5 a reason of 124", close_frame(1000, b"a" * 124), [1002]),
    ("5.5.1 a reason that is not UTF-8", close_frame(1000, b"\xff"), [1007]),
    ("5.5.1 what comes after a close", close_frame(1000) + frame(TEXT, b"a"), [1000]),
    ("5.5.1 a ping after a close", close_frame(1000) + frame(PING), [1000]),
    ("5.5.1 two of them", close_frame(1000) + close_frame(1001), [1000]),
    ("5.5.1 a text before it", frame(TEXT, b"a") + close_frame(1001), [1001]),
]


def ends(case: Case) -> bool:
    """Whether the case itself ends the connection."""
    answers = case[2]
    return bool(answers) and (isinstance(answers[-1], int) or answers[-1].opcode == CLOSE)


def converse(server: Local, case: Case, fields: str = "") -> list[Received]:
    """All frames that the server answers with."""
    with server.connect() as client:
        assert shake_hands(client, fields=fields).status == 101
        client.send(case[1])
        if ends(case):
            return read_frames(client)
        answers = [read_frame(client) for _ in case[2]]
        client.send(close_frame(1000))
        return [*filter(None, answers), *read_frames(client)]


def expected(case: Case) -> list[Answer]:
    """The answers of a case, and what ends the connection."""
    return [*case[2]] if ends(case) else [*case[2], 1000]


def simplified(frames: list[Received], answers: list[Answer]) -> list[Answer]:
    """The frames, a Close as its code where only that is asked for."""
    asked = [*answers, *[0] * len(frames)]
    return [
        (got.code or 0) if isinstance(want, int) and got.opcode == CLOSE else got
        for got, want in zip(frames, asked, strict=False)
    ]


@pytest.mark.parametrize("case", PLAIN, ids=lambda case: case[0])
def test_plain_frames(server: Local, case: Case) -> None:
    """The answer is what the section says."""
    frames = converse(server, case)
    assert expected(case) == simplified(frames, expected(case))


@pytest.mark.parametrize("size", [1, 7])
@pytest.mark.parametrize(
    "case",
    [case for case in PLAIN if len(case[1]) < 100],
    ids=lambda case: case[0] if isinstance(case, tuple) else str(case),
)
def test_in_small_pieces(server: Local, case: Case, size: int) -> None:
    """However the octets come in, the answer is the same."""
    from webzeug.websocket import conversation

    monkey = pytest.MonkeyPatch()
    with monkey.context() as patch:
        patch.setattr(conversation, "_SLICE", size)
        frames = converse(server, case)
    assert expected(case) == simplified(frames, expected(case))


def compressed(payload: bytes, *, fin: bool = True) -> bytes:
    return frame(TEXT, payload, rsv=4, fin=fin)


def shrunk(payload: bytes) -> tuple[bytes, bytes]:
    """A compressed message, in two halves."""
    data = deflated(payload)
    return data[: len(data) // 2], data[len(data) // 2 :]


COMPRESSED: list[Case] = [
    *[
        (
            f"7.2.1 a text of {size}",
            compressed(deflated(b"ab" * (size // 2))),
            [text(b"ab" * (size // 2))],
        )
        for size in (0, 2, 16, 64, 256, 1024, 4096, 8192, 16384, 32768, 65536)
    ],
    ("6.1 one that is not compressed", frame(TEXT, b"abc"), [text(b"abc")]),
    (
        "7.2.3.3 a block without compression",
        compressed(b"\x00\x03\x00\xfc\xffabc\x00"),
        [text(b"abc")],
    ),
    ("7.2.3.6 an empty one", compressed(b"\x00"), [text(b"")]),
    (
        "6.1 in fragments",
        compressed(shrunk(GRUSS)[0], fin=False) + frame(CONT, shrunk(GRUSS)[1]),
        [text(GRUSS)],
    ),
    (
        "6.1 with a ping in between",
        compressed(shrunk(b"abc")[0], fin=False) + frame(PING) + frame(CONT, shrunk(b"abc")[1]),
        [Received(PONG, b""), text(b"abc")],
    ),
    (
        "6.1 the bit in a continuation",
        compressed(shrunk(b"abc")[0], fin=False) + frame(CONT, shrunk(b"abc")[1], rsv=4),
        [1002],
    ),
    ("6.1 the bit in a ping", frame(PING, rsv=4), [1002]),
    ("6 another reserved bit", frame(TEXT, deflated(b"a"), rsv=6), [1002]),
    ("7.2.2 what is no deflate", compressed(b"\xff\xff\xff"), [1002]),
    ("8.1 a text that is not UTF-8", compressed(deflated(b"\xff")), [1007]),
    ("8 larger than allowed when it is inflated", compressed(deflated(b"a" * (LIMIT + 1))), [1009]),
    ("8 a bomb", compressed(deflated(bytes(50_000_000))), [1009]),
    (
        "8 a bomb in fragments",
        compressed(shrunk(bytes(50_000_000))[0], fin=False)
        + frame(CONT, shrunk(bytes(50_000_000))[1]),
        [1009],
    ),
]


@pytest.mark.parametrize("case", COMPRESSED, ids=lambda case: case[0])
def test_compressed_frames(server: Local, case: Case) -> None:
    """With permessage-deflate (RFC 7692); what is echoed is compressed as well."""
    answers = [
        Received(got.opcode, inflated(got.payload)) if got.rsv == 4 else got
        for got in converse(server, case, DEFLATE)
    ]
    assert expected(case) == simplified(answers, expected(case))


@pytest.mark.parametrize(
    ("offer", "agreed"),
    [
        ("permessage-deflate", "server_max_window_bits=12"),
        ("permessage-deflate; client_max_window_bits", "client_max_window_bits=12"),
        ("permessage-deflate; server_no_context_takeover", "server_no_context_takeover"),
        ("permessage-deflate; server_max_window_bits=10", "server_max_window_bits=10"),
        ("permessage-deflate; client_no_context_takeover", "client_no_context_takeover"),
        ("permessage-deflate; server_max_window_bits=7", ""),
        ("permessage-deflate; strange", ""),
        ("x-webkit-deflate-frame", ""),
        ("permessage-deflate; strange, permessage-deflate", "server_max_window_bits=12"),
    ],
)
def test_what_is_agreed_on(server: Local, offer: str, agreed: str) -> None:
    """Parameters are answered as RFC 7692 7.1 says; what cannot be met is declined (5.1)."""
    with server.connect() as client:
        answer = shake_hands(client, fields=f"Sec-WebSocket-Extensions: {offer}\r\n")
        assert answer.status == 101
        assert agreed in (answer.field("Sec-WebSocket-Extensions") or "")
        assert bool(agreed) == (answer.field("Sec-WebSocket-Extensions") is not None)
        client.send(close_frame(1000))
        assert read_frames(client) == [Received(CLOSE, struct.pack("!H", 1000))]


def test_without_compression() -> None:
    """``compression = false`` declines it, and then its bit is an error."""
    options = WebSocketOptions(compression=False)
    app = App([("/", "echo", Echo)], websocket=options)
    with app, running(app) as local, local.connect() as client:
        assert shake_hands(client, fields=DEFLATE).field("Sec-WebSocket-Extensions") is None
        client.send(compressed(deflated(b"a")))
        assert [got.code for got in read_frames(client)] == [1002]
