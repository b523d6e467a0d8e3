"""A code that nobody knows is kept and counted by partner; the label does not grow without end."""

from storage.tracking import StoredEvent
from tests.web.world import World
from web.ledger import UNKNOWN_CODES_MAX


def _told(world: World, partner: str, code: str, times: int) -> None:
    with world.database.transaction() as tx:
        at = tx.now()
        events = [
            StoredEvent(f"{partner}:{code}:{n}", partner, "W1", None, at, {"kind": "unknown"}, code)
            for n in range(times)
        ]
        tx.add_courier_events(None, events)


def test_codes_are_counted_by_partner(world: World) -> None:
    _told(world, "ems", "999", 2)
    _told(world, "sf", "999", 1)
    page = world.client.get("/metrics").text
    assert 'courier_unknown_codes_total{code="999",partner="ems"} 2.0' in page
    assert 'courier_unknown_codes_total{code="999",partner="sf"} 1.0' in page


def test_many_codes_share_one_label(plain_world: World) -> None:
    for n in range(UNKNOWN_CODES_MAX + 5):
        _told(plain_world, "ems", f"C{n:03d}", 2 if n < UNKNOWN_CODES_MAX else 1)
    lines = [x for x in plain_world.client.get("/metrics").text.splitlines() if x.startswith("courier_unknown_codes")]
    assert len(lines) == UNKNOWN_CODES_MAX + 1
    assert 'courier_unknown_codes_total{code="(other)",partner="ems"} 5.0' in lines
