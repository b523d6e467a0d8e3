"""Finding a case by what somebody at the counter or on the telephone can name. What was typed travels in a body: an
identity number in an address would stand in every log."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field, StringConstraints

from storage.lookup import By, Found, looks_like
from web.asks import Ask
from web.auth import Desk, requires
from web.desk.queues import QueueLine, queue_lines
from web.doors import Doors, doors
from web.permissions import Permission
from web.shapes import Shape

router = APIRouter(prefix="/desk/api", tags=["desk"])
D = Annotated[Doors, Depends(doors)]
SHOWN = 20
NUMBER_DIGITS = 21
LABELS = {By.NUMBER: "办件编号", By.ID_NUMBER: "证件号码", By.PHONE: "手机号码", By.WAYBILL: "运单号"}
WHAT_CAN_BE_ASKED = "请输入完整的办件编号、证件号码、手机号码或运单号。"


class SearchAsk(Ask):
    text: Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
    cursor: Annotated[str | None, StringConstraints(max_length=400)] = None
    limit: Annotated[int, Field(ge=1, le=100)] = SHOWN


class SearchView(Shape):
    by: str | None
    """What the words were taken for: number, id_number, phone, waybill; null for none of them."""
    by_label: str | None
    cases: list[QueueLine]
    cursor: str | None
    sentence: str | None
    """Why nothing was found."""


@router.post("/search")
def search(ask: SearchAsk, me: Annotated[Desk, Depends(requires(Permission.CASE_READ))], d: D) -> SearchView:
    """The reader's own cases with this number, of this person, with this waybill; newest first. A search for a person is
    recorded with who searched, not for whom."""
    d.rates.lookups.take(me.key)
    with d.database.transaction() as tx:
        found = tx.look_up(ask.text, ask.cursor, ask.limit, me.scope, actor=me.actor)
        lines = queue_lines(tx, found.rows)
    label = LABELS[found.by] if found.by else None
    return SearchView(
        by=found.by, by_label=label, cases=lines, cursor=found.cursor, sentence=None if lines else _nothing(ask, found)
    )


def _nothing(ask: SearchAsk, found: Found) -> str:
    value, _ = looks_like(ask.text)
    if len(value) == NUMBER_DIGITS and value.isdigit() and found.by is not By.NUMBER:
        return "办件编号有误，请核对后重试。"
    if found.by is None:
        return WHAT_CAN_BE_ASKED
    return f"没有找到该{LABELS[found.by]}的办件。"
