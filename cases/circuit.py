"""A circuit breaker as values: after so many failures in a row a partner is left alone for a while, then one caller
tries it, and a success lets everybody back.

Pure: whoever calls brings the time and keeps the circuit where all processes see it. A failure is a call of which the
partner said nothing that can be used (time-out, no connection, 5xx); a refusal is an answer.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum


class CircuitState(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass(frozen=True)
class CircuitRules:
    failures: int = 5
    """In a row; a partner's hiccup of some seconds is ridden out by trying again."""
    pause: timedelta = timedelta(minutes=1)
    """A gateway that restarts is back within one."""
    probe: timedelta = timedelta(minutes=1)
    """How long the one who tries may take; above the longest read time-out. Then another may."""


@dataclass(frozen=True)
class Circuit:
    """`retry_at`: open until then; None is closed. `probing_until`: somebody tries it now."""

    failures: int = 0
    retry_at: datetime | None = None
    probing_until: datetime | None = None

    def state(self, at: datetime) -> CircuitState:
        if self.retry_at is None:
            return CircuitState.CLOSED
        return CircuitState.OPEN if at < self.retry_at else CircuitState.HALF_OPEN


def admitted(circuit: Circuit, at: datetime, rules: CircuitRules) -> Circuit | None:
    """The circuit as it is while the caller calls; None: not now. Half open, only one is let through, and it must be
    written down before the call is made."""
    match circuit.state(at):
        case CircuitState.CLOSED:
            return circuit
        case CircuitState.OPEN:
            return None
    if circuit.probing_until is not None and at < circuit.probing_until:
        return None
    return replace(circuit, probing_until=at + rules.probe)


def after_success() -> Circuit:
    return Circuit()


def after_failure(circuit: Circuit, at: datetime, rules: CircuitRules) -> Circuit:
    """Opens at the limit, and again for a whole pause when the one who tried it failed. Somebody's late failure while
    it is open does not put off the next try."""
    failures = circuit.failures + 1
    if circuit.state(at) is CircuitState.OPEN:
        return replace(circuit, failures=failures)
    opens = circuit.retry_at is not None or failures >= rules.failures
    return Circuit(failures, at + rules.pause if opens else None)
