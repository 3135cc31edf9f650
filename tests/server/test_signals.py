"""Signals: while the server serves, and while it starts."""

import os
import signal
import threading
import time

import gevent
import pytest
from gevent.event import Event

from tests.support.http import TIMEOUT
from webzeug.server.signals import STOP_SIGNALS, quiet_interrupts, stop_signals


@pytest.mark.parametrize("number", STOP_SIGNALS)
def test_a_signal_asks_for_the_end(number: int) -> None:
    """The first SIGTERM or SIGINT calls back, also where everything else waits."""
    before = signal.getsignal(number)
    stopped = Event()
    with stop_signals(stopped.set):
        gevent.spawn(os.kill, os.getpid(), number)
        assert stopped.wait(TIMEOUT)
    assert signal.getsignal(number) is before


def test_a_signal_wakes_the_hub() -> None:
    """A signal that interrupts nothing is acted on at once, not with the next request.

    The system may give it to another thread, and it may come just before the hub waits.
    """
    stopped = Event()
    with stop_signals(stopped.set):
        thread = threading.Thread(target=raise_later)
        thread.start()
        assert stopped.wait(TIMEOUT)
        thread.join()


def raise_later() -> None:
    """Receive a signal in this thread, when the main thread waits (or else nothing is tested)."""
    time.sleep(0.05)
    signal.raise_signal(signal.SIGTERM)


@pytest.mark.parametrize("number", STOP_SIGNALS)
@pytest.mark.parametrize("waits", [False, True])
def test_a_signal_interrupts_the_start(
    number: int, waits: bool, capfd: pytest.CaptureFixture[str]
) -> None:
    """SIGTERM and Ctrl-C end what starts, without a word, and let it clean up."""
    before = signal.getsignal(number)
    cleaned = []

    def start() -> None:
        with quiet_interrupts():
            try:
                interrupted(number, waits)
            finally:
                cleaned.append(True)

    with pytest.raises(SystemExit) as caught:
        start()
    assert caught.value.code == 128 + number
    assert cleaned
    assert signal.getsignal(number) is before
    assert capfd.readouterr() == ("", "")


def interrupted(number: int, waits: bool) -> None:
    """Receive a signal, in the middle of the code or while waiting for something."""
    if waits:
        gevent.spawn(os.kill, os.getpid(), number)
        Event().wait(TIMEOUT)
    else:
        os.kill(os.getpid(), number)


def test_an_interrupt_of_another_origin() -> None:
    """A KeyboardInterrupt that the user's code raises counts as Ctrl-C."""
    with pytest.raises(SystemExit) as caught, quiet_interrupts():
        raise KeyboardInterrupt
    assert caught.value.code == 128 + signal.SIGINT
