"""Running a changed item over past cases: which verdicts would change, and through which findings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cases.findings import Finding, FindingCode
from cases.items import Item
from cases.readings import Reading
from preaudit.judge import Judgement, Verdict, judge

Place = tuple[FindingCode, str | None, str | None]
"""Code, material, field."""


@dataclass(frozen=True)
class PastCase:
    """What was judged then: on that day, with those answers and readings. `item`: the version it was opened under, where
    that is not the newest. `states`: what a promise or another proof had settled (deferred, waived)."""

    number: str
    answers: Mapping[str, Any]
    form: Mapping[str, str]
    readings: Mapping[str, Sequence[Reading]]
    judged_on: date
    states: Mapping[str, str] = field(default_factory=dict)
    item: Item | None = None


@dataclass(frozen=True)
class VerdictChange:
    """`gone` and `new`: findings of the old version alone, and of the new one alone."""

    number: str
    before: Verdict
    after: Verdict
    gone: tuple[Finding, ...]
    new: tuple[Finding, ...]


def backtest(old: Item, new: Item, past: Iterable[PastCase]) -> list[VerdictChange]:
    """Past cases whose verdict would differ, in the order given. Both versions judge on the day of the case; `old` is that
    of the cases that do not name their own."""
    changes = (_change(case, _judged(case.item or old, case), _judged(new, case)) for case in past)
    return [c for c in changes if c.before is not c.after]


def _judged(item: Item, case: PastCase) -> Judgement:
    return judge(item, case.answers, case.form, case.readings, today=case.judged_on, states=case.states)


def _change(case: PastCase, before: Judgement, after: Judgement) -> VerdictChange:
    gone = _without(before.findings, after.findings)
    return VerdictChange(case.number, before.verdict, after.verdict, gone, _without(after.findings, before.findings))


def _without(some: tuple[Finding, ...], others: tuple[Finding, ...]) -> tuple[Finding, ...]:
    known = {_place(f) for f in others}
    return tuple(f for f in some if _place(f) not in known)


def _place(finding: Finding) -> Place:
    return finding.code, finding.material, finding.field
