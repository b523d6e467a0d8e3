"""What auditors say really stands in the fields of a page, beside what the machine read; and why a case without any
finding waits for a person."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field, StringConstraints

from cases.actions.verifying import Saying, verify
from cases.effects import Outcome
from cases.errors import Conflict, Forbidden, NotFound
from cases.field_names import field_name
from cases.items import MaterialSpec
from cases.model import CaseFile
from cases.moment import Moment
from cases.readings import Reading
from cases.truths import Truth, item_name
from storage.session import Transaction
from web.asks import Ask, Write
from web.auth import Desk, requires
from web.desk.changing import check_not_claimed
from web.doors import Doors, doors
from web.permissions import Permission
from web.shapes import Shape, Time
from web.writing import asked, decide, write

router = APIRouter(prefix="/desk/api/cases", tags=["desk"])
D = Annotated[Doors, Depends(doors)]
MOST_FIELDS = 100
Value = Annotated[str, StringConstraints(max_length=500)]


class SayingAsk(Ask):
    """`shown`: what the machine had read, as it was shown; empty where it had read nothing."""

    field: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    value: Value
    shown: Value = ""


class TruthsAsk(Write):
    """The same value as was read confirms it, another corrects it. `whole`: every field of the page was looked at."""

    fields: Annotated[list[SayingAsk], Field(min_length=1, max_length=MOST_FIELDS)]
    whole: bool = False


class WholePageAsk(Write):
    """`seal`: of the fields as they were shown."""

    seal: Annotated[str, StringConstraints(max_length=64)]


class TruthView(Shape):
    """`read_as`: how the machine's value was confirmed; `missed`: it had read none. Values only for roles that may see
    them."""

    field: str
    label: str
    machine: str | None
    read_as: str
    confidence: float | None
    said: str | None
    correct: bool
    how: str
    by: str
    at: Time


class TruthsView(Shape):
    """`seal`: of the fields as they stand, for confirming all of them."""

    case: str
    page: str
    truths: list[TruthView]
    seal: str | None


class SampleView(Shape):
    """Whether a person looks at the case because it was drawn, and from how large a share."""

    case: str
    sampled: bool
    share: float | None = None
    drawn_at: Time | None = None


@router.get("/{no}/pages/{page}/truths")
def show_truths(
    no: str, page: str, me: Annotated[Desk, Depends(requires(Permission.PAGE_READ))], d: D
) -> TruthsView:  # fmt: skip
    """What was said of the page's fields. The look at personal values is recorded."""
    personal = Permission.PERSONAL_READ in me.permissions
    with (d.database.transaction if personal else d.database.reading)() as tx:
        file = tx.case_file(no, readable_by=me.scope)
        if file.page(page) is None:
            raise NotFound("没有这一页。")
        if personal:
            tx.record(no, me.actor, "personal_data_shown", {"what": "truths", "page": page})
        return page_view(tx, file, page, personal=personal)


@router.post("/{no}/pages/{page}/truths")
def say_truths(
    no: str, page: str, ask: TruthsAsk, me: Annotated[Desk, Depends(requires(Permission.MATERIAL_DECIDE))], d: D
) -> TruthsView:
    """Correct or confirm fields. What the machine read stays as it is; a case under review is judged again."""
    said = [Saying(f.field, f.value, f.shown) for f in ask.fields]
    return _say(d, _Asked(me, ask, no, page, whole=ask.whole), lambda _on: said)


@router.post("/{no}/pages/{page}/truths/whole")
def say_whole_page(
    no: str, page: str, ask: WholePageAsk, me: Annotated[Desk, Depends(requires(Permission.MATERIAL_DECIDE))], d: D
) -> TruthsView:
    """Every field of the page was looked at, and what has not been corrected is right."""

    def said(on: "_OnPage") -> Sequence[Saying]:
        if seal_of(values_of(on.reading)) != ask.seal:
            raise Conflict("这一页刚刚重新识读，请核对后再确认。", page=page)
        return _untold(on)

    return _say(d, _Asked(me, ask, no, page, whole=True), said)


@router.get("/{no}/sample")
def show_sample(no: str, me: Annotated[Desk, Depends(requires(Permission.CASE_READ))], d: D) -> SampleView:
    """抽查: an instant case of which the machine was certain, and that a person looks at all the same."""
    with d.database.reading() as tx:
        tx.case_file(no, readable_by=me.scope)
        found = tx.open_sample(no)
    if found is None:
        return SampleView(case=no, sampled=False)
    return SampleView(case=no, sampled=True, share=found.share, drawn_at=found.drawn_at)


@dataclass(frozen=True)
class _Asked:
    me: Desk
    ask: Write
    no: str
    page: str
    whole: bool


@dataclass(frozen=True)
class _OnPage:
    """What was read off the page, and what was said of it before."""

    reading: Reading | None
    before: Mapping[str, Truth]
    spec: MaterialSpec | None


def _say(d: Doors, a: _Asked, said: Callable[[_OnPage], Sequence[Saying]]) -> TruthsView:
    """Raises `Forbidden` for roles that may not see the values."""
    if Permission.PERSONAL_READ not in a.me.permissions:
        raise Forbidden("您没有权限进行该操作。", permission=str(Permission.PERSONAL_READ))

    def work(tx: Transaction) -> TruthsView:
        def decision(file: CaseFile, now: Moment) -> Outcome:
            found = file.page(a.page)
            on = _OnPage(
                tx.reading(a.page) if found else None,
                tx.truths_of(a.no).get(a.page, {}),
                file.spec(found.material) if found else None,
            )
            return verify(file, a.page, on.reading, said(on) if found else (), now, whole=a.whole)

        file = decide(tx, a.me, a.no, decision)
        check_not_claimed(tx, a.no, a.me)
        return page_view(tx, file, a.page, personal=True)

    return write(d.database, asked(a.me, a.ask, "truths", a.no, a.page, a.whole), TruthsView, work)


def _untold(on: _OnPage) -> list[Saying]:
    """What was read and nobody has spoken of yet."""
    fields = on.reading.fields if on.reading else {}
    named = [(item_name(name, on.spec), field.value) for name, field in fields.items()]
    return [Saying(name, value, value) for name, value in named if value.strip() and name not in on.before]


def seal_of(values: Mapping[str, str]) -> str:
    """Of what was read, by field: changes when a field is read anew."""
    return hashlib.sha256(json.dumps(dict(values), sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def values_of(reading: Reading | None) -> dict[str, str]:
    return {name: field.value for name, field in reading.fields.items()} if reading else {}


def page_view(tx: Transaction, file: CaseFile, page: str, *, personal: bool) -> TruthsView:
    found = file.page(page)
    spec = file.spec(found.material) if found else None
    return TruthsView(
        case=file.case.number,
        page=page,
        truths=truths_on(tx, file, page, spec, personal=personal),
        seal=seal_of(values_of(tx.reading(page))) if personal else None,
    )


def truths_on(
    tx: Transaction, file: CaseFile, page: str, spec: MaterialSpec | None, *, personal: bool
) -> list[TruthView]:
    said = tx.truths_of(file.case.number).get(page, {}).values()
    return [_truth_view(truth, spec, personal=personal) for truth in said]


def _truth_view(truth: Truth, spec: MaterialSpec | None, *, personal: bool) -> TruthView:
    return TruthView(
        field=truth.field,
        label=field_name(truth.field, spec),
        machine=truth.machine if personal else None,
        read_as=truth.read_as,
        confidence=truth.confidence,
        said=truth.said if personal else None,
        correct=truth.correct,
        how=truth.how,
        by=truth.by,
        at=truth.at,
    )
