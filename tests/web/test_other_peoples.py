"""What is not mine does not exist: every address with an id answers 404 to another person, and nothing has changed."""

from datetime import timedelta

import pytest

from cases.appointments import Office, slots_of
from cases.deadlines import beijing_day
from storage.words import Role
from tests.web.world import ADDRESS, SYSTEM, Caller, World, unique
from web.app import RESIDENT

CALLS: dict[tuple[str, str], dict[str, object]] = {
    ("GET", "/api/v1/cases/{no}"): {},
    ("GET", "/api/v1/cases/{no}/timeline"): {},
    ("POST", "/api/v1/cases/{no}/submit"): {"json": {}},
    ("GET", "/api/v1/cases/{no}/known"): {},
    ("POST", "/api/v1/cases/{no}/known/{material}"): {
        "json": {"offer": "registry:x", "consent": {"version": "1", "agreed": True}, "transaction_id": "k"}
    },
    ("DELETE", "/api/v1/cases/{no}/known/{material}"): {},
    ("POST", "/api/v1/cases/{no}/withdraw"): {"json": {}},
    ("POST", "/api/v1/cases/{no}/rating"): {"json": {"level": 1}},
    ("POST", "/api/v1/cases/{no}/materials/{key}/pages"): {
        "files": {"file": ("a.jpg", b"x", "image/jpeg")},
        "data": {"transaction_id": "t"},
    },
    ("DELETE", "/api/v1/cases/{no}/pages/{page}"): {},
    ("GET", "/api/v1/cases/{no}/pages/{page}/picture"): {},
    ("GET", "/api/v1/cases/{no}/fields"): {},
    ("GET", "/api/v1/cases/{no}/materials/{key}/form"): {},
    ("POST", "/api/v1/cases/{no}/materials/{key}/form"): {"json": {"strokes": []}},
    ("POST", "/api/v1/cases/{no}/fields"): {"json": {"fields": []}},
    ("GET", "/api/v1/cases/{no}/addresses"): {},
    ("GET", "/api/v1/cases/{no}/windows"): {"params": {"leg": "collection"}},
    ("POST", "/api/v1/cases/{no}/windows"): {"json": {"leg": "collection", "address": ADDRESS}},
    ("POST", "/api/v1/cases/{no}/bookings"): {"json": {"leg": "collection", "window": "ems.x", "address": ADDRESS}},
    ("POST", "/api/v1/cases/{no}/bookings/{booking}/cancel"): {"json": {}},
    ("POST", "/api/v1/cases/{no}/bookings/{booking}/nobody-came"): {"json": {}},
    ("GET", "/api/v1/cases/{no}/bookings/{booking}/drop-code"): {},
    ("POST", "/api/v1/cases/{no}/bookings/{booking}/drop-code"): {"json": {"box": "hz-01"}},
    ("POST", "/api/v1/cases/{no}/bookings/{booking}/dropped"): {"json": {"transaction_id": "t"}},
    ("POST", "/api/v1/cases/{no}/bookings/{booking}/received"): {"json": {"received": True}},
    ("POST", "/api/v1/cases/{no}/packing"): {"json": {"lines": []}},
    ("POST", "/api/v1/cases/{no}/packing/photo"): {
        "files": {"file": ("a.jpg", b"x", "image/jpeg")},
        "data": {"transaction_id": "t"},
    },
    ("GET", "/api/v1/cases/{no}/packing/photo"): {},
    ("GET", "/api/v1/cases/{no}/{paper}.pdf"): {},
    ("POST", "/api/v1/cases/{no}/incidents"): {"json": {"kind": "original_lost", "keys": ["form"]}},
    ("POST", "/api/v1/cases/{no}/incidents/{incident}/answer"): {"json": {}},
    ("GET", "/api/v1/cases/{no}/documents/{document}"): {},
    ("GET", "/api/v1/cases/{no}/attachments/{attachment}"): {},
    ("GET", "/api/v1/cases/{no}/bundle"): {},
    ("GET", "/api/v1/uploads/{upload}"): {},
    ("PATCH", "/api/v1/uploads/{upload}"): {"content": b"x", "headers": {"Upload-Offset": "0"}},
    ("PUT", "/api/v1/uploads/{upload}"): {"content": b"x", "headers": {"Upload-Offset": "0"}},
    ("POST", "/api/v1/uploads/{upload}/complete"): {"json": {"transaction_id": "t"}},
    ("GET", "/api/v1/pickups/{pickup}"): {},
    ("POST", "/api/v1/pickups/{pickup}/cancel"): {"json": {}},
    ("POST", "/api/v1/pickups/{pickup}/cases/{no}/take-out"): {"json": {}},
    ("GET", "/api/v1/cases/{no}/messages"): {},
    ("POST", "/api/v1/cases/{no}/agent/code"): {"json": {"purpose": "authority"}},
    ("POST", "/api/v1/cases/{no}/agent/authority"): {"json": {"code": "123456"}},
    ("GET", "/api/v1/cases/{no}/agent"): {},
    ("POST", "/api/v1/cases/{no}/agent/entrust"): {"json": {"point": "cg-01"}},
    ("POST", "/api/v1/cases/{no}/agent/withdraw"): {"json": {}},
    ("GET", "/api/v1/agent/batches/{batch}"): {},
    ("POST", "/api/v1/appointments/{appointment}/cancel"): {"json": {}},
    ("POST", "/api/v1/cases/{no}/complaints"): {
        "files": {"file": ("a.jpg", b"x", "image/jpeg")},
        "data": {"transaction_id": "t", "kind": "slow", "text": "慢"},
    },
    ("POST", "/api/v1/cases/{no}/follow-up"): {"json": {"good": True}},
    ("GET", "/api/v1/complaints/{complaint}"): {},
    ("GET", "/api/v1/complaints/{complaint}/picture"): {},
    ("POST", "/api/v1/complaints/{complaint}/judge"): {"json": {"satisfied": True}},
    ("POST", "/api/v1/complaints/{complaint}/withdraw"): {"json": {}},
}
EVERYBODYS = {"/api/v1/items/{code}", "/api/v1/regions/{code}/busy", "/api/v1/offices/{code}/slots"}


