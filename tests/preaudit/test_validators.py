"""Known answers: each vector is an example of the standard, a published specimen or synthetic, never a real person's."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preaudit import validators as v

TODAY = date(2026, 11, 20)
IDS = [
    "11010519491231002X",
    "440524188001010014",
    "34052419800101001X",
    "110101199003070011",
    "440106198501010015",
    "440106198602150025",
    "310101196001010035",
    "510105195506010047",
    "110101199602290016",
    "500228202401010017",
]


@pytest.mark.parametrize("number", IDS)
def test_identity_numbers_of_the_standard_and_of_specimens_are_valid(number: str) -> None:
    assert v.id_number_valid(number, TODAY)


def test_a_lower_case_or_full_width_x_is_the_same_number() -> None:
    assert v.id_number_valid("11010519491231002x")
    assert v.normal_id_number("１１０１０５ 19491231 ００２ｘ") == "11010519491231002X"


@pytest.mark.parametrize(
    ("number", "says"),
    [
        ("110105194912310021", "最后一位不对"),
        ("110101199702290016", "出生日期不存在"),
        ("511002198008080011", "最后一位不对"),
        ("130503670401001", "15位"),
        ("99", "18位"),
        ("", "18位"),
        ("001010199003070011", "省级"),
        ("x10105194912310021", "18位"),
    ],
)
def test_a_wrong_identity_number_says_what_is_wrong(number: str, says: str) -> None:
    assert says in (v.id_number_problem(number, TODAY) or "")


def test_a_number_born_tomorrow_is_refused_only_against_a_day() -> None:
    assert v.id_number_valid("500228202401010017")
    assert "晚于今天" in (v.id_number_problem("500228202401010017", date(2023, 12, 31)) or "")


def test_a_county_that_never_was_is_only_a_warning() -> None:
    first = "11000019900307001"
    number = first + v._id_check_digit(first)
    assert v.id_number_valid(number)
    assert v.id_number_warning(number)
    assert v.id_number_warning("11010519491231002X") is None


def test_the_permanent_residence_card_for_foreigners_is_a_valid_number() -> None:
    first = "91184019900307001"
    assert v.id_number_valid(first + v._id_check_digit(first))


@given(st.sampled_from(IDS), st.integers(0, 16), st.integers(1, 9))
def test_any_one_wrong_digit_is_noticed(number: str, place: int, step: int) -> None:
    digit = str((int(number[place]) + step) % 10)
    assert not v.id_number_valid(number[:place] + digit + number[place + 1 :])


@given(st.text(max_size=30))
def test_no_text_whatever_makes_a_validator_crash(text: str) -> None:
    for ask in (v.id_number_problem, v.id_number_warning, v.birth_date_of, v.sex_of, v.credit_code_valid, v.vin_valid):
        ask(text)
    for ask in (v.bank_card_valid, v.plate_valid, v.marriage_number_form, v.property_number_form, v.mobile_valid):
        ask(text)
    for ask in (v.parse_date, v.name_plausible, v.authority_plausible, v.mrz_line_valid, v.is_passport_line):
        ask(text)
    for ask in (v.unit_number_valid, v.birth_number_form):
        ask(text)


def test_birth_and_sex_stand_in_the_number() -> None:
    assert v.birth_date_of("440106198602150025") == date(1986, 2, 15)
    assert v.sex_of("440106198602150025") == "女"
    assert v.sex_of("11010519491231002x") == "女"
    assert v.sex_of("34052419800101001X") == "男"
    assert v.birth_date_of("110101199702290016") is None
    assert v.sex_of("nonsense") is None


def test_age_is_counted_in_full_years() -> None:
    assert v.age_on(date(1966, 11, 20), TODAY) == 60
    assert v.age_on(date(1966, 11, 21), TODAY) == 59
    assert v.age_on(date(1996, 2, 29), date(2026, 2, 28)) == 29
    assert v.age_on(date(1996, 2, 29), date(2026, 3, 1)) == 30


@pytest.mark.parametrize(
    ("start", "end", "birth", "fits"),
    [
        (date(2015, 5, 1), date(2035, 5, 1), date(1985, 1, 1), True),
        (date(2015, 5, 1), date(2025, 5, 1), date(1985, 1, 1), False),
        (date(2020, 5, 1), date(2025, 5, 1), date(2010, 1, 1), True),
        (date(2020, 5, 1), None, date(1974, 5, 1), True),
        (date(2020, 5, 1), None, date(1974, 5, 2), False),
        (date(2020, 5, 1), date(2040, 5, 2), None, False),
        (date(2020, 5, 1), date(2035, 5, 1), None, False),
        (date(2020, 2, 29), date(2030, 3, 1), date(2000, 1, 1), True),
        (date(2003, 5, 1), date(2023, 5, 1), None, False),
        (date(2015, 5, 1), date(2020, 5, 1), date(2016, 1, 1), False),
        (date(2020, 5, 1), date(2030, 5, 1), None, True),
    ],
)
def test_the_validity_of_a_card_follows_the_age_at_issue(
    start: date, end: date | None, birth: date | None, fits: bool
) -> None:
    assert (v.validity_span_problem(start, end, birth) is None) is fits


@pytest.mark.parametrize(
    ("authority", "fits"),
    [
        ("广州市公安局海珠分局", True),
        ("海门市公安局", True),
        ("北京市公安局海淀分局", True),
        ("广州市民政局", False),
        ("公安", False),
    ],
)
def test_only_public_security_issues_identity_cards(authority: str, fits: bool) -> None:
    assert v.authority_plausible(authority) is fits


@pytest.mark.parametrize(
    ("name", "fits"),
    [("王小明", True), ("阿卜杜拉·买买提", True), ("古丽•阿依", True), ("王", False), ("王1明", False), ("Wang", False), ("·明", False), ("𠮷田", True), ("", False)],
)  # fmt: skip
def test_a_name_is_two_or_more_han_characters(name: str, fits: bool) -> None:
    assert v.name_plausible(name) is fits


@pytest.mark.parametrize(
    ("code", "fits"),
    [
        ("91350100M000100Y43", True),
        ("91110000600037341L", True),
        ("91440300708461136T", True),
        ("914403001922038216", True),
        ("91110108551385082Q", True),
        ("91330106673959654P", True),
        ("91110000802100433B", True),
        ("92440101MA5AAAAA04", True),
        ("92500101MA60AAAA1R", True),
        ("11440000006940132H", True),
        ("9111000060003734LX", False),
        ("9151010009121A06XE", False),
        ("12100000400012340N", False),
        ("91350100m000100y43", True),
    ],
)
def test_social_credit_codes_carry_a_check_character(code: str, fits: bool) -> None:
    assert v.credit_code_valid(code) is fits


@pytest.mark.parametrize(
    "card", ["6222020000000000000", "6217000000000000004", "6228480000000000018", "4111111111111111"]
)
def test_bank_cards_satisfy_luhn_and_their_neighbours_do_not(card: str) -> None:
    assert v.bank_card_valid(card)
    assert v.bank_card_valid(f"{card[:4]} {card[4:]}")
    assert not v.bank_card_valid(card[:-1] + str((int(card[-1]) + 1) % 10))
    assert not v.bank_card_valid(card[:12])


@pytest.mark.parametrize(
    ("vin", "fits"),
    [
        ("1M8GDM9AXKP042788", True),
        ("11111111111111111", True),
        ("LVSHCAMB1CE054249", True),
        ("LSVAM4187C2184847", True),
        ("LFV2A21K6A3000000", True),
        ("LGWEF3A53CB000001", False),
        ("LGWEF3A50CB000001", True),
        ("1M8GDM9AXKPO42788", False),
    ],
)
def test_a_vehicle_number_carries_its_check_digit_in_the_ninth_place(vin: str, fits: bool) -> None:
    assert v.vin_valid(vin) is fits


@pytest.mark.parametrize(
    ("plate", "fits"),
    [
        ("粤A12345", True),
        ("粤A·B1C2D", True),
        ("京A1234学", True),
        ("粤Z1234港", True),
        ("粤AD12345", True),
        ("粤A12345D", True),
        ("粤AF1234", True),
        ("粤I12345", False),
        ("粤A1234O", False),
        ("AB12345", False),
        ("粤A1234", False),
        ("粤A123456", False),
    ],
)
def test_plates_are_seven_characters_or_eight_for_new_energy(plate: str, fits: bool) -> None:
    assert v.plate_valid(plate) is fits


@pytest.mark.parametrize(
    ("number", "form"),
    [
        ("J110101-2010-000001", "new"),
        ("L110101-2010-000001", "new"),
        ("BJ110101-2010-000001", "new"),
        ("京海结字20250001", "old"),
        ("政字第2002208号", "old"),
        ("J11010-2010-000001", None),
        ("", None),
    ],
)
def test_marriage_certificate_numbers_come_in_a_new_and_an_old_form(number: str, form: str | None) -> None:
    assert v.marriage_number_form(number) == form


def test_the_year_of_a_marriage_number_is_that_of_the_registration_unless_reissued() -> None:
    assert v.marriage_number_year_fits("J110101-2010-000001", date(2010, 5, 20))
    assert not v.marriage_number_year_fits("J110101-2010-000001", date(2011, 5, 20))
    assert v.marriage_number_year_fits("BJ110101-2015-000001", date(2010, 5, 20))
    assert v.marriage_number_year_fits("政字第2002208号", date(2010, 5, 20))


@pytest.mark.parametrize(
    ("number", "form"),
    [
        ("苏(2017)海门市不动产权第0000183号", "new"),
        ("苏（2017）海门市 不动产权第 0000183 号", "new"),
        ("湘(2017)北湖不动产权第0034063号", "new"),
        ("闽(2023)长乐区不动产权第0012345号", "new"),
        ("沪(2017)浦字不动产权第015342号", "new"),
        ("皖(2018)合肥市不动产权第10023999号", "new"),
        ("粤(2020)广州市不动产证明第06201234号", "mortgage"),
        ("粤(2012)广州市不动产权第06201234号", None),
        ("00070093", "old"),
        ("X京房权证海字第123456号", "old"),
        ("abc", None),
    ],
)
def test_property_certificates_of_all_generations_are_told_apart(number: str, form: str | None) -> None:
    assert v.property_number_form(number) == form


@pytest.mark.parametrize(
    ("text", "digit"),
    [("L898902C3", 6), ("740812", 2), ("120415", 9), ("ZE184226B<<<<<", 1)],
)
def test_machine_readable_check_digits_are_those_of_the_icao_specimen(text: str, digit: int) -> None:
    assert v.mrz_check_digit(text) == digit


def test_the_second_line_of_the_icao_specimen_holds_and_a_changed_one_does_not() -> None:
    line = "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
    assert v.mrz_line_valid(line)
    assert not v.mrz_line_valid(line.replace("7408122", "7408112"))


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("L898902C36UTO7408122F1204159ZE184226B<<<<<10", True),
        ("L8989O2C36UTO74O8122F12O4159ZE184226B<<<<<10", True),
        ("l898902c36uto7408122f1204159ze184226b «««««10", True),
        ("L898902C36UTO7408122F1204159ZE184226B<<<", True),
        ("L898902C36UTO7408132F1204159ZE184226B<<<<<10", False),
        ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", False),
        ("440106198501010015", False),
    ],
)
def test_the_second_line_of_a_passport_is_known_as_it_is_recognised(text: str, is_one: bool) -> None:
    assert v.is_passport_line(text) is is_one


@pytest.mark.parametrize(
    ("number", "fits"),
    [
        ("440105001001GB00001F00010501", True),
        ("440105 001001 GB00001 F00010501", True),
        ("440105001001GB00001F0001050", False),
        ("440105001001XB00001F00010501", False),
        ("440105001001GB00001A00010501", False),
    ],
)
def test_a_property_unit_has_twenty_eight_characters(number: str, fits: bool) -> None:
    assert v.unit_number_valid(number) is fits


def test_a_confused_character_is_repaired_only_where_the_check_digit_then_holds() -> None:
    assert v.mrz_repaired("L8989O2C3", "6") == "L898902C3"
    assert v.mrz_repaired("L898902C3", "6") == "L898902C3"
    assert v.mrz_repaired("734679734", str((v.mrz_check_digit("734679734") + 1) % 10)) is None


@pytest.mark.parametrize(
    ("number", "fits"),
    [("13800138000", True), ("138 0013 8000", True), ("+86 13800138000", True), ("12800138000", False), ("1380013800", False)],
)  # fmt: skip
def test_mobile_numbers(number: str, fits: bool) -> None:
    assert v.mobile_valid(number) is fits


@pytest.mark.parametrize(
    "text",
    ["2010.05.01", "2010-05-01", "2010年5月1日", "20100501", "二〇一〇年五月一日", "2010 年 05 月 01 日", "２０１０．０５．０１", "二零一零年五月一日", "2010/5/1"],
)  # fmt: skip
def test_a_date_is_read_in_all_the_forms_documents_use(text: str) -> None:
    assert v.parse_date(text) == date(2010, 5, 1)


def test_han_numbers_over_ten_are_read() -> None:
    assert v.parse_date("一九八六年十二月三十一日") == date(1986, 12, 31)
    assert v.parse_date("二〇二六年十月二十日") == date(2026, 10, 20)
    assert v.parse_date("二〇二六年十一月十一日") == date(2026, 11, 11)


@pytest.mark.parametrize("text", ["2010.02.30", "长期", "", "2010-13-01", "0000-01-01", "二〇一〇年五月", "12345"])
def test_what_is_no_day_is_no_date(text: str) -> None:
    assert v.parse_date(text) is None
