"""A table is built beside the requests: what waits for nothing else goes on meanwhile."""

import sys
import threading

import gevent
import gevent.socket
import pytest
from gevent.event import Event

from webzeug.server.pacing import Beside
from webzeug.server.turns import give_way


def test_computing_is_done_in_a_thread() -> None:
    """Greenlets go on while it computes; its result is handed back."""
    went_on = Event()
    is_over = False

    def compute() -> int:
        # Python's own lock, in a thread: it ends only because the hub goes on.
        while not went_on.is_set():
            pass
        return threading.get_ident()

    def go_on() -> None:
        assert not is_over
        went_on.set()

    gevent.spawn(go_on)
    there = Beside().aside(compute)
    is_over = True
    assert there != threading.get_ident()


def test_what_fails_in_the_thread_fails_here() -> None:
    """And the interval between threads is what it was."""
    before = sys.getswitchinterval()
    with pytest.raises(ZeroDivisionError):
        Beside().aside(lambda: 1 // 0)
    assert sys.getswitchinterval() == before


def test_pauses() -> None:
    """Work that stays in the hub's thread lets others have their turn before it is done."""
    had_turn = Event()
    gevent.spawn(had_turn.set)
    pace = Beside()
    while not had_turn.is_set():
        pace.pause()


def test_giving_way_looks_for_what_has_come_in() -> None:
    """Whoever waits for a socket or a time goes on in the next turns, not after fifty."""
    near, far = gevent.socket.socketpair()
    told: list[bytes] = []
    reader = gevent.spawn(lambda: told.append(near.recv(10)))
    sleeper = gevent.spawn_later(0, told.append, b"time")
    gevent.sleep(0)
    far.send(b"news")
    for _ in range(3):
        give_way()
    assert sorted(told) == [b"news", b"time"]
    reader.join()
    sleeper.join()
    near.close()
    far.close()