def test_every_resident_address_with_an_id_is_tried_here() -> None:
    routes = [(m, r.path) for router in RESIDENT for r in router.routes for m in r.methods]  # type: ignore[attr-defined]
    with_ids = {(m, path) for m, path in routes if "{" in path and path not in EVERYBODYS}
    assert with_ids == CALLS.keys()


@pytest.fixture
def hers(world: World) -> dict[str, str]:
    return things_of_hers(world)


def things_of_hers(world: World) -> dict[str, str]:
    """A case of somebody else with a page, a booking, a document and an upload, and a pickup of two more cases."""
    she = world.resident("she")
    draft = she.opens()
    upload = she.post(
        "/api/v1/uploads", 201, case=draft, material="form", size=3, transaction_id=unique()
    )  # fmt: skip
    no = she.opens()
    she.submits(no)
    world.judge(no, "returned")
    she.post(f"/api/v1/cases/{no}/submit")
    world.judge(no, "passed")
    booking = she.books(no)
    file = world.file(no)
    return {
        "no": no,
        "key": "form",
        "material": "form",
        "page": file.pages[0].id,
        "booking": booking,
        "document": file.documents[0].id,
        "upload": upload["id"],
        "paper": "label",
        "attachment": "a",
        "incident": "i",
        "batch": "b",
        "pickup": _pickup(world, she),
        "appointment": _appointment(world, she),
        "complaint": _complaint(she, no),
    }


def _complaint(she: Caller, no: str) -> str:
    said = {"transaction_id": unique(), "kind": "slow", "text": "没有人理"}
    picture = {"file": ("a.jpg", b"x", "image/jpeg")}
    return str(she.ask("POST", f"/api/v1/cases/{no}/complaints", 201, files=picture, data=said)["id"])


