"""The same `transaction_id` gives the same answer and no second effect; two people never meet in it."""

import threading
from typing import Any

import pytest
from sqlalchemy import delete, select

from storage.answers import Answer
from storage.tables import answers
from tests.web.world import ADDRESS, APPLICANT, World


def _body(transaction_id: str, **changes: object) -> dict[str, object]:
    body = {
        "item": "440105-SHBZK-BL",
        "answers": {"under_16": False},
        "applicant": APPLICANT,
        "address": ADDRESS,
        "transaction_id": transaction_id,
    }
    return {**body, **changes}


def test_a_case_opened_twice_is_one_case(world: World) -> None:
    me = world.resident()
    first = me.post("/api/v1/cases", 201, **_body("same"))
    assert me.post("/api/v1/cases", 201, **_body("same")) == first
    assert len(me.get("/api/v1/cases")["cases"]) == 1


def test_the_same_id_with_another_request_is_a_conflict(world: World) -> None:
    me = world.resident()
    me.post("/api/v1/cases", 201, **_body("same"))
    refused = me.post("/api/v1/cases", 409, **_body("same", answers={"under_16": True}))
    assert refused["error"]["code"] == "conflict"


def test_another_person_may_use_the_same_id(world: World) -> None:
    opened = [world.resident(name).post("/api/v1/cases", 201, **_body("same"))["case"] for name in ("a", "b")]
    assert len(set(opened)) == 2


def test_a_page_sent_twice_is_one_page_also_when_the_material_is_full(world: World) -> None:
    me = world.resident()
    no = me.opens()
    first = me.uploads(no, "id_front", transaction_id="page")
    assert me.uploads(no, "id_front", transaction_id="page") == first
    assert len(world.file(no).pages) == 1
    refused = me.uploads(no, "id_front", status=422, transaction_id="another")
    assert "最多1页" in refused["error"]["message"]


def test_a_submission_repeated_after_the_verdict_gives_its_first_answer(world: World) -> None:
    me = world.resident()
    no = me.opens()
    me.uploads(no, "id_front")
    world.read_all(no)
    first = me.post(f"/api/v1/cases/{no}/submit", transaction_id="s")
    world.judge(no, "passed")
    assert me.post(f"/api/v1/cases/{no}/submit", transaction_id="s") == first
    assert me.post(f"/api/v1/cases/{no}/submit", 409)["error"]["code"] == "wrong_state"


def test_twins_at_the_same_time_open_one_case(world: World) -> None:
    me = world.resident()
    answers: list[str] = []

    def open_once() -> None:
        answers.append(me.post("/api/v1/cases", 201, **_body("same"))["case"])

    _all_at_once(open_once, 4)
    assert len(answers) == 4
    assert len(set(answers)) == 1
    assert len(me.get("/api/v1/cases")["cases"]) == 1


def test_different_pages_at_the_same_time_are_all_kept(world: World) -> None:
    me = world.resident()
    no = me.opens()
    _all_at_once(lambda: me.uploads(no, "form", data=threading.current_thread().name.encode()), 2)
    assert sorted(p.ordinal for p in world.file(no).pages) == [1, 2]


def _all_at_once(work, times: int) -> None:  # type: ignore[no-untyped-def]
    threads = [threading.Thread(target=work, name=f"twin-{n}") for n in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)


def _as_another_version_said_it(world: World, transaction_id: str, without: str | None = None, **more: Any) -> Any:
    """What is remembered has other fields than today's answers."""
    with world.database.transaction() as tx:
        row = tx.execute(select(answers).where(answers.c.transaction_id == transaction_id)).one()
        kept = tx.remembered(row.person_key, transaction_id, row.fingerprint)
        assert kept is not None
        body = {k: v for k, v in kept.body.items() if k != without} | more
        tx.execute(delete(answers).where(answers.c.transaction_id == transaction_id))
        tx.remember(row.person_key, transaction_id, row.fingerprint, Answer(200, body))
        return body


@pytest.mark.parametrize("change", [{"without": "materials"}, {"more": "field of another version"}])
def test_an_answer_of_another_version_is_given_again_as_it_was(world: World, change: dict[str, str]) -> None:
    me = world.resident()
    me.post("/api/v1/cases", 201, **_body("same"))
    said = _as_another_version_said_it(world, "same", **change)
    assert me.post("/api/v1/cases", 201, **_body("same")) == said
    assert len(me.get("/api/v1/cases")["cases"]) == 1
