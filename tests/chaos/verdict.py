"""What must be so when the dust has settled. Every question gives the list of what is wrong; empty is good.

    lost      an answer of 2xx without its row; a case, page, push, order, message or news that went nowhere; a picture gone
    doubled   an effect that happened twice: an order at the partner, a leg that is booked twice, a reading, a document,
              a job's result
    untrue    a case that is not where its history says; a chain of the record that does not fit; an invariant broken
    left      work that nobody will do; messages in the broker's dead-letter queue; processes

A message on the platform, which takes no key of ours, is sent again where its worker died before it could write down that
it was sent: that is counted apart (`told_again`), and is wrong only if nobody died, that is, if it was sent more often
than it was tried.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import psycopg

from storage import audit
from storage.blobs import BlobDamaged, BlobMissing, Blobs, blobs_from
from storage.session import Database
from storage.settings import StorageSettings
from tests.chaos.callers import Said, Written
from tests.chaos.house import House
from workers.invariants import broken
from workers.replay import replay

SHOWN = 5
BLOB_COLUMNS = ["blob", "picture", "photo", "proof"]
OPENED = 60
"""Pictures that are opened; of all others it is asked whether they are there."""


@dataclass(frozen=True)
class Verdict:
    cases: int
    written: int
    """Writes that were answered with 2xx."""
    lost: Sequence[str] = ()
    doubled: Sequence[str] = ()
    untrue: Sequence[str] = ()
    left: Sequence[str] = ()
    told_again: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        return not (self.lost or self.doubled or self.untrue or self.left)

    def lines(self, shown: int = SHOWN) -> Iterator[str]:
        for name in ("lost", "doubled", "untrue", "left"):
            wrong: Sequence[str] = getattr(self, name)
            yield f"{name}: {len(wrong)}" + "".join(f"\n    {each}" for each in wrong[:shown])

    def everything(self) -> Iterator[str]:
        return self.lines(1_000_000)


class Looked:
    """The database, by SQL."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True)

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql, values).fetchall()

    def column(self, sql: str, *values: Any) -> set[str]:
        return {str(row[0]) for row in self.rows(sql, *values)}

    def close(self) -> None:
        self._connection.close()


def judge(
    house: House,
    said: Said,
    numbers: Sequence[str],
    database: str = "postgres",
    before: Mapping[str, int] = MappingProxyType({}),
) -> Verdict:
    """`numbers`: the cases whose residents heard a number. `before`: tries of jobs until a person released them, by subject.
    The service may still run; nobody may be asking it anything."""
    ledger, orders = house.town("ledger"), house.courier("orders")
    pushes = house.courier("pushes")
    with closing(Looked(house.postgres.at(database))) as db:
        again, message_faults = messages(db, ledger["messages"], before)
        lost = [
            *answers(db, said.written),
            *orders_lost(db, orders),
            *pushes_lost(db, pushes),
            *news_lost(db, ledger["news"]),
        ]
        lost += [*(f"case {n}: no row" for n in set(numbers) - db.column("SELECT number FROM cases")), *said.differing]
        lost += [m for m in message_faults if "never" in m] + pictures(db, blobs_from(house.settings))
        doubled = [*orders_doubled(db, orders), *rows_doubled(db), *(m for m in message_faults if "never" not in m)]
        left = [*work_left(db), *dead_letters(house)]
        counts = counted(db, orders, ledger, pushes)
    untrue = [*histories(house.settings_of(database)), *said.faults]
    return Verdict(len(numbers), len(said.written), lost, doubled, untrue, left, again, counts)


# ── lost ──


def answers(db: Looked, written: Iterable[Written]) -> Iterator[str]:
    """Every 2xx is remembered, in the transaction of what it answered; and what it named is there."""
    kept = db.column("SELECT transaction_id FROM answers")
    pages, bookings = db.column("SELECT id FROM pages"), db.column("SELECT id FROM bookings")
    gone = db.column("SELECT id FROM pages WHERE state = 'removed'")
    for w in written:
        if w.transaction_id not in kept:
            yield f"{w.what} was answered and is not remembered"
        if w.what.endswith(("/pages", "/complete")) and w.answer["id"] not in pages:
            yield f"{w.what}: page {w.answer['id']} has no row"
        if w.what.startswith("DELETE ") and (page := w.what.rpartition("/")[2]) not in gone:
            yield f"{w.what}: page {page} is still there"
        if w.what.endswith("/bookings") and w.answer["id"] not in bookings:
            yield f"{w.what}: booking {w.answer['id']} has no row"


