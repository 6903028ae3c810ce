"""Logs: one JSON object a line on stderr, without content by construction.

A line holds the event (a constant in our source), the place in the source, and
fields with declared names. Arguments of `%`-style messages, texts of exceptions
and messages of other packages never appear: any of them may quote a prompt.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TextIO

FIELDS = frozenset(
    {
        "address",
        "bytes",
        "code",
        "count",
        "dir",
        "digest",
        "error",
        "errors",
        "fingerprint",
        "hash",
        "inspector",
        "old_digest",
        "policy",
        "pool",
        "port",
        "reason",
        "request_id",
        "seconds",
        "seq",
        "signal",
        "state",
        "status",
        "version",
    }
)
"""What `extra` may add to a line; other names are left out. `errors` lists policy errors, which quote policy files."""

MAX_TEXT = 500
_FRAMES = 8


def event(logger: logging.Logger, level: int, name: str, **fields: object) -> None:
    """Logs the event `name` with `fields`. Raises `ValueError` for a field not in `FIELDS`."""
    if unknown := fields.keys() - FIELDS:
        raise ValueError(f"not a log field: {', '.join(sorted(unknown))}")
    logger.log(level, name, extra=fields, stacklevel=2)


def configure(level: int = logging.INFO, stream: TextIO | None = None) -> logging.Handler:
    """Makes every logger of the process write JSON to `stream` (stderr)."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("extproc").setLevel(level)
    logging.captureWarnings(True)
    return handler


class JsonFormatter(logging.Formatter):
    """Formats records of any logger; only ours keep their message, unformatted."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "ts": _timestamp(record.created),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        if record.name == "extproc" or record.name.startswith("extproc."):
            line["event"] = str(record.msg)[:MAX_TEXT]
        line["at"] = f"{record.module}:{record.lineno} {record.funcName}"
        for name in sorted(FIELDS & record.__dict__.keys()):
            line[name] = _plain(record.__dict__[name])
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__name__
            line["frames"] = _frames(record.exc_info[2])
        return json.dumps(line, separators=(",", ":"))


def _timestamp(seconds: float) -> str:
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _plain(value: object) -> object:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, BaseException):
        return type(value).__name__
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value[:50]]
    return str(value)[:MAX_TEXT]


def _frames(trace: TracebackType | None) -> list[str]:
    """Innermost last."""
    found = []
    while trace is not None:
        code = trace.tb_frame.f_code
        found.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return found[-_FRAMES:]
