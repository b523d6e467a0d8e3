"""What waits for a second person is found without a scan, and rounds are counted by their reason."""

from dataclasses import replace
from datetime import timedelta

from cases.actions import review, seconding
from cases.actions.review import MaterialDecision, MaterialRuling, ReviewDecision, ReviewRuling
from cases.deadlines import beijing_day
from cases.findings import FindingCode, found
from cases.rulings import Because, Excuse, ProposalKind
from storage.actors import Scope
from storage.session import Database
from storage.statistics.slices import Slice
from tests.cases.world import MONDAY
from tests.storage.kept import KeptWorld

MISMATCH = found(FindingCode.MISMATCH, material="form", field="name")


def in_review(database: Database, number: str = "") -> KeptWorld:
    world = KeptWorld(database, number)
    world.upload_and_read("id_front", "form").submit().judge("review", MISMATCH)
    return world


def refuse(world: KeptWorld) -> None:
    ruling = MaterialRuling("form", MaterialDecision.REFUSE, "表格系伪造")
    world.apply(review.decide_material(world.file, ruling, world.now))


def test_what_waits_for_a_second_person_is_listed_oldest_first_in_scope(database: Database) -> None:
    first, second = in_review(database), in_review(database, "440105202603020000022")
    refuse(first)
    second.wait(hours=1)
    ruling = ReviewRuling(ReviewDecision.NOT_ACCEPT, "不属于本机关职权范围")
    second.apply(review.close_review(second.file, ruling, second.now))
    with database.reading() as tx:
        rows, more = tx.proposals_waiting(Scope.everything(), None, 1)
        assert [(r.number, r.applicant, r.proposal.reason) for r in rows] == [(first.number, "陈*本", "表格系伪造")]
        rows, more = tx.proposals_waiting(Scope.everything(), more, 1)
        assert [(r.number, r.proposal.kind) for r in rows] == [(second.number, ProposalKind.NOT_ACCEPT)]
        assert more is None
        assert tx.proposals_waiting(Scope.of_staff("x", frozenset({"elsewhere"})))[0] == []


def test_an_answered_proposal_waits_no_more(plain_database: Database) -> None:
    world = in_review(plain_database)
    refuse(world)
    moment = replace(world.now, by="somebody else")
    proposal = world.file.proposals[0].id
    world.apply(seconding.second(world.file, proposal, seconding.Answer.REJECT, "核对无误", moment))
    with plain_database.reading() as tx:
        assert tx.proposals_waiting(Scope.everything()) == ([], None)


def test_a_further_round_is_counted_under_its_reason(database: Database) -> None:
    world = in_review(database)
    for n in range(2):
        ruling = MaterialRuling("form", MaterialDecision.RETURN, f"第{n}个问题")
        world.apply(review.decide_material(world.file, ruling, world.now))
        excuse = Excuse(Because.CHANGED_AFTER, "户籍信息变更") if n else Excuse()
        world.apply(review.close_review(world.file, ReviewRuling(ReviewDecision.RETURN, excuse=excuse), world.now))
        world.wait(hours=1).submit().judge("review", MISMATCH)
    day = timedelta(days=1)
    with database.reading() as tx:
        for scope, days, many in (
            (Scope.everything(), (-1, 1), 1),
            (Scope.everything(), (1, 2), 0),
            (Scope.of_staff("x", frozenset({"rsj"})), (-1, 1), 1),
            (Scope.of_staff("x", frozenset({"swj"})), (-1, 1), 0),
        ):
            asked = Slice(*(beijing_day(MONDAY + n * day) for n in days))
            counted = tx.statistics(scope, asked).rounds_because
            assert counted == {"new_page": 0, "not_mended": 0, "changed_after": many}
            assert len(tx.behind_figure("because_changed_after", scope, asked)[0]) == many
