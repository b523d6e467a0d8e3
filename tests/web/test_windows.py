"""Which windows a resident is offered, at which address, and what is said where nobody knows."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from cases.circuit import CircuitState
from courier.ems.partner import EmsPartner
from courier.fake import FakePartner
from courier.port import Address, Covered, NotCovered, Payer, Unknown
from courier.settings import from_mapping
from storage import partner_health
from storage.tables import coverage
from storage.tables import partner_health as table
from tests.courier.host import Host
from tests.web.test_courier import _ready
from tests.web.world import ADDRESS, CARRIERS, Caller, World, client_of
from web.settings import WebSettings

FAR = {**ADDRESS, "detail": "超区路9号"}


class Slow(FakePartner):
    """Cannot say whether it comes."""

    def covers(self, address: Address) -> Covered | NotCovered | Unknown:
        self.asked.append(("covers", self.name))
        return Unknown("timeout")


def with_partners(world: World, *partners: Any) -> World:
    """The same world with these partners."""
    world.doors = replace(world.doors, partners={p.name: p for p in partners})
    world.client = client_of(world.doors)
    return world


def fake(name: str, kind: type[FakePartner] = FakePartner, **can: Any) -> FakePartner:
    made = kind(lambda: datetime.now(UTC), name)
    made.capabilities = replace(made.capabilities, **can)
    return made


def windows(me: Caller, no: str, leg: str = "collection") -> Any:
    return me.get(f"/api/v1/cases/{no}/windows?leg={leg}")


def names(told: Any) -> set[str]:
    return {w["partner"] for w in told["windows"]}


def left_out(told: Any) -> dict[str, str]:
    return {x["partner"]: x["reason"] for x in told["left_out"]}


def test_windows_are_those_of_the_address_asked_about(world: World) -> None:
    me, no = _ready(world)
    assert names(windows(me, no)) == {"ems"}
    far = me.post(f"/api/v1/cases/{no}/windows", leg="collection", address=FAR)
    assert (far["windows"], left_out(far)) == ([], {"ems": "not_covered"})
    assert far["left_out"][0]["message"] == "超出揽收范围"
    window = windows(me, no)["windows"][0]
    assert (window["covered"], window["note"]) == (True, None)
    me.post(f"/api/v1/cases/{no}/bookings", 409, leg="collection", window=window["id"], address=FAR)


def test_what_was_asked_once_is_remembered_for_everybody(world: World) -> None:
    slow = fake("ems", Slow)
    with_partners(world, slow)
    me, no = _ready(world)
    for _ in range(3):
        told = windows(me, no)
    assert len(slow.asked) == 1
    assert [(w["covered"], "未能核实" in w["note"]) for w in told["windows"][:1]] == [(False, True)]
    with world.database.reading() as tx:
        assert tx.execute(select(func.count()).select_from(coverage)).scalar_one() == 1


def test_partners_come_in_the_regions_order_and_those_it_does_not_name_do_not_come(plain_world: World) -> None:
    with_partners(plain_world, fake("ems"), fake("sf"), fake("jdl"))
    me, no = _ready(plain_world)
    assert windows(me, no)["windows"][0]["partner"] == "ems"
    with plain_world.database.transaction() as tx:
        partner_health.put_preference(tx, "440105", ("sf", "ems"))
    told = windows(me, no)
    assert told["windows"][0]["partner"] == "sf"
    assert names(told) == {"sf", "ems"}


def test_while_a_partner_is_left_alone_it_has_no_windows_and_after_the_pause_it_is_asked_by_one(world: World) -> None:
    slow = fake("ems", Slow)
    with_partners(world, slow, fake("sf"))
    me, no = _ready(world)
    rules = world.doors.couriers.circuit
    for _ in range(rules.failures):
        with world.database.transaction() as tx:
            partner_health.record(tx, "ems", rules, "timeout")
    told = windows(me, no)
    assert (names(told), left_out(told), slow.asked) == ({"sf"}, {"ems": "down"}, [])
    with world.database.transaction() as tx:
        tx.execute(update(table).values(retry_at=tx.now() - timedelta(seconds=1)))
    windows(me, no)
    assert len(slow.asked) == 1
    assert names(windows(me, no)) == {"sf"}, "the one who tried it was not answered"


def test_who_cannot_do_what_the_item_asks_is_named_and_not_offered(plain_world: World) -> None:
    plain_world.publish(version=2, courier={"payer": {"collection": "resident"}, "declared_value_fen": 100})
    no_payer = fake("sf", payers=frozenset({Payer.ACCOUNT}))
    with_partners(plain_world, fake("ems"), no_payer, fake("jdl", declared_value=False))
    me, no = _ready(plain_world)
    told = windows(me, no)
    assert (names(told), left_out(told)) == ({"ems"}, {"sf": "payer", "jdl": "value"})
    assert told["windows"][0]["payer_label"] == "由申请人支付快递费"


def test_a_booking_shows_its_terms_and_the_window_the_partner_named_beside_the_one_asked_for(world: World) -> None:
    me, no = _ready(world)
    window = windows(me, no)["windows"][0]
    me.post(f"/api/v1/cases/{no}/bookings", 201, leg="collection", window=window["id"])
    shown = me.get(f"/api/v1/cases/{no}")["legs"][0]["booking"]
    assert (shown["window"]["label"], shown["cancel_by"]) == (window["label"], window["cancel_by"])
    assert (shown["confirmed_window"], shown["payer"], shown["safety_code"]) == (None, "office", None)


# ── the partner's own check, over HTTP ──


@pytest.fixture
def host() -> Iterator[Host]:
    made = Host()
    yield made
    made.close()


def ems_at(host: Host, seconds: float) -> EmsPartner:
    named = {**CARRIERS, "ZEROTRIP_EMS_BASE_URL": host.url}
    settings = from_mapping(named).hurried(seconds).partners["ems"]
    return EmsPartner(settings)  # type: ignore[arg-type]


def test_a_partner_that_does_not_answer_keeps_the_resident_no_longer_than_was_set(
    plain_world: World, host: Host
) -> None:
    host.answering = lambda handler: host.closing.wait(30) and None
    with_partners(plain_world, ems_at(host, 0.6), fake("sf"))
    me, no = _ready(plain_world)
    began = datetime.now(UTC)
    told = windows(me, no)
    host.closing.set()
    assert datetime.now(UTC) - began < timedelta(seconds=5), "far less than the partner's own time-out"
    assert {(w["partner"], w["covered"]) for w in told["windows"]} == {("ems", False), ("sf", True)}
    with plain_world.database.reading() as tx:
        assert partner_health.circuits(tx)["ems"].failures == 1
        assert partner_health.circuits(tx)["ems"].state(tx.now()) is CircuitState.CLOSED


def test_no_call_is_made_while_a_transaction_is_open(plain_world: World) -> None:
    """SQLite has one writer: a partner that writes while it is asked would wait for whoever asks."""
    database = plain_world.database

    class Writes(FakePartner):
        def covers(self, address: Address) -> Covered | NotCovered | Unknown:
            with database.transaction() as tx:
                partner_health.put_preference(tx, "999999", ())
            return Covered()

    with_partners(plain_world, fake("ems", Writes))
    me, no = _ready(plain_world)
    window = windows(me, no)["windows"][0]["id"]
    there = {**ADDRESS, "detail": "另一条路2号"}
    me.post(f"/api/v1/cases/{no}/bookings", 201, leg="collection", window=window, address=there)


def test_the_shortest_wait_that_can_be_set_is_more_than_none() -> None:
    with pytest.raises(Exception, match="WEB_COVERAGE_TIMEOUT_S"):
        WebSettings.from_mapping({"WEB_PUBLIC_URL": "https://z.example", "WEB_COVERAGE_TIMEOUT_S": "0"})
