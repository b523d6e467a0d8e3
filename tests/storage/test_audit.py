"""The audit chain shows every change, every cut and every rebuilding."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from storage import audit
from storage.actors import Actor
from storage.session import Database, Transaction

SYSTEM = Actor("system", "clock")
REMOVE_TRIGGERS = {
    "sqlite": ["DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete"],
    "postgresql": ["ALTER TABLE audit DISABLE TRIGGER ALL"],
}


def write(database: Database, chain: str, *actions: str) -> None:
    for action in actions:
        with database.transaction() as tx:
            tx.record(chain, SYSTEM, action, {"n": 1, "名": "值", "part": 0.5})


def tamper(database: Database, *statements: str) -> None:
    """As the owner of the tables could."""
    with database.transaction() as tx:
        for statement in (*REMOVE_TRIGGERS[database.engine.dialect.name], *statements):
            tx.execute(text(statement))


def verify(database: Database, chain: str | None = None) -> audit.BadRow | None:
    with database.reading() as tx:
        return audit.verify(tx, chain)


def test_an_untouched_chain_verifies(database: Database) -> None:
    write(database, "a", "opened", "moved", "closed")
    write(database, "b", "opened")
    assert verify(database) is None
    assert verify(database, "a") is None
    with database.reading() as tx:
        assert [line.action for line in audit.lines(tx, "a")] == ["opened", "moved", "closed"]


@pytest.mark.parametrize(
    "change",
    [
        "action = 'other'",
        "detail = '{}'",
        "actor = 'somebody'",
        "on_behalf_of = 'somebody'",
        "at = '2020-01-01 00:00:00.000000'",
        "hash = 'ff'",
        "previous = 'ff'",
    ],
)
def test_a_line_that_was_changed_is_found(database: Database, change: str) -> None:
    write(database, "a", "opened", "moved", "closed")
    tamper(database, f"UPDATE audit SET {change} WHERE chain = 'a' AND position = 2")
    bad = verify(database)
    assert bad is not None
    assert (bad.chain, bad.position) == ("a", 2)


@pytest.mark.parametrize(("position", "shown_at"), [(1, 2), (2, 3), (3, 2)])
def test_a_line_that_was_taken_out_is_found(database: Database, position: int, shown_at: int) -> None:
    write(database, "a", "opened", "moved", "closed")
    tamper(database, f"DELETE FROM audit WHERE position = {position}")
    bad = verify(database, "a")
    assert bad is not None
    assert bad.position == shown_at


def test_a_chain_whose_tail_was_cut_with_its_head_is_found_by_the_anchor(database: Database) -> None:
    write(database, "a", "opened", "moved")
    with database.transaction() as tx:
        anchored = audit.anchor(tx)
    assert anchored is not None
    cut = "UPDATE audit_heads SET position = 1, hash = (SELECT hash FROM audit WHERE chain = 'a' AND position = 1)"
    tamper(database, "DELETE FROM audit WHERE position = 2", cut)
    bad = verify(database)
    assert bad is not None
    assert "anchor" in bad.what


def test_a_chain_that_was_rebuilt_is_found_by_the_anchor(database: Database) -> None:
    write(database, "a", "opened", "moved")
    with database.transaction() as tx:
        audit.anchor(tx)
    tamper(database, "DELETE FROM audit", "DELETE FROM audit_heads")
    write(database, "a", "opened", "other")
    bad = verify(database)
    assert bad is not None
    assert "rebuilt" in bad.what


def test_an_anchor_holds_only_the_heads_that_moved(database: Database) -> None:
    write(database, "a", "opened")
    with database.transaction() as tx:
        first = audit.anchor(tx)
        assert audit.anchor(tx) is None
    write(database, "b", "opened")
    with database.transaction() as tx:
        second = audit.anchor(tx)
    assert first is not None
    assert second is not None
    assert (set(first.heads), set(second.heads)) == ({"a"}, {"b"})
    assert verify(database) is None


def test_a_line_and_its_change_are_kept_or_lost_together(database: Database) -> None:
    def fail(tx: Transaction) -> None:
        tx.record("a", SYSTEM, "moved")
        raise RuntimeError

    _raises(database, fail)
    assert verify(database) is None
    with database.reading() as tx:
        assert audit.lines(tx, "a") == []


def _raises(database: Database, act: Callable[[Transaction], None]) -> None:
    with pytest.raises(RuntimeError), database.transaction() as tx:
        act(tx)
