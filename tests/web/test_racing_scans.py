"""Scans and rounds that come at the same time are one each, on both databases."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from cases.lifecycle import LegState
from storage.blobs import blobs_from
from storage.session import Database
from storage.words import InboxState
from tests.web.in_house import Town, make_town, scan
from tests.web.world import unique


@pytest.fixture
def town(database: Database) -> Town:
    return make_town(database, blobs_from(database.settings))


def test_one_scan_sent_by_many_at_once_is_recorded_once(town: Town) -> None:
    me = town.resident()
    no = town.passed(me)
    booking = town.booked(me, no, "grid")
    worker = town.grid_worker("cg")
    one = scan(booking.waybill or "", "picked_up", town.now())
    with ThreadPoolExecutor(6) as pool:
        told = list(pool.map(lambda _: worker.post("/grid/api/scans", scans=[one])["results"][0], range(6)))
    assert sorted(r["outcome"] for r in told) == ["accepted", *["repeated"] * 5]
    with town.database.reading() as tx:
        assert tx.inbox.counts()[InboxState.NEW] == 1


def test_two_rounds_of_two_boxes_with_the_same_envelope_collect_it_once(town: Town) -> None:
    me = town.resident()
    no = town.passed(me)
    booking = town.booked(me, no, "drop_box")
    for box in ("hz-01", "hz-02"):
        town.box(box)

    def empty(box: str) -> str:
        body = {"transaction_id": unique(), "scanned": [booking.waybill]}
        made = town.desk().post(f"/desk/api/boxes/{box}/rounds", **body)
        return str(made["envelopes"][0]["found"])

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(empty, ("hz-01", "hz-02")))
    assert sorted(told) == ["collected", "repeated"]
    town.works()
    assert town.leg(no).state is LegState.IN_TRANSIT
