"""Truths, counts, thresholds and samples as they are kept: on both databases, sealed, and every figure exact against the
rows."""

import random

import pytest
from sqlalchemy import func, select

from cases.actions import opening, review
from cases.actions.judging import Verdict, record_verdict
from cases.actions.review import ReviewDecision, ReviewRuling
from cases.actions.verifying import Saying, verify
from cases.errors import Conflict, InvalidRequest, NotFound
from cases.readings import Confirmed, Field
from cases.sampling import FLOOR, Share, Why
from cases.thresholds import Tally, band, total
from cases.truths import How, Truth
from storage import audit
from storage.actors import Actor, Scope
from storage.proofs import Reach
from storage.session import Database, Transaction
from storage.truth_tables import truth_counts, truths
from storage.truths import keep
from tests.cases.world import INSTANT, MONDAY
from tests.storage.kept import CLERK, KeptWorld, reading

NUMBERS = ("440105202603020000020", "440105202603020000039", "440105202603020000047", "440105202603020000055")
BOSS = Actor("staff", "boss-1")


def read_world(database: Database, number: str = NUMBERS[0], **changes: object) -> tuple[KeptWorld, str]:
    world = KeptWorld(database, number, check=False, **changes)
    page = world.upload("id_front")
    world.read(page).upload_and_read("form").submit()
    return world, page


def says(world: KeptWorld, page: str, said: str, read: str = "陈祥本", field: str = "name") -> None:
    made = reading(fields={field: Field(read, 0.97, Confirmed.ONE_READER)})
    world.apply(verify(world.file, page, made, (Saying(field, said, read),), world.now))


def truth(n: int, page: str, *, right: bool = True, confidence: float = 0.99, **changes: object) -> Truth:
    plain = {"id": f"t{n}", "page": page, "kind": "id_card_front", "field": "name", "machine": "陈样本", "read_as": "one_reader"}  # fmt: skip
    said = {"said": "陈样本" if right else "陈祥本", "how": How.CONFIRMED if right else How.CORRECTED}
    return Truth(**{**plain, **said, "confidence": confidence, "by": "a", "at": MONDAY, **changes})  # type: ignore[arg-type]


def counted(tx: Transaction, right: int, wrong: int = 0, confidence: float = 0.99) -> None:
    """As if so many truths had been said: what thresholds are chosen from."""
    key = {"kind": "id_card_front", "field": "name", "read_as": "one_reader", "band": band(confidence)}
    tx.insert_new(truth_counts, {**key, "n": right + wrong, "correct": right})


def test_a_truth_is_sealed_and_comes_back_beside_what_was_read(plain_database: Database) -> None:
    world, page = read_world(plain_database)
    says(world, page, "陈样本")
    with plain_database.reading() as tx:
        kept = tx.truths_of(world.number)[page]["name"]
        (row,) = tx.all(select(truths))
    assert (kept.machine, kept.said, kept.how, kept.correct) == ("陈祥本", "陈样本", How.CORRECTED, False)
    assert "陈样本".encode() not in row.said
    assert "陈祥本".encode() not in row.machine


def test_the_newest_word_counts_and_the_older_stays(database: Database) -> None:
    world, page = read_world(database)
    says(world, page, "陈样本")
    says(world, page, "陈祥本")
    with database.reading() as tx:
        assert tx.truths_of(world.number)[page]["name"].correct
        assert tx.truth_counts_of() == {("id_card_front", "name"): {"one_reader": {97: Tally(1, 1)}}}
        assert [row.ended_at is None for row in tx.all(select(truths).order_by(truths.c.seq))] == [False, True]
        assert tx.truth_mark(world.number) == 2


def test_counts_are_exact_against_the_rows(plain_database: Database) -> None:
    dice = random.Random(7)
    world, page = read_world(plain_database)
    fields = [f"field_{n}" for n in range(12)]
    with plain_database.transaction() as tx:
        for n in range(120):
            read_as = dice.choice(("one_reader", "two_readers", "checksum"))
            more = {"field": dice.choice(fields), "read_as": read_as}
            keep(tx, world.number, [truth(n, page, right=dice.random() < 0.8, confidence=dice.random(), **more)], CLERK)
    with plain_database.reading() as tx:
        counts = tx.truth_counts_of()
        alive = truths.c.ended_at.is_(None)
        by = (truths.c.kind, truths.c.field, truths.c.read_as, truths.c.band)
        rows = tx.all(select(*by, func.count(), func.sum(truths.c.correct)).where(alive).group_by(*by))
    assert rows
    flat = {
        (*where, name, at): (tally.n, tally.correct)
        for where, of in counts.items()
        for name, bands in of.items()
        for at, tally in bands.items()
    }
    assert flat == {tuple(row[:4]): (row[4], row[5]) for row in rows}


