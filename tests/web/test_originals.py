"""Originals at the doors: packed and photographed by the resident, seen wherever they are, handed to departments; and
what goes wrong with them."""

from typing import Any

import pytest

from cases.effects import Put
from cases.incidents import Settlement
from cases.labels import read_label
from cases.lifecycle import LegState
from cases.model import Direction
from storage.words import Role
from tests.web.world import JPEG, Caller, World, small_copy, unique

PDF = b"%PDF-1.7 made by the worker"


def passed(world: World) -> tuple[Caller, str]:
    me = world.resident()
    no = me.opens()
    me.submits(no)
    world.judge(no, "passed")
    return me, no


def desk_of(world: World, *roles: Role, departments: tuple[str, ...] = ("rsj", "gaj")) -> Caller:
    return world.system(*(roles or (Role.INTAKE,)), departments=departments)


def packs(me: Caller, no: str, status: int = 200, **changes: Any) -> Any:
    lines = [{"key": "id_front", "condition": "worn", "note": "折角"}, {"key": "form"}]
    return me.post(f"/api/v1/cases/{no}/packing", status, **{"seal": "FQ001", "lines": lines} | changes)


def carried(world: World, me: Caller, no: str) -> None:
    booking = me.books(no)
    world.book_at_partner(no)
    world.track(no, booking, LegState.PICKED_UP)


def counted(desk: Caller, no: str, status: int = 200, **changes: Any) -> Any:
    received = [{"key": "id_front", "copies": 1, "condition": "worn"}, {"key": "form", "copies": 1}]
    return desk.post(f"/desk/api/cases/{no}/originals", status, **{"seal": "FQ001", "received": received} | changes)


def paper(seen: Any, key: str) -> Any:
    return next(o for o in seen["originals"] if o["key"] == key)


def to_processing(world: World) -> tuple[Caller, Caller, str]:
    me, no = passed(world)
    desk = desk_of(world)
    packs(me, no)
    carried(world, me, no)
    counted(desk, no)
    desk.post(f"/desk/api/cases/{no}/accept")
    world.route(no)
    return me, desk, no


# ── packing ──


def test_a_resident_packs_before_booking_and_sees_what_was_packed(world: World) -> None:
    me, no = passed(world)
    assert "pack_collection" in me.get(f"/api/v1/cases/{no}")["actions"]
    seen = packs(me, no)
    assert (seen["parcels"][0]["seal"], seen["parcels"][0]["printed"]) == ("FQ001", True)
    one = paper(seen, "id_front")
    assert (one["condition_label"], one["note"], one["where"], one["seal"]) == ("有磨损", "折角", "在您手中", "FQ001")
    assert read_label(one["label"]) == one["label"]
    assert packs(me, no, seal="FQ002")["parcels"][0]["seal"] == "FQ002"


def test_a_manifest_that_leaves_a_paper_out_is_told_which(world: World) -> None:
    me, no = passed(world)
    refused = packs(me, no, 422, lines=[{"key": "form"}])
    assert refused["error"]["details"]["keys"] == ["id_front"]
    assert packs(me, no, 422, lines=[{"key": "form", "condition": "shiny"}])["error"]["code"] == "invalid_request"


def photographs(me: Caller, no: str, data: bytes = JPEG, status: int = 201, transaction: str = "") -> Any:
    files = {"file": ("packing.jpg", data, "image/jpeg")}
    form = {"transaction_id": transaction or unique()}
    return me.ask("POST", f"/api/v1/cases/{no}/packing/photo", status, files=files, data=form)


def test_a_packing_photograph_is_kept_sealed_and_shown_only_as_the_workers_copy(world: World) -> None:
    me, no = passed(world)
    packs(me, no)
    assert photographs(me, no)["parcels"][0]["photographed"]
    path = f"/api/v1/cases/{no}/packing/photo"
    assert me.get(path, 409)["error"]["code"] == "not_ready"
    parcel = world.file(no).parcels[0]
    safe = small_copy()
    copied = world.blobs.put(safe)
    world.decide(no, lambda _f, _n: (Put("parcel", parcel.id, {"picture": copied}),))
    for caller, door in ((me, path), (desk_of(world), f"/desk/api/cases/{no}/packing/photo")):
        shown = caller.raw("GET", door)
        assert shown.headers["content-type"] == "image/jpeg"
        assert (shown.content == safe) == (caller is me), "staff get it marked with who looks"


