import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from cases.findings import CATALOGUE, FindingCode, found
from cases.items import Item
from cases.readings import Confirmed, Reading
from preaudit.catalogue import find
from preaudit.judge import Judgement, Verdict, judge, judgement_to_json, page_findings
from tests.preaudit.builders import (
    FORM,
    TODAY,
    back,
    codes,
    filled_form,
    front,
    item,
    material,
    raw_material,
    reading,
    receipt,
    said,
    seen,
    weak,
)

CARD = find("440105-SHBZK-BL").item
ADULT: dict[str, Any] = {"under_16": False}


def pages(**more: Reading | None) -> dict[str, tuple[Reading, ...]]:
    usual: dict[str, Reading | None] = {
        "id_front": front(),
        "id_back": back(),
        "application_form": filled_form(),
        "photo_receipt": receipt(),
    }
    return {k: (r,) for k, r in (usual | more).items() if r is not None}


def judged(
    readings: Mapping[str, Sequence[Reading]] | None = None,
    *,
    of: Item = CARD,
    answers: Mapping[str, Any] = ADULT,
    form: Mapping[str, str] = FORM,
    states: Mapping[str, str] | None = None,
) -> Judgement:
    return judge(of, answers, form, pages() if readings is None else readings, today=TODAY, states=states or {})


def test_an_application_in_which_everything_is_certain_passes() -> None:
    judgement = judged()
    assert (judgement.verdict, judgement.findings) == (Verdict.PASSED, ())
    assert {k: str(m.state) for k, m in judgement.materials.items()} == dict.fromkeys(pages(), "accepted")
    assert judgement.materials["id_front"].fields["name"].value == "王小明"


def test_what_the_resident_can_mend_is_returned_all_at_once() -> None:
    blurred = reading("id_card_front", problems=[FindingCode.BLURRED])
    judgement = judged(pages(id_front=blurred, photo_receipt=None, id_back=front()))
    assert judgement.verdict is Verdict.RETURNED
    assert codes(judgement.findings) == ["missing_material", "wrong_side", "blurred"]
    states = {k: str(m.state) for k, m in judgement.materials.items()}
    assert states == {
        "id_front": "returned",
        "id_back": "returned",
        "application_form": "accepted",
        "photo_receipt": "missing",
    }


def test_one_doubt_sends_the_whole_application_to_a_person() -> None:
    judgement = judged(pages(id_back=back(valid_to=weak("2035-05-01")), photo_receipt=None))
    assert judgement.verdict is Verdict.REVIEW
    assert codes(judgement.findings) == ["missing_material", "field_doubtful"]
    assert str(judgement.materials["id_back"].state) == "read"


def test_certain_values_that_differ_are_for_a_person() -> None:
    judgement = judged(pages(application_form=filled_form(applicant_name=seen("王小平"))))
    assert judgement.verdict is Verdict.REVIEW
    assert said(judgement.findings) == [("mismatch", "doubtful")]


def test_a_weak_value_that_the_typed_one_confirms_is_certain() -> None:
    assert judged(pages(id_front=front(name=weak("王小明")))).verdict is Verdict.PASSED
    alone = item(materials=[raw_material(checks=["name_plausible"])])
    given = {"paper": (front(name=weak("王小明")),)}
    assert judged(given, of=alone, answers={}).verdict is Verdict.PASSED  # typed beside the same number
    assert judged(given, of=alone, answers={}, form={}).verdict is Verdict.REVIEW


def test_one_cause_makes_one_finding() -> None:
    wrong = seen("440106198501010016", Confirmed.ONE_READER)
    assert codes(judged(pages(id_front=front(id_number=wrong))).findings) == ["id_number_invalid"]
    nothing_read = reading("id_card_front")
    (unread,) = judged(pages(id_front=nothing_read)).findings
    assert (str(unread.code), set(unread.evidence["fields"])) == (
        "field_missing",
        {"id_number", "birth_date", "sex", "name"},
    )
    assert unread.message == "没有在居民身份证（人像面）上找到公民身份号码、出生日期、性别、姓名"


def test_a_blank_phone_is_one_finding_whatever_else_looks_at_it() -> None:
    page = filled_form(phone="")
    blank = reading("application_form", page.fields, lines=page.lines, marks={"empty_fields": ["phone"]})
    judgement = judged(pages(application_form=blank))
    assert said(judgement.findings) == [("not_filled_in", "fixable")]
    assert judgement.verdict is Verdict.RETURNED


