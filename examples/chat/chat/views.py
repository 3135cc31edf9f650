"""The Views: a room as a page, a WebSocket and a place to POST to; its events."""

from collections.abc import Iterator
from pathlib import Path

from gevent.queue import Full, Queue

import webzeug
from chat.messages import Message, decode
from chat.rooms import Rooms
from webzeug import EventStream, Response, ServerSentEvent, WebSocket, abort

PAGE = Path(__file__).parents[1] / "page.html"

QUEUED = 100
"""Messages that wait for a client of an EventStream, at most."""

POLICY_VIOLATION = 1008
"""RFC 6455 7.4.1."""


class Resources(webzeug.Resources):
    """What is opened at the start."""

    rooms: Rooms


class Chat(webzeug.App):
    """The application, for the type checker."""

    resources: Resources


class ChatView(webzeug.View):
    """A View of the chat."""

    app: Chat

    @property
    def rooms(self) -> Rooms:
        """The rooms of this process."""
        return self.app.resources.rooms

    @property
    def last_id(self) -> str | None:
        """The last message that the client has."""
        return EventStream.last_id(self.request) or self.request.args.get("after")


class Room(ChatView):
    """A room."""

    def GET(self, room: str) -> Response:
        policy = {"Content-Security-Policy": "default-src 'self'; img-src data:"}
        return Response(PAGE.read_bytes(), mimetype="text/html", headers=policy)

    def POST(self, room: str) -> Response:
        if self.request.mimetype != "application/json":
            abort(415)  # what forms of other sites can send is not JSON
        try:
            self.rooms.say(decode(self.request.get_data(), room))
        except ValueError as error:
            abort(422, str(error))
        return Response(status=204)

    def WEBSOCKET(self, ws: WebSocket, room: str) -> None:
        def post(message: Message) -> None:
            ws.post(message.encode())

        ws.accept()
        with self.rooms.listening(room, post):
            for message in self.rooms.since(room, self.last_id):
                post(message)
            for received in ws:
                try:
                    self.rooms.say(decode(received, room))
                except ValueError as error:
                    ws.close(POLICY_VIOLATION, str(error)[:100])


class Events(ChatView):
    """What is said in a room, as Server-Sent Events."""

    def GET(self, room: str) -> EventStream:
        return EventStream(self.app, self.events(room), retry=1)

    def events(self, room: str) -> Iterator[ServerSentEvent]:
        """What the client has missed, then what comes. Ends when it is too slow: it comes again."""
        inbox = Inbox()
        with self.rooms.listening(room, inbox.post):
            for message in self.rooms.since(room, self.last_id):
                yield ServerSentEvent(message.encode(), id=message.id)
            for message in inbox:
                yield ServerSentEvent(message.encode(), id=message.id)


class Inbox:
    """A bounded queue of messages, which ends when it overflows."""

    def __init__(self) -> None:
        self._queue: Queue[Message] = Queue(QUEUED)
        self._is_complete = True

    def post(self, message: Message) -> None:
        """Add a message, without ever waiting."""
        try:
            self._queue.put_nowait(message)
        except Full:
            self._is_complete = False

    def __iter__(self) -> Iterator[Message]:
        while self._is_complete:
            yield self._queue.get()
