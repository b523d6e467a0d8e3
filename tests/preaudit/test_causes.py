"""Several causes at once: each is told, once, most important first, in words that say what to do."""

from collections.abc import Iterator

import pytest

from cases.findings import CATALOGUE, FindingCode
from cases.readings import Reading
from preaudit.judge import Verdict
from tests.preaudit import applications_of_families as families
from tests.preaudit import applications_of_trades as trades
from tests.preaudit.applications import Application
from tests.preaudit.builders import reading, seen
from tests.preaudit.papers import MAN, NOBODY, STRANGER, WOMAN, card


def told(made: Application) -> list[tuple[str, str | None, str | None]]:
    return [(str(f.code), f.material, f.field) for f in made.judged().findings]


def test_a_missing_page_another_persons_card_and_an_expired_one_are_three_findings_in_their_order() -> None:
    made = trades.SALE.having(
        buyer_id_front=card(NOBODY), seller_id_back=trades.SALE.pages["seller_id_back"][:1]
    ).reading_as("agent_id_back", valid_from="2016-11-19", valid_to="2026-11-19")
    assert told(made) == [
        ("missing_page", "seller_id_back", None),
        ("expired", "agent_id_back", "valid_to"),
        ("mismatch", "buyer_id_front", "name"),
    ]
    assert made.judged().verdict is Verdict.REVIEW


def test_another_persons_card_names_everything_that_it_contradicts() -> None:
    (finding,) = trades.SALE.having(buyer_id_front=card(NOBODY)).judged().findings
    assert finding.message == (
        "买方居民身份证（人像面）上的姓名、公民身份号码与所填信息、存量房买卖合同、契税完税凭证、"
        "水电气联动过户申请表、买方居民身份证（国徽面）的不一致"
    )
    assert finding.box is not None
    assert (finding.page, set(finding.evidence)) == (1, {"between"})
    assert {"form.id_number", "linked_form.new_holder"} <= set(finding.evidence["between"])


def test_a_contract_of_others_is_told_once_at_the_contract() -> None:
    lines = ("存量房买卖合同", "出卖人某甲", "买受人某乙")
    made = trades.SALE.having(sale_contract=_paper(*lines))
    (finding,) = [f for f in made.judged().findings if f.code is FindingCode.MISMATCH]
    assert (finding.material, finding.field) == ("sale_contract", None)
    assert finding.message.startswith("没有在存量房买卖合同上找到买方居民身份证（人像面）上的姓名、公民身份号码、卖方")


def _paper(*texts: str) -> Reading:
    return reading("contract", {}, (*texts, "签名：某某"))


def test_what_the_resident_mistyped_is_told_at_what_was_typed() -> None:
    made = families.CARD.typing(id_number=WOMAN.number)
    (finding,) = made.judged().findings
    assert (finding.material, finding.field) == (None, "form.id_number")
    assert finding.message.startswith("所填信息中的公民身份号码与")
    assert "居民身份证（人像面）" in finding.message


def test_two_papers_that_are_wrong_each_by_itself_are_two_findings() -> None:
    made = trades.SALE.reading_as("application_form", buyer_name="王小平").reading_as(
        "linked_form", new_holder="王大明"
    )
    assert told(made) == [("mismatch", "application_form", "buyer_name"), ("mismatch", "linked_form", "new_holder")]


def test_two_people_on_one_form_are_two_causes() -> None:
    made = trades.SALE.reading_as("application_form", buyer_name="王小平", seller_name="陈小文")
    assert told(made) == [
        ("mismatch", "application_form", "buyer_name"),
        ("mismatch", "application_form", "seller_name"),
    ]


def test_a_number_misread_on_a_card_that_is_somebody_elses_too_is_told_as_both() -> None:
    """The number explains what was compared with it, not the name."""
    wrong = card(NOBODY, id_number=seen("500228197201010015"))
    assert told(families.RESIDENT.having(id_front=wrong)) == [
        ("id_number_invalid", "id_front", "id_number"),
        ("mismatch", "id_front", "name"),
    ]


def test_a_page_that_is_missing_explains_what_would_have_stood_on_it() -> None:
    made = trades.SALE.having(seller_id_front=trades.SALE.pages["seller_id_front"][1:])
    assert told(made) == [("missing_page", "seller_id_front", None)]
    assert made.judged().verdict is Verdict.RETURNED


def test_a_blurred_page_is_all_that_is_said_of_its_material() -> None:
    blurred = reading("id_card_front", problems=[FindingCode.BLURRED])
    assert told(trades.SALE.having(buyer_id_front=blurred)) == [("blurred", "buyer_id_front", None)]


def _wrong_phone(made: Application) -> Application:
    return made.reading_as("application_form", phone="13911112222")


def _stranger(made: Application) -> Application:
    return made.having(id_front=card(NOBODY))


@pytest.mark.parametrize(
    "made", [families.RESIDENT, families.WORKER, families.STUDENT, families.CARD], ids=lambda m: m.code
)
def test_independent_causes_are_all_told(made: Application) -> None:
    dark = reading("application_form", problems=[FindingCode.TOO_DARK])
    assert len(told(_stranger(_wrong_phone(made)))) == 2
    assert [code for code, *_ in told(_stranger(made.having(application_form=dark, id_back=())))] == [
        "missing_material",
        "too_dark",
        "mismatch",
    ]


def _all_kinds_of_trouble() -> Iterator[Application]:
    for made in (*families.ALL, *trades.ALL):
        yield made.having(**dict.fromkeys(list(made.pages)[:2], ()))
        yield made.typing(id_number=STRANGER.number, applicant_name=STRANGER.name, phone="1")
        yield made.having(**dict.fromkeys(made.pages, card(MAN)))


def test_every_list_is_in_order_without_repetition_and_in_words_that_say_what_to_do() -> None:
    for made in _all_kinds_of_trouble():
        findings = made.judged().findings
        assert findings
        ranks = [CATALOGUE[f.code].rank for f in findings]
        assert ranks == sorted(ranks)
        places = [(f.code, f.material, f.page, f.field, f.evidence.get("kind")) for f in findings]
        assert len(set(places)) == len(places)
        for f in findings:
            assert f.advice.endswith("。"), f
            assert not any("a" <= c <= "z" for c in f.message + f.advice), f
