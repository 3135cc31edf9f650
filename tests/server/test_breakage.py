"""What is wrong is kept for whoever shows it."""

import threading

import pytest
from werkzeug.test import Client

from tests.support.http import TIMEOUT
from webzeug.server.breakage import Breakage

PROBLEM = {"code": "WZ305", "message": "é", "text": "routes.toml:1:1: error: é\n"}


def test_each_change_is_another_generation() -> None:
    """Whoever waits for a change is told."""
    breakage = Breakage()
    assert (breakage.problems, breakage.generation) == ((), 0)
    seen: list[int] = []
    waiting = threading.Thread(target=lambda: seen.append(breakage.wait(0, TIMEOUT)))
    waiting.start()
    breakage.show([PROBLEM])
    waiting.join(TIMEOUT)
    assert (breakage.problems, breakage.generation, seen) == ((PROBLEM,), 1, [1])
    assert breakage.wait(0, TIMEOUT) == 1
    breakage.show(())
    assert (breakage.problems, breakage.generation) == ((), 2)


def test_waiting_ends_after_some_time() -> None:
    """A page that waits gets an answer in any case."""
    assert Breakage().wait(0, 0) == 0


def test_without_an_application_it_answers_itself() -> None:
    """503, and the problems as text."""
    breakage = Breakage()
    assert Client(breakage).get("/").status_code == 503
    breakage.show([PROBLEM, PROBLEM])
    answer = Client(breakage).get("/any/path")
    assert answer.status == "503 Service Unavailable"
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.text == f"{PROBLEM['text']}\n{PROBLEM['text']}"


@pytest.mark.parametrize(
    ("address", "is_told"),
    [("127.0.0.1", True), ("::1", True), ("", True), ("192.0.2.1", False), ("nonsense", False)],
)
def test_other_machines_are_told_nothing(address: str, is_told: bool) -> None:
    """Paths and lines of code are for the machine where they are."""
    breakage = Breakage()
    breakage.show([PROBLEM])
    answer = Client(breakage).get("/", environ_base={"REMOTE_ADDR": address})
    assert (PROBLEM["text"] == answer.text, answer.status_code) == (is_told, 503)
