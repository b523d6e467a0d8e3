"""Many residents at once, the desk, a department and a courier, each acting as soon as the database shows that it is its turn.

The database is looked at twice a second for all cases together: a load of a thousand telephones asking after their case
would measure the telephones.
"""

import random
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from time import monotonic

import psycopg
from PIL import Image

from tests.chaos.callers import Caller, NotTaken, Said
from tests.chaos.house import House
from tests.chaos.journeys import Case, Leg, Life, NotYet, Office, Seen, is_over, marked, next_step

SAMPLES = Path(__file__).parents[1] / "samples"
HANDS = 6
"""Threads that act."""
LOOK_S = 0.5
RETRY_S = 2.0
LIVES = {Life.READ: 0.7, Life.FETCHED: 0.27, Life.WHOLE: 0.03}
"""Shares. A booking with its pushes costs more than all that was before it."""
SPOILT_SHARE, PIECES_SHARE = 0.03, 0.1
CASES_EACH = 10
"""Of one resident who helps others: signing in is not what is tried here."""
SIDES = (1200, 1100, 1000)
"""Longest side of the good pictures."""


@dataclass
class Load:
    """Running, once started. `wrong`: what the service said that it never should have."""

    house: House
    cases: Sequence[Case]
    office: Office
    said: Said
    stopping: threading.Event
    spread_s: float
    """Over how many seconds the residents come."""
    seen: Mapping[str, Seen] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    steps: int = 0
    began: float = 0.0
    _busy: set[int] = field(default_factory=set)
    _rest: dict[int, float] = field(default_factory=dict)
    _over: set[int] = field(default_factory=set)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self.began = monotonic()
        self._thread = threading.Thread(target=self._run, name="load", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self.stopping.set()
        if self._thread is not None:
            self._thread.join(60)

    @property
    def over(self) -> int:
        return len(self._over)

    def go_on(self, life: Life) -> None:
        """What was over is not."""
        for case in self.cases:
            case.life = life
        self._over.clear()

    def unfinished(self) -> Iterator[tuple[Case, Seen]]:
        yield from ((c, self._of(c)) for c in self.cases if c.index not in self._over)

    def _of(self, case: Case) -> Seen:
        return self.seen.get(case.number, Seen("")) if case.number else Seen("")

    def _run(self) -> None:
        with ThreadPoolExecutor(HANDS, "hand") as hands:
            while not self.stopping.wait(LOOK_S):
                try:
                    self.seen, at = look(self.house.postgres.url), monotonic()
                except psycopg.Error:
                    continue
                for case in self._present():
                    self._consider(case, at, hands)

    def _present(self) -> Iterator[Case]:
        share = min(1.0, (monotonic() - self.began) / self.spread_s)
        yield from (c for c in self.cases[: int(share * len(self.cases)) + 1] if c.index not in self._over)

    def _consider(self, case: Case, at: float, hands: ThreadPoolExecutor) -> None:
        if case.index in self._busy or self._rest.get(case.index, 0.0) > at:
            return
        seen = self._of(case)
        if is_over(case, seen):
            self._over.add(case.index)
            return
        step = next_step(case, seen)
        if step is not None:
            self._busy.add(case.index)
            hands.submit(self._act, case, seen, step.do)

    def _act(self, case: Case, seen: Seen, do: "object") -> None:
        rest = LOOK_S
        try:
            assert callable(do)
            do(case, seen, self.office)
            self.steps += 1
        except NotYet:
            rest = RETRY_S
        except NotTaken as error:
            rest = RETRY_S
            # a look that was older than the case's state: the next one decides; whatever comes again and again is told
            if error.status not in (0, 409) and not self.stopping.is_set():
                self.wrong.append(str(error))
        except Exception as error:  # the edge of a thread: whatever it is, the run must say so
            self.wrong.append(f"{case.number or case.index}: {type(error).__name__}: {error}")
        finally:
            self._rest[case.index] = monotonic() + rest
            self._busy.discard(case.index)


def look(url: str) -> Mapping[str, Seen]:
    """Every case."""
    with psycopg.connect(url, connect_timeout=3, options="-c statement_timeout=8000") as connection:
        cases = connection.execute("SELECT number, state FROM cases").fetchall()
        legs = connection.execute(_LEGS).fetchall()
        opened = connection.execute("SELECT case_number, id FROM assignments WHERE state = 'open'").fetchall()
        rated = {row[0] for row in connection.execute("SELECT case_number FROM ratings").fetchall()}
    of_case: dict[str, dict[str, Leg]] = {}
    for number, direction, state, booking, waybill in legs:
        of_case.setdefault(number, {})[direction] = Leg(state, booking or "", waybill or "")
    assignments: dict[str, list[str]] = {}
    for number, identity in opened:
        assignments.setdefault(number, []).append(identity)
    return {n: Seen(s, of_case.get(n, {}), assignments.get(n, ()), n in rated) for n, s in cases}


_LEGS = """
SELECT l.case_number, l.direction, l.state, b.state, b.waybill FROM legs l
LEFT JOIN LATERAL (SELECT state, waybill FROM bookings WHERE leg_id = l.id ORDER BY seq DESC LIMIT 1) b ON true
"""


# ── who comes ──


def load(
    house: House, count: int, seed: int, spread_s: float, life: Life | None = None, *, good: Sequence[bytes] = ()
) -> Load:
    """The same for the same seed, but for the order in which threads get their turn. `life`: of every case. `good`:
    photographs that are taken; a few of one card, if none are given."""
    rnd, said, stopping = random.Random(f"load {seed}"), Said(), threading.Event()
    good, bad = good or pictures(), (SAMPLES / "id_front_blurred.jpg").read_bytes()

    def caller(name: str) -> Caller:
        return Caller(house.doors.web, said, stopping, random.Random(f"{name} {seed}"))

    residents = [caller(f"resident {n}") for n in range(-(-count // CASES_EACH))]
    for n, resident in enumerate(residents):
        token = resident.post("/api/v1/session", {"code": f"o-resident-{n}", "platform": "wechat"})["token"]
        resident.headers["Authorization"] = f"Bearer {token}"
    cases = [
        Case(
            index=seed * 10_000 + n,
            life=life or rnd.choices(list(LIVES), list(LIVES.values()))[0],
            resident=residents[n // CASES_EACH],
            picture=marked(good[n % len(good)], f"{seed}-{n}"),
            spoilt=marked(bad, f"{seed}-{n}") if rnd.random() < SPOILT_SHARE else None,
            in_pieces=rnd.random() < PIECES_SHARE,
            rnd=random.Random(f"case {seed} {n}"),
        )
        for n in range(count)
    ]
    desk, department = caller("desk"), caller("department")
    desk.headers["X-API-Key"], department.headers["X-API-Key"] = house.doors.keys["desk"], house.doors.keys["dept-rsj"]
    return Load(house, cases, Office(desk, department, house.doors), said, stopping, spread_s)


def pictures() -> list[bytes]:
    """A few photographs of one card: small, because every one of them is opened as often as there are residents."""
    with Image.open(SAMPLES / "id_front.jpg") as whole:
        return [_smaller(whole, side) for side in SIDES]


def _smaller(whole: Image.Image, side: int) -> bytes:
    copy, out = whole.convert("RGB"), BytesIO()
    copy.thumbnail((side, side))
    copy.save(out, "JPEG", quality=88)
    return out.getvalue()
