"""Files come in whole or in pieces, with a cap, and what cannot be taken is refused in a sentence."""

import hashlib
from collections.abc import Iterator
from inspect import getsource

from fastapi.routing import APIRoute

from cases.actions import opening
from cases.effects import JobKind
from cases.moment import Moment
from storage.actors import Actor
from storage.ids import new_id
from storage.words import ActorKind
from tests.web.world import JPEG, Caller, World, make_world, settings, unique
from web.app import DESK, KIOSK, RESIDENT
from web.limits import body_cap

SMALL = {"upload_max_bytes": 300_000, "chunk_max_bytes": 100_000}


def _small(world: World) -> World:
    return make_world(world.database, world.blobs, **SMALL)


def test_a_page_is_kept_with_its_job_and_its_bytes(world: World) -> None:
    me = world.resident()
    no = me.opens()
    page = me.uploads(no, "id_front")
    assert (page["state"], page["state_label"], page["ordinal"]) == ("uploaded", "正在读", 1)
    (kept,) = world.file(no).pages
    assert world.blobs.get(kept.blob) == JPEG
    assert (kept.sha256, kept.size, kept.media_type) == (hashlib.sha256(JPEG).hexdigest(), len(JPEG), "image/jpeg")
    with world.database.reading() as tx:
        assert [j.kind for j in tx.jobs.of_subject(page["id"])] == [JobKind.PAGE_READ]


def test_a_resident_is_told_how_long_reading_will_take(plain_world: World) -> None:
    me = plain_world.resident()
    no = me.opens()
    page = me.uploads(no, "id_front")["id"]

    def told() -> list[int | None]:
        return [p["expected_seconds"] for m in me.get(f"/api/v1/cases/{no}")["materials"] for p in m["pages"]]

    assert told() == [1]
    plain_world.read(no, page)
    assert told() == [None]


def test_an_empty_file_is_refused_in_a_sentence(plain_world: World) -> None:
    me = plain_world.resident()
    refused = me.uploads(me.opens(), "id_front", data=b"", status=422)
    assert "文件是空的" in refused["error"]["message"]


def test_a_file_past_the_cap_is_refused_before_it_is_stored(plain_world: World) -> None:
    me = _small(plain_world).resident()
    no = me.opens()
    for size in (300_001, 900_000):  # found out when it is counted; announced too large
        refused = me.uploads(no, "id_front", data=b"x" * size, status=413)
        assert refused["error"]["code"] == "too_large"
        assert "请缩小后重试" in refused["error"]["message"]
    assert plain_world.file(no).pages == ()


