"""How every test runs, and in which order."""

import gc
import os
import shutil
import signal
import sys
import traceback
from pathlib import Path

import pytest
from hypothesis import settings

if sys.version_info < (3, 11, 8):
    # Those interpreters fail ("AST constructor recursion depth mismatch") where a source is read within the reading of
    # another, as when something is collected meanwhile and its finaliser writes a traceback: for the carets under its lines
    # a traceback reads sources too. It writes none here.
    traceback._extract_caret_anchors_from_line_segment = lambda _segment: None  # type: ignore[attr-defined]

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # In the background a shell has us ignore Ctrl-C, and so would every process that a test presses it in.
    signal.signal(signal.SIGINT, signal.default_int_handler)

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of this run's own is made in it
if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 2 * 1024**3:
    # Each commit of a record waits for the disk, of which no test tells anything.
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

# How long an example takes says how busy the machine is; speed is measured by the programs under `benchmarks/`. The same
# examples each time, so that a change is what breaks a test; `--hypothesis-profile=wide` looks for others.
settings.register_profile("signpost", deadline=None, derandomize=True)
settings.register_profile("wide", deadline=None, max_examples=2_000)
settings.load_profile("signpost")

WAITING = (
    "test_kill",
    "test_record_refuses",
    "test_record_refuses_in_dingtalk",
    "test_command_line",
    "test_alert_story",
    "test_init",
    "test_run",
    "test_slack_kill",
    "test_send_kill",
    "test_vendor_connections",
    "test_vendor_trouble",
    "test_chat_trouble",
    "test_slack",
    "test_slack_connections",
    "test_slack_pictures",
    "test_slack_trouble",
    "test_drawing",
)
"""Modules that wait for processes, time-outs and pauses rather than compute, the longest first."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what waits: it leaves the machine to others, and nobody waits for it alone at the end."""
    order = {name: position for position, name in enumerate(WAITING)}
    items.sort(key=lambda item: order.get(item.path.stem, len(order)))


def pytest_collection_finish() -> None:
    """Leave what was collected out of every garbage collection, and have fewer: they took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


def pytest_runtest_logfinish() -> None:
    """A test that called `signpost run` in this process has the collector off, for the program begins with it off."""
    gc.enable()
