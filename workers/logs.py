"""Logs are facts: an event's name and a few values, one line each, on standard error.

Promises: only keys of `ALLOWED` get out, so that no log call can leak a name, a number or an address by mistake; the
names of keys that were held back stand in `withheld`. A fault is told by its type and its place in the code, never by
its message, which may hold what a resident wrote.
"""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, TextIO, cast

import structlog
from structlog.typing import Processor, WrappedLogger

from storage.log_lines import LogLines

ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "logger", "withheld", "process", "request",
        "job", "kind", "subject", "queue", "attempts", "seconds", "delay_s", "outcome", "error", "where",
        "case", "page", "booking", "document", "notice", "inbox", "order", "item", "template", "state", "verdict",
        "partner", "waybill", "direction", "events", "orphans", "delivery", "platform", "reason",
        "count", "expired", "rung", "rung_again", "escalated", "enqueued", "sweep", "invariant", "broken", "anchor",
        "pid", "status", "signal", "port", "path", "bytes", "engine", "thread", "queues", "waiting", "oldest_s",
    }
)  # fmt: skip
"""Ids, words of closed vocabularies, counts and durations. Nothing that a person wrote."""

NOISY = {"dramatiq": logging.ERROR, "fontTools": logging.ERROR, "fpdf": logging.ERROR, "RapidOCR": logging.WARNING}
"""dramatiq tells at WARNING what the ledger tells better; the font tools talk for pages."""


def withhold(_: WrappedLogger, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Takes out every key that is not allowed."""
    held = sorted(set(event) - ALLOWED)
    for key in held:
        del event[key]
    if held:
        event["withheld"] = held
    return event


def set_up(process: str, form: str = "json", level: str = "info") -> None:
    """`form`: json | console. To be called once, when the process starts."""
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=28)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _named(process),
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            withhold,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.PrintLoggerFactory(file=cast(TextIO, LogLines(lambda: sys.stderr))),
        cache_logger_on_first_use=False,
    )
    for name, least in NOISY.items():
        logging.getLogger(name).setLevel(least)


def _named(process: str) -> Processor:
    """Context variables are a thread's own; the process is everybody's."""

    def name(_: WrappedLogger, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event.setdefault("process", process)
        return event

    return name


def fault(error: BaseException) -> dict[str, str]:
    """`error` and `where` of an exception, fit for a log line and for the ledger: its type and the last frame."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return {"error": type(error).__name__, "where": "?"}
    last = frames[-1]
    file = Path(last.filename)
    return {"error": type(error).__name__, "where": f"{file.parent.name}/{file.name}:{last.lineno} {last.name}"}


def fault_text(error: BaseException) -> str:
    told = fault(error)
    return f"{told['error']} at {told['where']}"
