"""The demonstration fits every item of the catalogue: who applies, what is answered, which papers, which steps. Nothing is
drawn and no service runs."""

from datetime import date
from typing import Any

import pytest

from cases.actions.opening import OpenRequest, open_case
from cases.items import OriginalUse, applies
from cases.model import Applicant, CaseNumber, PersonId
from cases.moment import Moment
from preaudit.catalogue import load
from tests.cases.world import CALENDAR, MONDAY
from tests.specimens.house import ANSWERS as HOUSE_ANSWERS
from tests.specimens.item_papers import NotDrawn, cast_of, chosen, told_by
from workers.demo.photos import FOLDERS, HOUSE
from workers.demo.story import BUNDLE, BY_COURIER, CHANNELS, STORY, VISIT, WITH_PAPERS, plan

TODAY = date(2026, 11, 22)
ITEMS = {code: loaded.item for code, loaded in load().items()}


def guide_of(code: str) -> dict[str, Any]:
    """What the service answers about an item, as far as the plan asks."""
    item = ITEMS[code]
    return {
        "in_person": item.in_person,
        "materials": [{"when": dict(m.when), "original": str(m.original)} for m in item.materials],
        "result": {"form": item.result.form},
        "follow_ons": [{"when": dict(f.when)} for f in item.follow_ons],
    }


def answers_of(code: str) -> dict[str, Any]:
    return dict(HOUSE_ANSWERS) if code == HOUSE else cast_of(ITEMS[code], TODAY).answers


@pytest.mark.parametrize("code", [code for code, item in ITEMS.items() if not item.in_person])
def test_whoever_applies_may_and_brings_every_paper_that_is_asked_for(code: str) -> None:
    item, answers = ITEMS[code], answers_of(code)
    told = told_by(cast_of(item, TODAY))["person"]
    channel = next(c for c in CHANNELS if c in item.channels)
    who = Applicant(told["kind"], told["name"], told["id_number"], told["phone"])
    now = Moment(MONDAY, CALENDAR, lambda: "id")
    asked = OpenRequest(answers, who, None, channel)
    _, materials = open_case(item, asked, PersonId("p"), CaseNumber("440105202603020000011"), now)
    brought = {m.key for m in chosen(item, answers)}
    if code in FOLDERS:
        brought = {f.stem for f in FOLDERS[code].glob("*")}
    assert {m.key for m in materials if m.need == "required"} <= brought


@pytest.mark.parametrize("code", list(ITEMS))
def test_the_steps_are_those_that_the_item_has(code: str) -> None:
    item = ITEMS[code]
    if item.in_person:
        assert plan(guide_of(code), {}) == VISIT
        with pytest.raises(NotDrawn, match="本人"):
            cast_of(item, TODAY)
        return
    answers = answers_of(code)
    steps = [step.do for step in plan(guide_of(code), answers)]
    papers = [m for m in item.materials if applies(m.when, answers) and m.original is not OriginalUse.NONE]
    home = item.result.form == "paper" or any(m.original is OriginalUse.SHOW for m in papers)
    assert bool(WITH_PAPERS & set(steps)) == bool(papers)
    assert bool(BY_COURIER & set(steps)) == home
    assert bool({s.do for s in BUNDLE} & set(steps)) == any(applies(f.when, answers) for f in item.follow_ons)
    assert [do for do in steps if do not in {s.do for s in BUNDLE}] == [s.do for s in STORY if s.do in steps]


def test_an_elder_applies_for_what_is_for_elders() -> None:
    elder = cast_of(ITEMS["440105-LNYDZ"], TODAY).applicant
    assert (TODAY - elder.birth_date).days > 60 * 366
