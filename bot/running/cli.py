"""The command line (spec 13). Heavy imports stand inside the commands, so that `--help` is quick."""

import asyncio
import gc
import io
import os
import sys
import warnings
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.running.endings import FAILED, INTERRUPTED, ended, language_of, listed
from bot.running.printing import NotPrinted, complain, not_printed, opened, put, tell

if TYPE_CHECKING:
    from datetime import datetime

    from bot.running.config import Configuration

_config = click.option(
    "--config",
    "config",
    type=click.Path(readable=False, path_type=Path),
    default=Path("config.toml"),
    show_default=True,
    help="The configuration file.",
)


class _Commands(click.Group):
    """The commands; one whose output cannot be written says so and ends, and one that is interrupted ends, whichever it is."""

    def invoke(self, ctx: click.Context) -> Any:
        """Do a command."""
        try:
            return super().invoke(ctx)
        except NotPrinted as error:
            complain(not_printed(str(error)))
            raise SystemExit(FAILED) from None
        except KeyboardInterrupt:  # click would say "Aborted!" and end as if something had failed
            warnings.simplefilter("ignore", RuntimeWarning)  # what was not begun any more
            raise SystemExit(INTERRUPTED) from None


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="signpost", message="%(version)s")
def main() -> None:
    """Signpost takes SMS signatures and templates through the vendors' reviews, from the chat."""
    from integrations.terminal.narrow import NEAREST

    opened()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # whatever the terminal lacks, nothing fails for want of a character
            stream.reconfigure(errors=NEAREST)


@main.command()
@click.option(
    "--wait",
    type=click.FloatRange(0, 3600),
    default=30.0,
    show_default=True,
    help="Seconds to wait, after the last piped line, for what is pending.",
)
@click.option(
    "--speed",
    type=click.FloatRange(1, 100_000),
    default=None,
    help="How much faster than real time the demo runs.  [default: 600, of a tour 7200]",
)
@click.option(
    "--language", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="What the bot speaks."
)
@click.option(
    "--data",
    type=click.Path(readable=False, path_type=Path),
    default=None,
    help="Keep the record in this folder; otherwise nothing is left behind.",
)
@click.option(
    "--new-accounts", is_flag=True, help="The accounts are new: nothing is approved, all begins with a qualification."
)
@click.option("--tour", is_flag=True, help="Play two weeks of work in about a minute, instead of asking for input.")
def demo(wait: float, speed: float | None, language: str, data: Path | None, new_accounts: bool, tour: bool) -> None:
    """The whole job in this terminal, against the sandbox: nothing is needed but this repository."""
    from bot.running.demo import demo as run_demo
    from bot.running.tour import SPEED as TOUR_SPEED

    if tour and new_accounts:
        raise click.UsageError("--tour tells of accounts that have begun; leave out --new-accounts.")
    speed = speed or (TOUR_SPEED if tour else 600.0)
    work = run_demo(wait=wait, speed=speed, language=language, data=data, new=new_accounts, touring=tour)
    raise SystemExit(ended(work, data or Path(), "--data", language=language))


@main.command()
@_config
def run(config: Path) -> None:
    """Run the bot until it is told to stop (SIGTERM, Ctrl-C)."""
    gc.disable()  # a start makes what stays; the collector begins when the bot runs
    from bot.running.serve import serve

    settings = _read(config)
    _logs(settings)
    raise SystemExit(_on_record(settings, serve(settings, config.absolute()), config))


@main.command()
@_config
def check(config: Path) -> None:
    """Read the configuration and list every problem at once; touches no service."""
    from bot.running.check import everything, notes
    from bot.running.problems import problem

    settings, found = everything(config, os.environ)
    if found or settings is None:
        listed(config, found)
    language = language_of(settings.bot.language)
    names = [language.text("{account} ({vendor})", account=one.name, vendor=one.vendor) for one in settings.accounts]
    tell(
        language.text(
            "{config}: no problems. Accounts: {accounts}. Conversations: {count}.",
            config=config,
            accounts=language.joined(names or ["–"]),
            count=len(settings.conversations),
        )
    )
    for note in notes(settings):
        tell(language.text("note: {note}", note=problem(language, note)))


@main.command()
@_config
@click.option(
    "--language", type=click.Choice(["en", "zh"]), default=None, help="What is asked in; otherwise asked first."
)
@click.option(
    "--address",
    "addresses",
    multiple=True,
    metavar="NAME=URL",
    help="Where a service is, if not where everybody's is: slack, dingtalk, dingtalk.old, alibaba, alibaba.billing, "
    "tencent, ucloud.",
)
def init(config: Path, language: str | None, addresses: tuple[str, ...]) -> None:
    """Ask for what a first configuration needs, try each answer at its service, write config.toml and secrets.env."""
    from bot.running.init import begin
    from bot.running.setup import ADDRESSES

    given = dict(one.partition("=")[::2] for one in addresses)
    if unknown := given.keys() - ADDRESSES.keys():
        raise click.UsageError(f"--address knows no {', '.join(sorted(unknown))}; it knows: {', '.join(ADDRESSES)}")
    raise SystemExit(begin(config, language, given, sys.stdin, sys.stdout))


@main.command()
@_config
def doctor(config: Path) -> None:
    """Ask each configured service whether it would serve us: address, clock, credentials, rights."""
    from bot.running.doctor import examine

    settings = _settings(config)
    _logs(settings, "ERROR")
    raise SystemExit(_on_record(settings, examine(settings, tell)))


