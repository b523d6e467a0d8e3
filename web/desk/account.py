"""One's own account: where one is signed in, a new password, a new secret for one-time codes.

Each change of what proves who one is asks for the present proof first, and counts wrong ones as signing in does.
"""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import StringConstraints

from cases.errors import InvalidRequest
from storage.sessions import open_sessions, revoke_listed, session_name
from storage.staff import SignInRefused
from storage.tokens import token_hash
from storage.words import ActorKind
from web.asks import Ask, Write
from web.auth import Desk, requires
from web.desk.staff import Ended, SessionLine, StaffLine, session_line, staff_line, totp_uri
from web.doors import Doors, doors
from web.permissions import Permission
from web.shapes import Shape
from web.signing_in import LOCKED, Locked
from web.writing import asked, write

router = APIRouter(prefix="/desk/api/account", tags=["desk"])
D = Annotated[Doors, Depends(doors)]
Me = Annotated[Desk, Depends(requires(Permission.SIGNED_IN))]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=256)]
Code = Annotated[str, StringConstraints(pattern=r"^\s*\d{6}\s*$")]
WRONG = "密码或动态码不正确；每个动态码只能用一次，请等下一个再试。"


class AccountView(Shape):
    person: StaffLine
    sessions: list[SessionLine]
    here: str
    """Which of them this is."""


class PasswordAsk(Ask):
    password: Secret
    totp: Code
    new_password: Secret


class TotpAsk(Ask):
    password: Secret
    totp: Code


class CodeAsk(Ask):
    totp: Code


class Done(Shape):
    done: bool = True


class NewSecret(Shape):
    """Counts when its first code was shown."""

    totp_secret: str
    totp_uri: str


@router.get("")
def show_account(me: Me, d: D) -> AccountView:
    """Who one is here, and where one is signed in."""
    _check_person(me)
    with d.database.reading() as tx:
        person = staff_line(tx.staff.staff(me.actor.id))
        lines = [session_line(line) for line in open_sessions(tx, ActorKind.STAFF, me.actor.id)]
        here = session_name(token_hash(tx.vault, me.token)) if me.token else ""
    return AccountView(person=person, sessions=lines, here=here)


@router.post("/sessions/{session}/end")
def end_own_session(session: str, ask: Write, me: Me, d: D) -> Ended:
    """One of one's own, at once; also the one that asks."""
    _check_person(me)
    return write(
        d.database,
        asked(me, ask, "end own session", session),
        Ended,
        lambda tx: Ended(ended=int(revoke_listed(tx, ActorKind.STAFF, me.actor.id, session))),
    )


@router.post("/password")
def change_password(ask: PasswordAsk, me: Me, d: D) -> Done:
    """Every other session ends."""
    _check_person(me)
    d.rates.login.take(me.key)
    with d.database.transaction() as tx:  # committed also when refused: failures are counted
        refused = tx.staff.change_password(me.actor.id, ask.password, ask.totp, ask.new_password, keep=me.token)
    _raise(refused)
    return Done()


@router.post("/totp")
def renew_totp(ask: TotpAsk, me: Me, d: D) -> NewSecret:
    """A new secret, shown once. The old one counts until a code of the new one was shown."""
    _check_person(me)
    d.rates.login.take(me.key)
    with d.database.transaction() as tx:
        login, begun = tx.staff.staff(me.actor.id).login, tx.staff.begin_totp(me.actor.id, ask.password, ask.totp)
    if isinstance(begun, SignInRefused):
        raise _refusal(begun)
    return NewSecret(totp_secret=begun, totp_uri=totp_uri(login, begun))


@router.post("/totp/finish")
def finish_totp(ask: CodeAsk, me: Me, d: D) -> Done:
    """The new secret counts from now on."""
    _check_person(me)
    d.rates.login.take(me.key)
    with d.database.transaction() as tx:
        refused = tx.staff.finish_totp(me.actor.id, ask.totp)
    _raise(refused)
    return Done()


def _check_person(me: Desk) -> None:
    """A department's system has a key and no account."""
    if not me.token:
        raise InvalidRequest("接口密钥没有个人账号。")


def _raise(refused: SignInRefused | None) -> None:
    if refused is not None:
        raise _refusal(refused)


def _refusal(refused: SignInRefused) -> InvalidRequest | Locked:
    """Whoever is signed in stays so: no 401, which would send them to sign in again."""
    return Locked(LOCKED) if refused is SignInRefused.LOCKED else InvalidRequest(WRONG)
