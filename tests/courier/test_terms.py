"""An item's terms of carriage on the wire: each partner says in its own words who pays, what it is worth, and how the
receiver is known. And the words by which partners name a window of their own, and shut circuits are set up."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cases.circuit import CircuitRules
from courier.ems import mapper as ems
from courier.jdl import mapper as jdl
from courier.kdniao import mapper as kdniao
from courier.kdniao import pushes as kdniao_pushes
from courier.kuaidi100 import mapper as kuaidi100
from courier.port import Concerns, Order, Payer, RefusedByPartner, failure_of
from courier.registry import partners
from courier.settings import CourierSettings, SettingsWrong, from_mapping
from courier.sf import mapper as sf
from courier.sf import pushes as sf_pushes
from courier.vocabulary import EventKind
from tests.courier.builders import order
from tests.courier.test_settings import GOOD, variables

NOW = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)


def settings(name: str) -> Any:
    return from_mapping(GOOD if name == "ems" else variables(name)).partners[name]


def told(name: str, **terms: Any) -> dict[str, Any]:
    """What the partner is sent for an order with these terms."""
    one: Order = order(**terms)
    made = {
        "ems": lambda s: ems.create(one, s, NOW),
        "sf": lambda s: sf.create(one, s),
        "kuaidi100": lambda s: kuaidi100.create(one, s, NOW),
        "kdniao": lambda s: kdniao.create(one, s),
        "jdl": lambda s: jdl.create(one, s),
    }[name](settings(name))
    sent = json.loads(made)
    whole: dict[str, Any] = sent[0] if isinstance(sent, list) else sent
    return whole


@pytest.mark.parametrize(
    ("name", "field", "sender", "receiver", "account"),
    [
        ("ems", "paymentMode", "1", "2", "3"),
        ("sf", "payMethod", 1, 2, 1),
        ("kdniao", "PayType", 1, 2, 3),
        ("jdl", "settleType", 1, 2, 3),
    ],
)
def test_who_pays_is_said_in_the_partners_own_word(
    name: str, field: str, sender: Any, receiver: Any, account: Any
) -> None:
    said = [told(name, payer=p).get(field) for p in (Payer.SENDER, Payer.RECEIVER, Payer.ACCOUNT)]
    assert said == [sender, receiver, account]


def test_a_partner_that_lets_no_receiver_pay_refuses_before_it_is_asked() -> None:
    assert told("kuaidi100", payer=Payer.SENDER)["payment"] == "SHIPPER"
    said = kuaidi100.impossible(order(payer=Payer.RECEIVER), NOW)
    assert said is not None
    assert (said.code, said.concerns) == ("payer", Concerns.ATTEMPT), "another partner may"


def test_what_the_papers_are_worth_is_said_where_there_is_a_word_for_it() -> None:
    worth = {"declared_value_fen": 123450}
    assert (told("ems", **worth)["insuranceFlag"], told("ems", **worth)["insuranceAmount"]) == ("2", "1234.50")
    assert told("sf", **worth)["serviceList"] == [{"name": "INSURE", "value": "1234.50"}]
    assert told("kuaidi100", **worth)["valinsPay"] == "1234.50"
    assert told("kdniao", **worth)["InsureAmount"] == 1234.5
    assert told("jdl", **worth) == told("jdl"), "JD has no public word for it, and is not offered"


def test_ems_is_told_the_code_and_sf_the_end_of_the_number() -> None:
    assert told("ems", safety_code="042917")["receiverSafetyCode"] == "042917"
    checked = told("sf", receiver_id_tail="03070019", addressee_only=True)
    assert (checked["specialDeliveryTypeCode"], checked["specialDeliveryValue"]) == ("1", "1:03070019")
    assert "specialDeliveryTypeCode" not in told("sf")
    assert "receiverSafetyCode" not in told("ems")


def test_neither_stands_in_what_is_printed_of_an_order() -> None:
    shown = repr(order(safety_code="042917", receiver_id_tail="03070019"))
    assert "042917" not in shown
    assert "03070019" not in shown


def test_sf_says_which_refusals_no_other_partner_can_mend() -> None:
    def refusal(code: str) -> object:
        return sf.read_create(sf.Reply("A1000", False, code, "不行", None), "ZT1-1")

    assert refusal("1010") == RefusedByPartner("1010", "不行", Concerns.ORDER)
    assert refusal("20035") == RefusedByPartner("20035", "不行", Concerns.ORDER)
    assert refusal("8096") == RefusedByPartner("8096", "不行")


@pytest.mark.parametrize("code", ["8114", "8119", "6126"])
def test_what_sf_minds_about_our_account_is_a_failure_that_everybody_would_meet(code: str) -> None:
    said = sf.read_create(sf.Reply("A1000", False, code, "传入了不可发货的月结卡号", None), "ZT1-1")
    assert failure_of(said) == f"account_{code}"


@pytest.mark.parametrize("code", ["A1001", "A1003", "A1004", "A1006", "A1008", "A1011"])
def test_sfs_gateway_refuses_everybody(code: str) -> None:
    assert failure_of(sf.read_create(sf.Reply(code, False, code, "", None), "ZT1-1")) == f"account_{code}"


@pytest.mark.parametrize("code", ["8096", "8177", "8057", "8256"])
def test_what_sf_minds_about_one_attempt_is_an_answer_and_the_next_partner_may(code: str) -> None:
    said = sf.read_create(sf.Reply("A1000", False, code, "不行", None), "ZT1-1")
    assert said == RefusedByPartner(code, "不行", Concerns.ATTEMPT)
    assert failure_of(said) is None


@pytest.mark.parametrize(
    ("remark", "concerns"),
    [("1", Concerns.ADDRESS), ("2", Concerns.ADDRESS), ("3", Concerns.ATTEMPT), ("", Concerns.ATTEMPT)],
)
def test_sf_that_does_not_come_there_speaks_of_that_address_alone(remark: str, concerns: Concerns) -> None:
    body = {"orderId": "ZT1-1", "filterResult": "3", "remark": remark}
    said = sf.read_create(sf.Reply("A1000", True, "S0000", "", body), "ZT1-1")
    assert isinstance(said, RefusedByPartner)
    assert (said.code, said.concerns) == ("filter_3", concerns)


# ── windows that partners name ──


def sf_state(code: str, **more: str) -> Any:
    item = {"orderNo": "ZT1-1", "orderStateCode": code, "createTm": "2026-01-05 14:03:00"}
    return sf_pushes.order_state(item | more, None)


TIMES = {"bookTime": "2026-01-05 16:00:00", "lastTime": "2026-01-05 18:00:00"}
WINDOW = (datetime(2026, 1, 5, 8, 0, tzinfo=UTC), datetime(2026, 1, 5, 10, 0, tzinfo=UTC))


@pytest.mark.parametrize("code", ["04-40001", "04-40005"])
def test_sf_names_its_window_with_the_courier_and_with_a_change(code: str) -> None:
    said = sf_state(code, **TIMES)
    assert (said.window_start, said.window_end) == WINDOW


@pytest.mark.parametrize(
    "times",
    [{}, {"lastTime": TIMES["lastTime"]}, {**TIMES, "bookTime": "soon"}, {**TIMES, "lastTime": TIMES["bookTime"]}],
)
def test_half_a_window_is_none(times: dict[str, str]) -> None:
    said = sf_state("04-40005", **times)
    assert (said.kind, said.window_start, said.window_end) == (EventKind.PICKUP_RESCHEDULED, None, None)


def test_a_window_of_any_other_state_is_not_the_couriers() -> None:
    assert sf_state("04-40037", **TIMES).window_start is None


def test_kdniao_names_its_window_with_a_change_where_it_does() -> None:
    item = {"OrderCode": "ZT1-1", "State": "110", "CreateTime": "2026-01-05 14:03:00"}
    plain = kdniao_pushes.order_state(item, "")
    assert (plain.kind, plain.window_start) == (EventKind.PICKUP_RESCHEDULED, None)
    named = kdniao_pushes.order_state(
        item | {"StartDate": TIMES["bookTime"], "EndDate": TIMES["lastTime"]}, ""
    )  # fmt: skip
    assert (named.window_start, named.window_end) == WINDOW


# ── settings ──


def test_a_circuit_is_set_up_for_all_partners() -> None:
    assert from_mapping(GOOD).circuit == CircuitRules()
    made = from_mapping(GOOD | {"ZEROTRIP_CIRCUIT_FAILURES": "3", "ZEROTRIP_CIRCUIT_PAUSE_S": "20"}).circuit
    assert (made.failures, made.pause) == (3, timedelta(seconds=20))


@pytest.mark.parametrize(
    ("variable", "value"),
    [("FAILURES", "0"), ("FAILURES", "-1"), ("FAILURES", "many"), ("FAILURES", "１"), ("PAUSE_S", "0"),
     ("PAUSE_S", "nan"), ("PAUSE_S", "inf"), ("PAUSE_S", "1e9"), ("PAUSE_S", "soon")],
)  # fmt: skip
def test_a_circuit_that_cannot_be_is_named(variable: str, value: str) -> None:
    with pytest.raises(SettingsWrong, match=f"^ZEROTRIP_CIRCUIT_{variable}: "):
        from_mapping(GOOD | {f"ZEROTRIP_CIRCUIT_{variable}": value})


def test_whoever_has_a_person_waiting_calls_with_shorter_time_outs_and_nothing_else_changed() -> None:
    slow: CourierSettings = from_mapping(GOOD | variables("sf") | {"ZEROTRIP_COURIERS": "ems,sf"})
    quick = slow.hurried(1.5)
    for name in ("ems", "sf"):
        made = quick.partners[name]
        assert made.connect_timeout_s + made.read_timeout_s == pytest.approx(1.5)
        assert type(made) is type(slow.partners[name])
    assert partners(quick).keys() == {"ems", "sf"}
    assert slow.hurried(3600).partners == slow.partners
