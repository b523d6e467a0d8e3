"""The correction notice 补正告知书: everything there is to mend, once, composed the same for showing and for sending.

A second round is only for what the first list could not hold: what stands on pages that came in after it, what stood on it
and was not mended (both provable from the case), or a change that somebody explains.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace

from cases.actions.judging import page_of, returned
from cases.deadlines import CORRECTION_WORKING_DAYS
from cases.documents import correction_text
from cases.effects import Add, Effect, Outcome
from cases.errors import Conflict, InvalidRequest
from cases.findings import CATALOGUE, Finding, FindingCode, Severity, found
from cases.lifecycle import MaterialState
from cases.model import CaseFile, Correction, Material, Page
from cases.moment import Moment
from cases.reasons import code_of
from cases.rulings import Because, Draft, Excuse, Listed

RETURNING = ("return", "refuse")
_STANDS: Mapping[str, MaterialState] = {
    "accept": MaterialState.ACCEPTED,
    "return": MaterialState.RETURNED,
    "refuse": MaterialState.RETURNED,
    "defer": MaterialState.DEFERRED,
}


def compose(file: CaseFile, now: Moment) -> Draft:
    """The notice as it would be sent now. Raises `InvalidRequest` where nothing is to be mended."""
    findings = to_mend(file)
    due = now.in_working_days(CORRECTION_WORKING_DAYS)
    paragraphs = tuple(correction_text(file, findings, due))
    lines = tuple(Listed(f, page_of(file, f), _cause(file, f)) for f in findings)
    number = file.case.round + 1
    text = json.dumps([number, due.isoformat(), paragraphs], ensure_ascii=False)
    return Draft(number, due, lines, paragraphs, hashlib.sha256(text.encode()).hexdigest())


def send(file: CaseFile, excuse: Excuse, now: Moment) -> Outcome:
    """Sends what `compose` shows, or refuses: `Conflict` where it is not what was looked at or not all has been judged,
    `InvalidRequest` where a further round is not explained."""
    draft = compose(file, now)
    if excuse.shown is not None and excuse.shown != draft.digest:
        raise Conflict("补正内容在您查看之后有变化，请重新核对后发出。", digest=draft.digest)
    require_all_judged(file)
    _check_excuse(draft, excuse)
    outcome = returned(file, tuple(line.finding for line in draft.lines), now)
    return tuple(_explained(effect, draft, excuse) for effect in outcome)


def _explained(effect: Effect, draft: Draft, excuse: Excuse) -> Effect:
    """The notice is kept with why it was needed, line by line."""
    if not isinstance(effect, Add) or not isinstance(effect.entity, Correction):
        return effect
    causes = tuple(line.cause for line in draft.lines)
    said = excuse.explanation or None
    return Add(replace(effect.entity, causes=causes, because=draft.because, explanation=said))


def _check_excuse(draft: Draft, excuse: Excuse) -> None:
    if not draft.unproven:
        return
    lines = [f"{line.finding.material or ''}：{line.finding.message}" for line in draft.unproven]
    if excuse.because is None:
        raise InvalidRequest("再次退回必须说明原因：上次告知时这些问题已经存在。", lines=lines)
    if excuse.because is not Because.CHANGED_AFTER:
        raise InvalidRequest("这些问题不在补正后新交的页面上，请说明上次告知之后发生了什么变化。", lines=lines)
    if not excuse.explanation:
        raise InvalidRequest("请说明上次告知之后发生了什么变化。", lines=lines)


def require_all_judged(file: CaseFile) -> None:
    """A list that is to be complete leaves no doubt open. Raises `Conflict` naming the materials."""
    open_ = undecided(file)
    if open_:
        raise Conflict("还有存疑的材料没有作出决定，补正内容必须一次说全。", materials=[m.key for m in open_])


def undecided(file: CaseFile) -> tuple[Material, ...]:
    """Materials with a doubt that nobody has decided."""
    doubted = {f.material for f in file.findings if f.severity is not Severity.FIXABLE}
    # what is returned for something certain is looked at anew when it comes back
    certain = {f.material for f in file.findings if f.severity is Severity.FIXABLE}
    return tuple(
        m
        for m in file.materials
        if m.key in doubted - certain and not stands(m) and m.state is not MaterialState.ACCEPTED
    )


def stands(material: Material) -> bool:
    """Whether what a person decided is still so: a page that came in afterwards is another matter."""
    return material.decision is not None and _STANDS.get(material.decision) is material.state


# ── what is to be mended ────────────────────────────────────────────────────────────────────────────────────────


def to_mend(file: CaseFile) -> tuple[Finding, ...]:
    """Everything, once each: what the auditor returned, then the fixable findings not overruled."""
    ruled = {m.key: m for m in file.materials if stands(m)}
    returned_by_hand = [_by_hand(file, m) for m in ruled.values() if m.decision in RETURNING and m.reason]
    fixable = [f for f in file.findings if f.severity is Severity.FIXABLE and f.material not in ruled]
    listed = (*returned_by_hand, *fixable)
    if not listed:
        raise InvalidRequest("请先退回至少一份材料并写明理由。")
    return tuple(sorted(listed, key=lambda f: f.rank))


def _by_hand(file: CaseFile, material: Material) -> Finding:
    """The auditor's own words; of a material with one page, at the place that the machine doubted, if it did."""
    alone = len(file.pages_of(material.key)) == 1
    doubted = next((f for f in file.findings if f.material == material.key and f.page is not None and alone), None)
    code = code_of(material.reason or "")
    usual = CATALOGUE[code].advice if code else "请按要求重新提交这份材料。"
    return found(
        code or FindingCode.UNREADABLE,
        material=material.key,
        page=doubted.page if doubted else None,
        field=doubted.field if doubted else None,
        box=doubted.box if doubted else None,
        message=material.reason,
        advice=material.note or usual,
        severity=Severity.FIXABLE,
    )


# ── why it was not on the list before ───────────────────────────────────────────────────────────────────────────


def _cause(file: CaseFile, finding: Finding) -> Because | None:
    """None in a first round."""
    if not file.corrections:
        return None
    last = file.corrections[-1]
    if any((f.material, f.code, f.message) == (finding.material, finding.code, finding.message) for f in last.findings):
        return Because.NOT_MENDED
    pages = _pages_meant(file, finding)
    if pages and all(page.uploaded_at > last.sent_at for page in pages):
        return Because.NEW_PAGE
    return Because.CHANGED_AFTER


def _pages_meant(file: CaseFile, finding: Finding) -> tuple[Page, ...]:
    """The page that the finding stands on, else all of its material."""
    pages = file.pages_of(finding.material) if finding.material else ()
    one = page_of(file, finding)
    return tuple(p for p in pages if p.id == one) if one else pages
