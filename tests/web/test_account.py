"""Deleting one's account: what it waits for, what stays and why, and that nothing of the rest is left."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from cases.deadlines import beijing_day
from cases.retention import Kind
from storage import accounts, deletions, retention
from storage.tables import cases, originals, persons
from tests.storage.opened import everything
from tests.web.world import JPEG, SYSTEM, World
from workers.retention import accounts as sweep_accounts
from workers.retention import drop_doomed

DELETE, ACCOUNT, KEEP = "/api/v1/me/account/delete", "/api/v1/me/account", "/api/v1/me/account/keep"


def test_an_account_without_cases_goes_at_once_and_leaves_nothing_that_names_anybody(world: World) -> None:
    me, other = world.resident("a-user-of-the-platform"), world.resident("other")
    me.post("/api/v1/consents", 201, kind="privacy", version="1")
    draft, theirs = me.opens(), other.opens(applicant={
        "kind": "person", "name": "何旁人", "id_number": "440105198001010010", "phone": "13900000000"}, address=None)  # fmt: skip
    page = me.uploads(draft, "id_front", JPEG + b"only here")["id"]
    world.read(draft, page)
    blob = world.file(draft).pages[0].blob
    (before,) = [me.get(ACCOUNT)]
    assert (before["waits_for"], before["drafts"], before["kept"], before["asked_at"]) == ([], 1, [], None)
    done = me.post(DELETE)
    assert (done["deleted"], done["erased"], done["waits_for"]) == (True, [draft], [])
    assert [("网络安全法" in k["ground"], k["until"] is None) for k in done["also_kept"]] == [
        (True, False),
        (False, True),
    ]
    me.get(ACCOUNT, 401)
    left = everything(world.database)
    assert not [v for v in ("a-user-of-the-platform", "陈样本", "440105199003070019", "13800000000") if v in left]
    assert "何旁人" in left, "of others nothing is gone"
    drop_doomed(world.database)
    assert not world.blobs.exists(blob)
    assert world.file(theirs).case.applicant.name == "何旁人"
    again = world.resident("a-user-of-the-platform")
    assert again.get("/api/v1/cases")["cases"] == []
    assert again.get("/api/v1/me/data")["consents"] == []
    with world.database.reading() as tx:
        assert len(tx.all(select(persons))) == 3, "a new account beside the skeleton of the old one"
        assert deletions.verify(tx) is None
        (proof,) = deletions.proof_of(tx, draft)
        assert (proof.id, proof.things) == (done["proof"], 2)


def test_what_was_handed_in_stays_with_its_law_and_its_day_and_nobody_reaches_it(plain_world: World) -> None:
    world, me = plain_world, plain_world.resident()
    no = me.opens()
    me.submits(no)
    me.post(f"/api/v1/cases/{no}/withdraw")
    with world.database.reading() as tx:
        days = retention.rules(tx)[Kind.ABANDONED].days or 0
        until = beijing_day(tx.now() + timedelta(days=days))
    person = me.get("/api/v1/me/data")["person"]
    done = me.post(DELETE)
    (kept,) = done["kept"]
    assert (done["deleted"], kept["case"], kept["until"]) == (True, no, until.isoformat())
    assert "第十九条" in kept["ground"]
    assert world.file(no).case.applicant.name == "陈样本"
    assert world.resident().get("/api/v1/cases")["cases"] == []
    with world.database.reading() as tx:
        (proof,) = deletions.proof_of(tx, accounts.name_of(person))
        assert (proof.id, proof.rule["ground"]) == (done["proof"], "《个人信息保护法》第四十七条")
        assert tx.timeline(f"person:{person}")[-1].action == accounts.DELETED
        assert tx.people.person(person).deleted


def test_a_case_under_way_makes_it_wait_and_the_clock_ends_it(plain_world: World) -> None:
    world, me = plain_world, plain_world.resident()
    no = me.opens()
    me.submits(no)
    asked = me.post(DELETE, transaction_id="d")
    assert (asked["deleted"], asked["proof"]) == (False, None)
    assert [(w["case"], w["ends"]) for w in asked["waits_for"]] == [(no, True)]
    assert me.post(DELETE, transaction_id="d") == asked
    assert me.get(ACCOUNT)["asked_at"] is not None
    assert sweep_accounts(world.database) == 0, "it is still under way"
    me.post(f"/api/v1/cases/{no}/withdraw")
    draft = me.opens()
    assert sweep_accounts(world.database) == 1
    assert sweep_accounts(world.database) == 0
    me.get(ACCOUNT, 401)
    assert world.file(draft).case.applicant.name == "", "a draft that was begun meanwhile goes, too"


def test_a_wish_is_taken_back(plain_world: World) -> None:
    world, me = plain_world, plain_world.resident()
    me.post(KEEP, 409)
    no = me.opens()
    me.submits(no)
    me.post(DELETE)
    assert me.post(KEEP)["asked_at"] is None
    me.post(f"/api/v1/cases/{no}/withdraw")
    assert sweep_accounts(world.database) == 0
    assert me.get("/api/v1/cases")["cases"]


def test_whoever_does_not_want_to_wait_takes_back_what_may_be_taken_back(plain_world: World) -> None:
    world, me = plain_world, plain_world.resident()
    no, decided = me.opens(), me.opens()
    for each in (no, decided):
        me.submits(each)
    with world.database.transaction() as tx:
        tx.execute(update(cases).where(cases.c.number == decided).values(state="approved"))
    done = me.post(DELETE, withdraw=True)
    assert (done["deleted"], done["withdrawn"]) == (False, [no])
    assert [(w["case"], w["ends"]) for w in done["waits_for"]] == [(decided, False)]
    assert "不能撤回" in done["waits_for"][0]["reason"]
    assert world.file(no).case.state == "withdrawn"


@pytest.mark.parametrize("held", ["complaint", "papers", "appeal"])
def test_what_is_over_and_not_settled_is_waited_for(plain_world: World, held: str) -> None:
    world, me = plain_world, plain_world.resident()
    no = me.opens()
    me.submits(no)
    if held == "complaint":
        me.post(f"/api/v1/cases/{no}/withdraw")
        with world.database.transaction() as tx:
            retention.hold(tx, no, "复议", SYSTEM)
    elif held == "papers":
        world.judge(no, "passed")
        me.post(f"/api/v1/cases/{no}/withdraw")
        with world.database.transaction() as tx:
            values = {"case_number": no, "key": "id", "name": "身份证", "use": "show", "copies": 1, "holder": "office"}
            tx.execute(originals.insert().values(**values))
    else:
        with world.database.transaction() as tx:
            tx.execute(update(cases).where(cases.c.number == no).values(state="delivered"))
    (waits,) = me.post(DELETE)["waits_for"]
    assert waits["ends"] is False
    assert {"complaint": "核查", "papers": "原件", "appeal": "异议"}[held] in waits["reason"]
