"""A street: a handful of cases at a time, whoever works on them, one clock. `Street(seed).live(steps)`.

Everything that happens is drawn from the seed, each step from a luck of its own: the same seed lives the same life, and
a life with steps left out (`without`) still draws the same in the others. After each step every case that it touched is
looked at; what does not hold raises `Broken`, which says how to see it again.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import timedelta
from random import Random
from typing import Any

from cases.care import Step
from cases.consolidation import Pickup
from cases.deadlines import Calendar
from cases.effects import Enqueue, Outcome
from cases.errors import Refusal
from cases.lifecycle import CASE, CaseState
from cases.model import Case, CaseFile, Material
from cases.moment import Moment
from courier.vocabulary import CourierEvent
from tests.cases.world import CALENDAR, MONDAY
from tests.simulation import invariants
from tests.simulation.couriers import Couriers
from tests.simulation.items import BY_CODE
from tests.simulation.ledger import Care, Ledger, Refused
from tests.simulation.queue import Queue
from tests.simulation.rules import RULES, Rules
from tests.simulation.seen import Seen

AT_ONCE = 5
"""Cases under way in a street."""
RECENT = 12
"""So many of the newest cases somebody may still come back to."""
NOTHING = "nothing"
Deed = Callable[["Street", Ledger], object]


class Broken(Exception):
    """Something that must hold does not. `what`: the names, and what was done just before."""

    def __init__(self, seed: int, step: int, what: str, deed: str) -> None:
        self.seed, self.step, self.what, self.deed = seed, step, what, deed
        again = f"python -m tests.simulation --street {seed} --steps {step + 1}"
        super().__init__(f"street {seed}, step {step}: {what}, after {deed}. Again: {again}")


class Street:
    def __init__(self, seed: int, rules: Rules = RULES) -> None:
        self.seed, self.rules = seed, rules
        self.luck = Random(seed)
        self.at = MONDAY
        self.calendar: Calendar = CALENDAR
        self.seen = Seen()
        self.cases: dict[str, Ledger] = {}
        self.queue = Queue(self.luck)
        self.couriers = Couriers(self.luck)
        self.pickups: dict[str, Pickup] = {}
        self.told: dict[str, list[CourierEvent]] = {}
        """By order id: what the office knows of it."""
        self.now_at = 0
        self._before: dict[str, CaseFile | None] = {}
        self._deed = ""
        self._ids = 0

    # ── what people and machines do ──

    def moment(self, by: str = "system") -> Moment:
        return Moment(self.at, self.calendar, self.new_id, by)

    def new_id(self) -> str:
        self._ids += 1
        return f"{self.now_at:016x}{self._ids:016x}"

    def do(
        self, case: Ledger, name: str, *args: Any, by: str = "system", file: CaseFile | None = None, **more: Any
    ) -> bool:
        """One use-case, whole: its effects are carried out, or it refused. Whether it went through."""
        self._deed = name
        try:
            outcome = self.rules[name](file or case.file, *args, **more)
        except Refusal:
            self.seen.refused[name] += 1
            return False
        self.take(case, outcome, by)
        if outcome:
            self.seen.did[name] += 1
        return True

    def take(self, case: Ledger, outcome: Outcome, by: str = "system") -> None:
        self._before.setdefault(case.number, case.file)
        try:
            case.apply(outcome, self.at, by, self.seen)
        except Refused as error:
            raise self.broken(f"the database refuses: {error}") from error
        for job in case.jobs:
            self.queue.add(job, self.at)

    def care(self, case: Ledger, thing: Care, name: str, *args: Any) -> bool:
        """A step of a complaint, a rectification or a follow-up."""
        self._deed = name
        try:
            step: Step | None = self.rules[name](thing, *args)
        except Refusal:
            self.seen.refused[name] += 1
            return False
        if step is not None:
            self._before.setdefault(case.number, case.file)
            self.seen.did[name] += 1
            invariants.note_care(self.seen, thing, step)
            case.step(thing, step.to, step.values)
        return True

    def open(self, case: Case, materials: Iterable[Material]) -> Ledger:
        opened = Ledger(CaseFile(case, BY_CODE[case.item_code], tuple(materials)))
        self.cases[case.number] = opened
        self._before.setdefault(case.number, None)
        self.seen.cases += 1
        return opened

    def ring(self, job: Enqueue) -> None:
        self.queue.add(job, self.at)

    # ── living ──

    def live(self, steps: int, *, without: Collection[int] = ()) -> "Street":
        for number in range(steps):
            self.step(number, idle=number in without)
        return self

    def step(self, number: int, *, idle: bool = False) -> None:
        """`idle`: time goes on, and nobody does anything."""
        self.now_at, self._ids = number, 0
        self.luck.seed(self.seed * 1_000_003 + number)
        self.at += self._pause()
        if idle:
            return
        self._deed, self._before = NOTHING, {}
        try:
            _LIFE.next_of(self)(self)
        except (Broken, Refused):
            raise
        except Exception as error:  # a rule that falls over is found out like one that lies
            raise self.broken(f"{type(error).__name__}: {error}") from error
        self._look()

    def _pause(self) -> timedelta:
        """Mostly minutes; now and then a night, a week, or longer than anybody waits."""
        span = self.luck.choices((0, 1, 2, 3, 4), (52, 42, 5, 0.8, 0.2))[0]
        longest = (3, 90, 60 * 30, 60 * 24 * 6, 60 * 24 * 40)[span]
        return timedelta(minutes=self.luck.randint(0, longest))

    def _look(self) -> None:
        for number, before in self._before.items():
            after = self.cases[number]
            if wrong := invariants.broken(before, after):
                raise self.broken("；".join(wrong))

    def broken(self, what: str) -> Broken:
        return Broken(self.seed, self.now_at, what, self._deed)

    @property
    def acted(self) -> bool:
        """Whether anything was tried in this step."""
        return self._deed != NOTHING

    # ── who is there ──

    def under_way(self) -> list[Ledger]:
        return [c for c in self.cases.values() if is_under_way(c.file)]

    def any_case(self) -> Ledger | None:
        """Mostly one under way; now and then one that is over, because nobody forgets it."""
        live = self.under_way()
        chosen = live if live and self.luck.randrange(3) else list(self.cases.values())[-RECENT:]
        return self.luck.choice(chosen) if chosen else None

    def flip(self, one_in: int) -> bool:
        return self.luck.randrange(one_in) == 0


def is_under_way(file: CaseFile) -> bool:
    return file.case.state is not CaseState.DELIVERED and not CASE.is_final(file.case.state)


class Life:
    """What a step may be, each with how often; filled by the modules that know (`tests.simulation.life`)."""

    def __init__(self) -> None:
        self._kinds: list[Callable[[Street], object]] = []
        self._often: list[int] = []

    def add(self, often: int, kind: Callable[[Street], object]) -> None:
        self._kinds.append(kind)
        self._often.append(often)

    def next_of(self, street: Street) -> Callable[[Street], object]:
        return street.luck.choices(self._kinds, self._often)[0]


_LIFE = Life()
often = _LIFE.add
