"""Moments, as text that both databases take and browsers read."""

from datetime import UTC, datetime


def now() -> str:
    """This moment, in UTC."""
    return _text(datetime.now(UTC))


def moment(value: datetime | str) -> str:
    """A moment as a database gives it."""
    return value if isinstance(value, str) else _text(value.astimezone(UTC))


def _text(value: datetime) -> str:
    return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
