"""The one vocabulary of our own carriers: what is scanned, and what it means for the leg.

Each carrier has its own words; a word of another, or one that is not here, moves nothing and is kept. What is scanned
for an envelope that came to the office is `DELIVERED` there: that its papers are all in it is only proved by the count.
"""

from collections.abc import Mapping
from enum import StrEnum

from courier.vocabulary import EventKind

K = EventKind


class Scan(StrEnum):
    PICKED_UP = "picked_up"
    DELIVERED = "delivered"
    PICKUP_FAILED = "pickup_failed"
    DELIVERY_FAILED = "delivery_failed"
    DROPPED = "dropped"
    """Put into the box, as the resident or the box says."""
    EMPTIED = "emptied"
    """Found in the box by a round."""
    NOT_FOUND = "not_found"
    """A round did not find what was said to be in the box: `DROPPED` is taken back."""
    ARRIVED = "arrived"
    """Sorted at the office."""
    BROUGHT = "brought"
    """To the counter, by the resident."""
    HANDED_OUT = "handed_out"
    """Over the counter, to the resident."""


GRID: Mapping[Scan, EventKind] = {
    Scan.PICKED_UP: K.PICKED_UP,
    Scan.DELIVERED: K.DELIVERED,
    Scan.PICKUP_FAILED: K.PICKUP_FAILED,
    Scan.DELIVERY_FAILED: K.EXCEPTION,
    Scan.ARRIVED: K.DELIVERED,
}
DROP_BOX: Mapping[Scan, EventKind] = {
    Scan.DROPPED: K.PICKED_UP,
    Scan.EMPTIED: K.IN_TRANSIT,
    Scan.NOT_FOUND: K.REVERSAL,
    Scan.ARRIVED: K.DELIVERED,
}
COUNTER: Mapping[Scan, EventKind] = {
    Scan.BROUGHT: K.DELIVERED,
    Scan.ARRIVED: K.DELIVERED,
    Scan.HANDED_OUT: K.DELIVERED,
}
WORDS: Mapping[str, Mapping[Scan, EventKind]] = {"grid": GRID, "drop_box": DROP_BOX, "counter": COUNTER}
"""By carrier."""
PREFIXES: Mapping[str, str] = {"grid": "G", "drop_box": "D", "counter": "C"}
"""The first letter of a carrier's numbers."""
REVERSES: Mapping[Scan, tuple[EventKind, Scan]] = {Scan.NOT_FOUND: (K.PICKED_UP, Scan.DROPPED)}
"""What a scan takes back: the kind, and of that kind only this word."""