def test_a_packing_photograph_may_be_as_large_as_a_page(plain_world: World) -> None:
    """A phone's camera makes several megabytes; anything over 256 kB was refused once."""
    me, no = passed(plain_world)
    assert photographs(me, no, JPEG + bytes(3_000_000))["parcels"][0]["photographed"]


def test_a_photograph_sent_twice_is_kept_once_and_an_empty_or_late_one_refused(world: World) -> None:
    me, no = passed(world)
    packs(me, no)
    again = unique()
    assert photographs(me, no, transaction=again) == photographs(me, no, transaction=again)
    photographs(me, no, b"", status=422)
    photographs(me, no, b"x" * (world.doors.settings.upload_max_bytes + 1), status=413)
    carried(world, me, no)
    photographs(me, no, JPEG + b"2", status=409)


def test_label_and_manifest_are_had_as_pdf_by_resident_and_desk(world: World) -> None:
    me, no = passed(world)
    assert me.get(f"/api/v1/cases/{no}/label.pdf", 409)["error"]["code"] == "not_packed"
    packs(me, no)
    assert me.get(f"/api/v1/cases/{no}/label.pdf", 409)["error"]["code"] == "not_ready"
    for document in world.file(no).documents:
        world.makes_pdf(no, document.id, PDF + document.kind.encode())
    for kind in ("label", "manifest"):
        assert me.raw("GET", f"/api/v1/cases/{no}/{kind}.pdf").content == PDF + kind.encode()
        assert desk_of(world).raw("GET", f"/desk/api/cases/{no}/{kind}.pdf").content == PDF + kind.encode()
    assert me.raw("GET", f"/api/v1/cases/{no}/receipt.pdf").status_code == 422


def test_other_peoples_papers_are_not_there(world: World) -> None:
    me, no = passed(world)
    packs(me, no)
    other = world.resident("li")
    for method, path in (("POST", "packing"), ("GET", "label.pdf"), ("GET", "packing/photo"), ("POST", "incidents")):
        body = {"lines": [], "kind": "original_lost", "keys": []} if method == "POST" else None
        assert other.raw(method, f"/api/v1/cases/{no}/{path}", json=body).status_code == 404, path
    photographs(other, no, status=404)
    stranger = desk_of(world, departments=("zjj",))
    label = world.file(no).parcels[0].label
    assert stranger.get(f"/desk/api/labels/{label}", 404)


# ── where it is ──


def test_a_resident_sees_at_any_time_where_each_paper_is_and_how_it_came_there(world: World) -> None:
    me, desk, no = to_processing(world)
    desk.post(f"/desk/api/cases/{no}/transfers", 201, keys=["id_front"], department="rsj")
    one = paper(me.get(f"/api/v1/cases/{no}"), "id_front")
    assert one["where"] == "在办事窗口"
    clerk = desk_of(world, Role.CLERK, departments=("rsj",))
    (waiting,) = clerk.get("/desk/api/transfers?department=rsj")["transfers"]
    clerk.post(f"/desk/api/cases/{no}/transfers/{waiting['id']}", answer="acknowledge")
    one = paper(me.get(f"/api/v1/cases/{no}"), "id_front")
    assert one["where"] == "在业务部门处（制卡、发卡）"
    assert [(s["label"], s["seal"], s["found"]) for s in one["chain"]] == [
        ("申请人→快递员", "FQ001", None),
        ("快递员→办事窗口", "FQ001", "与清单一致"),
        ("办事窗口→业务部门", None, "齐全"),
    ]
    assert one["since"] == one["chain"][-1]["at"]
    assert all("by" not in step for step in one["chain"])


def test_on_the_road_a_paper_is_with_the_courier(world: World) -> None:
    me, no = passed(world)
    packs(me, no)
    carried(world, me, no)
    one = paper(me.get(f"/api/v1/cases/{no}"), "form")
    assert (one["where"], one["seal"]) == ("在快递员处", "FQ001")


