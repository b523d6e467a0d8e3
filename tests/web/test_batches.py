"""Lists of people: each line a case of its own, whatever the others are; sent twice, done once; on both databases."""

import base64
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from cases.effects import JobKind
from storage.agent_tables import agent_batches
from storage.answers import KEEP
from storage.words import JobState
from tests.ledger import due
from tests.web.points import ITEM_CODE, agent, code_of, person, point, publish
from tests.web.world import ADDRESS, Caller, World, unique
from workers.sweeps import old_answers

BAD: dict[int, dict[str, str]] = {
    7: {"id_number": "440105199003070018"},
    13: {"phone": "1380000"},
    21: {"name": ""},
    34: {"id_number": ""},
    49: person(2),
}


@pytest.fixture
def village(world: World) -> World:
    publish(world)
    point(world)
    point(world, "xg-01", "新港村代办点")
    return world


def asked(*people: dict[str, str], **changes: Any) -> dict[str, Any]:
    lines = [{**p, "transaction_id": unique()} for p in people]
    return {"item": ITEM_CODE, "answers": {"under_16": False}, "lines": lines, "transaction_id": unique(), **changes}


def opens(who: Caller, **body: Any) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = who.post("/api/v1/agent/batches", **body)["lines"]
    return lines


def test_fifty_lines_with_five_bad_ones_open_forty_five_cases_once(village: World) -> None:
    wang = agent(village)
    body = asked(*({**person(n), **BAD.get(n, {})} for n in range(50)))
    first = wang.post("/api/v1/agent/batches", **body)
    refused = {line["ordinal"] - 1: line["message"] for line in first["lines"] if line["outcome"] == "refused"}
    assert refused.keys() == BAD.keys()
    assert "身份证号码有误" in refused[7]
    assert "11位" in refused[13]
    assert "姓名" in refused[21]
    assert refused[49] == "与第3行是同一个人，已略过"
    numbers = [line["case"] for line in first["lines"] if line["case"]]
    assert len(set(numbers)) == 45
    again = wang.post("/api/v1/agent/batches", **body)
    assert [(x["case"], x["message"]) for x in again["lines"]] == [(x["case"], x["message"]) for x in first["lines"]]
    assert again["id"] == first["id"]
    assert len(wang.get("/api/v1/agent/cases")["cases"]) == 45
    assert len({code_of(village, no) for no in numbers[:5]}) > 1
    shown = wang.get(f"/api/v1/agent/batches/{first['id']}")
    assert [x["outcome"] for x in shown["lines"]] == [x["outcome"] for x in first["lines"]]
    agent(village, "zhao", "xg-01").get(f"/api/v1/agent/batches/{first['id']}", 404)


def test_a_line_that_was_refused_is_sent_again_mended(village: World) -> None:
    wang = agent(village)
    body = asked(person(1), {**person(2), "phone": "138"})
    assert [x["outcome"] for x in opens(wang, **body)] == ["opened", "refused"]
    body["lines"][1]["phone"] = "13800000002"
    mended = opens(wang, **{**body, "transaction_id": unique()})
    assert [x["outcome"] for x in mended] == ["opened", "opened"]
    other = opens(wang, **{**body, "lines": [{**person(3), "transaction_id": body["lines"][0]["transaction_id"]}]})
    assert (other[0]["outcome"], other[0]["case"]) == ("refused", None)
    assert "已用于另一个人" in other[0]["message"]


def test_the_same_person_is_not_begun_twice(village: World) -> None:
    wang = agent(village)
    (first,) = opens(wang, **asked(person(1)))
    (second,) = opens(wang, **asked(person(1)))
    assert first["case"] in second["message"]


def test_two_taps_at_once_open_one_case_a_line(village: World) -> None:
    wang, body = agent(village), asked(person(1), person(2), person(3))
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: wang.raw("POST", "/api/v1/agent/batches", json=body), range(2)))
    assert {a.status_code for a in answers} <= {200, 409}
    opens(wang, **body)
    assert len(wang.get("/api/v1/agent/cases")["cases"]) == 3


def test_what_cannot_be_a_list_is_told(village: World) -> None:
    wang = agent(village)
    wang.post("/api/v1/agent/batches", 422, **asked(*(person(n) for n in range(51))))
    wang.post("/api/v1/agent/batches", 422, **asked())
    wang.post("/api/v1/agent/batches", 404, **asked(person(1), item="nothing"))
    wrong = opens(wang, **asked(person(1), answers={"nonsense": True}))
    assert (wrong[0]["outcome"], wrong[0]["message"]) == ("refused", "有一个问题答得不对，请重新选。")
    village.resident().post("/api/v1/agent/batches", 403, **asked(person(1)))


