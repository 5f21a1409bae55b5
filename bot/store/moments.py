"""How times stand in the record: UTC, ISO 8601, milliseconds, `Z`; text that sorts as time does."""

from datetime import UTC, datetime


def to_text(at: datetime) -> str:
    """An aware time as the record keeps it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def maybe_text(at: datetime | None) -> str | None:
    """The same for a time that may be absent."""
    return None if at is None else to_text(at)


def from_text(text: str) -> datetime:
    """A time of the record as an aware value."""
    return datetime.fromisoformat(text)


def maybe_from_text(text: str | None) -> datetime | None:
    """The same for a time that may be absent."""
    return None if text is None else datetime.fromisoformat(text)