def test_a_label_is_resolved_for_the_office_and_a_misread_one_is_told(world: World) -> None:
    me, no = passed(world)
    seen = packs(me, no)
    desk = desk_of(world)
    found = desk.get(f"/desk/api/labels/{seen['parcels'][0]['label'].lower()}")
    assert (found["case"], found["leg"], found["seal"]) == (no, "collection", "FQ001")
    label = paper(seen, "form")["label"]
    assert desk.get(f"/desk/api/labels/{label}")["names"] == [paper(seen, "form")["name"]]
    wrong = label[:-1] + ("0" if label[-1] != "0" else "1")
    assert desk.get(f"/desk/api/labels/{wrong}", 422)["error"]["details"]["code_hint"] == "check_character"
    assert me.raw("GET", f"/desk/api/labels/{label}").status_code == 401


# ── departments ──


def test_nobody_gives_or_takes_for_the_other_side(world: World) -> None:
    _me, desk, no = to_processing(world)
    clerk, other = (desk_of(world, Role.CLERK, departments=(d,)) for d in ("rsj", "gaj"))
    path = f"/desk/api/cases/{no}/transfers"
    clerk.post(path, 403, keys=["id_front"], department="rsj")
    transfer = desk.post(path, 201, keys=["id_front"], department="rsj")["transfers"][0]["id"]
    desk.post(f"{path}/{transfer}", 403, answer="acknowledge")
    other.post(f"{path}/{transfer}", 403, answer="acknowledge")
    clerk.post(f"{path}/{transfer}", 403, answer="recall")
    clerk.post(f"{path}/{transfer}", answer="acknowledge", note="齐全")
    back = clerk.post(path, 201, keys=["id_front"], department="rsj", giver="department")["transfers"][-1]["id"]
    assert [t["id"] for t in desk.get("/desk/api/transfers")["transfers"]] == [back]
    seen = desk.post(f"{path}/{back}", answer="acknowledge")
    assert paper(seen, "id_front")["holder"] == "office"
    assert [h["place"] for h in seen["hand_overs"][-2:]] == ["rsj", "政务服务中心窗口"]


def test_a_department_that_does_not_take_says_why(world: World) -> None:
    _me, desk, no = to_processing(world)
    clerk = desk_of(world, Role.CLERK, departments=("rsj",))
    path = f"/desk/api/cases/{no}/transfers"
    transfer = desk.post(path, 201, keys=["form"], department="rsj")["transfers"][0]["id"]
    clerk.post(f"{path}/{transfer}", 422, answer="decline")
    declined = clerk.post(f"{path}/{transfer}", answer="decline", note="不归我科")
    assert (declined["transfers"][0]["state_label"], declined["transfers"][0]["note"]) == ("对方拒收", "不归我科")


# ── what goes wrong ──


@pytest.mark.parametrize(
    ("changes", "differs"),
    [
        ({"seal": "FQ999"}, "other_seal"),
        ({"seal_broken": True}, "broken_seal"),
        ({"received": [{"key": "id_front", "copies": 1}]}, "missing"),
    ],
)
def test_the_offices_count_opens_an_incident_with_owner_and_deadline(
    world: World, changes: dict[str, Any], differs: str
) -> None:
    me, no = passed(world)
    packs(me, no)
    carried(world, me, no)
    desk = desk_of(world)
    incident = counted(desk, no, **changes)["incidents"][0]
    assert [line["differs"] for line in incident["detail"]["lines"]] == [differs]
    assert (incident["owner"], incident["state_label"]) == ("intake", "待处理")
    assert [s["value"] for s in incident["settlements"]][:2] == ["found", "resent"]
    listed = desk.get("/desk/api/incidents")["incidents"]
    assert [(x["case"], x["kind_label"]) for x in listed] == [(no, "原件与清单不一致")]
    shown = me.get(f"/api/v1/cases/{no}")["incidents"][0]
    assert (shown["kind_label"], shown["state_label"], "detail" in shown) == ("原件与清单不一致", "待处理", False)


