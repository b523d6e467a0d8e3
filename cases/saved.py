"""Trips spared 少跑: how often the applicant would have gone to a counter, less how often they went all the same.

An estimate that says too little rather than too much: handing in, once more for each correction, and fetching a result
on paper. Asking what to bring counts for nothing. An item may say it better (`visits:` in its file): how many trips it
takes without us, and how long one of them takes, there and back and waiting.
"""

from dataclasses import dataclass

from cases.couriers import COUNTER
from cases.items import Item
from cases.lifecycle import BookingState, CaseState
from cases.model import CaseFile, Holder

AT_A_COUNTER = frozenset({Holder.RESIDENT, Holder.OFFICE})


@dataclass(frozen=True)
class Saved:
    """`hours`: by the item's own figure for one trip."""

    trips: int = 0
    hours: float = 0.0

    def __add__(self, other: "Saved") -> "Saved":
        return Saved(self.trips + other.trips, round(self.hours + other.hours, 1))


def without_us(item: Item, rounds: int) -> int:
    """Trips of one case at the counter. `rounds`: how often something was to be mended."""
    usual = 2 if item.result.form == "paper" else 1
    return (item.visits.without_us or usual) + rounds


def saved(item: Item, rounds: int, went: int, cases: int = 1) -> Saved:
    """Of so many cases with as many corrections each; `went`: trips made all the same, by all of them together."""
    trips = max(0, without_us(item, rounds) * cases - went)
    return Saved(trips, round(trips * item.visits.hours_each, 1))


def saved_by(file: CaseFile) -> Saved | None:
    """None until the result has arrived."""
    if file.case.state is not CaseState.DELIVERED:
        return None
    return saved(file.item, file.case.round, trips_made(file))


def trips_made(file: CaseFile) -> int:
    """Papers brought to the counter or fetched there, with a booking or without."""
    booked = sum(b.partner == COUNTER and b.state is BookingState.DONE for b in file.bookings)
    by_hand = {h.at for h in file.hand_overs if {h.giver, h.taker} == AT_A_COUNTER}
    return booked + len(by_hand)
