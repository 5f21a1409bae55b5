"""What the command line prints."""

import sys


def put(text: str) -> None:
    """Print what other programs will read: on a terminal as it can, into a file always in UTF-8."""
    if sys.stdout.isatty():
        sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
        sys.stdout.flush()
    else:
        out = sys.stdout.buffer
        out.write(text.encode() + (b"" if text.endswith("\n") else b"\n"))
        out.flush()


def complain(text: str) -> None:
    """Say what cannot be read."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
