"""What a supervisor asks of the desk in `bench.million`: every kind of page, look-up, claim and figure, over HTTP on one
connection; and how the same kinds are timed at two desks by turns.

By turns, because a machine is not as fast in one minute as in the next: asked one after the other, the two desks meet the same
neighbours, and what differs is theirs.
"""

import random
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import psycopg
import requests

from bench import loader
from bench.progress import Say
from bench.tables import Spread, spread

TIMES = 120
"""So often each kind is timed at each desk."""
LIKE = 60
"""Addresses of a kind at most."""
WARM, ADDRESSES = 14, 4
"""A statement is prepared when it has been asked five times, and planned for good at its eleventh: so often each of the first
few addresses of a kind is asked before it counts, and all of them once."""


@dataclass(frozen=True)
class Measured:
    what: str
    few: Spread
    many: Spread

    @property
    def times(self) -> float:
        """How much longer with many, by the median."""
        return self.many.median / self.few.median


def by_turns(few: "Desk", many: "Desk", say: Say, times: int = TIMES) -> list[Measured]:
    """Every kind, asked at both."""
    made = []
    for (what, asks), (_, also) in zip(few.kinds(), many.kinds(), strict=True):
        took = _timed((few, many), (list(asks()), list(also())), times)
        made.append(Measured(what, *took))
        say(f"  {what}: p50 {1000 * took[0].median:.1f} and {1000 * took[1].median:.1f} ms, {made[-1].times:.2f} times")
    return made


def _timed(desks: Sequence["Desk"], asks: Sequence[list["Ask"]], times: int) -> list[Spread]:
    """Who is asked first changes with every round."""
    for desk, wanted in zip(desks, asks, strict=True):
        for ask in [*wanted, *wanted[:ADDRESSES] * (WARM - 1)]:
            desk.ask(ask)
    took: list[list[float]] = [[] for _ in desks]
    for n in range(max(times, *map(len, asks))):
        for at in sorted(range(len(desks)), reverse=n % 2 == 1):
            took[at].append(desks[at].ask(asks[at][n % len(asks[at])]))
    return [spread(each) for each in took]


class Ask(NamedTuple):
    """`undo`: what takes it back, so that it can be asked again."""

    method: str
    path: str
    body: dict[str, Any] | None = None
    undo: str = ""


Kind = tuple[str, Callable[[], Sequence[Ask]]]


class Desk:
    """A supervisor who may do everything, and looks at everything."""

    def __init__(self, base: str, token: str, database: str) -> None:
        self._base, self._random = base, random.Random(loader.SEED)
        self._session = requests.Session()
        self._session.headers["X-API-Key"] = token
        self._database = psycopg.connect(database, autocommit=True)

    def ask(self, ask: Ask) -> float:
        """Seconds until the answer was there. Raises `RuntimeError` if it is a refusal."""
        began = time.perf_counter()
        self._send(ask.method, ask.path, ask.body)
        took = time.perf_counter() - began
        if ask.undo:
            self._send("POST", ask.undo, {})
        return took

    def _send(self, method: str, path: str, body: dict[str, Any] | None) -> None:
        said = None if body is None else {**body, "transaction_id": secrets.token_hex(8)}
        answer = self._session.request(method, self._base + path, json=said, timeout=120, allow_redirects=False)
        if answer.status_code >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text[:300]}")

    def kinds(self) -> Iterator[Kind]:
        """The same ones in the same order at every desk. What to ask is looked for when the kind's time has come."""
        queues = self._session.get(f"{self._base}/desk/api/queues", timeout=120).json()["queues"]
        names = [q["name"] if isinstance(q, dict) else q for q in queues]
        yield "counts of all queues", lambda: [_get("/desk/api/queues")]
        for name in names:
            yield f"queue {name}, JSON, three pages", lambda name=name: self._pages(f"/desk/api/queues/{name}")
            yield f"queue {name}, page", lambda name=name: [_get(f"/desk/queues/{name}")]
        yield "case in review, page", lambda: self._cases("in_review", "/desk/cases/{}")
        yield "case in review, JSON", lambda: self._cases("in_review", "/desk/api/cases/{}")
        yield "case delivered, page", lambda: self._cases("delivered", "/desk/cases/{}")
        yield "case's timeline", lambda: self._cases("delivered", "/desk/api/cases/{}/timeline")
        yield "claim", self._claims
        yield "departments' tasks", lambda: [_get(f"/desk/assignments?department={d}") for d in ("rsj", "gaj")]
        yield "board", lambda: [_get("/desk/board")]
        for what, column in self._looked_up().items():
            yield (
                f"look up by {what}",
                lambda column=column: [Ask("POST", "/desk/api/search", {"text": value}) for value in column],
            )
        yield "figures, JSON", lambda: [_get("/desk/api/stats")]
        yield "figures, page", lambda: [_get("/desk/statistics"), _get("/desk/statistics?rows=office")]
        for what, query in (
            ("this year", "start=2026-01-01"),
            ("most of a year", "start=2026-01-10&end=2026-10-20"),
            ("a region's kiosks", "region=440105&channel=kiosk"),
            ("an item since March", "item=440105-BENCH-0&start=2026-03-03"),
        ):
            yield f"figures of {what}", lambda query=query: [_get(f"/desk/api/stats?{query}")]
        for figure in ("cases", "first_pass", "overdue", "unsatisfied", "late", "orders_failed"):
            path = f"/desk/statistics/cases?figure={figure}"
            yield f"cases behind {figure}", lambda path=path: [_get(path), _get(f"{path}&item=440105-BENCH-0")]

    def _pages(self, path: str) -> list[Ask]:
        """The first three."""
        asks, cursor = [_get(path)], None
        for _ in range(2):
            cursor = self._session.get(self._base + asks[-1][1], timeout=120).json()["cursor"]
            if cursor is None:
                break
            asks.append(_get(f"{path}?cursor={cursor}"))
        return asks

    def _some(self, query: str, *values: Any) -> list[Any]:
        return [row[0] for row in self._database.execute(query, values)]

    def _cases(self, state: str, path: str) -> list[Ask]:
        numbers = self._some("SELECT number FROM cases WHERE state = %s AND NOT test LIMIT 4000", state)
        return [_get(path.format(no)) for no in self._random.sample(numbers, min(LIKE, len(numbers)))]

    def _claims(self) -> list[Ask]:
        free = "state = 'in_review' AND (claimed_until IS NULL OR claimed_until <= now()) AND NOT test"
        numbers = self._some(f"SELECT number FROM cases WHERE {free} LIMIT %s", LIKE)
        case = "/desk/api/cases"
        return [Ask("POST", f"{case}/{no}/claim", {}, undo=f"{case}/{no}/release") for no in numbers]

    def _looked_up(self) -> dict[str, list[str]]:
        people = [loader.person(self._random.randrange(300)) for _ in range(LIKE)]
        return {
            "number": self._some("SELECT number FROM cases LIMIT %s", LIKE),
            "identity number": [person.id_number for person in people],
            "phone": [person.phone for person in people],
            "waybill": self._some("SELECT waybill FROM bookings WHERE waybill IS NOT NULL LIMIT %s", LIKE),
        }


def _get(path: str) -> Ask:
    return Ask("GET", path)
