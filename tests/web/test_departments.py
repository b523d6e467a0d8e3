"""Departments at the doors: their lists, days asked for and granted, routing by hand, windows that accept for others, their
own systems' keys and news; as JSON and as pages."""

from typing import Any

import pytest

from cases.actions import clocks
from cases.appointments import Office
from cases.clocks import ClockKind
from storage import outgoing
from storage.words import Role
from tests.cases.world import ITEM
from tests.web.world import PASSWORD, SYSTEM, Caller, World

LOST = {"key": "lost", "days": 1, "task": "核查", "competent": {"by": "address.county", "equals": {"番禺区": "x"}}}


def processing(world: World, **item: Any) -> str:
    """A case at its departments."""
    if item:
        world.publish(version=2, **item)
    no = received(world)
    world.system(Role.INTAKE).post(f"/desk/api/cases/{no}/accept")
    world.route(no)
    return no


def passed(world: World) -> str:
    me = world.resident()
    no = me.opens()
    me.submits(no)
    world.judge(no, "passed")
    return no


def received(world: World) -> str:
    no = passed(world)
    lines = [{"key": o.key, "copies": o.copies} for o in world.file(no).originals]
    world.system(Role.INTAKE).post(f"/desk/api/cases/{no}/originals", received=lines)
    return no


def clerk(world: World, department: str = "gaj") -> Caller:
    return world.system(Role.CLERK, departments=(department,))


def of(world: World, no: str, key: str) -> str:
    return next(a.id for a in world.file(no).assignments if a.key == key)


def test_the_list_says_why_until_when_and_how_urgent(world: World) -> None:
    no = processing(world)
    (line,) = clerk(world).get("/desk/api/assignments?department=gaj")["assignments"]
    assert (line["case"], line["task"], line["light"]) == (no, "照片核验", "yellow")
    assert line["because"] == "440105-SHBZK-BL v1 photo：事项规定由该部门办理"
    assert line["promised"] == world.file(no).case.promised_due.isoformat()  # type: ignore[union-attr]


def test_a_clerk_asks_for_days_and_a_supervisor_grants_them(world: World) -> None:
    no, boss = processing(world), world.system(Role.SUPERVISOR)
    asked = clerk(world).post(f"/desk/api/cases/{no}/extension", reason="需要外地协查", days=5)
    (request,) = asked["clocks"]["requests"]
    assert (request["kind"], request["state"], request["assignment"]) == ("extension", "asked", of(world, no, "photo"))
    (line,) = boss.get("/desk/api/clock-requests")["requests"]
    assert (line["case"], line["days"], line["reason"]) == (no, 5, "需要外地协查")
    before = asked["deadlines"]["promised"]
    after = boss.post(f"/desk/api/cases/{no}/clock-requests/{request['id']}", decision="grant")
    assert after["deadlines"]["promised"] > before
    assert after["clocks"]["extension_days"] == 0, "once"
    assert boss.get("/desk/api/clock-requests")["requests"] == []
    assert "extension" in [d["kind"] for d in after["documents"]]


def test_nobody_grants_what_they_asked_for_themselves(world: World) -> None:
    no, boss = processing(world), world.system(Role.SUPERVISOR)
    asked = boss.post(f"/desk/api/cases/{no}/extension", reason="协查", days=2)
    request = asked["clocks"]["requests"][0]["id"]
    boss.post(f"/desk/api/cases/{no}/clock-requests/{request}", 409, decision="grant")
    other = world.system(Role.SUPERVISOR)
    assert other.post(f"/desk/api/cases/{no}/clock-requests/{request}", decision="decline", note="不必")
    assert world.file(no).clock_requests[0].note == "不必"


def test_a_special_procedure_asked_for_by_a_clerk_waits_and_is_about_the_own_work(world: World) -> None:
    no, mine = processing(world), clerk(world)
    mine.post(f"/desk/api/cases/{no}/special", 422, kind="喝茶", reason="想喝")
    mine.post(f"/desk/api/cases/{no}/special", 404, kind="鉴定", reason="x", assignment=of(world, no, "card"))
    asked = mine.post(f"/desk/api/cases/{no}/special", kind="鉴定", reason="真伪存疑", days=8)
    assert not asked["deadlines"]["paused"]
    boss = world.system(Role.SUPERVISOR)
    request = asked["clocks"]["requests"][0]["id"]
    granted = boss.post(f"/desk/api/cases/{no}/clock-requests/{request}", decision="grant")
    assert granted["deadlines"]["paused"]
    assert granted["clocks"]["specials"][0]["assignment"] == of(world, no, "photo")
    mine.post(f"/desk/api/assignments/{of(world, no, 'photo')}/decision", 409, decision="approve")
    clerk(world, "rsj").post(f"/desk/api/cases/{no}/special", 404, action="end")
    assert not mine.post(f"/desk/api/cases/{no}/special", action="end", reason="属实")["deadlines"]["paused"]


