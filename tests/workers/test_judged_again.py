"""case.judge with what auditors say, with thresholds in force, and with instant cases that are drawn."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cases.actions import review
from cases.actions.review import ReviewDecision, ReviewRuling
from cases.actions.verifying import Saying, verify
from cases.effects import JobKind
from cases.findings import FindingCode
from cases.lifecycle import CaseState
from cases.readings import Confirmed, Field
from storage.actors import Actor
from storage.session import Database
from storage.truth_tables import truth_counts
from tests.cases.world import INSTANT, ITEM
from tests.storage.kept import BOX, reading
from tests.workers.room import Room, ScriptedReader
from workers.jobs import Ended

BOSS = Actor("staff", "boss-1")
CHECKED: dict[str, Any] = {
    "materials": [
        {"key": "id_front", "name": "居民身份证（人像面）", "document": "id_card_front", "need": "required", "original": "show",
         "checks": ["name_plausible"]},
    ],
}  # fmt: skip


def card(name: str = "陈祥本", confidence: float = 0.97, confirmed: Confirmed = Confirmed.ONE_READER) -> ScriptedReader:
    line = reading().lines[0]
    lines = tuple(replace(line, text=text) for text in ("姓名" + name, "公民身份号码", "住址样本路1号"))
    return ScriptedReader(reading(fields={"name": Field(name, confidence, confirmed, BOX)}, lines=lines))


def handed_in(database: Database, folder: Path, reader: ScriptedReader, **item_changes: Any) -> Room:
    room = Room(database, folder, item_changes={**CHECKED, **item_changes})
    room.reader = reader
    room.upload()
    room.do(JobKind.PAGE_READ)
    room.seen().submit()
    assert room.do(JobKind.CASE_JUDGE) is Ended.DONE
    room.seen()
    return room


def in_force(database: Database, least: int = 95, n: int = 800) -> None:
    key = {"kind": "id_card_front", "field": "name", "read_as": "one_reader", "band": 99}
    with database.transaction() as tx:
        tx.insert_new(truth_counts, {**key, "n": n, "correct": n})
        tx.switch_threshold_on("id_card_front", "name", least, BOSS)


def says(room: Room, value: str) -> None:
    page = room.world.file.pages[0].id
    with room.database.reading() as tx:
        made = tx.reading(page)
    assert made is not None
    room.world.apply(
        verify(room.world.file, page, made, (Saying("name", value, made.fields["name"].value),), room.world.now)
    )


def test_one_reader_alone_is_doubted_and_remembered_as_such(plain_database: Database, tmp_path: Path) -> None:
    room = handed_in(plain_database, tmp_path, card())
    assert room.world.state is CaseState.IN_REVIEW
    (doubt,) = room.world.file.findings
    assert (doubt.code, doubt.field, doubt.evidence["kind"]) == (FindingCode.FIELD_DOUBTFUL, "name", "id_card_front")
    with plain_database.reading() as tx:
        judged = tx.last_judgements()
    assert list(judged.reasons.values()) == [1]
    assert [(d.kind, d.field, d.band) for d in judged.doubts] == [("id_card_front", "name", 97)]


def test_the_auditors_word_clears_the_doubt_and_the_reading_stays(database: Database, tmp_path: Path) -> None:
    room = handed_in(database, tmp_path, card())
    says(room, "陈样本")
    assert room.do(JobKind.CASE_JUDGE) is Ended.DONE
    world = room.seen()
    assert (world.state, world.file.findings) == (CaseState.IN_REVIEW, ())
    assert room.facts("case_judged_again") == [{"verdict": "passed", "findings": []}]
    with database.reading() as tx:
        kept = tx.reading(world.file.pages[0].id)
        assert len(tx.last_judgements().reasons) == 1
    assert kept is not None
    assert kept.fields["name"].value == "陈祥本"


def test_a_word_said_while_it_was_being_judged_has_a_job_of_its_own(plain_database: Database, tmp_path: Path) -> None:
    room = handed_in(plain_database, tmp_path, card())
    says(room, "陈样本")
    says(room, "陈")
    with plain_database.reading() as tx:
        waiting = [job.id for job in tx.jobs.of_subject(room.number) if job.kind is JobKind.CASE_JUDGE]
    assert len(waiting) == 3
    room.do(JobKind.CASE_JUDGE)
    room.do(JobKind.CASE_JUDGE)
    assert [f.message for f in room.seen().file.findings] == ["姓名没有读全"]


def test_a_threshold_in_force_lets_one_reader_pass_and_the_case_says_so(
    plain_database: Database, tmp_path: Path
) -> None:
    in_force(plain_database)
    room = handed_in(plain_database, tmp_path, card())
    assert room.world.state is CaseState.PREAUDIT_PASSED
    (judged,) = room.facts("case_judged")
    assert judged["thresholds"] == {"id_card_front.name": 95}


@pytest.mark.parametrize(
    "reader", [card(confidence=0.94), card(confirmed=Confirmed.DISAGREEMENT)], ids=["less sure", "two that disagree"]
)
def test_below_it_or_in_disagreement_a_person_looks(
    plain_database: Database, tmp_path: Path, reader: ScriptedReader
) -> None:
    in_force(plain_database)
    room = handed_in(plain_database, tmp_path, reader)
    assert room.world.state is CaseState.IN_REVIEW


def test_switched_off_a_person_looks_again(plain_database: Database, tmp_path: Path) -> None:
    in_force(plain_database)
    with plain_database.transaction() as tx:
        tx.switch_threshold_off(tx.thresholds_switched()[0].id, BOSS)
    room = handed_in(plain_database, tmp_path, card())
    assert room.world.state is CaseState.IN_REVIEW
    assert "thresholds" not in room.facts("case_judged")[0]


# ── instant ──

AT_ONCE = {**INSTANT, "materials": [{**CHECKED["materials"][0], "original": "none"}]}


def looked_at(database: Database, share: float) -> None:
    with database.transaction() as tx:
        tx.set_sampling_floor(str(ITEM["code"]), share, BOSS)


def test_an_instant_case_concludes_at_once_with_its_documents(plain_database: Database, tmp_path: Path) -> None:
    looked_at(plain_database, 0.0)
    room = handed_in(plain_database, tmp_path, card(confirmed=Confirmed.TWO_READERS), **AT_ONCE)
    assert room.do(JobKind.CASE_ROUTE) is Ended.DONE
    world = room.seen()
    assert world.state is CaseState.DELIVERED
    assert {"acceptance", "result"} <= {d.kind for d in world.file.documents}


def test_a_drawn_one_is_looked_at_and_then_concludes_the_same_way(plain_database: Database, tmp_path: Path) -> None:
    looked_at(plain_database, 1.0)
    room = handed_in(plain_database, tmp_path, card(confirmed=Confirmed.TWO_READERS), **AT_ONCE)
    assert (room.world.state, room.world.file.findings) == (CaseState.IN_REVIEW, ())
    assert len(room.facts("case_sampled")) == 1
    room.world.apply(review.close_review(room.world.file, ReviewRuling(ReviewDecision.PASS), room.world.now))
    assert room.do(JobKind.CASE_ROUTE) is Ended.DONE
    assert room.seen().state is CaseState.DELIVERED
    with plain_database.reading() as tx:
        assert tx.samples_counted()[str(ITEM["code"])].agreed == 1
