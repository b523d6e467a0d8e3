"""The town: the database on a turned clock, the web door, the worker and its sweeps, three couriers, and households.

Everything that happens has its moment on one clock; the town goes from moment to moment and waits for nothing. What the
program does is the program's own: pushes come in by the web door over HTTP, jobs are claimed and performed, the clock's
sweeps sweep, on a real database.
"""

import heapq
import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, select

from cases.effects import JobKind, Outcome
from cases.lifecycle import BookingState, LegState
from cases.model import CaseFile, CaseNumber, PersonId
from courier.ems.partner import EmsPartner
from courier.kuaidi100.partner import Kuaidi100Partner
from courier.port import Partner
from courier.settings import CourierSettings
from courier.sf.partner import SfPartner
from courier.windows import BEIJING
from storage.blobs import blobs_from
from storage.session import Database
from storage.tables import bookings, cases, jobs, legs
from storage.words import JobState
from tests.cases.world import MONDAY, World
from tests.courier.simulation import promises
from tests.courier.simulation.clocks import TurnedClock
from tests.courier.simulation.couriers import Courier, Happened, working
from tests.courier.simulation.door import Door
from tests.courier.simulation.household import Household, Rule
from tests.storage.kept import CLERK, RESIDENT, publish
from tests.workers.room import OFFICE
from workers import polls, sweeps
from workers.actors.registry import HANDLERS
from workers.context import Context, Messages, moment
from workers.jobs import perform

BODIES: Mapping[str, Any] = {"ems": EmsPartner, "sf": SfPartner, "kuaidi100": Kuaidi100Partner}
FAULTS = (
    "double:0.1,reorder:0.1,delay:0.1,drop:0.1,wrong_signature:0.05,truncate:0.03,"
    "timeout_before_accept:0.01,timeout_after_accept:0.03,5xx:0.03,5xx_after_accept:0.04,garbage_after_accept:0.02,"
    "reset_after_accept:0.02,unclear_after_accept:0.03,refuse:0.05,slow:0.05,stale_token:0.02,"
    "lost_parcel:0.05,false_pickup:0.08,no_show:0.05,pickup_fails:0.06,called_off:0.05,stuck:0.03,attempt_fails:0.06,"
    "left_with_other:0.08,in_locker:0.05,false_delivery:0.08,sent_back:0.06,new_code:0.06,cancelled_but_moving:0.5"
)
COURIERS_WORK = (
    JobKind.COURIER_BOOK,
    JobKind.COURIER_FIND,
    JobKind.COURIER_CANCEL,
    JobKind.COURIER_POLL,
    JobKind.COURIER_SUBSCRIBE,
    JobKind.INBOX_HANDLE,
)
"""What of the worker's work is done here; pages, notices and documents are not what this is about."""
QUANTUM = timedelta(minutes=10)
"""What is due so near is done at once."""
SETTLED = timedelta(days=3)
"""So long after the last word nothing more is expected, if the end is one."""
AT_MOST = timedelta(days=75)
_EACH = timedelta(hours=12)


@dataclass(eq=False)
class Broken(Exception):
    """What does not hold, where, and what was before."""

    seed: str
    number: str
    what: str
    story: str

    def __str__(self) -> str:
        return f"seed {self.seed}, case {self.number}: {self.what}\n{self.story}"


