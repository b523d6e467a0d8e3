"""Correction after acceptance 受理后补正 at the doors: asked for, granted, mended by the resident, looked at; as JSON and as
pages."""

from typing import Any

from cases.actions.demanded import on_demand, record_demanded
from cases.actions.judging import Verdict
from cases.deadlines import beijing_day
from cases.effects import Outcome, Put
from cases.findings import Finding
from cases.lifecycle import CaseState, MaterialState
from cases.model import CaseFile
from cases.moment import Moment
from storage.demands import cases_with_demands_to_tell
from storage.words import Role
from tests.web.test_departments import clerk, of, processing
from tests.web.world import JPEG, World

WANTED = [{"material": "form", "reason": "请更正工作单位后重新填写"}]


def demanded(world: World, department: str = "rsj") -> str:
    no = processing(world)
    asked = clerk(world, department).post(f"/desk/api/cases/{no}/demands", reason="单位不符", days=5, materials=WANTED)
    request = asked["clocks"]["requests"][0]
    assert (request["procedure"], request["demands"]) == ("补正", WANTED)
    boss = world.system(Role.SUPERVISOR)
    boss.post(f"/desk/api/cases/{no}/clock-requests/{request['id']}", decision="grant")
    return no


def mended(world: World, no: str, *findings: Finding) -> None:
    world.resident().uploads(no, "form", JPEG + b" mended")
    world.read_all(no)
    world.decide(no, lambda file, now: record_demanded(file, Verdict("review", findings, {}), now))


def over(world: World, no: str) -> None:
    """Its days are over, and the sweep has said so."""

    def past(file: CaseFile, now: Moment) -> Outcome:
        assert file.open_special is not None
        return (Put("special", file.open_special.id, {"due": now.today.replace(year=now.today.year - 1)}),)

    world.decide(no, past)
    with world.database.reading() as tx:
        assert cases_with_demands_to_tell(tx, beijing_day(tx.now()), closed=False) == [no]
    world.decide(no, on_demand)


def test_the_resident_sees_the_one_list_and_photographs_only_what_is_on_it(world: World) -> None:
    no, me = demanded(world), world.resident()
    seen = me.get(f"/api/v1/cases/{no}")
    (line,) = seen["correction"]["findings"]
    assert (line["material"], line["message"]) == ("form", "请更正工作单位后重新填写")
    assert line["page_id"] == world.file(no).specials[-1].demands[0].page
    assert seen["correction"]["after_acceptance"]
    assert seen["deadlines"]["correction"] == world.file(no).specials[-1].due.isoformat()  # type: ignore[union-attr]
    assert seen["deadlines"]["paused"]
    assert "supplement" in seen["actions"]
    assert [d["title"] for d in seen["documents"]][-1] == "补正告知书"
    me.uploads(no, "id_front", JPEG + b" x", 409)
    mended(world, no)
    assert world.file(no).material("form").state is MaterialState.READ  # type: ignore[union-attr]


def test_the_clerk_who_asked_looks_and_the_clocks_run_on(world: World) -> None:
    no, mine = demanded(world), clerk(world, "rsj")
    (line,) = mine.get("/desk/api/demands")["demands"]
    assert (line["case"], line["mine"], line["papers"][0]["turn"]) == (no, True, "resident")
    mended(world, no)
    assert mine.get("/desk/api/demands")["demands"][0]["papers"][0]["turn"] == "office"
    mine.post(f"/desk/api/cases/{no}/demands/form", 422, decision="return")
    done = mine.post(f"/desk/api/cases/{no}/demands/form", decision="accept", transaction_id="d-1")
    assert (done["deadlines"]["paused"], done["clocks"]["specials"][0]["result"]) == (False, "补正完成")
    assert mine.post(f"/desk/api/cases/{no}/demands/form", decision="accept", transaction_id="d-1") == done
    assert mine.get("/desk/api/demands")["demands"] == []
    assert world.resident().get(f"/api/v1/cases/{no}")["correction"] is None


