"""What may stand in for a photograph: which earlier papers of whom, and what becomes of a waiver."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from cases.actions import opening, review, waiving
from cases.actions.review import MaterialDecision, MaterialRuling, ReviewDecision, ReviewRuling
from cases.actions.waiving import Answer, Answered, Consent
from cases.effects import JobKind
from cases.errors import Conflict, InvalidRequest, NotFound, TooMany, TransitionRefused
from cases.known import Earlier, Offer, Unfit, Wanted, is_own, known, offers, papers_saved, photographs_saved, why_not
from cases.lifecycle import AssignmentState, CaseState, MaterialState
from cases.model import Applicant, Assignment, CaseFile, CaseNumber
from cases.readings import Confirmed, Field, Reading
from cases.waived import CONSENTS, InquiryState, WaiverEnd, WaiverSource
from tests.cases.world import APPLICANT, ITEM, MONDAY, World, item

TODAY = date(2026, 3, 2)
NUMBER = CaseNumber("440105202602020000019")
SAME = [{"same": ["id_front.id_number", "form.id_number"]}]
CARD = {"reuse_days": 365, "original": "none", "sources": ["registry:id_card_front"]}
MATERIALS = [
    {**ITEM["materials"][0], **CARD, "when": {}},
    {"key": "id_back", "name": "居民身份证（国徽面）", "document": "id_card_back", "need": "required", "reuse_days": 365,
     "original": "show", "checks": [{"not_expired": {"days_left": 30}}]},
    {"key": "permit", "name": "前置许可", "document": "other_paper", "need": "optional", "reuse_days": 180,
     "holder": "applicant"},
    {"key": "spouse_id_front", "name": "配偶身份证", "document": "id_card_front", "need": "optional", "reuse_days": 365},
    *ITEM["materials"][2:],
]  # fmt: skip
YES = Consent(CONSENTS[WaiverSource.CASE].version, agreed=True)
ALLOWED = Consent(CONSENTS[WaiverSource.REGISTRY].version, agreed=True)


def card_item(**changes: Any) -> Any:
    return item(**{"materials": MATERIALS, "cross_checks": SAME, **changes})


def read(kind: str = "id_card_front", *, confirmed: Confirmed = Confirmed.TWO_READERS, **fields: str) -> Reading:
    made = {name: Field(value, 0.99, confirmed) for name, value in fields.items()}
    return Reading("a.jpg", 1, 0.1, "ppocr", 0, 10, 10, (), kind, 0.99, made, ())


def before(days: float = 30, **changes: Any) -> Earlier:
    """An earlier case of the same person, passed; photographed so many days ago."""
    world = World(changes.pop("item", card_item()), answers={"under_16": False})
    world.at = MONDAY - timedelta(days=days)
    world.upload_and_read("id_front", "id_back", "permit", "spouse_id_front", "form").submit()
    states = {m.key: MaterialState.ACCEPTED for m in world.file.materials if m.key != "photo"}
    world.judge("passed", **states)
    case = replace(world.file.case, number=NUMBER, **changes.pop("case", {}))
    readings: dict[str, Sequence[Reading]] = {
        "id_front": [read(name=APPLICANT.name, id_number=APPLICANT.id_number)],
        "id_back": [read("id_card_back", valid_from="2020-01-01", valid_to="2040-01-01")],
        "permit": [read("other_paper")],
        "spouse_id_front": [read(name="李配偶", id_number="440105199002020027")],
        **changes.pop("readings", {}),
    }
    return Earlier(replace(world.file, case=case, **changes), readings)


def wanted(key: str = "id_front", on: date = TODAY, **changes: Any) -> Wanted:
    chosen = card_item()
    spec = chosen.material(key)
    assert spec is not None
    return Wanted(chosen, replace(spec, **changes), APPLICANT, on)


# ── the rule ──


def with_state(state: CaseState) -> Earlier:
    return before(case={"state": state})


def with_material(key: str, state: MaterialState) -> Earlier:
    made = before()
    materials = tuple(replace(m, state=state) if m.key == key else m for m in made.file.materials)
    return replace(made, file=replace(made.file, materials=materials))


def decided_against() -> Earlier:
    refusal = Assignment("a", "card", "rsj", "制卡", AssignmentState.REFUSED, "", (), 1)
    return before(case={"state": CaseState.CONCLUDED}, assignments=(refusal,))


def lost() -> Earlier:
    made = before()
    card = replace(made.file.originals[0], key="id_front", lost_at=MONDAY)
    return replace(made, file=replace(made.file, originals=(card,)))


def of(applicant: str, **more: str) -> Earlier:
    return before(readings={"id_front": [read(id_number=applicant, **more)]})


def ending(day: str, confirmed: Confirmed = Confirmed.TWO_READERS) -> Earlier:
    return before(readings={"id_back": [read("id_card_back", confirmed=confirmed, valid_to=day)]})


FIT: dict[str, tuple[Callable[[], Earlier], str]] = {
    "an ordinary one": (before, "id_front"),
    "on the last day": (lambda: before(days=365), "id_front"),
    "the back, whose front is the applicant's": (before, "id_back"),
    "a card without an end": (lambda: ending("长期"), "id_back"),
    "a card valid just long enough": (lambda: ending("2026-04-01"), "id_back"),
    "a paper known by its name alone": (before, "permit"),
    "from a case that is delivered": (lambda: with_state(CaseState.DELIVERED), "id_front"),
}
UNFIT: dict[str, tuple[Callable[[], Earlier], str, Unfit]] = {
    "a day too old": (lambda: before(days=366), "id_front", Unfit.TOO_OLD),
    "never handed in": (lambda: with_state(CaseState.DRAFT), "id_front", Unfit.NOT_PASSED),
    "still looked at": (lambda: with_state(CaseState.IN_REVIEW), "id_front", Unfit.NOT_PASSED),
    "returned": (lambda: with_state(CaseState.RETURNED), "id_front", Unfit.NOT_PASSED),
    "withdrawn": (lambda: with_state(CaseState.WITHDRAWN), "id_front", Unfit.NOT_PASSED),
    "not accepted": (lambda: with_state(CaseState.NOT_ACCEPTED), "id_front", Unfit.NOT_PASSED),
    "the application was refused": (decided_against, "id_front", Unfit.NOT_PASSED),
    "the material was returned": (lambda: with_material("id_front", MaterialState.RETURNED), "id_front", Unfit.NOT_PASSED),
    "itself waived": (lambda: with_material("id_front", MaterialState.WAIVED), "id_front", Unfit.NOT_PASSED),
    "deferred": (lambda: with_material("id_front", MaterialState.DEFERRED), "id_front", Unfit.NOT_PASSED),
    "somebody else's number": (lambda: of("440105199002020027"), "id_front", Unfit.OTHER_HOLDER),
    "the right name and another number": (
        lambda: of("440105199002020027", name=APPLICANT.name), "id_front", Unfit.OTHER_HOLDER),
    "nothing readable on it": (lambda: before(readings={"id_front": [read()]}), "id_front", Unfit.OTHER_HOLDER),
    "a number that is not certain": (
        lambda: before(readings={"id_front": [read(confirmed=Confirmed.ONE_READER, id_number=APPLICANT.id_number)]}),
        "id_front", Unfit.OTHER_HOLDER),
    "the back of somebody else's card": (lambda: of("440105199002020027"), "id_back", Unfit.OTHER_HOLDER),
    "the back has expired, so has the front": (lambda: ending("2026-03-01"), "id_front", Unfit.EXPIRED),
    "expires before the item allows": (lambda: ending("2026-03-31"), "id_back", Unfit.EXPIRED),
    "an end that is not certain": (lambda: ending("2040-01-01", Confirmed.DISAGREEMENT), "id_back", Unfit.EXPIRED),
    "an end that is no day": (lambda: ending("2040-13-41"), "id_back", Unfit.EXPIRED),
    "a page was read less than it has": (lambda: before(readings={"permit": []}), "permit", Unfit.OTHER_PAGES),
    "lost on its way": (lost, "id_front", Unfit.REPLACED),
    "out of reach": (lambda: replace(before(), reachable=False), "id_front", Unfit.NOT_REACHABLE),
}  # fmt: skip


@pytest.mark.parametrize("case", FIT)
def test_an_earlier_paper_stands_in(case: str) -> None:
    make, key = FIT[case]
    earlier = make()
    assert why_not(wanted(key), earlier, key, [earlier]) is None


@pytest.mark.parametrize("case", UNFIT)
def test_an_earlier_paper_does_not_stand_in(case: str) -> None:
    make, key, why = UNFIT[case]
    earlier = make()
    assert why_not(wanted(key), earlier, key, [earlier]) is why


def test_a_paper_of_another_kind_or_of_another_name_does_not_stand_in() -> None:
    earlier = before()
    assert why_not(wanted("id_front"), earlier, "id_back", [earlier]) is Unfit.OTHER_DOCUMENT
    assert why_not(wanted("permit", name="营业许可"), earlier, "permit", [earlier]) is Unfit.OTHER_DOCUMENT


def test_what_the_item_does_not_allow_or_what_is_not_the_applicants_is_not_reused() -> None:
    earlier = before()
    assert why_not(wanted("id_front", reuse_days=0), earlier, "id_front", [earlier]) is Unfit.NOT_REUSABLE
    assert why_not(wanted("spouse_id_front"), earlier, "spouse_id_front", [earlier]) is Unfit.NOT_REUSABLE
    assert is_own(card_item(), "id_back")
    assert not is_own(card_item(), "spouse_id_front")


def test_the_spouses_card_does_not_stand_in_for_the_applicants() -> None:
    earlier = before()
    assert why_not(wanted("id_front"), earlier, "spouse_id_front", [earlier]) is Unfit.OTHER_HOLDER


@pytest.mark.parametrize("word", ["id_card_front", "居民身份证（人像面）"])
def test_a_later_reissue_makes_the_older_copy_count_no_more_in_whatever_account(word: str) -> None:
    old, new = before(days=60), before(days=20, item=card_item(supersedes=[word]))
    new = replace(new, reachable=False)
    assert why_not(wanted(), old, "id_front", [old, new]) is Unfit.REPLACED
    withdrawn = replace(new, file=replace(new.file, case=replace(new.file.case, state=CaseState.WITHDRAWN)))
    assert why_not(wanted(), old, "id_front", [old, withdrawn]) is None
    earlier_still = before(days=90, item=card_item(supersedes=[word]))
    assert why_not(wanted(), old, "id_front", [old, earlier_still]) is None


def test_the_newest_copy_is_offered() -> None:
    old, new = before(days=60), before(days=20)
    new = replace(new, file=replace(new.file, case=replace(new.file.case, number=CaseNumber("440105202602100000012"))))
    found = known(wanted(), [old, new])
    assert found is not None
    assert (found.case, found.proven_on) == ("440105202602100000012", date(2026, 2, 10))
    assert (found.valid_to, found.still_show) == ("2040-01-01", False)


# ── offers and their use ──


class Second(World):
    """The second case of somebody, with what is offered in it."""

    def __init__(self, *earlier: Earlier, **changes: Any) -> None:
        super().__init__(card_item(**changes))
        self.earlier = earlier or (before(),)

    def offered(self, **more: Any) -> dict[tuple[str, str], Offer]:
        made = offers(self.file, self.earlier, self.now.today, **more)
        return {(o.material, str(o.source)): o for o in made}

    def uses(self, key: str, consent: Consent = YES) -> "Second":
        self.apply(waiving.use(self.file, self.offered()[key, "case"], consent, self.now))
        return self

    def asks(self, key: str = "id_front", others: int = 0) -> str:
        self.apply(waiving.ask(self.file, self.offered()[key, "registry"], ALLOWED, others, self.now))
        return self.file.inquiries[-1].id

    def hears(self, inquiry: str, answer: Answer, **more: Any) -> "Second":
        self.apply(waiving.answered(self.file, inquiry, Answered(answer, **more), self.now))
        return self

    def material(self, key: str = "id_front") -> MaterialState:
        found = self.file.material(key)
        assert found is not None
        return found.state


def test_what_is_known_is_offered_until_something_stands_there() -> None:
    second = Second()
    assert set(second.offered()) == {
        ("id_front", "case"), ("id_front", "registry"), ("id_back", "case"), ("permit", "case"),
    }  # fmt: skip
    assert set(second.offered(registry=False)) == {("id_front", "case"), ("id_back", "case"), ("permit", "case")}
    second.upload("id_front")
    assert {material for material, _ in second.offered()} == {"id_back", "permit"}


def test_a_paper_that_is_used_says_from_where_and_on_which_consent() -> None:
    second = Second().uses("id_front")
    waiver = second.file.waiver("id_front")
    assert waiver is not None
    assert second.material() is MaterialState.WAIVED
    assert (waiver.source_case, waiver.source_material) == (NUMBER, "id_front")
    (fact,) = [f for f in second.facts if f.action == "material_waived"]
    assert fact.detail == {
        "material": "id_front", "source": "case", "source_case": NUMBER, "proven_on": "2026-01-31", "consent": "reuse-1",
    }  # fmt: skip
    assert (papers_saved(second.file), photographs_saved(second.file)) == (1, 1)


def test_a_picture_is_reused_and_the_original_still_asked_for() -> None:
    second = Second().uses("id_front").uses("id_back")
    second.upload_and_read("form").submit().judge("passed", form=MaterialState.ACCEPTED)
    assert [o.key for o in second.file.originals] == ["id_back", "form"]
    assert (papers_saved(second.file), photographs_saved(second.file)) == (1, 2)


def test_what_a_registry_proves_is_not_asked_for_on_paper() -> None:
    second = Second(materials=[{**MATERIALS[0], "original": "show"}, *MATERIALS[1:]])
    second.hears(second.asks(), Answer.PROVEN, as_of=TODAY)
    second.upload_and_read("id_back", "form").submit()
    second.judge("passed", id_back=MaterialState.ACCEPTED, form=MaterialState.ACCEPTED)
    assert [o.key for o in second.file.originals] == ["id_back", "form"]


@pytest.mark.parametrize(
    ("consent", "refusal"),
    [(Consent("reuse-1", agreed=False), InvalidRequest), (Consent("reuse-0", agreed=True), Conflict)],
)
def test_nothing_is_used_without_consent_to_the_text_of_now(consent: Consent, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        Second().uses("id_front", consent)


def test_an_agent_uses_nothing_before_the_applicants_authority_is_proven() -> None:
    second = Second()
    second.file = replace(second.file, case=replace(second.file.case, agent={"name": "李代办"}))
    with pytest.raises(Conflict, match="授权"):
        second.uses("id_front")
    second.file = replace(second.file, case=replace(second.file.case, agent={"proof": {"how": "phone"}}))
    assert second.uses("id_front").material() is MaterialState.WAIVED


def test_it_is_taken_back_until_the_case_is_handed_in() -> None:
    second = Second().uses("id_front")
    second.apply(waiving.take_back(second.file, "id_front", second.now))
    assert second.material() is MaterialState.MISSING
    assert second.file.waivers[0].ended_why == WaiverEnd.TAKEN_BACK
    with pytest.raises(NotFound):
        waiving.take_back(second.file, "id_front", second.now)
    second.uses("id_front").upload_and_read("form").submit()
    with pytest.raises(TransitionRefused):
        waiving.take_back(second.file, "id_front", second.now)
    assert second.offered() == {}


def test_a_photograph_after_all_replaces_it() -> None:
    second = Second().uses("id_front")
    second.upload("id_front")
    assert second.material() is MaterialState.UPLOADED
    assert second.file.waivers[0].ended_why == WaiverEnd.REPLACED
    assert papers_saved(second.file) == 0


def test_the_office_may_refuse_it_and_it_is_not_offered_again() -> None:
    second = Second().uses("id_front")
    second.upload_and_read("id_back", "form").submit().judge("review")
    second.apply(review.decide_material(second.file, MaterialRuling("id_front", MaterialDecision.RETURN), second.now))
    assert second.file.material("id_front").reason == "需要重新提交"  # type: ignore[union-attr]
    assert second.file.waivers[0].ended_why == WaiverEnd.REFUSED
    second.apply(review.close_review(second.file, ReviewRuling(ReviewDecision.RETURN), second.now))
    assert second.state is CaseState.RETURNED
    assert set(second.offered()) == {("id_front", "registry"), ("permit", "case")}
    second.hears(second.asks(), Answer.PROVEN, as_of=TODAY)
    assert second.material() is MaterialState.WAIVED


def test_what_the_judge_finds_wanting_is_returned_and_counts_no_more() -> None:
    second = Second().uses("id_front")
    second.upload_and_read("id_back", "form").submit()
    second.judge("returned", id_front=MaterialState.RETURNED)
    assert second.material() is MaterialState.RETURNED
    assert second.file.waiver("id_front") is None


# ── registries ──


def test_a_registry_is_asked_by_a_job_on_an_authorisation_that_is_on_record() -> None:
    second = Second()
    inquiry = second.asks()
    assert [j.subject for j in second.asked_for(JobKind.REGISTRY_ASK)] == [inquiry]
    assert second.facts[-1].detail == {"material": "id_front", "resource": "id_card_front", "consent": "registry-1"}
    assert ("id_front", "registry") not in second.offered()


ENDS = {
    Answer.PROVEN: (InquiryState.PROVEN, MaterialState.WAIVED),
    Answer.NOT_FOUND: (InquiryState.NOT_FOUND, MaterialState.MISSING),
    Answer.UNAVAILABLE: (InquiryState.UNAVAILABLE, MaterialState.MISSING),
    Answer.REFUSED: (InquiryState.REFUSED, MaterialState.MISSING),
}


@pytest.mark.parametrize("answer", Answer)
def test_whatever_it_answers_is_on_record_and_a_second_answer_changes_nothing(answer: Answer) -> None:
    second = Second()
    inquiry = second.asks()
    second.hears(inquiry, answer, receipt="R1")
    assert (second.file.inquiries[0].state, second.material()) == ENDS[answer]
    (told,) = [f.detail for f in second.facts if f.action == "inquiry_answered"]
    assert (told["result"], told["receipt"]) == (str(ENDS[answer][0]), "R1")
    assert waiving.answered(second.file, inquiry, Answered(Answer.PROVEN), second.now) == ()


def test_a_proof_that_comes_after_the_photograph_is_dropped() -> None:
    second = Second()
    inquiry = second.asks()
    second.upload("id_front")
    assert second.file.inquiries[0].state is InquiryState.WITHDRAWN
    assert waiving.answered(second.file, inquiry, Answered(Answer.PROVEN), second.now) == ()
    assert second.material() is MaterialState.UPLOADED


def test_an_authorisation_is_withdrawn_while_the_answer_is_awaited() -> None:
    second = Second()
    inquiry = second.asks()
    second.apply(waiving.take_back(second.file, "id_front", second.now))
    assert second.file.inquiry(inquiry).state is InquiryState.WITHDRAWN  # type: ignore[union-attr]
    assert ("id_front", "registry") in second.offered()


@pytest.mark.parametrize("answer", Answer)
def test_a_case_handed_in_meanwhile_is_judged_when_the_answer_is_there(answer: Answer) -> None:
    second = Second()
    inquiry = second.asks()
    second.upload_and_read("id_back", "form").submit()
    assert second.asked_for(JobKind.CASE_JUDGE) == []
    second.hears(inquiry, answer)
    assert len(second.asked_for(JobKind.CASE_JUDGE)) == 1


def test_a_proof_for_a_case_that_was_withdrawn_is_dropped() -> None:
    second = Second()
    inquiry = second.asks()
    second.apply(opening.withdraw(second.file, second.now))
    second.hears(inquiry, Answer.PROVEN, as_of=TODAY)
    assert (second.file.inquiries[0].state, second.file.waivers) == (InquiryState.DROPPED, ())


def test_an_account_that_asks_about_many_people_is_stopped() -> None:
    assert Second().asks(others=waiving.OTHERS_AT_MOST - 1)
    with pytest.raises(TooMany):
        Second().asks(others=waiving.OTHERS_AT_MOST)


def test_an_older_history_with_a_waiver_of_no_known_source_stays_as_it_was() -> None:
    world = World(card_item())
    materials = tuple(
        replace(m, state=MaterialState.WAIVED) if m.key == "id_front" else m for m in world.file.materials
    )
    world.file = replace(world.file, materials=materials)
    world.upload_and_read("id_back", "form").submit()
    world.judge("passed", id_back=MaterialState.ACCEPTED, form=MaterialState.ACCEPTED)
    assert [o.key for o in world.file.originals] == ["id_back", "form"]
    assert papers_saved(world.file) == 1


def test_an_organisations_paper_is_known_by_its_code() -> None:
    licence = {
        "key": "licence",
        "name": "营业执照",
        "document": "business_licence",
        "need": "required",
        "reuse_days": 365,
    }
    company = Applicant("organisation", "广州样本货运有限公司", "91440105MA00U06Q1E", "13800000000")
    chosen = card_item(
        materials=[licence, *MATERIALS], cross_checks=[*SAME, {"same": ["licence.credit_code", "form.id_number"]}]
    )
    spec = chosen.material("licence")
    assert spec is not None
    theirs = _company_case(chosen, company)
    assert why_not(Wanted(chosen, spec, company, TODAY), theirs, "licence", [theirs]) is None
    other = replace(theirs, readings={"licence": [read("business_licence", credit_code="91440105MA00AAAAAA")]})
    assert why_not(Wanted(chosen, spec, company, TODAY), other, "licence", [other]) is Unfit.OTHER_HOLDER


def _company_case(chosen: Any, company: Applicant) -> Earlier:
    world = World(chosen)
    world.at = MONDAY - timedelta(days=3)
    world.upload_and_read("licence", "form").submit().judge("passed", licence=MaterialState.ACCEPTED)
    file: CaseFile = replace(world.file, case=replace(world.file.case, number=NUMBER, applicant=company))
    return Earlier(file, {"licence": [read("business_licence", credit_code=company.id_number)]})
