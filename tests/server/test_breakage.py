"""What is wrong is kept for whoever shows it."""

import threading

from tests.support.http import TIMEOUT
from webzeug.server.breakage import Breakage

PROBLEM = {"code": "WZ305", "message": "é", "text": "routes.toml:1:1: error: é\n"}


def test_each_change_is_another_state() -> None:
    """Problems that come and go, and whatever else a change is told for."""
    breakage = Breakage()
    states = [breakage.state]
    breakage.show([PROBLEM])
    states.append(breakage.state)
    assert list(breakage.problems) == [PROBLEM]
    breakage.show(())
    states.append(breakage.state)
    assert list(breakage.problems) == []
    breakage.change()
    assert len({*states, breakage.state}) == 4


def test_another_process_has_other_states() -> None:
    """A page that the one before has shown is out of date, whatever has changed since."""
    assert Breakage().state != Breakage().state


def test_whoever_waits_is_told() -> None:
    """Of the next change, or at once if there was one already."""
    breakage = Breakage()
    known = breakage.state
    told: list[str] = []
    waiting = threading.Thread(target=lambda: told.append(breakage.wait(known, TIMEOUT)))
    waiting.start()
    breakage.show([PROBLEM])
    waiting.join(TIMEOUT)
    assert told == [breakage.state] != [known]
    assert breakage.wait(known, TIMEOUT) == breakage.state


def test_waiting_ends_after_some_time() -> None:
    """Whoever waits gets an answer in any case."""
    breakage = Breakage()
    assert breakage.wait(breakage.state, 0) == breakage.state


def test_nobody_waits_for_a_process_that_ends() -> None:
    """It is not told of as a change: only the next process knows what there will be."""
    breakage = Breakage()
    known = breakage.state
    told: list[str] = []
    waiting = threading.Thread(target=lambda: told.append(breakage.wait(known, TIMEOUT)))
    waiting.start()
    breakage.end()
    waiting.join(TIMEOUT)
    assert told == [known]
    assert breakage.wait(known, TIMEOUT) == known
