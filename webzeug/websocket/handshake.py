"""The opening handshake (RFC 6455 4.2): whether a request may become a WebSocket."""

import logging
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from websockets.datastructures import Headers
from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory
from websockets.http11 import Request, Response
from websockets.protocol import State
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol
from werkzeug.exceptions import BadRequest, Forbidden

from webzeug.manifest.model import WebSocketOptions
from webzeug.routing.verbs import UpgradeRequired
from webzeug.websocket.frames import FrameCheck

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

log = logging.getLogger("webzeug.websocket")

# It tells of each connection at level INFO, as the access log does as well.
_protocol_log = logging.getLogger("webzeug.websocket.protocol")
_protocol_log.setLevel(logging.WARNING)

# A window of 4 KiB: a quarter of the memory that zlib would take, for some percent of size.
_DEFLATE = ServerPerMessageDeflateFactory(
    server_max_window_bits=12, client_max_window_bits=12, compress_settings={"memLevel": 5}
)


def negotiate(
    environ: "WSGIEnvironment", options: WebSocketOptions, subprotocols: Sequence[str]
) -> tuple[ServerProtocol, Response]:
    """A protocol and the 101 that opens it.

    Raises UpgradeRequired for another version, Forbidden for a foreign Origin (RFC 6455 10.2),
    BadRequest for what is malformed.
    """
    if environ.get("HTTP_SEC_WEBSOCKET_VERSION", "13").strip() != "13":
        raise UpgradeRequired("The version of the WebSocket protocol must be 13.")
    _check_origin(environ, options)

    def select(protocol: ServerProtocol, offered: Sequence[Subprotocol]) -> Subprotocol | None:
        return next((Subprotocol(name) for name in subprotocols if name in offered), None)

    version = environ["SERVER_PROTOCOL"]
    protocol = ServerProtocol(
        extensions=[_DEFLATE] if options.compression else None,
        select_subprotocol=select,
        state=State.OPEN,  # the server reads the request, and sends the answer
        max_size=options.max_message_size,
        logger=_protocol_log,
    )
    response = protocol.accept(Request("/", Headers(_fields(environ)), protocol=version))
    if response.status_code != 101:
        raise BadRequest(bytes(response.body or b"").decode().strip())
    protocol.extensions.insert(0, FrameCheck(protocol))
    return protocol, response


def _fields(environ: "WSGIEnvironment") -> Iterator[tuple[str, str]]:
    for key, value in environ.items():
        if key.startswith("HTTP_"):
            yield key[5:].replace("_", "-"), value


def _check_origin(environ: "WSGIEnvironment", options: WebSocketOptions) -> None:
    """A browser says which site's page asks; any other client does not (RFC 6455 10.2)."""
    origin: Any = environ.get("HTTP_ORIGIN")
    if origin is None or "*" in options.origins or origin.lower() in options.origins:
        return
    try:
        host = urlsplit(origin).netloc.lower()
    except ValueError:
        host = ""
    if not host or host != environ.get("HTTP_HOST", "").lower():
        shown = re.sub(r"[^\x21-\x7e]", "?", origin)[:200]
        raise Forbidden(
            f"Pages of {shown} may not open this WebSocket; [websocket] origins names the sites "
            "that may, besides the own one."
        )
