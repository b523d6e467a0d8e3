"""The desk's queues and claims at the doors: the next case, what was lost, finding a case, tests set apart."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import update

from cases.effects import Sampled
from cases.findings import FindingCode, found
from cases.model import Applicant
from storage.tables import cases
from storage.words import Role
from tests.web.test_desk_pages import in_review, signed_in
from tests.web.world import APPLICANT, SYSTEM, Caller, World

MISMATCH = found(FindingCode.MISMATCH, material="form", field="name")


def colleague(world: World) -> tuple[str, Caller]:
    """Somebody else at the desk: their id, and what they call."""
    with world.database.transaction() as tx:
        theirs = frozenset({Role.PRE_AUDITOR})
        made, token = tx.staff.add_api_key("李雷", roles=theirs, departments=frozenset({"rsj"}), actor=SYSTEM)
    return made.id, Caller(world, {"X-API-Key": token})


def lapse(world: World, no: str) -> None:
    with world.database.transaction() as tx:
        tx.execute(update(cases).where(cases.c.number == no).values(claimed_until=tx.now() - timedelta(seconds=1)))


def test_two_who_want_one_case_at_the_same_moment_both_get_one(world: World) -> None:
    numbers = {in_review(world), in_review(world)}
    _, one = colleague(world)
    _, two = colleague(world)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda who: who.post("/desk/api/next"), (one, two)))
    assert {answer["claim"]["case"] for answer in answers} == numbers
    assert one.post("/desk/api/next") == {"claim": None}


def test_the_same_question_for_a_next_case_takes_one_case(plain_world: World) -> None:
    in_review(plain_world), in_review(plain_world)
    _, me = colleague(plain_world)
    first = me.post("/desk/api/next", transaction_id="n-1")
    assert me.post("/desk/api/next", transaction_id="n-1") == first
    assert me.get("/desk/api/queues")["queues"]["mine"] == 1


def test_the_next_case_is_seen_without_taking_it(plain_world: World) -> None:
    first, second, third = (in_review(plain_world) for _ in range(3))
    _, me = colleague(plain_world)
    assert me.get("/desk/api/next")["case"] == first
    assert me.get(f"/desk/api/next?after={first}")["case"] == second
    assert me.get(f"/desk/api/next?after={third}")["case"] == first, "after the last comes the front again"
    _, other = colleague(plain_world)
    other.post(f"/desk/api/cases/{second}/claim")
    assert me.get(f"/desk/api/next?after={first}")["case"] == third
    assert me.get("/desk/api/queues")["queues"]["mine"] == 0


def test_who_is_late_is_told_who_was_faster_and_offered_the_next(world: World) -> None:
    wanted, following = in_review(world), in_review(world)
    _, other = colleague(world)
    change = signed_in(world)
    other.post(f"/desk/api/cases/{wanted}/claim")
    answer = world.client.post(f"/desk/cases/{wanted}/claim", headers=change)
    assert answer.headers["HX-Retarget"] == "#notice"
    assert "该办件正由李雷办理。" in answer.text
    assert f'hx-post="/desk/cases/{following}/claim"' in answer.text


def test_after_a_case_comes_the_next_of_the_same_queue(plain_world: World) -> None:
    in_review(plain_world)
    doubtful = [in_review(plain_world, MISMATCH) for _ in range(2)]
    change = signed_in(plain_world)
    plain_world.client.get("/desk/queues/doubtful")
    took = plain_world.client.get("/desk/next", follow_redirects=False)
    assert took.headers["location"] == f"/desk/cases/{doubtful[0]}"
    onwards = plain_world.client.post("/desk/next", data={"after": doubtful[0]}, headers=change)
    assert onwards.headers["HX-Redirect"] == f"/desk/cases/{doubtful[1]}"
    mine = plain_world.client.get("/desk/api/queues/mine").json()["cases"]
    assert [line["case"] for line in mine] == [doubtful[1]], "the one before was given back"


def test_the_next_case_is_drawn_ahead_for_who_may_take_it_and_nobody_has_it(plain_world: World) -> None:
    first, second = in_review(plain_world), in_review(plain_world)
    change = signed_in(plain_world)
    plain_world.client.post(f"/desk/cases/{first}/claim", headers=change)
    assert f'hx-get="/desk/ahead?after={first}"' in plain_world.client.get(f"/desk/cases/{first}").text
    loaded = plain_world.client.get(f"/desk/ahead?after={first}").text
    assert f'<template id="next" data-case="{second}"' in loaded
    assert "您已领取" in loaded
    with plain_world.database.reading() as tx:
        assert tx.claim_of(second) is None
    _, other = colleague(plain_world)
    other.post(f"/desk/api/cases/{second}/claim")
    assert plain_world.client.get(f"/desk/ahead?after={first}").text == ""
    gone = plain_world.client.post("/desk/next", data={"after": first}, headers=change)
    assert gone.headers["HX-Redirect"] == "/desk/queues/unclaimed", "nothing is left but what was just given back"


def test_looking_at_ones_case_keeps_it(plain_world: World) -> None:
    no = in_review(plain_world)
    holder, me = colleague(plain_world)
    _, other = colleague(plain_world)
    me.post(f"/desk/api/cases/{no}/claim")
    with plain_world.database.transaction() as tx:
        tx.execute(update(cases).values(claimed_until=tx.now() + timedelta(minutes=2)))
    other.get(f"/desk/api/cases/{no}")
    with plain_world.database.reading() as tx:
        held = tx.claim_of(no)
        assert held is not None
        assert held.until < tx.now() + timedelta(minutes=3), "somebody else's look is none of theirs"
    seen = me.get(f"/desk/api/cases/{no}")
    with plain_world.database.reading() as tx:
        held = tx.claim_of(no)
        assert held is not None
        assert (held.holder, held.until > tx.now() + timedelta(minutes=14)) == (holder, True)
    assert seen["claimed_by"] == holder


def test_who_loses_a_claim_is_told_by_whom_and_why(world: World) -> None:
    no = in_review(world)
    change = signed_in(world)
    world.client.post(f"/desk/cases/{no}/claim", headers=change)
    supervisor = world.system(Role.SUPERVISOR)
    taken = supervisor.post(f"/desk/api/cases/{no}/take-away", reason="张三今天请假")
    assert taken["holder_name"] == "张三"
    assert supervisor.post(f"/desk/api/cases/{no}/take-away", 409, reason="再来一次")["error"]["code"] == "conflict"
    told = world.client.get("/desk/lost").text
    assert "已由test收回：张三今天请假" in told
    assert no in told
    gone = world.client.post("/desk/lost/seen", headers=change).text
    assert no not in gone
    assert world.client.get("/desk/api/claims/lost").json() == {"lost": []}
    assert "claim_taken_away" in [
        line["action"] for line in supervisor.get(f"/desk/api/cases/{no}/timeline")["timeline"]
    ]


def test_a_claim_that_ran_out_is_told_when_somebody_else_took_the_case(plain_world: World) -> None:
    no = in_review(plain_world)
    _, me = colleague(plain_world)
    _, other = colleague(plain_world)
    me.post(f"/desk/api/cases/{no}/claim")
    lapse(plain_world, no)
    assert me.get("/desk/api/claims/lost")["lost"] == []
    other.post(f"/desk/api/cases/{no}/claim")
    (lost,) = me.get("/desk/api/claims/lost")["lost"]
    assert (lost["case"], lost["how"], lost["reason"]) == (no, "expired", None)
    assert lost["sentence"].endswith("领取时间已到，李雷已接着办理。")
    assert me.post("/desk/api/claims/lost/seen", ids=[lost["id"]]) == {"seen": 1}
    assert other.get("/desk/api/claims/lost")["lost"] == []


def test_a_supervisor_of_another_department_takes_nothing_away(plain_world: World) -> None:
    no = in_review(plain_world)
    _, me = colleague(plain_world)
    me.post(f"/desk/api/cases/{no}/claim")
    elsewhere = plain_world.system(Role.SUPERVISOR, departments=("swj",))
    elsewhere.post(f"/desk/api/cases/{no}/take-away", 404, reason="x")
    elsewhere.post(f"/desk/api/cases/{no}/test", 404, test=True, why="trial")


def test_a_case_is_found_by_its_number_the_persons_numbers_and_the_waybill(world: World) -> None:
    me, desk = world.resident(), world.system(Role.INTAKE)
    no = me.opens()
    me.submits(no)
    world.judge(no, "passed")
    me.books(no)
    world.book_at_partner(no)
    waybill = str(world.file(no).bookings[0].waybill)
    asked = {
        "number": f" {no[:6]} {no[6:]}",
        "id_number": APPLICANT["id_number"],
        "phone": "138-0000-0000",
        "waybill": waybill.lower(),
    }
    for by, text in asked.items():
        seen = desk.post("/desk/api/search", text=text)
        assert ([line["case"] for line in seen["cases"]], seen["by"]) == ([no], by)
    elsewhere = world.system(Role.INTAKE, departments=("swj",))
    assert all(elsewhere.post("/desk/api/search", text=text)["cases"] == [] for text in asked.values())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("陈样本", "请输入完整的办件编号、证件号码、手机号码或运单号。"),
        ("440105202603020000019", "办件编号有误，请核对后重试。"),
        ("13900000000", "没有找到该手机号码的办件。"),
        ("%_'; --", "请输入完整的办件编号、证件号码、手机号码或运单号。"),
    ],
)
def test_what_cannot_be_found_is_said_plainly(plain_world: World, text: str, sentence: str) -> None:
    assert plain_world.system(Role.INTAKE).post("/desk/api/search", text=text)["sentence"] == sentence


def test_pages_of_what_was_found_follow_each_other(plain_world: World) -> None:
    numbers = [in_review(plain_world) for _ in range(3)]
    _, me = colleague(plain_world)
    first = me.post("/desk/api/search", text="13800000000", limit=2)
    rest = me.post("/desk/api/search", text="13800000000", limit=2, cursor=first["cursor"])
    assert [line["case"] for line in first["cases"] + rest["cases"]] == numbers[::-1]
    assert rest["cursor"] is None


def test_who_searched_for_a_person_is_recorded_and_not_for_whom(plain_world: World) -> None:
    holder, me = colleague(plain_world)
    me.post("/desk/api/search", text="13800000000")
    with plain_world.database.reading() as tx:
        (line,) = [line for line in tx.timeline(f"staff:{holder}") if line.action == "cases_looked_up"]
    assert line.detail == {"by": "phone", "found": 0}


def test_the_search_on_a_page_goes_straight_to_the_only_case(plain_world: World) -> None:
    no = in_review(plain_world)
    change = signed_in(plain_world)
    only = plain_world.client.post("/desk/search", data={"text": no}, headers=change)
    assert only.headers["HX-Redirect"] == f"/desk/cases/{no}"
    in_review(plain_world)
    both = plain_world.client.post("/desk/search", data={"text": "13800000000"}, headers=change).text
    assert "手机号码：2件" in both
    assert "13800000000" not in both


def test_a_test_case_stands_apart_and_its_accounts_later_ones_too(plain_world: World) -> None:
    no, other = in_review(plain_world), in_review(plain_world)
    supervisor = plain_world.system(Role.SUPERVISOR)
    marked = supervisor.post(f"/desk/api/cases/{no}/test", test=True, why="training")
    assert marked == {"case": no, "test": True, "changed": 1}
    queues = supervisor.get("/desk/api/queues")["queues"]
    assert (queues["unclaimed"], queues["review"], queues["test"]) == (1, 1, 1)
    assert [line["case"] for line in supervisor.get("/desk/api/queues/test")["cases"]] == [no]
    supervisor.post(f"/desk/api/cases/{no}/test", test=True, why="training", account=True)
    later = in_review(plain_world)
    assert supervisor.get("/desk/api/queues")["queues"]["test"] == 3
    supervisor.post(f"/desk/api/cases/{later}/test", test=False, why="mistake", account=True)
    assert supervisor.get("/desk/api/queues")["queues"]["test"] == 0
    assert other in str(supervisor.get("/desk/api/queues/unclaimed")["cases"])


def test_a_line_says_why_the_case_stands_out(plain_world: World) -> None:
    no = in_review(plain_world, MISMATCH)
    _, me = colleague(plain_world)
    with plain_world.database.transaction() as tx:
        late = {"deadline_at": tx.now() - timedelta(hours=1), "round": 1}
        tx.execute(update(cases).where(cases.c.number == no).values(**late))
    (line,) = me.get("/desk/api/queues/doubtful")["cases"]
    assert (line["light"], line["why"]) == ("red", ["已超时", "身份存疑", "第1次补正"])
    assert (line["test"], line["doubtful_identity"], line["likely_duplicate"]) == (False, True, False)


def test_the_queues_page_is_for_the_keyboard_and_says_who_has_what(plain_world: World) -> None:
    taken, free = in_review(plain_world), in_review(plain_world)
    _, other = colleague(plain_world)
    other.post(f"/desk/api/cases/{taken}/claim")
    signed_in(plain_world)
    page = plain_world.client.get("/desk/queues/review").text
    assert re.search(r'href="/desk/queues/unclaimed"\s+data-key="2"', page)
    assert "李雷，至" in page
    assert f'hx-post="/desk/cases/{free}/claim"' in page
    assert f'hx-post="/desk/cases/{taken}/claim"' not in page
    assert "take-away" not in page
    assert Applicant(**APPLICANT).name not in page


def test_a_drawn_case_says_so_in_its_queue_and_when_it_is_found(plain_world: World) -> None:
    first, second = in_review(plain_world), in_review(plain_world)
    plain_world.decide(second, lambda _file, _now: (Sampled(),))
    _, me = colleague(plain_world)
    lines = {line["case"]: line for line in me.get("/desk/api/queues/unclaimed")["cases"]}
    assert [lines[no]["sampled"] for no in (first, second)] == [False, True]
    assert "抽查" in lines[second]["why"]
    (found_,) = me.post("/desk/api/search", text=second)["cases"]
    assert found_["sampled"]


def test_a_claim_is_taken_away_on_the_case_itself(plain_world: World) -> None:
    no = in_review(plain_world)
    _, holder = colleague(plain_world)
    holder.post(f"/desk/api/cases/{no}/claim")
    boss = Caller(plain_world, signed_in(plain_world, Role.SUPERVISOR))
    assert "收回李雷的领取" in boss.raw("GET", f"/desk/cases/{no}").text
    gone = boss.raw("POST", f"/desk/cases/{no}/take-away", data={"reason": "今天请假", "stay": "true"})
    assert gone.headers["HX-Redirect"] == f"/desk/cases/{no}"
    assert "收回李雷的领取" not in boss.raw("GET", f"/desk/cases/{no}").text
    assert holder.get("/desk/api/claims/lost")["lost"][0]["reason"] == "今天请假"
