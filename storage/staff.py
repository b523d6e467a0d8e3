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
from storage.sessions import OpenedFrom, open_session, revoke_sessions_of
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
    at_provider: bool = False
    """Has signed in through the city's own provider, and from then on as the same one there."""

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
        made_by_machine: bool = False,
    ) -> tuple[Staff, str]:
        """The new person and the secret for the one-time codes, shown once. `made_by_machine`: the password is 96 random bits
        or more, and costs nothing to hash. Raises `Conflict`, `InvalidRequest`."""
        identity, secret = new_id(), pyotp.random_base32()
        hashed = self._tx.passwords.hashed_lightly if made_by_machine else self._tx.passwords.hashed
        values = {
            "id": identity,
            "login": login.strip().lower(),
            "name": name,
            "password_hash": hashed(_strong(password)),
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
            "totp_pending": None,
            "totp_step": 0,
            "failures": 0,
            "locked_until": None,
        }
        self._change(staff_id, actor, "staff_reset", fresh, {})
        revoke_sessions_of(self._tx, staff_id)
        return secret

    def assign(self, staff_id: str, roles: frozenset[Role], departments: frozenset[str], *, actor: Actor) -> Staff:
        """Other roles and departments, in force at once. Raises `Conflict` for one's own, and for the last
        administrator's."""
        if actor.id == staff_id:
            raise Conflict("不能更改自己的角色和部门，请由另一位管理员办理。")
        if Role.ADMINISTRATOR not in roles:
            self._keep_an_administrator(staff_id)
        fresh = {"roles": sorted(roles), "departments": sorted(departments)}
        self._change(staff_id, actor, "staff_assigned", fresh, fresh)
        return self.staff(staff_id)

    def deactivate(self, staff_id: str, *, actor: Actor) -> None:
        """Raises `Conflict` as `assign` does."""
        if actor.id == staff_id:
            raise Conflict("不能停用自己的账号，请由另一位管理员办理。")
        self._keep_an_administrator(staff_id)
        self._change(staff_id, actor, "staff_deactivated", {"active": False}, {})
        revoke_sessions_of(self._tx, staff_id)

    def activate(self, staff_id: str, *, actor: Actor) -> None:
        self._change(staff_id, actor, "staff_activated", {"active": True, "failures": 0, "locked_until": None}, {})

    def unlock(self, staff_id: str, *, actor: Actor) -> None:
        """Before the quarter of an hour is over."""
        self._change(staff_id, actor, "staff_unlocked", {"failures": 0, "locked_until": None}, {})

    def _keep_an_administrator(self, but: str) -> None:
        """Everybody's row is locked: two administrators who end each other's account at once leave one."""
        rows = self._tx.all(select(staff.c.id, staff.c.roles).where(staff.c.active).with_for_update())
        heads = {row.id for row in rows if Role.ADMINISTRATOR in row.roles}
        if heads == {but}:
            raise Conflict("至少要保留一位在用的系统管理员。")

    def _change(self, staff_id: str, actor: Actor, action: str, values: dict[str, Any], detail: dict[str, Any]) -> None:
        if self._tx.count(update(staff).where(staff.c.id == staff_id).values(**values)) == 0:
            raise NotFound("没有这位工作人员。", staff=staff_id)
        self._note(staff_id, actor, action, detail)

    # ── signing in ──

    def sign_in(
        self, login: str, password: str, code: str, opened: OpenedFrom | None = None
    ) -> tuple[Staff, str] | SignInRefused:
        """The person and a session's token, or why not. Commit either way."""
        found = select(staff).where(staff.c.login == login.strip().lower(), staff.c.active).with_for_update()
        row = self._tx.one(found)
        if row is None:
            self._tx.passwords.refuse_nobody(password)
            return SignInRefused.WRONG
        if (refused := self._prove(row, password, code)) is not None:
            return refused
        return self._entered(row, opened or OpenedFrom("password"))

    def _prove(self, row: AnyRow, password: str, code: str) -> SignInRefused | None:
        """None: password and code are right, and the code is used up."""
        if row.locked_until is not None and row.locked_until > self._tx.now():
            return SignInRefused.LOCKED
        step = self._totp_step(row, code)
        if not self._tx.passwords.right(row.password_hash, password) or step is None:
            return self._count_failure(row)
        self._set(row.id, failures=0, locked_until=None, totp_step=step)
        return None

    def _entered(self, row: AnyRow, opened: OpenedFrom) -> tuple[Staff, str]:
        self._note(row.id, Actor(ActorKind.STAFF, row.id), "staff_signed_in", {"way": opened.way})
        return _staff(row), open_session(self._tx, ActorKind.STAFF, row.id, opened)

    def enter_from_provider(self, login: str, identity: str, opened: OpenedFrom) -> tuple[Staff, str] | SignInRefused:
        """Whom the city's own provider vouches for. `identity` is who that is there, for good: whoever has come so
        once is known by it, and a login that was given to somebody else over there opens nothing here."""
        known = self._tx.vault.mac("provider", identity)
        by_identity = self._tx.one(select(staff).where(staff.c.provider_identity == known, staff.c.active))
        named = select(staff).where(staff.c.login == login.strip().lower(), staff.c.active)
        row = by_identity or self._tx.one(named.where(staff.c.provider_identity.is_(None)).with_for_update())
        if row is None:
            return SignInRefused.WRONG
        if by_identity is None:
            self._change(row.id, Actor(ActorKind.STAFF, row.id), "staff_linked", {"provider_identity": known}, {})
        return self._entered(row, opened)

    def unlink(self, staff_id: str, *, actor: Actor) -> None:
        """Forgets who it is at the provider: the next who comes with this login is taken for them."""
        self._change(staff_id, actor, "staff_unlinked", {"provider_identity": None}, {})

    # ── one's own ──

    def change_password(self, staff_id: str, old: str, code: str, new: str, *, keep: str) -> SignInRefused | None:
        """None: changed, and every session but the one of the token `keep` has ended. Commit either way."""
        fresh = self._tx.passwords.hashed(_strong(new))
        if (refused := self._prove(self._locked_row(staff_id), old, code)) is not None:
            return refused
        self._change(staff_id, Actor(ActorKind.STAFF, staff_id), "password_changed", {"password_hash": fresh}, {})
        revoke_sessions_of(self._tx, staff_id, but=keep)
        return None

    def begin_totp(self, staff_id: str, password: str, code: str) -> str | SignInRefused:
        """A new secret, shown once; it counts when its first code has been shown. Commit either way."""
        if (refused := self._prove(self._locked_row(staff_id), password, code)) is not None:
            return refused
        secret = pyotp.random_base32()
        self._set(staff_id, totp_pending=self._tx.seal(staff, "totp_pending", staff_id, secret))
        return secret

    def finish_totp(self, staff_id: str, code: str) -> SignInRefused | None:
        """None: the new secret counts from now on. Commit either way."""
        row = self._locked_row(staff_id)
        if row.locked_until is not None and row.locked_until > self._tx.now():
            return SignInRefused.LOCKED
        if row.totp_pending is None:
            return SignInRefused.WRONG
        secret = self._tx.unseal(staff, "totp_pending", staff_id, row.totp_pending)
        step = self._step_of(secret, code, 0)
        if step is None:
            return self._count_failure(row)
        kept = self._tx.seal(staff, "totp_secret", staff_id, secret)
        values = {"totp_secret": kept, "totp_pending": None, "totp_step": step, "failures": 0}
        self._change(staff_id, Actor(ActorKind.STAFF, staff_id), "totp_renewed", values, {})
        return None

    def _locked_row(self, staff_id: str) -> AnyRow:
        row = self._tx.one(select(staff).where(staff.c.id == staff_id, staff.c.active).with_for_update())
        if row is None:
            raise NotFound("没有这位工作人员。", staff=staff_id)
        return row

    def _totp_step(self, row: AnyRow, code: str) -> int | None:
        return self._step_of(self._tx.unseal(staff, "totp_secret", row.id, row.totp_secret), code, row.totp_step)

    def _step_of(self, secret: str, code: str, used: int) -> int | None:
        """The time step the code belongs to: now or one before or after, and never one that was used."""
        totp, now = pyotp.TOTP(secret), int(self._tx.now().timestamp()) // TOTP_PERIOD_S
        steps = (step for step in (now - 1, now, now + 1) if step > used)
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
        row.id,
        row.login,
        row.name,
        _roles(row),
        frozenset(row.departments),
        row.region,
        row.active,
        row.locked_until,
        row.provider_identity is not None,
    )


def _roles(row: AnyRow) -> frozenset[Role]:
    return frozenset(Role(word) for word in row.roles)


def _strong(password: str) -> str:
    """Length is what counts (NIST SP 800-63B)."""
    if len(password) < MIN_PASSWORD:
        raise InvalidRequest(f"密码至少需要{MIN_PASSWORD}个字符。", min_length=MIN_PASSWORD)
    return password
