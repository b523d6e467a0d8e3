"""Group commit at the courier's door: what waits together is kept together, and nobody suffers for a neighbour."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from storage.inbox import Arrival
from storage.session import Database
from storage.settings import StorageSettings
from storage.words import InboxState
from web.hooks.keeping import BATCH_MAX, Keeper, NotKept


def _arrival(key: str) -> Arrival:
    return Arrival("ems", key, b"{}", {"content-type": "text/plain"}, verified=True)


def _keeping(database: Database, use: Callable[[Keeper], Coroutine[Any, Any, Any]]) -> Any:
    keeper = Keeper(database)
    try:
        return asyncio.run(use(keeper))
    finally:
        keeper.close()


def _kept(database: Database) -> int:
    with database.reading() as tx:
        return tx.inbox.counts()[InboxState.NEW]


def test_pushes_that_come_together_are_all_kept_and_each_is_told_whether_it_was_new(database: Database) -> None:
    async def use(keeper: Keeper) -> list[bool]:
        first = await asyncio.gather(*(keeper.keep(_arrival(str(n))) for n in range(BATCH_MAX + 50)))
        return first + await asyncio.gather(*(keeper.keep(_arrival(str(n))) for n in range(3)))

    told = _keeping(database, use)
    assert told == [True] * (BATCH_MAX + 50) + [False] * 3
    assert _kept(database) == BATCH_MAX + 50


def test_a_push_the_database_refuses_takes_no_neighbour_with_it(postgresql_database: Database) -> None:
    async def use(keeper: Keeper) -> list[Any]:
        keys = ["a", "x" * 200, "b"]  # longer than the column: an error of ours that only this one meets
        return await asyncio.gather(*(keeper.keep(_arrival(k)) for k in keys), return_exceptions=True)

    first, refused, last = _keeping(postgresql_database, use)
    assert (first, last) == (True, True)
    assert isinstance(refused, Exception)
    assert not isinstance(refused, NotKept)
    assert _kept(postgresql_database) == 2


def test_with_the_database_away_nobody_is_told_that_his_push_was_kept(tmp_path: Path, key_file: Path) -> None:
    nowhere = StorageSettings("postgresql+psycopg://nobody@127.0.0.1:1/none", f"dir:{tmp_path}", key_file)
    away = Database(nowhere)
    with pytest.raises(NotKept):
        _keeping(away, lambda keeper: keeper.keep(_arrival("a")))
    away.dispose()


def test_a_sender_who_leaves_before_his_answer_holds_up_nobody(plain_database: Database) -> None:
    async def use(keeper: Keeper) -> bool:
        left = asyncio.ensure_future(keeper.keep(_arrival("left")))
        await asyncio.sleep(0)
        left.cancel()
        return await keeper.keep(_arrival("stays"))

    assert _keeping(plain_database, use) is True
    assert _kept(plain_database) == 2


def test_a_keeper_serves_one_event_loop_after_another(plain_database: Database) -> None:
    keeper = Keeper(plain_database)
    assert [asyncio.run(keeper.keep(_arrival(k))) for k in ("a", "b", "a")] == [True, True, False]
    keeper.close()