def test_mistakes_are_paged_within_the_scope_and_opened_only_when_asked(database: Database) -> None:
    for number in NUMBERS[:3]:
        world, page = read_world(database, number)
        says(world, page, "陈样本")
    with database.reading() as tx:
        first, more = tx.mistakes("id_card_front", "name", Scope.everything(), limit=2)
        rest, end = tx.mistakes("id_card_front", "name", Scope.everything(), before=more, limit=2, values=True)
        assert tx.mistakes("id_card_front", "name", Scope.of_staff("x", frozenset({"gaj"})))[0] == []
    assert [m.case for m in (*first, *rest)] == list(NUMBERS[2::-1])
    assert end is None
    assert [m.said for m in (*first, *rest)] == [None, None, "陈样本"]


def test_values_are_erased_with_the_pages_and_the_counts_stay(plain_database: Database) -> None:
    world, page = read_world(plain_database)
    says(world, page, "陈样本")
    with plain_database.transaction() as tx:
        tx.erase_pages(world.number)
        assert tx.truths_of(world.number) == {}
        assert total(tx.truth_counts_of()["id_card_front", "name"]["one_reader"].values()) == Tally(1, 0)


def test_a_paper_used_again_says_what_the_auditor_said(plain_database: Database) -> None:
    """Else a name that was misread once would be wrong in every case that spares its photograph."""
    world, page = read_world(plain_database)
    with plain_database.transaction() as tx:
        tx.save_reading(page, reading(fields={"name": Field("陈祥本", 0.97, Confirmed.ONE_READER)}))
    says(world, page, "陈样本")
    with plain_database.reading() as tx:
        (earlier,) = tx.earlier_of(world.file.case.applicant, "another", Reach(Scope.everything()))
    (kept,) = earlier.readings["id_front"]
    assert (kept.fields["name"].value, kept.fields["name"].confirmed) == ("陈样本", Confirmed.PERSON)


# ── thresholds ──


def test_a_threshold_is_switched_on_only_where_the_truths_bear_it(database: Database) -> None:
    with database.transaction() as tx:
        counted(tx, 764)
        with pytest.raises(Conflict):
            tx.switch_threshold_on("id_card_front", "name", 99, BOSS)
        with pytest.raises(InvalidRequest):
            tx.switch_threshold_on("id_card_front", "id_number", 99, BOSS)
        counted(tx, 10, confidence=0.98)
        made = tx.switch_threshold_on("id_card_front", "name", 98, BOSS)
        assert (made.least, made.evidence, made.target) == (98, Tally(774, 774), 0.995)
        assert tx.thresholds_in_force() == {("id_card_front", "name"): 98}
        again = tx.switch_threshold_on("id_card_front", "name", 97, BOSS)
        assert tx.thresholds_in_force() == {("id_card_front", "name"): 97}
        tx.switch_threshold_off(again.id, BOSS)
        with pytest.raises(NotFound):
            tx.switch_threshold_off(again.id, BOSS)
        assert tx.thresholds_in_force() == {}
        assert [(s.least, s.until is None) for s in tx.thresholds_switched()] == [(97, False), (98, False)]
        actions = [line.action for line in audit.lines(tx, "system") if "threshold" in line.action]
    on, off = "threshold_switched_on", "threshold_switched_off"
    assert actions == [on, "threshold_replaced", on, off]


def test_the_target_is_a_setting_within_bounds(plain_database: Database) -> None:
    with plain_database.transaction() as tx:
        assert tx.precision_target() == 0.995
        for wrong in (0.5, 1.0):
            with pytest.raises(InvalidRequest):
                tx.set_precision_target(wrong, BOSS)
        tx.set_precision_target(0.95, BOSS)
        counted(tx, 200)
        assert tx.switch_threshold_on("id_card_front", "name", 99, BOSS).target == 0.95


def test_a_threshold_under_which_too_much_is_wrong_is_taken_back(plain_database: Database) -> None:
    """800 right at the target of 0.995 leave room for four mistakes; the fifth is one too many."""
    worlds = [read_world(plain_database, number)[0] for number in NUMBERS[:3]]
    wrong = [(world.number, page.id) for world in worlds for page in world.file.pages]
    with plain_database.transaction() as tx:
        counted(tx, 800)
        tx.switch_threshold_on("id_card_front", "name", 99, BOSS)
        for n, (number, page) in enumerate(wrong[:4]):
            keep(tx, number, [truth(n, page, right=False)], CLERK)
        assert tx.thresholds_in_force() == {("id_card_front", "name"): 99}
        keep(tx, wrong[4][0], [truth(5, wrong[4][1], right=False)], CLERK)
        assert tx.thresholds_in_force() == {}
        (ended,) = tx.thresholds_switched()
        assert ended.ended_by == "system"
        assert audit.lines(tx, "system")[-1].action == "threshold_taken_back"