def test_what_no_rule_routed_is_routed_by_a_supervisor_of_the_case(world: World) -> None:
    no = processing(world, routing=[*ITEM["routing"], LOST])
    boss = world.system(Role.SUPERVISOR, departments=("rsj",))
    (line,) = boss.get("/desk/api/assignments?department=unrouted")["assignments"]
    assert line["because"].endswith("待人工分派")
    world.system(Role.SUPERVISOR, departments=("wjj",)).post(
        f"/desk/api/assignments/{line['id']}/route", 404, department="gaj", reason="管得着"
    )
    clerk(world).get("/desk/api/assignments?department=unrouted", 404)
    routed = boss.post(f"/desk/api/assignments/{line['id']}/route", department="gaj", reason="户籍事项")
    assert (routed["department"], routed["because"]) == ("gaj", "人工分派：户籍事项")
    assert [x["case"] for x in clerk(world).get("/desk/api/assignments?department=gaj")["assignments"]] == [no, no]


# ── windows that accept for others ──


@pytest.fixture
def windows(world: World) -> World:
    with world.database.transaction() as tx:
        for code, region in (("hz-2", "440105"), ("wh-1", "510107")):
            made = Office(code, f"窗口{code}", "某路1号", region, "020-1", ("09:00-17:00",))
            tx.appointments.put_office(made, actor=SYSTEM)
    return world


def test_a_window_of_the_region_counts_and_accepts_for_another_department(windows: World) -> None:
    no, other = passed(windows), windows.system(Role.INTAKE, departments=("jdb",))
    lines = [{"key": o.key, "copies": o.copies} for o in windows.file(no).originals]
    other.get(f"/desk/api/cases/{no}", 404)
    other.post(f"/desk/api/cases/{no}/originals", 404, received=lines)
    seen = other.get(f"/desk/api/window/cases/{no}?office=hz-2")
    assert (seen["applicant"], seen["allowed"]) == ("陈*本", ["receive"])
    assert [(p["key"], p["copies"]) for p in seen["papers"]] == [("id_front", 1), ("form", 1)]
    counted = other.post(f"/desk/api/cases/{no}/originals", office="hz-2", received=lines)
    assert (counted["state"], counted["received_office"]) == ("received", "hz-2")
    assert {o["place"] for o in counted["originals"]} == {"窗口hz-2"}
    assert other.post(f"/desk/api/cases/{no}/accept", office="hz-2")["state"] == "accepted"
    windows.route(no)
    assert {a.department for a in windows.file(no).assignments} == {"rsj", "gaj"}
    assert "seen_at_window" in [
        x["action"] for x in windows.system(Role.INTAKE).get(f"/desk/api/cases/{no}/timeline")["timeline"]
    ]


def test_a_window_elsewhere_or_of_an_item_that_wants_its_own_does_not(windows: World) -> None:
    no, other = passed(windows), windows.system(Role.INTAKE, departments=("jdb",))
    other.get(f"/desk/api/window/cases/{no}?office=wh-1", 409)
    other.post(f"/desk/api/cases/{no}/originals", 409, office="wh-1", received=[])
    other.get(f"/desk/api/window/cases/{no}?office=nowhere", 404)
    windows.publish(version=2, accepting="department")
    own = passed(windows)
    other.get(f"/desk/api/window/cases/{own}?office=hz-2", 409)


# ── their own systems ──


def system_key(world: World, url: str = "") -> tuple[Caller, str]:
    """A system of gaj, by its own key; and its endpoint."""
    with world.database.transaction() as tx:
        made = tx.department_systems.add("公安业务系统", ["gaj"], actor=SYSTEM)
        _, token = tx.department_systems.new_key(made, actor=SYSTEM)
        endpoint = tx.department_systems.add_endpoint(made, url, actor=SYSTEM)[0].id if url else ""
    return Caller(world, {"X-API-Key": token}), endpoint


def test_a_systems_key_reads_and_decides_its_own_departments_work_alone(world: World) -> None:
    no, (key, _) = processing(world), system_key(world)
    (line,) = key.get("/desk/api/assignments?department=gaj")["assignments"]
    key.get("/desk/api/assignments?department=rsj", 404)
    key.post(f"/desk/api/assignments/{of(world, no, 'card')}/decision", 404, decision="approve")
    decided = key.post(f"/desk/api/assignments/{line['id']}/decision", decision="approve", document="穗公2026-1")
    assert decided["opinion"] == "（文号：穗公2026-1）"
    key.get("/desk/api/queues", 403)


