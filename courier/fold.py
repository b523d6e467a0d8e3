"""What a leg's events amount to: `fold(events) -> Folded`.

Promise: the result depends on the set of events and on nothing else. Doubled, late or shuffled events give the same
answer, so a worker may fold everything it has after each new event. Nothing goes backwards, but for an explicit
reversal of the partner ("delivered" taken back): that voids its target and the rest is folded again.

How: events are taken once each (`unique_key`), grouped by order id (a leg may have been booked more than once), voided
by reversals, sorted by the partner's time and then by rank, and each moves the state only if it lies further on than
the mark already reached. `INFO` and `UNKNOWN` never move anything. What a person should look at is in `alerts`.

Not promised: that the partner's clock is right. A partner that dates a pick-up after the delivery is believed only as
far as the ranks allow.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from cases.lifecycle import LEG_MOVING, LegState
from courier.vocabulary import CourierEvent, EventKind, Recipient


class Alert(StrEnum):
    """What needs a person's eye. Values are stable; texts belong to the desk."""

    CANCELLED_BUT_MOVING = "cancelled_but_moving"
    RECIPIENT_UNCONFIRMED = "recipient_unconfirmed"
    AWAITING_COLLECTION = "awaiting_collection"
    DELIVERED_WHILE_RETURNING = "delivered_while_returning"
    MOVING_AFTER_END = "moving_after_end"
    PICKUP_REVERSED = "pickup_reversed"
    DELIVERY_REVERSED = "delivery_reversed"
    REVERSAL_WITHOUT_TARGET = "reversal_without_target"
    UNKNOWN_CODE = "unknown_code"
    EARLIER_ATTEMPT_MOVING = "earlier_attempt_moving"
    WAYBILL_CHANGED = "waybill_changed"


@dataclass(frozen=True)
class Folded:
    """`since` is when the state was entered; None, with OFFERED, when nothing has moved yet: leave the leg as it is. A
    partner does not push what it answered to our own call, so give the fold a BOOKED event of ours. `confirmed` is true
    only for a delivery into the addressee's own hands; a parcel signed for by somebody else (`recipient`) is DELIVERED
    and not confirmed. `order` names the attempt that is followed: its order id, or its waybill where no event told
    one."""

    state: LegState
    since: datetime | None
    confirmed: bool
    alerts: tuple[str, ...]
    order: str = field(default="", compare=False)
    recipient: Recipient | None = None


K = EventKind
S = LegState

# The state each kind stands for. Kinds that are not here (info, unknown, reversal, alias, pickup_delayed) move nothing.
_STATE: Mapping[EventKind, LegState] = {
    K.BOOKED: S.BOOKED,
    K.PICKUP_RESCHEDULED: S.BOOKED,
    K.COURIER_ASSIGNED: S.ASSIGNED,
    K.PICKUP_FAILED: S.PICKUP_FAILED,
    K.CANCELLED: S.CANCELLED,
    K.PICKED_UP: S.PICKED_UP,
    K.IN_TRANSIT: S.IN_TRANSIT,
    K.OUT_FOR_DELIVERY: S.OUT_FOR_DELIVERY,
    K.AWAITING_COLLECTION: S.OUT_FOR_DELIVERY,
    K.EXCEPTION: S.EXCEPTION,
    K.REFUSED: S.REFUSED,
    K.DELIVERED_UNCONFIRMED: S.DELIVERED,
    K.DELIVERED: S.DELIVERED,
    K.RETURNING: S.RETURNING,
    K.RETURNED: S.RETURNED,
    K.LOST: S.LOST,
}
# How far along the road a state lies. A state is entered only if its rank is not below the mark reached so far.
# Equal ranks may follow each other by time: a courier is assigned again after a pick-up that failed.
_RANK: Mapping[LegState, int] = {
    S.OFFERED: 0,
    S.BOOKED: 10,
    S.ASSIGNED: 20,
    S.PICKUP_FAILED: 20,
    S.CANCELLED: 25,  # a new attempt has a new order id, so nothing before pick-up revives this one; moving does
    S.PICKED_UP: 30,
    S.IN_TRANSIT: 40,
    S.OUT_FOR_DELIVERY: 50,
    S.EXCEPTION: 59,  # has its own rule: see _may_follow and _mark_after
    S.REFUSED: 59,
    S.DELIVERED: 60,
    S.RETURNING: 70,
    S.RETURNED: 80,
    S.LOST: 90,
}
# Kuaidi100, the one that says so, repeats a push three times at 35 minutes.
_LATE_REPORT = timedelta(hours=2)
# Revoking a delivery revokes it whoever was said to have signed.
_DELIVERY: Mapping[EventKind, EventKind] = {K.DELIVERED_UNCONFIRMED: K.DELIVERED}
_END = frozenset({S.DELIVERED, S.RETURNED, S.LOST})
_ON_THE_ROAD = LEG_MOVING | {S.REFUSED, S.DELIVERED}
# At one and the same second: progress in the order of the road, and a reversal after what it reverses.
_ORDER: Mapping[EventKind, int] = {k: _RANK[_STATE[k]] * 2 + (k is K.DELIVERED) if k in _STATE else 0 for k in K} | {
    K.PICKUP_RESCHEDULED: 2 * _RANK[S.PICKUP_FAILED] + 1,
    K.REVERSAL: 999,
}


