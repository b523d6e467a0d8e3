"""The desk's pages: signing in and being sent back, the queue, the screen of a case, and refusals as people see them."""

import pytest

from cases.findings import Finding, FindingCode, found
from cases.lifecycle import LegState
from storage.finding import RegionNames
from storage.words import Role
from tests.storage.kept import reading
from tests.web.world import World, small_copy
from web.auth import COOKIE, CSRF_HEADER


def signed_in(world: World, *roles: Role) -> dict[str, str]:
    """Headers of somebody's changes; the cookie is kept by the client."""
    login = world.staff("zhang", *(roles or (Role.PRE_AUDITOR,)))
    answer = world.client.post("/desk/enter", data=login, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
    csrf = world.client.get("/desk/api/me").json()["csrf"]
    return {CSRF_HEADER: csrf, "HX-Request": "true"}


def in_review(world: World, *findings: Finding) -> str:
    me = world.resident()
    no = me.opens()
    me.submits(no)
    world.judge(no, "review", *findings)
    return no


def with_departments(world: World) -> str:
    me, desk = world.resident(), world.system(Role.INTAKE)
    no = me.opens()
    me.submits(no)
    world.judge(no, "passed")
    booking = me.books(no)
    world.book_at_partner(no)
    world.track(no, booking, LegState.ASSIGNED, LegState.PICKED_UP, LegState.DELIVERED)
    originals = me.get(f"/api/v1/cases/{no}")["originals"]
    received = [{"key": o["key"], "copies": o["copies"], "condition": "good"} for o in originals]
    desk.post(f"/desk/api/cases/{no}/originals", seal="S1", received=received)
    desk.post(f"/desk/api/cases/{no}/accept")
    world.route(no)
    return no


def test_nobody_is_sent_to_sign_in_and_back(plain_world: World) -> None:
    client = plain_world.client
    answer = client.get("/desk/queues/unclaimed?cursor=x", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/desk/login?next=%2Fdesk%2Fqueues%2Funclaimed%3Fcursor%3Dx"
    page = client.get(answer.headers["location"])
    assert 'value="/desk/queues/unclaimed?cursor=x"' in page.text
    part = client.get("/desk/queues/unclaimed", headers={"HX-Request": "true"})
    assert (part.status_code, part.headers["HX-Redirect"]) == (204, "/desk/login?next=%2Fdesk")


def test_a_wrong_password_is_said_on_the_page(plain_world: World) -> None:
    login = plain_world.staff("zhang", Role.PRE_AUDITOR)
    page = plain_world.client.post("/desk/enter", data={**login, "password": "wrong"})
    assert page.status_code == 401
    assert "登录名、密码或动态码不正确。" in page.text
    assert COOKIE not in plain_world.client.cookies


@pytest.mark.parametrize("elsewhere", ["https://evil.example/desk", "//evil.example", "/app/", "/deskx"])
def test_after_signing_in_nobody_is_sent_elsewhere(plain_world: World, elsewhere: str) -> None:
    login = plain_world.staff("zhang", Role.PRE_AUDITOR)
    answer = plain_world.client.post("/desk/enter", data={**login, "next": elsewhere}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")


@pytest.mark.parametrize(
    ("role", "begin"),
    [
        (Role.PRE_AUDITOR, "/desk/queues/unclaimed"),
        (Role.INTAKE, "/desk/queues/originals"),
        (Role.CLERK, "/desk/assignments"),
    ],
)
def test_each_role_begins_where_its_work_is(plain_world: World, role: Role, begin: str) -> None:
    signed_in(plain_world, role)
    assert plain_world.client.get("/desk", follow_redirects=False).headers["location"] == begin


def test_a_case_is_taken_judged_and_returned_on_its_page(world: World) -> None:
    no = in_review(world, found(FindingCode.EXPIRED, material="id_front"))
    client, change = world.client, signed_in(world)
    queue = client.get("/desk/queues/unclaimed").text
    assert no in queue
    assert "陈*本" in queue
    assert "陈样本" not in queue
    taken = client.post(f"/desk/cases/{no}/claim", headers=change)
    assert (taken.status_code, taken.headers["HX-Redirect"]) == (204, f"/desk/cases/{no}")
    page = client.get(f"/desk/cases/{no}").text
    assert "陈样本" in page
    assert "结束预审" in page
    front = next(m for m in world.file(no).materials if m.key == "id_front")
    part = client.post(
        f"/desk/cases/{no}/materials/{front.key}/decision",
        data={"decision": "return", "reason": "照片已过期"},
        headers=change,
    )
    assert part.status_code == 200
    assert "理由：照片已过期" in part.text
    assert "<html" not in part.text
    closed = client.post(f"/desk/cases/{no}/preaudit", data={"decision": "return"}, headers=change)
    assert (closed.status_code, closed.headers["HX-Redirect"]) == (204, "/desk/next")
    assert world.file(no).case.state == "returned"
    assert client.get("/desk/next", follow_redirects=False).headers["location"] == "/desk/queues/unclaimed"


def test_the_next_case_is_the_most_urgent_that_nobody_has(world: World) -> None:
    first, second = in_review(world), in_review(world)
    with world.database.transaction() as tx:
        tx.claim(first, "somebody-else")
    signed_in(world)
    answer = world.client.get("/desk/next", follow_redirects=False)
    assert answer.headers["location"] == f"/desk/cases/{second}"
    assert world.client.get("/desk/api/queues/mine").json()["cases"][0]["case"] == second


def test_the_page_of_a_picture_shows_what_was_read_and_where(plain_world: World) -> None:
    no = in_review(plain_world)
    sheet = plain_world.file(no).pages[0].id
    with plain_world.database.transaction() as tx:
        tx.save_reading(sheet, reading("公民身份号码"), plain_world.blobs.put(small_copy()))
    signed_in(plain_world)
    part = plain_world.client.get(f"/desk/cases/{no}/pages/{sheet}", headers={"HX-Request": "true"})
    assert "<polygon" in part.text
    picture = plain_world.client.get(f"/desk/cases/{no}/pages/{sheet}/picture")
    assert (picture.status_code, picture.content[:2]) == (200, b"\xff\xd8")
    assert picture.content != small_copy(), "marked with who looks, and when"


def test_beside_a_case_stand_only_those_of_the_person_that_the_reader_may_see(plain_world: World) -> None:
    here, also_here = in_review(plain_world), in_review(plain_world)
    elsewhere = plain_world.resident().opens(plain_world.publish(code="440105-GAJ", department="gaj", name="别处的事"))
    signed_in(plain_world)
    page = plain_world.client.get(f"/desk/cases/{here}").text
    assert f"/desk/cases/{also_here}" in page
    assert elsewhere not in page
    assert "别处的事" not in page


def test_a_picture_full_of_personal_values_is_for_those_who_may_see_them(plain_world: World) -> None:
    no = in_review(plain_world)
    sheet = plain_world.file(no).pages[0].id
    with plain_world.database.transaction() as tx:
        tx.save_reading(sheet, reading(), plain_world.blobs.put(b"\xff\xd8 small"))
    signed_in(plain_world, Role.INTAKE)
    assert plain_world.client.get(f"/desk/cases/{no}/pages/{sheet}/picture").status_code == 403
    page = plain_world.client.get(f"/desk/cases/{no}").text
    assert "/picture" not in page
    assert "440105199003070019" not in page


def test_a_change_without_the_word_of_the_page_is_refused(plain_world: World) -> None:
    no = in_review(plain_world)
    signed_in(plain_world)
    part = plain_world.client.post(f"/desk/cases/{no}/claim", headers={"HX-Request": "true"})
    assert "页面已过期" in part.text
    assert part.headers["HX-Retarget"] == "#notice"
    assert plain_world.client.get("/desk/api/queues/mine").json()["cases"] == []


def test_a_refusal_is_a_page_and_inside_a_page_a_sentence(plain_world: World) -> None:
    change = signed_in(plain_world)
    page = plain_world.client.get("/desk/cases/440105209901010000012")
    assert page.status_code == 404
    assert "没有找到" in page.text
    assert "<html" in page.text
    part = plain_world.client.post("/desk/cases/440105209901010000012/claim", headers=change)
    assert (part.status_code, part.headers["HX-Retarget"]) == (200, "#notice")
    assert "没有找到" in part.text
    assert "<html" not in part.text


def test_a_department_decides_on_the_cases_page(world: World) -> None:
    no = with_departments(world)
    with world.database.transaction() as tx:
        tx.put_region_names(RegionNames("440105", "海珠区", {"rsj": "海珠区人力资源和社会保障局"}))
    change = signed_in(world, Role.CLERK)
    listed = world.client.get("/desk/assignments").text
    assert "人力资源" in listed
    assert no in listed
    task = next(a.id for a in world.file(no).assignments if a.department == "rsj" and a.state == "open")
    assert f"/desk/assignments/{task}/decision" in world.client.get(f"/desk/cases/{no}").text
    answer = world.client.post(
        f"/desk/assignments/{task}/decision", data={"decision": "approve", "opinion": "同意"}, headers=change
    )
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/desk/assignments?department=rsj")
    assert no not in world.client.get("/desk/assignments").text


def test_another_department_is_not_found(plain_world: World) -> None:
    signed_in(plain_world, Role.CLERK)
    assert plain_world.client.get("/desk/assignments?department=swj").status_code == 404


def test_the_board_and_the_figures_are_those_of_the_doors(plain_world: World) -> None:
    no = in_review(plain_world)
    signed_in(plain_world, Role.SUPERVISOR)
    assert "没有超时或将要超时的工作" in plain_world.client.get("/desk/board").text
    assert plain_world.client.get("/desk/api/stats").json()["cases"] == 1
    page = plain_world.client.get("/desk/statistics").text
    assert "/desk/statistics/cases?figure=cases" in page
    assert "社会保障卡补领" in page
    assert no not in page


def test_leaving_ends_the_session(plain_world: World) -> None:
    change = signed_in(plain_world)
    gone = plain_world.client.post("/desk/leave", headers=change)
    assert gone.headers["HX-Redirect"] == "/desk/login"
    assert plain_world.client.get("/desk/queues/mine", follow_redirects=False).status_code == 303
