"""The end of a session at a terminal: the token is worth nothing, and what was not handed in is discarded, unless its
resident asked to go on by phone; then they are told how to take it along.

Used by the doors, where somebody ends it, and by the clock, where nobody did.
"""

from cases.actions import terminals
from cases.actions.entrusting import LASTS, Purpose, known_beside
from cases.effects import Outcome
from cases.lifecycle import CaseState
from cases.model import CaseFile
from cases.moment import Moment
from storage import one_time_codes
from storage.actors import Actor
from storage.device_sessions import GuestSession, HowEnded
from storage.ids import new_id
from storage.session import Transaction
from storage.words import ActorKind


def end_session(tx: Transaction, session: GuestSession, how: HowEnded, *, actor: Actor | None = None) -> list[str]:
    """The keys of the blobs that nobody needs any more. Ending it twice changes nothing."""
    if not tx.guest_sessions.end(session, how, actor=actor):
        return []
    tx.forget_answers_of(f"resident:{session.person}")
    return drop_draft(tx, session, keep=session.keep)


def drop_draft(tx: Transaction, session: GuestSession, *, keep: bool = False) -> list[str]:
    """What the session began and did not hand in."""
    if session.case is None:
        return []
    file = tx.case_file(session.case, for_change=True)
    if file.case.state is not CaseState.DRAFT or file.case.owner != session.person:
        return []
    guest = Actor(ActorKind.RESIDENT, session.person)
    if keep and terminals.may_be_kept(file):
        tx.apply(file.case.number, terminals.draft_told(hand_over_code(tx, file)), actor=guest)
        return []
    tx.apply(file.case.number, _discarded(tx, file), actor=guest)
    return tx.erase_pages(file.case.number)


def hand_over_code(tx: Transaction, file: CaseFile) -> str:
    """With it and the end of the identity number the case can be taken into one's own account. Raises `TooMany`."""
    beside = known_beside(file, Purpose.HAND_OVER)
    return one_time_codes.make_code(tx, Purpose.HAND_OVER, file.case.number, LASTS[Purpose.HAND_OVER], beside)


def _discarded(tx: Transaction, file: CaseFile) -> Outcome:
    return terminals.discarded(file, Moment(tx.now(), tx.calendar(), new_id, "kiosk"))
