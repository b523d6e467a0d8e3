"""Deciding on a case: what looks alike is answered first, a refusal takes two people, a notice is sent as it was shown."""

from datetime import timedelta
from typing import Any

from cases.deadlines import beijing_day
from cases.findings import Finding, FindingCode, found
from cases.readings import Confirmed, Field
from storage.words import Role
from tests.storage.kept import BOX, reading
from tests.web.world import APPLICANT, JPEG, Caller, World

MISMATCH = found(FindingCode.MISMATCH, material="form", page=1, field="name", box=BOX)
SOMEBODY = {**APPLICANT, "name": "李样本", "id_number": "440105198501010012"}


def handed_in(world: World, applicant: Any = APPLICANT, file: bytes = b"", item: str = "440105-SHBZK-BL") -> str:
    me = world.resident(applicant["name"])
    no = me.opens(item, applicant=applicant)
    for material in ("id_front", "form"):
        me.uploads(no, material, JPEG + material.encode() + (file or no.encode()))
    world.read_all(no)
    me.post(f"/api/v1/cases/{no}/submit")
    return no


def in_review(world: World, *findings: Finding, **more: Any) -> str:
    no = handed_in(world, **more)
    world.judge(no, "review", *(findings or (MISMATCH,)))
    return no


def decides(desk: Caller, no: str, material: str, status: int = 200, **what: Any) -> Any:
    return desk.post(f"/desk/api/cases/{no}/materials/{material}/decision", status, **what)


# ── four eyes ──


def test_a_refusal_waits_for_another_person_with_the_permission(plain_world: World) -> None:
    no = in_review(plain_world)
    first, second = plain_world.system(Role.PRE_AUDITOR), plain_world.system(Role.SUPERVISOR)
    answer = decides(first, no, "form", decision="refuse", reason="表格系伪造")
    (waiting,) = answer["proposals"]
    assert (waiting["state_label"], waiting["material"]) == ("待第二人复核", "form")
    assert next(m["state"] for m in answer["materials"] if m["key"] == "form") == "read"
    (listed,) = second.get("/desk/api/proposals")["proposals"]
    assert (listed["case"], listed["applicant"], listed["own"]) == (no, "陈*本", False)
    assert first.get("/desk/api/proposals")["proposals"][0]["own"] is True
    path = f"/desk/api/cases/{no}/proposals/{waiting['id']}"
    first.post(path, 403, answer="confirm")
    confirmed = second.post(path, answer="confirm")
    assert next(m["state"] for m in confirmed["materials"] if m["key"] == "form") == "returned"
    assert second.get("/desk/api/proposals")["proposals"] == []
    told = [line["action"] for line in second.get(f"/desk/api/cases/{no}/timeline")["timeline"]]
    assert {"refusal_proposed", "refusal_answered", "material_decided"} <= set(told)
    assert not {"refusal_proposed", "refusal_answered"} & set(_seen_by_resident(plain_world, no))


def _seen_by_resident(world: World, no: str) -> list[str]:
    me = world.resident(APPLICANT["name"])
    return [line["action"] for line in me.get(f"/api/v1/cases/{no}/timeline")["timeline"]]


def test_not_accepting_waits_too_and_whoever_claimed_the_case_is_no_hindrance(plain_world: World) -> None:
    no = in_review(plain_world)
    first, second = plain_world.system(Role.PRE_AUDITOR), plain_world.system(Role.PRE_AUDITOR)
    first.post(f"/desk/api/cases/{no}/claim")
    answer = first.post(f"/desk/api/cases/{no}/preaudit", decision="not_accept", reason="不属于本机关职权范围")
    (waiting,) = answer["proposals"]
    assert answer["state"] == "in_review"
    decides(first, no, "form", 409, decision="accept")
    closed = second.post(f"/desk/api/cases/{no}/proposals/{waiting['id']}", answer="confirm", transaction_id="t1")
    again = second.post(f"/desk/api/cases/{no}/proposals/{waiting['id']}", answer="confirm", transaction_id="t1")
    assert closed["state"] == again["state"] == "not_accepted"


def test_another_departments_person_finds_nothing_to_confirm(plain_world: World) -> None:
    no = in_review(plain_world)
    (waiting,) = decides(
        plain_world.system(Role.PRE_AUDITOR), no, "form", decision="refuse", reason="伪造"
    )["proposals"]  # fmt: skip
    other = plain_world.system(Role.PRE_AUDITOR, departments=("swj",))
    other.post(f"/desk/api/cases/{no}/proposals/{waiting['id']}", 404, answer="confirm")
    assert other.get("/desk/api/proposals")["proposals"] == []


