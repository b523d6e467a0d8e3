"""What a resident says of the work: a bad rating is put right by somebody who had no part in it, a complaint gets its number,
its answer and one review, a follow-up is answered with one tap; and whoever did the work finds nothing of it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Table, update

from cases.effects import Move, Outcome, Put
from cases.model import CaseFile
from cases.moment import Moment
from storage.actors import Actor
from storage.care import DRAWN
from storage.care_tables import complaints
from storage.tables import cases, settings
from storage.words import Role
from tests.web.world import JPEG, Caller, World, unique
from workers import care as sweeps

PDF = b"%PDF-1.7 proof"


def delivered(world: World, me: Caller, worker: Actor | None = None) -> str:
    """A case at its end; `worker` decided something in it."""
    no = me.opens()
    me.submits(no)

    def ends(file: CaseFile, now: Moment) -> Outcome:
        return (
            Move("case", no, file.case.state, "delivered", "test"),
            Put("case", no, {"deadline_at": None, "submitted_at": now.at, "concluded_at": now.at}),
        )

    world.decide(no, ends)
    if worker is not None:
        with world.database.transaction() as tx:
            tx.record(no, worker, "assignment_decided", {"decision": "approve"})
    return no


def caller(world: World, *roles: Role, departments: tuple[str, ...] = ("rsj", "gaj")) -> tuple[Caller, str]:
    """A desk with a key, and who it is."""
    with world.database.transaction() as tx:
        key, token = tx.staff.add_api_key(
            "desk", roles=frozenset(roles), departments=frozenset(departments), actor=Actor("system", "t")
        )
    return Caller(world, {"X-API-Key": token}), key.id


def put(world: World, table: Table, where: Any, **values: Any) -> None:
    with world.database.transaction() as tx:
        tx.execute(update(table).where(where).values(**values))


def complains(me: Caller, no: str, status: int = 201, **fields: str) -> Any:
    form = {"transaction_id": unique(), "kind": "slow", "text": "等了两周没有人理", **fields}
    files = (
        {"file": ("a.jpg", JPEG, "image/jpeg")} if fields.pop("with_picture", "") else {"x": ("", b"", "text/plain")}
    )
    return me.ask("POST", f"/api/v1/cases/{no}/complaints", status, files=files, data=form)


def test_a_bad_rating_is_put_right_by_somebody_who_had_no_part_in_it(world: World) -> None:
    me = world.resident()
    clerk, clerk_id = caller(world, Role.SUPERVISOR, Role.CLERK)
    boss, boss_id = caller(world, Role.SUPERVISOR)
    no = delivered(world, me, Actor("staff", clerk_id))
    me.post(f"/api/v1/cases/{no}/rating", level=5, text="窗口态度差")
    (line,) = boss.get("/desk/api/rectifications")["rectifications"]
    path = f"/desk/api/rectifications/{line['id']}"
    # who worked on it sees neither the list's line, nor the rating on the case, nor that there is one
    assert clerk.get("/desk/api/rectifications?state=")["rectifications"] == []
    for tail in ("", "/contact", "/proof"):
        clerk.get(path + tail, 404)
    clerk.post(f"{path}/assign", 404)
    assert clerk.get(f"/desk/api/cases/{no}")["rating"] is None
    assert "rated" not in {x["action"] for x in clerk.get(f"/desk/api/cases/{no}/timeline")["timeline"]}
    assert clerk.get("/desk/api/supervision/rectification/" + line["id"], 404)
    # the steps, in their order
    one = boss.get(path)
    assert (one["text"], one["steps"], one["state_label"]) == ("窗口态度差", ["assign"], "待分派")
    boss.post(f"{path}/verify", 409, founded=True, found="属实")
    boss.get(f"{path}/contact", 404)
    assert boss.post(f"{path}/assign")["handler"] == boss_id
    assert boss.get(f"{path}/contact") == {"name": "陈样本", "phone": "13800000000"}
    boss.post(f"{path}/verify", 422, founded=True, found=" ")
    assert boss.post(f"{path}/verify", founded=True, found="已电话核实，属实")["state"] == "rectifying"
    rectify = {"transaction_id": unique(), "measures": "已培训并道歉"}
    boss.ask("POST", f"{path}/rectify", 422, data=rectify, files={"x": ("", b"", "text/plain")})
    boss.ask("POST", f"{path}/rectify", 422, data=rectify, files={"file": ("a.exe", b"MZ", "x/y")})
    done = boss.ask("POST", f"{path}/rectify", data=rectify, files={"file": ("整改.pdf", PDF, "application/pdf")})
    assert (done["state"], done["proof_name"]) == ("call_back", "整改.pdf")
    proof = boss.raw("GET", f"{path}/proof")
    assert (proof.content, proof.headers["content-type"]) == (PDF, "application/pdf")
    assert proof.headers["content-disposition"].startswith("attachment")
    back = boss.post(f"{path}/call-back", resolved=False, note="仍不满意")
    assert (back["state"], back["rounds"]) == ("rectifying", 1)
    boss.post(f"{path}/extend", 422, until="2020-01-01", reason="")
    assert boss.post(f"{path}/extend", until="2099-01-05", reason="须上级协调")["rectify_by"] == "2099-01-05"
    boss.post(f"{path}/extend", 409, until="2099-02-05", reason="再延")
    boss.ask("POST", f"{path}/rectify", data={**rectify, "transaction_id": unique()})
    closed = boss.post(f"{path}/call-back", resolved=True, note="满意")
    assert (closed["state"], closed["resolved"], closed["steps"]) == ("closed", True, [])
    told = {m["template"] for m in me.get("/api/v1/messages")["messages"]}
    assert {"rating_rectified", "follow_up_asked"} <= told


def test_a_rectification_is_given_to_nobody_who_worked_on_the_case(world: World) -> None:
    me = world.resident()
    with world.database.transaction() as tx:
        made = [
            tx.staff.add(
                name, name, "a long enough password", roles=frozenset({role}), departments=frozenset({"rsj"}), actor=Actor("system", "t")
            )[0]
            for name, role in (("rated", Role.SUPERVISOR), ("free", Role.SUPERVISOR), ("clerk", Role.CLERK))
        ]  # fmt: skip
    no = delivered(world, me, Actor("staff", made[0].id))
    me.post(f"/api/v1/cases/{no}/rating", level=4, text="慢")
    boss, _ = caller(world, Role.ADMINISTRATOR)
    (line,) = boss.get("/desk/api/rectifications")["rectifications"]
    path = f"/desk/api/rectifications/{line['id']}"
    assert [h["label"] for h in boss.get(path)["handlers"]] == ["free"]
    for nobody in (made[0].id, made[2].id, "x"):
        boss.post(f"{path}/assign", 409, to=nobody)
    assert boss.post(f"{path}/assign", to=made[1].id)["handler_name"] == "free"
    good = delivered(world, me)
    me.post(f"/api/v1/cases/{good}/rating", level=2, text="")
    assert len(boss.get("/desk/api/rectifications")["rectifications"]) == 1


def test_a_complaint_is_taken_up_answered_and_reviewed_once_by_the_level_above(world: World) -> None:
    me, other = world.resident(), world.resident("other")
    boss, _ = caller(world, Role.SUPERVISOR)
    above, _ = caller(world, Role.ADMINISTRATOR)
    no = delivered(world, me)
    complains(other, no, 404)
    complains(me, no, 422, kind="nonsense")
    complains(me, no, 422, text=" ")
    made = complains(me, no)
    assert made["number"].startswith("TS440105")
    assert (made["state_label"], made["actions"], made["kind_label"]) == ("待受理", ["withdraw"], "办得慢、没人管")
    complains(me, no, 409)
    me.post(f"/api/v1/cases/{no}/complaints", 409, kind="fee", text="再说一次", transaction_id=unique())
    me.post(f"/api/v1/cases/{no}/complaints", 422, kind="fee", text="少了编号")
    assert other.get("/api/v1/complaints")["complaints"] == []
    other.get(f"/api/v1/complaints/{made['id']}", 404)
    path = f"/desk/api/complaints/{made['id']}"
    assert boss.post(f"{path}/take")["state"] == "in_hand"
    boss.post(f"{path}/answer", 422, text="")
    assert boss.post(f"{path}/answer", text="已加急办理，向您道歉")["state"] == "answered"
    seen = me.get(f"/api/v1/complaints/{made['id']}")
    assert (seen["answer"], seen["actions"]) == ("已加急办理，向您道歉", ["accept", "raise"])
    raised = me.post(f"/api/v1/complaints/{made['id']}/judge", satisfied=False, text="没有解决")
    assert (raised["state"], raised["actions"], raised["resolved"]) == ("raised", [], False)
    me.post(f"/api/v1/complaints/{made['id']}/judge", 409, satisfied=False)
    assert boss.get(path)["steps"] == []
    boss.post(f"{path}/take", 403)
    assert above.get(path)["steps"] == ["take"]
    above.post(f"{path}/take")
    assert above.post(f"{path}/answer", text="已约谈经办人")["state"] == "closed"
    assert me.get(f"/api/v1/complaints/{made['id']}")["review"] == "已约谈经办人"
    templates = [m["template"] for m in me.get("/api/v1/messages")["messages"]]
    assert templates.count("complaint_answered") >= 1
    assert {"complaint_filed", "complaint_taken"} <= set(templates)


def test_who_worked_on_a_case_finds_no_complaint_about_it(world: World) -> None:
    me = world.resident()
    clerk, clerk_id = caller(world, Role.SUPERVISOR)
    no = delivered(world, me, Actor("staff", clerk_id))
    made = complains(me, no)
    assert clerk.get("/desk/api/complaints?state=")["complaints"] == []
    clerk.get(f"/desk/api/complaints/{made['id']}", 404)
    clerk.post(f"/desk/api/complaints/{made['id']}/take", 404)
    clerk.get(f"/desk/api/supervision/complaint/{made['id']}", 404)


def test_an_answer_that_nobody_objects_to_stands(world: World) -> None:
    me = world.resident()
    boss, _ = caller(world, Role.SUPERVISOR)
    no = delivered(world, me)
    first = complains(me, no)
    boss.post(f"/desk/api/complaints/{first['id']}/take")
    with world.database.transaction() as tx:
        tx.care.put_terms(tx.care.terms(), actor=Actor("system", "t"))
    boss.post(f"/desk/api/complaints/{first['id']}/answer", text="已办")
    assert sweeps.complaints(world.database) == 0
    put(world, complaints, complaints.c.id == first["id"], due_at=world.database.now() - timedelta(hours=1))
    assert sweeps.complaints(world.database) == 1
    assert sweeps.complaints(world.database) == 0
    closed = me.get(f"/api/v1/complaints/{first['id']}")
    assert (closed["state"], closed["resolved"]) == ("closed", None)
    second = complains(me, no)
    assert me.post(f"/api/v1/complaints/{second['id']}/withdraw")["state"] == "withdrawn"
    me.post(f"/api/v1/complaints/{second['id']}/withdraw", 409)


def test_a_draft_cannot_be_complained_of(world: World) -> None:
    me = world.resident()
    complains(me, me.opens(), 409)


def test_lots_are_drawn_for_follow_ups_and_one_tap_answers(world: World) -> None:
    me, other = world.resident(), world.resident("other")
    boss, _ = caller(world, Role.SUPERVISOR)
    admin, _ = caller(world, Role.ADMINISTRATOR)
    terms = admin.get("/desk/api/care/terms")
    admin.ask("PUT", "/desk/api/care/terms", json={**terms, "follow_up_share": 1})
    admin.ask("PUT", "/desk/api/care/terms", 422, json={**terms, "follow_up_share": 2})
    boss.ask("PUT", "/desk/api/care/terms", 403, json=terms)
    sweeps.follow_ups(world.database)
    first, second = delivered(world, me), delivered(world, me)
    put(world, settings, settings.c.name == DRAWN, value={"at": "2020-01-01T00:00:00+00:00", "number": ""})
    put(world, cases, cases.c.number.in_([first, second]), state_since=world.database.now() - timedelta(hours=1))
    assert sweeps.follow_ups(world.database) == 2
    assert sweeps.follow_ups(world.database) == 0
    assert {f["case"] for f in me.get("/api/v1/follow-ups")["follow_ups"]} == {first, second}
    other.post(f"/api/v1/cases/{first}/follow-up", 404, good=True)
    assert me.post(f"/api/v1/cases/{first}/follow-up", good=False, text="还没收到")["good"] is False
    me.post(f"/api/v1/cases/{first}/follow-up", 409, good=True)
    (open_,) = boss.get("/desk/api/follow-ups")["follow_ups"]
    path = f"/desk/api/follow-ups/{open_['id']}"
    assert boss.get(f"{path}/contact")["phone"] == "13800000000"
    assert boss.post(path, reached=False)["tries"] == 1
    boss.post(path, 409, reached=False)
    assert boss.post(path, reached=True, good=True, note="都好")["outcome"] == "good"
    me.post(f"/api/v1/cases/{delivered(world, me)}/follow-up", 404, good=True)


def test_a_bad_rating_is_followed_up_without_a_lot(world: World) -> None:
    me = world.resident()
    boss, _ = caller(world, Role.SUPERVISOR)
    no = delivered(world, me)
    me.post(f"/api/v1/cases/{no}/rating", level=4, text="来回跑")
    (one,) = boss.get("/desk/api/follow-ups")["follow_ups"]
    assert (one["case"], one["because"], one["due"]["light"]) == (no, "rating", "green")
    assert one["due"]["due_at"] > boss.get("/desk/api/rectifications")["rectifications"][0]["due"]["due_at"]


def test_what_one_wrote_is_erased_when_it_is_over(world: World) -> None:
    me = world.resident()
    boss, _ = caller(world, Role.SUPERVISOR)
    over, alive = delivered(world, me), delivered(world, me)
    gone = complains(me, over, with_picture="yes")
    kept = complains(me, alive)
    me.post(f"/api/v1/complaints/{gone['id']}/withdraw")
    mine = me.get("/api/v1/me/data")["complaints"]
    assert {c["number"] for c in mine} == {gone["number"], kept["number"]}
    erased = me.post("/api/v1/me/erase")
    assert erased["complaints_kept"] == [kept["number"]]
    assert me.get(f"/api/v1/complaints/{gone['id']}")["text"] is None
    assert me.get(f"/api/v1/complaints/{kept['id']}")["text"] == "等了两周没有人理"
    assert boss.get(f"/desk/api/complaints/{gone['id']}")["text"] is None


@pytest.mark.parametrize("what", ["rectifications", "complaints", "follow-ups"])
def test_lists_are_of_ones_own_departments(world: World, what: str) -> None:
    me = world.resident()
    elsewhere, _ = caller(world, Role.SUPERVISOR, departments=("elsewhere",))
    no = delivered(world, me)
    me.post(f"/api/v1/cases/{no}/rating", level=4, text="慢")
    complains(me, no)
    assert elsewhere.get(f"/desk/api/{what}?state=")[what.replace("-", "_")] == []
