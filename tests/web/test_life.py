"""One application by HTTP from the first photograph to the rating; the worker's part is played by its use-cases."""

from cases.findings import FindingCode, found
from cases.lifecycle import LegState
from cases.model import Direction
from storage.words import Role
from tests.web.world import World


def _desk(world: World):  # type: ignore[no-untyped-def]
    return world.system(Role.INTAKE, Role.PRE_AUDITOR, Role.SUPERVISOR)


def test_an_application_goes_from_photographs_to_the_rating(world: World) -> None:
    me, desk = world.resident(), _desk(world)
    no = me.opens()
    opened = me.get(f"/api/v1/cases/{no}")
    assert (opened["state"], opened["state_label"]) == ("draft", "还没有提交")
    assert opened["actions"] == ["submit", "withdraw", "add_page", "remove_page"]
    assert [m["key"] for m in opened["materials"]] == ["id_front", "form", "photo"]

    bad = me.uploads(no, "id_front")
    world.read(no, bad["id"], found(FindingCode.BLURRED, material="id_front", page=1))
    page = me.get(f"/api/v1/cases/{no}")["materials"][0]["pages"][0]
    assert [f["code"] for f in page["findings"]] == ["blurred"]
    me.ask("DELETE", f"/api/v1/cases/{no}/pages/{bad['id']}")
    me.submits(no)
    world.judge(no, "review", found(FindingCode.MISMATCH, material="form", field="name"))

    assert desk.get("/desk/api/queues")["queues"]["review"] == 1
    assert [c["case"] for c in desk.get("/desk/api/queues/review")["cases"]] == [no]
    desk.post(f"/desk/api/cases/{no}/claim")
    for key in ("id_front", "form"):
        desk.post(f"/desk/api/cases/{no}/materials/{key}/decision", decision="accept")
    assert desk.post(f"/desk/api/cases/{no}/preaudit", decision="pass")["state"] == "preaudit_passed"

    booking = me.books(no)
    world.book_at_partner(no)
    world.track(no, booking, LegState.ASSIGNED, LegState.PICKED_UP, LegState.DELIVERED)
    seen = me.get(f"/api/v1/cases/{no}")
    assert seen["state"] == "collecting"
    assert seen["legs"][0]["booking"]["partner_name"] == "中国邮政EMS"
    received = [{"key": o["key"], "copies": o["copies"], "condition": "good"} for o in seen["originals"]]
    desk.post(f"/desk/api/cases/{no}/originals", seal="S1", received=received)
    assert desk.post(f"/desk/api/cases/{no}/accept")["state"] == "accepted"
    world.route(no)

    _departments_decide(world, no)
    assert desk.post(f"/desk/api/cases/{no}/conclude")["state"] == "concluded"
    delivery = me.books(no, Direction.DELIVERY)
    world.book_at_partner(no)
    world.track(no, delivery, LegState.PICKED_UP, LegState.DELIVERED)
    done = me.post(f"/api/v1/cases/{no}/rating", level=1, text="很方便")
    assert (done["state"], done["rating"]["level"], done["actions"]) == ("delivered", 1, [])
    _timeline_tells_it(world, me, no)


def _departments_decide(world: World, no: str) -> None:
    """Side by side; the last one waited for both."""
    for department in ("gaj", "rsj", "rsj"):
        clerk = world.system(Role.CLERK, departments=(department,))
        (task,) = clerk.get(f"/desk/api/assignments?department={department}")["assignments"]
        assert task["case"] == no
        decided = clerk.post(
            f"/desk/api/assignments/{task['id']}/decision", decision="approve", opinion="同意", document="穗1号"
        )
        assert (decided["state"], decided["opinion"]) == ("approved", "同意（文号：穗1号）")


def _timeline_tells_it(world: World, me, no: str) -> None:  # type: ignore[no-untyped-def]
    lines = me.get(f"/api/v1/cases/{no}/timeline")["timeline"]
    actions = [line["action"] for line in lines]
    assert actions[0] == "case_opened"
    assert actions[-1] == "rated"
    assert all(line["label"] and line["at"].endswith("+08:00") for line in lines)
    assert "by" not in {key for line in lines for key in line["detail"]}
    (found_one,) = me.get("/api/v1/cases")["cases"]
    assert (found_one["case"], found_one["item_name"]) == (no, "社会保障卡补领")


def test_a_returned_case_shows_the_one_notice_and_is_handed_in_again(world: World) -> None:
    me = world.resident()
    no = me.opens()
    me.submits(no)
    world.judge(no, "returned", found(FindingCode.BLURRED, material="form", page=1))
    seen = me.get(f"/api/v1/cases/{no}")
    assert seen["correction"]["round"] == 1
    assert [f["code"] for f in seen["correction"]["findings"]] == ["blurred"]
    assert seen["deadlines"]["correction"] == seen["correction"]["due"]
    assert "submit" in seen["actions"]
    assert me.post(f"/api/v1/cases/{no}/submit")["correction"] is None


def test_the_office_finds_a_difference_and_the_case_stays(world: World) -> None:
    me, desk = world.resident(), _desk(world)
    no = me.opens()
    me.submits(no)
    world.judge(no, "passed")
    me.books(no)
    world.book_at_partner(no)
    counted = desk.post(f"/desk/api/cases/{no}/originals", received=[{"key": "id_front", "copies": 1}])
    assert counted["state"] == "collecting"
    assert counted["incidents"][0]["detail"]["lines"] == [
        {"key": "form", "expected": 1, "found": 0, "condition": "good", "differs": "missing"}
    ]


def test_a_special_procedure_is_started_and_ended_at_the_desk(world: World) -> None:
    me, desk = world.resident(), _desk(world)
    no = me.opens()
    me.submits(no)
    world.judge(no, "passed")
    received = [{"key": o["key"], "copies": 1} for o in me.get(f"/api/v1/cases/{no}")["originals"]]
    desk.post(f"/desk/api/cases/{no}/originals", received=received)
    desk.post(f"/desk/api/cases/{no}/accept")
    world.route(no)
    assert desk.post(f"/desk/api/cases/{no}/special", kind="专家评审", reason="需要评审")["deadlines"]["paused"]
    refused = desk.post(f"/desk/api/cases/{no}/special", 409, kind="专家评审", reason="需要评审")
    assert refused["error"]["code"] == "conflict"
    assert not desk.post(f"/desk/api/cases/{no}/special", action="end")["deadlines"]["paused"]