# ── what looks alike ──


def test_nothing_is_decided_before_what_looks_alike_is_answered(plain_world: World) -> None:
    other = handed_in(plain_world, SOMEBODY, b"the same")
    no = in_review(plain_world, file=b"the same")
    desk = plain_world.system(Role.PRE_AUDITOR)
    (question,) = desk.get(f"/desk/api/cases/{no}/duplicates")["questions"]
    assert (question["someone_elses"], question["other"]["case"]) == (True, other)
    assert question["what"] == "与他人的另一件办件有同一个文件"
    assert question["other"]["applicant"] == "李*本"
    refused = decides(desk, no, "form", 409, decision="accept")
    assert refused["error"]["code"] == "duplicates_unanswered"
    for decision in ("pass", "return", "not_accept"):
        desk.post(f"/desk/api/cases/{no}/preaudit", 409, decision=decision, reason="理由")
    desk.post(f"/desk/api/cases/{no}/duplicates/{question['id']}", answer="in_order")
    decides(desk, no, "form", decision="accept")
    for case in (no, other):
        told = desk.get(f"/desk/api/cases/{case}/timeline")["timeline"]
        assert "duplicate_answered" in [line["action"] for line in told]


def test_of_a_case_out_of_scope_only_that_there_is_one_is_told(plain_world: World) -> None:
    plain_world.publish(code="440105-GAJ", department="gaj", name="别处的事")
    elsewhere = handed_in(plain_world, SOMEBODY, b"the same", item="440105-GAJ")
    no = in_review(plain_world, file=b"the same")
    desk = plain_world.system(Role.PRE_AUDITOR, departments=("rsj",))
    shown = desk.get(f"/desk/api/cases/{no}/duplicates")
    (question,) = shown["questions"]
    assert question["other"] is None
    assert {pair["other_page"] for pair in question["pairs"]} == {None}
    assert elsewhere not in str(shown)
    desk.post(f"/desk/api/cases/{no}/duplicates/{question['id']}", answer="different")
    decides(desk, no, "form", decision="accept")


def test_misuse_goes_to_a_supervisor_who_is_somebody_else(plain_world: World) -> None:
    handed_in(plain_world, SOMEBODY, b"the same")
    no = in_review(plain_world, file=b"the same")
    desk = plain_world.system(Role.PRE_AUDITOR, Role.SUPERVISOR)
    chief, auditor = plain_world.system(Role.SUPERVISOR), plain_world.system(Role.PRE_AUDITOR)
    (question,) = desk.get(f"/desk/api/cases/{no}/duplicates")["questions"]
    path = f"/desk/api/cases/{no}/duplicates/{question['id']}"
    desk.post(path, 422, answer="misuse")
    desk.post(path, answer="misuse", note="照片不是本人")
    decides(desk, no, "form", 409, decision="accept")
    (waiting,) = chief.get("/desk/api/misuse")["waiting"]
    assert (no in waiting["cases"], waiting["given"]["note"]) == (True, "照片不是本人")
    auditor.post(f"{path}/settle", 403, outcome="cleared", note="x")
    desk.post(f"{path}/settle", 409, outcome="cleared", note="x")
    chief.post(f"{path}/settle", outcome="cleared", note="已向本人核实")
    assert chief.get("/desk/api/misuse")["waiting"] == []
    decides(desk, no, "form", decision="accept")


def test_the_same_errand_twice_is_a_question(plain_world: World) -> None:
    handed_in(plain_world)
    no = in_review(plain_world)
    desk = plain_world.system(Role.PRE_AUDITOR)
    (question,) = desk.get(f"/desk/api/cases/{no}/duplicates")["questions"]
    assert (question["same_errand"], question["what"]) == (True, "同一申请人、同一事项")


# ── the notice ──


def test_the_notice_is_sent_as_it_was_shown_or_not_at_all(plain_world: World) -> None:
    no = in_review(plain_world)
    desk = plain_world.system(Role.PRE_AUDITOR)
    decides(desk, no, "form", decision="return", reason="姓名与身份证不一致")
    shown = desk.get(f"/desk/api/cases/{no}/notice")
    assert "1. 补领申请表第1页：姓名与身份证不一致。请按要求重新提交这份材料。" in shown["paragraphs"]
    decides(desk, no, "form", decision="return", reason="姓名写错了")
    desk.post(f"/desk/api/cases/{no}/preaudit", 409, decision="return", shown=shown["digest"])
    fresh = desk.get(f"/desk/api/cases/{no}/notice")
    sent = desk.post(f"/desk/api/cases/{no}/preaudit", decision="return", shown=fresh["digest"])
    assert [(r["round"], r["because"]) for r in sent["rounds"]] == [(1, None)]
    document = plain_world.file(no).documents[-1]
    assert document.content["paragraphs"] == fresh["paragraphs"]


