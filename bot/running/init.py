"""`signpost init`: asks for what a first configuration needs, tries each answer, writes the files; can be left and resumed."""

import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC
from errno import EACCES, EISDIR, ENOENT
from pathlib import Path
from typing import TextIO

from bot.running.interview import Interview, Left
from bot.running.printing import tell
from bot.running.secrets_file import NAME as SECRETS
from bot.running.secrets_file import read, text_of, write_private
from bot.running.setup import Setup
from bot.wording.language import languages

LANGUAGES = "Language · 语言"


def begin(path: Path, language: str | None, addresses: Mapping[str, str], stdin: TextIO, stdout: TextIO) -> int:
    """Ask, try and write; nothing that is there is replaced without a word.

    Args:
        path: of the configuration.
        language: to ask in; asked for where it is none.
        addresses: see `Setup`.
        stdin: where answers come from.
        stdout: where questions go.

    Returns:
        The exit code: 0 when the files are written; 1 where somebody left, or nothing could be written.
    """
    spoken = languages(UTC)
    if why := _unfit(path):
        tell(spoken[language or "en"].text("{path} cannot be written: {why}", path=path, why=why), stdout)
        return 1
    kept = path.with_name(f"{path.name}.begun")
    interview = Interview(spoken[language or "en"], stdin, stdout, kept)
    try:
        before = interview.load()
        if language is None:
            (name,) = interview.choose("language", LANGUAGES, ("English", "中文"), default="English")
            interview.language = spoken["zh" if name == "中文" else "en"]
        if before and not interview.agrees(
            "", interview.language.text("You began this before. Go on with what you answered then?"), default=True
        ):
            interview.forget()
        interview.say(
            interview.language.text("What you answer is tried at once. Ctrl-C leaves; what you answered is kept.")
        )
        interview.say()
        setup = Setup(interview, path, addresses)
        setup.run()
        interview.say()
        secrets = path.absolute().parent / SECRETS
        for file in (path, secrets):
            asked = interview.language.text("{path} is there already. Replace it?", path=file.name)
            if file.exists() and not interview.agrees("", asked, default=False):
                interview.say(interview.language.text("Nothing was changed."))
                return 1
        # Nobody but their owner may read them, at no moment: the secrets, and where they are used.
        write_private(secrets, text_of(setup.config.secrets, read(secrets.parent)))
        write_private(path, setup.config.text())
    except (Left, KeyboardInterrupt):
        interview.say()
        command = "signpost init" if path == Path("config.toml") else f"signpost init --config {path}"
        interview.say(
            interview.language.text(
                "Left. What you answered is kept for you alone in {kept}; `{command}` goes on from there.",
                kept=kept.name,
                command=command,
            )
        )
        return 1
    except OSError as error:
        where = error.filename or path
        interview.say(
            interview.language.text("{path} cannot be written: {why}", path=where, why=error.strerror or error)
        )
        return 1
    interview.forget()
    more = "" if path == Path("config.toml") else f" --config {path}"
    interview.say(
        interview.language.text(
            "Written: {config}, and {secrets}, which only you may read.", config=path, secrets=SECRETS
        )
    )
    commands = " · ".join(f"signpost {command}{more}" for command in ("check", "doctor", "run"))
    interview.say(interview.language.text("Next: {commands}", commands=commands))
    return 0


def _unfit(path: Path) -> str:
    """Why there can be no such file, in the words of the operating system; before anybody has answered anything."""
    try:
        with suppress(FileNotFoundError):
            path.stat()  # a name may be too long, or hold what no name can
        if path.is_dir():
            return os.strerror(EISDIR)
        if not path.absolute().parent.is_dir():
            return os.strerror(ENOENT)
        return "" if os.access(path.absolute().parent, os.W_OK | os.X_OK) else os.strerror(EACCES)
    except OSError as error:
        return error.strerror or str(error)
    except ValueError as error:  # a NUL in the name
        return str(error)
