"""What is known already: offered, used on consent, taken back; nobody else's; on record."""

from dataclasses import replace
from typing import Any

import pytest

from cases.actions import waiving
from cases.actions.waiving import OTHERS_AT_MOST, Answer, Answered
from cases.lifecycle import MaterialState
from cases.readings import Confirmed, Field, Reading
from cases.waived import CONSENTS, WaiverSource
from storage.words import Role
from tests.cases.world import ITEM
from tests.web.world import APPLICANT, JPEG, Caller, World, unique
from web.doors import Doors

FRONT = {**ITEM["materials"][0], "reuse_days": 365, "sources": ["registry:id_card_front"], "when": {}}
CARD: dict[str, Any] = {
    "code": "440105-LNYDZ",
    "name": "老年人优待证办理",
    "materials": [{**FRONT, "original": "none"}, *ITEM["materials"][2:]],
    "cross_checks": [{"same": ["id_front.id_number", "form.id_number"]}],
}
REUSE, REGISTRY = ({"version": CONSENTS[s].version, "agreed": True} for s in (WaiverSource.CASE, WaiverSource.REGISTRY))


def reading(**fields: str) -> Reading:
    made = {name: Field(value, 0.99, Confirmed.TWO_READERS) for name, value in fields.items()}
    return Reading("a.jpg", 1, 0.1, "ppocr", 0, 10, 10, (), "id_card_front", 0.99, made, ())


def with_registry(world: World) -> None:
    doors: Doors = replace(world.doors, sharing=True)
    world.client.app.state.doors = doors  # type: ignore[attr-defined]


def passed(world: World, me: Caller, number: str = str(APPLICANT["id_number"]), **changes: Any) -> str:
    """A first case of somebody, with its identity card read and passed."""
    no = me.opens("440105-LNYDZ", **changes)
    for material in ("id_front", "form"):
        page = me.uploads(no, material, JPEG + material.encode() + no.encode())["id"]
        world.read(no, page)
        with world.database.transaction() as tx:
            tx.save_reading(page, reading(id_number=number, name="陈样本"))
    me.post(f"/api/v1/cases/{no}/submit")
    world.judge(no, "passed", id_front=MaterialState.ACCEPTED, form=MaterialState.ACCEPTED)
    return no


@pytest.fixture
def here(world: World) -> World:
    world.publish(**CARD)
    return world


@pytest.fixture
def plain(plain_world: World) -> World:
    plain_world.publish(**CARD)
    return plain_world


def offers(me: Caller, no: str, key: str = "id_front") -> list[dict[str, Any]]:
    known = me.get(f"/api/v1/cases/{no}/known")
    return next(m for m in known["materials"] if m["material"] == key)["offers"]  # type: ignore[no-any-return]


def body(offer: str, consent: Any = REUSE, **more: Any) -> dict[str, Any]:
    return {"offer": offer, "consent": consent, "transaction_id": unique(), **more}


def test_the_second_case_of_somebody_needs_fewer_photographs(here: World) -> None:
    me = here.resident()
    first, second = passed(here, me), me.opens("440105-LNYDZ")
    (offer,) = offers(me, second)
    assert (offer["source"], offer["source_label"], offer["still_show"]) == ("case", "您以前办事时交过", False)
    page = here.file(first).pages_of("id_front")[0].id
    assert offer["thumbnail"] == f"/api/v1/cases/{first}/pages/{page}/picture"
    path = f"/api/v1/cases/{second}/known/id_front"
    known = me.post(path, **body(offer["id"]))
    assert (known["papers_saved"], known["photographs_saved"]) == (1, 1)
    case = me.get(f"/api/v1/cases/{second}")
    (front,) = [m for m in case["materials"] if m["key"] == "id_front"]
    assert (front["state"], front["pages"], front["waived"]["date"]) == ("waived", [], offer["date"])
    assert case["papers_saved"] == 1
    with here.database.reading() as tx:
        proven = tx.proven_readings(second)
    assert proven["id_front"][0].fields["id_number"].value == APPLICANT["id_number"]
    lines = me.get(f"/api/v1/cases/{second}/timeline")["timeline"]
    assert lines[-1]["label"] == "使用已有的材料，免提交"


def test_it_is_taken_back_and_photographed_after_all(here: World) -> None:
    me = here.resident()
    passed(here, me)
    no = me.opens("440105-LNYDZ")
    path = f"/api/v1/cases/{no}/known/id_front"
    (offer,) = offers(me, no)
    me.post(path, **body(offer["id"]))
    assert me.ask("DELETE", path)["papers_saved"] == 0
    me.ask("DELETE", path, 404)
    me.post(path, **body(offer["id"]))
    me.uploads(no, "id_front")
    assert here.file(no).waiver("id_front") is None
    mine = me.get("/api/v1/me/data")["waivers"]
    assert [(w["case"], w["material"], w["ended_at"] is None) for w in mine] == [(no, "id_front", False)] * 2


