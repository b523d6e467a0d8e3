from cases.readings import Confirmed
from preaudit import validators
from tests.preaudit.builders import ID_NUMBER, back, codes, filled_form, front, reading, run, said, seen, weak


def test_a_valid_identity_number_that_was_read_with_certainty_passes() -> None:
    assert run("id_number_valid", front()) == []


def test_an_invalid_identity_number_goes_to_a_person_with_its_place_and_reason() -> None:
    (finding,) = run("id_number_valid", front(id_number="440106198501010016"))
    assert said([finding]) == [("id_number_invalid", "doubtful")]
    assert (finding.material, finding.page, finding.field) == ("paper", 1, "id_number")
    assert finding.box is not None
    assert "最后一位不对" in finding.message


def test_an_identity_number_that_was_not_read_cannot_be_told_and_never_passes() -> None:
    pages = reading("id_card_front", {"name": "王小明"})
    assert said(run("id_number_valid", pages)) == [("field_missing", "doubtful")]
    assert said(run("id_number_valid", reading("id_card_front", {"id_number": " "}))) == [("field_missing", "doubtful")]


def test_a_valid_value_read_with_doubt_is_doubtful() -> None:
    assert said(run("id_number_valid", front(id_number=weak(ID_NUMBER)))) == [("field_doubtful", "doubtful")]


def test_nothing_is_said_of_a_missing_field_when_a_page_was_unusable() -> None:
    assert run("id_number_valid", blocked=True) == []


def test_no_identity_number_stands_in_messages_or_evidence() -> None:
    findings = run("id_number_valid", front(id_number="440106198501010016"))
    findings += run("id_matches_birth_and_sex", front(sex="女"))
    assert not any("44010619850101" in f.message + f.advice + str(f.evidence) for f in findings)


def test_birth_and_sex_repeat_the_number() -> None:
    assert run("id_matches_birth_and_sex", front()) == []
    assert run("id_matches_birth_and_sex", front(sex=weak("男"), birth_date=weak("1985年1月1日"))) == []
    assert said(run("id_matches_birth_and_sex", front(sex="女"))) == [("mismatch", "doubtful")]
    assert said(run("id_matches_birth_and_sex", front(birth_date="1985-01-11"))) == [("mismatch", "doubtful")]


def test_without_a_valid_number_birth_and_sex_cannot_be_told() -> None:
    assert set(codes(run("id_matches_birth_and_sex", front(id_number="440106198501010016")))) == {"field_doubtful"}
    none = reading("id_card_front", {"sex": "男"})
    assert set(codes(run("id_matches_birth_and_sex", none))) == {"field_missing"}


def test_names_are_plausible_or_doubtful() -> None:
    assert run("name_plausible", front()) == []
    assert said(run("name_plausible", front(name="王1"))) == [("field_doubtful", "doubtful")]


def test_mobile_numbers_are_valid_or_doubtful() -> None:
    labels = {"联系电话": "phone"}
    good = run("mobile_valid", filled_form(phone=seen("13800138000")), document="application_form", fields=labels)
    bad = run("mobile_valid", filled_form(phone=seen("12800138000")), document="application_form", fields=labels)
    assert (good, said(bad)) == ([], [("code_invalid", "doubtful")])


def test_a_police_bureau_read_clearly_is_certain_without_a_second_reader() -> None:
    once = seen("广州市公安局海珠分局", Confirmed.ONE_READER, 0.95)
    assert run("authority_plausible", back(authority=once), document="id_card_back") == []
    dim = weak("广州市公安局海珠分局", 0.5)
    assert said(run("authority_plausible", back(authority=dim), document="id_card_back")) == [
        ("field_doubtful", "doubtful")
    ]
    assert said(run("authority_plausible", back(authority="海珠区民政局"), document="id_card_back")) == [
        ("issuer_mismatch", "doubtful")
    ]


def test_codes_with_a_check_digit_pass_or_go_to_a_person() -> None:
    known = [
        ("credit_code_valid", "business_licence", "credit_code", "91110000600037341L", "9111000060003734LX"),
        ("bank_card_valid", "bank_card", "card_number", "6217000000000000004", "6217000000000000005"),
        ("vin_valid", "vehicle_licence", "vin", "LVSHCAMB1CE054249", "LVSHCAMB2CE054249"),
        ("plate_valid", "vehicle_licence", "plate", "粤A12345", "粤I12345"),
    ]
    for check, kind, field, good, bad in known:
        assert run(check, reading(kind, {field: good}), document=kind) == []
        assert said(run(check, reading(kind, {field: bad}), document=kind)) == [("code_invalid", "doubtful")]


def test_certificates_of_an_older_form_go_to_a_person() -> None:
    check = {"certificate_number_valid": {"kind": "marriage"}}

    def of(number: str) -> list[str]:
        page = reading("marriage_certificate", {"certificate_number": number})
        return codes(run(check, page, document="marriage_certificate"))

    assert of("J110101-2010-000001") == []
    assert of("政字第2002208号") == of("12345") == ["code_invalid"]


def test_every_page_that_carries_the_field_is_looked_at() -> None:
    pages = (
        reading("household_register_head", {"household_number": "123456789"}),
        reading("household_register_member", {"id_number": ID_NUMBER}),
        reading("household_register_member", {"id_number": "440106198501010016"}),
    )
    (finding,) = run("id_number_valid", *pages, document="household_register")
    assert (str(finding.code), finding.page) == ("id_number_invalid", 3)


def test_a_warning_about_a_county_is_no_finding() -> None:
    first = "11000019900307001"
    number = first + validators._id_check_digit(first)
    assert run("id_number_valid", front(id_number=number)) == []
