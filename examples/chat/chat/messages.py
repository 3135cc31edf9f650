"""Message: what somebody says, and how it travels."""

import json
import re
from dataclasses import asdict, dataclass

LONGEST_NAME, LONGEST_TEXT = 40, 1000


@dataclass(frozen=True, slots=True)
class Message:
    """Something that was said in a room.

    Its ``id`` is made by the page that sends it: one that is sent again, because nobody knows
    whether it has arrived, is the same.
    """

    id: str
    room: str
    name: str
    text: str

    def encode(self) -> str:
        """The message as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)


def decode(data: str | bytes, room: str | None = None) -> Message:
    """The message that a JSON text is; ``room`` overrides its own. Raises ValueError."""
    try:
        fields = json.loads(data)
    except RecursionError:
        raise ValueError("this is nested too deeply") from None
    if room is not None and isinstance(fields, dict):
        fields["room"] = room
    match fields:
        case {"id": str(id), "room": str(where), "name": str(name), "text": str(text)}:
            message = Message(id, where, name.strip(), text)
        case _:
            raise ValueError("a message has an id, a name and a text")
    if not re.fullmatch(r"[A-Za-z0-9-]{1,64}", id):
        raise ValueError("an id is up to 64 letters, digits and hyphens")
    if not 0 < len(message.name) <= LONGEST_NAME:
        raise ValueError(f"a name is 1 to {LONGEST_NAME} characters")
    if not 0 < len(text) <= LONGEST_TEXT:
        raise ValueError(f"a text is 1 to {LONGEST_TEXT} characters")
    message.encode().encode()  # half of a surrogate pair is a ValueError
    return message
