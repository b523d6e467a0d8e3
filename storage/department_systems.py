"""Departments' own systems: the keys they call us with, and the endpoints where they are told news.

A key is shown once and kept as a keyed hash, with its first characters to tell it by. Rotating gives a new one beside
those that are there, which end after an overlap. An endpoint's secret is sealed; while it is rotated, two are valid.
Refuses: a key wider than its system's departments and region.
"""

import base64
import builtins
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select, update

from cases.errors import Conflict, InvalidRequest, NotFound
from storage import audit
from storage.actors import Actor, region_prefix
from storage.department_tables import department_endpoints, department_systems
from storage.ids import new_id
from storage.tables import api_keys
from storage.tokens import API_KEY_PREFIX, new_token, token_hash
from storage.unit import AnyRow, Unit
from storage.words import Role

PREFIX_SHOWN = 10
SECRET_PREFIX = "whsec_"
SECRET_BYTES = 32
"""Standard Webhooks: 24 to 64."""


@dataclass(frozen=True)
class System:
    id: str
    name: str
    departments: tuple[str, ...]
    region: str | None
    active: bool

    def serves(self, department: str, region: str) -> bool:
        here = self.region is None or region.startswith(region_prefix(self.region))
        return self.active and here and department in self.departments


@dataclass(frozen=True)
class Key:
    id: str
    prefix: str
    made_at: datetime
    ends_at: datetime | None
    revoked_at: datetime | None

    def live(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.ends_at is None or self.ends_at > now)


@dataclass(frozen=True)
class Endpoint:
    """`secrets`: those that are valid now, the newest first."""

    id: str
    system: str
    url: str
    made_at: datetime
    failing_since: datetime | None
    disabled_at: datetime | None
    disabled_why: str | None
    secrets: tuple[str, ...] = field(default=(), repr=False)


