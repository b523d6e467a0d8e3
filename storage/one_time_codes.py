"""One-time codes that prove who holds a telephone: kept as keyed hashes, counted, and worth nothing after use, after a
few wrong tries or after their time. One live code for a case and a purpose: a new one ends the one before."""

import hmac
import secrets
from datetime import timedelta

from sqlalchemy import and_, delete, select, update

from cases.errors import Conflict, InvalidRequest, TooMany
from storage.tables import one_time_codes
from storage.unit import Unit

DIGITS = 6
AGAIN_AFTER = timedelta(seconds=60)
"""A text message costs money, and a phone that rings all day is harm."""
WRONG = "填写的内容不正确，或验证码已失效，请核对后重试。"


def make_code(tx: Unit, purpose: str, case_number: str, lasts: timedelta, beside: str = "") -> str:
    """A fresh code in place of any before. `beside`: what must be known too. Raises `TooMany` within a minute."""
    c, now = one_time_codes.c, tx.now()
    mine = and_(c.purpose == purpose, c.case_number == case_number)
    before = tx.one(select(c.made_at).where(mine))
    if before is not None and now < before.made_at + AGAIN_AFTER:
        raise TooMany("验证码刚刚发出，请一分钟后再试。", retry_after=int(AGAIN_AFTER.total_seconds()))
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    tx.execute(delete(one_time_codes).where(mine))
    values = {"purpose": purpose, "case_number": case_number, "tries": 0, "made_at": now, "ends_at": now + lasts}
    if not tx.insert_new(one_time_codes, {**values, "mac": _mac(tx, purpose, case_number, code + beside)}):
        raise Conflict("验证码刚刚发出，请查收短信。")
    return code


def check_code(tx: Unit, purpose: str, case_number: str, known: str, tries: int) -> bool:
    """As `use_code`, and it may be used afterwards: to see what it is good for."""
    return _right(tx, purpose, case_number, known, tries)


def use_code(tx: Unit, purpose: str, case_number: str, known: str, tries: int) -> bool:
    """`known`: the code and what must be known beside it. Whether it is right; then it is used up. A wrong one is
    counted: the caller must commit that too."""
    c = one_time_codes.c
    right = _right(tx, purpose, case_number, known, tries)
    if right:
        tx.execute(delete(one_time_codes).where(c.purpose == purpose, c.case_number == case_number))
    return right


def _right(tx: Unit, purpose: str, case_number: str, known: str, tries: int) -> bool:
    c = one_time_codes.c
    mine = and_(c.purpose == purpose, c.case_number == case_number)
    row = tx.one(select(one_time_codes).where(mine).with_for_update())
    if row is None or row.tries >= tries or tx.now() >= row.ends_at:
        return False
    if hmac.compare_digest(row.mac, _mac(tx, purpose, case_number, known)):
        return True
    tx.execute(update(one_time_codes).where(mine).values(tries=row.tries + 1))
    return False


def forget_old(tx: Unit) -> int:
    """Codes that are worth nothing any more. How soon a new one may be asked for is told by those that are."""
    c = one_time_codes.c
    return tx.count(delete(one_time_codes).where(c.ends_at < tx.now(), c.made_at < tx.now() - AGAIN_AFTER))


def wrong_code() -> InvalidRequest:
    return InvalidRequest(WRONG, field="code")


def _mac(tx: Unit, purpose: str, case_number: str, known: str) -> str:
    return tx.vault.mac(f"code:{purpose}", f"{case_number}:{known.upper()}")
