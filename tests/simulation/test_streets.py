"""Streets live for thousands of steps, and after each of them what must hold of a case holds."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from cases.effects import Fact, Move, Notify, Outcome, Put
from cases.model import CaseFile
from tests.simulation.life import lived
from tests.simulation.rules import RULES, Rule
from tests.simulation.seen import Seen
from tests.simulation.shrink import shortest
from tests.simulation.street import Broken, Street
from tests.simulation.town import live

SEEDS = (1, 2, 3, 5, 8)


def test_ten_thousand_steps_break_nothing() -> None:
    seen = live(1_000, 10_000)
    assert seen.cases > 50
    assert len(seen.did) > 60


@pytest.mark.thorough
@pytest.mark.timeout(1200)
def test_a_hundred_thousand_steps_break_nothing_and_go_every_way_that_the_tables_have() -> None:
    """Over several seeds: every transition of every machine, and every use-case, but those named."""
    seen = Seen()
    for seed in SEEDS:
        seen.add(live(seed * 1_000, 100_000))
        print(f"seed {seed}\n{seen.report()}")
    missed = set(seen.unreached_steps()) - NO_USE_CASE
    assert missed <= SELDOM
    assert len(missed) <= 3, missed
    assert seen.unreached_use_cases() == []


NO_USE_CASE = {
    ("case", "received", "not_accept"),
    ("material", "uploaded", "upload"),
    ("material", "uploaded", "defer"),
    ("booking", "requested", "cancel"),
}
"""Stands in the tables, and no use-case does it."""
SELDOM = {
    ("case", "returned", "correction_timeout"),
    ("case", "preaudit_passed", "promise_broken"),
    ("case", "received", "promise_broken"),
    ("case", "accepted", "promise_broken"),
    ("case", "approved", "promise_broken"),
    ("case", "accepted", "withdraw"),
    ("case", "processing", "correction_timeout"),
    ("material", "uploaded", "accept"),
    ("material", "uploaded", "return"),
    ("booking", "unknown", "refuse"),
    ("inquiry", "waiting", "drop"),
    ("rectification", "call_back", "settle"),
    ("rectification", "call_back", "send_back"),
}
"""Once or twice in a hundred thousand steps: all seeds together reach them, but for one or another by bad luck."""


def test_the_same_seed_lives_the_same_life() -> None:
    one, other = lived(77, 600), lived(77, 600)
    assert one.at == other.at
    assert {n: c.file for n, c in one.cases.items()} == {n: c.file for n, c in other.cases.items()}


def test_a_life_with_a_step_left_out_draws_the_same_in_the_others() -> None:
    """Else nothing could be left out of a life that broke."""
    whole, without = lived(77, 50), Street(77).live(50, without=range(20, 40))
    assert whole.at == without.at
    assert set(without.cases) <= set(whole.cases)


# ── planted faults: each is found, and shrinks to a short life ──


def forgets_the_deadline(file: CaseFile, *args: Any) -> Outcome:
    told = RULES["deciding.accept"](file, *args)
    return tuple(Put(e.thing, e.id, {**e.values, "deadline_at": None}) if _sets_deadline(e) else e for e in told)


def _sets_deadline(effect: Any) -> bool:
    return isinstance(effect, Put) and "deadline_at" in effect.values


def books_twice(file: CaseFile, *args: Any) -> Outcome:
    """The leg's booking that is there does not stand in the way."""
    return tuple(RULES["ordering.book"](replace(file, bookings=()), *args))


def forgets_the_hand_over(file: CaseFile, *args: Any, **more: Any) -> Outcome:
    told = RULES["receiving.receive_originals"](file, *args, **more)
    return tuple(e for e in told if not (isinstance(e, Put) and "holder" in e.values))


def writes_no_record(file: CaseFile, *args: Any) -> Outcome:
    return tuple(
        e for e in RULES["opening.submit"](file, *args) if not (isinstance(e, Fact) and e.action == "case_submit")
    )


def leaves_a_final_state(file: CaseFile, *args: Any) -> Outcome:
    """A sweep that brings withdrawn cases back."""
    if file.case.state == "withdrawn":
        return (Move("case", file.case.number, "withdrawn", "draft", "submit"),)
    return tuple(RULES["sweeping.on_deadline"](file, *args))


def stretches_while_it_stands_still(file: CaseFile, *args: Any) -> Outcome:
    """Found late although a special procedure runs."""
    stopped = [a for a in file.assignments if file.open_special and a.state == "open" and a.escalated_at is None]
    return tuple(Put("assignment", a.id, {"escalated_at": args[-1].at}) for a in stopped)


def tells_again(file: CaseFile, *args: Any) -> Outcome:
    return (*RULES["carrying.record_tracking"](file, *args), Notify("delivered"))


def keeps_the_page(file: CaseFile, *args: Any) -> Outcome:
    """The last page is taken out, and its material does not know."""
    return tuple(
        e for e in RULES["opening.remove_page"](file, *args) if not (isinstance(e, Move) and e.thing == "material")
    )


PLANTED: Mapping[str, tuple[Rule, str]] = {
    "deciding.accept": (forgets_the_deadline, "waiting_has_deadline"),
    "ordering.book": (books_twice, "the database refuses"),
    "receiving.receive_originals": (forgets_the_hand_over, "custody_is_unbroken"),
    "opening.submit": (writes_no_record, "the record leads"),
    "sweeping.on_deadline": (leaves_a_final_state, "the database refuses"),
    "assigning.on_late_assignments": (stretches_while_it_stands_still, "clocks_stand_still"),
    "carrying.record_tracking": (tells_again, "told twice"),
    "opening.remove_page": (keeps_the_page, "materials_are_what_their_pages_are"),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_broken_rule_is_found(name: str) -> None:
    rule, what = PLANTED[name]
    with pytest.raises(Broken, match=what):
        live(1_000, 30_000, rules={**RULES, name: rule})


def test_a_failing_life_is_seen_again_and_shrinks() -> None:
    rules = {**RULES, "opening.remove_page": keeps_the_page}
    with pytest.raises(Broken) as caught:
        live(1_000, 30_000, rules=rules)
    broken = caught.value
    with pytest.raises(Broken, match=broken.what):
        lived(broken.seed, broken.step + 1, rules)
    short = shortest(broken, rules)
    assert len(short.steps) <= 12
    assert short.steps[-1] == broken.step or short.length == broken.step + 1