def test_a_body_whose_length_nobody_announced_is_cut_off_at_the_cap(plain_world: World) -> None:
    me = _small(plain_world).resident()
    path = f"/api/v1/cases/{me.opens()}/materials/id_front/pages"
    sent: list[int] = []

    def endless() -> Iterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        for _ in range(100):
            sent.append(100_000)
            yield b"x" * 100_000

    answer = me.raw("POST", path, content=endless(), headers={"Content-Type": "multipart/form-data; boundary=b"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")


def test_what_is_wrong_with_the_form_is_said(plain_world: World) -> None:
    me = plain_world.resident()
    path = f"/api/v1/cases/{me.opens()}/materials/id_front/pages"
    no_file = me.ask("POST", path, 422, data={"transaction_id": "t"}, files={"other": ("a", b"x")})
    assert no_file["error"]["details"]["field"] == "file"
    no_id = me.ask("POST", path, 422, files={"file": ("a.jpg", JPEG)})
    assert no_id["error"]["details"]["field"] == "transaction_id"
    broken = me.raw("POST", path, content=b"garbage", headers={"Content-Type": "multipart/form-data; boundary=b"})
    assert 400 <= broken.status_code < 500
    assert "error" in broken.json()


def test_a_stranger_is_refused_before_the_file_is_read(plain_world: World) -> None:
    answer = plain_world.client.post(
        "/api/v1/cases/1/materials/x/pages", content=b"garbage", headers={"Content-Type": "multipart/form-data"}
    )
    assert answer.status_code == 401


def test_an_unknown_material_names_those_there_are(plain_world: World) -> None:
    me = plain_world.resident()
    refused = me.uploads(me.opens(), "nothing", status=404)
    assert refused["error"]["details"]["materials"] == ["id_front", "form", "photo"]


def test_a_handed_in_case_takes_no_page_and_says_what_is_allowed(world: World) -> None:
    me = world.resident()
    no = me.opens()
    me.submits(no)
    refused = me.uploads(no, "photo", status=409)
    assert refused["error"]["code"] == "wrong_state"
    assert "withdraw" in refused["error"]["details"]["allowed"]


def test_a_removed_page_makes_room(plain_world: World) -> None:
    me = plain_world.resident()
    no = me.opens()
    page = me.uploads(no, "id_front")["id"]
    seen = me.ask("DELETE", f"/api/v1/cases/{no}/pages/{page}?transaction_id=r")
    assert seen["materials"][0]["state"] == "missing"
    assert me.ask("DELETE", f"/api/v1/cases/{no}/pages/{page}?transaction_id=r") == seen
    me.ask("DELETE", f"/api/v1/cases/{no}/pages/{page}", 404)
    me.uploads(no, "id_front")


def test_a_page_that_was_taken_is_told_again_when_there_is_no_room_any_more(plain_world: World) -> None:
    me = plain_world.resident()
    no = me.opens()
    page = me.uploads(no, "id_front", transaction_id="once")
    refused = me.uploads(no, "id_front", data=JPEG + b"another", status=422)
    assert refused["error"]["details"]["code_hint"] == "too_many_pages"
    assert me.uploads(no, "id_front", transaction_id="once") == page
    assert len(list(plain_world.blobs.all_keys())) == 1


def test_a_page_for_which_there_is_no_room_any_more_when_it_arrives_is_not_stored(plain_world: World) -> None:
    me = plain_world.resident()
    no = me.opens()

    def slow() -> Iterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="transaction_id"\r\n\r\nslow\r\n'
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nabc'
        _attach(plain_world, no)
        yield b"def\r\n--b--\r\n"

    path = f"/api/v1/cases/{no}/materials/id_front/pages"
    answer = me.raw("POST", path, content=slow(), headers={"Content-Type": "multipart/form-data; boundary=b"})
    assert answer.json()["error"]["details"]["code_hint"] == "too_many_pages"
    assert list(plain_world.blobs.all_keys()) == []


def _attach(world: World, no: str) -> None:
    """Somebody else's page, taken meanwhile."""
    with world.database.transaction() as tx:
        file = tx.case_file(no, for_change=True)
        upload = opening.Upload("0" * 64, "0" * 64, "image/jpeg", 1)
        now = Moment(tx.now(), tx.calendar(), new_id, file.case.owner)
        taken = opening.attach_page(file, "id_front", upload, new_id(), now)
        tx.apply(no, taken, actor=Actor(ActorKind.RESIDENT, file.case.owner))


# ── in pieces ──


def _start(me: Caller, no: str, data: bytes, **changes: object) -> str:
    body = {"case": no, "material": "form", "size": len(data), "media_type": "image/jpeg", "transaction_id": unique()}
    return str(me.post("/api/v1/uploads", 201, **{**body, **changes})["id"])


def _send(me: Caller, upload: str, offset: int, piece: bytes, status: int = 200):  # type: ignore[no-untyped-def]
    headers = {"Upload-Offset": str(offset)}
    return me.ask("PATCH", f"/api/v1/uploads/{upload}", status, content=piece, headers=headers)


def test_a_file_in_pieces_becomes_the_same_page(world: World) -> None:
    me, data = world.resident(), bytes(range(256)) * 1000
    no = me.opens()
    upload = _start(me, no, data, sha256=hashlib.sha256(data).hexdigest())
    assert _send(me, upload, 0, data[:100_000])["received"] == 100_000
    assert _send(me, upload, 0, data[:100_000], 409)["error"]["details"]["received"] == 100_000
    assert me.get(f"/api/v1/uploads/{upload}")["received"] == 100_000
    assert me.post(f"/api/v1/uploads/{upload}/complete", 409, transaction_id="c")["error"]["code"] == "conflict"
    _send(me, upload, 100_000, data[100_000:])
    page = me.post(f"/api/v1/uploads/{upload}/complete", 201, transaction_id="c")
    assert me.post(f"/api/v1/uploads/{upload}/complete", 201, transaction_id="c") == page
    (kept,) = world.file(no).pages
    assert (kept.id, world.blobs.get(kept.blob), kept.media_type) == (page["id"], data, "image/jpeg")
    me.get(f"/api/v1/uploads/{upload}", 404)


def test_the_pieces_are_gone_when_the_file_is_whole(plain_world: World) -> None:
    me, data = plain_world.resident(), b"one piece"
    no = me.opens()
    upload = _start(me, no, data)
    _send(me, upload, 0, data)
    with plain_world.database.reading() as tx:
        person = tx.people.session(me.headers["Authorization"].removeprefix("Bearer ")).holder  # type: ignore[union-attr]
        (piece,) = tx.uploads.find(upload, person).chunks
    me.post(f"/api/v1/uploads/{upload}/complete", 201, transaction_id="c")
    assert not plain_world.blobs.exists(piece)
    assert plain_world.blobs.get(plain_world.file(no).pages[0].blob) == data


def test_a_file_that_arrives_otherwise_than_announced_is_refused(plain_world: World) -> None:
    me = plain_world.resident()
    no = me.opens()
    upload = _start(me, no, b"12345", sha256="0" * 64)
    _send(me, upload, 0, b"123456", 413)
    _send(me, upload, 3, b"45", 409)
    _send(me, upload, 0, b"", 422)
    _send(me, upload, 0, b"12345")
    refused = me.post(f"/api/v1/uploads/{upload}/complete", 422, transaction_id="c")
    assert "损坏" in refused["error"]["message"]


def test_caps_hold_for_pieces_too(plain_world: World) -> None:
    small = _small(plain_world)
    me = small.resident()
    no = me.opens()
    body = {"case": no, "material": "form", "transaction_id": "t"}
    me.post("/api/v1/uploads", 413, size=300_001, **body)
    me.post("/api/v1/uploads", 422, size=0, **body)
    upload = _start(me, no, b"x" * 200_000)
    assert _send(me, upload, 0, b"x" * 100_001, 413)["error"]["code"] == "too_large"


def test_a_person_has_only_so_many_uploads_under_way(plain_world: World) -> None:
    me = make_world(plain_world.database, plain_world.blobs, uploads_per_person=2).resident()
    no = me.opens()
    for _ in range(2):
        _start(me, no, b"x")
    body = {"case": no, "material": "form", "size": 1, "transaction_id": "t"}
    assert me.post("/api/v1/uploads", 429, **body)["error"]["details"]["retry_after"] == 60


def test_every_address_that_takes_a_file_takes_one_as_large_as_a_page() -> None:
    """Whatever reads a form reads a file: its address must not be held to the size of JSON."""
    small, chosen = [], settings()
    for route in (r for router in (*RESIDENT, *DESK, *KIOSK) for r in router.routes if isinstance(r, APIRoute)):
        path = route.path.replace("{", "").replace("}", "")
        if "request.form(" in getsource(route.endpoint) and body_cap(chosen, path) < chosen.upload_max_bytes:
            small.append(path)
    assert small == []
