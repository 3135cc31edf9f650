"""Turns: a greenlet that has much to do lets the others go on meanwhile."""

import gevent

_LEAST = 1e-6


def give_way() -> None:
    """Let others have their turn, those that wait for something from outside included.

    ``gevent.sleep(0)`` lets those go on that can; but the hub looks for what has come in, and for
    timers that are due, only once in 50 such turns, however long each takes.
    """
    gevent.sleep(_LEAST)
