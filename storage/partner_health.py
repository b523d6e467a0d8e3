"""How each partner does, where every process sees it: its circuit, and which addresses it was found to serve.

A call to a partner is made outside any transaction, so it has one before it (`admit`) and one after (`record`). An
address stands here as a keyed hash only, and no longer than its answer is good for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from cases.circuit import Circuit, CircuitRules, admitted, after_failure, after_success
from cases.model import Address
from storage.tables import coverage, partner_health, settings
from storage.unit import AnyRow, Unit

REASON_LENGTH = 64
SAID_LENGTH = 200
WELL_FOR = timedelta(minutes=1)


@dataclass(frozen=True)
class Health:
    """`reason`: of the newest failure, a stable word."""

    circuit: Circuit
    well_at: datetime | None
    failed_at: datetime | None
    reason: str | None


@dataclass(frozen=True)
class Coverage:
    """`covered` None: it could not be asked."""

    covered: bool | None
    reason: str = ""


# ── circuits ────────────────────────────────────────────────────────────────────────────────────────────────────


def healths(tx: Unit) -> dict[str, Health]:
    """Every partner that was ever called."""
    return {row.partner: _health(row) for row in tx.all(select(partner_health))}


def circuits(tx: Unit) -> dict[str, Circuit]:
    return {name: health.circuit for name, health in healths(tx).items()}


def admit(tx: Unit, partner: str, rules: CircuitRules) -> bool:
    """Whether the partner may be called now. Where it is tried again after a pause, this claims the one try."""
    row = tx.one(select(partner_health).where(partner_health.c.partner == partner).with_for_update())
    if row is None:
        return True
    before = _health(row).circuit
    then = admitted(before, tx.now(), rules)
    if then is not None and then != before:
        mine = update(partner_health).where(partner_health.c.partner == partner)
        tx.execute(mine.values(probing_until=then.probing_until))
    return then is not None


def record(tx: Unit, partner: str, rules: CircuitRules, failure: str | None = None) -> Circuit:
    """What a call showed: `failure` is a stable word, None a success. The circuit afterwards."""
    now = tx.now()
    if failure is None and _known_to_be_well(tx, partner):
        return Circuit()
    tx.insert_new(partner_health, {"partner": partner, "failures": 0})
    row = tx.one(select(partner_health).where(partner_health.c.partner == partner).with_for_update())
    assert row is not None
    circuit = after_success() if failure is None else after_failure(_health(row).circuit, now, rules)
    seen = {"well_at": now} if failure is None else {"failed_at": now, "reason": failure[:REASON_LENGTH]}
    kept = {"failures": circuit.failures, "retry_at": circuit.retry_at, "probing_until": circuit.probing_until}
    tx.execute(update(partner_health).where(partner_health.c.partner == partner).values(**kept, **seen))
    return circuit


def _known_to_be_well(tx: Unit, partner: str) -> bool:
    """Lately, and nothing to mend: then nobody waits for anybody else's success to be written down."""
    row = tx.one(select(partner_health).where(partner_health.c.partner == partner))
    if row is None or row.well_at is None or _health(row).circuit != Circuit():
        return False
    return bool(row.well_at > tx.now() - WELL_FOR)


def _health(row: AnyRow) -> Health:
    circuit = Circuit(row.failures, row.retry_at, row.probing_until)
    return Health(circuit, row.well_at, row.failed_at, row.reason)


# ── coverage ────────────────────────────────────────────────────────────────────────────────────────────────────


def coverage_of(tx: Unit, address: Address) -> dict[str, Coverage]:
    """What is known of the address, by partner; answers past their time are not."""
    fresh = select(coverage).where(coverage.c.address_index == _index(tx, address), coverage.c.ends_at > tx.now())
    return {row.partner: Coverage(row.covered, row.reason) for row in tx.all(fresh)}


def keep_coverage(tx: Unit, address: Address, partner: str, answer: Coverage, good_for: timedelta) -> None:
    """Replaces what was known, and forgets whatever is past its time."""
    now, index = tx.now(), _index(tx, address)
    same = (coverage.c.partner == partner) & (coverage.c.address_index == index)
    tx.execute(delete(coverage).where(same | (coverage.c.ends_at <= now)))
    values = {"covered": answer.covered, "reason": answer.reason[:SAID_LENGTH], "ends_at": now + good_for}
    tx.insert_new(coverage, {"partner": partner, "address_index": index, **values})


def _index(tx: Unit, address: Address) -> str:
    """Without the name and the phone: who lives there does not matter."""
    return tx.vault.blind("address", "\x1f".join((address.province, address.city, address.county, address.detail)))


# ── whom a region prefers ───────────────────────────────────────────────────────────────────────────────────────


def preference(tx: Unit, region: str) -> tuple[str, ...]:
    """The region's partners, best first; empty where none were published."""
    found = tx.execute(select(settings.c.value).where(settings.c.name == f"couriers:{region}")).scalar_one_or_none()
    return tuple(found or ())


def preferences(tx: Unit) -> Mapping[str, tuple[str, ...]]:
    """Every region's."""
    listed = tx.all(select(settings).where(settings.c.name.startswith("couriers:", autoescape=True)))
    return {row.name.partition(":")[2]: tuple(row.value) for row in listed}


def put_preference(tx: Unit, region: str, partners: tuple[str, ...]) -> None:
    tx.put(settings, "name", {"name": f"couriers:{region}", "value": list(partners)})
