"""Promised materials over HTTP: the resident hands them in late in the case, the desk sees, decides and ends."""

from datetime import UTC, datetime, timedelta

from cases.actions import deciding
from cases.actions.deferring import on_promises
from cases.actions.ruled import Ruled, rule_material
from cases.deadlines import beijing_day
from cases.deferrals import BROKEN_PROMISES
from cases.effects import Outcome
from cases.findings import FindingCode, found
from cases.lifecycle import MaterialEvent, MaterialState
from cases.model import CaseFile
from cases.moment import Moment
from storage.words import Role
from tests.cases.world import ITEM
from tests.web.world import World

DESK = (Role.INTAKE, Role.PRE_AUDITOR)


def overdue(world: World, days: int = -1) -> str:
    """A case that was accepted while its photo was promised for `days` from today."""
    item = world.publish(code="440105-RONGQUE", materials=[{**m, "original": "none"} for m in ITEM["materials"]])
    resident = world.resident()
    no = resident.opens(item)
    resident.submits(no)
    world.judge(no, "passed", id_front=MaterialState.ACCEPTED, form=MaterialState.ACCEPTED)
    due = beijing_day(datetime.now(UTC)) + timedelta(days=days)

    def promised(file: CaseFile, now: Moment) -> Outcome:
        material = file.material("photo")
        assert material is not None
        ruled = Ruled("defer", MaterialEvent.DEFER, MaterialState.DEFERRED, "auditor", defer_until=due)
        return rule_material(file, material, ruled, now)

    world.decide(no, promised)
    world.decide(no, deciding.accept)
    world.route(no)
    return no


def test_the_resident_hands_in_what_was_promised_and_nothing_else(plain_world: World) -> None:
    no = overdue(plain_world, 9)
    resident = plain_world.resident()
    assert "supplement" in resident.get(f"/api/v1/cases/{no}")["actions"]
    resident.uploads(no, "photo", b"\xff\xd8\xff\xe0 the photo")
    resident.uploads(no, "form", b"\xff\xd8\xff\xe0 another form", 409)
    assert plain_world.file(no).material("photo").state is MaterialState.UPLOADED  # type: ignore[union-attr]


def test_the_desk_sees_what_is_open_and_whose_turn_it_is(plain_world: World) -> None:
    no = overdue(plain_world, 2)
    desk = plain_world.system(*DESK)
    (one,) = desk.get("/desk/api/deferrals")["promises"]
    assert (one["case"], one["material"], one["turn"], one["applicant"]) == (no, "photo", "resident", "陈*本")
    plain_world.resident().uploads(no, "photo", b"\xff\xd8\xff\xe0 the photo")
    plain_world.read_all(no)
    assert desk.get("/desk/api/deferrals")["promises"][0]["turn"] == "office"


def test_another_office_sees_none_of_them(plain_world: World) -> None:
    overdue(plain_world)
    assert plain_world.system(Role.PRE_AUDITOR, departments=("mzj",)).get("/desk/api/deferrals")["promises"] == []


def test_the_desk_accepts_what_came_by_post(plain_world: World) -> None:
    no = overdue(plain_world, 2)
    desk = plain_world.system(*DESK)
    desk.post(f"/desk/api/cases/{no}/deferrals/photo", decision="accept", transaction_id="t-1")
    assert desk.get("/desk/api/deferrals")["promises"] == []
    desk.post(f"/desk/api/cases/{no}/deferrals/photo", decision="accept", transaction_id="t-1")
    desk.post(f"/desk/api/cases/{no}/deferrals/photo", 409, decision="accept", transaction_id="t-2")


def test_a_broken_promise_is_ended_by_a_person_after_its_day(plain_world: World) -> None:
    no = overdue(plain_world)
    desk = plain_world.system(*DESK)
    desk.post(f"/desk/api/cases/{no}/deferrals/photo/end", 409, reason="未补交")
    plain_world.decide(no, on_promises)
    desk.post(f"/desk/api/cases/{no}/deferrals/photo/end", reason="未补交")
    seen = plain_world.resident().get(f"/api/v1/cases/{no}")
    assert seen["state"] == "aborted"
    assert "termination" in {d["kind"] for d in seen["documents"]}
    assert len(plain_world.file(no).credit_notes) == 1


def test_a_broken_promise_counts_against_its_person_until_it_is_made_good(plain_world: World) -> None:
    no = overdue(plain_world)
    plain_world.decide(no, on_promises)
    desk, supervisor = plain_world.system(*DESK), plain_world.system(Role.SUPERVISOR)
    desk.post(f"/desk/api/cases/{no}/deferrals/photo/end", reason="未补交")
    resident = plain_world.resident()
    again = resident.opens("440105-RONGQUE")
    resident.submits(again)
    plain_world.judge(again, "review", found(FindingCode.MISMATCH, material="form", field="name"))
    assert plain_world.file(again).extra[BROKEN_PROMISES] == 1
    (note,) = supervisor.get(f"/desk/api/cases/{no}/credit-notes")["notes"]
    path = f"/desk/api/cases/{no}/credit-notes/{note['id']}/repair"
    desk.post(path, 403, reason="已补交")
    supervisor.post(path, reason="已补交")
    supervisor.post(path, 409, reason="已补交")
    assert plain_world.file(again).extra[BROKEN_PROMISES] == 0


def test_a_page_that_is_made_up_leads_nowhere(plain_world: World) -> None:
    desk = plain_world.system(*DESK)
    for cursor in ("x", "2026-01-01.x", "2026-13-01.1"):
        desk.get(f"/desk/api/deferrals?cursor={cursor}", 422)
