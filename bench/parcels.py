"""Booked legs by the thousand, and the pushes that carry their parcels: what `bench.follow` sends and waits for.

The legs are copies of one life that was really lived, up to the courier's order (`bench.loader`), so that a push finds a
whole case: pages, readings, papers on the manifest, figures. A parcel is sent its whole way, one push a step, and every
step moves the leg. Parcels of all steps are under way at any moment, as in an office's day.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from sqlalchemy import select

from bench import loader, templates
from cases.lifecycle import LegState
from cases.model import Direction
from storage.migrate import upgrade
from storage.session import Database, Transaction
from storage.settings import StorageSettings
from storage.tables import bookings, persons, sessions
from storage.tokens import SESSION_PREFIX, new_token, token_hash
from storage.vault import create_key_file
from storage.words import ActorKind
from tests import services
from tests.cases.world import ITEM, item

EVERY = timedelta(seconds=20)
"""Between two steps of a parcel, by the courier's own clock."""


@dataclass(frozen=True)
class Step:
    """What EMS pushes, and where the leg is then. `reason`: what the code says more."""

    code: str
    name: str
    to: LegState
    reason: tuple[str, str] | None = None


WAY = (
    Step("SBX101", "已派揽收员", LegState.ASSIGNED),
    Step("203", "已收寄", LegState.PICKED_UP),
    Step("389", "离开处理中心", LegState.IN_TRANSIT),
    Step("702", "投递员派件", LegState.OUT_FOR_DELIVERY),
    Step("705", "未妥投", LegState.EXCEPTION, ("attemptDeliveryCode", "1")),
    Step("702", "投递员派件", LegState.OUT_FOR_DELIVERY),
    Step("704", "收发室代收", LegState.DELIVERED, ("deliverCode", "60")),
)
"""Every push moves the leg. None says what cannot be taken back: EMS would be asked first, and its answer is not ours to
measure."""


@dataclass(frozen=True)
class Parcel:
    """`booked`: seconds since 1970, when the courier was asked. `token`: of the resident whose case it is, for some."""

    case: str
    leg: str
    order: str
    waybill: str
    booked: float
    token: str | None = None

    def at(self, step: int) -> float:
        """The courier's time of a step, seconds since 1970, whole as EMS prints it."""
        return float(int(self.booked) + (step + 1) * int(EVERY.total_seconds()))


def seats(parcels: int, wide: int) -> Iterator[tuple[int, int]]:
    """Parcel and step of one push after another. So many parcels are under way at a time, each in a seat; one that has
    arrived makes room for the next. The first go no further than to a step each of their own, so that all steps are
    under way soon."""
    under_way = deque((seat, 0, len(WAY) - seat % len(WAY)) for seat in range(min(wide, parcels)))
    following = len(under_way)
    while under_way:
        parcel, step, end = under_way.popleft()
        yield parcel, step
        if step + 1 < end:
            under_way.append((parcel, step + 1, end))
        elif following < parcels:
            under_way.append((following, 0, len(WAY)))
            following += 1


def enough(pushes: int, wide: int) -> int:
    """Parcels for so many pushes, with every seat taken to the end."""
    return -(-pushes // len(WAY)) + 2 * wide


# ── making ──────────────────────────────────────────────────────────────────────────────────────────────────────


def make(settings: StorageSettings, many: int, signed_in: int) -> list[Parcel]:
    """In a database that has no case yet. `signed_in`: for so many of them the resident has a session."""
    database = Database(settings)
    with database.transaction() as tx:
        tx.publish_item(ITEM, item())
        plan = loader.Plan(settings, many, tx.now(), _lived() * len(templates.LIVES), _items(), tx.calendar())
    loader.load(plan, lambda _line: None)
    with database.transaction() as tx:
        made = _parcels(tx, signed_in)
    database.dispose()
    return made


def _items() -> list[tuple[str, str, str]]:
    return [(ITEM["code"], ITEM["region"], ITEM["department"])]


def _lived() -> list[templates.Template]:
    """One life up to the courier's order."""
    with services.folder() as home:
        create_key_file(home / "keys")
        settings = StorageSettings(f"sqlite:///{home / 'db'}", f"dir:{home / 'blobs'}", home / "keys")
        upgrade(settings)
        database = Database(settings)
        try:
            return templates.make(database, "nobody-looks", {"collecting": (1, _booked)})
        finally:
            database.dispose()


def _booked(life: templates.Life) -> None:
    life.passed().hours(1).booked(Direction.COLLECTION)


def _parcels(tx: Transaction, signed_in: int) -> list[Parcel]:
    rows = tx.all(select(bookings).order_by(bookings.c.seq))
    owners = {row.number: row.owner for row in tx.all(_OWNERS)}
    looking = [row.case_number for row in rows[:: max(1, len(rows) // signed_in)]]
    tokens = {owner: _signed_in(tx, owner) for owner in dict.fromkeys(owners[case] for case in looking)}
    looks = {case: tokens[owners[case]] for case in looking}
    return [
        Parcel(row.case_number, row.leg_id, row.order_id, row.waybill, row.requested_at.timestamp(), looks.get(row.case_number))
        for row in rows
    ]  # fmt: skip


_OWNERS = select(loader.metadata.tables["cases"].c.number, loader.metadata.tables["cases"].c.owner)


def _signed_in(tx: Transaction, person: str) -> str:
    token, now = new_token(SESSION_PREFIX), tx.now()
    index = tx.vault.blind("platform:embedded", person)
    user = tx.seal(persons, "platform_user", person, person)
    tx.execute(
        persons.insert().values(
            id=person, platform="embedded", platform_user_index=index, platform_user=user, first_seen_at=now
        )
    )
    tx.execute(
        sessions.insert().values(
            token_hash=token_hash(tx.vault, token), kind=ActorKind.RESIDENT, holder=person, made_at=now, seen_at=now,
            ends_at=now.replace(year=now.year + 1),
        )
    )  # fmt: skip
    return token


def way_of(parcels: Sequence[Parcel], wide: int, pushes: int) -> list[tuple[Parcel, int]]:
    """The first so many pushes, in order."""
    return [(parcels[p], step) for p, step in islice(seats(len(parcels), wide), pushes)]
