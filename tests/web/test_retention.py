"""What is over is deleted: nothing of it is left, with all keys at hand, and the proof stands."""

import pytest
from sqlalchemy import DateTime, text, update

from cases.errors import InvalidRequest
from cases.lifecycle import LegState
from cases.model import Direction
from cases.retention import RULES, Kind
from storage import audit, deletions, retention
from storage.columns import Instant
from storage.retention_tables import doomed_blobs
from storage.tables import cases, metadata
from storage.words import Role
from tests.storage.kept import reading
from tests.storage.opened import everything
from tests.web.test_life import _departments_decide
from tests.web.world import ADDRESS, APPLICANT, JPEG, SYSTEM, World
from workers import retention as sweeping
from workers import sweeps

PERSONAL = (
    APPLICANT["name"],
    APPLICANT["id_number"],
    APPLICANT["phone"],
    ADDRESS["detail"],
    "很方便",
    "not really a picture",
    "read off a page",
    "a small copy",
)


def lives(world: World) -> str:
    """A whole case, to its rating, with a little of everything that hangs on one."""
    me, desk = world.resident(), world.system(Role.INTAKE, Role.PRE_AUDITOR, Role.SUPERVISOR)
    no = me.opens()
    me.submits(no)
    with world.database.transaction() as tx:
        tx.save_reading(world.file(no).pages[0].id, reading("read off a page"), world.blobs.put(b"a small copy"))
    world.judge(no, "passed")
    booking = me.books(no)
    world.book_at_partner(no)
    world.track(no, booking, LegState.ASSIGNED, LegState.PICKED_UP, LegState.DELIVERED)
    received = [
        {"key": o["key"], "copies": o["copies"], "condition": "good"}
        for o in me.get(f"/api/v1/cases/{no}")["originals"]
    ]
    desk.post(f"/desk/api/cases/{no}/originals", seal="S1", received=received)
    desk.post(f"/desk/api/cases/{no}/accept")
    world.route(no)
    _departments_decide(world, no)
    desk.post(f"/desk/api/cases/{no}/conclude")
    delivery = me.books(no, Direction.DELIVERY)
    world.book_at_partner(no)
    world.track(no, delivery, LegState.PICKED_UP, LegState.DELIVERED)
    me.post(f"/api/v1/cases/{no}/rating", level=1, text="很方便")
    with world.database.transaction() as tx:
        tx.execute(update(cases).where(cases.c.number == no).values(closed_at=tx.now()))
    return no


def passes(world: World, days: int) -> None:
    """So many days go by: every moment that is kept lies so far back, but those of the record."""
    kept = {"audit", "audit_anchors", "deletions", "record_checks"}
    with world.database.transaction() as tx:
        for table in metadata.sorted_tables:
            for column in (
                c for c in table.columns if isinstance(c.type, (Instant, DateTime)) and table.name not in kept
            ):
                back = {"d": f"-{days} days"}
                if tx.postgresql:
                    said = f'UPDATE {table.name} SET "{column.name}" = "{column.name}" - interval \'{days} days\''
                    tx.execute(text(said))
                else:
                    moved = f"strftime('%Y-%m-%d %H:%M:%f000', \"{column.name}\", :d)"
                    tx.execute(
                        text(
                            f'UPDATE {table.name} SET "{column.name}" = {moved} WHERE "{column.name}" IS NOT NULL'
                        ).bindparams(**back)
                    )


def sweep(world: World) -> int:
    sweeps.old_answers(world.database)
    return sweeping.sweep(world.database, seconds=60)


def test_ten_years_later_nothing_of_a_case_is_left_but_its_skeleton(world: World) -> None:
    no = lives(world)
    before = everything(world.database, world.blobs)
    assert [value for value in PERSONAL if value not in before] == []
    passes(world, 3700)
    assert sweep(world) > 0
    after = everything(world.database, world.blobs)
    assert [value for value in PERSONAL if value in after] == []
    file = world.file(no)
    assert (file.case.state, file.case.applicant.name, file.case.answers) == ("delivered", "", {})
    with world.database.reading() as tx:
        assert audit.verify(tx) is None
        assert deletions.verify(tx) is None
        assert [p.kind for p in deletions.proof_of(tx, no)] == [Kind.APPLICATION]
        assert tx.timeline(no)[-1].action == "personal_data_erased"
    assert sweep(world) == 0, "doing it again finds nothing"
    assert list(world.blobs.all_keys()) == []


