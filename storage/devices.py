"""Self-service terminals 自助终端: device accounts, enrolled once with a code, then known by a token that can be revoked.

The code is read off one screen and typed into another: short, without letters that look alike, good for one use within
a day. Only keyed hashes of code and token are kept. Every change is audited on the device's own chain.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from cases.errors import InvalidRequest, NotFound
from storage import audit
from storage.actors import Actor
from storage.device_tables import DeviceState, Paper, devices
from storage.ids import new_id
from storage.tokens import new_token, token_hash, well_formed
from storage.unit import AnyRow, Unit
from storage.words import ActorKind

__all__ = ["Device", "DeviceState", "Devices", "Paper"]

DEVICE_PREFIX = "zd_"
CODE_LENGTH = 10
CODE_LASTS = timedelta(hours=24)
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
SILENT_AFTER = timedelta(seconds=45)
"""A terminal is heard of every ten seconds; three in a row may be lost on a bad line."""
_LOOPBACK = ("http://127.0.0.1:", "http://localhost:")


@dataclass(frozen=True)
class Device:
    """`bridge`: where the page finds card reader, scanner and printer, on the terminal itself; None: it has none."""

    id: str
    name: str
    office: str
    region: str
    bridge: str | None
    made_at: datetime
    enrolled_at: datetime | None
    seen_at: datetime | None
    state: DeviceState
    state_since: datetime
    paper: Paper
    revoked_at: datetime | None

    def silent_since(self, now: datetime) -> datetime | None:
        """Since when nothing is heard of it; None while it is heard, and of one that was never enrolled."""
        return self.seen_at if self.seen_at is not None and self.seen_at + SILENT_AFTER <= now else None

    def standing(self, now: datetime) -> tuple[str, datetime]:
        """What it does and since when: as it says itself, or `revoked`, `not_enrolled`, `offline`."""
        if self.revoked_at is not None:
            return "revoked", self.revoked_at
        if self.enrolled_at is None or self.seen_at is None:
            return "not_enrolled", self.made_at
        silent = self.silent_since(now)
        return ("offline", silent) if silent is not None else (str(self.state), self.state_since)


class Devices:
    def __init__(self, tx: Unit) -> None:
        self._tx = tx

    def add(
        self, name: str, office: str, region: str, bridge: str | None = None, *, actor: Actor
    ) -> tuple[Device, str]:
        """A new terminal and its enrolment code, shown once. Raises `InvalidRequest`."""
        _check(name, office, region, bridge)
        identity, code, now = new_id(), _new_code(), self._tx.now()
        values = {
            "id": identity,
            "name": name,
            "office": office,
            "region": region,
            "bridge": bridge,
            "enrol_hash": self._code_hash(code),
            "enrol_until": now + CODE_LASTS,
            "made_at": now,
            "state": DeviceState.IDLE,
            "state_since": now,
            "paper": Paper.READY,
        }
        self._tx.execute(devices.insert().values(**values))
        self._note(identity, actor, "device_added", name=name, office=office, region=region, bridge=bridge)
        return self.device(identity), code

    def renew(self, device_id: str, *, actor: Actor) -> str:
        """A new code for a terminal whose machine was changed; what it was known by before is worth nothing."""
        code = _new_code()
        fresh = {"enrol_hash": self._code_hash(code), "enrol_until": self._tx.now() + CODE_LASTS}
        self._change(device_id, **fresh, token_hash=None, revoked_at=None)
        self._note(device_id, actor, "device_code_renewed")
        return code

    def enrol(self, code: str) -> tuple[Device, str] | None:
        """The terminal of this code and its token, shown once. None: no such code, used, or too old."""
        known = devices.c.enrol_hash == self._code_hash(code.strip().upper())
        row = self._tx.one(select(devices).where(known).with_for_update())
        if row is None or row.revoked_at is not None or row.enrol_until <= self._tx.now():
            return None
        token, now = new_token(DEVICE_PREFIX), self._tx.now()
        kept = {"token_hash": token_hash(self._tx.vault, token), "enrol_hash": None, "enrol_until": None}
        self._change(row.id, **kept, enrolled_at=now, seen_at=now)
        self._note(row.id, itself(row.id), "device_enrolled")
        return self.device(row.id), token

    def by_token(self, token: str) -> Device | None:
        """None: unknown or revoked."""
        if not well_formed(token, DEVICE_PREFIX):
            return None
        known = devices.c.token_hash == token_hash(self._tx.vault, token)
        row = self._tx.one(select(devices).where(known, devices.c.revoked_at.is_(None)))
        return None if row is None else _device(row)

    def device(self, device_id: str) -> Device:
        """Raises `NotFound`."""
        row = self._tx.one(select(devices).where(devices.c.id == device_id))
        if row is None:
            raise NotFound("没有这台自助终端。", device=device_id)
        return _device(row)

    def named(self, name: str) -> Device | None:
        """By id or by name. A name that several have is nobody's."""
        rows = self._tx.all(select(devices).where((devices.c.id == name) | (devices.c.name == name)).limit(2))
        return _device(rows[0]) if len(rows) == 1 else None

    def list(self) -> "list[Device]":
        return [_device(row) for row in self._tx.all(select(devices).order_by(devices.c.region, devices.c.seq))]

    def heard(self, device: Device, state: DeviceState, paper: Paper | None) -> Device:
        """A sign of life with what the terminal says of itself. `paper`: None where it cannot tell."""
        now = self._tx.now()
        if (silent := device.silent_since(now)) is not None:
            self._note(device.id, itself(device.id), "device_back", silent_since=silent.isoformat())
        if paper is not None and paper is not device.paper:
            self.put_paper(device.id, paper, actor=itself(device.id))
        moved = {} if state is device.state else {"state": state, "state_since": now}
        self._change(device.id, seen_at=now, **moved)
        return self.device(device.id)

    def put_paper(self, device_id: str, paper: Paper, *, actor: Actor) -> None:
        self._change(device_id, paper=paper)
        self._note(device_id, actor, "device_paper", paper=str(paper))

    def revoke(self, device_id: str, *, actor: Actor) -> bool:
        """The terminal is nobody from now on. False if it was so before."""
        still = (devices.c.id == device_id) & devices.c.revoked_at.is_(None)
        gone = {"revoked_at": self._tx.now(), "token_hash": None, "enrol_hash": None}
        revoked = self._tx.count(update(devices).where(still).values(**gone)) == 1
        if revoked:
            self._note(device_id, actor, "device_revoked")
        return revoked

    def _change(self, device_id: str, **values: object) -> None:
        self._tx.execute(update(devices).where(devices.c.id == device_id).values(**values))

    def _note(self, device_id: str, actor: Actor, action: str, **detail: object) -> None:
        audit.record(self._tx, chain_of(device_id), actor, action, detail)

    def _code_hash(self, code: str) -> str:
        return self._tx.vault.mac("device-code", code)


def itself(device_id: str) -> Actor:
    """The terminal as whoever did something."""
    return Actor(ActorKind.SYSTEM, f"device:{device_id}")


def chain_of(device_id: str) -> str:
    return f"device:{device_id}"


def _new_code() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(CODE_LENGTH))


def _check(name: str, office: str, region: str, bridge: str | None) -> None:
    if not name.strip() or not office.strip():
        raise InvalidRequest("请写明终端的名称和所在网点。", fields=["name", "office"])
    if not (len(region) == 6 and region.isascii() and region.isdigit()):  # GB/T 2260
        raise InvalidRequest("区划代码应为6位数字。", field="region")
    if bridge is not None and not (bridge.startswith(_LOOPBACK) and bridge.rsplit(":", 1)[-1].isdigit()):
        raise InvalidRequest("外设桥接地址只能是本机，例如 http://127.0.0.1:8901。", field="bridge")


def _device(row: AnyRow) -> Device:
    return Device(
        row.id,
        row.name,
        row.office,
        row.region,
        row.bridge,
        row.made_at,
        row.enrolled_at,
        row.seen_at,
        DeviceState(row.state),
        row.state_since,
        Paper(row.paper),
        row.revoked_at,
    )
