"""Judging 预审: the readings of a whole application against the checklist of its item. Pure.

The verdict is `passed` only if everything that is required was found, certain and right; `returned` only if all that
is wrong is what the resident can mend for certain; anything else is `review`, a person's. One cause makes one finding:
a page that cannot be used is not looked at further, and what merely repeats another finding is left out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from cases.checklist import not_chosen, wanted
from cases.findings import CATALOGUE, Finding, FindingCode, Severity, found
from cases.items import Answers, CheckCall, Item, MaterialSpec
from cases.lifecycle import MaterialState
from cases.readings import Field, Reading, field_to_json, finding_to_json
from cases.sentences import say
from cases.thresholds import NONE, Thresholds, passes
from preaudit.by_hand import corrected, instead
from preaudit.causes import by_cause
from preaudit.checks import cross_check_of, material_check
from preaudit.checks.builtin import doubts, duplicates, nothing_there, page_count, page_problems
from preaudit.checks.history import NOTHING, History, of_history
from preaudit.checks.sight import Sight, Spot, Whole, sheet_of, sheets_of
from preaudit.echoes import without_echoes
from preaudit.remarks import Remark, remarks_on
from preaudit.shared_pages import Pages, own_documents, pages_of

ALWAYS = (CheckCall("one_name_per_number"),)
"""Cross-checks that need no item to ask for them."""
SETTLED = frozenset({MaterialState.ACCEPTED, MaterialState.WAIVED, MaterialState.DEFERRED})
"""A person, a promise or another proof has settled these: they are not doubted again."""


class Verdict(StrEnum):
    PASSED = "passed"
    RETURNED = "returned"
    REVIEW = "review"


@dataclass(frozen=True)
class MaterialJudgement:
    """`state`: one of `MaterialState`. `fields`: what was read off its usable pages, first page first."""

    state: MaterialState
    fields: Mapping[str, Field]


@dataclass(frozen=True)
class Judgement:
    verdict: Verdict
    findings: tuple[Finding, ...]
    materials: Mapping[str, MaterialJudgement]
    remarks: tuple[Remark, ...] = ()
    """For the person who looks; no part of the verdict."""


@dataclass(frozen=True)
class _Looked:
    """One material after the built-in checks."""

    sight: Sight
    findings: tuple[Finding, ...]


def judge(
    item: Item,
    answers: Answers,
    form: Mapping[str, str],
    readings: Mapping[str, Sequence[Reading]],
    *,
    today: date,
    states: Mapping[str, str] = {},
    history: History = NOTHING,
    thresholds: Thresholds = NONE,
) -> Judgement:
    """`form`: what the resident typed (applicant_name, id_number, phone, address, agent_name, …). `readings`: by
    material, in the order of its pages. `states`: what is already settled (accepted, waived, deferred), by material.
    `history`: what is known from other cases. `thresholds`: which values of one reader count as certain.
    """
    specs = wanted(item, answers)
    settled = frozenset(s.key for s in specs if states.get(s.key) in SETTLED)
    pages = pages_of(specs, readings, form)
    looked = {s.key: _look(s, pages[s.key], form, today) for s in specs}
    with_pages = {key: x.sight for key, x in looked.items() if x.sight.sheets or x.sight.blocked}
    whole, agreed = _confirmed(Whole(item, _let_through(with_pages, thresholds), settled, form, answers, today))
    made = [*_unanswered(item, answers), *_duplicates(looked, settled)]
    for spec in specs:
        if spec.key not in settled:
            made += [*looked[spec.key].findings, *_called(spec, whole.sights.get(spec.key))]
    made += [f for call in (*ALWAYS, *item.cross_checks) for f in _across(whole, call)]
    made += of_history(whole, history)
    by_hand = tuple(corrected(sight for key, sight in whole.sights.items() if key not in settled))
    findings = _ordered(item, without_echoes(by_cause(whole, instead(made, by_hand), agreed)))
    materials = {s.key: _judged(s, looked[s.key], findings, states.get(s.key), settled) for s in specs}
    return Judgement(verdict_of(findings), findings, materials, remarks_on(whole))


def verdict_of(findings: Iterable[Finding]) -> Verdict:
    severities = {f.severity for f in findings}
    if not severities:
        return Verdict.PASSED
    return Verdict.RETURNED if severities == {Severity.FIXABLE} else Verdict.REVIEW


def _look(spec: MaterialSpec, pages: Pages, form: Mapping[str, str], today: date) -> _Looked:
    sheets = sheets_of(spec, pages)
    problems = {s.page: page_problems(spec, s) for s in sheets}
    sound = tuple(s for s in sheets if not problems[s.page])
    sight = Sight(spec, sound, today, blocked=len(sound) < len(sheets), form=form)
    if not sheets:
        return _Looked(sight, nothing_there(spec))
    doubled = sum(1 for f in duplicates(sheets) if f.severity is Severity.FIXABLE)
    counted = tuple(page_count(spec, sheets, doubled))
    doubtful = tuple(f for s in sound for f in doubts(spec, s))
    return _Looked(sight, (*(f for s in sheets for f in problems[s.page]), *counted, *doubtful))


def _confirmed(whole: Whole) -> tuple[Whole, frozenset[Spot]]:
    """The same, each material knowing which of its values another source confirms; and all such spots."""
    agreed = frozenset(_agreed(whole))
    sights = {key: replace(s, agreed=agreed) for key, s in whole.sights.items()}
    return replace(whole, sights=sights), agreed


def _let_through(sights: Mapping[str, Sight], thresholds: Thresholds) -> Mapping[str, Sight]:
    """The same, each material knowing which of its values a threshold takes as certain."""
    if not thresholds:
        return sights
    return {key: replace(s, let_through=frozenset(_passing(s, thresholds))) for key, s in sights.items()}


def _passing(sight: Sight, thresholds: Thresholds) -> Iterator[Spot]:
    for sheet in sight.sheets:
        for name, seen in sheet.fields.items():
            if passes(thresholds, sheet.reading.kind, name, seen):
                yield Spot(sheet.material, sheet.page, name)


def _agreed(whole: Whole) -> Iterator[Spot]:
    for call in (*ALWAYS, *whole.item.cross_checks):
        check, params = cross_check_of(call)
        yield from check.confirms(whole, params)


def _called(spec: MaterialSpec, sight: Sight | None) -> Iterator[Finding]:
    """The checks that the item asks for, on a material that has usable pages."""
    if sight is None or not sight.sheets:
        return
    for call in spec.checks:
        check, params = material_check(call)
        yield from check.run(sight, params)


def _across(whole: Whole, call: CheckCall) -> Iterator[Finding]:
    check, params = cross_check_of(call)
    yield from check.run(whole, params)


def _duplicates(looked: Mapping[str, _Looked], settled: frozenset[str]) -> Iterator[Finding]:
    sheets = tuple(s for x in looked.values() for s in x.sight.sheets)
    yield from (f for f in duplicates(sheets) if f.material not in settled)


def _unanswered(item: Item, answers: Answers) -> Iterator[Finding]:
    """Every choice must be made. No case is opened without; files may come without."""
    for question in not_chosen(item, answers):
        yield found(
            FindingCode.NOT_FILLED_IN,
            field=f"answers.{question.key}",
            message=say("请选择：{question}", question=question.ask),
            advice="请在申请页面作出选择。",
        )


def _ordered(item: Item, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Most important first, then in the order of the checklist."""
    place = {m.key: i for i, m in enumerate(item.materials)}
    return tuple(sorted(findings, key=lambda f: (CATALOGUE[f.code].rank, place.get(f.material or "", -1), f.page or 0)))