def test_before_its_time_and_while_it_is_held_nothing_is_deleted(plain_world: World) -> None:
    world, no = plain_world, lives(plain_world)
    passes(world, 3600)
    sweep(world)
    assert APPLICANT["name"] in everything(world.database)
    passes(world, 100)
    with world.database.transaction() as tx:
        assert retention.hold(tx, no, "行政诉讼", SYSTEM)
        assert not retention.hold(tx, no, "again", SYSTEM)
    sweep(world)
    assert world.file(no).case.applicant.name == APPLICANT["name"]
    with world.database.transaction() as tx:
        assert [h.reason for h in retention.holds(tx)] == ["行政诉讼"]
        assert retention.release(tx, no, SYSTEM)
    sweep(world)
    assert world.file(no).case.applicant.name == ""


def test_an_open_complaint_holds_its_case(plain_world: World) -> None:
    world, no = plain_world, lives(plain_world)
    me = world.resident()
    me.post(f"/api/v1/cases/{no}/complaints", 201, kind="attitude", text="太慢了", transaction_id="c1")
    passes(world, 3700)
    sweep(world)
    assert world.file(no).case.applicant.name == APPLICANT["name"]


def test_a_draft_goes_after_a_month_and_what_was_not_accepted_after_half_a_year(world: World) -> None:
    me = world.resident()
    draft, tried = me.opens(), me.opens()
    me.uploads(draft, "id_front", JPEG + b"of a draft")
    me.submits(tried)
    for no in (draft, tried):
        me.post(f"/api/v1/cases/{no}/withdraw")
    passes(world, 31)
    sweep(world)
    assert [world.file(no).case.applicant.name for no in (draft, tried)] == ["", APPLICANT["name"]]
    assert "of a draft" not in everything(world.database, world.blobs)
    passes(world, 150)
    sweep(world)
    assert world.file(tried).case.applicant.name == ""


def test_a_picture_that_another_case_needs_stays(plain_world: World) -> None:
    world, me = plain_world, plain_world.resident()
    one, other = me.opens(), me.opens()
    for no in (one, other):
        me.uploads(no, "id_front", JPEG + b"shared")
    me.post(f"/api/v1/cases/{one}/withdraw")
    passes(world, 31)
    sweep(world)
    assert world.blobs.get(world.file(other).pages[0].blob) == JPEG + b"shared"


def test_stopped_between_the_rows_and_the_pictures_it_goes_on(plain_world: World) -> None:
    world, me = plain_world, plain_world.resident()
    no = me.opens()
    me.uploads(no, "id_front", JPEG + b"to be gone")
    me.post(f"/api/v1/cases/{no}/withdraw")
    passes(world, 31)
    with world.database.transaction() as tx:
        done = retention.delete_some(tx, Kind.DRAFT, SYSTEM)
    assert (done.things, done.blobs, len(list(world.blobs.all_keys()))) == (1, 1, 1)
    assert sweep(world) == 1
    with world.database.reading() as tx:
        assert tx.all(doomed_blobs.select()) == []
    assert list(world.blobs.all_keys()) == []


def test_an_item_may_be_kept_longer_and_nobody_keeps_shorter_than_the_law(plain_world: World) -> None:
    world, no = plain_world, lives(plain_world)
    with world.database.transaction() as tx:
        retention.set_days(tx, Kind.APPLICATION, 10958, SYSTEM, item=world.file(no).case.item_code)
        retention.set_days(tx, Kind.DRAFT, 7, SYSTEM)
    for kind, days in ((Kind.APPLICATION, 100), (Kind.SESSION, 90), (Kind.ACCESS, 2000), (Kind.ANSWER, 3)):
        with pytest.raises(InvalidRequest), world.database.transaction() as tx:
            retention.set_days(tx, kind, days, SYSTEM)
    passes(world, 3700)
    sweep(world)
    assert world.file(no).case.applicant.name == APPLICANT["name"]
    with world.database.reading() as tx:
        assert retention.rules(tx)[Kind.DRAFT].days == 7


@pytest.mark.parametrize(
    ("change", "column"),
    [("UPDATE deletions SET things = 9", "sqlite"), ("DELETE FROM deletions", "sqlite")],
)
def test_a_proof_is_not_changed_unseen(plain_world: World, change: str, column: str) -> None:
    world, me = plain_world, plain_world.resident()
    me.post(f"/api/v1/cases/{me.opens()}/withdraw")
    passes(world, 31)
    sweep(world)
    with world.database.transaction() as tx:
        assert deletions.verify(tx) is None
        for trigger in ("update", "delete"):
            tx.execute(text(f"DROP TRIGGER deletions_no_{trigger}"))
        tx.execute(text(change))
        assert deletions.verify(tx) is not None


def test_every_kind_has_its_sweep() -> None:
    swept = set(retention.SWEPT) | {kind for kind, rule in RULES.items() if rule.elsewhere}
    assert swept | {Kind.ACCESS, Kind.REQUESTED} == set(Kind)
    assert all(rule.ground and rule.name and rule.since for rule in RULES.values())
