"""Files that come with a department's decision, at the doors: sent, checked, listed, taken out, given to the resident."""

import hashlib
from typing import Any

from cases.actions import attaching, deciding
from storage.words import Role
from tests.cases.world import ITEM
from tests.web.test_departments import clerk, of, processing
from tests.web.world import JPEG, Caller, World, small_copy, unique

PDF = b"%PDF-1.7 a decision"
ELECTRONIC = {
    "materials": [{**m, "original": "none"} for m in ITEM["materials"]],
    "result": {"name": "电子社保卡", "form": "electronic", "delivery": []},
    "routing": [{"key": "card", "department": "rsj", "days": 4, "task": "制卡"}],
}


def undecided(world: World) -> tuple[str, str]:
    """The case and its one assignment."""
    item = world.publish(code="440105-DIANZI", **ELECTRONIC)
    me = world.resident()
    no = me.opens(item)
    me.submits(no)
    world.judge(no, "passed")
    world.decide(no, deciding.accept)
    world.route(no)
    return no, of(world, no, "card")


def sends(me: Caller, assignment: str, data: bytes = PDF, status: int = 201, name: str = "准予决定书.pdf") -> Any:
    files, form = {"file": (name, data, "text/html")}, {"transaction_id": unique()}
    return me.ask("POST", f"/desk/api/assignments/{assignment}/files", status, files=files, data=form)


def check(world: World, no: str, problem: str | None = None) -> None:
    for one in world.file(no).decision_files:
        picture = None if problem else world.blobs.put(small_copy())
        world.decide(no, lambda file, now, i=one.id, p=picture: attaching.record_checked(file, i, p, problem, now))  # type: ignore[misc]


def test_a_department_sends_a_file_decides_and_the_resident_gets_it_as_it_came(world: World) -> None:
    (no, task), mine = undecided(world), clerk(world, "rsj")
    (file,) = sends(mine, task)["files"]
    assert (file["state"], file["media_type"], file["name"]) == ("checking", "application/pdf", "准予决定书.pdf")
    path = f"/desk/api/assignments/{task}"
    assert mine.raw("GET", f"{path}/files/{file['id']}").status_code == 409
    mine.post(f"{path}/decision", 409, decision="approve")
    check(world, no)
    mine.post(f"{path}/decision", decision="approve", opinion="同意")
    resident = world.resident()
    assert resident.get(f"/api/v1/cases/{no}")["attachments"] == []
    world.decide(no, deciding.conclude)
    (shown,) = resident.get(f"/api/v1/cases/{no}")["attachments"]
    assert (shown["sha256"], shown["task"]) == (hashlib.sha256(PDF).hexdigest(), "制卡")
    came = resident.raw("GET", f"/api/v1/cases/{no}/attachments/{shown['id']}")
    assert (came.content, came.headers["content-type"]) == (PDF, "application/pdf")
    assert came.headers["content-disposition"].startswith("attachment;")
    world.resident("li").get(f"/api/v1/cases/{no}/attachments/{shown['id']}", 404)


def test_content_decides_what_a_file_is(plain_world: World) -> None:
    (_, task), mine = undecided(plain_world), clerk(plain_world, "rsj")
    sends(mine, task, b"<script>alert(1)</script>", 422)
    sends(mine, task, b"", 422)
    assert sends(mine, task, JPEG)["files"][0]["name"] == "准予决定书.jpg"


def test_a_file_may_be_larger_than_a_form_and_no_larger_than_a_page(plain_world: World) -> None:
    (_, task), mine = undecided(plain_world), clerk(plain_world, "rsj")
    sends(mine, task, PDF + b"x" * 400_000)
    sends(mine, task, PDF + b"x" * plain_world.doors.settings.upload_max_bytes, 413)


def test_what_cannot_be_opened_is_taken_out_and_never_handed_on(plain_world: World) -> None:
    (no, task), mine = undecided(plain_world), clerk(plain_world, "rsj")
    (file,) = sends(mine, task)["files"]
    check(plain_world, no, "文件已损坏")
    path = f"/desk/api/assignments/{task}/files"
    assert mine.get(path)["files"][0]["problem"] == "文件已损坏"
    assert mine.raw("GET", f"{path}/{file['id']}").status_code == 404
    assert mine.post(f"{path}/{file['id']}/remove")["files"] == []
    mine.post(f"{path}/{file['id']}/remove", 404)


def test_only_the_department_whose_work_it_is_sends_and_takes_out(plain_world: World) -> None:
    no = processing(plain_world)
    card, photo = of(plain_world, no, "card"), of(plain_world, no, "photo")
    mine = clerk(plain_world, "rsj")
    sends(mine, photo, status=404)
    (file,) = sends(mine, card)["files"]
    police = clerk(plain_world, "gaj")
    police.post(f"/desk/api/assignments/{card}/files/{file['id']}/remove", 404)
    police.post(f"/desk/api/assignments/{photo}/files/{file['id']}/remove", 404)
    assert police.get(f"/desk/api/assignments/{card}/files")["files"], "who takes part in the case may look"
    clerk(plain_world, "mzj").get(f"/desk/api/assignments/{card}/files", 404)


def test_the_page_sends_shows_and_takes_out(plain_world: World) -> None:
    world = plain_world
    (no, task), mine = undecided(world), clerk(world, "rsj")
    case = mine.raw("GET", f"/desk/cases/{no}").text
    assert f'hx-post="/desk/assignments/{task}/files"' in case
    form = {"files": {"file": ("a.pdf", PDF, "application/pdf")}, "data": {"transaction_id": unique()}}
    sent = mine.raw("POST", f"/desk/assignments/{task}/files", **form).text
    assert "正在检查" in sent
    assert "every 2s" in sent
    check(world, no)
    seen = mine.raw("GET", f"/desk/assignments/{task}/files").text
    assert "every 2s" not in seen
    (file,) = world.file(no).decision_files
    assert f"/desk/api/assignments/{task}/files/{file.id}" in seen
    assert "a.pdf" in world.system(Role.SUPERVISOR).raw("GET", f"/desk/cases/{no}").text
    assert file.id not in mine.raw("POST", f"/desk/assignments/{task}/files/{file.id}/remove").text
