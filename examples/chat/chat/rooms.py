"""Rooms: who listens in this process, and what was said last."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from chat.messages import Message
from webzeug import App

Post = Callable[[Message], object]
"""Gives a message to a listener. Never waits: one that is slow must not hold up the others."""


def open_rooms(app: App) -> "AbstractContextManager[Rooms]":
    """What ``app.resources.rooms`` is."""
    url, history = app.config["redis"], app.config["history"]
    if not url:
        return nullcontext(Rooms(history))
    from chat.relay import open_shared_rooms  # the package redis is needed only for this

    return open_shared_rooms(url, history)


class Rooms:
    """The rooms of one process. A room is there as long as somebody listens."""

    def __init__(self, history: int) -> None:
        self._history = history
        self._kept: dict[str, Message] = {}  # by id, the oldest first
        self._posts: defaultdict[str, set[Post]] = defaultdict(set)

    def say(self, message: Message) -> None:
        """Give a message to all who listen in its room."""
        self.deliver(message)

    def deliver(self, message: Message) -> None:
        """Give a message to those who listen here, unless they have it."""
        if message.id in self._kept:
            return
        self._kept[message.id] = message
        if len(self._kept) > self._history:
            del self._kept[next(iter(self._kept))]
        for post in tuple(self._posts.get(message.room, ())):
            post(message)

    def since(self, room: str, last_id: str | None) -> list[Message]:
        """What was said in a room after a message; all that is kept, if that one is not known."""
        ids = list(self._kept)
        start = ids.index(last_id) + 1 if last_id in self._kept else 0
        messages = (self._kept[id] for id in ids[start:])
        return [message for message in messages if message.room == room]

    @contextmanager
    def listening(self, room: str, post: Post) -> Iterator[None]:
        """While the block runs, ``post`` gets what is said in a room."""
        self._posts[room].add(post)
        try:
            yield
        finally:
            self._posts[room].remove(post)
            if not self._posts[room]:
                del self._posts[room]
