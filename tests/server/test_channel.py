"""Messages between two ends, and the descriptors that go with them."""

import os
import resource
import socket
from collections.abc import Iterator

import pytest

from webzeug.server.channel import Channel, Received

Pair = tuple[Channel, Channel]


@pytest.fixture
def ends() -> Iterator[Pair]:
    """A non-blocking end, and a blocking one."""
    ours, theirs = Channel.pair()
    other = Channel(theirs)
    yield ours, other
    ours.close()
    other.close()


def opened() -> set[str]:
    return set(os.listdir("/proc/self/fd"))


def test_messages_arrive_in_order(ends: Pair) -> None:
    """Each once, whatever is in it."""
    ours, other = ends
    texts = ["", "a\nb", "é\u2028", "\ud800", "x" * 100_000]
    for text in texts[:4]:
        ours.send({"text": text})
    assert [received.message["text"] for received in other.receive()] == texts[:4]
    other.send({"answer": [1, None, {"a": 2}]})
    assert list(ours.receive()) == [Received({"answer": [1, None, {"a": 2}]}, None)]


def test_nothing_to_receive(ends: Pair) -> None:
    """A non-blocking end does not wait."""
    assert list(ends[0].receive()) == []


def test_what_does_not_fit_is_sent_later(ends: Pair) -> None:
    """A non-blocking end keeps it; messages stay whole and in order."""
    ours, other = ends
    for number in range(4):
        ours.send({"number": number, "text": "x" * 300_000})
    assert not ours.is_flushed
    numbers: list[int] = []
    while len(numbers) < 4:
        numbers += [received.message["number"] for received in other.receive()]
        ours.flush()
    assert (numbers, ours.is_flushed) == ([0, 1, 2, 3], True)


def test_descriptors_go_with_their_messages(ends: Pair) -> None:
    """Also if several are received at once, and some messages have none."""
    ours, other = ends
    pipes = [os.pipe() for _ in range(3)]
    for number, (reading, writing) in enumerate(pipes):
        os.write(writing, str(number).encode())
        ours.send({"number": number}, reading)
        ours.send({"number": None})
        os.close(reading)
    received: list[Received] = []
    while len(received) < 6:
        received += other.receive()
    for message, descriptor in received:
        assert (descriptor is None) == (message["number"] is None)
        if descriptor is not None:
            assert os.read(descriptor, 9) == str(message["number"]).encode()
            assert not os.get_inheritable(descriptor)
            os.close(descriptor)
    for _, writing in pipes:
        os.close(writing)


def test_a_descriptor_waits_with_its_message(ends: Pair) -> None:
    """It may be closed meanwhile; it is copied."""
    ours, other = ends
    before = opened()
    ours.send({"text": "x" * 500_000})
    reading, writing = os.pipe()
    ours.send({"text": "with"}, reading)
    os.close(reading)
    received: list[Received] = []
    while len(received) < 2:
        received += other.receive()
        ours.flush()
    descriptor = received[1].descriptor
    assert descriptor is not None
    os.write(writing, b"!")
    assert os.read(descriptor, 1) == b"!"
    os.close(descriptor)
    os.close(writing)
    assert opened() == before


def test_the_end_is_noticed() -> None:
    """Receiving tells that the other end has gone; sending does nothing then."""
    ours, theirs = Channel.pair()
    ours.send({"text": "x" * 500_000})
    ours.send({"text": "x"}, 0)
    theirs.close()
    with pytest.raises(EOFError):
        ours.receive()
    ours.flush()
    ours.send({"text": "lost"}, 0)
    assert ours.is_flushed
    ours.close()
    assert ours.fileno() == -1


def test_nothing_stays_open() -> None:
    """Closing an end closes what was not sent, and what was not taken."""
    before = opened()
    ours, theirs = Channel.pair()
    other = Channel(theirs)
    reading, writing = os.pipe()
    ours.send({"number": 1}, reading)
    received = other.receive()
    ours.send({"text": "x" * 500_000})
    ours.send({"number": 2}, reading)
    os.close(reading)
    os.close(writing)
    ours.close()
    other.close()
    del received
    assert opened() == before


def test_a_descriptor_that_was_lost(ends: Pair) -> None:
    """Where the receiver has no descriptor left, the message comes without it."""
    ours, other = ends
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    ours.send({"number": 1}, 0)
    ours.send({"number": 2})
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, limits[1]))
    try:
        received = list(other.receive())
        while len(received) < 2:
            received += other.receive()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert received == [Received({"number": 1}, None), Received({"number": 2}, None)]


def test_octets_of_one_message_in_pieces() -> None:
    """A message is complete when its line is."""
    ours, theirs = socket.socketpair()
    channel = Channel(theirs)
    ours.sendall(b'{"a": 1, "has_descr')
    assert list(channel.receive()) == []
    ours.sendall(b'iptor": false}\n{"b"')
    assert list(channel.receive()) == [Received({"a": 1}, None)]
    ours.close()
    with pytest.raises(EOFError):
        channel.receive()
    channel.close()