class DepartmentSystems:
    def __init__(self, tx: Unit) -> None:
        self._tx = tx

    # ── who they are ──

    def add(self, name: str, departments: Sequence[str], *, actor: Actor, region: str | None = None) -> System:
        """Raises `Conflict` for a name that is taken, `InvalidRequest` without a department."""
        if not departments:
            raise InvalidRequest("部门系统至少要属于一个部门。")
        values = {
            "id": new_id(), "name": name.strip(), "departments": sorted(set(departments)), "region": region,
            "active": True, "made_at": self._tx.now(),
        }  # fmt: skip
        if not self._tx.insert_new(department_systems, values):
            raise Conflict("已有同名的部门系统。", name=name)
        made = self.system(str(values["id"]))
        self._note(made.id, actor, "system_added", {"departments": list(made.departments), "region": region})
        return made

    def list(self) -> "builtins.list[System]":
        return [_system(row) for row in self._tx.all(select(department_systems).order_by(department_systems.c.name))]

    def system(self, named: str) -> System:
        """By id or name. Raises `NotFound`."""
        which = or_(department_systems.c.id == named, department_systems.c.name == named)
        row = self._tx.one(select(department_systems).where(which))
        if row is None:
            raise NotFound("没有这个部门系统。", system=named)
        return _system(row)

    def set_active(self, system_id: str, active: bool, *, actor: Actor) -> None:
        """Switched off: its keys open nothing, and it is told nothing."""
        changed = update(department_systems).where(department_systems.c.id == system_id).values(active=active)
        if self._tx.count(changed) == 0:
            raise NotFound("没有这个部门系统。", system=system_id)
        if not active:
            for key in self.keys(system_id):
                self.revoke(key.id, actor=actor)
        self._note(system_id, actor, "system_activated" if active else "system_deactivated", {})

    # ── keys ──

    def keys(self, system_id: str) -> "builtins.list[Key]":
        """Newest first."""
        wanted = select(api_keys).where(api_keys.c.system == system_id).order_by(api_keys.c.seq.desc())
        return [Key(r.id, r.prefix, r.made_at, r.ends_at, r.revoked_at) for r in self._tx.all(wanted)]

    def new_key(self, system: System, *, actor: Actor, ends_at: datetime | None = None) -> tuple[Key, str]:
        """The key, shown once."""
        if not system.active:
            raise Conflict("该部门系统已停用。", system=system.name)
        token, identity = new_token(API_KEY_PREFIX), new_id()
        values: dict[str, Any] = {
            "id": identity, "token_hash": token_hash(self._tx.vault, token), "name": system.name,
            "roles": [str(Role.CLERK)], "departments": list(system.departments), "region": system.region,
            "made_at": self._tx.now(), "ends_at": ends_at, "system": system.id, "prefix": token[:PREFIX_SHOWN],
        }  # fmt: skip
        self._tx.execute(api_keys.insert().values(**values))
        self._note(system.id, actor, "key_added", {"key": identity, "prefix": values["prefix"]})
        return Key(identity, values["prefix"], values["made_at"], ends_at, None), token

    def rotate(self, system: System, overlap: timedelta, *, actor: Actor) -> tuple[Key, str]:
        """A new key; those that are there end after `overlap`."""
        until = self._tx.now() + overlap
        later = or_(api_keys.c.ends_at.is_(None), api_keys.c.ends_at > until)
        live = and_(api_keys.c.system == system.id, api_keys.c.revoked_at.is_(None), later)
        self._tx.execute(update(api_keys).where(live).values(ends_at=until))
        return self.new_key(system, actor=actor)

    def revoke(self, key_id: str, *, actor: Actor) -> bool:
        """By its id, or by the characters that are shown of it. At once; False: it was none, or revoked before."""
        named = or_(api_keys.c.id == key_id, api_keys.c.prefix == key_id)
        live = and_(named, api_keys.c.system.is_not(None), api_keys.c.revoked_at.is_(None))
        row = self._tx.one(select(api_keys.c.id, api_keys.c.system).where(live))
        if row is None:
            return False
        self._tx.execute(update(api_keys).where(api_keys.c.id == row.id).values(revoked_at=self._tx.now()))
        self._note(row.system, actor, "key_revoked", {"key": row.id})
        return True

    # ── endpoints ──

    def add_endpoint(self, system: System, url: str, *, actor: Actor) -> tuple[Endpoint, str]:
        """The endpoint and its secret, shown once. Where it may lead is the sender's to check."""
        identity, secret = new_id(), new_secret()
        values = {
            "id": identity, "system": system.id, "url": url, "made_at": self._tx.now(),
            "secret": self._tx.seal(department_endpoints, "secret", identity, secret),
        }  # fmt: skip
        self._tx.execute(department_endpoints.insert().values(**values))
        self._note(system.id, actor, "endpoint_added", {"endpoint": identity})
        return self.endpoint(identity), secret

    def endpoint(self, endpoint_id: str) -> Endpoint:
        """Raises `NotFound`."""
        row = self._tx.one(select(department_endpoints).where(department_endpoints.c.id == endpoint_id))
        if row is None:
            raise NotFound("没有这个推送地址。", endpoint=endpoint_id)
        return self._endpoint(row)

    def endpoints(self, system_id: str | None = None) -> "builtins.list[Endpoint]":
        """Of one system, or of all; those that were taken out are left out."""
        wanted = select(department_endpoints).where(department_endpoints.c.ended_at.is_(None))
        wanted = wanted if system_id is None else wanted.where(department_endpoints.c.system == system_id)
        return [self._endpoint(row) for row in self._tx.all(wanted.order_by(department_endpoints.c.seq))]

    def rotate_secret(self, endpoint_id: str, overlap: timedelta, *, actor: Actor) -> str:
        """The new secret, shown once; until the overlap is over, messages bear both signatures."""
        old, secret = self.endpoint(endpoint_id), new_secret()
        seal = self._tx.seal
        self._set(
            endpoint_id,
            secret=seal(department_endpoints, "secret", endpoint_id, secret),
            previous_secret=seal(department_endpoints, "previous_secret", endpoint_id, old.secrets[0]),
            previous_until=self._tx.now() + overlap,
        )
        self._note(old.system, actor, "endpoint_secret_rotated", {"endpoint": endpoint_id})
        return secret

    def remove_endpoint(self, endpoint_id: str, *, actor: Actor) -> None:
        found = self.endpoint(endpoint_id)
        self._set(endpoint_id, ended_at=self._tx.now(), disabled_at=self._tx.now(), disabled_why="removed")
        self._note(found.system, actor, "endpoint_removed", {"endpoint": endpoint_id})

    def disable(self, endpoint_id: str, why: str, *, actor: Actor) -> None:
        found = self.endpoint(endpoint_id)
        if found.disabled_at is None:
            self._set(endpoint_id, disabled_at=self._tx.now(), disabled_why=why)
            self._note(found.system, actor, "endpoint_disabled", {"endpoint": endpoint_id, "why": why})

    def enable(self, endpoint_id: str, *, actor: Actor) -> None:
        found = self.endpoint(endpoint_id)
        self._set(endpoint_id, disabled_at=None, disabled_why=None, failing_since=None)
        self._note(found.system, actor, "endpoint_enabled", {"endpoint": endpoint_id})

    def answered(self, endpoint_id: str) -> None:
        self._set(endpoint_id, failing_since=None)

    def failing(self, endpoint_id: str) -> datetime:
        """Since when nothing has got through there."""
        found = self.endpoint(endpoint_id)
        if found.failing_since is None:
            self._set(endpoint_id, failing_since=self._tx.now())
        return found.failing_since or self._tx.now()

    def _set(self, endpoint_id: str, **values: Any) -> None:
        self._tx.execute(
            update(department_endpoints).where(department_endpoints.c.id == endpoint_id).values(**values)
        )  # fmt: skip

    def _endpoint(self, row: AnyRow) -> Endpoint:
        unseal, now = self._tx.unseal, self._tx.now()
        valid = [unseal(department_endpoints, "secret", row.id, row.secret)]
        if row.previous_secret is not None and row.previous_until > now:
            valid.append(unseal(department_endpoints, "previous_secret", row.id, row.previous_secret))
        return Endpoint(
            row.id, row.system, row.url, row.made_at, row.failing_since, row.disabled_at, row.disabled_why, tuple(valid)
        )  # fmt: skip

    def _note(self, system_id: str, actor: Actor, action: str, detail: dict[str, Any]) -> None:
        audit.record(self._tx, f"department:{system_id}", actor, action, detail)


def _system(row: AnyRow) -> System:
    return System(row.id, row.name, tuple(row.departments), row.region, row.active)


def new_secret() -> str:
    """As Standard Webhooks writes one."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