def test_a_further_notice_about_an_old_page_says_what_changed(plain_world: World) -> None:
    no = in_review(plain_world)
    desk, me = plain_world.system(Role.PRE_AUDITOR), plain_world.resident(APPLICANT["name"])
    for reason in ("姓名与身份证不一致", "缺少签名"):
        decides(desk, no, "form", decision="return", reason=reason)
        if reason == "缺少签名":
            assert desk.get(f"/desk/api/cases/{no}/notice")["needs_reason"] is True
            desk.post(f"/desk/api/cases/{no}/preaudit", 422, decision="return")
            desk.post(f"/desk/api/cases/{no}/preaudit", 422, decision="return", because="new_page")
        because = {"because": "changed_after", "explanation": "申请人补充说明后发现"} if reason == "缺少签名" else {}
        closed = desk.post(f"/desk/api/cases/{no}/preaudit", decision="return", **because)
        if reason != "缺少签名":
            me.post(f"/api/v1/cases/{no}/submit")
            plain_world.judge(no, "review", MISMATCH)
    assert (closed["rounds"][-1]["because"], closed["rounds"][-1]["explanation"]) == (
        "changed_after",
        "申请人补充说明后发现",
    )


def test_a_deferral_is_bounded_and_its_promise_kept(plain_world: World) -> None:
    no = in_review(plain_world)
    desk = plain_world.system(Role.PRE_AUDITOR)
    today = beijing_day(plain_world.database.now())
    bounds = desk.get(f"/desk/api/cases/{no}/screen")["deferrals"]["photo"]
    for wrong in (str(today), str(today + timedelta(days=60)), None):
        decides(desk, no, "photo", 422, decision="defer", defer_until=wrong)
    kept = decides(desk, no, "photo", decision="defer", defer_until=bounds["latest"], promise="本人承诺补交")
    assert kept["promises"] == {"photo": "本人承诺补交"}


# ── the screen ──


def test_one_look_shows_everything_and_masks_it_where_the_role_may_not_see(plain_world: World) -> None:
    plain_world.publish(version=2, cross_checks=[{"same": ["id_front.name", "form.applicant_name"]}])
    no = in_review(plain_world)
    front = plain_world.file(no).pages_of("id_front")[0].id
    fields = {"name": Field("陈祥本", 0.9, Confirmed.ONE_READER, BOX)}
    with plain_world.database.transaction() as tx:
        tx.save_reading(front, reading(fields=fields))
    seen = plain_world.system(Role.PRE_AUDITOR).get(f"/desk/api/cases/{no}/screen?at={front}")
    assert seen["sheet"]["seen"]["page"]["id"] == front
    (fact,) = seen["facts"]
    assert (fact["differs"], [p["value"] for p in fact["places"]]) == (True, ["陈祥本", "陈样本"])
    assert next(r["message"] for r in seen["reasons"]["form"]) == MISMATCH.message
    masked = plain_world.system(Role.INTAKE).get(f"/desk/api/cases/{no}/screen?at={front}")
    assert [p["value"] for p in masked["facts"][0]["places"]] == [None, None]
    assert "陈祥本" not in str(masked)
    blind = plain_world.system(Role.AUDITOR).get(f"/desk/api/cases/{no}/screen")
    assert (blind["sheet"], blind["facts"]) == (None, [])


def test_what_was_judged_stands_on_its_page(plain_world: World) -> None:
    no = in_review(plain_world)
    form = plain_world.file(no).pages_of("form")[0].id
    seen = plain_world.system(Role.PRE_AUDITOR).get(f"/desk/api/cases/{no}/screen?at={form}")
    assert [(f["code"], f["box"] is not None) for f in seen["sheet"]["findings"]] == [("mismatch", True)]


def test_a_supervisor_seconds_on_a_page_without_pictures(plain_world: World) -> None:
    no = in_review(plain_world)
    decides(plain_world.system(Role.PRE_AUDITOR), no, "form", decision="refuse", reason="表格系伪造")
    chief = plain_world.system(Role.SUPERVISOR)
    listed = plain_world.client.get("/desk/second", headers=chief.headers).text
    page = plain_world.client.get(f"/desk/cases/{no}", headers=chief.headers).text
    assert ("表格系伪造" in listed, "同意不予认可材料" in page, "/picture" in page) == (True, True, False)
