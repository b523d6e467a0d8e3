"""The region an address begins with: known by the table of places, mended where only one place can be meant."""

import pytest

from cases.readings import Confirmed, Field, Line
from preaudit.addresses import Region, mended, region_in
from preaudit.checks.places import one_place
from preaudit.fields import cross_confirmed, read_fields
from preaudit.images.geometry import rectangle
from preaudit.places_of_codes import PROVINCES, places, was_ever


def test_the_table_holds_every_province_city_and_county_under_its_province() -> None:
    now = [several[0] for several in places().values() if several[0].until is None]
    assert {p.province for p in now} == {*PROVINCES, "71", "81", "82"}
    assert sum(p.is_county for p in now) > 2800
    for place in now:
        if place.code.endswith("0000") and place.province in PROVINCES:
            assert place.name.startswith(PROVINCES[place.province].name)
    assert [p.name for p in places()["440105"]] == ["海珠区"]
    assert (was_ever("440102"), was_ever("440199")) == (True, False)


@pytest.mark.parametrize(
    ("address", "region"),
    [
        ("广东省广州市海珠区滨江路1号", Region("440105", 9, 6)),
        ("广州市海珠区滨江路1号", Region("440105", 6, 3)),
        ("海珠区滨江路1号", Region("440105", 3, 0)),
        ("湖南省宁乡市花明北路1号", Region("430182", 6, 3)),  # a county's city between them is left out
        ("新疆莎车县米夏路1号", Region("653125", 5, 2)),
        ("北京朝阳区建国路1号", Region("110105", 5, 2)),
        ("广东省东莞市长安镇", Region("441900", 6, 6)),
        ("广州市东山区中山路1号", Region("440102", 6, 3, former=True)),
        ("朝阳区建国路1号", Region("", 3, 0)),  # there are several
    ],
)
def test_a_region_is_known_with_and_without_its_upper_levels(address: str, region: Region) -> None:
    assert region_in(address) == region


def test_a_street_is_no_region() -> None:
    assert region_in("滨江路1号") is None


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("广州市海殊区滨江路1号", "广州市海珠区滨江路1号"),
        ("广东省广卅市海珠区滨江路", "广东省广州市海珠区滨江路"),
        ("广州市自云区机场路", "广州市白云区机场路"),
        ("江西省干都县贡江镇", "江西省于都县贡江镇"),  # 宁都县 differs by as much, and looks otherwise
        ("安徽省风阳县府城镇", "安徽省凤阳县府城镇"),
    ],
)
def test_one_misread_character_is_put_right_where_one_place_can_be_meant(read: str, meant: str) -> None:
    assert mended(read) == meant


@pytest.mark.parametrize(
    "address",
    [
        "广州市海珠路1号",  # a street
        "南充市高新区1号",  # not 高坪区: a district that its city made
        "湖南省武汉市洪山区",  # wrong, and as somebody wrote it
        "北京市南城区",  # 东城区 or 西城区
        "广州市天河区滨江路",
        "滨江殊路1号",
    ],
)
def test_what_may_be_meant_stays(address: str) -> None:
    assert mended(address) == address


NUMBER = "440105199003079973"


def test_an_identity_number_decides_which_county_was_misread() -> None:
    assert mended("广州市海宁区滨江路") == "广州市海宁区滨江路"
    assert mended("广州市海宁区滨江路", "440105") == "广州市海珠区滨江路"
    number = Field(NUMBER, 0.9, Confirmed.CHECKSUM)
    address = Field("广州市海宁区滨江路", 0.9, Confirmed.ONE_READER)
    made = cross_confirmed({"id_number": number, "address": address}, ())["address"]
    assert (made.value, made.alternative) == ("广州市海珠区滨江路", "广州市海宁区滨江路")


def test_a_mended_address_says_so_and_is_no_more_certain_for_it() -> None:
    lines = [
        Line("住址", 0.99, rectangle(10, 10, 60, 34)),
        Line("广州市海殊区滨江路1号", 0.99, rectangle(80, 10, 330, 34)),
    ]
    field = read_fields("id_card_front", lines).values["address"]
    assert (field.value, field.alternative, field.confirmed) == (
        "广州市海珠区滨江路1号",
        "广州市海殊区滨江路1号",
        Confirmed.ONE_READER,
    )


def test_streets_of_one_name_in_two_cities_are_two_places() -> None:
    assert not one_place("北京市朝阳区建设路1号", "吉林省长春市朝阳区建设路1号")
    assert one_place("朝阳区建设路1号", "吉林省长春市朝阳区建设路1号")
    assert one_place("吉林省长春市朝阳区建设路1号", "长春市建设路1号")