class Town:
    """`run` lives it to its end. `counted` says what happened."""

    def __init__(self, database: Database, couriers: Mapping[str, Courier], seed: str) -> None:
        self.seed, self.database, self.couriers = seed, database, couriers
        self.clock = TurnedClock(database, MONDAY)
        self.counted: Counter[str] = Counter()
        settings = CourierSettings("ems", {name: c.settings for name, c in couriers.items()})
        self.partners: dict[str, Partner] = {
            n: BODIES[n](s, lambda: self.clock.now) for n, s in settings.partners.items()
        }
        self.door = Door(database, settings, self.partners)
        self.context = Context(database, blobs_from(database.settings), self.partners, Messages(), OFFICE)
        self.households: dict[str, Household] = {}
        self._agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self._count = itertools.count()
        self._ids = itertools.count(1)
        self._sweep_at = MONDAY + timedelta(minutes=30)
        self._versions: dict[str, int] = {}
        self._files: dict[str, tuple[int, CaseFile]] = {}
        self._moved_at: dict[str, datetime] = {}
        self._said: set[tuple[str, str]] = set()
        self._shuffling = random.Random(f"{seed}: shuffling")

    @property
    def now(self) -> datetime:
        return self.clock.now

    def close(self) -> None:
        self.door.close()
        self.clock.close()

    # ── what people use ──

    def later(self, minutes: float, act: Callable[[], None], number: str) -> None:
        def told() -> None:
            with self._telling(number):
                act()

        heapq.heappush(self._agenda, (self.now + timedelta(minutes=minutes), next(self._count), told))

    def file(self, number: str) -> CaseFile:
        """Every change of a case counts up its version; what has not changed is not loaded again."""
        with self.database.reading() as tx:
            version = tx.execute(select(cases.c.version).where(cases.c.number == number)).scalar_one()
            kept = self._files.get(number)
            if kept is None or kept[0] != version:
                kept = self._files[number] = (version, tx.case_file(number))
        return kept[1]

    def decide(self, number: str, *rules: Rule) -> None:
        with self.database.transaction() as tx:
            for rule in rules:
                tx.apply(number, rule(tx.case_file(number, for_change=True), moment(tx, "tester")), actor=CLERK)

    def said(self, order: str, event: str) -> bool:
        return (order, event) in self._said

    # ── the whole life ──

    def run(self, count: int) -> None:
        """So many cases, opened within two days."""
        random.seed(self.seed)  # what the worker draws: how long it waits between tries
        item = publish(self.database)
        opens = random.Random(f"{self.seed}: opens")
        for n in range(1, count + 1):
            number = f"44010520260302{n:07d}"
            self.households[number] = Household(self, number, self.seed)
            self._open(World(item), number)
            self.later(opens.uniform(10, 2 * 24 * 60), self.households[number].visit, number)
        while not self._over():
            self._step(self._next())

    def _over(self) -> bool:
        return self.now > MONDAY + AT_MOST or all(h.over for h in self.households.values())

    def _open(self, world: World, number: str) -> None:
        """Up to the pre-audit that was passed, in one transaction."""
        applied: list[Outcome] = []
        opened = _Recorded(world, applied, self._ids)
        opened.file = replace(
            opened.file, case=replace(opened.file.case, number=CaseNumber(number), owner=PersonId(number))
        )
        case, materials = opened.file.case, opened.file.materials
        opened.to_passed()
        with self.database.transaction() as tx:
            tx.open_case(case, materials)
            tx.apply(number, tuple(e for outcome in applied for e in outcome), actor=RESIDENT)

    def _next(self) -> datetime:
        with self.database.reading() as tx:
            due: datetime | None = tx.execute(select(func.min(jobs.c.due_at)).where(_ours())).scalar_one()
        times: list[datetime | None] = [due, self._sweep_at, *(c.next for c in self.couriers.values())]
        times += [self._agenda[0][0]] if self._agenda else []
        first = max(self.now, min(t for t in times if t is not None))
        return first + (MONDAY - first) % QUANTUM

    def _step(self, at: datetime) -> None:
        self.clock.turn(at)
        for courier in self.couriers.values():
            if courier.next is not None and courier.next <= at:
                self._turn(courier)
        while self._agenda and self._agenda[0][0] <= at:
            heapq.heappop(self._agenda)[2]()
        if self._sweep_at <= at:
            self._sweep()
        self._work()
        self._look()

    def _turn(self, courier: Courier) -> None:
        for told in courier.turn(self.now):
            self._said.add((told.order, told.event))
            self.counted[f"{courier.name} says {told.event}"] += 1
            self._heard(courier.name, told)

    def _heard(self, partner: str, told: Happened) -> None:
        with self.database.reading() as tx:
            number, booking = tx.booking_by_order(partner, told.order)  # type: ignore[misc]
        self.households[number].happened(booking, told)

    # ── the worker ──

    def _work(self) -> None:
        while due := self._due():
            for courier in (c for c in self.couriers.values() if c.at < self.now):
                self._turn(courier)
            for job, kind, subject in due:
                ended = perform(self.context, HANDLERS[kind], job)
                self.counted[f"job {kind} {ended}"] += 1
                if kind is JobKind.COURIER_BOOK:
                    self._ordered(subject)
            for courier in self.couriers.values():  # they have got new things to do
                self._turn(courier)

    def _ordered(self, booking_id: str) -> None:
        with self.database.reading() as tx:
            number, booking = tx.booking(booking_id)
        self.households[number].ordered(booking)

    def _due(self) -> list[tuple[str, JobKind, str]]:
        due = select(jobs).where(_ours(), jobs.c.due_at <= self.now).order_by(jobs.c.due_at, jobs.c.seq)
        with self.database.reading() as tx:
            return [(r.id, JobKind(r.kind), r.subject) for r in tx.all(due)]

    def _sweep(self) -> None:
        swept = [polls.polls, sweeps.no_shows]
        if self.now.astimezone(BEIJING).hour % 12 == 0:
            swept += [sweeps.deadlines, sweeps.unanswered, sweeps.late_papers, sweeps.leases]
            self._settle()
        for sweep in swept:
            self.counted[f"swept {sweep.__name__}"] += sweep(self.database)
        self._sweep_at = self._next_sweep()

    def _next_sweep(self) -> datetime:
        """Some minutes after the windows that end by day, while anybody waits for a courier; else twice a day."""
        hour = self.now.replace(minute=0, second=0, microsecond=0)
        in_time = hour + _EACH - timedelta(hours=self.now.astimezone(BEIJING).hour % 12)
        waits = and_(bookings.c.state == BookingState.BOOKED, legs.c.state.in_([LegState.BOOKED, LegState.ASSIGNED]))
        anybody = select(bookings.c.id).join(legs, legs.c.id == bookings.c.leg_id).where(waits).limit(1)
        with self.database.reading() as tx:
            if tx.one(anybody) is None:
                return in_time
        soon = (hour + timedelta(hours=h, minutes=m) for h in range(12) for m in (6, 31))
        by_day = (t for t in soon if t > self.now and t.astimezone(BEIJING).hour in range(8, 23, 2))
        return min(in_time, next(by_day, in_time))

    # ── what holds ──

    def _look(self) -> None:
        """At every case that was touched."""
        with self.database.reading() as tx:
            versions = {r.number: r.version for r in tx.all(select(cases.c.number, cases.c.version))}
        for number in (n for n, v in versions.items() if v != self._versions.get(n)):
            self._moved_at[number] = self.now
            with self._telling(number), self.database.reading() as tx:
                case = promises.known(tx, number)
                self._files[number] = (versions[number], case.file)
                promises.check(case, self._shuffling)
        self._versions = versions

    def _settle(self) -> None:
        """A case is over when its legs have ended, or wait for a person who knows, and nothing came for days."""
        for number, household in self.households.items():
            if household.over or self.now - self._moved_at[number] < SETTLED:
                continue
            with self.database.reading() as tx:
                case = promises.known(tx, number)
            try:
                _ = [promises.end(case, leg) for leg in case.file.legs]
            except AssertionError:
                continue
            household.over = not _goes_on(case)

    def ends(self) -> Counter[str]:
        """Of every leg. Raises `Broken` for one that waits in silence."""
        found: Counter[str] = Counter()
        for number in self.households:
            with self._telling(number):
                with self.database.reading() as tx:
                    case = promises.known(tx, number)
                found.update(promises.end(case, leg) for leg in case.file.legs)
        return found

    @contextmanager
    def _telling(self, number: str) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            raise Broken(self.seed, number, f"{type(error).__name__}: {error}", self.story(number)) from error

    def story(self, number: str, lines: int = 60) -> str:
        with self.database.reading() as tx:
            told = tx.timeline(number)
        return "\n".join(f"{t.at:%m-%d %H:%M:%S} {t.action} {dict(t.detail)}" for t in told[-lines:])


