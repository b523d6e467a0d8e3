"""A round: a box is emptied, what was in it is scanned, and every envelope gets its outcome (`cases.boxes.Found`).

- Announced and there: `collected`; announced for another box too, the box it was found in counts.
- Said to be in the box and not there: `missing`; on record it is with the resident again, who is asked. Said twice and
  missed twice: an incident, with an owner and a deadline.
- There, and its order is over or for another way: `unannounced`, a stray with its case, which the sorting sends on.
- There, and nobody knows whose: `unknown`, a stray without one, until a person settles it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from cases.actions.dropping import envelope_missing
from cases.boxes import Box, Found, due_of, missing
from courier.in_house.units import Scan
from storage.boxes import Drop, Round
from storage.ids import new_id
from storage.in_house import DROP_BOX
from storage.session import Transaction
from web.auth import Desk
from web.scanning import Envelope, Said, Travelling, find_envelope, keep, read_code, travelling
from web.writing import moment


@dataclass(frozen=True)
class Line:
    """One envelope of a round. `stray`: the entry that waits for a person."""

    code: str
    found: Found
    case: str | None = None
    stray: str | None = None


@dataclass(frozen=True)
class Made:
    round: Round
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Emptying:
    """One round under way: who empties which box, when, and what was read so far."""

    tx: Transaction
    me: Desk
    box: Box
    at: datetime
    id: str = field(default_factory=new_id)
    seen: set[str] = field(default_factory=set)

    def found(self, text: str) -> Line:
        code = read_code(text)
        envelope = find_envelope(self.tx, code, DROP_BOX)
        t = travelling(self.tx, envelope) if envelope else None
        name = (t.booking.waybill or code) if t is not None else code
        if name in self.seen:
            return Line(code, Found.REPEATED, envelope.number if envelope else None)
        self.seen.add(name)
        mine = t is not None and t.booking.partner == DROP_BOX and t.collecting and not t.over(self.at)
        return self._collected(t) if t is not None and mine else self._stray(code, envelope)

    def _collected(self, t: Travelling) -> Line:
        """Also one whose booking was given up meanwhile: the papers are where the envelope is."""
        code, case = t.booking.waybill or "", t.file.case.number
        self.tx.boxes.announce(t.booking.id, case, self.box.code, code)
        if not self.tx.boxes.emptied(t.booking.id, self.at, self.box.code):
            return Line(code, Found.REPEATED, case)
        self._keep(t, code, Scan.EMPTIED)
        return Line(code, Found.COLLECTED, case)

    def _stray(self, code: str, envelope: Envelope | None) -> Line:
        why = Found.UNKNOWN if envelope is None else Found.UNANNOUNCED
        number = None if envelope is None else envelope.number
        stray = self.tx.boxes.add_stray(self.box.code, code, number, why=why, at=self.at, by=self.me.actor.id)
        if number is not None:
            self.tx.record(number, self.me.actor, "envelope_unannounced", {"box": self.box.code, "stray": stray})
        return Line(code, why, number, stray)

    def missing(self, drop: Drop) -> Line:
        tx = self.tx
        missed = tx.boxes.not_found(drop.booking_id)
        number, booking = tx.booking(drop.booking_id)
        t = travelling(tx, Envelope(number, booking))
        if t is not None:
            self._keep(t, drop.envelope.code, Scan.NOT_FOUND)
        file = tx.case_file(number, for_change=True)
        tx.apply(number, envelope_missing(file, self.box, missed, moment(tx, self.me)), actor=self.me.actor)
        return Line(drop.envelope.code, Found.MISSING, number)

    def _keep(self, t: Travelling, code: str, event: Scan) -> None:
        keep(self.tx, self.me, t, Said(f"{self.id}:{code}", event, self.at, self.box.place))


def make_round(tx: Transaction, me: Desk, box: Box, scanned: Iterable[str], at: datetime) -> Made:
    """`scanned`: as read off the envelopes, in any order, doubled or not."""
    round_ = Emptying(tx, me, box, at)
    lines = [round_.found(text) for text in scanned]
    waiting = {drop.envelope.code: drop for drop in tx.boxes.waiting(box.code)}
    gone = missing((drop.envelope for drop in waiting.values()), round_.seen, at)
    lines += [round_.missing(waiting[code]) for code in sorted(e.code for e in gone)]
    made = Round(round_.id, box.code, due_of(box, at), at, me.actor.id, len(round_.seen), len(gone))
    tx.boxes.add_round(made)
    detail = {"round": made.id, "scanned": made.scanned, "missing": made.missing}
    tx.record(f"box:{box.code}", me.actor, "round_made", detail)
    return Made(made, tuple(lines))
