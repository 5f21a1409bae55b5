"""How a command of the command line ends: its exit code, and in one line what went wrong.

Exit codes: 0 it went well; 1 a check or the thing asked for failed; 2 the configuration or the arguments are wrong;
3 another signpost works on the same record; 4 the record cannot be used (rights, room, damage); 130 Ctrl-C.
"""

import asyncio
import contextlib
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from bot.running.printing import complain

if TYPE_CHECKING:
    from bot.wording.language import Language

FAILED = 1

WRONG = 2

BUSY = 3

UNUSABLE = 4

INTERRUPTED = 130


def listed(path: Path, problems: Sequence[str]) -> NoReturn:
    """Say what is wrong with the configuration, in the language that it wants, and end."""
    from bot.running.config_text import spoken
    from bot.running.problems import problem

    text = ""
    with contextlib.suppress(OSError, ValueError):
        text = path.read_text(encoding="utf-8-sig", errors="replace")
    language = language_of(spoken(text))
    complain(language.plural("{path}: {n} problem", "{path}: {n} problems", n=len(problems), path=path))
    for one in problems:
        complain(f"  {problem(language, one)}")
    raise SystemExit(WRONG)


def language_of(code: str) -> "Language":
    """A language, for whoever has no zone of the configuration yet."""
    from datetime import UTC

    from bot.wording.language import languages

    return languages(UTC)[code]


def ended(
    work: Coroutine[Any, Any, int],
    folder: Path = Path(),
    key: str = "bot.data_dir",
    *,
    config: Path = Path("config.toml"),
    language: str = "en",
) -> int:
    """Do a command's work; returns its exit code.

    Args:
        work: what to do.
        folder: where its record is.
        key: what names that folder.
        config: the configuration's file, where building the bot can find fault with it.
        language: of the operator.
    """
    from bot.contracts.errors import RecordUnavailable, SetupError
    from bot.running.config import ConfigError
    from bot.running.problems import problem
    from bot.running.serve import CannotListen
    from bot.store.export import CannotWrite
    from bot.store.lock import AlreadyRunning
    from bot.store.unusable import FILE, RecordUnusable, look, used

    def said(line: str) -> str:
        return problem(language_of(language), line)

    path = folder / FILE
    try:
        with used(path):
            return asyncio.run(work)
    except KeyboardInterrupt:
        return INTERRUPTED
    except ConfigError as error:
        listed(config, error.problems)
    except SetupError as error:  # what is given is wrong: starting again does not help
        complain(error.words.said(language))
        return WRONG
    except FileNotFoundError as error:
        complain(said(f"There is no record at {error}. It is made by the first `signpost run`."))
        return FAILED
    except (CannotListen, CannotWrite) as error:
        complain(said(str(error)))
        return FAILED
    except RecordUnusable as error:
        complain(said(f"{key}: {error}"))
        return UNUSABLE
    except RecordUnavailable as error:  # it was well at the start
        remedy = "nothing more was done; mend that and start again"
        complain(said(f"{key}: {look(path) or f'{path} takes nothing ({error.words.said(language)}): {remedy}'}"))
        return UNUSABLE
    except AlreadyRunning:
        complain(said(f"Another signpost works on {path}. Say it in its chat, or stop it first."))
        return BUSY
