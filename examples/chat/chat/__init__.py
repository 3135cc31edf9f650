"""Chat: rooms over WebSockets and Server-Sent Events."""