class _Recorded(World):
    """A world whose outcomes are kept for the database."""

    def __init__(self, world: World, applied: list[Outcome], ids: "itertools.count[int]") -> None:
        self.__dict__.update(world.__dict__)
        self.ids, self._applied = ids, applied

    def apply(self, outcome: Outcome) -> "_Recorded":
        self._applied.append(outcome)
        super().apply(outcome)
        return self


def _ours() -> Any:
    return and_(jobs.c.state == JobState.QUEUED, jobs.c.kind.in_(COURIERS_WORK))


def _goes_on(case: promises.Known) -> bool:
    """The office still works on it: its second leg is to come."""
    last = case.file.legs[-1]
    return last.direction == "collection" and last.state is LegState.HANDED_OVER


@contextmanager
def town(database: Database, seed: str, faults: str = FAULTS) -> Iterator[Town]:
    """With its couriers at work. Some towns have an EMS as it is, which cannot be asked by order id."""
    drawn = random.Random(f"{seed}: town")
    own: dict[str, dict[str, str]] = {
        "ems": {"SANDBOX": "0"} if drawn.random() < 0.3 else {},
        "sf": {"PROOF": "oauth2"} if drawn.random() < 0.5 else {},
        "kuaidi100": {},
    }
    with ExitStack() as stack:
        couriers = {n: stack.enter_context(working(n, seed, MONDAY, faults, **own[n])) for n in own}
        made = Town(database, couriers, seed)
        stack.callback(made.close)
        for name, courier in couriers.items():
            courier.pushes_to(made.door.url(name))
        yield made