def test_a_pre_auditor_may_look_too_and_another_department_may_not(world: World) -> None:
    no = demanded(world)
    mended(world, no)
    assert not clerk(world).get("/desk/api/demands")["demands"][0]["mine"]
    clerk(world).post(f"/desk/api/cases/{no}/demands/form", 404, decision="accept")
    clerk(world, "mzj").post(f"/desk/api/cases/{no}/demands/form", 404, decision="accept")
    assert clerk(world, "mzj").get("/desk/api/demands")["demands"] == []
    auditor = world.system(Role.PRE_AUDITOR)
    auditor.post(f"/desk/api/cases/{no}/demands/form", decision="return", reason="还是旧的单位")
    assert world.resident().get(f"/api/v1/cases/{no}")["correction"]["findings"][0]["message"] == "还是旧的单位"


def test_after_its_days_a_clerk_ends_the_case_and_not_before(plain_world: World) -> None:
    world = plain_world
    no, mine = demanded(world), clerk(world, "rsj")
    mine.post(f"/desk/api/cases/{no}/expire", 409, reason="未补正")
    over(world, no)
    assert mine.get("/desk/api/demands")["demands"][0]["late_at"]
    clerk(world).post(f"/desk/api/cases/{no}/expire", 404, reason="未补正")
    ended = mine.post(f"/desk/api/cases/{no}/expire", reason="三次提醒仍未补正")
    assert (ended["state"], ended["documents"][-1]["title"]) == ("correction_expired", "终止办理决定书")
    assert world.file(no).case.state is CaseState.CORRECTION_EXPIRED


def test_a_demand_names_papers_once_and_only_of_ones_own_work(plain_world: World) -> None:
    no, mine = processing(plain_world), clerk(plain_world, "rsj")
    path = f"/desk/api/cases/{no}/demands"
    mine.post(path, 422, reason="单位不符", materials=[])
    mine.post(path, 422, reason="单位不符", materials=[{"material": "nothing", "reason": "x"}])
    theirs = of(plain_world, no, "photo")
    mine.post(path, 404, reason="单位不符", materials=WANTED, assignment=theirs)
    mine.post(path, reason="单位不符", materials=WANTED)
    mine.post(path, 409, reason="单位不符", materials=WANTED)


def test_whoever_still_holds_the_case_from_its_review_does_not_stand_in_the_way(plain_world: World) -> None:
    no = processing(plain_world)
    plain_world.system(Role.PRE_AUDITOR).post(f"/desk/api/cases/{no}/claim")
    mine = clerk(plain_world, "rsj")
    asked = mine.post(f"/desk/api/cases/{no}/demands", reason="单位不符", days=5, materials=WANTED)
    request = asked["clocks"]["requests"][0]["id"]
    plain_world.system(Role.SUPERVISOR).post(f"/desk/api/cases/{no}/clock-requests/{request}", decision="grant")
    mine.post(f"/desk/api/cases/{no}/demands/form", decision="accept")


def pages(world: World, no: str) -> tuple[Any, Any]:
    mine = clerk(world, "rsj")
    return mine.raw("GET", f"/desk/cases/{no}"), mine.raw("GET", "/desk/demands")


def test_the_pages_show_what_is_wanted_and_take_it(plain_world: World) -> None:
    world = plain_world
    no, mine = processing(world), clerk(world, "rsj")
    assert "要求补正材料" in pages(world, no)[0].text
    keys = [m.key for m in world.file(no).materials]
    lines = {"materials": keys, "reasons": [WANTED[0]["reason"] if k == "form" else "" for k in keys]}
    form = {**lines, "reason": "单位不符", "days": "5"}
    refused = mine.raw("POST", f"/desk/cases/{no}/demands", data={**form, "reasons": ["" for _ in keys]})
    assert refused.status_code == 422
    assert mine.raw("POST", f"/desk/cases/{no}/demands", data=form).headers["HX-Redirect"] == f"/desk/cases/{no}"
    boss = world.system(Role.SUPERVISOR)
    assert WANTED[0]["reason"] in boss.raw("GET", "/desk/assignments/requests").text
    request = world.file(no).clock_requests[0].id
    boss.raw("POST", f"/desk/cases/{no}/clock-requests/{request}", data={"decision": "grant"})
    case, listed = pages(world, no)
    assert "已当面补正" in case.text
    assert "结束补正" not in case.text
    assert no in listed.text
    mended(world, no)
    assert "再退回" in pages(world, no)[0].text
    assert mine.raw("POST", f"/desk/cases/{no}/demands/form", data={"decision": "accept"}).status_code == 204
    case, listed = pages(world, no)
    assert "要求补正材料" in case.text
    assert "没有等待补正的材料" in listed.text