def test_an_incident_from_the_count_to_a_second_collection(world: World) -> None:
    me, no = passed(world)
    packs(me, no)
    carried(world, me, no)
    desk = desk_of(world)
    path = counted(desk, no, received=[{"key": "id_front", "copies": 1, "condition": "worn"}])["incidents"][0]["id"]
    door = f"/desk/api/cases/{no}/incidents/{path}"
    me.post(f"/api/v1/cases/{no}/incidents/{path}/answer", 409, wish="resent")
    desk.post(f"{door}/step", event="ask_resident", note="申请表是否在您手中？")
    asked = me.get(f"/api/v1/cases/{no}")
    assert "answer_incident" in asked["actions"]
    assert asked["incidents"][0]["question"] == "申请表是否在您手中？"
    assert "resent" in [c["value"] for c in asked["incidents"][0]["choices"]]
    me.post(f"/api/v1/cases/{no}/incidents/{path}/answer", wish="resent", text="在家里")
    desk.post(f"{door}/settle", 422, settlement="resent", reason="")
    settled = desk.post(f"{door}/settle", settlement="resent", reason="申请人确认在家")
    assert (settled["state"], settled["incidents"][0]["settlement_label"]) == ("preaudit_passed", "由申请人补寄")
    packs(me, no, seal="FQ003", lines=[{"key": "form"}])
    carried(world, me, no)
    assert counted(desk, no, seal="FQ003", received=[{"key": "form", "copies": 1}])["state"] == "received"


def test_a_lost_parcel_ends_with_a_statement_in_writing_that_the_resident_can_have(world: World) -> None:
    me, no = passed(world)
    booking = me.books(no)
    world.book_at_partner(no)
    world.track(no, booking, LegState.PICKED_UP, LegState.LOST)
    desk = desk_of(world)
    (incident,) = desk.get("/desk/api/incidents?owner=intake")["incidents"]
    door = f"/desk/api/cases/{no}/incidents/{incident['id']}"
    desk.post(f"{door}/loss", reason="承运方书面确认丢失。")
    seen = me.get(f"/api/v1/cases/{no}")
    assert [o["where"] for o in seen["originals"]] == ["已确认遗失"] * 2
    assert seen["documents"][-1]["title"] == "原件遗失情况说明"
    desk.post(f"{door}/settle", 422, settlement="compensated", reason="承运方赔付")
    paid = desk.post(f"{door}/settle", settlement="compensated", reason="承运方赔付", amount_fen=20000)
    assert (paid["state"], paid["incidents"][0]["settlement"]) == ("received", Settlement.COMPENSATED)
    told = [line["action"] for line in me.get(f"/api/v1/cases/{no}/timeline")["timeline"]]
    assert {"originals_lost", "compensated", "incident_settled"} <= set(told)


def test_a_resident_says_what_is_damaged_and_refuses_what_is_on_its_way(world: World) -> None:
    me, desk, no = to_processing(world)
    me.post(f"/api/v1/cases/{no}/incidents", 409, kind="parcel_refused")
    me.post(f"/api/v1/cases/{no}/incidents", 404, kind="original_damaged", keys=["nothing"])
    me.post(f"/api/v1/cases/{no}/incidents", 422, kind="parcel_lost", keys=["form"])
    said = me.post(f"/api/v1/cases/{no}/incidents", 201, kind="original_damaged", keys=["form"], text="寄前已撕裂")
    assert said["incidents"][0]["kind_label"] == "原件损坏"
    assert paper(said, "form")["condition_label"] == "破损"
    desk.post(f"/desk/api/cases/{no}/incidents", 409, kind="original_damaged", keys=["form"])


def test_the_office_packs_what_goes_home(world: World) -> None:
    _me, desk, no = to_processing(world)
    for key in ("card", "photo", "issue"):
        found = next(a for a in world.file(no).assignments if a.key == key)
        clerk = desk_of(world, Role.CLERK, departments=(found.department,))
        clerk.post(f"/desk/api/assignments/{found.id}/decision", decision="approve")
    desk.post(f"/desk/api/cases/{no}/conclude")
    body = {"leg": str(Direction.DELIVERY), "seal": "BG1"}
    desk.post(f"/desk/api/cases/{no}/packing", 422, **body, lines=[{"key": "form"}])
    seen = desk.post(f"/desk/api/cases/{no}/packing", **body, lines=[{"key": "id_front"}])
    assert [(p["leg"], p["seal"]) for p in seen["parcels"]] == [("collection", "FQ001"), ("delivery", "BG1")]
