"""What the program left to a person: seen by whoever sees its case, released or ended with a reason, on record."""

from datetime import timedelta

from cases.effects import Enqueue, JobKind
from storage import set_aside
from storage.words import JobState, Role
from tests.web.world import SYSTEM, Caller, World


def quarantined(world: World, case: str | None, kind: JobKind = JobKind.NOTICE_SEND, subject: str = "s") -> str:
    with world.database.transaction() as tx:
        made = tx.jobs.add(Enqueue(kind, subject, subject))
        assert made is not None
        if case:
            tx.execute(set_aside.jobs.update().where(set_aside.jobs.c.id == made).values(case_number=case))
        assert tx.jobs.claim(made, timedelta(seconds=20)) is not None
        assert tx.jobs.condemn(made, "OperationalError at actors/notices.py:40 send")
    return made


def state(world: World, job: str) -> JobState:
    with world.database.reading() as tx:
        found = tx.jobs.job(job)
        assert found is not None
        return found.state


def a_case(world: World) -> str:
    me = world.resident()
    no = me.opens()
    me.submits(no)
    return no


def numbers(boss: Caller) -> tuple[int, int]:
    seen = boss.get("/desk/api/supervision")
    return seen["set_aside"], seen["infections"]


def test_a_job_is_released_with_a_reason_and_it_is_on_record(world: World) -> None:
    no, boss = a_case(world), world.system(Role.SUPERVISOR)
    job = quarantined(world, no)
    assert numbers(boss) == (1, 0)
    (seen,) = boss.get("/desk/api/jobs")["jobs"]
    assert (seen["id"], seen["case"], seen["kind_label"], seen["attempts"]) == (job, no, "发送通知", 1)
    assert "OperationalError" in seen["error"]
    boss.post(f"/desk/api/jobs/{job}/release", 422, reason="because")
    assert boss.post(f"/desk/api/jobs/{job}/release", reason="mended", transaction_id="r")["jobs"] == []
    assert boss.post(f"/desk/api/jobs/{job}/release", reason="mended", transaction_id="r")["jobs"] == []
    assert state(world, job) is JobState.QUEUED
    boss.post(f"/desk/api/jobs/{job}/release", 404, reason="mended")
    with world.database.reading() as tx:
        line = tx.timeline(no)[-1]
    assert (line.action, line.detail["job"], line.detail["why"]) == ("job_released", job, "mended")
    assert numbers(boss) == (0, 0)


def test_a_job_is_buried_and_never_done(plain_world: World) -> None:
    world, boss = plain_world, plain_world.system(Role.ADMINISTRATOR)
    job = quarantined(world, None)
    assert boss.post(f"/desk/api/jobs/{job}/bury", reason="not_wanted")["jobs"] == []
    assert state(world, job) is JobState.FAILED
    with world.database.reading() as tx:
        assert tx.timeline(set_aside.CHAIN)[-1].detail["why"] == "not_wanted"
        assert "buried: not_wanted" in str(tx.jobs.job(job))


def test_a_twin_that_does_the_same_keeps_it_where_it_is(plain_world: World) -> None:
    world, boss = plain_world, plain_world.system(Role.SUPERVISOR)
    job = quarantined(world, None)
    with world.database.transaction() as tx:
        assert tx.jobs.add(Enqueue(JobKind.NOTICE_SEND, "s", "s"))
    boss.post(f"/desk/api/jobs/{job}/release", 409, reason="once_more")
    assert state(world, job) is JobState.QUARANTINED


def test_nobody_sees_or_releases_a_job_of_another_departments_case(plain_world: World) -> None:
    world = plain_world
    no, other = a_case(world), world.system(Role.SUPERVISOR, departments=("mzj",))
    job = quarantined(world, no)
    assert other.get("/desk/api/jobs")["jobs"] == []
    assert numbers(other) == (0, 0)
    other.post(f"/desk/api/jobs/{job}/release", 404, reason="mended")
    other.post(f"/desk/api/jobs/{job}/bury", 404, reason="harmful")
    other.post(f"/desk/api/infections/{no}/dealt-with", 404)


def test_an_infected_file_waits_on_the_board_until_somebody_has_dealt_with_it(world: World) -> None:
    no, boss = a_case(world), world.system(Role.SUPERVISOR)
    for virus in ("Eicar-Test-Signature", "Win.Test.EICAR_HDB-1"):
        with world.database.transaction() as tx:
            set_aside.note_infected(tx, no, "page-1", virus, SYSTEM)
    assert numbers(boss) == (0, 1)
    (seen,) = boss.get("/desk/api/jobs")["infections"]
    assert (seen["case"], seen["files"], seen["virus"]) == (no, 2, "Win.Test.EICAR_HDB-1")
    assert boss.post(f"/desk/api/infections/{no}/dealt-with")["infections"] == []
    boss.post(f"/desk/api/infections/{no}/dealt-with", 404)
    with world.database.transaction() as tx:
        set_aside.note_infected(tx, no, "page-2", "Another", SYSTEM)
    assert numbers(boss) == (0, 1), "what comes afterwards waits again"
    assert "病毒" not in str(world.resident().get(f"/api/v1/cases/{no}/timeline")), "they are told by the finding"


def test_many_are_told_page_by_page_the_longest_waiting_first(plain_world: World) -> None:
    world, boss = plain_world, plain_world.system(Role.SUPERVISOR)
    made = [quarantined(world, None, subject=f"s{n}") for n in range(set_aside.AT_ONCE + 2)]
    first = boss.get("/desk/api/jobs")
    second = boss.get(f"/desk/api/jobs?cursor={first['cursor']}")
    assert [j["id"] for j in (*first["jobs"], *second["jobs"])] == made
    assert second["cursor"] is None