def test_findings_come_most_important_first_then_as_on_the_checklist() -> None:
    broken = {
        "application_form": (reading("application_form", failure=found(FindingCode.DAMAGED_FILE)),),
        "id_back": (back(valid_to="2026-01-01", valid_from="2016-01-01"),),
    }
    judgement = judged(broken)
    ranks = [CATALOGUE[f.code].rank for f in judgement.findings]
    assert ranks == sorted(ranks)
    missing = [f.material for f in judgement.findings if f.code is FindingCode.MISSING_MATERIAL]
    assert missing == ["id_front", "photo_receipt"]


def test_the_answers_choose_what_is_needed() -> None:
    child = FORM | {"id_number": "500228202401010017", "applicant_name": "李小宝"}
    register = (
        reading("household_register_head", {"head_name": "李大宝"}),
        reading("household_register_member", {"name": "李小宝", "id_number": "500228202401010017"}),
    )
    form = filled_form(applicant_name=weak("李小宝"), id_number=seen("500228202401010017"))
    receipt_of_child = reading("other_paper", {}, ("证件照片数字回执", "李小宝", "图像号1"))
    given = {"household_register": register, "application_form": (form,), "photo_receipt": (receipt_of_child,)}
    assert judged(given, answers={"under_16": True}, form=child).verdict is Verdict.PASSED
    only_head = given | {"household_register": register[:1]}
    judgement = judged(only_head, answers={"under_16": True}, form=child)
    assert said(judgement.findings) == [("missing_page", "fixable")]
    assert judgement.verdict is Verdict.RETURNED
    assert "id_front" not in judgement.materials


def test_of_several_members_pages_only_the_holders_is_judged() -> None:
    number = "500228202401010017"
    child = FORM | {"id_number": number, "applicant_name": "李小宝"}
    register = (
        reading("household_register_head", {"head_name": "李大宝"}),
        reading("household_register_member", {"name": weak("李大宝"), "id_number": weak("440106198501010016")}),
        reading("household_register_member", {"name": weak("李小宝"), "id_number": weak(number)}),
    )
    form = filled_form(applicant_name=weak("李小宝"), id_number=weak(number))
    receipt_of_child = reading("other_paper", {}, ("证件照片数字回执", "李小宝", "图像号1"))
    given = {"household_register": register, "application_form": (form,), "photo_receipt": (receipt_of_child,)}
    assert judged(given, answers={"under_16": True}, form=child).findings == ()


def test_a_choice_that_decides_the_materials_must_be_made() -> None:
    permit = find("440105-JZZ-SL").item
    unanswered = judged({}, of=permit, answers={})
    assert [f.field for f in unanswered.findings if f.code is FindingCode.NOT_FILLED_IN] == ["answers.ground"]
    impossible = judged({}, of=permit, answers={"ground": "都可以"})
    assert "answers.ground" in [f.field for f in impossible.findings]
    made = judged({}, of=permit, answers={"ground": "连续就读"})
    assert "study_proof" in made.materials
    assert "home_proof" not in made.materials
    assert all(f.code is FindingCode.MISSING_MATERIAL for f in made.findings)


@pytest.mark.parametrize("state", ["accepted", "waived", "deferred"])
def test_what_is_settled_is_not_asked_for_or_doubted_again(state: str) -> None:
    judgement = judged(pages(id_back=None), states={"id_back": state})
    assert judgement.verdict is Verdict.PASSED
    assert str(judgement.materials["id_back"].state) == state
    doubted = judged(pages(id_back=back(valid_to=weak("2035-05-01"))), states={"id_back": state})
    assert doubted.verdict is Verdict.PASSED


def test_a_state_that_settles_nothing_changes_nothing() -> None:
    assert judged(pages(id_back=None), states={"id_back": "uploaded"}).verdict is Verdict.RETURNED


def test_the_same_picture_under_two_materials_is_told_once() -> None:
    same = reading("application_form", filled_form().fields, lines=filled_form().lines, sha256="aa")
    judgement = judged(pages(application_form=same, photo_receipt=reading("application_form", sha256="aa")))
    assert [(str(f.code), f.material) for f in judgement.findings if f.material == "photo_receipt"] == [
        ("duplicate_page", "photo_receipt")
    ]


def test_an_age_that_forbids_is_for_a_person_to_say() -> None:
    judgement = judged({"id_front": (front(),), "id_back": (back(),)}, of=find("440105-LNYDZ").item, answers={})
    assert judgement.verdict is Verdict.REVIEW
    assert said(judgement.findings) == [("age_out_of_range", "refuse")]


