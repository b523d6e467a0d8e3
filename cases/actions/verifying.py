"""An auditor says what really stands in fields of a page: corrects, or confirms.

Each word names what was shown as read; if that is no longer so, nothing is kept. A case that is being reviewed is
judged again with it. Refuses: drafts, which nobody of the office looks at; an empty value; a page that was taken out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cases.effects import Enqueue, Fact, JobKind, Outcome, Verified
from cases.errors import Conflict, InvalidRequest, NotFound, TransitionRefused
from cases.field_names import field_name
from cases.items import MaterialSpec
from cases.lifecycle import CASE, CaseState, PageState
from cases.model import CaseFile, Page
from cases.moment import Moment
from cases.readings import Field, Reading
from cases.sentences import say
from cases.truths import MISSED, How, Truth, item_name, same_value


@dataclass(frozen=True)
class Saying:
    """`field` as the reading or the item calls it. `shown`: the machine's value as the auditor saw it, empty: none."""

    field: str
    value: str
    shown: str


def verify(
    file: CaseFile, page_id: str, reading: Reading | None, said: Sequence[Saying], now: Moment, *, whole: bool = False
) -> Outcome:
    """Raises `TransitionRefused`, `NotFound`, `InvalidRequest`, `Conflict`. `whole`: the page was confirmed as a whole."""
    page = _page(file, page_id)
    if reading is None:
        raise Conflict("这一页还没有识读结果。", page=page_id)
    if not said:
        raise InvalidRequest("请至少核对一个栏目。")
    spec = file.spec(page.material)
    named = {item_name(name, spec): field for name, field in reading.fields.items()}
    truths = tuple(_truth(_Read(page_id, reading.kind, named, spec), one, now, whole=whole) for one in said)
    return (Verified(truths), Fact("fields_verified", _told(page, truths)), *_judged_again(file, now))


def _page(file: CaseFile, page_id: str) -> Page:
    state, page = file.case.state, file.page(page_id)
    if state is CaseState.DRAFT:
        raise TransitionRefused("case", state, CASE.labels[state], "verify", [str(e) for e in CASE.allowed(state)])
    if page is None or page.state is PageState.REMOVED:
        raise NotFound("没有这一页，可能已经重拍。", page=page_id)
    return page


@dataclass(frozen=True)
class _Read:
    """What was read off the page, by the item's names."""

    page: str
    kind: str
    fields: Mapping[str, Field]
    spec: MaterialSpec | None


def _truth(page: _Read, one: Saying, now: Moment, *, whole: bool) -> Truth:
    name = item_name(one.field, page.spec)
    read, label = page.fields.get(name), field_name(name, page.spec)
    if (read.value if read else "") != one.shown:
        raise Conflict(say("“{field}”的识读结果刚刚更新，请核对后再保存。", field=label), field=one.field)
    if not one.value.strip():
        raise InvalidRequest(say("请填写：{fields}", fields=[label]), field=one.field)
    same = read is not None and same_value(read.value, one.value)
    how = (How.WHOLE_PAGE if whole else How.CONFIRMED) if same else How.CORRECTED
    return Truth(
        id=now.new_id(),
        page=page.page,
        kind=page.kind,
        field=name,
        machine=read.value if read else None,
        read_as=str(read.confirmed) if read else MISSED,
        confidence=read.confidence if read else None,
        said=one.value.strip(),
        how=how,
        by=now.by,
        at=now.at,
    )


def _told(page: Page, truths: Sequence[Truth]) -> dict[str, object]:
    """Which fields, and whether the machine was right: no value."""
    fields = [{"field": t.field, "how": str(t.how)} for t in truths]
    return {"page": page.id, "material": page.material, "fields": fields}


def _judged_again(file: CaseFile, now: Moment) -> Outcome:
    """A job of its own for every word: one that is under way may have looked before this was said."""
    if file.case.state is not CaseState.IN_REVIEW:
        return ()
    return (Enqueue(JobKind.CASE_JUDGE, file.case.number, f"judge:{file.case.number}:{now.new_id()}"),)
