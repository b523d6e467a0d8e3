"""Searching the logs of an embedded service as its operator does: all processes at once, by one id."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Line = Mapping[str, Any]


def lines(folder: Path) -> list[Line]:
    """In the order of time, each with the name of its log file."""
    found = []
    for log in sorted((folder / "logs").glob("*.log")):
        told = (line for line in log.read_text(encoding="utf-8").splitlines() if line.startswith("{"))
        found += [{**json.loads(line), "log": log.stem} for line in told]
    return sorted((line for line in found if "timestamp" in line), key=lambda line: str(line["timestamp"]))


def about(found: list[Line], key: str, value: str) -> list[Line]:
    return [line for line in found if value in str(line.get(key, "")).split()]


def jobs(found: list[Line]) -> set[str]:
    """Kinds of the jobs that ended."""
    return {str(line["kind"]) for line in found if line["event"] == "job_ended"}