def test_all_that_are_ready_are_handed_in_and_one_that_fails_leaves_the_others_done(village: World) -> None:
    wang = agent(village)
    first, second, third = [str(x["case"]) for x in opens(wang, **asked(person(1), person(2), person(3)))]
    for no in (first, third):
        wang.post(f"/api/v1/cases/{no}/agent/authority", code=code_of(village, no))
        for material in ("id_front", "form"):
            wang.uploads(no, material, f"{no}{material}".encode())
        village.read_all(no)
    body: dict[str, Any] = {"cases": [first, second, third, "440105202603020000011"], "transaction_id": unique()}
    done = wang.post("/api/v1/agent/submissions", **body)["results"]
    assert [x["outcome"] for x in done] == ["submitted", "refused", "submitted", "refused"]
    assert "授权" in done[1]["message"]
    assert wang.post("/api/v1/agent/submissions", **body)["results"] == done
    assert [village.file(no).case.state for no in (first, third)] == ["submitted", "submitted"]


def test_one_courier_comes_for_all_that_are_packed(village: World) -> None:
    wang = agent(village)
    numbers = [str(x["case"]) for x in opens(wang, **asked(person(1), person(2)))]
    for no in numbers:
        wang.post(f"/api/v1/cases/{no}/agent/authority", code=code_of(village, no))
        wang.submits(no)
        village.judge(no, "passed")
        lines = [{"key": o.key} for o in village.file(no).originals]
        wang.post(f"/api/v1/cases/{no}/packing", lines=lines, transaction_id=unique())
    assert {line["step"] for line in wang.get("/api/v1/agent/cases")["cases"]} == {"book"}
    window = wang.get(f"/api/v1/cases/{numbers[0]}/windows?leg=collection")["windows"][0]["id"]
    wang.post("/api/v1/pickups", 201, cases=numbers, window=window, address=ADDRESS, transaction_id=unique())
    assert {line["step"] for line in wang.get("/api/v1/agent/cases")["cases"]} == {"courier"}


def test_pages_of_a_list_give_way_to_residents_who_wait(village: World) -> None:
    wang, chen = agent(village), village.resident()
    numbers = [str(x["case"]) for x in opens(wang, **asked(*(person(n) for n in range(8))))]
    for no in numbers:
        wang.uploads(no, "id_front", no.encode())
    own = chen.uploads(chen.opens(), "id_front")["id"]
    with village.database.transaction() as tx:
        rung = [job for job, kind, _ in due(tx) if kind is JobKind.PAGE_READ]
        subjects = [j.subject for j in tx.jobs.list(JobState.QUEUED, JobKind.PAGE_READ) if j.id in rung]
        assert own in subjects
        assert len(subjects) == 4  # three of the list, and the one who waits
        tx.jobs.stamp_rung(rung)
        assert [k for _, k, _ in due(tx) if k is JobKind.PAGE_READ] == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_list_is_checked_line_by_line_before_anything_is_kept(plain_world: World, encoding: str) -> None:
    point(plain_world)
    wang, p = agent(plain_world), person(1)
    text = (
        f"序号,姓名,身份证号码,手机\r\n1,{p['name']},{p['id_number'].lower()},{p['phone']}\r\n\r\n2,李四,12345,138\r\n"
    )
    file = base64.b64encode(text.encode(encoding)).decode()
    asks: tuple[dict[str, Any], ...] = ({"file": file}, {"text": text})
    for ask in asks:
        seen = wang.post("/api/v1/agent/lists", **ask)
        assert seen["good"] == 1
        good, bad = seen["lines"]
        assert good == {**p, "problem": None}
        assert (bad["name"], bad["problem"]) == ("李四", "缺少身份证号码")
    wang.post("/api/v1/agent/lists", 422, text="\n")
    refused = wang.post("/api/v1/agent/lists", 422, file=base64.b64encode(b"PK\x03\x04\x00\x00").decode())
    for unreadable in ("É\x82X©", "====", "A"):
        wang.post("/api/v1/agent/lists", 422, file=unreadable)
    assert "CSV" in refused["error"]["message"]


def test_what_a_list_said_is_forgotten_when_nobody_sends_it_again(plain_world: World) -> None:
    publish(plain_world)
    point(plain_world)
    wang = agent(plain_world)
    opens(wang, **asked(person(1)))
    assert old_answers(plain_world.database) == 0
    with plain_world.database.transaction() as tx:
        long_ago = tx.now() - KEEP - timedelta(days=1)
        tx.execute(update(agent_batches).values(made_at=long_ago))
    assert old_answers(plain_world.database) == 1
    (batch,) = wang.get("/api/v1/agent/batches")["batches"]
    assert wang.get(f"/api/v1/agent/batches/{batch['id']}")["lines"] == []
    assert len(wang.get("/api/v1/agent/cases")["cases"]) == 1
