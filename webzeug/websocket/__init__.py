"""WebSockets (RFC 6455): the verb WEBSOCKET of a View, over the sans-I/O part of ``websockets``.

``handshake`` decides whether a request becomes a WebSocket, ``upgrade`` is the WSGI application
that a View's method runs in, ``connection`` is the WebSocket that it gets, ``conversation`` what
goes on beside it. ``transport`` moves the octets, without a greenlet of its own. Only these modules
need the extra, and gevent.
"""

try:
    import websockets as websockets
except ModuleNotFoundError as error:
    if error.name != "websockets":
        raise
    message = "WebSockets need the package websockets: pip install 'webzeug[websocket]'"
    raise ModuleNotFoundError(message, name="websockets") from None
