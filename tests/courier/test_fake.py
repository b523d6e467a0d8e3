"""The partner in memory keeps the port's promises."""

from datetime import UTC, datetime, timedelta

import pytest

from courier.fake import FakePartner
from courier.port import (
    Booked,
    Cancelled,
    NotFound,
    Partner,
    PartnerUnavailable,
    Push,
    PushRejected,
    PushUnreadable,
    RefusedByPartner,
    TooLate,
    Unknown,
)
from courier.vocabulary import EventKind
from tests.courier.builders import order

NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


@pytest.fixture
def fake() -> FakePartner:
    return FakePartner(lambda: NOW)


def test_it_is_a_partner(fake: FakePartner) -> None:
    partner: Partner = fake
    assert partner.capabilities.find_by_order_id


def test_waybills_count_up(fake: FakePartner) -> None:
    assert fake.book(order("A")) == Booked("FAKE000000001")
    assert fake.book(order("B")) == Booked("FAKE000000002")
    assert fake.asked == [("book", "A"), ("book", "B")]


def test_an_order_whose_answer_was_lost_is_found(fake: FakePartner) -> None:
    fake.next_book(Unknown("timeout"), taken=True)
    fake.next_book(Unknown("timeout"), taken=False)
    assert isinstance(fake.book(order("A")), Unknown)
    assert isinstance(fake.book(order("B")), Unknown)
    assert fake.find("A") == Booked("FAKE000000001")
    assert fake.find("B") == NotFound()


def test_a_reused_order_id_is_not_ordered_again(fake: FakePartner) -> None:
    fake.book(order("A"))
    assert fake.book(order("A")) == Unknown("duplicate")


def test_queued_answers_come_once(fake: FakePartner) -> None:
    fake.next_book(RefusedByPartner("1", "no"))
    fake.next_find(Unknown("timeout"))
    fake.next_cancel(Unknown("timeout"))
    assert isinstance(fake.book(order("A")), RefusedByPartner)
    assert isinstance(fake.find("A"), Unknown)
    assert fake.find("A") == NotFound()
    assert isinstance(fake.cancel("A", "", ""), Unknown)


def test_cancelling_works_until_the_parcel_is_collected(fake: FakePartner) -> None:
    fake.book(order("A"))
    fake.book(order("B"))
    fake.happen("B", EventKind.PICKED_UP)
    assert fake.cancel("A", "FAKE000000001", "x") == Cancelled()
    assert fake.find("A") == Booked("FAKE000000001", cancelled=True)
    assert isinstance(fake.cancel("B", "FAKE000000002", "x"), TooLate)
    assert isinstance(fake.cancel("B", "FAKE000000009", "x"), Unknown)


def test_its_pushes_verify_and_say_what_trace_says(fake: FakePartner) -> None:
    fake.book(order("A"))
    sent = fake.happen("A", EventKind.PICKED_UP)
    push = fake.verify_push(sent.raw, sent.headers, sent.content_type)
    assert isinstance(push, Push)
    assert fake.parse_push(push) == fake.trace("FAKE000000001")
    assert fake.answer_push(push, kept=True).status == 204
    assert fake.answer_push(push, kept=False).status == 503


def test_forged_and_old_pushes_are_rejected(fake: FakePartner) -> None:
    fake.book(order("A"))
    sent = fake.happen("A", EventKind.PICKED_UP)
    forged = fake.verify_push(sent.raw + b" ", sent.headers, sent.content_type)
    later = FakePartner(lambda: NOW + timedelta(minutes=6)).verify_push(sent.raw, sent.headers, sent.content_type)
    assert isinstance(forged, PushRejected)
    assert isinstance(later, PushRejected)
    assert fake.answer_push(forged, kept=True).status == 401


def test_a_genuine_push_without_sense_is_unreadable(fake: FakePartner) -> None:
    sent = fake.sign(b"[]")
    push = fake.verify_push(sent.raw, sent.headers, sent.content_type)
    assert isinstance(push, Push)
    with pytest.raises(PushUnreadable):
        fake.parse_push(push)


def test_an_unknown_waybill_cannot_be_traced(fake: FakePartner) -> None:
    with pytest.raises(PartnerUnavailable):
        fake.trace("FAKE9")
