"""A desk's change to a case: in scope, not against somebody else's claim, answered with the case as it is then."""

from storage.claims import held_by
from storage.session import Transaction
from web.desk.shapes import DeskCaseView, desk_case_view
from web.doors import Doors
from web.writing import Asked, Caller, Decide, decide, write


def change(d: Doors, request: Asked, no: str, decision: Decide, *, heeds_claims: bool = True) -> DeskCaseView:
    """One use-case by somebody of the office. Raises `Conflict`, naming the holder, while another has the case: unless it is
    a department's own part of it, which nobody who reviews the case stands in the way of."""

    def work(tx: Transaction) -> DeskCaseView:
        file = decide(tx, request.caller, no, decision)
        if heeds_claims:
            check_not_claimed(tx, no, request.caller)
        return desk_case_view(file, personal=False)

    return write(d.database, request, DeskCaseView, work)


def check_not_claimed(tx: Transaction, no: str, me: Caller) -> None:
    """Looked at after the scope was checked, so that a claim tells nothing about a case outside it."""
    held = tx.claim_of(no)
    if held is not None and held.holder != me.actor.id:
        raise held_by(tx, held)
