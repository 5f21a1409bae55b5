"""`signpost`, which is `python -m bot`. Ctrl-C ends it without a word, also while it is still being loaded."""

import sys

INTERRUPTED = 130
"""As a shell has it, 128 and the number of the signal; said here too, for nothing is loaded yet (`bot.running.endings`)."""


def main() -> None:
    """Read the command line and do what it says."""
    try:
        from bot.running.cli import main as command_line

        command_line()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
