"""Consents, one's own data, and erasing it as far as the law allows."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from cases.deadlines import beijing_day
from cases.retention import Kind
from storage import deletions, erasing, holdings, retention
from storage.sealed import sealed_tables
from storage.tables import cases, metadata
from storage.words import Role
from tests.personal import leaks
from tests.storage.opened import unsealed
from tests.web.test_retention import PERSONAL, lives
from tests.web.world import JPEG, World

ROOT = Path(__file__).parents[2]


def test_a_consent_is_given_once_and_taken_back(world: World) -> None:
    me = world.resident()
    for _ in range(2):
        given = me.post("/api/v1/consents", 201, kind="privacy", version="1")["consents"]
    assert [(c["kind"], c["version"], c["withdrawn_at"]) for c in given] == [("privacy", "1", None)]
    (gone,) = me.post("/api/v1/consents", 201, kind="privacy", version="1", given=False)["consents"]
    assert gone["withdrawn_at"] is not None


def test_a_person_gets_everything_that_is_kept_about_them_and_nothing_of_others(world: World) -> None:
    me, other = world.resident("me"), world.resident("other")
    no = me.opens(agent={"name": "李代办", "id_number": "440105198001010010", "phone": "13900000000"})
    other.opens()
    mine = me.get("/api/v1/me/data")
    (case,) = mine["cases"]
    assert case["case"] == no
    assert case["applicant"]["id_number"] == "440105199003070019"
    assert (case["agent"]["name"], case["address"]["detail"]) == ("李代办", "样本路1号")
    assert mine["platform"] == "embedded"


def test_a_draft_is_erased_and_what_was_handed_in_is_explained(world: World) -> None:
    me = world.resident()
    handed_in, draft = me.opens(), me.opens()
    me.submits(handed_in)
    page = me.uploads(draft, "id_front", JPEG + b"only here")["id"]
    world.read(draft, page)
    blob = world.file(draft).pages[0].blob
    erased = me.post("/api/v1/me/erase", transaction_id="e")
    assert erased["erased"] == [draft]
    assert [(k["case"], k["state_label"]) for k in erased["kept"]] == [(handed_in, "已提交，正在看材料")]
    assert "撤回" in erased["kept"][0]["reason"]
    left = world.file(draft)
    assert (left.case.state, left.case.applicant.name, left.case.address) == ("withdrawn", "", None)
    assert (left.case.answers, left.pages_of("id_front"), left.pages[0].findings) == ({}, (), ())
    assert not world.blobs.exists(blob)
    assert me.post("/api/v1/me/erase", transaction_id="e") == erased


def test_the_same_picture_in_a_case_that_stays_is_kept(plain_world: World) -> None:
    me = plain_world.resident()
    handed_in, draft = me.opens(), me.opens()
    me.submits(handed_in)
    me.uploads(draft, "id_front", JPEG + b"id_front")
    me.post("/api/v1/me/erase")
    assert all(plain_world.blobs.exists(p.blob) for p in plain_world.file(handed_in).pages)


def test_the_record_of_an_erased_draft_still_fits_together(world: World) -> None:
    me = world.resident()
    me.opens()
    me.post("/api/v1/me/erase")
    with world.database.reading() as tx:
        from_storage = tx.timeline(me.get("/api/v1/cases")["cases"][0]["case"])
    assert [x.action for x in from_storage] == ["case_opened", "case_withdraw", "personal_data_erased"]


def test_nobody_agrees_to_a_text_that_there_is_not(plain_world: World) -> None:
    me = plain_world.resident()
    me.post("/api/v1/consents", 422, kind="privacy", version="99")
    me.post("/api/v1/consents", 422, kind="anything", version="1")
    (given,) = me.post("/api/v1/consents", 201, kind="materials", version="1")["consents"]
    shown = {one["kind"]: one for one in me.get("/api/v1/consents/texts")["texts"]}
    assert given["text"] == shown["materials"]["text"]
    assert shown["materials"]["text"] in (ROOT / "miniapp/src/words/common.ts").read_text(encoding="utf-8")


def test_an_erasure_says_what_stays_why_and_until_when_and_the_answer_is_kept(plain_world: World) -> None:
    world, me = plain_world, plain_world.resident()
    draft, tried, under_way = me.opens(), me.opens(), me.opens()
    for no in (tried, under_way):
        me.submits(no)
    me.post(f"/api/v1/cases/{tried}/withdraw")
    with world.database.transaction() as tx:
        tx.execute(update(cases).where(cases.c.number == tried).values(closed_at=tx.now()))
        days = retention.rules(tx)[Kind.ABANDONED].days or 0
        until = beijing_day(tx.now() + timedelta(days=days))
    answer = me.post("/api/v1/me/erase")
    kept = {k["case"]: k for k in answer["kept"]}
    assert (kept[tried]["until"], kept[under_way]["until"]) == (until.isoformat(), None)
    assert "第十九条" in kept[tried]["ground"]
    (again,) = me.get("/api/v1/me/data")["erasures"]
    assert (again["erased"], set(again["kept"]), again["proof"]) == ([draft], {tried, under_way}, answer["proof"])
    with world.database.reading() as tx:
        assert [p.id for p in deletions.proof_of(tx, draft)] == [answer["proof"]]


def test_who_looked_at_what_is_told_to_the_person_without_names_and_to_auditors_with_them(plain_world: World) -> None:
    world, me = plain_world, plain_world.resident()
    no = me.opens()
    me.submits(no)
    world.judge(no, "review")
    assert me.get("/api/v1/me/looks")["looks"] == []
    clerk = world.system(Role.PRE_AUDITOR)
    clerk.get(f"/desk/api/cases/{no}")
    page = world.file(no).pages[0].id
    clerk.get(f"/desk/api/cases/{no}/pages/{page}")
    looks = me.get("/api/v1/me/looks")["looks"]
    assert [(x["case"], x["what"], x["why"]) for x in looks] == [
        (no, "材料照片和识读结果", "办理申请"),
        (no, "申请信息", "办理申请"),
    ]
    assert "预审人员" in looks[0]["who"]
    assert "test" not in looks[0]["who"]
    auditor = world.system(Role.AUDITOR)
    seen = auditor.get(f"/desk/api/cases/{no}/looks")["looks"]
    assert [(x["name"], x["thing"]) for x in seen] == [("test", page), ("test", None)]
    with world.database.reading() as tx:
        assert tx.timeline(no)[-1].action == "looks_shown", "asking is on record"
    assert len(me.get("/api/v1/me/looks")["looks"]) == 2, "and is no look"
    other = world.resident("other")
    assert other.get("/api/v1/me/looks")["looks"] == []


def test_everything_that_is_kept_can_be_taken_along(plain_world: World) -> None:
    me, other = plain_world.resident("me"), plain_world.resident("other")
    no = me.opens()
    other.opens(
        applicant={"kind": "person", "name": "何旁人", "id_number": "440105198001010010", "phone": "13900000000"}
    )
    me.submits(no)
    taken = me.get("/api/v1/me/data/all")
    held = {section["name"]: section["rows"] for section in taken["held"]}
    assert held["cases"][0]["applicant"]["id_number"] == "440105199003070019"
    assert {"cases", "materials", "pages", "persons", "sessions"} <= set(held)
    assert "何旁人" not in str(taken)
    assert not [k for rows in held.values() for row in rows for k in row if k.endswith(("_index", "_hash"))]
    assert all(one["reason"] for one in taken["withheld"])


def test_every_table_is_answered_for() -> None:
    """A table that is new is about somebody, withheld with a reason, or about nobody: whoever adds it says which."""
    how = {table.name: holdings.about(table) for table in metadata.sorted_tables}
    sealed = {each.table.name for each in sealed_tables()}
    silent = {name for name, about in how.items() if about is None}
    assert silent & sealed <= set(holdings.WITHHELD) | {
        "department_endpoints", "item_backtests", "oidc_logins", "platform_tokens", "staff",
    }, "what is sealed is about somebody, but our own secrets"  # fmt: skip
    assert not set(holdings.WITHHELD) & set(holdings.OF_NOBODY)


def test_every_sealed_column_says_nothing_when_its_case_is_erased() -> None:
    for each in sealed_tables():
        if "case_number" not in each.table.c and each.table.name not in {"cases", "pickups"}:
            continue
        for name in each.columns:
            column = each.table.c[name]
            deleted = each.table in erasing.DELETED or each.table.name == "strays"
            assert column.nullable or deleted or (each.table.name, name) in erasing.BLANKS or name == "applicant", (
                column
            )


def test_how_long_everything_is_kept_is_told_to_anybody(plain_world: World) -> None:
    kept = plain_world.client.get("/api/v1/keeping").json()["kept"]
    assert {k["kind"] for k in kept} == {str(kind) for kind in Kind}
    assert next(k for k in kept if k["kind"] == "draft")["days"] == 30


def test_a_refusal_does_not_say_back_an_identity_number(plain_world: World, capsys: pytest.CaptureFixture[str]) -> None:
    me = plain_world.resident()
    for path in ("/api/v1/cases/440105198707289983", "/api/v1/cases/陈样本"):
        answer = me.raw("GET", path)
        assert answer.status_code == 404
        assert leaks({"answer": answer.content}, ["440105198707289983", "陈样本"]) == []
    assert leaks({"log": capsys.readouterr().out.encode()}, ["440105198707289983", "陈样本"]) == []


def test_a_life_leaves_nothing_personal_outside_seals(plain_world: World, capsys: pytest.CaptureFixture[str]) -> None:
    no = lives(plain_world)
    asked = {"X-API-Key": plain_world.system(Role.PRE_AUDITOR, Role.AUDITOR).headers["X-API-Key"]}
    plain_world.client.post("/desk/api/search", json={"text": "440105199003070019"}, headers=asked)
    places = {
        "log": "".join(capsys.readouterr()).encode(),
        "metrics": plain_world.client.get("/metrics").content,
        "objects": "\n".join(plain_world.blobs.all_keys()).encode(),
        **unsealed(plain_world.database),
    }
    assert no.encode() in places["log"]
    assert leaks(places, [v for v in PERSONAL if v.isdigit() or v in {"陈样本", "样本路1号", "很方便"}]) == []
