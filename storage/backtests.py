"""What a draft would have judged differently: asked for, under way, done. What was found is sealed: it says what stands on
people's papers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from cases.drafting import Draft
from cases.effects import Enqueue, JobKind
from cases.errors import NotFound
from storage import audit
from storage.actors import Actor
from storage.draft_tables import item_backtests
from storage.ids import new_id
from storage.jobs import add_job
from storage.unit import AnyRow, Unit
from storage.words import BacktestState


@dataclass(frozen=True)
class Backtest:
    """`revision`: of the draft. `total`: cases that are looked at, of at most `most`; `changed`: verdicts that would be
    others."""

    id: str
    draft: str
    code: str
    revision: int
    state: BacktestState
    most: int
    total: int
    done: int
    changed: int
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None


class Backtests:
    def __init__(self, tx: Unit) -> None:
        self._tx = tx

    def ask(self, draft: Draft, most: int, actor: Actor) -> Backtest:
        made = new_id()
        values = {
            "id": made, "draft": draft.id, "code": draft.code, "revision": draft.revision,
            "state": BacktestState.WAITING, "most": most, "total": 0, "done": 0, "changed": 0,
            "asked_by": actor.id, "asked_at": self._tx.now(),
        }  # fmt: skip
        self._tx.insert_new(item_backtests, values)
        detail = {"draft": draft.id, "revision": draft.revision, "most": most}
        audit.record(self._tx, f"item:{draft.code}", actor, "item_backtest_asked", detail)
        add_job(self._tx, Enqueue(JobKind.ITEM_BACKTEST, made, f"item.backtest:{made}"))
        return self.backtest(made)

    def backtest(self, backtest_id: str) -> Backtest:
        """Raises `NotFound`."""
        row = self._tx.one(select(item_backtests).where(item_backtests.c.id == backtest_id))
        if row is None:
            raise NotFound("没有找到这次回测。")
        return _backtest(row)

    def latest(self, draft_id: str) -> Backtest | None:
        wanted = select(item_backtests).where(item_backtests.c.draft == draft_id)
        row = self._tx.one(wanted.order_by(item_backtests.c.seq.desc()).limit(1))
        return None if row is None else _backtest(row)

    def progress(self, backtest_id: str, total: int, done: int, changed: int) -> None:
        self._set(backtest_id, state=BacktestState.RUNNING, total=total, done=done, changed=changed)

    def finish(self, backtest_id: str, total: int, changes: Sequence[Any]) -> None:
        sealed = self._tx.seal(item_backtests, "changes", backtest_id, list(changes))
        self._set(
            backtest_id, state=BacktestState.DONE, total=total, done=total, changed=len(changes), changes=sealed,
            ended_at=self._tx.now(),
        )  # fmt: skip

    def fail(self, backtest_id: str) -> None:
        self._set(backtest_id, state=BacktestState.FAILED, ended_at=self._tx.now())

    def changes(self, backtest_id: str) -> list[Any]:
        """As they were given; none before it is done."""
        row = self._tx.one(select(item_backtests.c.changes).where(item_backtests.c.id == backtest_id))
        if row is None or row.changes is None:
            return []
        return list(self._tx.unseal(item_backtests, "changes", backtest_id, row.changes))

    def _set(self, backtest_id: str, **values: Any) -> None:
        self._tx.execute(update(item_backtests).where(item_backtests.c.id == backtest_id).values(**values))


def _backtest(row: AnyRow) -> Backtest:
    return Backtest(
        row.id, row.draft, row.code, row.revision, BacktestState(row.state), row.most, row.total, row.done, row.changed,
        row.asked_by, row.asked_at, row.ended_at,
    )  # fmt: skip
