"""`zerotrip couriers`: who can carry here, what each can do, and how each does just now."""

import json
import os
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import typer

from cases.circuit import CircuitState
from courier.port import Partner
from courier.registry import capabilities, partners
from courier.settings import SettingsWrong
from courier.settings import from_mapping as courier_settings
from courier.windows import Shift
from storage import partner_health
from storage.partner_health import Health
from workers.commands.common import NO, database, missing, out, table

AsJson = Annotated[bool, typer.Option("--json", help="one object a line, for programs")]


def couriers(as_json: AsJson = False) -> None:
    """Every configured partner: what it can do, its hours, and whether it answers. Exit 1 if one is left alone just now."""
    try:
        configured = partners(courier_settings(os.environ))
    except SettingsWrong as error:
        raise missing(error) from error
    with database() as db, db.reading() as tx:
        now, healths, preferred = tx.now(), partner_health.healths(tx), partner_health.preferences(tx)
    told = [_told(p, healths.get(p.name), preferred, now) for p in configured.values()]
    if as_json:
        for line in told:
            print(json.dumps(line, ensure_ascii=False, default=str))
    else:
        _print(told, sorted(set(capabilities()) - set(configured)))
    raise typer.Exit(NO if any(line["circuit"]["state"] == CircuitState.OPEN for line in told) else 0)


def _told(
    partner: Partner, health: Health | None, preferred: Mapping[str, tuple[str, ...]], now: datetime
) -> dict[str, Any]:
    can, hours = partner.capabilities, partner.hours
    return {
        "partner": partner.name,
        "payers": sorted(can.payers),
        "declared_value": can.declared_value,
        "addressee": [*(["code"] if can.safety_code else []), *(["identity"] if can.identity_check else [])],
        "coverage": str(can.coverage),
        "find_by_order_id": can.find_by_order_id,
        "reports_assignment": can.reports_assignment,
        "reports_failed_pickup": can.reports_failed_pickup,
        "pushes": str(can.pushes),
        "hours": {"workdays": _shifts(hours.workdays), "rest_days": _shifts(hours.rest_days)},
        "lead_minutes": int(hours.lead.total_seconds() // 60),
        "same_day_until": f"{hours.same_day_until:%H:%M}",
        "days_ahead": hours.days_ahead,
        "preferred_in": {region: 1 + names.index(partner.name) for region, names in preferred.items() if partner.name in names},
        "circuit": _circuit(health, now),
    }  # fmt: skip


def _shifts(shifts: tuple[Shift, ...]) -> list[str]:
    return [f"{s.start:%H:%M}-{s.end:%H:%M}" for s in shifts]


def _circuit(health: Health | None, now: datetime) -> dict[str, Any]:
    if health is None:
        return {"state": CircuitState.CLOSED, "failures": 0, "retry_at": None, "reason": None}
    circuit = health.circuit
    return {
        "state": circuit.state(now),
        "failures": circuit.failures,
        "retry_at": circuit.retry_at.isoformat() if circuit.retry_at else None,
        "reason": health.reason if circuit.failures else None,
    }


def _print(told: list[dict[str, Any]], others: list[str]) -> None:
    columns = ("partner", "payers", "value", "addressee", "coverage", "asked by id", "pushes", "hours", "circuit")
    out.print(table(columns, map(_row, told)))
    for line in told:
        if line["preferred_in"]:
            places = ", ".join(f"{region} ({place})" for region, place in sorted(line["preferred_in"].items()))
            out.print(f"{line['partner']} is preferred in: {places}", highlight=False)
    if others:
        out.print(f"known, not in ZEROTRIP_COURIERS: {', '.join(others)}", highlight=False)


def _row(line: Mapping[str, Any]) -> tuple[object, ...]:
    circuit = line["circuit"]
    state = str(circuit["state"]) + (f" ({circuit['failures']}: {circuit['reason']})" if circuit["failures"] else "")
    hours = f"{' '.join(line['hours']['workdays']) or '-'} / {' '.join(line['hours']['rest_days']) or '-'}"
    return (
        line["partner"],
        " ".join(line["payers"]),
        "yes" if line["declared_value"] else "no",
        " ".join(line["addressee"]) or "no",
        line["coverage"],
        "yes" if line["find_by_order_id"] else "no",
        line["pushes"],
        hours,
        state,
    )
