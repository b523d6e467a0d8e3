"""A case's history as a file: its record line by line, and where it stood at the end. The form is stable: fields are added,
never renamed, and values of a person never stand in a record.
"""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from cases.lifecycle import CaseEvent, CaseState, LegState
from cases.model import CaseFile, Direction, Leg
from storage.audit import AuditLine
from storage.plain import to_plain
from tests.cases.world import World

FOLDER = Path(__file__).parent
FORM = 1


def recorded(file: CaseFile, lines: Iterable[AuditLine]) -> dict[str, Any]:
    return {
        "form": FORM,
        "case": file.case.number,
        "item": file.item.code,
        "state": str(file.case.state),
        "legs": [{"id": x.id, "direction": str(x.direction), "state": str(x.state)} for x in file.legs],
        "lines": [{"at": x.at.isoformat(), "action": x.action, "detail": _moves(x)} for x in lines],
    }


def _moves(line: AuditLine) -> dict[str, Any]:
    """What a replay reads of a line; texts that somebody wrote are left out."""
    plain: dict[str, Any] = to_plain(dict(line.detail))
    return {k: plain[k] for k in ("from", "to", "leg", "direction") if isinstance(plain.get(k), str)}


def ways(history: dict[str, Any]) -> frozenset[tuple[str, str]]:
    """The moves that its case made: from which state, by which event."""
    events = {f"case_{event}": str(event) for event in CaseEvent}
    return frozenset((x["detail"]["from"], events[x["action"]]) for x in history["lines"] if x["action"] in events)


def write(path: Path, histories: Iterable[dict[str, Any]]) -> int:
    """One history a line; how many."""
    told = [json.dumps(h, ensure_ascii=False, separators=(",", ":")) for h in histories]
    path.write_text("\n".join(told) + "\n", "utf-8")
    return len(told)


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def lines_of(history: dict[str, Any]) -> list[AuditLine]:
    return [
        AuditLine(datetime.fromisoformat(x["at"]), "system", "-", None, x["action"], x["detail"])
        for x in history["lines"]
    ]


def stood(history: dict[str, Any]) -> CaseFile:
    """The case as far as a replay looks at it."""
    file = World().file
    legs = tuple(
        Leg(x["id"], Direction(x["direction"]), LegState(x["state"]), file.case.opened_at) for x in history["legs"]
    )
    return replace(file, case=replace(file.case, state=CaseState(history["state"])), legs=legs)