def test_what_a_system_was_told_is_shown_and_told_again(world: World) -> None:
    _, endpoint = system_key(world, "https://oa.gaj.example.gov.cn/news")
    no, boss = processing(world), world.system(Role.SUPERVISOR, departments=("gaj",))
    (shown,) = boss.get("/desk/api/departments/systems")["systems"]
    assert (shown["name"], [e["id"] for e in shown["endpoints"]]) == ("公安业务系统", [endpoint])
    assert shown["keys"][0]["prefix"].startswith("zk_")
    (sent,) = boss.get(f"/desk/api/departments/endpoints/{endpoint}/deliveries")["deliveries"]
    assert (sent["event"], sent["case"], sent["state_label"]) == ("assignment.opened", no, "待送")
    assert boss.post(f"/desk/api/departments/deliveries/{sent['id']}/replay")["messages"] == 1
    path = f"/desk/api/departments/endpoints/{endpoint}"
    assert boss.post(f"{path}/replay", since="2020-01-01T00:00:00+08:00")["messages"] == 1
    assert boss.post(f"{path}/on")["messages"] == 0
    stranger = world.system(Role.SUPERVISOR, departments=("wjj",))
    assert stranger.get("/desk/api/departments/systems")["systems"] == []
    stranger.get(f"{path}/deliveries", 404)
    stranger.post(f"/desk/api/departments/deliveries/{sent['id']}/replay", 404)


def test_the_same_write_twice_is_done_once(world: World) -> None:
    no, mine = processing(world), clerk(world)
    body = {"reason": "协查", "days": 3, "transaction_id": "once"}
    assert mine.post(f"/desk/api/cases/{no}/extension", **body) == mine.post(f"/desk/api/cases/{no}/extension", **body)
    assert len(world.file(no).clock_requests) == 1


# ── as pages ──


def signed_in(world: World, *roles: Role) -> dict[str, str]:
    login = world.staff("zhang", *roles, departments=("rsj", "gaj"))
    assert login["password"] == PASSWORD
    answer = world.client.post("/desk/login", json=login)
    return {"X-CSRF-Token": answer.json()["csrf"]}


def test_every_page_is_drawn_and_its_forms_do_what_the_doors_do(windows: World) -> None:
    no = processing(windows, routing=[*ITEM["routing"], LOST])
    system_key(windows, "https://oa.gaj.example.gov.cn/news")
    headers = signed_in(windows, Role.CLERK, Role.SUPERVISOR, Role.INTAKE)
    client = windows.client

    def page(path: str) -> str:
        answer = client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    assert "为什么在这里" in page("/desk/assignments")
    assert "待人工分派" in page("/desk/assignments?department=unrouted")
    lost = of(windows, no, "lost")
    form = {"department": "gaj", "reason": "户籍事项"}
    assert client.post(f"/desk/assignments/{lost}/route", data=form, headers=headers).status_code == 204
    asked = {"days": "4", "reason": "协查"}
    assert client.post(f"/desk/cases/{no}/extension", data=asked, headers=headers).status_code == 204
    assert "协查" in page("/desk/assignments/requests")
    special = {"kind": "鉴定", "days": "4", "reason": "真伪"}
    assert client.post(f"/desk/cases/{no}/special", data=special, headers=headers).status_code == 204
    assert windows.file(no).open_special is not None
    shown = page(f"/desk/cases/{no}")
    assert "结束鉴定" in shown
    assert "事项规定由该部门办理" in shown
    systems = page("/desk/systems")
    assert "assignment.opened" in systems
    assert "case.special_procedure" in systems
    request = windows.file(no).clock_requests[0].id
    refused = client.post(f"/desk/cases/{no}/clock-requests/{request}", data={"decision": "grant"}, headers=headers)
    assert "另一人" in refused.text
    other = passed(windows)
    assert "实收份数" in page(f"/desk/window?at=hz-2&no={other}")
    counted = {"office": "hz-2", "seal": "", "key": ["id_front", "form"], "copies": ["1", "1"]}
    assert client.post(f"/desk/window/{other}/originals", data=counted, headers=headers).status_code == 204
    assert "原件已收齐" in page(f"/desk/window?at=hz-2&no={other}")
    assert client.post(f"/desk/window/{other}/accept", data={"office": "hz-2"}, headers=headers).status_code == 204
    assert windows.file(other).case.state == "accepted"


def test_pages_replay_by_the_button(world: World) -> None:
    _, endpoint = system_key(world, "https://oa.gaj.example.gov.cn/news")
    processing(world)
    headers = signed_in(world, Role.SUPERVISOR)
    with world.database.reading() as tx:
        (sent,), _ = outgoing.deliveries(tx, endpoint)
    for path, form in (
        (f"deliveries/{sent.id}/replay?endpoint={endpoint}", {}),
        (f"endpoints/{endpoint}/replay", {"since": "2026-01-01T08:00"}),
        (f"endpoints/{endpoint}/on", {}),
    ):
        answer = world.client.post(f"/desk/systems/{path}", data=form, headers=headers)
        assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, f"/desk/systems?endpoint={endpoint}")


def test_the_resident_is_told_of_more_time(world: World) -> None:
    no = processing(world)
    world.decide(no, lambda file, now: clocks.ask(file, clocks.Wanted(ClockKind.EXTENSION, "协查", 3), now))
    request = world.file(no).clock_requests[0].id
    world.system(Role.SUPERVISOR).post(f"/desk/api/cases/{no}/clock-requests/{request}", decision="grant")
    with world.database.reading() as tx:
        assert "extended" in [n.template for n in tx.notices_of(no)]
    seen = world.resident().get(f"/api/v1/cases/{no}")
    assert "延期办理告知书" in [d["title"] for d in seen["documents"]]
