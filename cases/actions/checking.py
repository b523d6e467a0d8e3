"""The resident looks over what was read off their papers, and what they typed, and says what really stands there.

What they say is kept beside what was read, for the pre-audit and whoever looks: it never takes its place, and makes no
number certain. Each word says what it was shown; if that has changed meanwhile (a second phone), nothing is kept and the
fields are named, so that neither phone overwrites the other unseen.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from cases.actions.entrusting import is_proven
from cases.effects import Checked, Fact, Outcome, Put
from cases.errors import Conflict, InvalidRequest, NotFound, TransitionRefused
from cases.field_names import field_name
from cases.lifecycle import CASE, CaseEvent
from cases.model import CaseFile, CheckedField
from cases.moment import Moment
from cases.sentences import say

TYPED: Mapping[str, str] = {"applicant_name": "name", "id_number": "id_number", "phone": "phone"}
"""What was typed when the case was opened, and where the applicant has it."""


@dataclass(frozen=True)
class Word:
    """`page` None: about what was typed. `shown`: what the resident saw there before they changed it."""

    page: str | None
    field: str
    value: str
    shown: str


@dataclass(frozen=True)
class Known:
    """A field of a page as it stands now: what was read (None: nothing) and what is held to stand there."""

    read: str | None
    now: str


Fields = Mapping[tuple[str, str], Known]
"""By page and field: all that may be spoken of."""


def check_fields(file: CaseFile, fields: Fields, words: Sequence[Word], now: Moment) -> Outcome:
    """Raises `TransitionRefused`, `NotFound`, `InvalidRequest`, `Conflict`."""
    _require_editable(file)
    new = [w for w in words if _now(file, fields, w) != w.value]
    _refuse_empty(file, new)
    _refuse_changed(file, fields, new)
    return (*_of_pages(fields, [w for w in new if w.page], now), *_of_typed(file, [w for w in new if not w.page]))


def _require_editable(file: CaseFile) -> None:
    state, allowed = file.case.state, CASE.allowed(file.case.state)
    if CaseEvent.SUBMIT not in allowed:
        raise TransitionRefused("case", state, CASE.labels[state], "check", [str(e) for e in allowed])


def _now(file: CaseFile, fields: Fields, word: Word) -> str:
    if word.page is None:
        if word.field not in TYPED:
            raise NotFound("没有这一栏。", field=word.field)
        return str(getattr(file.case.applicant, TYPED[word.field]))
    known = fields.get((word.page, word.field))
    if known is None:
        raise NotFound("没有这一栏，页面可能已经重拍。", page=word.page, field=word.field)
    return known.now


def _refuse_empty(file: CaseFile, words: Iterable[Word]) -> None:
    empty = [w for w in words if not w.value.strip()]
    if empty:
        raise InvalidRequest(
            say("请填写：{fields}", fields=[_label(file, w) for w in empty]), fields=[w.field for w in empty]
        )


def _refuse_changed(file: CaseFile, fields: Fields, words: Iterable[Word]) -> None:
    changed = [w for w in words if _now(file, fields, w) != w.shown]
    if changed:
        said = say("“{fields}”刚在另一部手机上改过，请核对后再保存。", fields=[_label(file, w) for w in changed])
        raise Conflict(said, changed=[{"page": w.page, "field": w.field} for w in changed])


def _label(file: CaseFile, word: Word) -> str:
    page = file.page(word.page) if word.page else None
    return field_name(word.field, file.spec(page.material) if page else None)


def _of_pages(fields: Fields, words: Sequence[Word], now: Moment) -> Outcome:
    if not words:
        return ()
    made = tuple(CheckedField(w.page, w.field, fields[w.page, w.field].read, w.value, now.at) for w in words if w.page)
    named = [{"page": w.page, "field": w.field} for w in words]
    return (Checked(made), Fact("fields_checked", {"fields": named}))


def _of_typed(file: CaseFile, words: Sequence[Word]) -> Outcome:
    if not words:
        return ()
    if file.case.agent is not None and is_proven(file):
        raise Conflict("申请人的授权已经记录，不能再修改申请人信息；确需修改的，请撤回后重新申请。")
    changed = replace(file.case.applicant, **{TYPED[w.field]: w.value.strip() for w in words})
    return (
        Put("case", file.case.number, {"applicant": changed}),
        Fact("applicant_corrected", {"fields": [w.field for w in words]}),
    )
