"""A WebSocket that echoes, and that tells all others what begins with "all"."""

import logging

from webzeug import View, WebSocket

logging.getLogger("webzeug.access").setLevel(logging.WARNING)

MEMBERS: set[WebSocket] = set()


class Live(View):
    """Echo and broadcast."""

    def WEBSOCKET(self, ws: WebSocket) -> None:
        ws.accept()
        MEMBERS.add(ws)
        try:
            for message in ws:
                if isinstance(message, str) and message.startswith("all"):
                    for member in tuple(MEMBERS):
                        member.post(message)
                else:
                    ws.send(message)
        finally:
            MEMBERS.discard(ws)
