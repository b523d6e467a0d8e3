"""People of the back office and the keys of other systems: passwords (argon2), one-time codes (TOTP), roles,
departments, lock-out.

A refused sign-in is an answer, not an exception: the count of failures must be committed. Refuses: to say whether the
name or the password was wrong, and a one-time code that was used before.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import pyotp
from sqlalchemy import and_, select, update

from cases.errors import Conflict, InvalidRequest, NotFound
from storage import audit
from storage.actors import Actor, Scope
from storage.ids import new_id
from storage.sessions import open_session, revoke_sessions_of
from storage.tables import api_keys, staff
from storage.tokens import API_KEY_PREFIX, new_token, token_hash, well_formed
from storage.unit import AnyRow, Unit
from storage.words import ActorKind, Role

FAILURES_BEFORE_LOCK = 5
LOCKED_FOR = timedelta(minutes=15)
MIN_PASSWORD = 12
TOTP_PERIOD_S = 30
SEES_ALL = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})


@dataclass(frozen=True)
class Staff:
    id: str
    login: str
    name: str
    roles: frozenset[Role]
    departments: frozenset[str]
    region: str | None
    active: bool = True
    locked_until: datetime | None = None

    @property
    def scope(self) -> Scope:
        departments = None if self.roles & SEES_ALL else self.departments
        return Scope.of_staff(self.id, departments, self.region)


class SignInRefused(StrEnum):
    WRONG = "wrong"
    LOCKED = "locked"


@dataclass(frozen=True)
class ApiKey:
    id: str
    name: str
    roles: frozenset[Role]
    departments: frozenset[str]
    region: str | None

    @property
    def scope(self) -> Scope:
        return Scope.of_staff(self.id, self.departments, self.region)


class StaffBook:
    def __init__(self, tx: Unit) -> None:
        self._tx = tx

    # ── who works here ──

    def add(
        self,
        login: str,
        name: str,
        password: str,
        *,
        roles: frozenset[Role],
        departments: frozenset[str],
        actor: Actor,
        region: str | None = None,
    ) -> tuple[Staff, str]:
        """The new person and the secret for the one-time codes, shown once. Raises `Conflict`, `InvalidRequest`."""
        identity, secret = new_id(), pyotp.random_base32()
        values = {
            "id": identity,
            "login": login.strip().lower(),
            "name": name,
            "password_hash": self._tx.passwords.hashed(_strong(password)),
            "totp_secret": self._tx.seal(staff, "totp_secret", identity, secret),
            "totp_step": 0,
            "roles": sorted(roles),
            "departments": sorted(departments),
            "region": region,
            "active": True,
            "failures": 0,
            "made_at": self._tx.now(),
        }
        if not self._tx.insert_new(staff, values):
            raise Conflict("该登录名已被使用。", login=login)
        self._note(identity, actor, "staff_added", {"roles": sorted(roles), "departments": sorted(departments)})
        return self.staff(identity), secret

    def staff(self, staff_id: str) -> Staff:
        """Raises `NotFound`."""
        row = self._tx.one(select(staff).where(staff.c.id == staff_id))
        if row is None:
            raise NotFound("没有这位工作人员。", staff=staff_id)
        return _staff(row)

    def by_login(self, login: str) -> Staff | None:
        row = self._tx.one(select(staff).where(staff.c.login == login.strip().lower()))
        return None if row is None else _staff(row)

    def list(self) -> list[Staff]:
        return [_staff(row) for row in self._tx.all(select(staff).order_by(staff.c.login))]

    def reset(self, staff_id: str, password: str, *, actor: Actor) -> str:
        """A new password and a new secret for one-time codes; every session ends."""
        secret = pyotp.random_base32()
        fresh = {
            "password_hash": self._tx.passwords.hashed(_strong(password)),
            "totp_secret": self._tx.seal(staff, "totp_secret", staff_id, secret),
            "totp_step": 0,
            "failures": 0,
            "locked_until": None,
        }
        self._change(staff_id, actor, "staff_reset", fresh, {})
        revoke_sessions_of(self._tx, staff_id)
        return secret

    def assign(self, staff_id: str, roles: frozenset[Role], departments: frozenset[str], *, actor: Actor) -> Staff:
        """Other roles and departments, in force at once."""
        fresh = {"roles": sorted(roles), "departments": sorted(departments)}
        self._change(staff_id, actor, "staff_assigned", fresh, fresh)
        return self.staff(staff_id)

    def deactivate(self, staff_id: str, *, actor: Actor) -> None:
        self._change(staff_id, actor, "staff_deactivated", {"active": False}, {})
        revoke_sessions_of(self._tx, staff_id)

    def _change(self, staff_id: str, actor: Actor, action: str, values: dict[str, Any], detail: dict[str, Any]) -> None:
        if self._tx.count(update(staff).where(staff.c.id == staff_id).values(**values)) == 0:
            raise NotFound("没有这位工作人员。", staff=staff_id)
        self._note(staff_id, actor, action, detail)

    # ── signing in ──

    def sign_in(self, login: str, password: str, code: str) -> tuple[Staff, str] | SignInRefused:
        """The person and a session's token, or why not. Commit either way."""
        found = select(staff).where(staff.c.login == login.strip().lower(), staff.c.active).with_for_update()
        row = self._tx.one(found)
        if row is None:
            self._tx.passwords.refuse_nobody(password)
            return SignInRefused.WRONG
        if row.locked_until is not None and row.locked_until > self._tx.now():
            return SignInRefused.LOCKED
        step = self._totp_step(row, code)
        if not self._tx.passwords.right(row.password_hash, password) or step is None:
            return self._count_failure(row)
        self._set(row.id, failures=0, locked_until=None, totp_step=step)
        self._note(row.id, Actor(ActorKind.STAFF, row.id), "staff_signed_in", {})
        return _staff(row), open_session(self._tx, ActorKind.STAFF, row.id)

    def _totp_step(self, row: AnyRow, code: str) -> int | None:
        """The time step the code belongs to: now or one before or after, and never one that was used."""
        totp = pyotp.TOTP(self._tx.unseal(staff, "totp_secret", row.id, row.totp_secret))
        now = int(self._tx.now().timestamp()) // TOTP_PERIOD_S
        steps = (step for step in (now - 1, now, now + 1) if step > row.totp_step)
        return next((s for s in steps if pyotp.utils.strings_equal(code.strip(), totp.generate_otp(s))), None)

    def _count_failure(self, row: AnyRow) -> SignInRefused:
        failures = row.failures + 1
        if failures < FAILURES_BEFORE_LOCK:
            self._set(row.id, failures=failures)
            return SignInRefused.WRONG
        self._set(row.id, failures=0, locked_until=self._tx.now() + LOCKED_FOR)
        self._note(row.id, Actor(ActorKind.STAFF, row.id), "staff_locked", {"failures": failures})
        return SignInRefused.LOCKED

    def _set(self, staff_id: str, **values: Any) -> None:
        self._tx.execute(update(staff).where(staff.c.id == staff_id).values(**values))

    # ── other systems ──

    def add_api_key(
        self,
        name: str,
        *,
        roles: frozenset[Role],
        departments: frozenset[str],
        actor: Actor,
        region: str | None = None,
        ends_at: datetime | None = None,
    ) -> tuple[ApiKey, str]:
        """The key, shown once; only its hash is kept."""
        identity, token = new_id(), new_token(API_KEY_PREFIX)
        values = {
            "id": identity,
            "token_hash": token_hash(self._tx.vault, token),
            "name": name,
            "roles": sorted(roles),
            "departments": sorted(departments),
            "region": region,
            "made_at": self._tx.now(),
            "ends_at": ends_at,
        }
        self._tx.execute(api_keys.insert().values(**values))
        self._note(identity, actor, "api_key_added", {"name": name, "departments": sorted(departments)})
        return ApiKey(identity, name, roles, departments, region), token

    def api_key(self, token: str) -> ApiKey | None:
        """None: unknown, ended or revoked."""
        if not well_formed(token, API_KEY_PREFIX):
            return None
        row = self._tx.one(select(api_keys).where(api_keys.c.token_hash == token_hash(self._tx.vault, token)))
        if row is None or row.revoked_at is not None or (row.ends_at is not None and row.ends_at <= self._tx.now()):
            return None
        return ApiKey(row.id, row.name, _roles(row), frozenset(row.departments), row.region)

    def revoke_api_key(self, key_id: str, *, actor: Actor) -> bool:
        live = and_(api_keys.c.id == key_id, api_keys.c.revoked_at.is_(None))
        revoked = self._tx.count(update(api_keys).where(live).values(revoked_at=self._tx.now())) == 1
        if revoked:
            self._note(key_id, actor, "api_key_revoked", {})
        return revoked

    def _note(self, subject: str, actor: Actor, action: str, detail: dict[str, Any]) -> None:
        audit.record(self._tx, f"staff:{subject}", actor, action, detail)


def _staff(row: AnyRow) -> Staff:
    return Staff(
        row.id, row.login, row.name, _roles(row), frozenset(row.departments), row.region, row.active, row.locked_until
    )


def _roles(row: AnyRow) -> frozenset[Role]:
    return frozenset(Role(word) for word in row.roles)


def _strong(password: str) -> str:
    """Length is what counts (NIST SP 800-63B)."""
    if len(password) < MIN_PASSWORD:
        raise InvalidRequest(f"密码至少需要{MIN_PASSWORD}个字符。", min_length=MIN_PASSWORD)
    return password
