"""Addresses: in the district, and the same place in other words."""

import pytest

from preaudit.checks.places import one_place, plain_place
from preaudit.judge import Verdict
from tests.preaudit.applications_of_families import POOR
from tests.preaudit.applications_of_trades import RENTED_SHOP, SALE
from tests.preaudit.builders import reading, run, said, weak


@pytest.mark.parametrize(
    ("address", "plain"),
    [
        ("广东省广州市海珠区滨江路1号", "海珠区滨江路1号"),
        ("广州市海珠区滨江路1号", "海珠区滨江路1号"),
        ("广西壮族自治区南宁市青秀区民族大道1号", "青秀区民族大道1号"),
        ("海珠区城市花园1号", "海珠区城市花园1号"),
        ("北京市朝阳区建国路 １ 号", "朝阳区建国路1号"),
        ("四川省凉山彝族自治州西昌市航天大道1号", "西昌市航天大道1号"),
    ],
)
def test_province_and_city_are_left_off(address: str, plain: str) -> None:
    assert plain_place(address) == plain


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("广东省广州市海珠区滨江路1号501房", "海珠区滨江路1号", True),
        ("海珠区滨江路1号", "滨江路1号501房", True),
        ("滨江路1号501", "滨江路1号5011", False),
        ("滨江路1号", "滨江路11号", False),
        ("海珠区滨江路1号", "天河区滨江路1号", False),
        ("广州市海珠区滨江路1号（501房）", "广东省广州市海珠区滨江路1号501房", True),
        ("广州市海珠区滨江路1号", "广州市海珠区滨江路2号", False),
        ("海珠区", "广东省广州市海珠区滨江路1号", False),
        ("", "", False),
    ],
)
def test_two_addresses_are_one_place_when_one_goes_on_where_the_other_ends(one: str, other: str, same: bool) -> None:
    assert one_place(one, other) is same
    assert one_place(other, one) is same


HERE = {"located_in": {"places": ["海珠区"]}}


def test_an_address_in_the_district_is_certain_when_clearly_read_and_doubtful_elsewhere() -> None:
    page = reading("id_card_front", {"address": "广东省广州市海珠区某路1号"})
    assert run(HERE, page) == []
    assert run(HERE, reading("id_card_front", {"address": weak("广州市海珠区某路1号", 0.9)})) == []
    assert said(run(HERE, reading("id_card_front", {"address": weak("广州市海珠区某路1号", 0.4)}))) == [
        ("field_doubtful", "doubtful")
    ]
    assert said(run(HERE, reading("id_card_front", {"address": "广州市天河区某路1号"}))) == [("mismatch", "doubtful")]
    assert said(run(HERE, reading("id_card_front"))) == [("field_missing", "doubtful")]


def test_an_address_is_never_printed_in_a_finding() -> None:
    (finding,) = run(HERE, reading("id_card_front", {"address": "广州市天河区某路1号"}))
    assert "某路" not in finding.message + finding.advice


def test_premises_are_those_of_the_lessors_certificate_however_each_begins() -> None:
    short = RENTED_SHOP.reading_as("lessor_certificate", location="海珠区滨江路1号501房")
    assert short.judged().verdict is Verdict.PASSED
    other = RENTED_SHOP.reading_as("lessor_certificate", location="广州市海珠区新港路77号")
    assert [(str(f.code), f.material, f.field) for f in other.judged().findings] == [
        ("mismatch", "application_form", "premises")
    ]


def test_a_place_that_was_not_read_cannot_be_told_and_two_papers_confirm_each_other() -> None:
    unread = RENTED_SHOP.reading_as("lessor_certificate", location="")
    assert said(unread.judged().findings) == [("field_missing", "doubtful")]
    weakly = SALE.reading_as("property_certificate", location=weak("广州市海珠区滨江路1号501房", 0.4))
    assert weakly.judged().verdict is Verdict.PASSED


def test_a_register_of_another_district_goes_to_a_person() -> None:
    made = POOR.reading_as("household_register", address="广东省广州市越秀区中山路9号")
    assert said(made.judged().findings) == [("mismatch", "doubtful")]
