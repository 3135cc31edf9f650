"""SharedRooms: the rooms of several processes, joined by Redis.

What is said is published to all of them, and appended to a list, from which a process that starts,
or was cut off, takes what it has missed. While Redis is away each process goes on by itself, and
tells the others later.
"""

import logging
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

import gevent
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.client import PubSub
from redis.exceptions import ConnectionError
from redis.retry import Retry

from chat.messages import Message, decode
from chat.rooms import Rooms

log = logging.getLogger("chat")

KEY = "chat"
"""The channel, and the list."""

TIMEOUT = 2.0
"""Seconds that Redis has to answer."""

SILENCE = 5.0
"""Seconds without a word from Redis, after which it is asked for one."""

LONGEST_PAUSE = 3.0
"""Seconds between two attempts to reach it, at most."""


@contextmanager
def open_shared_rooms(url: str, history: int) -> Iterator["SharedRooms"]:
    """Rooms, and a greenlet that listens to Redis. Raises RedisError if it is not there."""
    # Nothing is tried again behind our back: who subscribes again has missed something.
    redis = Redis.from_url(
        url,
        socket_timeout=TIMEOUT,
        socket_connect_timeout=TIMEOUT,
        retry=Retry(NoBackoff(), 0),
    )
    with redis, PubSub(redis.connection_pool) as subscription:
        rooms = SharedRooms(redis, subscription, history)
        rooms.join()
        listener = gevent.spawn(rooms.listen)
        try:
            yield rooms
        finally:
            listener.kill()


class SharedRooms(Rooms):
    """The rooms of this process, which hear what is said in others."""

    def __init__(self, redis: Redis, subscription: PubSub, history: int) -> None:
        super().__init__(history)
        self._redis = redis
        self._subscription = subscription
        self._is_joined = False
        self._unsent: deque[Message] = deque(maxlen=history)

    def say(self, message: Message) -> None:
        """Tell all processes. This one hears it from Redis, too, so that all agree on the order."""
        if self._is_joined:
            try:
                self._publish(message)
                return
            except RedisError as error:
                log.warning("Redis does not take a message: %s", error)
                self._is_joined = False
        self._unsent.append(message)
        self.deliver(message)

    def _publish(self, message: Message) -> None:
        text = message.encode()
        with self._redis.pipeline() as transaction:
            transaction.rpush(KEY, text)
            transaction.ltrim(KEY, -self._history, -1)
            transaction.publish(KEY, text)
            transaction.execute()

    def join(self) -> None:
        """Subscribe, learn what was missed, tell what was said meanwhile. Raises RedisError."""
        self._subscription.reset()
        self._subscription.subscribe(KEY)
        if self._subscription.get_message(timeout=TIMEOUT) is None:
            raise ConnectionError("Redis does not answer")
        # From here on nothing is missed; what was before is in the list.
        for text in self._redis.lrange(KEY, 0, -1):
            self._take(text)
        while self._unsent:
            self._publish(self._unsent[0])
            self._unsent.popleft()
        self._is_joined = True

    def listen(self) -> None:
        """Hear what is said elsewhere, for ever; join again when Redis has been away."""
        pause = 0.1
        while True:
            try:
                if not self._is_joined:
                    self.join()
                    log.info("this process is joined with the others again")
                pause = 0.1
                self._hear()
            except RedisError as error:
                log.warning("this process is alone: %s", error)
            self._is_joined = False
            gevent.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _hear(self) -> None:
        is_asked = False
        while self._is_joined:
            heard = self._subscription.get_message(timeout=SILENCE)
            if heard is not None:
                is_asked = False
                if heard["type"] == "message":
                    self._take(heard["data"])
            elif is_asked:
                raise ConnectionError("Redis has nothing to say")
            else:
                self._subscription.ping()
                is_asked = True

    def _take(self, text: str | bytes) -> None:
        try:
            self.deliver(decode(text))
        except ValueError:
            log.warning("not a message: %.200r", text)