def test_someone_of_sixty_gets_the_instant_item_without_a_person() -> None:
    old = "310101196001010035"
    form = FORM | {"id_number": old}
    card = front(id_number=seen(old, Confirmed.CHECKSUM), birth_date="1960-01-01")
    for_good = back(valid_from="2010-05-01", valid_to="长期")
    judgement = judge(find("440105-LNYDZ").item, {}, form, {"id_front": (card,), "id_back": (for_good,)}, today=TODAY)
    assert (judgement.verdict, judgement.findings) == (Verdict.PASSED, ())


def test_judging_changes_nothing_and_gives_the_same_again() -> None:
    given = pages(id_front=front(name="王小平"))
    assert judged(given) == judged(given)


def test_the_judgement_has_the_contracts_form() -> None:
    made = judgement_to_json(CARD, judged(pages(photo_receipt=None)), 0.25)
    assert list(made) == ["item", "version", "verdict", "findings", "materials", "seconds", "remarks"]
    assert (made["item"], made["version"], made["verdict"]) == ("440105-SHBZK-BL", CARD.version, "returned")
    wanted = {"code", "severity", "material", "page", "field", "box", "message", "advice"}
    assert all(wanted <= set(f) for f in made["findings"])
    assert made["materials"]["id_front"]["state"] == "accepted"
    assert made["materials"]["id_front"]["fields"]["name"]["confirmed"] == "two_readers"
    assert json.loads(json.dumps(made, ensure_ascii=False))["materials"]["photo_receipt"] == {
        "state": "missing",
        "fields": {},
    }


def test_twelve_pages_are_judged_in_under_fifty_milliseconds() -> None:
    lease = tuple(
        reading(
            "contract", {}, [f"第{i}页 房屋租赁合同 王小明 条款{j}" for j in range(60)], perceptual_hash=f"{i:016x}"
        )
        for i in range(9)
    )
    given = {"id_front": (front(),), "id_back": (back(),), "application_form": (filled_form(),), "home_proof": lease}
    permit, answers = find("440105-JZZ-SL").item, {"ground": "合法稳定住所"}
    judged(given, of=permit, answers=answers)
    best = min(_seconds(lambda: judged(given, of=permit, answers=answers)) for _ in range(5))
    assert best < 0.05


def _seconds(work: Any) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


# ── one page, right after it was read ───────────────────────────────────────────────────────────────────────────


def test_a_page_tells_its_own_faults_at_once() -> None:
    spec = CARD.material("id_back")
    assert spec is not None
    assert codes(page_findings(spec, reading("id_card_back", problems=[FindingCode.GLARE]), TODAY)) == ["glare"]
    assert codes(page_findings(spec, front(), TODAY, page=1)) == ["wrong_side"]
    assert codes(page_findings(spec, back(valid_to="2026-01-01", valid_from="2016-01-01"), TODAY)) == ["expired"]
    assert page_findings(spec, back(), TODAY) == ()


def test_a_page_says_nothing_of_what_others_may_still_settle() -> None:
    spec = CARD.material("id_front")
    assert spec is not None
    assert page_findings(spec, front(name=weak("王小明")), TODAY) == ()
    assert codes(page_findings(spec, reading("id_card_front", {"name": "王小明"}), TODAY)) == ["field_missing"]


def test_one_page_of_several_says_nothing_about_what_stands_on_the_others() -> None:
    spec = CARD.material("household_register")
    assert spec is not None
    assert page_findings(spec, reading("household_register_head"), TODAY, page=1) == ()
    wrong = reading("household_register_member", {"id_number": "440106198501010016", "name": "王小明"})
    (finding,) = page_findings(spec, wrong, TODAY, page=2)
    assert (finding.code, finding.page) == (FindingCode.ID_NUMBER_INVALID, 2)


def test_a_form_that_was_not_filled_in_is_told_at_once() -> None:
    spec = CARD.material("application_form")
    assert spec is not None
    page = reading("application_form", filled_form().fields, lines=filled_form().lines, marks={"empty_fields": []})
    assert page_findings(spec, page, TODAY) == ()
    blank = reading("application_form", {}, marks={"empty_fields": ["phone"]})
    told = page_findings(spec, blank, TODAY)
    assert ("not_filled_in", "fixable") in said(told)


def test_a_material_without_checks_still_has_its_pages_looked_at() -> None:
    spec = material("paper", "bank_card", checks=[])
    assert codes(page_findings(spec, front(), TODAY)) == ["wrong_document"]
