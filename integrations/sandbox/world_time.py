"""Times as the vendors write them."""

from datetime import UTC, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8), "CST")
"""All three vendors speak China time where they write no zone."""


def china_text(moment: datetime) -> str:
    """Write `yyyy-MM-dd HH:mm:ss` in China time, as Alibaba's dates look (facts, introduction)."""
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")


def utc_text(moment: datetime) -> str:
    """Write `yyyy-MM-ddTHH:mm:ssZ`, as Alibaba's billing and signing dates look."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def unix(moment: datetime) -> int:
    """Write whole Unix seconds, as Tencent and UCloud do."""
    return int(moment.timestamp())
