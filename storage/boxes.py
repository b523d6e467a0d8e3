"""Drop boxes, their rounds, and the envelopes that go through them. The rules stand in `cases.boxes`.

An envelope is a booking of the drop box with the box it was announced for; the box it was found in is the one that
counts. What is found and belongs to no such booking is a stray, kept until a person settles it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, insert, select, update

from cases.boxes import LOOK_BACK, Box, Dropped, Found, LateRound, Light, check_box, late_rounds
from cases.errors import NotFound
from storage import audit
from storage.actors import Actor, region_prefix
from storage.ids import new_id
from storage.in_house_tables import box_rounds, box_warnings, drop_boxes, drops, strays
from storage.unit import AnyRow, Unit

LIMIT = 500


@dataclass(frozen=True)
class Drop:
    """One envelope on its way through a box."""

    booking_id: str
    case_number: str
    box: str
    envelope: Dropped
    missed: int


@dataclass(frozen=True)
class Round:
    id: str
    box: str
    due_at: datetime | None
    at: datetime
    by: str
    scanned: int
    missing: int


@dataclass(frozen=True)
class Stray:
    """`code`: what was read off it, empty if nothing. `case_number`: whose it is, where that is known."""

    id: str
    box: str | None
    code: str = field(repr=False)
    case_number: str | None
    why: Found
    found_at: datetime
    found_by: str
    settled_at: datetime | None = None
    settled_by: str | None = None
    note: str | None = field(default=None, repr=False)


class Boxes:
    def __init__(self, tx: Unit) -> None:
        self._tx = tx

    # ── boxes ──

    def put(self, box: Box, *, actor: Actor) -> Box:
        """A new box, or other values for a known one; `since` stays what it was while the box is in use. Raises
        `InvalidRequest`."""
        check_box(box)
        known = self._find(box.code)
        since = known.since if known is not None and known.active else box.since
        values = {
            "code": box.code,
            "name": box.name,
            "place": box.place,
            "region": box.region,
            "times": list(box.times),
            "grace_minutes": int(box.grace.total_seconds()) // 60,
            "active": box.active,
            "since": since,
        }
        self._tx.put(drop_boxes, "code", values)
        audit.record(self._tx, f"box:{box.code}", actor, "box_put", {k: v for k, v in values.items() if k != "since"})
        return self.box(box.code)

    def box(self, code: str) -> Box:
        """Raises `NotFound`."""
        found = self._find(code)
        if found is None:
            raise NotFound("没有这个收件箱。", box=code)
        return found

    def _find(self, code: str) -> Box | None:
        row = self._tx.one(select(drop_boxes).where(drop_boxes.c.code == code))
        return None if row is None else _box(row)

    def list(self, region: str | None = None, *, all_of_them: bool = False) -> "Sequence[Box]":
        """Of a region and those below it; boxes out of use only if asked for."""
        wanted = select(drop_boxes).order_by(drop_boxes.c.region, drop_boxes.c.code)
        if region:
            wanted = wanted.where(drop_boxes.c.region.startswith(region_prefix(region), autoescape=True))
        wanted = wanted if all_of_them else wanted.where(drop_boxes.c.active)
        return [_box(row) for row in self._tx.all(wanted)]

    # ── rounds ──

    def add_round(self, made: Round) -> None:
        self._tx.execute(insert(box_rounds).values(**vars(made)))

    def rounds(self, box: str, since: datetime) -> "Sequence[Round]":
        """Newest first."""
        wanted = select(box_rounds).where(box_rounds.c.box == box, box_rounds.c.at >= since)
        rows = self._tx.all(wanted.order_by(box_rounds.c.at.desc(), box_rounds.c.seq.desc()).limit(LIMIT))
        return [Round(r.id, r.box, r.due_at, r.at, r.by, r.scanned, r.missing) for r in rows]

    def late(self, now: datetime, region: str | None = None) -> "Sequence[LateRound]":
        """Every warning that stands, red ones first."""
        made: dict[str, list[datetime]] = {}
        recent = select(box_rounds.c.box, box_rounds.c.at).where(box_rounds.c.at >= now - LOOK_BACK - timedelta(days=1))
        for row in self._tx.all(recent):
            made.setdefault(row.box, []).append(row.at)
        found = (late for box in self.list(region) for late in late_rounds(box, made.get(box.code, ()), now))
        return sorted(found, key=lambda late: (late.light is not Light.RED, late.due, late.box.code))

    def raise_warning(self, late: LateRound, *, actor: Actor) -> bool:
        """On record, once for each light. False: it was."""
        values = {"box": late.box.code, "due_at": late.due, "light": late.light, "raised_at": self._tx.now()}
        if not self._tx.insert_new(box_warnings, values):
            return False
        detail = {"due": late.due.isoformat(), "light": str(late.light)}
        audit.record(self._tx, f"box:{late.box.code}", actor, "round_late", detail)
        return True

    # ── envelopes ──

    def announce(self, booking_id: str, case_number: str, box: str, code: str) -> Drop:
        """The envelope is to come in this box; said again with another box, in that one."""
        values = {
            "booking_id": booking_id,
            "case_number": case_number,
            "box": box,
            "code": code,
            "announced_at": self._tx.now(),
            "missed": 0,
        }
        if not self._tx.insert_new(drops, values):
            waiting = and_(drops.c.booking_id == booking_id, drops.c.dropped_at.is_(None), drops.c.emptied_at.is_(None))
            self._tx.execute(update(drops).where(waiting).values(box=box))
        found = self.drop(booking_id)
        assert found is not None
        return found

    def drop(self, booking_id: str) -> Drop | None:
        row = self._tx.one(select(drops).where(drops.c.booking_id == booking_id))
        return None if row is None else _drop(row)

    def dropped(self, booking_id: str, at: datetime, box: str) -> bool:
        """Put into the box. False: said before, or emptied already."""
        still = and_(drops.c.booking_id == booking_id, drops.c.dropped_at.is_(None), drops.c.emptied_at.is_(None))
        return self._tx.count(update(drops).where(still).values(dropped_at=at, box=box)) == 1

    def emptied(self, booking_id: str, at: datetime, box: str) -> bool:
        """Found by a round of this box. False: by an earlier one."""
        still = and_(drops.c.booking_id == booking_id, drops.c.emptied_at.is_(None))
        return self._tx.count(update(drops).where(still).values(emptied_at=at, box=box)) == 1

    def not_found(self, booking_id: str) -> int:
        """Not in the box, though said to be: how often by now. The resident may say again that it is."""
        mine = drops.c.booking_id == booking_id
        self._tx.execute(update(drops).where(mine).values(dropped_at=None, missed=drops.c.missed + 1))
        found = self.drop(booking_id)
        return 0 if found is None else found.missed

    def waiting(self, box: str) -> "Sequence[Drop]":
        """Announced or put in, and not found by a round yet."""
        return self._drops(select(drops).where(drops.c.box == box, drops.c.emptied_at.is_(None)))

    def missed(self) -> "Sequence[Drop]":
        """Envelopes that a round missed and none has found since."""
        return self._drops(select(drops).where(drops.c.missed > 0, drops.c.emptied_at.is_(None)))

    def _drops(self, wanted: Select[Any]) -> "Sequence[Drop]":
        return [
            _drop(row) for row in self._tx.all(wanted.order_by(drops.c.announced_at, drops.c.booking_id).limit(LIMIT))
        ]

    # ── strays ──

    def add_stray(
        self, box: str | None, code: str, case_number: str | None, *, why: Found, at: datetime, by: str
    ) -> str:
        identity = new_id()
        values = {
            "id": identity,
            "box": box,
            "code": self._tx.seal(strays, "code", identity, code),
            "case_number": case_number,
            "why": why,
            "found_at": at,
            "found_by": by,
        }
        self._tx.execute(insert(strays).values(**values))
        return identity

    def strays(self, *, settled: bool = False) -> "Sequence[Stray]":
        """Those that wait for a person, oldest first; or the last that were settled."""
        open_ = strays.c.settled_at.is_(None)
        wanted = select(strays).where(~open_ if settled else open_)
        order = strays.c.settled_at.desc() if settled else strays.c.found_at
        return [self._stray(row) for row in self._tx.all(wanted.order_by(order, strays.c.seq).limit(LIMIT))]

    def settle_stray(self, stray_id: str, note: str, *, actor: Actor) -> Stray:
        """Once. Raises `NotFound`."""
        open_ = and_(strays.c.id == stray_id, strays.c.settled_at.is_(None))
        ended = {"settled_at": self._tx.now(), "settled_by": actor.id}
        sealed = self._tx.seal(strays, "note", stray_id, note)
        if self._tx.count(update(strays).where(open_).values(note=sealed, **ended)) == 0:
            raise NotFound("没有待处理的这份信封。", stray=stray_id)
        audit.record(self._tx, f"stray:{stray_id}", actor, "stray_settled")
        row = self._tx.one(select(strays).where(strays.c.id == stray_id))
        assert row is not None
        return self._stray(row)

    def _stray(self, row: AnyRow) -> Stray:
        note = None if row.note is None else self._tx.unseal(strays, "note", row.id, row.note)
        code = self._tx.unseal(strays, "code", row.id, row.code)
        return Stray(
            row.id, row.box, code, row.case_number, Found(row.why), row.found_at, row.found_by,
            row.settled_at, row.settled_by, note,
        )  # fmt: skip

    def open_strays(self) -> int:
        found: int = self._tx.execute(select(func.count()).where(strays.c.settled_at.is_(None))).scalar_one()
        return found


def _box(row: AnyRow) -> Box:
    grace = timedelta(minutes=row.grace_minutes)
    return Box(row.code, row.name, row.place, row.region, tuple(row.times), row.since, grace, row.active)


def _drop(row: AnyRow) -> Drop:
    envelope = Dropped(row.code, row.dropped_at, row.emptied_at)
    return Drop(row.booking_id, row.case_number, row.box, envelope, row.missed)


def lights(late: Iterable[LateRound]) -> dict[Light, int]:
    """How many of each, for metrics."""
    counted = dict.fromkeys(Light, 0)
    for one in late:
        counted[one.light] += 1
    return counted