@pytest.mark.parametrize(
    ("consent", "status"),
    [
        (None, 422),
        ({"version": "reuse-1", "agreed": False}, 422),
        ({"version": "reuse-0", "agreed": True}, 409),
    ],
)
def test_without_consent_to_the_text_of_now_nothing_is_used(plain: World, consent: Any, status: int) -> None:
    me = plain.resident()
    passed(plain, me)
    no = me.opens("440105-LNYDZ")
    (offer,) = offers(me, no)
    refused = me.post(f"/api/v1/cases/{no}/known/id_front", status, **body(offer["id"], consent))
    assert plain.file(no).waivers == ()
    if status == 409:
        assert refused["error"]["details"]["version"] == "reuse-1"


def test_a_double_tap_uses_it_once(here: World) -> None:
    me = here.resident()
    passed(here, me)
    no = me.opens("440105-LNYDZ")
    (offer,) = offers(me, no)
    path, same = f"/api/v1/cases/{no}/known/id_front", body(offer["id"])
    first = me.post(path, **same)
    assert me.post(path, **same) == first
    me.post(path, **body(offer["id"]))
    assert len(here.file(no).waivers) == 1


def test_what_was_not_offered_is_not_used(plain: World) -> None:
    me = plain.resident()
    first, no = passed(plain, me), me.opens("440105-LNYDZ")
    for wrong in (f"case:{first}:form", "case:440105202603020000011:id_front", "registry:id_card_front", "x"):
        me.post(f"/api/v1/cases/{no}/known/id_front", 409, **body(wrong))
    assert plain.file(no).waivers == ()


def test_after_it_was_handed_in_nothing_is_used_or_taken_back(plain: World) -> None:
    me = plain.resident()
    passed(plain, me)
    no = me.opens("440105-LNYDZ")
    path, (offer,) = f"/api/v1/cases/{no}/known/id_front", offers(me, no)
    me.post(path, **body(offer["id"]))
    me.post(f"/api/v1/cases/{no}/submit")
    assert me.post(path, 409, **body("case:x:y"))["error"]["code"] == "wrong_state"
    assert me.ask("DELETE", path, 409)["error"]["code"] == "wrong_state"


def test_whoever_types_somebody_elses_number_is_offered_nothing_of_theirs(here: World) -> None:
    """The number alone proves nothing: only what the same account handed in is offered."""
    passed(here, here.resident("she"))
    thief = here.resident("he")
    no = thief.opens("440105-LNYDZ")
    assert offers(thief, no) == []
    assert thief.get("/api/v1/me/known?item=440105-LNYDZ")["materials"] == []


def test_another_persons_card_in_ones_own_account_does_not_stand_in(plain: World) -> None:
    me = plain.resident()
    passed(plain, me)
    no = me.opens("440105-LNYDZ", applicant={**APPLICANT, "name": "李样本", "id_number": "440105199002020027"})
    assert offers(me, no) == []


def test_the_guide_says_what_stays_at_home(plain: World) -> None:
    me = plain.resident()
    assert me.get("/api/v1/me/known?item=440105-LNYDZ") == {"item": "440105-LNYDZ", "whose": None, "materials": []}
    passed(plain, me)
    stays = me.get("/api/v1/me/known?item=440105-LNYDZ")
    assert stays["whose"] == "陈*本"
    assert [(m["material"], m["from_registry"]) for m in stays["materials"]] == [("id_front", False)]
    with_registry(plain)
    anybody = plain.resident("new").get("/api/v1/me/known?item=440105-LNYDZ")["materials"]
    assert [(m["from_registry"], m["source_label"], m["date"]) for m in anybody] == [(True, "公安部门人口信息", None)]
    assert plain.client.get("/api/v1/me/known?item=440105-LNYDZ").status_code == 401


def test_a_paper_that_is_still_wanted_is_said_to_need_no_photograph_alone(plain: World) -> None:
    me = plain.resident()
    passed(plain, me)
    plain.publish(**CARD | {"version": 2, "materials": [FRONT, *ITEM["materials"][2:]]})
    no = me.opens("440105-LNYDZ")
    (offer,) = offers(me, no)
    assert offer["still_show"]
    known = me.post(f"/api/v1/cases/{no}/known/id_front", **body(offer["id"]))
    assert (known["papers_saved"], known["photographs_saved"]) == (0, 1)
    assert me.get(f"/api/v1/cases/{no}")["materials"][0]["state_label"] == "不用拍照"


