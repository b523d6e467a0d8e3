"""What goes on around claims: the next case of a queue, a claim that a supervisor takes away, what one has lost; and test
cases set apart from the work."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field, StringConstraints

from cases.errors import Conflict
from cases.flags import MarkedFor
from storage.claims import Loss, names_of
from storage.desk_tables import Lost
from storage.session import Transaction
from web.asks import Line, Word, Write
from web.auth import Desk, requires
from web.desk.queues import check_scope
from web.desk.shapes import ClaimView
from web.doors import Doors, doors
from web.permissions import Permission
from web.shapes import Shape, Time
from web.writing import asked, write

router = APIRouter(prefix="/desk/api", tags=["desk"])
D = Annotated[Doors, Depends(doors)]
Holder = Annotated[Desk, Depends(requires(Permission.CASE_CLAIM))]
QueueName = Annotated[str, StringConstraints(min_length=1, max_length=32)]
TRIES = 20
"""Cases that somebody else took between finding and taking them, before one gives up."""


class NextAsk(Write):
    queue: QueueName = "unclaimed"
    after: Word | None = None
    """The case one comes from: the next is looked for behind it."""


class NextView(Shape):
    case: str | None
    """Null: nothing is left that nobody has."""


class TakenView(Shape):
    claim: ClaimView | None


@router.get("/next")
def see_next(
    me: Holder,
    d: D,
    queue: Annotated[str, Query(max_length=32)] = "unclaimed",
    after: Annotated[str | None, Query(max_length=64)] = None,
) -> NextView:
    """Which case would be next; nobody takes it."""
    with d.database.reading() as tx:
        return NextView(case=tx.next_free(queue, after, me.scope))


@router.post("/next")
def take_next(ask: NextAsk, me: Holder, d: D) -> TakenView:
    """Take the most urgent case behind `after` that nobody has. Who is a moment late gets the one after it."""

    def work(tx: Transaction) -> TakenView:
        for _ in range(TRIES):
            found = tx.next_free(ask.queue, ask.after, me.scope)
            if found is None:
                break
            try:
                taken = tx.claim(found, me.actor.id)
            except Conflict:
                continue
            return TakenView(claim=ClaimView(case=found, holder=taken.holder, until=taken.until))
        return TakenView(claim=None)

    return write(d.database, asked(me, ask, "next"), TakenView, work)


class TakeAwayAsk(Write):
    reason: Line


class TakenAwayView(Shape):
    case: str
    holder: str
    holder_name: str


@router.post("/cases/{no}/take-away")
def take_away(
    no: str, ask: TakeAwayAsk, me: Annotated[Desk, Depends(requires(Permission.CLAIM_TAKE_AWAY))], d: D
) -> TakenAwayView:
    """Free a case that somebody has. They are told, with the reason."""

    def work(tx: Transaction) -> TakenAwayView:
        check_scope(tx, no, me)
        was = tx.take_away(no, ask.reason, actor=me.actor)
        return TakenAwayView(case=no, holder=was.holder, holder_name=names_of(tx, [was.holder]).get(was.holder, ""))

    return write(d.database, asked(me, ask, "take-away", no), TakenAwayView, work)


class LossView(Shape):
    id: str
    case: str
    item_name: str
    how: Lost
    by: str
    reason: str | None
    at: Time
    sentence: str


class LossesView(Shape):
    lost: list[LossView]


@router.get("/claims/lost")
def lost_claims(me: Holder, d: D) -> LossesView:
    """The claims one lost without giving them back, and was not told of yet."""
    with d.database.reading() as tx:
        return LossesView(lost=[_loss_view(loss) for loss in tx.losses(me.actor.id)])


def _loss_view(loss: Loss) -> LossView:
    taken = f"已由{loss.by}收回" + (f"：{loss.reason}" if loss.reason else "")
    expired = f"领取时间已到，{loss.by}已接着办理"
    sentence = f"您领取的“{loss.item_name}”（{loss.number}）{taken if loss.how is Lost.TAKEN else expired}。"
    named = {**vars(loss), "case": loss.number, "sentence": sentence}
    return LossView(**{name: named[name] for name in LossView.model_fields})


class SeenAsk(Write):
    ids: Annotated[tuple[Word, ...], Field(max_length=50)] = ()


class SeenView(Shape):
    seen: int


@router.post("/claims/lost/seen")
def seen_losses(ask: SeenAsk, me: Holder, d: D) -> SeenView:
    """Told: these, or without `ids` all of them."""
    request = asked(me, ask, "losses-seen")
    return write(d.database, request, SeenView, lambda tx: SeenView(seen=tx.losses_seen(me.actor.id, ask.ids)))


class MarkAsk(Write):
    test: bool
    why: MarkedFor
    account: bool = False
    """Also what the same account has open, and opens from now on."""


class MarkedView(Shape):
    case: str
    test: bool
    changed: int


@router.post("/cases/{no}/test")
def mark_test(no: str, ask: MarkAsk, me: Annotated[Desk, Depends(requires(Permission.TEST_MARK))], d: D) -> MarkedView:
    """Take a case out of the work and the figures as a test, or put it back."""

    def work(tx: Transaction) -> MarkedView:
        check_scope(tx, no, me)
        changed = tx.mark_test(no, ask.test, account=ask.account, why=ask.why, actor=me.actor)
        return MarkedView(case=no, test=ask.test, changed=changed)

    return write(d.database, asked(me, ask, "test", no), MarkedView, work)
