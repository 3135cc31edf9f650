"""webzeug: explicit web code over Werkzeug and gevent, with every route in one TOML file."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from werkzeug.exceptions import HTTPException as HTTPException
    from werkzeug.exceptions import abort as abort
    from werkzeug.utils import redirect as redirect

    from webzeug.app import App as App
    from webzeug.event_stream import EventStream as EventStream
    from webzeug.event_stream import ServerSentEvent as ServerSentEvent
    from webzeug.loader import ManifestError as ManifestError
    from webzeug.loader import load as load
    from webzeug.manifest.model import WebSocketOptions as WebSocketOptions
    from webzeug.resources import ResourceError as ResourceError
    from webzeug.resources import Resources as Resources
    from webzeug.routing.urls import URLError as URLError
    from webzeug.views import View as View
    from webzeug.websocket.connection import WebSocket as WebSocket
    from webzeug.websocket.conversation import WebSocketClosed as WebSocketClosed
    from webzeug.wrappers import Request as Request
    from webzeug.wrappers import Response as Response
    from webzeug.wrappers import json_response as json_response

# Names are imported on first use: `serve` must patch the standard library before Werkzeug
# imports ssl, and `python -m webzeug` imports this module first.
_HOMES = {
    "App": "webzeug.app",
    "EventStream": "webzeug.event_stream",
    "HTTPException": "werkzeug.exceptions",
    "ManifestError": "webzeug.loader",
    "Request": "webzeug.wrappers",
    "ResourceError": "webzeug.resources",
    "Resources": "webzeug.resources",
    "Response": "webzeug.wrappers",
    "ServerSentEvent": "webzeug.event_stream",
    "URLError": "webzeug.routing.urls",
    "View": "webzeug.views",
    "WebSocket": "webzeug.websocket.connection",
    "WebSocketClosed": "webzeug.websocket.conversation",
    "WebSocketOptions": "webzeug.manifest.model",
    "abort": "werkzeug.exceptions",
    "json_response": "webzeug.wrappers",
    "load": "webzeug.loader",
    "redirect": "werkzeug.utils",
}

__all__ = sorted(_HOMES)
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