def _judged(
    spec: MaterialSpec, looked: _Looked, findings: tuple[Finding, ...], state: str | None, settled: frozenset[str]
) -> MaterialJudgement:
    fields: dict[str, Field] = {}
    for sheet in looked.sight.sheets:
        fields = {**sheet.fields, **fields}
    if spec.key in settled and state is not None:
        return MaterialJudgement(MaterialState(state), fields)
    return MaterialJudgement(_state(looked, [f for f in findings if f.material == spec.key]), fields)


def _state(looked: _Looked, own: list[Finding]) -> MaterialState:
    if not looked.sight.sheets and not looked.sight.blocked:
        return MaterialState.MISSING
    if not own:
        return MaterialState.ACCEPTED
    fixable = any(f.severity is Severity.FIXABLE for f in own)
    return MaterialState.RETURNED if fixable else MaterialState.READ


# ── one page, right after it was read ───────────────────────────────────────────────────────────────────────────

_ONLY_LATER = frozenset({FindingCode.FIELD_DOUBTFUL, FindingCode.LOW_CONFIDENCE})
"""What the other materials or a person may still settle: no use in telling the resident now."""


def page_findings(spec: MaterialSpec, reading: Reading, today: date, *, page: int = 1) -> tuple[Finding, ...]:
    """What can be said at once about one page, so that the resident learns it within seconds.

    Quality, wrong document or side, a file that could not be read, and the checks of that page's values. What needs
    the other pages, the other materials or the form is left to `judge`.
    """
    sheets = tuple(sheet_of(spec, each, page) for each in own_documents(spec, reading, {}))
    problems = page_problems(spec, sheets[0])
    if problems:
        return problems
    alone = spec.max_pages == 1
    made = [f for call in spec.checks for f in _alone(call, Sight(spec, sheets, today), alone)]
    told = (f for f in without_echoes(made) if f.code not in _ONLY_LATER and (alone or f.page is not None))
    return tuple(sorted(told, key=lambda f: CATALOGUE[f.code].rank))


def _alone(call: CheckCall, sight: Sight, alone: bool) -> Iterator[Finding]:
    """A check of one page of several says nothing about what may stand on the others."""
    check, params = material_check(call)
    if check.whole and not alone:
        return
    missing = FindingCode.FIELD_MISSING
    yield from (f for f in check.run(sight, params) if alone or f.code is not missing)


# ── the contract's form ─────────────────────────────────────────────────────────────────────────────────────────


def judgement_to_json(item: Item, judgement: Judgement, seconds: float) -> dict[str, Any]:
    """The object `zerotrip preaudit --json` prints."""
    return {
        "item": item.code,
        "version": item.version,
        "verdict": str(judgement.verdict),
        "findings": [finding_to_json(f) for f in judgement.findings],
        "materials": {
            key: {"state": str(m.state), "fields": {name: field_to_json(f) for name, f in m.fields.items()}}
            for key, m in judgement.materials.items()
        },
        "seconds": round(seconds, 3),
        "remarks": [asdict(remark) for remark in judgement.remarks],
    }
