"""Logs that cannot give a person away.

Only fields on a list are written, and whatever looks like a phone number is blacked out, in
messages and tracebacks as well. A log line tells about the machine; about people, the ledger.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog
from structlog.typing import Processor

from askfirst.bootstrap.settings import LogFormat, LogLevel
from askfirst.domain.values.ids import Prefix

FIELDS = frozenset(
    {
        "event",
        "level",
        "logger",
        "timestamp",
        "exception",
        "address",
        "backend",
        "business",
        "count",
        "door",
        "error",
        "exc_info",
        "exit_code",
        "key_id",
        "pid",
        "policy",
        "remedy",
        "seconds",
        "setting",
        "signal",
        "status",
        "version",
        "_record",
        "_from_structlog",
    }
)
"""The names that a log line may use; any other field is left out."""

_BLACK = "[number]"
_IDS = rf"\b(?:{'|'.join(Prefix)})_[0-9A-Za-z]{{16,26}}\b"
_NUMBER = re.compile(rf"({_IDS})|\+?\d(?:[ ().\-]{{0,2}}\d){{6,}}")
_NUMBER_FROM = 1_000_000
_PROTECTED = frozenset({"timestamp", "_record", "_from_structlog", "exc_info"})


def black_out(text: str) -> str:
    """Replace everything that looks like a phone number, seven digits or more."""
    return _NUMBER.sub(lambda found: found[1] or _BLACK, text)


def only_listed(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop fields that are not on the list, and black out numbers in the rest."""
    return {
        name: value if name in _PROTECTED else _scrubbed(value)
        for name, value in line.items()
        if name in FIELDS
    }


def _scrubbed(value: Any) -> Any:
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return value if abs(value) < _NUMBER_FROM else _BLACK
    return black_out(str(value))


def configure_logging(level: LogLevel, log_format: LogFormat, stream: TextIO | None = None) -> None:
    """Send our own lines, and those of the libraries, through the same sieve to stderr."""
    sieve: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=sieve,
            processors=[
                structlog.processors.format_exc_info,
                only_listed,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _renderer(log_format),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.value.upper())
    for name in ("uvicorn", "uvicorn.error", "asyncio"):
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    # What it complains about is the client's form, and the client is told.
    logging.getLogger("python_multipart").setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *sieve,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def _renderer(log_format: LogFormat) -> Processor:
    if log_format is LogFormat.JSON:
        return structlog.processors.JSONRenderer(sort_keys=True)
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