def fold(events: Iterable[CourierEvent]) -> Folded:
    """The state of one leg from all that was ever said about it, in any order and any number of copies."""
    attempts = _attempts(sorted(_once_each(events), key=_by_time))
    if not attempts:
        return Folded(S.OFFERED, None, False, ())
    orders = list(attempts)
    folded = [_fold_attempt(a) for a in attempts.values()]
    newest = len(folded) - 1
    # The paper is where a parcel moves, even if that booking was given up and another one made.
    moving = [i for i, f in enumerate(folded) if f.state in _ON_THE_ROAD]
    followed = max(moving, default=newest)
    chosen = folded[followed]
    alerts = {*chosen.alerts, *([Alert.EARLIER_ATTEMPT_MOVING] if moving and moving[0] < newest else [])}
    return replace(chosen, alerts=tuple(sorted(alerts)), order=orders[followed])


def _once_each(events: Iterable[CourierEvent]) -> Iterable[CourierEvent]:
    """One event per key. Two roads may tell the same fact with more or less to it (a trace has no order id): the
    fuller one is kept, by a rule that does not depend on which came first."""
    kept: dict[str, CourierEvent] = {}
    for e in events:
        other = kept.get(e.unique_key)
        if other is None or (other is not e and other != e and _fullness(e) > _fullness(other)):
            kept[e.unique_key] = e
    return kept.values()


def _fullness(e: CourierEvent) -> tuple[bool, int, list[tuple[str, str]]]:
    told = sorted(e.to_json().items())
    return (bool(e.order_id), len(told), told)


def _by_time(e: CourierEvent) -> tuple[datetime, int, str]:
    return (e.at, _ORDER[e.kind], e.unique_key)


def _attempts(events: Sequence[CourierEvent]) -> Mapping[str, list[CourierEvent]]:
    """The events of each booking, bookings in the order of their first event. An event without an order id goes to
    the booking whose waybill it names."""
    order_of = {e.waybill: e.order_id for e in events if e.order_id and e.waybill}
    for e in events:
        if e.new_waybill:
            order_of.setdefault(e.new_waybill, e.order_id or order_of.get(e.waybill) or e.waybill)
    groups: dict[str, list[CourierEvent]] = {}
    for e in events:
        groups.setdefault(e.order_id or order_of.get(e.waybill) or e.waybill, []).append(e)
    return groups


def _fold_attempt(events: Sequence[CourierEvent]) -> Folded:
    standing, alerts = _without_reversed(events)
    state: LegState = S.OFFERED
    since: datetime | None = None
    mark, sure = 0, False
    for e in standing:
        sure = sure or e.kind is K.DELIVERED
        to = _STATE.get(e.kind)
        if to is None or to is state:
            continue
        if since is not None and state in _END and not _claimed(to, state, sure):
            alerts |= {Alert.MOVING_AFTER_END} if _moves_again(e.at - since, to, mark) else set()
        elif _may_follow(state, mark, to, e.kind):
            state, since, mark = to, e.at, _mark_after(mark, to)
        elif state is S.RETURNING and to is S.DELIVERED:
            alerts.add(Alert.DELIVERED_WHILE_RETURNING)
    confirmed = state is S.DELIVERED and any(e.kind is K.DELIVERED for e in standing)
    noticed = tuple(sorted(alerts | _noticed(events, standing, state, confirmed)))
    left_with = _left_with(standing) if state is S.DELIVERED and not confirmed else None
    return Folded(state, since, confirmed, noticed, recipient=left_with)


