"""Exports at the desk: within one's scope, masked without the permission, on record."""

import json

from cases.deadlines import beijing_day
from storage.actors import Actor
from storage.words import Role
from tests.web.test_care import caller, complains, delivered
from tests.web.test_deferrals import overdue
from tests.web.world import World

RANGE = "since=2020-01-01&until=2020-12-31"


def year(world: World) -> str:
    today = beijing_day(world.database.now())
    return f"since={today.replace(month=1, day=1)}&until={today}"


def test_the_document_holds_the_cases_that_were_opened_then(plain_world: World) -> None:
    no = overdue(plain_world)
    auditor = plain_world.system(Role.AUDITOR)
    made = auditor.get(f"/desk/api/export?{year(plain_world)}")
    assert [c["number"] for c in made["cases"]] == [no]
    assert made["counts"]["refused"] == 0
    assert made["cases"][0]["application"][0]["申请者名称"] == "陈**"
    assert auditor.get(f"/desk/api/export?{RANGE}")["cases"] == []


def test_a_draft_is_nobodys_case_yet(plain_world: World) -> None:
    plain_world.resident().opens()
    assert plain_world.system(Role.AUDITOR).get(f"/desk/api/export?{year(plain_world)}")["cases"] == []


def test_another_office_or_region_takes_nothing(plain_world: World) -> None:
    overdue(plain_world)
    others = plain_world.system(Role.SUPERVISOR, departments=("mzj",))
    assert others.get(f"/desk/api/export?{year(plain_world)}")["cases"] == []
    auditor = plain_world.system(Role.AUDITOR)
    assert auditor.get(f"/desk/api/export?{year(plain_world)}&region=510107")["cases"] == []
    assert len(auditor.get(f"/desk/api/export?{year(plain_world)}&region=440100")["cases"]) == 1


def test_names_in_full_are_for_whoever_may_have_them_and_go_on_record(plain_world: World) -> None:
    overdue(plain_world)
    query = f"{year(plain_world)}&personal=true"
    plain_world.system(Role.SUPERVISOR).get(f"/desk/api/export?{query}", 403)
    full = plain_world.system(Role.AUDITOR).get(f"/desk/api/export?{query}")
    assert full["cases"][0]["application"][0]["申请者证件号码"] == "440105199003070019"


def test_csv_is_one_table_with_a_name_of_its_own(plain_world: World) -> None:
    overdue(plain_world)
    caller = plain_world.system(Role.AUDITOR)
    answer = caller.raw("GET", f"/desk/api/export?{year(plain_world)}&format=csv&table=acceptance")
    assert answer.content.startswith("\ufeff办件编号,".encode())
    assert "-acceptance.csv" in answer.headers["content-disposition"]
    assert len(answer.text.splitlines()) == 2


def test_more_than_a_year_or_backwards_is_refused(plain_world: World) -> None:
    caller = plain_world.system(Role.AUDITOR)
    for query in ("since=2020-01-01&until=2022-01-01", "since=2020-02-01&until=2020-01-01"):
        assert "一年" in json.dumps(caller.get(f"/desk/api/export?{query}", 422), ensure_ascii=False)


def test_complaints_and_urgings_are_written_but_not_to_whoever_worked_on_the_case(plain_world: World) -> None:
    clerk, clerk_id = caller(plain_world, Role.SUPERVISOR)
    auditor = plain_world.system(Role.AUDITOR)
    me = plain_world.resident()
    no = delivered(plain_world, me, Actor("staff", clerk_id))
    complaint = complains(me, no)["id"]
    me.post(f"/api/v1/cases/{no}/rating", level=5, text="窗口态度差")
    boss, _ = caller(plain_world, Role.SUPERVISOR)
    boss.post(f"/desk/api/supervision/complaint/{complaint}/urge", message="请今天答复")
    (case,) = auditor.get(f"/desk/api/export?{year(plain_world)}&personal=true")["cases"]
    assert [c["投诉内容"] for c in case["complaints"]] == ["等了两周没有人理"]
    assert [(w["监察规则编号"], w["督办内容"]) for w in case["monitoring"]] == [("complaint-0", "请今天答复")]
    assert case["rating"][0]["满意度代码"] == "5"
    (masked,) = boss.get(f"/desk/api/export?{year(plain_world)}")["cases"]
    assert "投诉内容" not in masked["complaints"][0]
    assert masked["monitoring"][0]["督办内容"] == "投诉临近时限，请尽快办理"
    (own,) = clerk.get(f"/desk/api/export?{year(plain_world)}")["cases"]
    assert not {"complaints", "rating", "monitoring"} & set(own)
