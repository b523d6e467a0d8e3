from cases.readings import Confirmed, Field
from tests.preaudit.builders import BOX, FORM, ID_NUMBER, back, codes, front, reading, run, said, weak

BACK = "id_card_back"


def test_a_card_valid_today_passes() -> None:
    assert run("not_expired", back(), document=BACK) == []
    assert run("not_expired", back(valid_to="2026-11-20"), document=BACK) == []
    assert run("not_expired", back(valid_to="长期"), document=BACK) == []


def test_a_card_expired_for_certain_is_the_residents_to_renew() -> None:
    (finding,) = run("not_expired", back(valid_to="2026-11-19"), document=BACK)
    assert said([finding]) == [("expired", "fixable")]
    assert "2026年11月19日" in finding.message


def test_an_expiry_read_with_doubt_goes_to_a_person() -> None:
    assert said(run("not_expired", back(valid_to=weak("2026-11-19")), document=BACK)) == [("expired", "doubtful")]
    assert said(run("not_expired", back(valid_to=weak("长期")), document=BACK)) == [("field_doubtful", "doubtful")]


def test_for_good_read_clearly_needs_no_second_reader() -> None:
    page = back(valid_from="2020-05-01", valid_to=weak("长期", 0.95))
    assert run("not_expired", page, document=BACK) == []
    born_1960 = FORM | {"id_number": "310101196001010035"}
    assert run("validity_span_plausible", page, document=BACK, form=born_1960) == []


def test_a_card_that_ends_before_the_promised_day_goes_to_a_person() -> None:
    check = {"not_expired": {"days_left": 30}}
    assert said(run(check, back(valid_to="2026-12-19"), document=BACK)) == [("expiring", "doubtful")]
    assert run(check, back(valid_to="2026-12-20"), document=BACK) == []


def test_a_card_not_yet_valid_and_an_end_that_is_no_day_go_to_a_person() -> None:
    assert codes(run("not_expired", back(valid_from="2026-11-21"), document=BACK)) == ["not_yet_valid"]
    assert said(run("not_expired", back(valid_to="2026-02-30"), document=BACK)) == [("date_invalid", "doubtful")]


def test_an_end_that_was_not_read_is_never_a_pass() -> None:
    assert said(run("not_expired", reading(BACK, {"valid_from": "2015-05-01"}), document=BACK)) == [
        ("field_missing", "doubtful")
    ]


def test_the_span_of_a_card_fits_its_holders_age_at_issue() -> None:
    assert run("validity_span_plausible", back(), document=BACK) == []
    ten = back(valid_to="2025-05-01")
    assert said(run("validity_span_plausible", ten, document=BACK)) == [("date_invalid", "doubtful")]
    assert run("validity_span_plausible", ten, document=BACK, form={}) == []
    assert run({"validity_span_plausible": {"holder": "agent"}}, ten, document=BACK) == []
    young = FORM | {"id_number": "500228202401010017"}
    assert codes(run("validity_span_plausible", back(), document=BACK, form=young)) == ["date_invalid"]


def test_a_span_of_which_one_end_is_unreadable_is_doubtful() -> None:
    assert codes(run("validity_span_plausible", back(valid_from="无"), document=BACK)) == ["date_invalid"]
    assert codes(run("validity_span_plausible", back(valid_to="无"), document=BACK)) == ["date_invalid"]
    only_start = reading(BACK, {"valid_from": "2015-05-01"})
    assert codes(run("validity_span_plausible", only_start, document=BACK)) == ["field_missing"]


def test_half_a_year_is_counted_to_the_day() -> None:
    def of(day: str) -> list[tuple[str, str]]:
        page = reading("marriage_certificate", {"registered_on": day})
        check = {"since_at_least": {"days": 180, "field": "registered_on"}}
        return said(run(check, page, document="marriage_certificate"))

    assert of("2026-05-24") == []
    assert of("2026-05-25") == [("not_yet_valid", "doubtful")]
    assert of("2026-11-21") == [("date_invalid", "doubtful")]
    assert of("某日") == [("date_invalid", "doubtful")]


def test_nothing_was_registered_tomorrow() -> None:
    check = {"not_in_future": ["registered_on"]}
    page = reading("marriage_certificate", {"registered_on": "2026-11-21"})
    assert codes(run(check, page, document="marriage_certificate")) == ["date_invalid"]
    page = reading("marriage_certificate", {"registered_on": "2026-11-20"})
    assert run(check, page, document="marriage_certificate") == []


def test_a_date_of_years_ago_that_one_reader_read_clearly_is_not_in_the_future() -> None:
    def of(day: str, confidence: float) -> list[str]:
        page = reading("marriage_certificate", {"registered_on": weak(day, confidence)})
        return codes(run({"not_in_future": ["registered_on"]}, page, document="marriage_certificate"))

    assert of("2019-05-20", 0.95) == []
    assert of("2019-05-20", 0.6) == of("2026-11-01", 0.95) == ["field_doubtful"]
    assert of("2027-05-20", 0.95) == ["date_invalid"]


def test_the_year_in_a_certificates_number_confirms_a_date_that_one_reader_read_clearly() -> None:
    def of(number: str, day: str, confidence: float = 0.95) -> list[str]:
        fields = {"certificate_number": number, "registered_on": weak(day, confidence)}
        page = reading("marriage_certificate", fields)
        return codes(run("certificate_year_fits", page, document="marriage_certificate"))

    assert of("J440105-2019-000123", "2019-05-20") == []
    assert of("J440105-2019-000123", "2019-05-20", 0.6) == ["field_doubtful"]
    assert of("J440105-2019-000123", "2018-05-20") == ["mismatch"]
    assert of("BJ440105-2019-000123", "2018-05-20") == ["field_doubtful"]


def test_an_age_outside_the_item_for_certain_is_for_a_person_to_refuse() -> None:
    check = {"age_between": {"min": 60}}
    assert said(run(check, front())) == [("age_out_of_range", "refuse")]
    assert run(check, front(id_number="310101196001010035")) == []
    assert said(run(check, front(id_number=weak(ID_NUMBER)))) == [("age_out_of_range", "doubtful")]
    assert said(run(check, front(id_number="440106198501010016"))) == [("field_doubtful", "doubtful")]
    assert said(run(check, reading("id_card_front"))) == [("field_missing", "doubtful")]


def test_an_age_can_be_told_from_a_birth_date() -> None:
    check = {"age_between": {"min": 16, "max": 60, "field": "birth_date"}}
    assert run(check, front()) == []
    assert codes(run(check, front(birth_date="2020-01-01"))) == ["age_out_of_range"]


def test_a_start_that_the_readers_dispute_is_settled_by_a_certain_end_and_the_holders_age() -> None:
    """A card's 2022 that the second reader took for 2027 sent a good application to a person."""
    disputed = Field("2015-05-01", 0.99, Confirmed.DISAGREEMENT, BOX, "2010-05-01")
    check = {"validity_span_plausible": {"holder": "applicant"}}
    assert run(check, back(valid_from=disputed), document=BACK, form=FORM) == []
    assert said(run(check, back(valid_from=disputed), document=BACK, form={})) == [("field_doubtful", "doubtful")]
    both = back(valid_from=disputed, valid_to=weak("2035-05-01"))
    assert codes(run(check, both, document=BACK, form=FORM)) == ["field_doubtful"] * 2
    other = back(valid_from=Field("2010-05-01", 0.99, Confirmed.DISAGREEMENT, BOX, "2015-05-01"))
    assert codes(run(check, other, document=BACK, form=FORM)) == ["date_invalid"]