@main.command()
@_config
@click.argument("text", nargs=-1, required=True)
def say(config: Path, text: tuple[str, ...]) -> None:
    """Say one command from this terminal and print the answer."""
    from bot.running.say import say_once

    settings = _read(config)
    _logs(settings, "ERROR")
    raise SystemExit(_on_record(settings, say_once(settings, " ".join(text)), config))


@main.command()
@_config
@click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv", show_default=True)
def export(config: Path, form: str) -> None:
    """Print every request of the record, always in UTF-8; CSV with a byte order mark, so that Excel reads Chinese."""
    from bot.store.export import export_requests

    settings = _settings(config)
    out = sys.stdout.buffer
    raise SystemExit(_on_record(settings, export_requests(settings, form, out)))


@main.command()
@_config
def verify(config: Path) -> None:
    """Check the chain of the record's events; names the first row that was tampered with."""
    from bot.store.export import verify_events

    settings = _settings(config)
    raise SystemExit(_on_record(settings, verify_events(settings, _teller(settings))))


@main.command()
@_config
@click.option(
    "--on", "on", type=click.DateTime(["%Y-%m-%d"]), default=None, help="Only this day; otherwise the last 30 days."
)
def rules(config: Path, on: "datetime | None") -> None:
    """Print what each alert rule would have said over the record, with the bounds that the configuration has now."""
    from bot.contracts.clock import SystemClock
    from bot.running.rules import rehearse

    settings = _settings(config)
    work = rehearse(settings, None if on is None else on.date(), tell, SystemClock().now())
    raise SystemExit(_on_record(settings, work))


@main.command()
@_config
@click.argument("target", metavar="FILE", type=click.Path(readable=False, path_type=Path))
def backup(config: Path, target: Path) -> None:
    """Write a consistent copy of the record to a new file, also while the bot runs."""
    from bot.store.export import back_up

    settings = _settings(config)
    raise SystemExit(_on_record(settings, back_up(settings, target, _teller(settings))))


_files = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True))

_form = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)

_messages = click.option(
    "--language", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Of the messages."
)


@main.command()
@_files
@_form
@_messages
def lint(files: tuple[Path, ...], form: str, language: str) -> None:
    """Check signatures and templates in files (JSON Lines or CSV) against the vendors' rules; no configuration.

    Exit code 1 when something would be refused, 2 when a file cannot be read; docs/check.md has the columns.
    """
    from bot.running.lint import lint as check_files

    raise SystemExit(check_files(files, form, language, put, complain))


@main.command()
@_files
@_form
@_messages
def explain(files: tuple[Path, ...], form: str, language: str) -> None:
    """Explain reviewers' reasons in files (JSON Lines or CSV with id, vendor, kind, type, text); no configuration."""
    from bot.running.lint import explain_files

    raise SystemExit(explain_files(files, form, language, put, complain))


@main.command("slack-manifest")
@click.option("--link", is_flag=True, help="Print the address that creates the app with the manifest filled in.")
def slack_manifest(link: bool) -> None:
    """Print the manifest of the Slack app (YAML), made from the commands; docs/slack.md says what to do with it."""
    from bot.running.app import COMMANDS
    from integrations.slack.manifest import creating, manifest

    text = manifest([one.usage for one in COMMANDS])
    put(creating(text) if link else text)


@main.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65533),
    default=0,
    show_default=True,
    help="First of three ports; 0 takes free ones.",
)
@click.option(
    "--speed",
    type=click.FloatRange(1, 100_000),
    default=60.0,
    show_default=True,
    help="How much faster than real time reviews run.",
)
def sandbox(port: int, speed: float) -> None:
    """Run only the vendors' sandbox, and print a configuration that is ready to use."""
    from bot.running.demo import serve_sandbox

    raise SystemExit(ended(serve_sandbox(port=port, speed=speed, say=put)))


def _read(path: Path) -> "Configuration":
    """The configuration; what only the vendors' fields can tell is found when the bot is built."""
    from bot.running.config import ConfigError, load
    from bot.running.secrets_file import read, trouble
    from bot.running.vendors import ACCOUNTS

    folder = path.absolute().parent
    try:
        return load(path, accounts=ACCOUNTS, environ={**read(folder), **os.environ})
    except ConfigError as error:
        listed(path, (*error.problems, *trouble(folder)))


def _settings(path: Path) -> "Configuration":
    """The configuration, with its defaults held against the vendors' fields."""
    from bot.running.config import ConfigError
    from bot.running.vendors import check as check_with_vendors

    settings = _read(path)
    try:
        asyncio.run(check_with_vendors(settings))
    except ConfigError as error:
        listed(path, error.problems)
    return settings


def _on_record(settings: "Configuration", work: Coroutine[Any, Any, int], config: Path = Path("config.toml")) -> int:
    """Do a command's work on the configured record; returns its exit code."""
    return ended(work, settings.bot.data_dir, config=config, language=settings.bot.language)


def _teller(settings: "Configuration") -> Callable[[str], None]:
    """What prints a line of the record's in the operator's language."""
    from bot.running.problems import problem

    language = language_of(settings.bot.language)
    return lambda line: tell(problem(language, line))


def _logs(settings: "Configuration", level: str = "INFO") -> None:
    from bot.running.config import secrets_of
    from bot.running.logs import setup

    setup(level, json=not sys.stderr.isatty(), secrets=secrets_of(settings), stream=sys.stderr)
