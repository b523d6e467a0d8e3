"""A correction notice knows the pages it speaks of, also after some of them were photographed again."""

from cases.actions import judging, opening, review
from cases.actions.judging import Verdict
from cases.findings import Finding, FindingCode, found
from tests.cases.world import World

BOX = ((1.0, 1.0), (9.0, 1.0), (9.0, 5.0), (1.0, 5.0))


def _handed_in(pages: int = 2) -> tuple[World, str, list[str]]:
    world = World()
    front = world.upload("id_front")
    forms = [world.upload("form") for _ in range(pages)]
    for page in (front, *forms):
        world.read(page)
    return world.apply(opening.submit(world.file, world.now)), front, forms


def _judged(world: World, verdict: str, *findings: Finding) -> None:
    world.apply(judging.record_verdict(world.file, Verdict(verdict, findings, {}), world.now))


def test_each_finding_knows_its_page_by_identity() -> None:
    world, front, forms = _handed_in()
    blurred = found(FindingCode.BLURRED, material="id_front", page=1)
    second = found(FindingCode.NOT_FILLED_IN, material="form", page=2, box=BOX)
    gone = found(FindingCode.MISSING_MATERIAL, material="photo")
    beyond = found(FindingCode.BLURRED, material="form", page=9)
    _judged(world, "returned", blurred, second, gone, beyond)
    assert world.file.corrections[-1].pages == (front, forms[1], None, None)


def _returned_by_hand(pages: int) -> tuple[Finding, str | None]:
    world, _, _ = _handed_in(pages)
    _judged(world, "review", found(FindingCode.FIELD_DOUBTFUL, material="form", page=1, field="phone", box=BOX))
    ruling = review.MaterialRuling("form", review.MaterialDecision.RETURN, "电话号码写错了")
    world.apply(review.decide_material(world.file, ruling, world.now))
    world.apply(review.close_review(world.file, review.ReviewRuling(review.ReviewDecision.RETURN), world.now))
    (finding,), (page,) = world.file.corrections[-1].findings, world.file.corrections[-1].pages
    assert finding.message == "电话号码写错了"
    return finding, page


def test_what_an_auditor_returns_is_marked_where_the_machine_doubted() -> None:
    finding, page = _returned_by_hand(1)
    assert (finding.page, finding.field, finding.box) == (1, "phone", BOX)
    assert page is not None


def test_of_several_pages_an_auditor_returns_all() -> None:
    finding, page = _returned_by_hand(2)
    assert (finding.page, finding.box, page) == (None, None, None)
