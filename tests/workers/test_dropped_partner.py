"""A partner that the program was not written for carries a case: ordered over HTTP, followed by its own pushes."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cases.effects import JobKind
from cases.lifecycle import BookingState, LegState
from cases.model import Direction
from courier.kinds import kinds
from courier.port import Push
from courier.reading import beijing
from courier.registry import partners
from courier.settings import from_mapping
from tests.courier.dropped.acme_courier import signed
from tests.courier.host import Host
from tests.courier.test_kinds import ACME, ENTRY, distribution
from tests.workers.room import Room
from workers.actors.registry import HANDLERS
from workers.jobs import Ended, perform


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    """Acme's own, and its module where packages are installed."""
    shutil.copy(ACME, tmp_path)
    distribution(tmp_path, "acme = acme_courier:PARTNERS")
    monkeypatch.syspath_prepend(str(tmp_path))
    kinds.cache_clear()
    made = Host()
    yield made
    made.close()
    kinds.cache_clear()


def test_a_case_is_collected_by_it(room: Room, host: Host) -> None:
    carriers = partners(from_mapping(ENTRY | {"ZEROTRIP_ACME_BASE_URL": host.url}))
    context = replace(room.context, partners=carriers)
    room.world.to_passed()
    room.world.book(Direction.COLLECTION, partner="acme")
    host.answers(b'{"waybill": "AC1"}')
    assert perform(context, HANDLERS[JobKind.COURIER_BOOK], room.job(JobKind.COURIER_BOOK).id) is Ended.DONE
    booking = room.seen().file.bookings[0]
    assert (booking.state, booking.waybill) == (BookingState.BOOKED, "AC1")
    assert json.loads(host.forms[0])["id"] == booking.order_id

    for code in ("FETCHED", "NEVER_HEARD_OF"):
        raw = json.dumps({"waybill": "AC1", "code": code, "at": beijing(datetime.now(UTC))}).encode()
        push = carriers["acme"].verify_push(raw, {"X-Acme-Signature": signed(raw, "a-key")}, "application/json")
        assert isinstance(push, Push)
        with room.database.transaction() as tx:
            assert tx.inbox.keep("acme", push.delivery_id, push.body, {}, True)
        assert perform(context, HANDLERS[JobKind.INBOX_HANDLE], room.job(JobKind.INBOX_HANDLE).id) is Ended.DONE
    assert room.seen().file.legs[0].state is LegState.PICKED_UP
