"""The program's log: structlog over the standard library, one line a record, redacted as the very last step.

Redaction works on the finished line, message and traceback alike, so that nothing a library wrote gets round it.
Context such as a request's number is bound with `structlog.contextvars`.
"""

import logging
import re
from collections.abc import Iterable
from json import dumps
from math import isfinite
from typing import TextIO
from urllib.parse import quote, quote_plus

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.contracts.hushed import hushed

QUIET = ("httpx", "httpcore", "apscheduler", "slack", "slack_sdk", "slack_bolt", "dingtalk_stream")
"""Libraries that say too much, or say it with tokens in it, below WARNING."""

_MASK = "***"

_SHORTEST_SECRET = 4  # shorter ones would black out ordinary words

_LONGEST_SAFE_NUMBER = 10  # digits; longer ones could be masked, so they are written as text

_TOKEN = re.compile(
    r"""((?:access_?token)(?:\\*["'])?\s*(?:[=:]|%3D)\s*(?:\\*["'])?)[^\s&"'\\<>,;)}\]]+""", re.IGNORECASE
)

_QUERY = re.compile(r"""([?&](?:session|ticket|token|sign|signature|secret)=)[^\s&"'\\<>]+""", re.IGNORECASE)

_WEBHOOK = re.compile(
    r"""((?:hooks\.slack(?:-gov)?\.com(?:\\?/)|(?:\\?/)robot(?:\\?/)send(?:BySession)?\?))[^\s"'<>]+""", re.IGNORECASE
)


class Redactor:
    """Takes out of a text what nobody may read in a log.

    Args:
        secrets: values to hide wherever they stand, in every spelling that a library may give them.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._spellings: set[str] = set()
        self._secrets: re.Pattern[str] | None = None
        self.add(*secrets)

    def add(self, *secrets: str) -> None:
        """Hide more values from now on, e.g. a token that was just obtained."""
        for secret in secrets:
            if len(secret) >= _SHORTEST_SECRET:
                self._spellings |= _spellings(secret)
        if self._spellings:
            longest_first = sorted(self._spellings, key=lambda spelling: (-len(spelling), spelling))
            self._secrets = re.compile("|".join(map(re.escape, longest_first)))

    def __call__(self, text: str) -> str:
        """The text, fit to be read."""
        if self._secrets is not None:
            text = self._secrets.sub(_MASK, text)
        text = _WEBHOOK.sub(rf"\1{_MASK}", text)
        text = _TOKEN.sub(rf"\1{_MASK}", text)
        text = _QUERY.sub(rf"\1{_MASK}", text)
        return hushed(text, hidden=_MASK)


def setup(level: str, json: bool, secrets: Iterable[str], stream: TextIO) -> Redactor:
    """Send everything that is logged, by us and by libraries, to one stream.

    May be called again; the last call counts.

    Args:
        level: `debug`, `info`, `warning` or `error`.
        json: one JSON object a line; otherwise for people.
        secrets: what must never be read there.
        stream: where to.

    Returns:
        What redacts; secrets that are learnt later are added to it.
    """
    redactor = Redactor(secrets)
    number = logging.getLevelNamesMapping()[level.upper()]
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    last: list[Processor] = (
        [
            structlog.processors.format_exc_info,
            _long_numbers_as_text,
            structlog.processors.JSONRenderer(dumps, ensure_ascii=False),
        ]
        if json
        else [
            structlog.dev.ConsoleRenderer(
                colors=stream.isatty(), exception_formatter=structlog.dev.plain_traceback, sort_keys=False
            )
        ]
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *before,
            ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = _Handler(stream)
    handler.setFormatter(
        _RedactingFormatter(
            redactor, foreign_pre_chain=before, processors=[ProcessorFormatter.remove_processors_meta, *last]
        )
    )
    handler.addFilter(_worth_reading)  # some of them set their own level again when they start
    root = logging.getLogger()
    for old in [old for old in root.handlers if isinstance(old, _Handler)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(number)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(number, logging.WARNING))
    return redactor


class _RedactingFormatter(ProcessorFormatter):
    def __init__(self, redactor: Redactor, *, foreign_pre_chain: list[Processor], processors: list[Processor]) -> None:
        super().__init__(foreign_pre_chain=foreign_pre_chain, processors=processors)
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        """The finished line, redacted; half characters that no stream takes are written out."""
        return self._redactor(super().format(record)).encode(errors="backslashreplace").decode()


class _Handler(logging.StreamHandler[TextIO]):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 -- the standard library's name
        """Say that a record could not be written, but not its arguments: they were never redacted."""
        try:
            self.stream.write(f"A log record of {record.name} (line {record.lineno}) could not be written.\n")
        except (OSError, ValueError):  # the stream itself is gone
            return


def _worth_reading(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING or record.name.split(".", 1)[0] not in QUIET


def _spellings(secret: str) -> set[str]:
    """A secret as it stands in addresses and in quoted text, also where a quotation is quoted once more."""
    percent = quote(secret, safe="")
    lower = re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), percent)
    return _quoted(_quoted({secret, percent, lower, quote(secret), quote_plus(secret)}))


def _quoted(texts: set[str]) -> set[str]:
    in_json = {dumps(text, ensure_ascii=ascii_only)[1:-1] for text in texts for ascii_only in (True, False)}
    in_python = {repr(text)[1:-1] for text in texts}
    beside_both_quotes = {repr(text + "'\"")[1:-4] for text in texts}  # then Python escapes the single ones
    return texts | in_json | in_python | beside_both_quotes


def _long_numbers_as_text(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """So that masking a number leaves the line valid JSON."""
    return {key: _as_text(value) for key, value in event.items()}


def _as_text(value: object) -> object:
    match value:
        case bool():
            return value
        case int() if len(str(value)) > _LONGEST_SAFE_NUMBER:
            return str(value)
        case float():
            short = round(value, 6)
            return short if isfinite(value) and len(str(short)) <= _LONGEST_SAFE_NUMBER else str(short)
        case dict():
            return {str(key): _as_text(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_as_text(inner) for inner in value]
        case _:
            return value