def _appointment(world: World, she: Caller) -> str:
    office = Office("hz-1", "窗口", "样本路1号", "440105", "020-1", ("00:00-23:30",), ("00:00-23:30",))
    with world.database.transaction() as tx:
        tx.appointments.put_office(office, actor=SYSTEM)
        slot = next(slots_of(office, beijing_day(tx.now()) + timedelta(days=1), tx.calendar()))
    made = she.post("/api/v1/appointments", 201, item="440105-SHBZK-BL", office="hz-1", start=slot.start.isoformat())
    return str(made["id"])


def _pickup(world: World, she: Caller) -> str:
    numbers = [she.opens(), she.opens()]
    for no in numbers:
        she.submits(no)
        world.judge(no, "passed")
    window = she.get(f"/api/v1/cases/{numbers[0]}/windows?leg=collection")["windows"][0]["id"]
    made = she.post(
        "/api/v1/pickups", 201, cases=numbers, window=window, address=ADDRESS, transaction_id=unique()
    )  # fmt: skip
    return str(made["id"])


def test_another_person_finds_nothing_and_changes_nothing(world: World, hers: dict[str, str]) -> None:
    before, stranger = world.file(hers["no"]), world.resident("stranger")
    for (method, path), body in CALLS.items():
        answer = stranger.raw(method, path.format(**hers), **body)
        assert answer.status_code == 404, f"{method} {path}: {answer.status_code} {answer.text}"
    assert stranger.get("/api/v1/cases")["cases"] == []
    assert world.file(hers["no"]) == before


def test_my_own_case_with_somebody_elses_parts_finds_nothing(world: World, hers: dict[str, str]) -> None:
    stranger = world.resident("stranger")
    mine = {**hers, "no": stranger.opens()}
    for (method, path), body in CALLS.items():
        if path.count("{") == 2 and not {"{key}", "{paper}", "{material}"} & set(path.replace(".pdf", "").split("/")):
            answer = stranger.raw(method, path.format(**mine), **body)
            assert answer.status_code == 404, f"{method} {path}: {answer.status_code}"


def test_nobody_at_all_is_asked_to_log_in(world: World, hers: dict[str, str]) -> None:
    for (method, path), body in CALLS.items():
        answer = world.client.request(method, path.format(**hers), **body)  # type: ignore[arg-type]
        assert answer.status_code == 401, f"{method} {path}: {answer.status_code}"
        assert answer.json()["error"]["code"] == "unauthenticated"


def test_another_department_finds_nothing(world: World, hers: dict[str, str]) -> None:
    other = world.system(*Role, departments=("elsewhere",))
    ours = world.system(Role.PRE_AUDITOR, departments=("rsj",))
    ours.get(f"/desk/api/cases/{hers['no']}")
    # administrators and auditors see every department; the key's own departments are what counts for a system
    other.get(f"/desk/api/cases/{hers['no']}", 404)
    other.get(f"/desk/api/cases/{hers['no']}/pages/{hers['page']}", 404)
    other.post(f"/desk/api/cases/{hers['no']}/claim", 404)
    other.post(f"/desk/api/cases/{hers['no']}/preaudit", 404, decision="pass")
    other.get("/desk/api/assignments?department=rsj", 404)
    assert other.get("/desk/api/queues")["queues"]["late"] == 0


def test_an_assignment_is_decided_by_its_own_department_only(world: World) -> None:
    me, desk = world.resident(), world.system(Role.INTAKE)
    no = me.opens()
    me.submits(no)
    world.judge(no, "passed")
    received = [{"key": o.key, "copies": o.copies} for o in world.file(no).originals]
    desk.post(f"/desk/api/cases/{no}/originals", received=received)
    desk.post(f"/desk/api/cases/{no}/accept")
    world.route(no)
    photo = next(a for a in world.file(no).assignments if a.key == "photo")
    rsj = world.system(Role.CLERK, departments=("rsj",))
    rsj.post(f"/desk/api/assignments/{photo.id}/decision", 404, decision="approve")
    gaj = world.system(Role.CLERK, departments=("gaj",))
    gaj.post(f"/desk/api/assignments/{photo.id}/decision", decision="approve")
    again = gaj.post(f"/desk/api/assignments/{photo.id}/decision", 409, decision="approve")
    assert again["error"]["code"] == "wrong_state"
