"""Lights 灯 of a department's work: green, yellow from the day before it is due, red after it."""

from datetime import UTC, date, datetime, timedelta

from cases.deadlines import beijing_day, end_of

GREEN, YELLOW, RED = "green", "yellow", "red"


def light_of(due: date | None, at: datetime | None = None) -> str:
    """Of open work. Without a day it waits for something else."""
    now = at or datetime.now(UTC)
    if due is None:
        return GREEN
    if end_of(due) <= now:
        return RED
    return YELLOW if due <= beijing_day(now) + timedelta(days=1) else GREEN