# ── registries ──


def test_a_registry_is_asked_on_authorisation_and_every_question_is_shown_to_whom_it_is_about(here: World) -> None:
    with_registry(here)
    me = here.resident()
    no = me.opens("440105-LNYDZ")
    path = f"/api/v1/cases/{no}/known/id_front"
    (offer,) = offers(me, no)
    assert (offer["id"], offer["resource"]) == ("registry:id_card_front", "id_card_front")
    asking = me.post(path, **body(offer["id"], REGISTRY))
    assert asking["materials"][0]["state"] == "asking"
    me.post(path, **body(offer["id"], REGISTRY))
    (inquiry,) = here.file(no).inquiries
    here.decide(no, lambda file, now: waiving.answered(file, inquiry.id, Answered(Answer.PROVEN, receipt="R1"), now))
    used = me.get(f"/api/v1/cases/{no}/known")["materials"][0]
    assert (used["state"], used["used"]["source_label"], used["inquiry"]["state_label"]) == (
        "used", "公安部门人口信息", "已核验",
    )  # fmt: skip
    (told,) = me.get("/api/v1/me/data")["inquiries"]
    assert (told["case"], told["result"], told["by_me"], told["consent"]) == (no, "已核验", True, "registry-1")
    assert (told["name"], told["registry"]) == ("居民身份证（人像面）", "公安部门人口信息")


def test_the_authorisation_is_withdrawn_before_the_answer(plain: World) -> None:
    with_registry(plain)
    me = plain.resident()
    no = me.opens("440105-LNYDZ")
    path = f"/api/v1/cases/{no}/known/id_front"
    me.post(path, **body("registry:id_card_front", REGISTRY))
    known = me.ask("DELETE", path)["materials"][0]
    assert (known["state"], known["inquiry"]["state"]) == ("offered", "withdrawn")


def test_an_account_that_asks_about_many_people_is_stopped(here: World) -> None:
    with_registry(here)
    me = here.resident()
    for n in range(OTHERS_AT_MOST + 1):
        no = me.opens("440105-LNYDZ", applicant={**APPLICANT, "id_number": f"44010519900307{n:04d}"})
        status = 429 if n == OTHERS_AT_MOST else 200
        me.post(f"/api/v1/cases/{no}/known/id_front", status, **body("registry:id_card_front", REGISTRY))


# ── the office, and erasing ──


def test_the_desk_sees_where_it_comes_from_and_may_send_it_back(here: World) -> None:
    me, desk = here.resident(), here.system(Role.PRE_AUDITOR)
    first, no = passed(here, me), me.opens("440105-LNYDZ")
    (offer,) = offers(me, no)
    me.post(f"/api/v1/cases/{no}/known/id_front", **body(offer["id"]))
    here.read(no, me.uploads(no, "form")["id"])
    me.post(f"/api/v1/cases/{no}/submit")
    here.judge(no, "review")
    seen = desk.get(f"/desk/api/cases/{no}/waivers/id_front")
    assert (seen["waiver"]["source_case"], seen["waiver"]["name"]) == (first, "居民身份证（人像面）")
    assert seen["pages"][0]["fields"]["id_number"]["value"] == APPLICANT["id_number"]
    (twice,) = desk.get(f"/desk/api/cases/{no}/duplicates")["questions"]
    desk.post(f"/desk/api/cases/{no}/duplicates/{twice['id']}", answer="in_order")
    desk.post(f"/desk/api/cases/{no}/materials/id_front/decision", decision="return")
    desk.post(f"/desk/api/cases/{no}/preaudit", decision="return")
    mend = me.get(f"/api/v1/cases/{no}")["correction"]["findings"]
    assert [(f["material"], f["message"]) for f in mend] == [("id_front", "需要重新提交")]
    (ended,) = desk.get(f"/desk/api/cases/{no}/waivers")["waivers"]
    assert ended["ended_why"] == "refused"
    desk.get(f"/desk/api/cases/{no}/waivers/id_front", 404)


def test_erasing_a_draft_erases_what_stood_in_for_its_photographs(here: World) -> None:
    me = here.resident()
    passed(here, me)
    no = me.opens("440105-LNYDZ")
    (offer,) = offers(me, no)
    me.post(f"/api/v1/cases/{no}/known/id_front", **body(offer["id"]))
    me.post("/api/v1/me/erase")
    assert here.file(no).waivers == ()
    with here.database.reading() as tx:
        assert tx.proven_readings(no) == {}