def test_what_judgements_doubted_is_remembered_for_a_proposals_effect(database: Database) -> None:
    world, _ = read_world(database)
    with database.transaction() as tx:
        tx.keep_judgement(world.number, "review", 2, [("id_card_front", "name", 97)])
        tx.keep_judgement(world.number, "review", 1, [("id_card_front", "name", 98), ("id_card_front", "sex", 90)])
        tx.keep_judgement(world.number, "passed", 0, [])
        judged, newest = tx.last_judgements(), tx.last_judgements(limit=2)
    assert sorted(judged.reasons.values()) == [0, 1, 2]
    assert [(d.field, d.band) for d in judged.doubts] == [("name", 97), ("name", 98), ("sex", 90)]
    assert [d.field for d in newest.doubts] == ["name", "sex"]


# ── instant cases that are drawn ──


def drawn(database: Database, number: str) -> tuple[KeptWorld, str]:
    world, page = read_world(database, number, item_changes=INSTANT)
    world.apply(record_verdict(world.file, Verdict("passed", (), {}, sampled=True), world.now))
    return world, page


def closes(world: KeptWorld, decision: ReviewDecision = ReviewDecision.PASS) -> Share:
    world.apply(review.close_review(world.file, ReviewRuling(decision), world.now))
    with world.database.reading() as tx:
        return tx.sampling_share(world.file.item.code)


def test_a_draw_is_kept_and_closed_by_the_auditors_decision(plain_database: Database) -> None:
    world, _ = drawn(plain_database, NUMBERS[0])
    with plain_database.reading() as tx:
        open_ = tx.open_sample(world.number)
        assert tx.samples_counted()[world.file.item.code].open == 1
    assert open_ is not None
    assert (open_.share, open_.agreed) == (FLOOR, None)
    assert closes(world) == Share(FLOOR, 1)
    with plain_database.reading() as tx:
        assert tx.open_sample(world.number) is None
        (one,) = tx.samples_of(world.file.item.code, Scope.everything())
        assert (one.decision, one.corrected, one.agreed) == ("pass", 0, True)
        assert [m.why for m in tx.share_history(world.file.item.code)] == [Why.AGREED]
        assert "sample_closed" in [line.action for line in tx.timeline(world.number)]


def test_a_corrected_field_is_a_disagreement_even_when_the_case_passes(database: Database) -> None:
    world, page = drawn(database, NUMBERS[0])
    world.wait(hours=24 * 365)
    says(world, page, "陈样本")
    assert closes(world) == Share(2 * FLOOR)
    with database.reading() as tx:
        (one,) = tx.samples_of(world.file.item.code, Scope.everything())
        assert (one.corrected, one.agreed) == (1, False)
        (moved,) = tx.share_history(world.file.item.code)
        assert (moved.why, moved.case) == (Why.DISAGREED, world.number)


def test_a_drawn_case_that_its_resident_takes_back_is_no_agreement(plain_database: Database) -> None:
    world, _ = drawn(plain_database, NUMBERS[0])
    world.apply(opening.withdraw(world.file, world.now))
    with plain_database.reading() as tx:
        assert tx.sampling_share(world.file.item.code) == Share(FLOOR)
        assert vars(tx.samples_counted()[world.file.item.code]) == {"drawn": 1, "open": 0, "agreed": 0, "disagreed": 0}
        (one,) = tx.samples_of(world.file.item.code, Scope.everything())
        assert (one.agreed, one.waits) == (None, False)


def test_a_case_that_was_not_drawn_moves_nothing(plain_database: Database) -> None:
    world, _ = read_world(plain_database)
    world.judge("review")
    assert closes(world) == Share(FLOOR)


def test_the_floor_is_a_setting_of_the_item(plain_database: Database) -> None:
    with plain_database.transaction() as tx:
        assert tx.set_sampling_floor("x", 0.2, BOSS) == Share(0.2)
        assert (tx.sampling_floor("x"), tx.sampling_floor("y")) == (0.2, FLOOR)
        with pytest.raises(InvalidRequest):
            tx.set_sampling_floor("x", 1.2, BOSS)
        tx.set_sampling_floor("x", 1.0, BOSS)
        assert tx.is_drawn("440105202603020000020", "x")
        tx.set_sampling_floor("x", 0.0, BOSS)
        assert tx.sampling_share("x") == Share(1.0)


def test_a_draw_is_the_same_for_the_same_case_and_unlike_for_others(plain_database: Database) -> None:
    with plain_database.transaction() as tx:
        tx.set_sampling_floor("x", 0.5, BOSS)
        numbers = [f"44010520260302{n:06d}0" for n in range(60)]
        first = [tx.is_drawn(number, "x") for number in numbers]
        assert first == [tx.is_drawn(number, "x") for number in numbers]
    assert 10 < sum(first) < 50
