"""What is unusual is remarked on, and changes no verdict."""

import pytest

from preaudit import validators
from preaudit.judge import Verdict
from preaudit.places_of_codes import PROVINCES, province_in, province_of_sign
from preaudit.remarks import Remark
from tests.preaudit import applications_of_families as families
from tests.preaudit import applications_of_trades as trades
from tests.preaudit.applications import Application
from tests.preaudit.builders import seen

NO_COUNTY = "11000019900307001X"


MOVED = "公民身份号码的首次登记地与住址不在同一省份，跨省迁移的属于正常"
"""Half of the people in these applications moved here: left out but where it is asked for."""


def told(made: Application, *, moved: bool = False) -> list[tuple[str, str, str]]:
    judgement = made.judged()
    assert (judgement.findings, judgement.verdict) == ((), Verdict.PASSED)
    return [(r.material, r.field, r.message) for r in judgement.remarks if (r.message == MOVED) is moved]


@pytest.mark.parametrize(
    "made", [families.CARD, trades.SALE, trades.FREIGHT, families.RESIDENT_CHENGDU], ids=lambda m: m.code
)
def test_of_usual_papers_nothing_is_remarked(made: Application) -> None:
    assert told(made) == []


def test_of_somebody_who_moved_here_it_is_remarked_whether_or_not_the_address_names_the_province() -> None:
    here = trades.SALE.reading_as("seller_id_front", address="海珠区滨江路1号")
    assert ("seller_id_front", "id_number", MOVED) in told(here, moved=True)
    nowhere = trades.SALE.reading_as("seller_id_front", address="滨江路1号")
    assert "seller_id_front" not in {material for material, _, _ in told(nowhere, moved=True)}


def test_a_county_that_never_was_is_remarked_on_and_passes() -> None:
    assert validators.id_number_valid(NO_COUNTY)
    assert validators.id_number_warning(NO_COUNTY)
    lorry = trades.SALE.typing(agent_id_number=NO_COUNTY)
    made = lorry.reading_as("agent_id_front", id_number=NO_COUNTY, birth_date="1990-03-07")
    made = made.reading_as("agent_id_back", valid_from="2020-06-01", valid_to="2040-06-01")
    assert [(m, f) for m, f, _ in told(made)] == [("agent_id_front", "id_number")]


def test_a_bureau_of_another_place_than_the_address_is_remarked_on() -> None:
    elsewhere = families.CARD.reading_as("id_back", authority="成都市公安局武侯区分局")
    assert told(elsewhere) == [("id_back", "authority", "签发机关所在地与住址不在同一地方")]


def test_a_unit_of_another_province_or_of_no_known_form_is_remarked_on() -> None:
    sale = trades.SALE
    other = sale.reading_as("property_certificate", unit_number="510107001001GB00001F00010501")
    assert told(other) == [("property_certificate", "unit_number", "不动产单元号中的行政区划与坐落不在同一省份")]
    odd = sale.reading_as("property_certificate", unit_number=seen("440105001001"))
    assert told(odd) == [("property_certificate", "unit_number", "不动产单元号的格式不常见")]


def test_a_remark_names_no_number_and_no_address() -> None:
    judgement = families.CARD.reading_as("id_back", authority="成都市公安局武侯区分局").judged()
    (remark,) = (remark for remark in judgement.remarks if remark.message != MOVED)
    assert remark == Remark("id_back", 1, "authority", "签发机关所在地与住址不在同一地方")


def test_provinces_are_known_by_code_name_and_sign() -> None:
    assert len(PROVINCES) == 31
    assert len({p.sign for p in PROVINCES.values()}) == len({p.name for p in PROVINCES.values()}) == 31
    assert (province_in("广东省广州市"), province_in("海珠区滨江路"), province_of_sign("粤")) == ("44", None, "44")