def orders_lost(db: Looked, orders: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """What is booked here, the partner has; what the partner has, is booked here."""
    theirs = {o["order_no"]: o for o in orders if o["status"] != "cancelled"}
    ours = {row[0]: (row[1], row[2]) for row in db.rows("SELECT order_id, state, waybill FROM bookings")}
    for order, (state, waybill) in ours.items():
        if state in ("booked", "done") and theirs.get(order, {}).get("waybill") != waybill:
            yield f"order {order} is booked here as {waybill}, the partner has {theirs.get(order, {}).get('waybill')}"
        if state in ("requested", "unknown"):
            yield f"order {order} is {state}: nobody knows whether a courier comes"
    for order in theirs:
        if ours.get(order, ("none", ""))[0] not in ("booked", "done", "cancelled"):
            yield f"the partner carries {order}, which is {ours.get(order, ('not ours', ''))[0]} here"


def pushes_lost(db: Looked, pushes: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """A push that was taken is kept, and was handled; as many different ones as were taken."""
    taken = {p["serial"] for p in pushes if p["outcome"] == "taken"}
    kept = {key.split(":")[0] for key in db.column("SELECT external_key FROM inbox")}
    yield from (f"push {serial} was taken and is not there" for serial in taken - kept)
    yield from (f"push {key} is {state}: {error}" for key, state, error in db.rows(_UNHANDLED))


_UNHANDLED = "SELECT external_key, state, error FROM inbox WHERE state <> 'handled'"


def news_lost(db: Looked, news: Iterable[str]) -> Iterator[str]:
    """What counts as delivered was heard; what was not delivered waits for its next try."""
    heard = set(news)
    sql = "SELECT m.id, d.state, d.id FROM outgoing_deliveries d JOIN outgoing_messages m ON m.id = d.message"
    waiting = db.column("SELECT subject FROM jobs WHERE kind = 'webhook.send' AND state IN ('queued', 'running')")
    for message, state, delivery in db.rows(sql):
        if state == "delivered" and message not in heard:
            yield f"news {message} counts as delivered and was never heard"
        if state not in ("delivered", "waiting") or (state == "waiting" and delivery not in waiting):
            yield f"news {message} is {state}, and nobody sends it"


def pictures(db: Looked, blobs: Blobs) -> list[str]:
    """Every blob that a row names is there; some are opened."""
    columns = db.rows(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' "
        "AND character_maximum_length = 128 AND column_name = ANY(%s)", BLOB_COLUMNS
    )  # fmt: skip
    named = {key for t, c in columns for key in db.column(f'SELECT DISTINCT "{c}" FROM "{t}" WHERE "{c}" IS NOT NULL')}
    missing = [f"picture {key} is named and is not there" for key in named - set(blobs.all_keys())]
    return missing + [wrong for key in sorted(named)[:OPENED] if (wrong := _unopened(blobs, key))]


def _unopened(blobs: Blobs, key: str) -> str | None:
    try:
        blobs.get(key)
    except (BlobMissing, BlobDamaged) as error:
        return f"picture {key}: {error}"
    return None


# ── doubled ──


def orders_doubled(db: Looked, orders: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    each = Counter(o["order_no"] for o in orders)
    yield from (f"the partner has order {order} {n} times" for order, n in each.items() if n > 1)
    live = (
        "SELECT leg_id FROM bookings WHERE state IN ('requested', 'booked', 'unknown') GROUP BY 1 HAVING count(*) > 1"
    )
    yield from (f"leg {leg} has two couriers" for leg in db.column(live))


_ONCE = {
    "pages of one upload": "SELECT sha256 FROM pages WHERE state <> 'removed' GROUP BY sha256, case_number HAVING count(*) > 1",
    "numbers of documents": "SELECT number FROM documents WHERE number IS NOT NULL GROUP BY 1 HAVING count(*) > 1",
    "documents of a kind": "SELECT case_number || kind FROM documents WHERE kind NOT IN ('correction', 'collection_receipt') "
    "GROUP BY case_number, kind HAVING count(*) > 1",
    "assignments": "SELECT case_number || key FROM assignments GROUP BY case_number, key HAVING count(*) > 1",
    "legs": "SELECT case_number || direction FROM legs GROUP BY case_number, direction HAVING count(*) > 1",
    "transitions": "SELECT chain || action FROM audit WHERE action IN ('case_pass', 'case_receive', 'case_accept', 'case_route', "
    "'case_approve', 'case_conclude', 'case_hand_over') GROUP BY chain, action HAVING count(*) > 1",
    "identity numbers": "SELECT id_number_index FROM cases GROUP BY 1 HAVING count(*) > 1",
}


def rows_doubled(db: Looked) -> Iterator[str]:
    for what, sql in _ONCE.items():
        yield from (f"{what}: {value} twice" for value in db.column(sql))


def messages(db: Looked, sent: Iterable[Mapping[str, str]], before: Mapping[str, int]) -> tuple[int, list[str]]:
    """How many were told again; and what is wrong. A notice that was sent was heard; and no more often than was tried."""
    heard = Counter((m["case"], m["template"].removeprefix("T-")) for m in sent)
    rows = db.rows(
        "SELECT n.case_number, n.template, n.state, n.channel, (SELECT coalesce(sum(attempts), 0) FROM jobs j "
        "WHERE j.kind = 'notice.send' AND j.subject = n.id), n.id FROM notices n"
    )
    wanted: Counter[tuple[str, str]] = Counter()
    tried: Counter[tuple[str, str]] = Counter()
    wrong = []
    for number, template, state, channel, attempts, notice in rows:
        if state == "sent" and channel == "platform":
            wanted[number, template] += 1
        tried[number, template] += int(attempts) + before.get(notice, 0)
        if state in ("created", "sending"):
            wrong.append(f"notice {template} of {number} is {state}: it was never sent")
    wrong += [f"notice {k[1]} of {k[0]} counts as sent and was never heard" for k, n in wanted.items() if heard[k] < n]
    wrong += [
        f"message {k[1]} of {k[0]} went out {n} times in {tried[k]} tries" for k, n in heard.items() if n > tried[k]
    ]
    return sum(max(0, n - wanted[k]) for k, n in heard.items()), wrong


# ── untrue ──


def histories(settings: StorageSettings) -> Iterator[str]:
    """Each case told again from its record; the rules that hold of every case; the chains of the record."""
    database = Database(settings)
    try:
        with database.reading() as tx:
            if bad := audit.verify(tx):
                yield f"the record: {bad.chain}, line {bad.position} {bad.what}"
        with database.reading() as tx:
            numbers = [row.number for row in tx.connection.exec_driver_sql("SELECT number FROM cases ORDER BY number")]
        for number in numbers:
            with database.reading() as tx:
                file = tx.case_file(number)
                yield from (f"{number}: {d}" for d in replay(tx.timeline(number), file).differences)
                yield from (f"{number}: {name} does not hold" for name in broken(file))
    finally:
        database.dispose()


# ── left ──


def work_left(db: Looked) -> Iterator[str]:
    sql = "SELECT kind, state, subject, attempts, coalesce(error, '') FROM jobs WHERE state IN ('running', 'quarantined') "
    sql += "OR (state = 'queued' AND due_at <= now())"
    for kind, state, subject, attempts, error in db.rows(sql):
        yield f"job {kind} of {subject} is {state} after {attempts} tries: {error}"


def dead_letters(house: House) -> Iterator[str]:
    with closing(house.redis.client()) as client:
        keys = [key.decode() for key in client.scan_iter("*.XQ")]
        yield from (f"{key}: {n} dead letters" for key in keys if (n := int(client.zcard(key))))


def counted(db: Looked, orders: Sequence[Any], ledger: Mapping[str, Any], pushes: Sequence[Any]) -> Mapping[str, int]:
    one = {
        "pages": "SELECT count(*) FROM pages",
        "jobs": "SELECT count(*) FROM jobs",
        "tries": "SELECT sum(attempts) FROM jobs",
        "leases that ran out": "SELECT sum(expired_leases) FROM jobs",
        "lines of the record": "SELECT count(*) FROM audit",
    }
    found = {name: int(db.rows(sql)[0][0] or 0) for name, sql in one.items()}
    outside = {"orders": orders, "pushes sent": pushes, "messages": ledger["messages"], "news": ledger["news"]}
    return found | {name: len(each) for name, each in outside.items()}
