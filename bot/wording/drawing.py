"""From a chart to a picture, by a program of its own: drawn in this one, it would hold up everything else."""

import asyncio
import json
import subprocess
import sys
import threading
from pathlib import Path

import structlog

from bot.wording.charts import Chart

log = structlog.get_logger(__name__)

DRAW_SECONDS = 10.0
"""It takes less than a second on a machine that has nothing else to do. For so long a picture waits for the one before, and
for so long it may take itself."""

LARGEST = 1_000_000
"""Bytes of a picture; a usual one has a twentieth of that."""

_DRAW = Path(__file__).with_name("draw.py")

_ONE_AT_A_TIME = threading.Lock()
"""A picture in the making takes a core and 90 MB; several at once would take them several times."""


async def png(chart: Chart, within: float | None = None) -> bytes | None:
    """A chart as PNG; none where it cannot be drawn, for the figures stand in the text anyway.

    Args:
        chart: what to draw.
        within: seconds that it may wait for the one before, and as many that it may take; `DRAW_SECONDS` when left out.
    """
    try:
        picture = await asyncio.to_thread(_drawn, json.dumps(chart, ensure_ascii=False), within or DRAW_SECONDS)
    except (OSError, subprocess.SubprocessError) as error:
        log.warning("a chart was not drawn", reason=type(error).__name__)
        return None
    if not picture.startswith(b"\x89PNG\r\n\x1a\n") or len(picture) > LARGEST:
        log.warning("a chart was not drawn", reason="no picture")
        return None
    return picture


def _drawn(chart: str, within: float) -> bytes:
    if not _ONE_AT_A_TIME.acquire(timeout=within):
        raise TimeoutError
    try:
        done = subprocess.run(  # noqa: S603 - our own program, and nothing of what is drawn is in the command
            [sys.executable, "-I", str(_DRAW)],
            input=chart.encode(),
            capture_output=True,
            env={"TZ": "UTC"},  # times stand in the chart as they are to be read
            timeout=within,
            check=True,
        )
    finally:
        _ONE_AT_A_TIME.release()
    return done.stdout