def _left_with(standing: Sequence[CourierEvent]) -> Recipient | None:
    """Who signed instead, as far as the newest word says."""
    return next((e.recipient for e in reversed(standing) if e.kind is K.DELIVERED_UNCONFIRMED and e.recipient), None)


def _claimed(to: LegState, state: LegState, sure: bool) -> bool:
    """Left with somebody else, and then paid for as lost: it was never delivered."""
    return to is S.LOST and state is S.DELIVERED and not sure


def _moves_again(after: timedelta, to: LegState, mark: int) -> bool:
    """After its end. A scan from the way to it, soon after, is only a late report: partners repeat a push for so long,
    and an aggregator's report of an order has no time but that of its coming."""
    late_report = _RANK[to] < mark and to is not S.EXCEPTION and after <= _LATE_REPORT
    return _RANK[to] >= _RANK[S.PICKED_UP] and not late_report


def _may_follow(state: LegState, mark: int, to: LegState, kind: EventKind) -> bool:
    if kind is K.PICKUP_RESCHEDULED:
        return state in {S.OFFERED, S.PICKUP_FAILED}
    if to is S.EXCEPTION:
        return state not in {S.CANCELLED, S.REFUSED, S.RETURNING}
    return _RANK[to] >= mark


def _mark_after(mark: int, to: LegState) -> int:
    """A failed attempt goes back to the depot and out again, so after an exception everything from `in_transit` on
    may follow. After a refusal only another attempt or the way back."""
    if to is S.EXCEPTION:
        return min(mark, _RANK[S.IN_TRANSIT])
    if to is S.REFUSED:
        return _RANK[S.OUT_FOR_DELIVERY]
    return _RANK[to]


def _without_reversed(events: Sequence[CourierEvent]) -> tuple[list[CourierEvent], set[Alert]]:
    """What still stands. A reversal voids every earlier event of its kind (or code): partners repeat "delivered" from
    several desks and revoke it once, and a delivery wrongly believed is worse than one asked about again."""
    live: dict[str, list[int]] = defaultdict(list)
    voided: set[int] = set()
    alerts: set[Alert] = set()
    for i, e in enumerate(events):
        if e.reverses is None:
            live[e.code].append(i)
            live[_DELIVERY.get(e.kind, e.kind)].append(i)
            continue
        targets = set(live.pop(e.reverses_code or _DELIVERY.get(e.reverses, e.reverses), ())) - voided
        voided |= targets
        if not targets:
            alerts.add(Alert.REVERSAL_WITHOUT_TARGET)
    return [e for i, e in enumerate(events) if i not in voided and e.reverses is None], alerts


def _noticed(
    events: Sequence[CourierEvent], standing: Sequence[CourierEvent], state: LegState, confirmed: bool
) -> set[Alert]:
    """What the whole history shows a person should look at, beside what the walk through it met."""
    kinds = {e.kind for e in standing}
    taken_back = {_DELIVERY.get(e.reverses, e.reverses) for e in events if e.reverses}
    on_road = any(_RANK[_STATE[k]] >= _RANK[S.PICKED_UP] for k in kinds if k in _STATE)
    waits = [e.kind for e in standing if _STATE.get(e.kind) is S.OUT_FOR_DELIVERY][-1:] == [K.AWAITING_COLLECTION]
    seen = {
        Alert.UNKNOWN_CODE: K.UNKNOWN in kinds,
        Alert.WAYBILL_CHANGED: K.ALIAS in kinds,
        Alert.CANCELLED_BUT_MOVING: K.CANCELLED in kinds and on_road,
        Alert.RECIPIENT_UNCONFIRMED: state is S.DELIVERED and not confirmed,
        Alert.AWAITING_COLLECTION: state is S.OUT_FOR_DELIVERY and waits,
        Alert.PICKUP_REVERSED: K.PICKED_UP in taken_back and not on_road,
        Alert.DELIVERY_REVERSED: K.DELIVERED in taken_back and state is not S.DELIVERED,
    }
    return {alert for alert, holds in seen.items() if holds}
